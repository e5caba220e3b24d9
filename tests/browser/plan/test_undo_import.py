"""A plan comes in from a file, someone builds on it, and it is undone: by the keyboard's and the phone's user alike."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.servers import Server
from tests.browser.words import Words

ROWS = "Goal\tAction\nMore beds at night\tAsk nine landlords\nMore beds at night\tPrint the map\n"
HERE = "/c/riverbend-county/"


@pytest.mark.parametrize(
    ("language", "viewport", "javascript"),
    [("en", WIDE, True), ("es", PHONE, False)],
    ids=["english", "spanish, a phone, no javascript"],
)
def test_an_imported_plan_is_undone(
    demo: Server, new_page: NewPage, language: str, viewport: dict[str, int], javascript: bool
) -> None:
    words = Words(language)
    page = new_page(demo, viewport=viewport, javascript=javascript, locale=f"{language}-US")
    email, password = demo.account("coordinator")
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name=words("Sign in (my own phone or computer)")).click()
    page.wait_for_url("**/c/**")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.goto(f"{HERE}plan/import/")
    page.locator("[name=table]").fill(ROWS)
    page.get_by_role("button", name=words("Read the file")).click()
    page.get_by_role("button", name=words("Show what would happen")).click()
    page.get_by_role("button", name=words("Import now")).click()

    page.get_by_role("link", name=words("Undo this import"), exact=True).click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(words("Undo this import?"))
    page.get_by_role("link", name=words("Keep it")).click()
    expect(heading).to_have_text(words("Imports"))
    page.locator("#coalitions-imports .rows li").first.get_by_role("link").click()
    page.get_by_role("button", name=words("Undo this import")).click()

    expect(page.locator("body")).to_contain_text(words("The import is undone."))
    expect(page.locator("#coalitions-imports .rows li").first).to_contain_text(words("Undone"))
    page.goto(f"{HERE}plan/")
    expect(page.locator("body")).not_to_contain_text("Ask nine landlords")
