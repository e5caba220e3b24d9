"""A group lead's evening: the room on a phone, a meeting held and closed, an action, and no way to addresses."""

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.test_first_visit import more

ROOM = "/c/riverbend-county/people/groups/2"


def _made_lead(demo: Server, page: Page) -> None:
    sign_in(page, demo.account("coordinator"))
    page.goto(ROOM)
    more(page, "Edit the group")
    page.get_by_label("Lead").select_option(label="Dan Reyes")
    page.get_by_role("button", name="Save the group").click()
    expect(page.get_by_text("Lead: Dan Reyes")).to_be_visible()


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_lead_holds_a_meeting_of_the_group_and_closes_it(demo: Server, new_page: NewPage) -> None:
    _made_lead(demo, new_page(demo))
    page = new_page(demo, viewport=PHONE, errors_expected=True)
    sign_in(page, demo.account("member"))
    page.goto(ROOM)
    assert _fits(page)

    more(page, "Plan a meeting")
    expect(page.get_by_label("Title")).to_have_value("Safe beds")
    page.get_by_label("Title").fill("Weekend rooms")
    page.get_by_label("Date").fill(datetime.now(ZoneInfo("America/Chicago")).date().isoformat())
    page.get_by_label("Time", exact=True).fill("00:00")
    page.get_by_role("button", name="Plan the meeting").first.click()
    page.get_by_role("link", name="Record the meeting").click()
    # The record saves and leads to the page that closes.
    page.get_by_role("button", name="Close the meeting").click()
    page.wait_for_url("**/close")
    page.get_by_role("button", name="Close the meeting").click()
    expect(page.get_by_text("The meeting is closed. Its minutes are ready").first).to_be_visible()

    page.goto(ROOM)
    page.get_by_text("Meetings and minutes").click()
    expect(page.locator("#coalitions-meetings").get_by_role("link", name="Minutes").first).to_be_visible()
    page.get_by_role("link", name="Add an action").click()
    page.get_by_label("What will be done").fill("Ask the motels for weekend rooms")
    page.get_by_role("button", name="Add the action").click()
    expect(page.get_by_role("link", name="Safe beds", exact=True)).to_be_visible()
    page.get_by_role("link", name="Delete this action").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("is back").first).to_be_visible()
    page.goto(ROOM)
    # The room names what comes first; an action without a day stands with all of the group's in the plan.
    page.get_by_role("link", name="open actions in the plan").click()
    expect(page.get_by_text("Ask the motels for weekend rooms").first).to_be_visible()

    for path in ("write?to=group:2", "addresses?to=group:2"):
        refused = page.goto(f"/c/riverbend-county/people/{path}")
        assert refused is not None and refused.status == 403
