"""On a phone: someone asks for a link, opens it in the mail and is in; another browser only shows the code."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.sites import Site

WORDS = {
    "en": ("E-mail me a sign-in link", "Show the code", re.compile("^Sign in .my own")),
    "es": ("Envíenme un enlace para iniciar sesión", "Mostrar el código", re.compile("^Iniciar sesión .mi")),
}


def ask(page: Page, email: str, words: str) -> None:
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(email)
    page.get_by_role("button", name=words).click()
    page.wait_for_url("**/sign-in/link")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_link_in_the_mail_signs_in_the_phone_that_asked(
    site: Site, new_page: NewPage, language: str
) -> None:
    link_words, _show, own = WORDS[language]
    email = site.person(f"Lina {language}")
    page = new_page(site.server, viewport=PHONE, locale=f"{language}-US", javascript=language == "en")
    page.goto("/sign-in")
    # The first screen of a phone shows the password's form and the way by mail.
    box = page.get_by_role("button", name=link_words).bounding_box()
    assert box is not None and box["y"] + box["height"] <= PHONE["height"]
    # One field, and three presses: ask, the link in the mail, whose phone it is.
    ask(page, email, link_words)
    page.goto(site.link_in(site.mail_to(email)))
    page.get_by_role("button", name=own).click()
    page.wait_for_url("**/c/riverbend/")


@pytest.mark.parametrize("language", ["en", "es"])
def test_another_browser_shows_the_code_after_a_button_and_it_is_typed_where_it_was_asked_for(
    site: Site, new_page: NewPage, language: str
) -> None:
    link_words, show, own = WORDS[language]
    email = site.person(f"Omar {language}")
    page = new_page(site.server, viewport=PHONE, locale=f"{language}-US", javascript=language == "es")
    ask(page, email, link_words)
    mail = site.mail_to(email)
    other = new_page(site.server, viewport=PHONE, locale=f"{language}-US")
    other.goto(site.link_in(mail))
    expect(other.locator("main code")).to_have_count(0)
    other.get_by_role("button", name=show).click()
    code = other.locator("main code").inner_text()
    assert re.fullmatch(r"\d{6}", code) and code in str(mail.get_content())
    field = page.locator("[name=sign_in_mailed_code]")
    expect(field).to_have_attribute("inputmode", "numeric")
    field.fill(code)
    page.get_by_role("button", name=own).click()
    page.wait_for_url("**/c/riverbend/")
    # No one is signed in where the link was only looked at.
    other.goto("/account/")
    expect(other).to_have_url(re.compile("/sign-in"))
