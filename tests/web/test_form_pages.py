"""The head of a page with a form is written once, and says *Error:* whatever it was that was refused."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from jinja2 import ChainableUndefined

from engage.config import ROOT

TEMPLATES = Path(ROOT, "templates")
PAGES = {
    path.relative_to(TEMPLATES).as_posix(): re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    for path in sorted(TEMPLATES.rglob("*.html"))
}
FORM_PAGES = [name for name, text in PAGES.items() if '{% extends "form_page.html" %}' in text]
# The others say in words of their own what was saved meanwhile, or stand outside of any coalition; like every page
# that a test sees, they are refused by `tests.html` where title and page disagree.
OWN = re.compile(r"\{% block conflict %\}|\{% set (differences|outer) =")
WITH_DIFFERENCES = [name for name in FORM_PAGES if not OWN.search(PAGES[name])]


HEADING = re.compile(r"\{% block (?:heading|headline|lead) %\}(.*?)\{% endblock %\}", re.S)
# A sheet of paper has its title on the sheet.
SHEETS = {
    "assessment/paper/paper.html",
    "assessment/channels/poster.html",
    "plan/activities/poster.html",
    "plan/signups/sheet.html",
}


def test_what_one_does_with_a_page_stands_in_the_one_head() -> None:
    headings = {name: "".join(HEADING.findall(text)) for name, text in PAGES.items() if name not in SHEETS}
    beside = [name for name, text in headings.items() if "ui.head(" not in text and 'class="btn' in text]
    assert beside == []
    assert [name for name in headings if "heading-row" in PAGES[name]] == ["macros/ui.html"]


@pytest.fixture
def before_title(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What a page says before its title, all other blocks left out, so that nothing else need be given."""
    monkeypatch.setattr(app.jinja_env, "undefined", ChainableUndefined)
    head = app.jinja_env.from_string("{% block title_prefix %}{% endblock %}")

    def said(name: str, **given: object) -> str:
        with app.test_request_context():
            page = app.jinja_env.get_template(name)
            return page.render(outer=head, url_for=lambda *_args, **_named: "", **given).strip()

    return said


def test_there_are_form_pages() -> None:
    assert len(FORM_PAGES) > 90
    assert len(WITH_DIFFERENCES) > 60


def test_a_page_of_several_forms_says_where_no_script_asks_that_one_button_saves_one_part() -> None:
    several = {
        name for name, text in PAGES.items() if re.search(r"\{% set forms = \[\w+, [^\]]+\] %\}", text)
    }
    several.add("accounts/profile/profile.html")
    assert len(several) > 3
    assert [name for name in sorted(several) if "ui.own_buttons()" not in PAGES[name]] == []
    assert re.search(r"own_buttons\(\) %\}\s*<noscript>.+</noscript>", PAGES["macros/ui.html"])


def test_differences_are_in_the_title_of_every_form_page(before_title: Callable[..., str]) -> None:
    without = {name: before_title(name) for name in WITH_DIFFERENCES}
    assert {name: said for name, said in without.items() if said} == {}
    differences = [SimpleNamespace(saved="a", typed="b")]
    told = {name: before_title(name, differences=differences) for name in WITH_DIFFERENCES}
    assert {name: said for name, said in told.items() if said != "Error:"} == {}


def test_no_other_template_repeats_the_head() -> None:
    titled = {name for name, text in PAGES.items() if re.search(r"title_prefix.*Error:", text)}
    # The button on this page refuses, but what it sends is no field.
    assert titled == {"form_page.html", "reports/tables/tables.html"}
    others = [name for name in PAGES if name not in FORM_PAGES and "{% extends" in PAGES[name]]
    repeated = [name for name in others if re.search(r"_conflict\.html|\berror_summary\(", PAGES[name])]
    assert repeated == ["form_page.html", "pages/parts.html"]  # the sheet of parts draws all of them
