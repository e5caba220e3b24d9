"""Tests that no page is wider than a phone, however long a word someone gave it as a name."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.browser.conftest import PHONE, NewPage
from tests.browser.planted import Planted, planted
from tests.browser.servers import sign_in

# It has what is wide, and no place to break at.
WORD = "Wolkenkuckucksheimbewohnerversammlungsmitgliedsausweisnummernverzeichnismappe" * 2
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def a_long_word(column: sa.Column[Any]) -> str:
    return WORD[: min(getattr(column.type, "length", None) or 80, 80)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    with planted(tmp_path_factory.mktemp("planted") / "data", a_long_word) as served:
        yield served


def test_one_long_word_makes_no_page_wider_than_a_phone(site: Planted, new_page: NewPage) -> None:
    page = new_page(site.server, viewport=PHONE, errors_expected=True)
    sign_in(page, site.server.account("coordinator"))
    opened, found = 0, list[str]()
    for path in site.paths:
        answer = page.request.get(path)
        if not answer.ok or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page.goto(path)
        opened += 1
        if (over := page.evaluate(TOO_WIDE)) > 0:
            found.append(f"{path}: {over} px")
    assert not found, "\n".join(found)
    assert opened > 180
