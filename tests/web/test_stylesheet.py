"""The stylesheet's rules: one file per part, none too long, none forgotten."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from engage.config import ROOT
from engage.web.static_files import SHEETS, STYLESHEETS, stylesheet

STYLES = ROOT / "static" / "css"
FILES = sorted(STYLES.rglob("*.*"))
MOST_LINES = 450
TEMPLATES = sorted(Path(ROOT, "templates").rglob("*.html"))
CODE = sorted(Path(ROOT, "engage").rglob("*.py"))
SCRIPTS = sorted(Path(ROOT, "static").glob("*.js"))
# Put together where they are written: the rest of the name is a word that a template or the code knows.
COMPOSED = (
    "bar-",
    "carry-",
    "entry-",
    "field-",
    "heat-",
    "month-from-",
    "moved-",
    "options-",
    "plan-bar-",
    "report-",
    "report-part-",
    "tag-",
    "wheel-",
)
# A ground, a border or a place of its own says that these can be pressed; one is no link.
SHAPED = {".btn", ".brand", ".menu-link", ".sections a", ".pill", ".heat-link", ".import-change ins"}
# Set by htmx while it waits, and by SortableJS on what is dragged.
FROM_LIBRARIES = {"htmx-request", "sortable-ghost"}


def plain(text: str) -> str:
    """Returns the file without its comments; the lines stay where they were."""
    return re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment.group().count("\n"), text, flags=re.DOTALL)


def name(file: Path) -> str:
    """Returns what the order calls the file: plan/actions."""
    return file.relative_to(STYLES).with_suffix("").as_posix()


def test_every_file_has_its_place_in_the_order() -> None:
    assert sorted(STYLES / f"{sheet}.css" for sheet in SHEETS) == FILES


def features() -> list[str]:
    """The packages of the import contract that stand above the web's tools, the lowest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    names = [layer.removeprefix("engage.") for layer in reversed(layers)]
    return names[names.index("web") + 1 :]


def test_the_sheets_of_features_follow_the_order_of_imports() -> None:
    """A sheet lies in the folder of its feature: plan/plan, plan/measures."""
    known = features()
    owners = [owner for owner in (sheet.split("/")[0] for sheet in SHEETS) if owner in known]
    assert len(owners) > len(SHEETS) / 2
    assert owners == sorted(owners, key=known.index)


def test_what_rooms_share_stands_before_them() -> None:
    rooms = [sheet.split("/") for sheet in SHEETS if sheet.split("/")[0] in features()]
    assert rooms
    for feature, room in rooms:
        wider = f"{feature}/{room.rsplit('-', 1)[0]}"
        shared = wider if "-" in room and wider in SHEETS else f"{feature}/{feature}"
        assert SHEETS.index(shared) <= SHEETS.index(f"{feature}/{room}")


def test_a_file_says_first_what_it_holds() -> None:
    assert [file for file in FILES if not file.read_text().startswith(f"/* {name(file)}: ")] == []


def test_no_file_is_too_long_to_find_ones_way_in() -> None:
    assert [file for file in FILES if len(file.read_text().splitlines()) > MOST_LINES] == []


def test_every_block_is_closed() -> None:
    """A lost brace hides everything after it inside an @media rule, and no browser complains."""
    assert [fault for file in FILES if (fault := not_closed(file))] == []


def not_closed(file: Path) -> str:
    """Returns the first line that begins inside a block, or an empty text."""
    depth = 0
    for number, line in enumerate(plain(file.read_text()).splitlines(), start=1):
        starts_a_rule = bool(line) and line[0] not in " }"
        if starts_a_rule and depth:
            return f"{name(file)}, line {number}: the block above is not closed"
        depth += line.count("{") - line.count("}")
    return f"{name(file)}: a block is not closed" if depth else ""


