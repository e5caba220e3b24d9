"""No control inside a form takes people away from what they typed: every template is walked, with what it includes.

A link in a form that holds fields must stay on the page, open another window or a file, or be the form's own way out:
*Cancel* and its like, a plain button, about which `guard.js` asks. Whatever else leads elsewhere is a submit button,
which brings the form along.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_INCLUDE = re.compile(r'\{%-?\s*include\s+"([^"]+)"[^%]*%\}')
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\(.*?%\}(.*?)\{%-?\s*endmacro\s*-?%\}", re.DOTALL)
_CALL = re.compile(r"\{\{-?\s*(?:\w+\.)?(\w+)\(")
_BLOCK = re.compile(r"\{%-?\s*(block\s+(\w+)|endblock)[^%]*%\}")
_FORM = re.compile(r"<form\b((?:[^>\"]|\"[^\"]*\")*)>(.*?)</form>", re.DOTALL)
_LINK = re.compile(r"<a\b((?:[^>\"]|\"[^\"]*\")*)>(.*?)</a>", re.DOTALL)
_FIELD = re.compile(
    r"\b(?:field|segments)\(|<textarea|<select|<input(?![^>]*type=\"(?:hidden|submit)\")|\bform\.\w+\(class="
)
_STATEMENT = re.compile(r"\{%-?.*?-?%\}", re.DOTALL)

# These are known to stay, though their text does not show it.
STAY = {
    ("accounts/second_factor/second_factor_new.html", "{{ address }}"): "otpauth: opens an app",
    # Only where nothing can be ticked; else it opens another window.
    ("strengths/votes/vote.html", "{{ url_for('strengths.need', number=row.number) }}"): "without boxes",
}


@cache
def source(name: str) -> str:
    return _COMMENT.sub("", (TEMPLATES / name).read_text())


@cache
def macros() -> dict[str, str]:
    """Returns the bodies of all macros that hold a link; those of one name together."""
    found: dict[str, str] = {}
    for page in PAGES:
        for name, body in _MACRO.findall(source(page)):
            if "<a" in body and name not in {"error_summary", "buttons"}:
                found[name] = found.get(name, "") + body
    return found


def whole(name: str, depth: int = 0) -> str:
    """Returns a template with what it includes and with what the macros that it calls write, in their places."""
    text = _MACRO.sub("", source(name))
    if depth > 6:
        return text
    text = _INCLUDE.sub(lambda match: whole(match[1], depth + 1), text)
    # A template's own macro is meant before another one of its name.
    written = macros() | dict(_MACRO.findall(source(name)))
    return _CALL.sub(lambda match: written.get(match[1], "") + match[0], text)


def blocks(text: str) -> dict[str, str]:
    """Returns the bodies of a template's blocks by name."""
    found, open_blocks = {}, []
    for match in _BLOCK.finditer(text):
        if match[2]:
            open_blocks.append((match[2], match.end()))
        else:
            name, begin = open_blocks.pop()
            found[name] = text[begin : match.start()]
    return found


def forms(name: str) -> Iterator[str]:
    """Yields the bodies of the forms that post; a page of `form_page.html` writes one in its blocks."""
    text = whole(name)
    if 'extends "form_page.html"' in text:
        of_page = blocks(text)
        yield of_page.get("fields", "") + of_page.get("buttons", "")
    for attributes, body in _FORM.findall(text):
        if 'method="post"' in attributes:
            yield body


def leads_away(attributes: str) -> bool:
    plain = _STATEMENT.sub("", attributes)
    stays = 'href="#' in plain or 'target="_blank"' in plain or re.search(r"\bdownload\b", plain)
    is_way_out = re.search(r'class="[^"]*\bbtn btn-plain\b(?! btn-sm)', attributes)
    return not (stays or is_way_out)


def ways_away(name: str) -> list[str]:
    return [
        f"{attributes.strip()[:100]} {words.strip()[:60]}"
        for body in forms(name)
        if _FIELD.search(body)
        for attributes, words in _LINK.findall(body)
        if leads_away(attributes) and (name, href(attributes)) not in STAY
    ]


def href(attributes: str) -> str:
    found = re.search(r'href="([^"]*)"', attributes)
    return found[1] if found else ""


def test_no_link_in_a_form_leaves_what_was_typed() -> None:
    assert {name: found for name in PAGES if (found := ways_away(name))} == {}


def test_the_walk_sees_forms_of_every_kind() -> None:
    """Including what is included, what a macro writes, and the blocks of a page with a form."""
    assert sum(1 for name in PAGES for body in forms(name) if _FIELD.search(body)) > 100
    assert "Record a decision" in "".join(forms("meetings/notes/notes.html"))
    # Each of its fields stands in a macro of its own.
    assert any(_FIELD.search(body) for body in forms("strengths/votes/hands.html"))
    assert 'target="_blank"' in "".join(forms("assessment/rounds/new_round.html"))
    stays = {
        (name, href(found)) for name in PAGES for body in forms(name) for found, _words in _LINK.findall(body)
    }
    assert stays >= STAY.keys()


@pytest.mark.parametrize(
    ("attributes", "away"),
    [
        ("href=\"{{ url_for('partners.agreements') }}\"", True),
        ('class="row-link" href="/x"', True),
        ('class="btn btn-quiet" href="/x"', True),
        ('class="btn btn-plain" href="/x"', False),
        ('href="#need-1"', False),
        ('href="/x" target="_blank" rel="noopener"', False),
        ('href="/x.csv" download', False),
    ],
)
def test_which_links_lead_away(attributes: str, away: bool) -> None:
    assert leads_away(attributes) is away
