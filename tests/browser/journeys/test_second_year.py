"""What comes round in a coalition's second year: a Monday, a meeting, a quarter, an event, a report, handing over."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.journeys.hand import Hand


def day(later: int) -> str:
    """Returns the day that many days from today where the coalition is."""
    return (datetime.now(ZoneInfo("America/Chicago")) + timedelta(days=later)).date().isoformat()


def test_on_monday_ones_own_late_action_is_answered_and_the_others_are_reminded(hand: Hand) -> None:
    page = hand.page
    own = page.locator("#home-next .home-quick")
    hand.click(own.locator("summary"))
    hand.click(own.get_by_role("button", name=hand.said("On track")))
    expect(page.locator("#status")).not_to_be_empty()
    hand.follow("Remind everyone")
    hand.click(page.get_by_role("button", name=re.compile(f"^{hand.said('Copy the text')}")).first)
    sent = page.get_by_role("button", name=re.compile(f"^{hand.said('I sent it')}"))
    left = sent.count() - 1
    hand.click(sent.first)
    expect(sent).to_have_count(left)
    hand.note("Monday: answer one's own, remind the others")


def test_the_next_quarterly_meeting_is_the_last_one_on_another_day(hand: Hand) -> None:
    page = hand.page
    hand.menu("Meetings")
    hand.click(page.locator("#meetings-coming .row-link").first)
    hand.follow("Copy to another date")
    hand.fill("Date", day(90))
    hand.fill("Time", "18:00")
    hand.press("Make the copy")
    expect(page.locator("#meetings-agenda")).to_be_visible()
    hand.note("The next quarterly meeting")


def test_a_quarter_is_reviewed(hand: Hand) -> None:
    page = hand.page
    hand.menu("Plan")
    hand.more("Review and changes")
    hand.follow("Record this review")
    hand.choose(page.locator("select[name=meeting_id]"), index=1)
    hand.type(page.locator("textarea").first, "Two foster families are licensed; licensing takes long.")
    hand.press("Save")
    expect(page.locator("#main")).to_contain_text("licensing takes long")
    hand.note("Quarterly review")


def test_an_event_is_planned_and_open_for_sign_up(hand: Hand) -> None:
    page = hand.page
    hand.menu("Plan")
    hand.more("Activities")
    hand.follow("Plan an event")
    hand.fill("Title", "Evening for parents")
    hand.choose(page.locator("select[name=kind]"), index=1)
    hand.fill("Date", day(0))
    hand.type(page.locator("input[name=place]"), "Public library")
    hand.press("Plan the event")
    hand.follow("Let people sign up")
    hand.press("Open the sign-up page")
    hand.note("An event, planned")


def test_the_funders_report_is_kept_as_it_was_sent(hand: Hand) -> None:
    hand.menu("Reports")
    hand.follow("Funder report")
    hand.follow("Last quarter")
    hand.follow("Save a copy")
    hand.fill("Who it goes to, and what for", "State Office")
    hand.press("Save the copy")
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("State Office")
    hand.note("Funder report, kept as sent")


def test_everything_goes_to_one_person(hand: Hand) -> None:
    page = hand.page
    hand.menu("People")
    hand.follow("My profile")
    hand.follow("Hand over or leave")
    hand.choose(page.locator("select[name=to]"), label="Dan Reyes")
    hand.press("Hand over")
    # Only someone of her own organization may become its main contact.
    expect(page.locator("#main a[href*='/plan/actions/']")).to_have_count(0)
    hand.note("Hand everything over")
