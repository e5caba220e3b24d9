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
from tests.browser.servers import Server

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


class Taps:
    """Counts what a person presses, and what they type into, in Engage itself."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.fields = page, 0, 0

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()
        self.taps += 1


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def at_the_provider(page: Page) -> None:
    page.get_by_placeholder("sub").fill("ann")
    page.get_by_role("button", name="Authorize").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_joining_and_coming_back_with_an_account_of_a_provider(
    browser: Browser, served: tuple[Server, str], javascript: bool
) -> None:
    server, link = served
    context = phone(browser, server, javascript=javascript)
    page = context.new_page()
    page.goto(link)
    first = Taps(page)
    first.press("Continue")
    shoot(page, "join")
    first.press("Join with Lakeside")
    at_the_provider(page)
    expect(page.get_by_label("Your name")).to_have_value("Ann Lee")
    shoot(page, "name")
    first.press("Create my account and join (my own phone or computer)")
    expect(page.get_by_label("Your organization")).to_be_visible()
    assert (first.taps, first.fields) == (3, 0)
    page.goto("/account/")
    shoot(page, "account")
    page.locator("#main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    shoot(page, "sign-in")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"] if javascript else True
    again = Taps(page)
    again.press("Lakeside (my own phone or computer)")
    at_the_provider(page)
    page.wait_for_url("**/c/**")
    assert (again.taps, again.fields) == (1, 0)
    context.close()


def test_a_sign_in_in_a_second_tab_brings_the_text_back(browser: Browser, served: tuple[Server, str]) -> None:
    server, link = served
    context = phone(browser, server)
    page = context.new_page()
    page.goto(link)
    Taps(page).press("Continue")
    Taps(page).press("Join with Lakeside")
    at_the_provider(page)
    Taps(page).press("Create my account and join (my own phone or computer)")
    page.goto("/account/")
    page.get_by_label("Your name").fill("Ann of the long text")
    context.clear_cookies()
    Taps(page).press("Save the name")
    shoot(page, "on-the-way")
    with context.expect_page() as opened:
        Taps(page).press("Lakeside (my own phone or computer)")
    at_the_provider(opened.value)
    expect(opened.value.get_by_role("heading", name="Go back to your text")).to_be_visible()
    shoot(opened.value, "done")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Your name")).to_have_value("Ann of the long text")
    context.close()


def phone(browser: Browser, server: Server, *, javascript: bool = True) -> BrowserContext:
    made = browser.new_context(
        base_url=server.url,
        locale="en-US",
        viewport=PHONE,  # type: ignore[arg-type]
        java_script_enabled=javascript,
        has_touch=True,
        is_mobile=True,
    )
    made.set_default_timeout(60_000)
    return made
