"""A coordinator steps back: one thing goes to one person, the rest to another, with a note; then it is with them."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from tests.browser.conftest import PHONE, NewPage
from tests.browser.journeys.hand import Hand
from tests.browser.sites import Site, sign_in
from tests.browser.test_pages import faults
from tests.browser.words import Words, speak


def led_by(site: Site, name: str, title: str) -> str:
    """Returns the address of a new action that this person leads."""
    with site.app.app_context():
        owner_id = db.session.scalars(sa.select(Membership.id).where(Membership.name == name)).one()
    return site.action(title=title, owner_id=owner_id)


@pytest.mark.parametrize(
    ("language", "javascript"), [("en", True), ("es", True), ("en", False)], ids=["en", "es", "no JavaScript"]
)
def test_a_coordinator_hands_one_thing_to_one_person_and_the_rest_to_another(
    site: Site, new_page: NewPage, language: str, javascript: bool
) -> None:
    which = f"{language}-{javascript}".lower()
    maria, ann, ben = (f"{name} {which}" for name in ("Maria", "Ann", "Ben"))
    maria_address = site.person(maria, Role.COORDINATOR)
    address = {name: site.person(name) for name in (ann, ben)}
    titles = [f"Print cards {which}", f"Book the hall {which}", f"Call the school {which}"]
    actions = [led_by(site, maria, title) for title in titles]
    page = new_page(site.server, viewport=PHONE, javascript=javascript)
    sign_in(page, maria_address)
    speak(page, site.server, language)
    page.goto("/c/riverbend/people/me")
    hand = Hand(page, Words(language))

    hand.follow("Hand over or leave")
    expect(page.get_by_role("heading", level=1)).to_have_text(hand.said("Hand over"))
    page.get_by_label(hand.said("Everything goes to")).select_option(label=ben)
    hand.fields += 1
    hand.click(page.locator("summary", has_text=hand.said("Choose a person for each")))
    page.get_by_label(re.compile(re.escape(titles[0]))).select_option(label=ann)
    hand.fields += 1
    hand.fill("Note for the person taking over", "The printer needs ten days.")
    if javascript:
        page.evaluate("scrollTo(0, 0)")  # the bar at the top covers what is below it
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    hand.press("Hand over")
    expect(page.locator("#main")).to_contain_text(
        hand.said("You hold nothing that someone else has to take over.")
    )
    expect(page.get_by_role("link", name=hand.said("Leave the coalition"))).to_be_visible()
    hand.note("Hand over, one thing to another person")
    assert (hand.clicks, hand.fields) == (3, 3)

    for action, owner in zip(actions, (ann, ben, ben), strict=True):
        page.goto(action)
        expect(page.locator("#main")).to_contain_text(owner)
    for name in (ann, ben):
        assert "ten days" in str(site.mail_to(address[name]).get_body(("plain",)))
