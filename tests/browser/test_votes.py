"""A vote in the room: the screen on the wall, phones, and what goes wrong between them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from engage import clock
from tests.browser.conftest import PHONE, NewPage
from tests.browser.navigation import patient
from tests.browser.servers import Server, sign_in
from tests.browser.test_pages import MISSED_BY_AXE, violations
from tests.browser.words import Words

VOTES = "/c/riverbend-county/strengths/votes/"
# On the wall's page; only what is new there moves anything.
NOTE_MOVES = """() => {
  window.loaded = 'once';
  new MutationObserver(() => { window.moved = Date.now(); })
    .observe(document.querySelector('main'), {childList: true, subtree: true});
}"""

Phone = Callable[..., Page]


def prepare(page: Page, *, method: str = "rating", access: str = "open", hands: bool = False) -> str:
    """Prepares a vote on two needs that are on phones, one more by hands if asked; returns its address."""
    page.goto(f"{VOTES}new")
    needs, by_hand = page.locator("input[name=needs]"), page.locator("input[name=by_hand]")
    for place in range(needs.count()):
        needs.nth(place).set_checked(place < 2)
    if hands:
        by_hand.nth(2).check()
    page.locator(f"input[name=method][value={method}]").check()
    page.locator(f"input[name=access][value={access}]").check()
    page.get_by_role("button", name="Prepare the vote").click()
    expect(page.get_by_text("The vote is ready.").first).to_be_visible()
    return page.url


@pytest.fixture
def screen(demo: Server, new_page: NewPage) -> Page:
    """Shows the wall of an open vote, on the facilitator's laptop."""
    page = new_page(demo)
    return open_screen(page, demo)


def open_screen(page: Page, demo: Server) -> Page:
    sign_in(page, demo.account("coordinator"))
    prepare(page)
    open_vote(page)
    page.get_by_role("link", name="Show the screen").first.click()
    expect(turnout(page)).to_have_text("0 ballots")
    return page


def open_vote(page: Page) -> None:
    page.get_by_role("button", name="Open the vote").click()
    expect(page.get_by_text("The vote is open.").first).to_be_visible()


def turnout(page: Page) -> Locator:
    return page.locator(".vote-turnout")


def link(screen: Page) -> str:
    return "/" + screen.locator(".vote-link").inner_text().split("/", 1)[1]


def choose(page: Page, importance: int = 4, feasibility: int = 3) -> None:
    """Marks every need on the ballot."""
    expect(page.locator(".ballot-need").first).to_be_visible()
    for need in page.locator(".ballot-need").all():
        for scale, value in enumerate((importance, feasibility)):
            need.locator("fieldset").nth(scale).locator("input").nth(value - 1).check()


def hand_in(page: Page, button: str = "Submit my ballot") -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="Your ballot is in. Thank you.")).to_be_visible()


@pytest.fixture
def phone(demo: Server, new_page: NewPage) -> Phone:
    """Opens the ballot in a browser on someone's phone."""

    def open_ballot(address: str, **how: object) -> Page:
        page = new_page(demo, **{"viewport": PHONE, **how})
        page.goto(address)
        return page

    return open_ballot


def test_the_room_sees_a_ballot_within_two_seconds_without_a_reload(screen: Page, phone: Phone) -> None:
    screen.evaluate(NOTE_MOVES)
    taken = []
    for ballots in range(1, 6):
        page = phone(link(screen))
        choose(page, ballots)
        pressed = page.evaluate("Date.now()")
        hand_in(page)
        expect(turnout(screen)).to_have_text(f"{ballots} ballot{'s' if ballots > 1 else ''}")
        taken.append(screen.evaluate("window.moved") - pressed)
    print(f"from the press on the phone to the wall: {', '.join(str(each) for each in taken)} ms")
    assert max(taken) < 2000
    assert screen.evaluate("window.loaded") == "once"


def test_a_ballot_in_spanish_counts_in_the_same_room(screen: Page, phone: Phone) -> None:
    said, page = Words("es"), phone(link(screen), locale="es-US")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    choose(page)
    page.get_by_role("button", name=said("Submit my ballot")).click()
    expect(page.get_by_role("heading", name=said("Your ballot is in. Thank you."))).to_be_visible()
    expect(turnout(screen)).to_have_text("1 ballot")


