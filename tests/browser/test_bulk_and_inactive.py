"""Changing several actions and going through quiet ones, in a real browser: keyboard, phone, no JavaScript."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.test_first_visit import more
from tests.browser.test_pages import faults

PLAN = "/c/riverbend-county/plan/"


def check(page: Page) -> None:
    """Checks what every page must pass, also those that no link leads to."""
    assert faults(page) == [], page.url


@pytest.mark.parametrize("javascript", [True, False])
def test_several_actions_change_on_a_phone_and_back_again(
    demo: Server, new_page: NewPage, javascript: bool
) -> None:
    page = new_page(demo, viewport={**PHONE, "width": 320}, javascript=javascript)
    sign_in(page, demo.account("member"))
    page.goto(f"{PLAN}?state=not_started")
    more(page, "Change several at once")
    for place in range(3):
        page.locator("input[name=number]").nth(place).check()
    page.get_by_label("Status").last.select_option("under_way")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_text("3 actions would change.")).to_be_visible()
    if javascript:
        check(page)
    page.get_by_role("button", name="Change 3 actions").click()
    expect(page.get_by_text("3 actions are changed.").first).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 changes are undone.").first).to_be_visible()


def test_a_meeting_goes_through_quiet_actions_by_keyboard_alone(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    page.goto(f"{PLAN}stale")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    check(page)
    count = len(parse_qs(urlsplit(page.url).query)["of"][0].split("-"))

    # Still on track: one Tab to the note, Enter in it presses the button.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**at=2**")
    expect(page.get_by_text(f"2 of {count}").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()

    # Stuck asks what help is needed: the focus is on what is wrong, the choice is kept, a reload finds the place.
    page.get_by_label("Status").focus()
    page.keyboard.type("Stuck")
    page.get_by_label("What help is needed, or why").fill("")
    page.get_by_role("button", name="Save and continue").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Status")).to_have_value("stuck")
    check(page)
    page.goto(page.url)
    expect(page.get_by_text(f"2 of {count}").first).to_be_visible()

    skip = page.get_by_role("link", name="Skip", exact=True)
    for place in range(2, count + 1):
        expect(page.get_by_text(f"{place} of {count}").first).to_be_visible()
        skip.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="What was decided")).to_be_focused()
    expect(page.get_by_text(f"1 of {count} actions decided.").first).to_be_visible()
    check(page)