def rules(file: Path) -> list[tuple[str, str]]:
    """Returns (its condition, its selectors) of every rule."""
    found, condition, head = [], "", ""
    for line in plain(file.read_text()).splitlines():
        if line.startswith("@"):
            condition = line
        elif line == "}":
            condition = ""
        elif line.endswith("{"):
            found.append((condition, f"{head}{line.strip(' {')}"))
        head = f"{head}{line.strip()} " if line.endswith(",") else ""
    return found


def test_no_rule_is_written_twice() -> None:
    counted = Counter(rule for file in FILES for rule in rules(file))
    assert [rule for rule, times in counted.items() if times > 1] == []


def test_no_condition_is_closed_and_opened_again() -> None:
    heads = {
        name(file): re.findall(r"^\S.*\{$", plain(file.read_text()), flags=re.MULTILINE) for file in FILES
    }
    twice = [
        (sheet, one)
        for sheet, found in heads.items()
        for one, other in pairwise(found)
        if one == other and one.startswith("@")
    ]
    assert twice == []


def selectors(files: Iterable[Path] = FILES) -> str:
    """Returns what stands before the blocks of rules, without texts that are compared with."""
    found = re.findall(r"([^{};]+)\{", plain("\n".join(file.read_text() for file in files)))
    return re.sub(r"\"[^\"]*\"", "", "\n".join(each for each in found if "@" not in each))


def styled(files: Iterable[Path] = FILES) -> set[str]:
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors(files)))


def with_its_parts(template: Path) -> set[Path]:
    """Returns a template with everything that it includes, imports or extends."""
    found, waiting = set(), [template]
    while waiting:
        each = waiting.pop()
        found.add(each)
        named = re.findall(r"\"([\w/]+\.html)\"", each.read_text())
        waiting += [path for name in named if (path := ROOT / "templates" / name) not in found]
    return found


def test_a_page_without_the_features_sheet_has_no_class_of_it() -> None:
    """A word with a hyphen is a class wherever it stands; macros are every page's, with classes of the web's."""
    # Both sheets end with the same two files.
    sheets = {name: [STYLES / f"{each}.css" for each in names[:-2]] for name, names in STYLESHEETS.items()}
    left_out = styled(sheets["features.css"]) - styled(sheets["app.css"])
    pages = [path for path in TEMPLATES if "{% block features %}{% endblock %}" in path.read_text()]
    assert len(pages) >= 4 and len(left_out) > 200
    for page in pages:
        parts = [path for path in with_its_parts(page) if path.parent.name != "macros"]
        text = re.sub(r"\{#.*?#\}", "", "".join(path.read_text() for path in parts), flags=re.DOTALL)
        alone = words(" ".join(re.findall(r"class=\"([^\"]*)\"", text)))
        written = alone | {each for each in words(text) if "-" in each}
        assert (page, written & left_out) == (page, set())


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text))


def in_class_attributes() -> set[str]:
    """Returns the words that stand where classes do in templates and in the code, including Jinja's own."""
    found: list[str] = []
    for path in TEMPLATES + CODE:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        found += re.findall(r"class=\"((?:\{\{.*?\}\}|\{%.*?%\}|[^\"{])*)\"", text, flags=re.DOTALL)
        found += re.findall(r"\{% block layout %\}(.*?)\{% endblock %\}", text)
    return words(" ".join(found))


def in_texts() -> set[str]:
    """Returns every text of one word in the code of templates, of Python and of our scripts."""
    found: list[str] = []
    for path in TEMPLATES:
        for code in re.findall(r"\{[{%].*?[%}]\}", path.read_text(), flags=re.DOTALL):
            found += re.findall(r"['\"] ?([\w-]+)['\"]", code)
    for path in CODE:
        constants = (
            node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)
        )
        found += [each for each in constants if isinstance(each, str) and words(each) == {each}]
    for path in SCRIPTS:
        found += re.findall(r"['\"]([\w-]+)['\"]", path.read_text())
    return set(found)