def test_a_phone_that_is_early_gets_its_ballot_when_the_vote_opens(
    demo: Server, new_page: NewPage, phone: Phone
) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    vote = prepare(page)
    page.goto(f"{vote}screen")
    early = phone(link(page))
    expect(early.get_by_role("heading", name="The vote opens in a moment")).to_be_visible()
    second = patient(page.context.new_page())  # the facilitator opens it here, not on the wall
    second.goto(vote)
    second.get_by_role("button", name="Open the vote").click()
    expect(page.get_by_role("button", name="Close the vote")).to_be_visible()
    expect(early.get_by_role("button", name="Submit my ballot")).to_be_visible()
    choose(early)
    hand_in(early)
    expect(turnout(page)).to_have_text("1 ballot")


def test_without_javascript_the_refresh_link_shows_it(demo: Server, new_page: NewPage, phone: Phone) -> None:
    screen = open_screen(new_page(demo, javascript=False), demo)
    page = phone(link(screen), javascript=False)
    choose(page)
    hand_in(page)
    expect(turnout(screen)).to_have_text("0 ballots")
    screen.get_by_role("link", name="Refresh").click()
    expect(turnout(screen)).to_have_text("1 ballot")
    page.get_by_role("link", name="Refresh").click()
    expect(page.locator(".ballot-count")).to_have_text("1 ballot")


def test_a_phone_late_or_twice_is_counted_once(screen: Page, phone: Phone) -> None:
    first = phone(link(screen))
    second = patient(first.context.new_page())  # the same phone, opened twice
    second.goto(link(screen))
    choose(first, 5, 5)
    hand_in(first)
    choose(second, 1, 1)
    hand_in(second)
    late = phone(link(screen))
    choose(late)
    hand_in(late)
    expect(turnout(screen)).to_have_text("2 ballots")
    # The phone's waiting page follows; its ballot is the one that was handed in last.
    expect(first.locator(".ballot-count")).to_have_text("2 ballots")
    first.get_by_role("link", name="Change my ballot").click()
    expect(first.locator("input:checked")).to_have_count(4)
    assert first.locator("input:checked").evaluate_all("each => each.map(one => one.value)") == ["1"] * 4
    choose(first, 2, 2)
    hand_in(first, "Submit the changed ballot")
    expect(turnout(screen)).to_have_text("2 ballots")


@pytest.mark.parametrize("days", [-1, 1], ids=["a day behind", "a day ahead"])
def test_a_phone_whose_clock_is_wrong_votes_as_any_other(screen: Page, phone: Phone, days: int) -> None:
    page = phone("about:blank")
    page.clock.install(time=clock.now() + timedelta(days=days))
    page.goto(link(screen))
    choose(page)
    hand_in(page)
    expect(turnout(screen)).to_have_text("1 ballot")
    page.get_by_role("link", name="Change my ballot").click()
    choose(page, 1, 1)
    hand_in(page, "Submit the changed ballot")
    late = phone(link(screen))
    choose(late)
    hand_in(late)
    expect(page.locator(".ballot-count")).to_have_text("2 ballots")


def test_a_laptop_that_slept_loses_nothing_and_catches_up(
    demo: Server, new_page: NewPage, phone: Phone
) -> None:
    screen = new_page(demo)
    screen.clock.install()
    open_screen(screen, demo)
    address = link(screen)
    screen.clock.pause_at(clock.now() + timedelta(seconds=5))
    screen.wait_for_load_state("networkidle")
    asked: list[str] = []
    screen.on("request", lambda request: asked.append(request.url))
    for _phone in range(3):
        page = phone(address)
        choose(page)
        hand_in(page)
    assert asked == []
    expect(turnout(screen)).to_have_text("0 ballots")
    screen.clock.fast_forward("10:00")
    screen.clock.resume()
    expect(turnout(screen)).to_have_text("3 ballots")
    # One question for each timer that was due, not one for each second of sleep.
    assert len(asked) < 5
    screen.get_by_role("button", name="Close the vote").click()
    expect(turnout(screen)).to_have_text("3 ballots")
    expect(screen.locator(".vote-wall tbody tr")).to_have_count(2)


