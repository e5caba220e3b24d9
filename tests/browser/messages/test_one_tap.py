"""A phone of 360 pixels: from the reminder's mail to one press, Undo, and the coordinator's Home, in both languages."""

import re
from datetime import date

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from engage.accounts.models import User
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from tests.browser.conftest import PHONE, NewPage
from tests.browser.sites import Site, sign_in

WORDS = {
    "en-US": ("I need help", "You said: I need help.", "Undo", "Undone."),
    "es-US": ("Necesito ayuda", "Usted dijo: Necesito ayuda.", "Deshacer", "Deshecho."),
}


@pytest.mark.parametrize("locale", ["en-US", "es-US"])
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_one_tap_from_the_mail_asks_for_help_and_is_undone(
    site: Site, new_page: NewPage, javascript: bool, locale: str
) -> None:
    button, said, undo, undone = WORDS[locale]
    name = f"Tap {locale} {'with' if javascript else 'without'}"
    title = f"Print the cards for {name}"
    writer = site.person(f"{name} Writer", Role.COORDINATOR)
    reader = site.person(name, language=locale[:2])
    with site.app.app_context():
        user = sa.select(User.id).where(User.email == reader).scalar_subquery()
        owner = db.session.scalars(sa.select(Membership.id).where(Membership.user_id == user)).one()
    site.action(title=title, owner_id=owner, due_on=date(2026, 1, 5))
    desk = new_page(site.server, viewport=PHONE, javascript=javascript)
    sign_in(desk, writer)
    desk.goto("/c/riverbend/messages/remind")
    row = desk.locator(".reminder").filter(has=desk.get_by_role("heading", name=name, exact=True))
    row.get_by_role("button", name=re.compile("Send by e-mail")).click()
    mail = site.mail_to(reader)
    assert mail["Subject"] in {"Engage: 1 thing waits", "Engage: 1 asunto espera"}
    body = mail.get_body(("plain",))
    assert body is not None
    path = re.findall(r"http://\S+?(/say/\S+/stuck)", body.get_content())[0]

    phone = new_page(site.server, viewport=PHONE, javascript=javascript, locale=locale, touch=True)
    phone.goto(path)
    expect(phone.get_by_role("heading", level=1)).to_have_text(title)
    _fits(phone)
    phone.locator("main").get_by_role("button", name=button, exact=True).click()
    expect(phone.get_by_text(said)).to_be_visible()
    _fits(phone)
    desk.goto("/c/riverbend/")
    expect(desk.locator("#home-by-mail")).to_contain_text(title)
    phone.locator("main").get_by_role("button", name=undo, exact=True).click()
    expect(phone.get_by_text(undone)).to_be_visible()
    assert phone.context.cookies() == []
    desk.goto("/c/riverbend/")
    expect(desk.locator("#home-by-mail").filter(has_text=title)).to_have_count(0)


def _fits(page: Page) -> None:
    """Checks that nothing scrolls sideways and that the buttons are large enough for a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for each in page.locator("main button").all():
        box = each.bounding_box()
        assert box is not None and box["height"] >= 40
