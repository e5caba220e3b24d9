"""A report for a funder, from its dates to the copy of what was sent."""

from typing import Any

import pytest
from playwright.sync_api import expect

from engage.coalitions.rules import Role
from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.sites import Site, sign_in


@pytest.mark.parametrize(("viewport", "javascript"), [(WIDE, True), (PHONE, False)], ids=["desk", "phone"])
def test_from_the_preset_to_the_saved_copy(
    site: Site, new_page: NewPage, viewport: Any, javascript: bool
) -> None:
    name = "Desk" if javascript else "Phone"
    page = new_page(site.server, viewport=viewport, javascript=javascript)
    sign_in(page, site.person(f"Funder {name}", Role.COORDINATOR))
    page.goto("/c/riverbend/reports/")
    page.locator("#reports-funder").get_by_role("link", name="Funder report", exact=True).click()
    page.get_by_role("link", name="Last month" if javascript else "Last quarter", exact=True).click()
    page.get_by_role("link", name="Write the texts").click()
    page.get_by_label("At a glance").fill(f"A good time, said on a {name.lower()}.")
    page.get_by_role("button", name="Save the texts").click()
    expect(page.locator("#reports-figures")).to_contain_text(f"said on a {name.lower()}")
    page.get_by_role("link", name="Save a copy").click()
    page.get_by_role("button", name="Save the copy").click()
    expect(page.locator(".error-summary")).to_contain_text("Write who it goes to")
    page.get_by_label("Who it goes to, and what for").fill(f"State Office, {name}")
    page.get_by_role("button", name="Save the copy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"State Office, {name}")
    page.goto(page.url)
    expect(page.locator("#reports-copy")).to_contain_text("Its numbers stay as they were then.")
    expect(page.locator("#reports-figures")).to_contain_text(f"said on a {name.lower()}")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]  # type: ignore[index]
