"""What a coordinator does in the first year after the first evening, which is in `test_first_evening.py`."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.journeys.hand import Hand

SEVEN = (
    "Hilltop Clinic",
    "Mosque of the Valley",
    "Lakeside School",
    "Bar Association",
    "Rotary",
    "Motel 12",
    "Transit",
)


def test_the_round_is_closed_and_its_results_open(hand: Hand) -> None:
    hand.menu("Assessment")
    hand.follow("Close the round")
    hand.press("Close the round")
    hand.page.wait_for_url("**/results/**")
    hand.note("Close a round")


def test_a_gap_becomes_an_action_with_its_owner_and_day(hand: Hand) -> None:
    page = hand.page
    hand.click(page.locator("#home-gaps .gap-lines a[href$=language-and-access]"))
    gap = page.locator(page.url[page.url.index("#") :])
    hand.click(gap.get_by_role("button", name=re.compile(f"^{hand.said('Make this an action')}")))
    hand.fill("What will be done", "Ask two interpreters for evening hours")
    hand.choose(page.get_by_label(hand.said("Owner")), label="Dan Reyes")
    hand.fill("By when", "2099-10-04")
    hand.press("Save the action")
    expect(page.locator("#main")).to_contain_text("Ask two interpreters for evening hours")
    hand.note("From a gap to an action")


def test_a_meeting_is_planned_held_closed_and_its_minutes_printed(hand: Hand) -> None:
    page, said = hand.page, hand.said
    hand.menu("Meetings")
    hand.follow("Plan a meeting")
    hand.click(page.locator("input[name=kind][value=general]"))
    hand.fill("Title", "Winter meeting")
    hand.fill("Date", datetime.now(ZoneInfo("America/Chicago")).date().isoformat())
    hand.fill("Time", "00:00")
    hand.press("Plan the meeting")
    hand.follow("Draft the agenda")
    hand.press("Add the checked items to the agenda")
    hand.follow("Record the meeting")
    first = page.locator(".record-line").first
    hand.type(first.get_by_role("textbox", name=re.compile("^" + said("Notes"))), "Two people were new.")
    hand.click(first.get_by_text(said("Record a decision")))
    hand.type(first.get_by_label(re.compile(said("What was decided"))), "We print the card in Spanish")
    hand.click(first.get_by_role("button", name=re.compile(said("Add the decision"))))
    expect(first.locator(".record-came")).to_contain_text("card in Spanish")
    hand.click(first.get_by_text(said("Add an action")))
    hand.type(first.get_by_label(re.compile(said("What to do"))), "Ask the printer")
    hand.type(first.get_by_label(re.compile("^" + said("Who"))), "Dan Reyes")
    hand.click(first.get_by_role("button", name=re.compile(said("Add the action"))))
    expect(first.locator(".record-came")).to_contain_text("Ask the printer")
    hand.press("Take attendance")
    hand.press("Mark all present and save")
    hand.follow("Back to the meeting")
    hand.follow("Close the meeting")
    hand.press("Close the meeting")
    hand.follow("Minutes to print or send")
    expect(page.locator("#main")).to_contain_text("Ask the printer")
    page.evaluate("window.print = () => { window.printed = true; }")
    hand.press("Print")
    assert page.evaluate("window.printed")
    hand.note("A meeting, to its minutes")


def test_seven_organizations_are_pasted_at_once(hand: Hand) -> None:
    hand.menu("Partners")
    hand.follow("Import a list")
    sectors = [each.name for each in hand.said.content.sectors][:7]
    rows = [f"{name}\t{sector}" for name, sector in zip(SEVEN, sectors, strict=True)]
    hand.fill("Or paste the rows here", "\n".join(["Name\tSector", *rows]))
    hand.press("Read the file")
    hand.press("Show what would happen")
    hand.press("Import now")
    expect(hand.page.locator("#main")).to_contain_text(
        hand.said.count("%(num)s organization", "%(num)s organizations", 27)
    )
    hand.note("Seven organizations pasted")


def test_a_memorandum_is_added_as_signed(hand: Hand) -> None:
    page = hand.page
    hand.menu("Partners")
    hand.click(page.locator("#main").get_by_role("link", name=hand.said("Agreements"), exact=True))
    hand.follow("Add an agreement")
    hand.choose(page.locator("select[name=organization_id]"), label="Harbor House")
    hand.click(page.locator("input[name=kind]").first)
    hand.choose(page.locator("select[name=state]"), value="signed")
    hand.press("Add the agreement")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Harbor House")
    hand.note("A memorandum (MOU)")


def test_the_funders_report_of_the_last_quarter_is_there(hand: Hand) -> None:
    hand.menu("Reports")
    hand.follow("Funder report")
    hand.follow("Last quarter")
    expect(hand.page.locator("#main")).to_contain_text(hand.said("At a glance"))
    hand.note("Funder report, last quarter")


def test_something_is_found_again_by_a_word(hand: Hand) -> None:
    page = hand.page
    hand.type(page.get_by_role("searchbox").locator("visible=true").first, "foster")
    page.keyboard.press("Enter")
    hand.click(
        page.locator("#main a", has_text="Recruit four licensed foster families")
        .and_(page.locator("[href$='/plan/actions/1']"))
        .first
    )
    page.wait_for_url("**/plan/actions/1")
    hand.note("Find something again")


def test_what_was_deleted_is_back_at_once(hand: Hand) -> None:
    hand.menu("Plan")
    hand.more("Activities")
    hand.click(hand.page.get_by_role("link", name="Harvest dinner", exact=True))
    hand.more("Delete this activity")
    hand.press("Delete")
    hand.press("Undo")
    hand.page.goto("/c/riverbend-county/plan/activities/")
    expect(hand.page.get_by_role("link", name="Harvest dinner", exact=True)).to_be_visible()
    hand.note("Delete and undo")
