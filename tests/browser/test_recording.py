"""Recording a meeting in a real browser: what is typed saves itself, and leaving what is not saved asks."""

import re

from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in

NOTES = "/c/riverbend-county/meetings/3/notes/"


def line(page: Page, number: int) -> Locator:
    """Returns a line of the agenda, opened."""
    found = page.locator(".record-line").nth(number)
    if found.get_attribute("open") is None:
        found.locator("> summary").click()
    return found


def notes(found: Locator) -> Locator:
    return found.get_by_role("textbox", name=re.compile("^Notes"))


def said(found: Locator) -> Locator:
    return found.locator("[data-said]")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_what_is_typed_saves_itself_and_waits_out_a_lost_connection(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, errors_expected=True)
    sign_in(page, demo.account("coordinator"))
    page.goto(NOTES)
    first = line(page, 0)
    notes(first).fill("Two people were new.")
    notes(first).blur()
    expect(said(first)).to_have_text("✓ Saved")
    page.context.set_offline(True)
    notes(first).fill("Two people were new. One speaks Spanish.")
    notes(first).blur()
    expect(said(first)).to_contain_text("Not saved: no connection")
    page.context.set_offline(False)
    expect(said(first)).to_have_text("✓ Saved")

    # A decision is written in its row; it is there once its row is left.
    first.get_by_text("Record a decision").click()
    first.get_by_label(re.compile("What was decided")).fill("Print the card in Spanish")
    page.keyboard.press("Tab")
    expect(said(first)).to_have_text("Not added yet: press “Add the decision”.")
    expect(first.locator(".record-came")).to_be_empty()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(first.get_by_text("Print the card in Spanish")).to_be_visible()
    expect(first.get_by_label(re.compile("What was decided"))).to_have_value("")
    second = line(page, 1)
    expect(notes(first)).not_to_be_visible()
    second.get_by_text("Add an action").click()
    second.get_by_label(re.compile("What to do")).fill("Ask the library for a room")
    second.get_by_role("button", name=re.compile("Add the action")).click()
    expect(second.get_by_text("Ask the library for a room")).to_be_visible()
    expect(second.get_by_label(re.compile("What to do"))).to_be_focused()
    expect(page.locator("#form-saved")).to_contain_text("Saved")
    page.reload()
    expect(notes(line(page, 0))).to_have_value("Two people were new. One speaks Spanish.")


