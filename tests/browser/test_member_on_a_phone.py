"""A member's ten minutes on a 360-pixel phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.navigation import patient
from tests.browser.servers import Server, sign_in
from tests.browser.test_first_visit import menu


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_member_sees_what_waits_answers_ticks_and_updates(
    demo: Server, new_page: NewPage, javascript: bool
) -> None:
    page = new_page(demo, viewport=PHONE, javascript=javascript)
    sign_in(page, demo.account("member"))
    expect(page.get_by_role("heading", name=re.compile("Your tasks"))).to_be_visible()

    # One answer, saved, and back where they were.
    page.get_by_role("link", name="Continue answering").click()
    page.get_by_role("link", name=re.compile("Continue where you left")).click()
    page.get_by_role("radio", name=re.compile("^2 ")).check()
    statement = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(statement)
    page.go_back()
    expect(page.get_by_role("radio", name=re.compile("^2 "))).to_be_checked()

    # One tick.
    menu(page, "Tips")
    tick = page.locator("button.tick[aria-pressed=false]").first
    expect(tick).to_be_visible()
    before = page.locator("button.tick[aria-pressed=true]").count()
    tick.click()
    expect(page.locator("button.tick[aria-pressed=true]")).to_have_count(before + 1)

    # One update on an action that is theirs.
    menu(page, "Plan")
    page.get_by_role("link", name=re.compile("Mine")).click()
    expect(page.get_by_role("link", name=re.compile("Mine"))).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Recruit four licensed foster families for boys").click()
    said = f"Two families said yes ({'with' if javascript else 'without'} JavaScript)."
    page.get_by_role("textbox", name="New update").fill(said)
    page.get_by_role("button", name="Save the update").click()
    expect(page.get_by_text(said)).to_be_visible()


def test_a_tick_keeps_the_focus_and_says_what_it_did(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    menu(page, "Tips")
    tick = page.locator("button.tick[aria-pressed=false]:visible").last
    name = tick.get_attribute("id")
    tick.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Done")
    assert page.evaluate("document.activeElement.id") == name
    page.keyboard.press("Enter")
    expect(page.locator(f"#{name}")).to_have_attribute("aria-pressed", "false")


def test_an_answer_on_home_is_said_aloud_and_keeps_its_place(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, viewport=PHONE)
    sign_in(page, demo.account("member"))
    card = page.locator("#home-meeting")
    card.get_by_role("button", name="Yes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("You said yes.")
    expect(card.get_by_role("link", name="Change your answer")).to_be_focused()
    expect(card.get_by_role("link", name="Change your answer")).to_be_in_viewport()


def test_typed_text_survives_a_session_that_ended(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    page.goto("/c/riverbend-county/plan/actions/2")
    page.get_by_role("textbox", name="New update").fill("They can offer a second bed.")
    other = patient(page.context.new_page())
    other.goto("/account/")
    other.locator("#main").get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/sign-in")
    page.get_by_role("button", name="Save the update").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    email, password = demo.account("coordinator")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in (my own").click()
    expect(page.get_by_role("textbox", name="New update")).to_have_value("They can offer a second bed.")
    page.get_by_role("button", name="Save the update").click()
    expect(page.locator(".rows").get_by_text("They can offer a second bed.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_refused_line_far_down_a_long_page_is_in_sight_with_what_is_wrong(
    demo: Server, new_page: NewPage, javascript: bool
) -> None:
    page = new_page(demo, viewport=PHONE, javascript=javascript)
    sign_in(page, demo.account("member"))
    menu(page, "Meetings")
    page.locator("#meetings-coming .row-link").first.click()
    page.get_by_role("link", name="Record the meeting").click()
    line = page.locator(".record-line").nth(5)
    line.locator("> summary").click()
    notes = line.get_by_role("textbox", name=re.compile("^Notes"))
    notes.fill("Call 555-123-4567")
    page.get_by_role("button", name="Save", exact=True).click()
    if javascript:
        expect(line.get_by_text("This looks like it contains a phone number")).to_be_in_viewport()
    else:
        expect(page.locator(".error-summary")).to_be_focused()
        expect(page.locator(".error-summary")).to_be_in_viewport()
    expect(notes).to_have_value("Call 555-123-4567")


def test_what_is_said_of_a_saved_answer_covers_nothing_that_stays_in_view(
    demo: Server, new_page: NewPage
) -> None:
    page = new_page(demo, viewport=PHONE, touch=True)
    sign_in(page, demo.account("member"))
    page.goto("/c/riverbend-county/assessment/rounds/4/questions/public-understanding")
    if (start := page.get_by_role("button", name="Start answering")).count():
        start.click()
    page.get_by_role("radio").nth(2).check()
    expect(page.locator("#status")).to_have_text("Saved")
    said, stays = page.locator(".toast").bounding_box(), page.locator(".wizard-foot").bounding_box()
    assert said is not None
    assert stays is not None
    assert said["y"] + said["height"] <= stays["y"]
    # Beside Continue it is seen already.
    expect(page.locator(".wizard-foot").get_by_text("Saved.")).to_be_in_viewport()
    expect(page.locator(".toast")).to_have_css("clip-path", "inset(50%)")


def test_no_connection_is_said_and_nothing_is_lost(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, errors_expected=True)
    sign_in(page, demo.account("coordinator"))
    menu(page, "Tips")
    page.route("**/tick*", lambda route: route.abort())
    page.locator("button.tick[aria-pressed=false]").first.click()
    expect(page.locator("#status")).to_contain_text("Not saved: no connection")


def test_leaving_ends_the_session_and_opens_an_ordinary_site(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, javascript=False)
    sign_in(page, demo.account("coordinator"))
    here = page.url
    page.route("https://**", lambda route: route.abort())
    answer = page.request.get("/leave", max_redirects=0)
    assert answer.status == 303
    assert not answer.headers["location"].startswith(demo.url)
    page.goto(here)
    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_link_in_a_row_looks_like_one_where_nothing_hovers(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, viewport=PHONE, touch=True)
    sign_in(page, demo.account("member"))
    page.goto("/c/riverbend-county/plan/")
    assert page.evaluate("matchMedia('(hover: none)').matches")
    for kind in (".row-link", "a.plan-change"):
        looks = page.locator(f"{kind}:visible").evaluate_all(
            "links => links.map(link => getComputedStyle(link))"
            ".map(look => [look.textDecorationLine, look.textDecorationColor === look.color].join(' '))"
        )
        assert looks, f"the plan shows no {kind}"
        assert set(looks) == {"underline true"}, kind
