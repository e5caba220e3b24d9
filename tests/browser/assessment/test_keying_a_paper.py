"""Tests that a coordinator enters one paper of the full set with the keyboard alone, in under two minutes."""

from playwright.sync_api import expect

from engage.content.loader import content
from tests.browser.conftest import NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.test_first_visit import menu

# As someone types who reads from a sheet beside the keyboard.
KEYS_A_SECOND = 3


def test_a_paper_is_keyed_without_a_mouse_in_under_two_minutes(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    menu(page, "Assessment")
    # Another journey may have opened a round for anyone beside this one.
    page.locator("#assessment-open").get_by_text("On paper", exact=True).click()
    page.locator("#assessment-open").get_by_role("link", name="Enter a paper response").click()
    number = page.get_by_label("Paper number").input_value()
    presses = 0

    def press(key: str) -> None:
        nonlocal presses
        presses += 1
        page.keyboard.press(key)

    # The sector waits for its first letters; each answer is one key, and Tab.
    expect(page.get_by_label("Sector")).to_be_focused()
    press("h")
    expect(page.get_by_label("Sector")).to_have_value("health")
    for place in range(len(content().indicators)):
        press("Tab")
        press("01234dn"[place % 7])
    save = page.get_by_role("button", name="Save this paper response")
    while not save.evaluate("button => button === document.activeElement"):
        press("Tab")
        assert presses < 2 * 60 * KEYS_A_SECOND, "the button was never reached"
    press("Enter")
    total = len(content().indicators)
    expect(
        page.get_by_text(f"Paper response {number} is saved: {total} of {total} answered.")
    ).to_be_visible()
    # Half of what is promised; the rest is for turning sheets.
    assert presses / KEYS_A_SECOND < 60
    # Ready for the next sheet.
    expect(page.get_by_label("Sector")).to_be_focused()
