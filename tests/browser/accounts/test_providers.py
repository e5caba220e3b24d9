"""A member's ways in with an account of a provider, on a phone: joining by an invitation, and coming back."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.rules import Role
from engage.config import Config
from engage.extensions import db
from tests import databases, factories
from tests.accounts.providers import mock as mocks
from tests.accounts.providers.mock import Mock
from tests.browser import servers
from tests.browser.conftest import PHONE
from tests.browser.journeys.hand import Hand
from tests.browser.navigation import patient
from tests.browser.servers import Server
from tests.browser.words import Words

OWN = "%(provider)s (my own phone or computer)"
SHOTS = os.environ.get("PROVIDER_SHOTS")


@pytest.fixture
def provider() -> Iterator[Mock]:
    with mocks.serving() as mock:
        mock.person("ann", email="ann@example.org", email_verified=True, name="Ann Lee")
        yield mock


@pytest.fixture
def served(
    tmp_path: Path, new_folder: Callable[[Path], Path], provider: Mock
) -> Iterator[tuple[Server, str]]:
    """Serves an installation with the provider, and yields the path of an invitation, too."""
    folder, port = new_folder(tmp_path), servers.free_port()
    app = databases.app_of(Config.from_environment(folder, port=port))
    with app.app_context():
        maria = factories.make_membership(role=Role.COORDINATOR, name="Maria Santos")
        made = invitations_service.invite_people(maria, [Addressee("ann@example.org", "")], Role.MEMBER, 30)
        db.session.commit()
        link = f"/join/{invitations_service.token_of(made.invitations[0])}"
    databases.close(app)
    settings = {
        "ENGAGE_OIDC_1_NAME": "Lakeside",
        "ENGAGE_OIDC_1_ISSUER": provider.issuer,
        "ENGAGE_OIDC_1_CLIENT_ID": "engage",
        "ENGAGE_OIDC_1_CLIENT_SECRET": "open sesame",
        "ENGAGE_OIDC_1_PRIVATE": "on",
    }
    with servers.running(["serve", "--port", str(port)], folder, port, **settings) as server:
        yield server, link


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def at_the_provider(page: Page) -> None:
    page.get_by_placeholder("sub").fill("ann")
    page.get_by_role("button", name="Authorize").click()


@pytest.mark.parametrize(
    ("javascript", "language"),
    [(True, "en"), (False, "en"), (True, "es")],
    ids=["with JavaScript", "without JavaScript", "in Spanish"],
)
def test_joining_and_coming_back_with_an_account_of_a_provider(
    browser: Browser, served: tuple[Server, str], javascript: bool, language: str
) -> None:
    server, link = served
    context = phone(browser, server, javascript=javascript, language=language)
    page, said = patient(context.new_page()), Words(language)
    page.goto(link)
    first = Hand(page, said)
    first.press("Continue")
    shoot(page, "join")
    first.click(page.get_by_role("button", name=said("Join with %(provider)s") % {"provider": "Lakeside"}))
    at_the_provider(page)
    expect(page.get_by_label(said("Your name"))).to_have_value("Ann Lee")
    shoot(page, "name")
    first.press("Create my account and join (my own phone or computer)")
    expect(page.get_by_label(said("Your organization"))).to_be_visible()
    print(f"first coming by a provider, {language}: {first.clicks} clicks, {first.fields} fields")
    assert (first.clicks, first.fields) == (3, 0)
    page.goto("/account/")
    shoot(page, "account")
    page.locator("#main").get_by_role("button", name=said("Sign out")).click()
    page.wait_for_url("**/sign-in")
    shoot(page, "sign-in")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"] if javascript else True
    again = Hand(page, said)
    again.click(page.get_by_role("button", name=said(OWN) % {"provider": "Lakeside"}))
    at_the_provider(page)
    page.wait_for_url("**/c/**")
    print(f"coming back by a provider, {language}: {again.clicks} clicks, {again.fields} fields")
    assert (again.clicks, again.fields) == (1, 0)
    context.close()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_sign_in_in_a_second_tab_brings_the_text_back(
    browser: Browser, served: tuple[Server, str], language: str
) -> None:
    server, link = served
    context = phone(browser, server, language=language)
    page, said = patient(context.new_page()), Words(language)
    hand = Hand(page, said)
    page.goto(link)
    hand.press("Continue")
    hand.click(page.get_by_role("button", name=said("Join with %(provider)s") % {"provider": "Lakeside"}))
    at_the_provider(page)
    hand.press("Create my account and join (my own phone or computer)")
    page.wait_for_url("**/organization")
    page.goto("/account/")
    hand.fill("Your name", "Ann of the long text")
    context.clear_cookies()
    hand.press("Save the name")
    shoot(page, "on-the-way")
    with context.expect_page() as opened:
        page.get_by_role("button", name=said(OWN) % {"provider": "Lakeside"}).click()
    at_the_provider(opened.value)
    expect(opened.value.get_by_role("heading", name=said("Go back to your text"))).to_be_visible()
    shoot(opened.value, "done")
    hand.press("Continue")
    expect(page.get_by_label(said("Your name"))).to_have_value("Ann of the long text")
    context.close()


def phone(
    browser: Browser, server: Server, *, javascript: bool = True, language: str = "en"
) -> BrowserContext:
    made = browser.new_context(
        base_url=server.url,
        locale=f"{language}-US",
        viewport=PHONE,  # type: ignore[arg-type]
        java_script_enabled=javascript,
        has_touch=True,
        is_mobile=True,
    )
    made.set_default_timeout(60_000)
    return made
