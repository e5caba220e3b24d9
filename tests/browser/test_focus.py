"""Tests with the keys alone that the focus stays where a person works."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.servers import Server, sign_in


def press(control: Locator, key: str = "Enter") -> None:
    control.focus()
    control.press(key)


def in_focus(page: Page, selector: str) -> None:
    expect(page.locator(selector)).to_be_focused(timeout=10_000)


def test_what_opens_in_place_takes_the_focus_and_gives_it_back(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    page.goto("/c/riverbend-county/plan/")
    change = page.locator(".plan-change").first
    row = page.locator("tr", has=change).first.get_attribute("id")
    press(change)
    in_focus(page, f"#{row} select[name=owner_id]")
    press(page.locator(f"#{row}").get_by_role("link", name="Cancel"))
    in_focus(page, f"#{row} .plan-change")
    page.keyboard.press("Enter")
    in_focus(page, f"#{row} select[name=owner_id]")
    press(page.locator(f"#{row}").get_by_role("button", name="Save"))
    in_focus(page, f"#{row} .plan-change")

    adding = page.locator(".plan-add").first
    place = adding.get_attribute("id")
    press(adding.get_by_role("link"))
    in_focus(page, f"#{place} input[name=title]")
    page.keyboard.type("Ask two hotels about posters")
    page.keyboard.press("Enter")
    in_focus(page, f"#{place} input[name=title]")
    expect(page.locator("#status")).to_contain_text("Added as action")
    page.set_viewport_size({"width": 320, "height": 256})
    expect(page.locator(".toast")).to_have_css("position", "static")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    expect(page.locator(".toast")).to_have_css("position", "fixed")
    press(page.get_by_role("button", name="Close this message"))
    expect(page.locator("#status")).to_be_empty()
    in_focus(page, "#main")

    press(page.get_by_role("link", name="Add an action", exact=True))
    in_focus(page, "#plan-add input[name=title]")
    quick = page.locator("#plan-add")
    quick.locator("input[name=title]").fill("Ask a third one")
    press(quick.get_by_role("button", name="Add"))
    expect(page.locator("#status")).to_contain_text("Added as action")
    in_focus(page, "#plan-add input[name=title]")


def test_a_piece_that_is_exchanged_keeps_the_focus(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    page.goto("/c/riverbend-county/plan/?view=board")
    card = page.locator(".plan-card").first
    press(card.locator("summary"))
    number = (card.get_attribute("id") or "").rpartition("-")[2]
    card.locator("select").select_option(index=1)
    press(card.get_by_role("button", name="Move"))
    expect(page.locator("#status")).not_to_be_empty()
    in_focus(page, f"#plan-card-{number} summary")

    page.goto("/c/riverbend-county/toolkit/")
    page.get_by_role("link", name="No readers yet").click()
    page.locator(".toolkit-sections .row-link").first.click()
    press(page.get_by_role("button", name="I'll read it"))
    expect(page.get_by_role("button", name="I'll read it")).to_have_count(0)
    in_focus(page, "#toolkit-readers")

    page.goto("/c/riverbend-county/meetings/3/")
    drop = page.locator("#meetings-agenda").get_by_role("button", name="Drop News from each organization")
    number = (drop.get_attribute("id") or "").rpartition("-")[2]
    press(drop)
    in_focus(page, "#meetings-agenda summary")
    page.keyboard.press("Enter")
    press(page.get_by_role("button", name="Put back News from each organization"))
    in_focus(page, f"#meetings-drop-{number}")

    page.goto("/c/riverbend-county/")
    row = page.locator("#home-desk .home-quick").first.get_attribute("id")
    press(page.locator(f"#{row} > summary"))
    press(page.locator(f"#{row}").get_by_role("button", name="On track"))
    expect(page.locator("#status")).not_to_be_empty()
    in_focus(page, f"#{row} > summary")


def test_an_open_menu_lies_over_nothing_that_has_the_focus(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, viewport=PHONE)
    sign_in(page, demo.account("member"))
    menu, opener = page.locator(".menu-fold"), page.locator(".menu-fold > summary")
    press(opener)
    press(menu.get_by_role("link", name="Begin"), "Escape")
    expect(menu).not_to_have_attribute("open", "")
    in_focus(page, ".menu-fold > summary")
    page.keyboard.press("Enter")
    press(menu.get_by_role("button", name="Sign out"), "Tab")
    expect(menu).not_to_have_attribute("open", "")


OVER = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const at = document.activeElement.getBoundingClientRect();
  const top = document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2);
  return document.activeElement.contains(top) ? null : document.activeElement.textContent.trim();
}"""


def test_what_stays_in_view_lies_over_nothing_that_the_tab_key_reaches(
    demo: Server, new_page: NewPage
) -> None:
    """On a laptop's screen that is enlarged: the way out below the menu, and the buttons of a record."""
    page = new_page(demo, viewport={"width": 1280, "height": 500})
    sign_in(page, demo.account("coordinator"))
    page.goto("/c/riverbend-county/meetings/3/notes/")
    for area, stops in ((".menu-wide", 14), ("main", 12)):
        page.locator(f"{area} :is(a, summary)").first.focus()
        for _stop in range(stops):
            page.keyboard.press("Tab")
            assert page.evaluate(OVER) is None


def test_a_button_pressed_right_after_the_focus_moved_is_pressed(demo: Server, new_page: NewPage) -> None:
    """Were the page still gliding to the field, the button would have moved away before the mouse is let go."""
    page = new_page(demo, viewport={**WIDE, "height": 620})
    sign_in(page, demo.account("coordinator"))
    page.goto("/c/riverbend-county/meetings/new")
    page.get_by_label("Place (optional)", exact=True).focus()
    box = page.locator(".form-foot").get_by_role("link", name="Cancel").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(400)
    page.mouse.up()
    expect(page).to_have_url(re.compile("/meetings/$"), timeout=10_000)
