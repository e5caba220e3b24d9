"""Tests that what people typed is shown as they typed it, on every page: markup in every field, in a real browser."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import NewPage
from tests.browser.planted import ROLES, Planted, planted, walk


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    with planted(tmp_path_factory.mktemp("planted") / "data") as served:
        yield served


@pytest.mark.parametrize("role", ROLES)
def test_markup_in_any_field_stays_text_on_every_page(site: Planted, new_page: NewPage, role: str) -> None:
    seen = walk(new_page(site.server, errors_expected=True), site, role)
    assert not seen.found, "\n".join(seen.found)
    assert seen.opened > {"coordinator": 180, "viewer": 30}[role]
