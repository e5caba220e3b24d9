"""A training from planned to counted: ten people sign up on phones, one cancels, some sign in at the door."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.coalitions.test_group_lead import _fits
from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.test_pages import faults

NAMES = [f"{first} Ito" for first in ("Ana", "Ben", "Cleo", "Dora", "Eli", "Fay", "Gus", "Hal", "Ida", "Jo")]


def _signed_up(page: Page, link: str, name: str) -> str:
    page.goto(link)
    page.get_by_role("textbox", name="Your name").fill(name)
    page.get_by_role("textbox", name="Phone number").fill("555-0100")
    page.locator("form.panel button[type=submit]").click()
    expect(page.get_by_role("button", name="Cancel my sign-up")).to_be_visible()
    return page.url


def test_a_training_is_planned_filled_by_ten_phones_held_and_counted(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    page.goto("/c/riverbend-county/plan/activities/")
    page.get_by_role("link", name="Plan an event").click()
    page.get_by_label("Title").fill("Training for school nurses")
    page.get_by_label("Kind").select_option(label="Training")
    page.get_by_label("Date").fill(datetime.now(ZoneInfo("America/Chicago")).date().isoformat())
    page.get_by_role("textbox", name="Place").fill("Public library")
    page.get_by_role("button", name="Plan the event").click()
    page.wait_for_url(re.compile(r"/activities/\d+"))
    event = page.url
    page.get_by_role("link", name="Let people sign up").click()
    page.get_by_label("Number of spots").fill("8")
    page.get_by_role("button", name="Open the sign-up page").click()
    link = page.get_by_role("link", name="Open the page").get_attribute("href") or ""
    link = link[link.index("/events/") :]

    phone = new_page(demo, viewport=PHONE, javascript=False)
    phone.goto(link)
    assert _fits(phone)
    assert not faults(phone)
    own = [_signed_up(phone, link, name) for name in NAMES]
    assert _fits(phone)
    expect(phone.get_by_text("Your place on the list: 2.")).to_be_visible()
    phone.goto(own[0])
    phone.get_by_role("button", name="Cancel my sign-up").click()
    expect(phone.get_by_role("button", name="Cancel my sign-up")).to_have_count(0)
    phone.goto(own[8])
    expect(phone.get_by_text("Ida Ito, you are signed up.")).to_be_visible()
    phone.get_by_role("button", name="I am here").click()
    expect(phone.get_by_text("Thank you for coming, Ida Ito.")).to_be_visible()

    page.reload()
    page.get_by_role("button", name="Sign-in sheet to print").click()
    channel = page.locator(".invite-link").inner_text()
    channel = channel[channel.index("/events/") :].strip()
    for name in ("ben ito", "Somebody New"):
        phone.goto(channel)
        assert _fits(phone)
        phone.get_by_role("textbox", name="Your name").fill(name)
        phone.get_by_role("button", name="I am here").click()
        expect(phone.get_by_text("Thank you. You are signed in.")).to_be_visible()

    page.goto(event)
    page.get_by_role("link", name="Ask for feedback").click()
    page.get_by_role("link", name="Add a question").click()
    page.get_by_role("textbox", name="Question").fill("Was the training useful?")
    page.get_by_label("After the event").check()
    page.get_by_label("Yes or no").check()
    page.get_by_role("button", name="Add the question").click()
    page.get_by_role("button", name="Let people answer").click()
    asked = page.get_by_role("link", name="Open the page").get_attribute("href") or ""
    asked = asked[asked.index("/feedback/") :]
    # Ten people hand one phone around; an eleventh opens what the one before sent as little as they do.
    guest = new_page(demo, viewport=PHONE, javascript=False)
    guest.goto(asked)
    for each in ["Yes"] * 6 + ["No"] * 4:
        expect(guest.get_by_role("button", name="Send my answers")).to_be_visible()
        assert _fits(guest)
        assert not faults(guest)
        guest.get_by_label(each, exact=True).check()
        guest.get_by_role("button", name="Send my answers").click()
        expect(guest.get_by_text("Thank you. Your answers are in.")).to_be_visible()
        assert not faults(guest)
        guest.get_by_role("button", name="Start over for someone else").click()
    expect(guest.get_by_label("No", exact=True)).not_to_be_checked()
    page.reload()
    expect(page.get_by_text("10 people answered after the event.").first).to_be_visible()
    page.get_by_role("link", name="Close the questions").click()
    page.get_by_role("button", name="Close the questions").click()
    expect(page.locator(".feedback-result")).to_contain_text("Was the training useful?")
    assert not faults(page)

    page.goto(event)
    page.get_by_role("button", name="Count the 3 people who signed in").click()
    expect(page.get_by_text("3 people are now counted in every report.").first).to_be_visible()
    expect(page.get_by_text("Held", exact=True)).to_be_visible()
