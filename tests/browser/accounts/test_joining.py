"""On a phone: someone opens the invitation in their mail and joins without a password, and comes back by a link.

What they press and type is counted in Engage itself; opening a link in the mail program is one more press each.
"""

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from engage.coalitions.rules import Role
from tests.browser.conftest import PHONE, NewPage
from tests.browser.journeys.hand import Hand
from tests.browser.sites import Site, sign_in, sign_out
from tests.browser.test_pages import faults
from tests.browser.words import Words

OWN = "Create my account and join (my own phone or computer)"


def invited(site: Site, page: Page, whom: str, *, by_mail: bool = True) -> None:
    """Has a coordinator invite this person."""
    sign_in(page, site.person("Maria Santos", Role.COORDINATOR))
    page.goto("/c/riverbend/people/invitations/")
    page.get_by_label("Who is it for?").fill(whom)
    page.get_by_role("button", name="Send the invitations" if by_mail else "Make the links only").click()
    page.wait_for_url("**/invitations/**")


def path_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    found = re.search(r"/join/\S+", str(body.get_content()) if body is not None else "")
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("language", "javascript"), [("en", True), ("es", True), ("en", False)], ids=["en", "es", "no JavaScript"]
)
def test_whoever_opens_the_invitation_in_their_mail_joins_with_no_field_and_comes_back_by_a_link(
    site: Site, new_page: NewPage, language: str, javascript: bool
) -> None:
    address = f"ann-{language}-{javascript}@example.org".lower()
    invited(site, new_page(site.server), f"Ann Lee <{address}>")
    page = new_page(site.server, viewport=PHONE, locale=f"{language}-US", javascript=javascript)
    hand = Hand(page, Words(language))
    invitation = site.mail_to(address)
    page.goto(path_in(invitation))
    hand.press("Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text(hand.said("Your name"))
    expect(page.get_by_label(hand.said("Your name"))).to_have_value("Ann Lee")
    expect(page.locator("[name=password]")).to_have_count(0)
    if javascript:
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    hand.press(OWN)
    expect(page.get_by_label(hand.said("Your organization"))).to_be_visible()
    hand.note("Join by a mailed invitation")
    assert (hand.clicks, hand.fields) == (2, 0)

    page.context.clear_cookies()
    again = Hand(page, Words(language))
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(address)
    again.fields += 1
    again.press("E-mail me a sign-in link")
    page.wait_for_url("**/sign-in/link")
    page.goto(site.link_in(site.mail_to(address, after=invitation)))
    again.press("Sign in (my own phone or computer)")
    page.wait_for_url("**/c/riverbend/")
    print(f"coming back by a link, {language}: {again.clicks} clicks, {again.fields} fields")
    assert (again.clicks, again.fields) == (2, 1)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_copied_link_asks_for_a_password_and_a_mailed_one_lets_choose_it(
    site: Site, new_page: NewPage, language: str
) -> None:
    maria, address = new_page(site.server), f"ben-{language}@example.org"
    invited(site, maria, f"Ben Ortiz <{address}>", by_mail=False)
    maria.goto("/c/riverbend/people/invitations/")
    copied = maria.get_by_label("Link for Ben Ortiz", exact=True).first.input_value()
    page = new_page(site.server, viewport=PHONE, locale=f"{language}-US")
    hand = Hand(page, Words(language))
    page.goto(copied.removeprefix(site.server.url))
    hand.press("Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text(hand.said("Your name and password"))
    expect(page.get_by_role("link", name=hand.said("Join without a password"))).to_have_count(0)

    sign_out(maria)
    other = f"cy-{language}@example.org"
    invited(site, maria, other)
    hand = Hand(page, Words(language))
    page.goto(path_in(site.mail_to(other)))
    hand.press("Continue")
    hand.follow("Choose a password instead")
    hand.fill("Your name", "Cy Young")
    hand.fill("Password", "seven quiet herons")
    assert faults(page) == []
    hand.press(OWN)
    expect(page.get_by_label(hand.said("Your organization"))).to_be_visible()
    print(f"first coming with a password, {language}: {hand.clicks} clicks, {hand.fields} fields")
    assert (hand.clicks, hand.fields) == (3, 2)
