"""Tests what the code never does, by reading its source: each would open a way that no test of a page would see."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engage.config import ROOT

CODE = sorted(Path(ROOT, "engage").rglob("*.py"))
TEMPLATES = sorted(path for path in Path(ROOT, "templates").rglob("*") if path.is_file())
# A mail's own style: mail programs read no style sheet of ours.
OF_A_MAIL = {"digest.html", "by_mail.html"}
# A mail's own *unsubscribe*, and what a mail asks about an action: a link of 256 bits takes the token's place.
WITHOUT_TOKEN = {
    "assessment/offline/routes.py",
    "messages/account/routes.py",
    "messages/action_links/routes.py",
}
# Statements that are put together from words of the code alone.
OWN_WORDS = {
    "assessment/models.py",
    "database.py",
    "operations/admin/health.py",
    "partners/organizations/queries.py",
    "plan/models.py",
    "plan/overview/queries.py",
    "search/index.py",
    "search/queries.py",
}
SQL_AS_TEXT = {"text", "literal_column", "exec_driver_sql", "unique_while"}
TEMPLATE_FROM_TEXT = {"render_template_string", "from_string", "stream_template_string"}


def calls(path: Path, names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    """Yields (what is called, the call) of the file for these names; `a.b()` is called b."""
    text = path.read_text()
    if not any(name in text for name in names):
        return  # walking all of the code takes a second
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in names:
                yield name, node


def place(path: Path) -> str:
    return path.relative_to(Path(ROOT, "engage")).as_posix()


def puts_sql_together(name: str, call: ast.Call) -> bool:
    if name == "text" and ast.unparse(call.func) != "sa.text":
        return False  # a function of ours by that name
    return not all(isinstance(given, ast.Constant) for given in call.args)


def test_no_statement_is_put_together_from_what_came_in() -> None:
    found = {
        place(path)
        for path in CODE
        for name, call in calls(path, SQL_AS_TEXT)
        if puts_sql_together(name, call)
    }
    assert found == OWN_WORDS


# Accounts and coalitions themselves are in none; the others are joined to what was already looked up inside one.
JOINED_BY_ID_ALONE = {
    "Coalition",
    "User",
    "_states",
    "decided",
    "came",
    "items",
    "matched",
    "page",
    "ranked",
    "responses",
    "span",
}


def joins_by_id_alone(path: Path) -> Iterator[str]:
    """Yields each condition `A.id == B.some_id` of a join that does not use `along` with the key."""
    for _name, call in calls(path, {"join", "outerjoin"}):
        for each in (node for given in call.args[1:] for node in ast.walk(given)):
            if isinstance(each, ast.Compare) and isinstance(each.ops[0], ast.Eq):
                sides = [side for side in (each.left, *each.comparators) if isinstance(side, ast.Attribute)]
                ids = {side.attr for side in sides}
                of = {ast.unparse(side.value).removesuffix(".c") for side in sides}
                if len(sides) == 2 and "id" in ids and not of & JOINED_BY_ID_ALONE:
                    yield f"{place(path)}: {ast.unparse(each)}"


def test_a_join_between_a_coalitions_rows_goes_along_their_key() -> None:
    """By the id alone PostgreSQL read everyone's people, organizations and plans to show one coalition's."""
    assert [found for path in CODE for found in joins_by_id_alone(path)] == []


def test_no_template_is_made_of_text() -> None:
    found = [f"{place(path)}: {name}" for path in CODE for name, _call in calls(path, TEMPLATE_FROM_TEXT)]
    assert found == []


def test_every_post_but_those_that_carry_a_secret_of_their_own_asks_for_its_token() -> None:
    assert {place(path) for path in CODE if "csrf.exempt" in path.read_text()} == WITHOUT_TOKEN


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\|\s*safe\b", "writes what people typed as markup"),
        (r"autoescape", "says for itself what is escaped"),
        (r"\s[\w-]+=\{\{", "an attribute without quotes ends at the first space"),
        (r"\b_\(\s*[A-Za-z]", "a text that is not ours would be taken for the catalog's"),
        (r"\{%-?\s*trans\b", "a second way to translate"),
        (r"\bhx-on|\bhx-(vals|headers)=.(?:js:|javascript:|[^>]*\{\{)", "htmx would evaluate it"),
        (
            r"<script(?![^>]*\bsrc=)|<style\b|<[a-z][^>%]*\s(style|on[a-z]+)=['\"]",
            "the content policy refuses it",
        ),
    ],
)
def test_templates_escape_everything_and_hold_no_script(pattern: str, why: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()!r} {why}"
        for path in TEMPLATES
        if path.name not in OF_A_MAIL or "style" not in pattern
        for match in re.finditer(pattern, re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S))
    ]
    assert found == []


def test_only_pages_are_templates_and_they_are_all_escaped() -> None:
    """Jinja escapes .html alone. A mail's plain text is read by no browser as markup."""
    others = {(path.parent.name, path.suffix) for path in TEMPLATES if path.suffix != ".html"}
    assert others == {("messages", ".txt"), ("letters", ".txt")}


# Papers have a head of their own; a question, a room's screen and a public page begin with what they are about.
OWN_HEADS = {
    "assessment/answering/area.html",
    "assessment/answering/question.html",
    "assessment/channels/poster.html",
    "assessment/paper/paper.html",
    "assessment/results/results.html",
    "meetings/papers/agenda.html",
    "meetings/papers/minutes.html",
    "meetings/papers/sign_in.html",
    "messages/letters/unsubscribe.html",
    "messages/unsubscribe.html",
    "plan/activities/poster.html",
    "plan/inactive_actions/stale_end.html",
    "plan/signups/confirm.html",
    "plan/signups/own.html",
    "plan/signups/sheet.html",
    "plan/undo/undo.html",
    "reports/public/public.html",
}


def test_every_page_has_the_one_head_but_those_named_here() -> None:
    heading = re.compile(r"\{% block heading %\}(.+?)\{% endblock %\}", re.DOTALL)
    without = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in TEMPLATES
        for found in [heading.search(path.read_text())]
        if found is not None and "head(" not in found[1] and path.parent.name != "templates"
    }
    assert without == OWN_HEADS


def classes() -> dict[str, set[str]]:
    """Returns the modules, without `engage.`, in which a class of each name is defined."""
    found: dict[str, set[str]] = {}
    for path in CODE:
        module = ".".join(path.relative_to(Path(ROOT, "engage")).with_suffix("").parts)
        for name in re.findall(r"^class (\w+)", path.read_text(), flags=re.M):
            found.setdefault(name, set()).add(module)
    return found


def test_the_head_of_a_template_names_classes_that_are_there() -> None:
    """A head says what the template needs; `plan.pages.Row` is looked for there, and a name alone anywhere."""
    known, wrong = classes(), []
    for path in TEMPLATES:
        head = re.match(r"\{#.*?#\}", path.read_text(), flags=re.S)
        for module, name in re.findall(r"(?<![\w.])((?:[a-z_]\w*\.)*)([A-Z]\w*)", head[0] if head else ""):
            is_there = module.rstrip(".") in known.get(name, ()) if module else name in known
            if (module or re.search(r"[a-z][A-Z]", name)) and not is_there and name != "JavaScript":
                wrong.append(f"{path.relative_to(ROOT)}: {module}{name}")
    assert wrong == []


def test_one_file_alone_imports_flask_babel() -> None:
    """Its upstream is silent; `engage/i18n.py` says what would replace it."""
    pattern = re.compile(r"^\s*(?:from|import) flask_babel", flags=re.M)
    assert [place(path) for path in CODE if pattern.search(path.read_text())] == ["i18n.py"]
