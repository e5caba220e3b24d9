"""The plan's board in a real browser: by the keyboard, without JavaScript, by dragging."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.servers import Server, sign_in

BOARD = "/c/riverbend-county/plan/?view=board"


def column(page: Page, status: str) -> str:
    return f"[data-column={status}]"


def unfold(page: Page, status: str) -> None:
    """Shows the column's later cards, as their own button does."""
    page.locator(f".plan-column:has({column(page, status)}) > .plan-cards-rest > summary").click()


def drag(page: Page, what: str, to: str) -> None:
    """Drags with the mouse and in steps, as a hand does; both are in view, as a person would have them."""
    page.set_viewport_size({"width": 1280, "height": 4000})
    page.locator(what).first.hover()
    page.mouse.down()
    target = page.locator(to).bounding_box()
    assert target is not None
    page.mouse.move(target["x"] + 60, target["y"] + 40, steps=12)
    page.mouse.move(target["x"] + 70, target["y"] + 50, steps=4)
    page.mouse.up()


def test_a_card_moves_by_keyboard_alone(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("member"))
    page.goto(BOARD)
    card = page.locator("#plan-card-34")
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("U")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"{column(page, 'under_way')} #plan-card-34")).to_be_visible()
    expect(page.locator("#status p")).to_have_text("Action 34: Under way.")


def test_a_card_moves_without_javascript(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, javascript=False)
    sign_in(page, demo.account("member"))
    page.goto(BOARD)
    unfold(page, "not_started")
    card = page.locator("#plan-card-33")
    card.locator("summary").click()
    card.get_by_role("combobox").select_option("Under way")
    card.get_by_role("button", name="Move").click()
    expect(page.get_by_text("Action 33: Under way.")).to_be_visible()
    expect(page.locator(f"{column(page, 'under_way')} #plan-card-33")).to_be_visible()


def test_a_dragged_card_goes_where_it_is_dropped_and_stuck_asks_for_help(
    demo: Server, new_page: NewPage
) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("member"))
    page.goto(BOARD)
    unfold(page, "not_started")
    drag(page, "#plan-card-35 p", column(page, "done"))
    expect(page.locator(f"{column(page, 'done')} #plan-card-35")).to_be_visible()
    # The hand alone moves the card there; what is said came with the server's answer.
    expect(page.locator("#status p")).to_have_text("Action 35: Done.")
    unfold(page, "not_started")
    drag(page, "#plan-card-32 p", column(page, "stuck"))
    expect(page).to_have_url(re.compile("/actions/32/change"))
    expect(page.get_by_label("Status")).to_have_value("stuck")
