"""A phone that answers by the open link: what it keeps, and how its network goes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.assessment.test_answering_without_account import poster_link
from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server
from tests.browser.words import Words

KEPT = "/answer/kept"
SHOWN = ".kept-question:not([hidden])"
ROUND = "/c/riverbend-county/assessment/rounds/4/"
WORKER = f"navigator.serviceWorker.getRegistration('{KEPT}').then(each => Boolean(each?.active))"

STORED = """(async () => {
  const tables = [];
  for (const { name } of await indexedDB.databases()) {
    const asked = indexedDB.open(name);
    const database = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    for (const table of database.objectStoreNames) {
      const rows = database.transaction(table).objectStore(table).getAll();
      tables.push([name, table, await new Promise((done) => { rows.onsuccess = () => done(rows.result); })]);
    }
    database.close();
  }
  const pages = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const page = await cache.match(request, { ignoreVary: true });
      pages.push([name, request.url, [...request.headers], [...page.headers], await page.text()]);
    }
  }
  const workers = await navigator.serviceWorker.getRegistrations();
  const scopes = workers.map(({ scope, active }) => [scope, active.scriptURL]);
  return { tables, pages, workers: scopes, local: { ...localStorage }, session: { ...sessionStorage } };
})()"""


@contextmanager
def offline(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def open_link(
    demo: Server, new_page: NewPage, language: str = "en", prepare: Callable[[Page], object] | None = None
) -> Page:
    """Begins to answer by the open link on a phone, which keeps the questions unless it was prepared otherwise."""
    link, words = poster_link(new_page(demo), demo), Words(language)
    page = new_page(demo, viewport=PHONE, locale=f"{language}-US", errors_expected=True)
    if prepare:
        prepare(page)
    page.goto(link)
    page.locator("#sector").select_option("residents")
    page.get_by_role("button", name=words("Start answering")).click()
    expect(page).to_have_url(re.compile("/questions/"))
    if prepare not in (keep_nothing, refuse_storage):
        keeps(page)
    return page


def begin_round(page: Page) -> None:
    """Opens the question at which the member who is signed in left the round."""
    page.goto(ROUND)
    page.get_by_role("link", name=re.compile("Continue where you left|first question")).click()
    expect(page).to_have_url(re.compile("/questions/"))


def keeps(page: Page) -> None:
    """Waits until the phone keeps the questions."""
    until(page, "isReady")
    until(page, WORKER)


def keep_nothing(page: Page) -> None:
    """Makes it a browser that gets no key, and so keeps no questions."""
    page.route("**/keep", lambda route: route.abort())


def refuse_storage(page: Page) -> None:
    """Makes it a browser that stores nothing, as a private window may."""
    page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('Refused', 'SecurityError'); };"
    )


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


def stored(page: Page) -> dict[str, Any]:
    """Returns all that the browser stores for this site and that a script can read."""
    return dict(page.evaluate(STORED))


def leaving(page: Page) -> None:
    """Opens the real address, which ends the session, and stays on this machine."""

    def elsewhere(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        assert answer.status == 303
        headers = {name: value for name, value in answer.headers.items() if name != "location"}
        route.fulfill(status=200, body="Weather", headers={**headers, "content-type": "text/html"})

    page.route("**/leave", elsewhere)
