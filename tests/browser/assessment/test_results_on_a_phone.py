"""Where the table of a round's results would show two of its columns, a list says the same."""

import pytest
from playwright.sync_api import expect

from engage.content.loader import content
from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.servers import Server, sign_in


@pytest.mark.parametrize(("viewport", "is_list"), [(PHONE, True), (WIDE, False)], ids=["phone", "desk"])
def test_each_focus_area_is_seen_once_and_is_one_stop(
    demo: Server, new_page: NewPage, viewport: dict[str, int], is_list: bool
) -> None:
    page = new_page(demo, viewport=viewport)
    sign_in(page, demo.account("member"))
    page.goto("/c/riverbend-county/assessment/")
    page.get_by_role("link", name="Community assessment 2026").first.click()
    areas = [area.short for area in content().areas]
    panel = page.locator("#assessment-table")
    expect(panel.get_by_role("link")).to_have_text(areas)
    expect(panel.get_by_role("table")).to_have_count(0 if is_list else 1)
    first = panel.get_by_role("list", name="Focus areas by sector group").get_by_role("listitem").first
    if is_list:
        expect(first).to_contain_text("Prevention")
        expect(first).to_contain_text("All (16): 1.9 low")
        expect(first).to_contain_text("4 groups not shown")
    else:
        expect(first).to_be_hidden()
