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
    page.get_by_role("link", name="Add your own words").click()
    page.get_by_label("At a glance").fill(f"A good time, said on a {name.lower()}.")
    page.get_by_role("button", name="Save your words").click()
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


def test_a_box_saves_itself_and_two_people_see_both_texts(site: Site, new_page: NewPage) -> None:
    """One types while the other did: each text saves itself when its box is left, and none is written over."""
    texts = "/c/riverbend/reports/funder/texts?since=2025-01-01&until=2025-03-31"
    mine, theirs = new_page(site.server), new_page(site.server, viewport=PHONE, errors_expected=True)
    sign_in(mine, site.person("Funder Mine", Role.COORDINATOR))
    sign_in(theirs, site.person("Funder Theirs", Role.COORDINATOR))
    for page in (mine, theirs):
        page.goto(texts)
    box = "#meetings-text"
    mine.locator(box).fill("We met in three places.")
    expect(mine.locator("#form-saved")).to_have_text("Not saved yet")
    mine.locator(box).blur()
    expect(mine.locator("#meetings-text-state [data-said]")).to_have_text("✓ Saved")
    theirs.get_by_label("Members joined and left").fill("Nobody left.")
    theirs.locator(box).fill("We met in the library.")
    theirs.locator(box).blur()
    expect(theirs.locator("#people-text-state [data-said]")).to_have_text("✓ Saved")
    state = theirs.locator("#meetings-text-state")
    expect(state.locator(".conflict-text")).to_have_text(
        ["We met in three places.", "We met in the library."]
    )
    assert theirs.evaluate("document.documentElement.scrollWidth <= innerWidth")
    theirs.locator(box).fill("We met in three places, once in the library.")
    theirs.get_by_label("I read both.").check()
    expect(state.locator("[data-said]")).to_have_text("✓ Saved")
    mine.get_by_role("link", name="Back to the report").click()
    expect(mine.locator("#reports-meetings")).to_contain_text("once in the library")
