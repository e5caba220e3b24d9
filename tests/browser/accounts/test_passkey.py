"""Tests passkeys in Chromium with its virtual authenticator, on a 360-pixel phone, in both languages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import sites
from tests.browser.conftest import PHONE, NewPage
from tests.browser.sites import Site
from tests.browser.test_pages import faults
from tests.factories import PASSWORD


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory, new_folder: Callable[[Path], Path]) -> Iterator[Site]:
    """Provides a site at a name, localhost: browsers allow passkeys at no bare IP address."""
    with sites.running(new_folder(tmp_path_factory.mktemp("named")), host="localhost") as site:
        yield site


def with_authenticator(page: Page) -> None:
    """Puts a phone's passkeys into the browser; the person verifies themselves each time."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


WORDS = {
    "en-US": (
        "Add a passkey",
        "Make the passkey",
        "Use a passkey (my own phone or computer)",
        "Sign in (shared)",
    ),
    "es-US": (
        "Agregar una llave de acceso",
        "Crear la llave de acceso",
        "Usar una llave de acceso (mi propio teléfono o computadora)",
        "Iniciar sesión (compartido)",
    ),
}


@pytest.mark.parametrize("locale", WORDS)
def test_a_passkey_is_added_and_signs_in_with_one_press_and_no_field(
    named: Site, new_page: NewPage, locale: str
) -> None:
    add, make, use, shared = WORDS[locale]
    email = named.person("Ruth Adler" if locale == "en-US" else "Rosa Núñez")
    page = new_page(named.server, viewport=PHONE, locale=locale)
    with_authenticator(page)
    page.goto("/sign-in")
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name=shared).click()
    page.wait_for_url("**/c/**")
    page.goto("/account/passkeys")
    page.get_by_role("link", name=add).click()
    assert not faults(page)
    page.get_by_role("button", name=make).click()
    expect(page.locator(".account-session")).to_have_count(1)
    assert not faults(page)
    page.context.clear_cookies()
    page.goto("/sign-in")
    assert not faults(page)
    # One press and no field.
    page.get_by_role("button", name=use).click()
    page.wait_for_url("**/c/**")


def test_without_a_passkey_the_page_says_what_to_do_and_keeps_what_was_typed(
    named: Site, new_page: NewPage
) -> None:
    page = new_page(named.server, viewport=PHONE)
    with_authenticator(page)
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("maria@example.org")
    page.get_by_role("button", name="Use a passkey (shared)").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used.")
    expect(page.get_by_label("E-mail address")).to_have_value("maria@example.org")


def test_without_javascript_the_other_ways_stay_and_no_passkey_is_offered(
    named: Site, new_page: NewPage
) -> None:
    page = new_page(named.server, viewport=PHONE, javascript=False)
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Use a passkey (shared)")).to_have_count(0)
    expect(page.get_by_role("button", name="Sign in (shared)")).to_be_visible()
