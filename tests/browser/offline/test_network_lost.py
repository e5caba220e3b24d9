"""The network goes, or the server: what was typed stays, is sent once, and no page says that something is saved."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Error, Locator, Page, Request, expect

from tests.browser import prepared, servers
from tests.browser.conftest import PHONE, NewPage
from tests.browser.offline.phone import begin_round, keep_nothing, leaving, offline, open_link
from tests.browser.servers import Server, sign_in
from tests.browser.test_pages import faults
from tests.browser.test_votes import link as ballot_link
from tests.browser.test_votes import open_screen
from tests.browser.words import Words, speak

UNSENT = "No connection: nothing was sent. What you typed is still here. Press the button again."
UNSAVED = "Not saved: no connection. Engage keeps trying."
HERE = "/c/riverbend-county/"
NOTES = f"{HERE}meetings/3/notes/"

Gone = Callable[[Page], object]


@contextmanager
def proxy_alone(page: Page) -> Iterator[None]:
    """The proxy answers, and the server behind it does not; the browser believes that it is online."""
    page.route("**/healthz", lambda route: route.fulfill(status=502, body="<h1>The proxy's own page</h1>"))
    yield
    page.unroute("**/healthz")


def said(page: Page) -> Locator:
    return page.locator("#status")


def sent(page: Page) -> list[Request]:
    """Lists what the page posts from now on."""
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    return posts


def sign_up_page(demo: Server, new_page: NewPage) -> str:
    """Opens the sign-up page of a new event; returns its path."""
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    page.goto(f"{HERE}plan/activities/")
    page.get_by_role("link", name="Plan an event").click()
    page.get_by_label("Title").fill("Evening at the library")
    page.get_by_label("Kind").select_option(label="Training")
    tomorrow = datetime.now(ZoneInfo("America/Chicago")).date() + timedelta(days=1)
    page.get_by_label("Date").fill(tomorrow.isoformat())
    page.get_by_role("button", name="Plan the event").click()
    page.get_by_role("link", name="Let people sign up").click()
    page.get_by_role("button", name="Open the sign-up page").click()
    link = page.get_by_role("link", name="Open the page").get_attribute("href") or ""
    return link[link.index("/events/") :]


# -- forms


@pytest.mark.parametrize("outage", [offline, proxy_alone])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_sign_up_waits_for_the_network_and_is_sent_once(
    demo: Server, new_page: NewPage, outage: Gone, language: str
) -> None:
    words = Words(language)
    page = new_page(demo, viewport=PHONE, locale=f"{language}-US", errors_expected=True)
    page.goto(sign_up_page(demo, new_page))
    here, posts = page.url, sent(page)
    page.get_by_role("textbox", name=words("Your name")).fill("Ana Ito")
    page.get_by_role("textbox", name=words("Phone number")).fill("555-0100")
    button = page.locator("form.panel button[type=submit]")
    with outage(page):  # type: ignore[attr-defined]
        for _press in range(2):
            button.click()
            expect(said(page)).to_have_text(words(UNSENT))
        assert page.url == here
        assert page.get_by_text("The proxy's own page").count() == 0
        expect(page.get_by_role("textbox", name=words("Your name"))).to_have_value("Ana Ito")
    button.dblclick()
    expect(page.get_by_role("button", name=words("Cancel my sign-up"))).to_be_visible()
    assert len(posts) == 1
    # The next person at this phone does not read what was typed.
    page.go_back()
    expect(page.get_by_role("textbox", name=words("Your name"))).to_have_value("")


def test_a_ballot_waits_for_the_network(demo: Server, new_page: NewPage) -> None:
    screen = open_screen(new_page(demo), demo)
    page = new_page(demo, viewport=PHONE, errors_expected=True)
    page.goto(ballot_link(screen))
    for group in page.locator(".ballot-need fieldset").all():
        group.locator("input").nth(2).check()
    with offline(page):
        page.get_by_role("button", name="Submit my ballot").click()
        expect(said(page)).to_have_text(UNSENT)
    expect(said(page)).to_be_empty()  # the browser says that the network is back
    page.get_by_role("button", name="Submit my ballot").click()
    expect(screen.locator(".vote-turnout")).to_have_text("1 ballot")


def test_a_file_and_the_button_that_was_pressed_are_sent_after_the_outage(
    demo: Server, new_page: NewPage
) -> None:
    page = new_page(demo, errors_expected=True)
    sign_in(page, demo.account("coordinator"))
    page.goto(f"{HERE}partners/import")
    file = {"name": "new.csv", "mimeType": "text/csv", "buffer": b"Organization\nHope Clinic of the North\n"}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    press = page.locator("#imports-file button[type=submit]")
    with offline(page):
        press.click()
        expect(said(page)).to_have_text(UNSENT)
    press.click()
    expect(page.get_by_text("Hope Clinic of the North").first).to_be_visible()

    # One of several buttons: its value says where the form leads.
    page.goto(NOTES)
    with offline(page):
        page.get_by_role("button", name="Take attendance").click()
        expect(said(page)).to_have_text(UNSENT)
    page.get_by_role("button", name="Take attendance").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Attendance")


def test_a_server_that_is_gone_or_silent_takes_no_text(own: tuple[Path, int], new_page: NewPage) -> None:
    """It is stopped by its process id, and a second one is halted: the browser believes that it is online."""
    folder, port = own
    start = [str(folder), str(port)]
    typed = "They can offer a second bed."
    with servers.running(start, folder, port, program=prepared.SERVE_DEMO) as server:
        page = new_page(server, errors_expected=True)
        sign_in(page, server.account("coordinator"))
        page.goto(f"{HERE}checklist/")
        tick = page.locator("button.tick[aria-pressed=false]").first
        number = tick.get_attribute("id")
        other = page.context.new_page()
        other.goto(f"{HERE}plan/actions/2")
        other.get_by_role("textbox", name="New update").fill(typed)
    update, button = (
        other.get_by_role("textbox", name="New update"),
        other.get_by_role("button", name="Save the update"),
    )
    button.click()
    expect(said(other)).to_have_text(UNSENT)
    tick.click()
    expect(said(page)).to_have_text(UNSAVED)
    with servers.running(start, folder, port, program=prepared.SERVE_DEMO) as server:
        # No one touches the page.
        expect(page.locator(f"#{number}")).to_have_attribute("aria-pressed", "true")
        expect(said(page)).to_contain_text("Done")
        os.kill(server.process_id, signal.SIGSTOP)
        try:
            button.click()
            expect(said(other)).to_have_text(UNSENT)
            expect(update).to_have_value(typed)
        finally:
            os.kill(server.process_id, signal.SIGCONT)
        button.click()
        expect(other.locator(".rows").get_by_text(typed)).to_have_count(1)
        expect(update).to_have_value("")


# -- taps


def test_taps_that_failed_are_tried_again_and_their_message_goes(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, errors_expected=True)
    page.clock.install()
    sign_in(page, demo.account("coordinator"))
    page.goto(f"{HERE}checklist/")
    ticks = page.locator("button.tick[aria-pressed=false]:visible")
    one, two = (f"#{ticks.nth(place).get_attribute('id')}" for place in (-1, -2))
    page.context.set_offline(True)
    for each in (one, two):
        page.locator(each).click()
        expect(said(page)).to_have_text(UNSAVED)
    page.clock.fast_forward(5_100)
    expect(page.locator(one)).to_have_attribute("aria-pressed", "false")
    page.context.set_offline(False)  # the browser says so, and no time passes
    for each in (one, two):
        expect(page.locator(each)).to_have_attribute("aria-pressed", "true")
    expect(said(page)).to_contain_text("Done")
    # What would add a second line is pressed again by hand.
    page.goto(f"{HERE}plan/")
    page.get_by_role("link", name="Add an action", exact=True).click()
    adding = page.locator("#plan-add")
    adding.locator("input[name=title]").fill("Ask three hotels")
    with offline(page):
        adding.get_by_role("button", name="Add").click()
        expect(said(page)).to_have_text(UNSENT)
        posts = sent(page)
        page.clock.fast_forward(5_100)
    page.wait_for_timeout(500)
    assert posts == []
    adding.get_by_role("button", name="Add").click()
    expect(said(page)).to_contain_text("Added as action")


# -- the wizard


@pytest.mark.parametrize("language", ["en", "es"])
def test_answering_by_the_open_link_waits_for_the_network(
    demo: Server, new_page: NewPage, language: str
) -> None:
    words = Words(language)
    page = open_link(demo, new_page, language, keep_nothing)
    statement, here = page.get_by_role("heading", level=1).inner_text(), page.url
    saved = page.locator("#form-saved")
    with offline(page):
        page.locator("input[type=radio]").nth(2).press("Space")
        expect(said(page)).to_have_text(words(UNSAVED))
        expect(saved).to_have_text(words("Not saved yet"))
        page.get_by_role("button", name=words("Continue")).click()
        expect(said(page)).to_have_text(words(UNSENT))
        assert page.url == here
        expect(page.locator("input[type=radio]").nth(2)).to_be_checked()
    expect(saved).to_contain_text(words("Saved. You can leave and come back."))
    expect(page.get_by_role("heading", level=1)).to_have_text(statement)  # no one pressed Continue
    expect(said(page)).to_have_text(words("Saved"))
    page.get_by_role("button", name=words("Continue")).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(statement)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(statement)
    expect(page.locator("input[type=radio]").nth(2)).to_be_checked()


@pytest.mark.parametrize("role", ["member", "guest"])
def test_the_wizard_exchanges_the_question_and_moves_the_focus_to_it(
    demo: Server, new_page: NewPage, role: str
) -> None:
    if role == "guest":
        page = open_link(demo, new_page)
    else:
        page = new_page(demo, errors_expected=True)
        sign_in(page, demo.account("member"))
        begin_round(page)
    page.evaluate("window.loaded = 'once'")
    heading = page.get_by_role("heading", level=1)
    first, first_url, first_title = heading.inner_text(), page.url, page.title()
    page.keyboard.press("Tab")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(heading).not_to_have_text(first)
    expect(heading).to_be_focused()
    assert page.evaluate("window.loaded") == "once"
    second = heading.inner_text()
    assert page.url != first_url
    assert page.title() != first_title
    assert faults(page) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "radio"

    # Refused: the summary has the focus, and the address stays.
    second_url = page.url
    if not page.locator("input[type=radio]:checked").count():
        page.get_by_role("button", name="Continue").click()
        expect(page.locator(".error-summary")).to_be_focused()
        assert page.title().startswith("Error:")
        assert page.url == second_url
    page.get_by_role("link", name="Skip this question").click()
    expect(heading).not_to_have_text(second)
    expect(heading).to_be_focused()
    page.go_back()
    expect(heading).to_have_text(second)
    page.go_back()
    expect(heading).to_have_text(first)
    assert page.url == first_url
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    assert page.title() == first_title


def test_back_never_shows_an_answer_that_the_server_does_not_have(
    own: tuple[Path, int], new_page: NewPage
) -> None:
    folder, port = own
    start = [str(folder), str(port)]
    with servers.running(start, folder, port, program=prepared.SERVE_DEMO) as server:
        page = new_page(server, errors_expected=True)
        keep_nothing(page)
        sign_in(page, server.account("member"))
        begin_round(page)
        expect(page.get_by_role("radio").nth(3)).not_to_be_checked()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("radio").nth(3).check()
    expect(said(page)).to_have_text(UNSAVED)
    page.get_by_role("link", name="About Engage").click()
    expect(page.get_by_role("radio")).to_have_count(0)  # the browser's own page
    with servers.running(start, folder, port, program=prepared.SERVE_DEMO):
        with suppress(Error):  # the browser's own page may be loading it again by itself
            page.reload()
        expect(page).to_have_url(re.compile("/about"))
        page.go_back()
        expect(page.get_by_role("radio").nth(3)).not_to_be_checked()
        expect(page.locator("#form-saved")).to_be_empty()


def test_back_says_of_text_that_only_the_browser_kept_it(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{HERE}plan/actions/2")
    page.get_by_role("textbox", name="New update").press_sequentially("They can")
    page.get_by_role("link", name="Plan of action").first.click()
    page.wait_for_url("**/plan/?*")
    page.go_back()
    expect(page.get_by_role("textbox", name="New update")).to_have_value("They can")
    expect(said(page)).to_contain_text("Your browser brought back what you typed here before.")


# -- leaving in a hurry


def by_link(page: Page) -> None:
    page.locator("#leave").click()


def by_shift(page: Page) -> None:
    for _press in range(3):
        page.keyboard.press("Shift")


def notes_of(page: Page, place: int) -> Locator:
    """Returns the notes of a line of the record, opened."""
    line = page.locator(".record-line").nth(place)
    if line.get_attribute("open") is None:
        line.locator("> summary").click()
    return line.locator("textarea")


@pytest.mark.parametrize("leave", [by_link, by_shift])
def test_leaving_keeps_what_saved_itself_and_nothing_else(
    demo: Server, new_page: NewPage, leave: Gone
) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    leaving(page)
    page.goto(NOTES)
    text = f"Said before leaving {leave.__name__}, in a field that was not left."
    notes_of(page, 3).fill("")
    notes_of(page, 3).press_sequentially(text)
    leave(page)
    page.wait_for_url("**/leave")
    page.go_back()
    expect(page.get_by_role("textbox", name=re.compile("^Notes"))).to_have_count(0)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    sign_in(page, demo.account("coordinator"))
    page.goto(NOTES)
    expect(notes_of(page, 3)).to_have_value(text)


@pytest.mark.parametrize("leave", [by_link, by_shift])
def test_after_leaving_a_page_that_anyone_may_open_brings_back_nothing_that_was_typed(
    demo: Server, new_page: NewPage, leave: Gone
) -> None:
    path = sign_up_page(demo, new_page)
    page = new_page(demo)
    leaving(page)
    page.once("dialog", lambda dialog: dialog.accept())
    for _visit in range(2):  # the first is left by a link, the second in a hurry
        page.goto(path)
        page.get_by_role("textbox", name="Your name").press_sequentially("Ana Ito")
        page.get_by_role("textbox", name="Phone number").press_sequentially("555-0100")
        if _visit == 0:
            page.get_by_role("link", name="Who to call").click()
            page.wait_for_url("**/help")
    leave(page)
    page.wait_for_url("**/leave")
    seen = []
    for _back in range(2):
        page.go_back()
        seen.append(page.url.rpartition("/")[0])
        fields = page.locator("form.panel input:not([type=hidden])")
        assert {field.input_value() for field in fields.all()} <= {""}
    assert f"{demo.url}{path}".rpartition("/")[0] in seen


@pytest.mark.parametrize("leave", [by_link, by_shift])
def test_leaving_without_a_network_ends_the_sign_in_before_the_next_page(
    demo: Server, new_page: NewPage, leave: Gone
) -> None:
    page = new_page(demo, errors_expected=True)
    sign_in(page, demo.account("member"))
    page.goto(HERE)
    page.route("**/leave", lambda route: route.abort())  # the browser would ask again by itself
    with offline(page):
        leave(page)
        expect(page.locator("#leave")).to_have_count(0)  # the browser's own page
    page.goto(HERE)
    expect(page.get_by_label("Password")).to_be_visible()
    assert [each["name"] for each in page.context.cookies() if each["name"] in {"left", "known"}] == []


# -- the record


HEAR = """() => {
  window.heard = [];
  const region = document.getElementById('status');
  const hear = () => {
    const words = region.textContent.trim();
    if (words && words !== window.heard.at(-1)) window.heard.push(words);
  };
  new MutationObserver(hear).observe(region, {childList: true, subtree: true, characterData: true});
}"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_record_says_saved_only_of_what_the_server_has_and_speaks_of_trouble_and_additions(
    demo: Server, new_page: NewPage, language: str
) -> None:
    words = Words(language)
    page = new_page(demo, errors_expected=True)
    sign_in(page, demo.account("coordinator"))
    speak(page, demo, language)
    page.goto(NOTES)
    page.evaluate(HEAR)
    assert page.locator("#meetings-record [role=status], #meetings-record [aria-live]").count() == 0
    item, notes = page.locator(".record-line").nth(1), notes_of(page, 1)
    notes.press_sequentially("Two came. ")
    expect(item.locator("[data-said]")).to_have_text(f"✓ {words('Saved')}")
    notes.press_sequentially("They left. ")
    expect(item.locator("[data-said]")).to_have_text(f"✓ {words('Saved')}")
    assert page.evaluate("window.heard") == []
    item.locator(".record-add > summary").first.click()
    what = item.locator("input[name$=-decision]")
    what.press_sequentially(f"Print the card ({language})")
    waits = words("Not added yet: press “Add the decision”.")
    expect(page.locator("#form-saved")).to_have_text(waits)
    expect(item.locator("[data-said]")).to_have_text(waits)
    assert page.evaluate("window.heard") == []
    item.get_by_role("button", name=words("Add the decision")).click()
    expect(item.get_by_text(f"Print the card ({language})")).to_be_visible()
    added = words("Decision %(number)s added.").split("%")[0]
    expect(said(page)).to_contain_text(added)
    with offline(page):
        notes.press_sequentially("And came back.")
        expect(said(page)).to_have_text(words(UNSAVED))
    expect(item.locator("[data-said]")).to_have_text(f"✓ {words('Saved')}")
    expect(said(page)).to_be_empty()


# -- the way out on a phone


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_way_out_lies_apart_from_menu_and_search(demo: Server, new_page: NewPage, language: str) -> None:
    page = new_page(demo, viewport=PHONE, touch=True)
    sign_in(page, demo.account("member"))
    speak(page, demo, language)
    page.goto(HERE)
    boxes = {
        name: page.locator(place).locator("visible=true").first.bounding_box()
        for name, place in {
            "leave": "#leave",
            "menu": ".menu-fold > summary",
            "search": ".side-search a",
        }.items()
    }
    leave = boxes.pop("leave")
    assert leave is not None
    for name, box in boxes.items():
        assert box is not None
        gap = max(leave["x"] - box["x"] - box["width"], box["x"] - leave["x"] - leave["width"])
        assert gap >= 24, name
    order = """() => [...document.querySelectorAll('.side :is(a, summary)')]
      .filter(each => each.checkVisibility()).map(each => each.getBoundingClientRect().x)"""
    stops = page.evaluate(order)[1:]  # the name is no stop
    assert stops == sorted(stops)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
