"""The installation's administration, and a coordinator who removes a text: on a 360-pixel phone."""

import re

from playwright.sync_api import expect

from engage.coalitions.rules import Role
from tests.browser.accounts.test_account import ways
from tests.browser.conftest import PHONE, NewPage
from tests.browser.sites import Site, give_password, sign_in
from tests.browser.test_first_evening import ZONE
from tests.browser.test_first_visit import menu
from tests.browser.test_pages import faults


@ways
def test_an_admin_makes_a_coalition_and_hands_over_its_link(
    site: Site, new_page: NewPage, javascript: bool
) -> None:
    name = f"Lake County Coalition, started {'with' if javascript else 'without'} a script on a telephone"
    page = new_page(site.server, viewport=PHONE, javascript=javascript, zone=ZONE)
    sign_in(page, site.person("Samuel Okafor", is_admin=True))
    page.goto("/account/")
    page.get_by_role("link", name="Administration").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Coalitions on this site")
    assert not faults(page)
    page.get_by_role("link", name="New coalition").click()
    page.get_by_role("button", name="Create the coalition").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert not faults(page)
    page.get_by_label("Name of the coalition").fill(name)
    if not javascript:
        page.get_by_label("Time zone").select_option(ZONE)
    page.get_by_role("button", name="Create the coalition").click()
    link = page.get_by_label("Link for the coordinator").input_value()
    assert not faults(page)
    page.get_by_role("link", name="I have given it to them").click()
    expect(page.get_by_role("heading", name="No coordinator")).to_be_visible()
    assert not faults(page)

    theirs = new_page(site.server, viewport=PHONE, javascript=javascript)
    theirs.goto(link.removeprefix(site.server.url))
    expect(theirs.get_by_text(name).first).to_be_visible()


@ways
def test_an_admin_finds_an_account_and_stops_it(site: Site, new_page: NewPage, javascript: bool) -> None:
    stopped = site.person("Bartholomew Featherstonehaugh-Cholmondeley")
    page = new_page(site.server, viewport=PHONE, javascript=javascript)
    sign_in(page, site.person("Lena Price", is_admin=True))
    page.goto("/admin/accounts/")
    assert not faults(page)
    page.get_by_label("Part of a name or address").fill(stopped)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("Found: 1.")).to_be_visible()
    page.get_by_role("link", name="Bartholomew").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bartholomew")
    assert not faults(page)
    page.get_by_role("button", name="Suspend this account").click()
    expect(page.get_by_text("Cannot sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Let them sign in again")).to_be_visible()
    theirs = new_page(site.server, viewport=PHONE)
    give_password(theirs, stopped)
    expect(theirs.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.goto("/admin/health")
    expect(page.get_by_role("heading", level=1)).to_have_text("Health of this site")
    assert not faults(page)


@ways
def test_a_reported_text_is_removed_for_good(site: Site, new_page: NewPage, javascript: bool) -> None:
    words = f"The shelter is the {'blue' if javascript else 'green'} house at the end of Mill Road"
    address = site.action(title="Drive the van", details=words)
    page = new_page(site.server, viewport=PHONE, javascript=javascript)
    sign_in(page, site.person("Grace Lindqvist"))
    page.goto(address)
    page.get_by_role("link", name="Report a problem with this page").click()
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("radio", name="It gives an address").check()
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_url(f"**{address}")

    coordinating = new_page(site.server, viewport=PHONE, javascript=javascript)
    sign_in(coordinating, site.person("Maria Santos", Role.COORDINATOR))
    menu(coordinating, "Settings")
    coordinating.get_by_role("link", name="Access and privacy").click()
    coordinating.get_by_role("link", name="Reported wording").click()
    heading = coordinating.get_by_role("heading", level=1)
    expect(heading).to_have_text("Reported wording")
    assert not faults(coordinating)
    coordinating.get_by_role("link", name="See what this page says").click()
    coordinating.get_by_role("checkbox", name=words).check()
    assert not faults(coordinating)
    coordinating.get_by_role("button", name="Continue").click()
    expect(heading).to_have_text("Remove this for good?")
    assert not faults(coordinating)
    coordinating.get_by_role("button", name="Remove for good").click()
    expect(coordinating.get_by_text(re.compile(r"removed for good\.")).first).to_be_visible()
    coordinating.goto(address)
    expect(coordinating.get_by_text("[removed", exact=False).first).to_be_visible()
    page.reload()
    expect(page.get_by_text(words)).to_have_count(0)
