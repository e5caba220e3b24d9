"""Answering without a network: nothing that the page says it keeps is lost, doubled or readable on the phone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.assessment.test_answering_without_account import poster_link
from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server
from tests.browser.words import Words

KEPT = "/answer/kept"
SHOWN = ".kept-question:not([hidden])"
LEVEL = SHOWN + " input[value='{}']"


@contextmanager
def offline(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def begun(demo: Server, new_page: NewPage, language: str = "en", page: Page | None = None) -> Page:
    """Begins to answer by the open link on a phone, which then keeps the questions."""
    link, words = poster_link(new_page(demo), demo), Words(language)
    page = page or new_page(demo, viewport=PHONE, locale=f"{language}-US", errors_expected=True)
    page.goto(link)
    page.locator("#sector").select_option("residents")
    page.get_by_role("button", name=words("Start answering")).click()
    expect(page).to_have_url(re.compile("/questions/"))
    ready(page)
    return page


def until(page: Page, script: str) -> None:
    """Waits for it without `wait_for_function`, which the pages' policy forbids."""
    for _try in range(600):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {script}")


def ready(page: Page) -> None:
    """Waits until the phone keeps the questions."""
    until(page, "isReady")
    until(page, "navigator.serviceWorker.getRegistration('/answer/kept').then(each => Boolean(each?.active))")


def waiting(page: Page) -> int:
    return int(page.evaluate("read().then(({waiting}) => waiting.length)"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_answering_goes_on_without_a_network_and_is_sent_when_it_is_back(
    demo: Server, new_page: NewPage, language: str
) -> None:
    words = Words(language)
    page = begun(demo, new_page, language)
    here = page.url
    with offline(page):
        page.locator("input[value='2']").press("Space")
        expect(page.locator("#kept")).to_contain_text(words("1 answer waits on this phone."))
        page.get_by_role("button", name=words("Continue")).click()
        page.wait_for_url(f"**{KEPT}#after-*")
        for level in ("3", "4"):
            answered = page.locator(SHOWN).get_attribute("id") or ""
            page.locator(LEVEL.format(level)).check()
            page.locator(f"{SHOWN} button").click()
            expect(page.locator(SHOWN)).not_to_have_id(answered)
        expect(page.locator("[data-count]")).to_contain_text("3")
        page.get_by_role("link", name=words("All questions")).locator("visible=true").click()
        expect(page.locator("[data-tag]:visible")).to_have_count(3)
        page.locator("#kept-list a").nth(1).click()
        expect(page.locator("[data-answered]:visible")).to_contain_text(words("Answered, waits"))
        assert page.locator(f"{SHOWN} input:checked").count() == 0
        page.locator(LEVEL.format("1")).check()
        expect(page.locator("[data-count]")).to_contain_text("3")
        # Opened again, still without a network.
        page.goto("about:blank")
        page.goto(KEPT)
        expect(page.locator("[data-count]")).to_contain_text("3")
    expect(page.locator("[data-said]")).to_have_text(words("Everything that was waiting has been sent."))
    assert waiting(page) == 0
    page.get_by_role("link", name=words("Continue with a connection")).click()
    expect(page.locator("#assessment-progress")).to_contain_text("3")
    page.goto(here)
    expect(page.locator("input:checked")).to_have_value("2")
