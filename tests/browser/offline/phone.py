"""A phone that answers by the open link: what it keeps, and how its network goes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.assessment.test_answering_without_account import poster_link
from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server
from tests.browser.words import Words

KEPT = "/answer/kept"
SHOWN = ".kept-question:not([hidden])"
WORKER = f"navigator.serviceWorker.getRegistration('{KEPT}').then(each => Boolean(each?.active))"


@contextmanager
def offline(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def open_link(demo: Server, new_page: NewPage, language: str = "en", *, is_able: bool = True) -> Page:
    """Begins to answer by the open link on a phone, which keeps the questions or cannot."""
    link, words = poster_link(new_page(demo), demo), Words(language)
    page = new_page(demo, viewport=PHONE, locale=f"{language}-US", errors_expected=True)
    if not is_able:
        keep_nothing(page)
    page.goto(link)
    page.locator("#sector").select_option("residents")
    page.get_by_role("button", name=words("Start answering")).click()
    expect(page).to_have_url(re.compile("/questions/"))
    if is_able:
        keeps(page)
    return page


def keeps(page: Page) -> None:
    """Waits until the phone keeps the questions."""
    until(page, "isReady")
    until(page, WORKER)


def keep_nothing(page: Page) -> None:
    """Makes it a browser that gets no key, and so keeps no questions."""
    page.route("**/keep", lambda route: route.abort())


def until(page: Page, script: str) -> None:
    """Waits for it without `wait_for_function`, which the pages' policy forbids."""
    for _try in range(600):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {script}")


def waiting(page: Page) -> int:
    """Returns how many answers wait on this phone."""
    return int(page.evaluate("read().then(({waiting}) => waiting.length)"))