def test_leaving_asks_and_leaving_in_a_hurry_does_not(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    def gone(route: Route) -> None:
        route.fulfill(body="Weather", content_type="text/html")

    page.on("dialog", stay)
    page.route("**/leave", gone)
    page.goto("/c/riverbend-county/plan/actions/2")
    update = page.get_by_role("textbox", name="New update")
    update.press_sequentially("They can")
    page.get_by_role("link", name="Plan of action").first.click()
    expect(update).to_have_value("They can")
    assert asked == ["beforeunload"]

    # Sticky Keys take five presses: the third of five does not leave.
    for _press in range(5):
        page.keyboard.press("Shift")
    page.wait_for_timeout(1200)
    expect(update).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    expect(page.locator("#status")).to_have_text("Press Shift again to leave this site.")
    page.keyboard.press("Shift")
    expect(update).not_to_be_visible()
    page.wait_for_url("**/leave")
    assert asked == ["beforeunload"]
    # So does the link. Leaving ended the sign-in.
    sign_in(page, demo.account("coordinator"))
    page.goto("/c/riverbend-county/plan/actions/2")
    update.press_sequentially("They can")
    page.get_by_role("link", name="Leave this site").click()
    page.wait_for_url("**/leave")
    assert asked == ["beforeunload"]


def test_without_javascript_one_button_saves_all_lines(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, viewport=PHONE, javascript=False)
    sign_in(page, demo.account("coordinator"))
    page.goto(NOTES)
    for number in (2, 3):
        notes(line(page, number)).fill(f"Said on line {number}.")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    for number in (2, 3):
        expect(notes(line(page, number))).to_have_value(f"Said on line {number}.")
    # A decision is written below its line; what happened is said where the page opens.
    fifth = line(page, 5)
    fifth.get_by_text("Record a decision").click()
    fifth.get_by_label(re.compile("What was decided")).fill("Meet in June")
    fifth.get_by_role("button", name=re.compile("Add the decision")).click()
    expect(line(page, 5).get_by_text("Meet in June")).to_be_in_viewport()
    expect(page.get_by_text("Saved.", exact=True)).to_be_in_viewport()
    notes(line(page, 4)).fill("Said last.")
    page.get_by_role("button", name="Take attendance").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Attendance")
    page.goto(NOTES)
    expect(notes(line(page, 4))).to_have_value("Said last.")


def test_signing_in_again_brings_back_what_the_page_held(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, viewport=PHONE)
    sign_in(page, demo.account("coordinator"))
    page.goto(NOTES)
    assert fits(page)
    page.context.clear_cookies()
    notes(line(page, 5)).fill("Typed while the session ended.")
    sixth = line(page, 5)
    sixth.get_by_text("Record a decision").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    email, password = demo.account("coordinator")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in (my own").click()
    expect(notes(line(page, 5))).to_have_value("Typed while the session ended.")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(said(line(page, 5))).to_have_text("✓ Saved")


def test_what_could_not_be_sent_is_said_at_its_line_and_tried_again(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, errors_expected=True)
    page.clock.install()
    sign_in(page, demo.account("coordinator"))
    page.goto(NOTES)
    seventh = line(page, 6)
    answers = {0: "no connection", 502: "no connection", 504: "no connection"}
    answers |= dict.fromkeys((429, 500, 503, 507), "Your text stays here; Engage will try again in a moment.")
    status = 0

    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
        elif status:
            route.fulfill(status=status, body="<h1>The proxy's own page</h1>")
        else:
            route.abort()

    for status, words in answers.items():
        page.route(f"**{NOTES}", refuse)
        notes(seventh).fill(f"Tried after {status}.")
        notes(seventh).blur()
        expect(said(seventh)).to_contain_text(words)
        expect(page.locator("#form-saved")).to_contain_text("Not saved yet")
        expect(page.locator("#status")).to_contain_text("Not saved: no connection.")
        expect(page.get_by_text("The proxy's own page")).to_have_count(0)
        page.unroute(f"**{NOTES}")
        page.clock.fast_forward(5_100)  # no one touches anything
        expect(said(seventh)).to_have_text("✓ Saved")
    page.reload()
    expect(notes(line(page, 6))).to_have_value("Tried after 507.")


def test_leaving_in_a_hurry_saves_what_was_typed_last_beside_a_hundred_kilobytes(
    demo: Server, new_page: NewPage
) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    page.route("**/leave", lambda route: route.fulfill(body="Weather", content_type="text/html"))
    page.goto(NOTES)
    for number in (1, 2, 3):  # as a form sends it, 30 KB each
        notes(line(page, number)).fill("é" * 5000)
        notes(line(page, number)).blur()
        expect(said(line(page, number))).to_have_text("✓ Saved")
    notes(line(page, 4)).fill("The last words.")
    page.get_by_role("link", name="Leave this site").click()
    page.wait_for_url("**/leave")
    page.wait_for_timeout(500)
    sign_in(page, demo.account("coordinator"))
    page.goto(NOTES)
    expect(notes(line(page, 4))).to_have_value("The last words.")


def test_every_way_out_of_unsaved_text_asks(demo: Server, new_page: NewPage) -> None:
    """*Cancel* in a form that was opened in place, a page that was refused, and a page that keeps text."""
    page = new_page(demo, errors_expected=True)
    sign_in(page, demo.account("coordinator"))
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto("/c/riverbend-county/plan/")
    page.locator(".plan-change").first.click()
    form = page.locator(".plan-change-form")
    form.get_by_role("link", name="Cancel").click()  # nothing was typed: nothing is asked
    expect(form).to_have_count(0)
    page.locator(".plan-change").first.click()
    form.locator("[name=note]").fill("They can")
    form.get_by_role("link", name="Cancel").click()
    expect(form.locator("[name=note]")).to_have_value("They can")
    assert asked == ["confirm"]

    # A page that was refused still holds what no one saved.
    page.remove_listener("dialog", stay)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/c/riverbend-county/plan/actions/2")
    page.on("dialog", stay)
    update = page.get_by_role("textbox", name="New update")
    update.fill("Call her at 614-555-0133 after six.")
    page.get_by_role("button", name="Save the update").click()
    expect(page.locator(".error-summary, .finding").first).to_be_visible()
    page.get_by_role("link", name="Plan of action").first.click()
    expect(update).to_have_value("Call her at 614-555-0133 after six.")
    assert asked == ["confirm", "beforeunload"]

    # So does the page of signing in, when the session ended meanwhile.
    page.context.clear_cookies()
    update.fill("They can come in May.")
    page.get_by_role("button", name="Save the update").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    page.get_by_role("link", name="About Engage").click()
    page.wait_for_timeout(300)
    assert asked == ["confirm", "beforeunload", "beforeunload"]
    expect(page.get_by_text("Your session has ended")).to_be_visible()
