"""Nothing that people read is written outside `_()`: in a template, whatever its branches, and in a script."""

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

from engage.config import ROOT
from tests.marked.marks import CLOSE, OPEN
from tests.marked.reading import in_page

TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
SCRIPTS = sorted((ROOT / "static").glob("*.js"))
# What these hold is compared or becomes a class or an attribute.
OF_THE_PAGE = re.compile(
    r"{% block (?:form_class|attributes|layout) %}.*?{% endblock %}"
    r"|{% macro _(?:kind|unaccepted|described)\(.*?endmacro -?%}",
    re.DOTALL,
)


def parts(path: Path) -> Iterator[tuple[str, str]]:
    """Yields the kinds and values of a template's parts."""
    for _line, kind, value in Environment().lex(OF_THE_PAGE.sub("", path.read_text())):
        yield kind, value


def as_page(path: Path) -> str:
    """Returns the template's own text as a page: what it computes stands in marks."""
    page = ""
    for kind, value in parts(path):
        if kind == "data":
            page += value
        elif kind == "variable_begin":  # an element's name, or what a page computes
            page += "div" if page.endswith(("<", "</")) else f"{OPEN}{CLOSE}"
    return page if "<html" in page else f"<html><body>{page}</body></html>"


def test_a_template_has_no_words_of_its_own() -> None:
    """The sheet of parts is for those who work on Engage; no one else is served it."""
    asked = [path for path in TEMPLATES if path.name != "parts.html"]
    assert [(path, found) for path in asked for found in in_page(as_page(path))] == []


def test_words_in_a_template_are_found(tmp_path: Path) -> None:
    template = tmp_path / "page.html"
    template.write_text('<p title="Hello there">{% if late %}Too late{% endif %} {{ _("Fine") }}</p>')
    assert [found.words for found in in_page(as_page(template))] == ["Hello there", "Too late"]


def test_a_script_says_what_its_page_gave_it() -> None:
    sentence = re.compile(r"""["'`](?:[A-Z][\w’']*|[a-z’']+)(?: [\w’']+)+[.?!…]?["'`]""")
    said = {found for path in SCRIPTS for found in sentence.findall(path.read_text())}
    assert said == {'"use strict"'}
