"""Tests how a person signs in, and how they stop: on a 360-pixel phone, with and without JavaScript."""

import re
import time
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from engage.accounts.models import SignedIn
from engage.extensions import db
from tests.browser.conftest import PHONE, NewPage
from tests.browser.sites import Site, give_password, sign_in, sign_out
from tests.browser.test_pages import faults
from tests.browser.words import Words
from tests.factories import PASSWORD

ways = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])


def give_code(page: Page, code: str) -> None:
    """Does the second step of signing in."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Your code")
    page.get_by_role("textbox", name="Code", exact=True).fill(code)
    page.get_by_role("button", name="Sign in").click()


@ways
def test_a_second_factor_is_set_up_and_asked_for_and_a_recovery_code_stands_in_for_it(
    site: Site, new_page: NewPage, javascript: bool
) -> None:
    email = site.person("Ruth Adler")
    page = new_page(site.server, viewport=PHONE, javascript=javascript)
    sign_in(page, email)
    page.goto("/account/")
    page.get_by_role("link", name="Two-step sign-in").click()
    page.get_by_role("link", name="Set up two-step sign-in").click()
    expect(page.locator(".account-key")).to_be_visible()
    assert not faults(page)
    key = page.locator(".account-key").inner_text().replace(" ", "")
    expect(page.get_by_role("link", name="Open it in the app")).to_have_attribute(
        "href", re.compile(f"^otpauth://totp/.*secret={key}")
    )

    # A code that is not right: said at the field, and the key is the same.
    page.get_by_role("textbox", name="Code", exact=True).fill("12345")
    page.get_by_role("button", name="Turn on two-step sign-in").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_role("textbox", name="Code", exact=True)).to_have_attribute("aria-invalid", "true")
    assert page.locator(".account-key").inner_text().replace(" ", "") == key

    app = pyotp.TOTP(key)
    shown = app.now()
    page.get_by_role("textbox", name="Code", exact=True).fill(shown)
    page.get_by_role("button", name="Turn on two-step sign-in").click()
    shown_codes = page.locator(".account-codes code")
    expect(shown_codes).to_have_count(10)
    codes = shown_codes.all_inner_texts()
    assert not faults(page)
    page.get_by_role("link", name="I saved the codes. Continue").click()
    expect(page.get_by_text("You have 10 unused recovery codes")).to_be_visible()

    # The code that turned it on is used; the app's next one lets in.
    sign_out(page)
    give_password(page, email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your code")
    assert not faults(page)
    give_code(page, shown)
    expect(page.get_by_text("That code was already used").first).to_be_visible()
    give_code(page, next_code(app, shown))
    page.wait_for_url("**/c/riverbend/")

    sign_out(page)
    give_password(page, email)
    page.get_by_text("Don't have your phone?").click()
    page.get_by_role("textbox", name="Recovery code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(
        page.get_by_text("That recovery code cannot be used again. You have 9 left.").first
    ).to_be_visible()


def next_code(app: pyotp.TOTP, shown: str) -> str:
    """Returns a code after `shown`; the next half minute's is accepted already, because clocks may differ."""
    return app.now() if app.now() != shown else app.at(int(time.time()), counter_offset=1)