def test_every_class_of_the_stylesheet_is_written_somewhere() -> None:
    attributes, texts = in_class_attributes(), in_texts()
    written = attributes | FROM_LIBRARIES | {text for text in texts if "-" in text}

    def is_composed(name: str) -> bool:
        parts = (name.removeprefix(prefix) for prefix in COMPOSED if name.startswith(prefix))
        return any(part in texts or part.isdecimal() for part in parts)

    assert styled()
    assert sorted(each for each in styled() - written if not is_composed(each)) == []


def test_every_class_of_the_templates_is_styled_or_looked_for() -> None:
    """What a script or a test looks for counts, too."""
    read = [*SCRIPTS, *sorted(Path(ROOT, "tests").rglob("*.py"))]
    looked_for = words("\n".join(path.read_text() for path in read))
    written: set[str] = set()
    for path in TEMPLATES:
        for names in re.findall(r"class=\"((?:\{\{.*?\}\}|\{%.*?%\}|[^\"{])*)\"", path.read_text()):
            written |= set(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", names).split())
    assert len(written) > 300
    unread = written - styled() - looked_for
    assert sorted(each for each in unread if not each.endswith("-") and not each.startswith(COMPOSED)) == []


def test_every_id_of_the_stylesheet_is_written_somewhere() -> None:
    text = "\n".join(path.read_text() for path in TEMPLATES)
    assert [name for name in re.findall(r"#([a-zA-Z][\w-]*)", selectors()) if f'"{name}"' not in text] == []


def test_widths_are_asked_for_in_em() -> None:
    """In px, text of twice the size would be laid out for a screen that it does not fit."""
    asked = [
        line for file in FILES for line in plain(file.read_text()).splitlines() if line.startswith("@media")
    ]
    assert len(asked) > 40
    assert [line for line in asked if "px" in line] == []


def test_on_touch_screens_a_link_looks_like_one_from_the_start() -> None:
    """What shows its line only under a pointer shows it at once where nothing hovers."""
    text = "".join(plain(file.read_text()) for file in FILES)
    bare = re.findall(r"([^{}]+)\{[^{}]*text-decoration(?:-color)?: (?:none|transparent);", text)
    quiet = {each.strip() for each in bare} - SHAPED
    touched = [rule for file in FILES for where, rule in rules(file) if "(hover: none)" in where]
    assert quiet >= {".row-link", ".plan-change", ".checklist-title"}
    assert [each for each in sorted(quiet) if not any(each in rule for rule in touched)] == []


def rules_on(state: str) -> list[tuple[str, str]]:
    """Returns the selector and the body of each rule for this state."""
    found = [
        match for file in FILES for match in re.findall(r"([^{}]+)\{([^{}]*)\}", plain(file.read_text()))
    ]
    return [(selector.strip(), body) for selector, body in found if state in selector]


def test_nothing_appears_where_a_pointer_rests() -> None:
    """1.4.13: what is pointed at changes its colors and lines, and shows nothing that was not there."""
    assert len(rules_on(":hover")) > 10
    shows = r"\b(display|visibility|content|position|height|width|clip|transform)\s*:"
    assert [selector for selector, body in rules_on(":hover") if re.search(shows, body)] == []


def test_nothing_moves_or_flashes() -> None:
    """2.2.2, 2.3.1: colors change once, in a sixth of a second."""
    text = "".join(plain(file.read_text()) for file in FILES)
    assert "@keyframes" not in text
    assert set(re.findall(r"\banimation:\s*([^;]+);", text)) == {"none !important"}
    spans = re.findall(r"(?<![-\w])transition:\s*([^;]+);", text)
    assert all("0.15s" in each or each.startswith("none") for each in spans)


def test_the_served_sheet_has_no_indents_and_every_word_in_quotes() -> None:
    served = stylesheet(STYLES, SHEETS).decode()
    quoted = re.findall(r'"[^"]*"', "".join(plain(file.read_text()) for file in FILES))
    assert quoted and sorted(quoted) == sorted(re.findall(r'"[^"]*"', served))
    assert not re.search(r"\n|  |/\*", served)
