"""A coordinator's way from the first visit to an adopted plan, and the people who join on the way."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server

PASSWORD = "seven quiet herons"


def set_up(page: Page, server: Server) -> None:
    """Completes the setup wizard: the coordinator, the coalition, its shape."""
    page.goto(server.setup_path)
    page.get_by_role("button", name="Continue (my own").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Your name").fill("Maria Santos")
    page.get_by_label("E-mail address").fill("maria@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue (my own").click()
    page.get_by_label("Name of the coalition").fill("Riverbend County Coalition")
    page.get_by_label("The community it serves").fill("Riverbend County")
    # A script fills in the time zone of the browser, or nothing without a script.
    page.get_by_label("Time zone").select_option("America/Chicago")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("radio", name=re.compile("^New")).check()
    page.get_by_role("button", name="Save and begin").click()
    expect(page.get_by_role("heading", name="Your first evening")).to_be_visible()


IN_BEGIN = {"Getting Started", "Tips", "Learn"}


def menu(page: Page, entry: str) -> None:
    """Choose from the menu, which is folded on a phone, and see what was chosen."""
    if entry in IN_BEGIN:
        menu(page, "Begin")
        page.locator(".sections").get_by_role("link", name=entry).click()
        expect(page.locator(".sections [aria-current=page]")).to_have_text(entry)
        return
    fold = page.locator(".menu-fold > summary")
    if fold.is_visible():
        fold.click()
    link = page.locator(".side .menu-link").filter(has_text=entry).locator("visible=true")
    if not link.count():
        page.locator(".menu-more > summary").locator("visible=true").click()
    link.click()
    expect(page.locator(":is(.menu-wide, .beside-name) [aria-current=page]")).to_contain_text(entry)


def more(page: Page, entry: str) -> None:
    """Choose from the page's own menu *More*."""
    page.locator(".more-menu > summary").click()
    page.locator(".more-list").get_by_role("link", name=entry, exact=True).click()


def invite(page: Page, *addresses: str) -> list[str]:
    """Makes bound links; returns their addresses as the page shows them to copy."""
    menu(page, "People")
    page.get_by_role("link", name="Invit").first.click()
    page.get_by_label("Who is it for?").fill("\n".join(addresses))
    page.get_by_role("group", name="Role").first.get_by_label("Member").check()
    page.get_by_role("button", name="Make the links").click()
    page.get_by_role("heading", name="to hand out").wait_for()
    text = page.content()
    return list(dict.fromkeys(re.findall(r"http://127\.0\.0\.1:\d+(/join/[\w-]+)", text)))


def join(page: Page, link: str, name: str, email: str, organization: str, sector: str) -> None:
    """Follows an invitation: an account, an organization (new ones with their sector), what one can offer."""
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create my account and join (shared)").click()
    page.get_by_label("Your organization").fill(organization)
    page.get_by_label("Its sector").select_option(label=sector)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What can you offer?").fill("A room for twenty people")
    page.get_by_role("button", name="Finish").click()
    expect(page).to_have_url(re.compile(r"/c/riverbend-county-coalition/"))