def test_a_lost_connection_is_said_and_taken_back_when_it_returns(
    demo: Server, new_page: NewPage, phone: Phone
) -> None:
    screen = open_screen(new_page(demo, errors_expected=True), demo)
    status = screen.locator("#status")
    screen.context.set_offline(True)
    expect(status).to_have_text("No connection. This page continues by itself when the connection is back.")
    page = phone(link(screen))
    choose(page)
    hand_in(page)
    expect(turnout(screen)).to_have_text("0 ballots")
    screen.context.set_offline(False)
    expect(turnout(screen)).to_have_text("1 ballot")
    expect(status).to_be_empty()


def test_a_question_that_gets_no_answer_is_not_asked_again_meanwhile(demo: Server, new_page: NewPage) -> None:
    screen = open_screen(new_page(demo, errors_expected=True), demo)
    asked: list[Route] = []

    def hold_the_first(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    screen.route(re.compile("/screen"), hold_the_first)
    screen.wait_for_timeout(5000)
    assert len(asked) == 1
    asked[0].abort()
    screen.wait_for_timeout(3000)
    assert len(asked) > 1


def problems_of(page: Page, address: str = "") -> list[str]:
    """Returns what axe finds on the page as it is, and what axe misses, wide and at 320 px."""
    if address:
        page.goto(address)
    found = [f"{page.url}: {each}" for each in violations(page)]
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 740})
        found += [f"{page.url} at {width} px: {each}" for each in page.evaluate(MISSED_BY_AXE)]
    return found


def test_a_ballot_counts_the_dots_that_are_left(demo: Server, new_page: NewPage, phone: Phone) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    prepare(page, method="dots")
    open_vote(page)
    page.get_by_role("link", name="Show the screen").first.click()
    voter = phone(link(page))
    left = voter.locator("#ballot-left")
    expect(left).to_have_text("5 dots to give")
    expect(left).to_be_in_viewport()
    first, second = (voter.locator("fieldset").nth(place).locator("input") for place in (0, 1))
    for row, value, words in (
        (first, 3, "2 dots to give"),
        (second, 1, "1 dot to give"),
        (second, 2, "All dots are given."),
        (second, 3, "You gave 6 dots and have 5. Remove some."),
        (first, 2, "All dots are given."),
    ):
        row.nth(value).check()
        expect(left).to_have_text(words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("method", ["rating", "dots"])
def test_every_page_of_a_vote_passes_axe_and_what_axe_misses(
    demo: Server, new_page: NewPage, phone: Phone, method: str, scheme: str
) -> None:
    page = new_page(demo, scheme=scheme)
    sign_in(page, demo.account("coordinator"))
    vote = prepare(page, method=method, access="codes", hands=True)
    found = problems_of(page) + problems_of(page, f"{vote}edit") + problems_of(page, f"{vote}screen")
    way_in = link(page)
    waits = phone(way_in, scheme=scheme)
    found += problems_of(waits)
    page.goto(f"{vote}slips")
    page.get_by_label("Number of slips").fill("2")
    page.get_by_role("button", name="Make slips").click()
    expect(page.locator(".vote-slip")).to_have_count(2)
    found += problems_of(page)
    slip = "/vote/" + page.locator(".vote-slip-link").first.inner_text().rpartition("/")[2]
    page.goto(vote)
    # A phone that waits turns to the ballot by itself, which would cut the visit below short.
    waits.goto("about:blank")
    open_vote(page)
    found += problems_of(page)
    found += [each for path in ("screen", "hands", "start-over") for each in problems_of(page, vote + path)]
    found += problems_of(waits, way_in)
    waits.get_by_label("The code on your slip").fill("wrong")
    waits.get_by_role("button", name="Show my ballot").click()
    expect(waits.locator(".error-summary")).to_be_visible()
    found += problems_of(waits) + problems_of(waits, slip) + problems_of(waits, f"{slip}?one=1")
    waits.goto(slip)
    waits.get_by_role("button", name="Submit my ballot").click()
    expect(waits.locator(".error-summary")).to_be_visible()
    found += problems_of(waits)
    first = waits.locator("fieldset").first.locator("input")
    first.last.check()
    if method == "rating":
        waits.locator("fieldset").nth(1).locator("input").last.check()
    hand_in(waits)
    found += problems_of(waits) + problems_of(phone(slip, scheme=scheme))
    page.goto(vote)
    page.get_by_role("button", name="Close the vote").click()
    expect(page.locator("#strengths-vote-standing")).to_contain_text("Closed")
    found += problems_of(page) + problems_of(page, f"{vote}screen") + problems_of(waits, slip)
    assert not found, "\n".join(found)
