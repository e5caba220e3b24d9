"""The page that draws one of each part: it is there for whoever works on Engage, and nowhere else."""

import re
from pathlib import Path

import pytest

from engage.config import TestConfig, in_folder
from tests import guards
from tests.databases import app_of, close
from tests.html import Page

TEMPLATES = Path(__file__).parents[2] / "templates"
# What these draw depends on a coalition, on stored rows or on a public link.
ELSEWHERE = {
    "address",
    "htmx",
    "keeping",
    "hint_no_names",
    "organization",
    "own_buttons",
    "pages",
    "public_link",
}


@pytest.mark.parametrize(("debug", "status"), [("1", 200), ("0", 404)])
def test_the_page_is_served_under_debug_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, debug: str, status: int
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", debug)
    app = app_of(TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI=in_folder(tmp_path)))
    guards.watch(app)  # no other test renders the page
    answer = app.test_client().get("/parts")
    close(app)
    assert answer.status_code == status
    if status == 200:
        assert Page(answer).texts(".tag")[:2] == ["next", "need"]


def test_it_draws_every_shared_part() -> None:
    drawn = set(re.findall(r"\bui\.(\w+)\(", (TEMPLATES / "pages/parts.html").read_text()))
    offered = set(re.findall(r"{% macro (\w+)\(", (TEMPLATES / "macros/ui.html").read_text()))
    assert offered - drawn == ELSEWHERE