def answer_an_area(page: Page, level: str) -> None:
    """Starts the open round, answers the first area on one page, and submits."""
    menu(page, "Assessment")
    page.get_by_role("link", name=re.compile("^(Answer|Continue)$")).click()
    page.get_by_role("button", name="Start answering", exact=True).click()
    expect(page).to_have_url(re.compile("/questions/"))
    menu(page, "Assessment")
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("link", name=re.compile("one page.*Leaving")).click()
    expect(page).to_have_url(re.compile("/areas/"))
    expect(page.get_by_role("button", name="Save and check your answers")).to_be_visible()
    for group in page.get_by_role("group").filter(has=page.locator("input[type=radio]")).all():
        group.get_by_role("radio", name=re.compile(f"{level}")).first.check()
    page.get_by_role("button", name="Save and check your answers").click()
    expect(page.get_by_role("heading", name=re.compile("Check your answers"))).to_be_visible()
    menu(page, "Assessment")
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("button", name="Submit my answers").click()
    expect(page).to_have_url(re.compile("/submitted"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_first_visit_to_an_adopted_plan(
    empty_server: Server, new_page: NewPage, javascript: bool
) -> None:
    maria = new_page(empty_server, javascript=javascript)
    set_up(maria, empty_server)
    links = invite(maria, "Dan Reyes <dan@example.org>", "keisha@example.org")
    assert len(links) == 2

    members = []
    people = [("Dan Reyes", "dan@example.org", "Grace Church", "Faith-based")]
    people.append(("Keisha Hall", "keisha@example.org", "Harbor House", "Nonprofit and community services"))
    menu(maria, "Assessment")
    maria.get_by_role("link", name="Open a round").first.click()
    maria.get_by_label("Title").fill("Community assessment")
    maria.get_by_role("button", name="Open the round").click()
    expect(maria.get_by_text("The round is open.").first).to_be_visible()
    for link, (name, email, organization, sector) in zip(links, people, strict=True):
        page = new_page(empty_server, viewport=PHONE, javascript=javascript)
        join(page, link, name, email, organization, sector)
        answer_an_area(page, "Starting")
        members.append(page)

    # The coordinator says where she comes from, answers too, and closes.
    maria.goto("/c/riverbend-county-coalition/people/me")
    maria.get_by_role("link", name=re.compile("Add my organization")).first.click()
    maria.get_by_label(re.compile("resident", re.I)).first.check()
    maria.get_by_role("button", name="Save", exact=True).click()
    expect(maria).to_have_url(re.compile("/people/me$"))
    answer_an_area(maria, "Absent")
    menu(maria, "Assessment")
    maria.get_by_role("link", name="Close the round").click()
    maria.get_by_role("button", name="Close the round").click()
    expect(maria.get_by_role("heading", level=1)).to_contain_text("What 3 of us said")

    # A gap becomes an action; the action gets a goal, and the plan is adopted.
    maria.get_by_role("link", name="Leaving and response", exact=True).click()
    expect(maria.get_by_role("heading", level=1)).to_have_text("Leaving and immediate response")
    maria.get_by_role("button", name=re.compile("action", re.I)).first.click()
    expect(maria.get_by_text("Action 1 is in the plan.").first).to_be_visible()
    menu(maria, "Plan")
    maria.get_by_role("link", name=re.compile("Add (a|the first) goal")).first.click()
    maria.get_by_label("Goal", exact=True).fill("Nobody waits for a safe bed")
    maria.get_by_role("button", name="Save").click()
    maria.get_by_role("link", name="Add an objective").first.click()
    maria.get_by_label("Objective", exact=True).fill("Places for young people within a day")
    maria.get_by_role("button", name="Save").click()
    more(maria, "Add an action with all its fields")
    maria.get_by_label("What will be done").fill("Ask two hotels for emergency rooms")
    belongs = maria.get_by_label("Goal or objective")
    objective = belongs.locator("option", has_text="Places for young people").first
    belongs.select_option(value=objective.get_attribute("value"))
    maria.get_by_label("Owner").select_option(label="Dan Reyes")
    maria.get_by_role("textbox", name="By when").fill(f"{datetime.now(UTC) + timedelta(days=5):%Y-%m-%d}")
    maria.get_by_role("button", name="Add the action").click()
    expect(maria.get_by_text("Added as action 2.").first).to_be_visible()
    menu(maria, "Plan")
    maria.get_by_role("link", name="Adopt this plan").click()
    maria.get_by_label("Meeting").fill("Planning session at the library")
    maria.get_by_role("button", name="Adopt the plan").click()
    expect(maria.locator(".lead", has_text="0 of 2 actions done")).to_be_visible()

    # Dan finds it waiting for him.
    members[0].goto("/c/riverbend-county-coalition/")
    expect(members[0].get_by_text("Ask two hotels for emergency rooms").first).to_be_visible()