@ways
def test_a_browser_elsewhere_is_signed_out_from_here(site: Site, new_page: NewPage, javascript: bool) -> None:
    email = site.person("Pilar Ortiz")
    left_behind = new_page(site.server)
    sign_in(left_behind, email)
    page = new_page(site.server, viewport=PHONE, javascript=javascript)
    sign_in(page, email)
    page.goto("/account/")
    page.get_by_role("link", name="Where you are signed in").click()
    rows = page.locator("#accounts-sessions li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="This browser").get_by_role("button")).to_have_count(0)
    assert not faults(page)
    page.get_by_role("button", name=re.compile("^End")).click()
    expect(rows).to_have_count(1)
    expect(page.get_by_text("You are not signed in anywhere else.").first).to_be_visible()
    left_behind.goto("/account/")
    expect(left_behind).to_have_url(re.compile("/sign-in"))


@ways
def test_a_new_address_holds_when_its_link_was_opened(
    site: Site, new_page: NewPage, javascript: bool
) -> None:
    old = site.person("Keisha Hall")
    new = old.replace("person", "keisha")
    page = new_page(site.server, viewport=PHONE, javascript=javascript)
    sign_in(page, old)
    page.goto("/account/")
    page.get_by_role("link", name="Change the address").click()
    page.get_by_label("New e-mail address").fill("keisha at example")
    page.get_by_role("button", name="Save the address").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("New e-mail address")).to_have_value("keisha at example")
    assert not faults(page)
    page.get_by_label("New e-mail address").fill(new)
    page.get_by_role("button", name="Save the address").click()
    expect(page.get_by_text(f"If {new} can be used here, a link was sent to it.").first).to_be_visible()
    expect(page.get_by_text(f"You sign in with {old}.")).to_be_visible()

    page.goto(site.link_in(site.mail_to(new)))
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your new address")
    assert not faults(page)
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_text(f"You sign in with {new}.")).to_be_visible()
    assert "address" in str(site.mail_to(old).get_content())

    sign_out(page)
    give_password(page, old)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    sign_in(page, new)


@ways
def test_an_account_is_deleted_after_reading_what_goes_and_what_stays(
    site: Site, new_page: NewPage, javascript: bool
) -> None:
    email = site.person("Thuy Nguyen")
    page = new_page(site.server, viewport=PHONE, javascript=javascript)
    sign_in(page, email)
    page.goto("/account/")
    page.get_by_role("link", name="Delete your account").click()
    for heading in ("Deleted", "Kept", "Your tasks and roles"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert not faults(page)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_text("Your account is deleted.").first).to_be_visible()
    page.goto("/account/")
    expect(page).to_have_url(re.compile("/sign-in"))
    give_password(page, email)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def test_a_password_can_be_looked_at_while_it_is_typed(site: Site, new_page: NewPage) -> None:
    page = new_page(site.server, viewport=PHONE)
    page.goto("/sign-in")
    field, shows = page.get_by_label("Password"), page.get_by_role("button", name="Show password")
    field.fill("seven quiet herons")
    shows.click()
    expect(field).to_have_attribute("type", "text")
    expect(shows).to_have_attribute("aria-pressed", "true")
    shows.click()
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_value("seven quiet herons")


@pytest.mark.parametrize(
    ("javascript", "language"),
    [(True, "en"), (False, "en"), (True, "es")],
    ids=["with JavaScript", "without JavaScript", "in Spanish"],
)
def test_a_phone_of_ones_own_is_still_signed_in_after_fifteen_days_and_asks_after_sixty_one(
    site: Site, new_page: NewPage, javascript: bool, language: str
) -> None:
    said, email = Words(language), site.person("Noor Haddad")
    page = new_page(site.server, viewport=PHONE, javascript=javascript, locale=f"{language}-US")
    page.goto("/sign-in")
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name=said("Sign in (my own phone or computer)")).click()
    page.wait_for_url("**/c/riverbend/")
    # On day 15 nothing is pressed or typed; 46 days without a visit later the page asks.
    for days, heading in ((15, "Your account"), (46, "Sign in")):
        with site.app.app_context():
            for row in db.session.scalars(sa.select(SignedIn)):
                row.last_seen_at -= timedelta(days=days)
                row.created_at -= timedelta(days=days)
            db.session.commit()
        page.goto("/account/")
        expect(page.get_by_role("heading", level=1)).to_have_text(said(heading))


def test_a_password_is_changed_by_keyboard_alone_and_a_fault_leads_to_its_field(
    site: Site, new_page: NewPage
) -> None:
    page = new_page(site.server, viewport=PHONE)
    sign_in(page, site.person("Tom Fischer"))
    page.goto("/account/password")
    page.get_by_label("Current password").focus()
    page.keyboard.type("not my password")
    page.keyboard.press("Tab")  # *Show password*
    page.keyboard.press("Tab")
    page.keyboard.type("nine gray otters")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Current password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")  # *Show password*
    page.keyboard.press("Tab")
    page.keyboard.type("nine gray otters")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your new password is saved.").first).to_be_visible()
