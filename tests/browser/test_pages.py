"""Every page of the demo in a real browser: axe, and what axe misses."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.servers import Server, sign_in

# Of kinds there are fewer: one more would go unseen.
MOST_PAGES = 200
# Plain addresses that end the visit or leave the site.
NOT_FOLLOWED = ("/leave", "/static/")
# A browser saves these and stays where it is.
DOWNLOADS = (".pdf", ".csv", ".xlsx", ".json", ".ics", ".zip", "/file")

MISSED_BY_AXE = """() => {
  const found = [];
  const shown = node => node.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  for (const group of document.querySelectorAll('input[type=radio]')) {
    const fieldset = group.closest('fieldset');
    if (!fieldset?.querySelector('legend')?.textContent.trim()) found.push('radio without legend: ' + group.name);
  }
  for (const field of document.querySelectorAll('[aria-invalid=true]'))
    if (!(field.getAttribute('aria-describedby') || '').split(' ').some(id => id.endsWith('-error')))
      found.push('error tied to no field: ' + field.name);
  for (const target of document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')) {
    if (!shown(target) || target.closest('p, li, td, th, dd, h1, h2, h3, .crumbs') && target.tagName === 'A') continue;
    if (['radio', 'checkbox'].includes(target.type)) continue;
    const box = target.getBoundingClientRect();
    if (box.width && box.bottom > 0 && (box.height < 24 || box.width < 24))
      found.push('small target: ' + (target.textContent.trim() || target.name) + ' ' + Math.round(box.height));
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.push('sideways scroll: ' + wide + ' px');
  return found;
}"""


def faults(page: Page) -> list[str]:
    """What axe finds on this page, and what it misses. Axe waits for timers: without JavaScript they never ring."""
    found = list(page.evaluate(MISSED_BY_AXE))
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        violations = Axe().run(page).response["violations"]
        found += [f"{violation['id']}: {violation['help']}" for violation in violations]
    return found


def addresses(page: Page, server: Server, start: str) -> list[str]:
    """Every page one can reach by links from `start`, one of each kind (numbers and keys count as one)."""
    kinds: dict[str, str] = {}
    waiting = [start]
    while waiting and len(kinds) < MOST_PAGES:
        path = waiting.pop(0)
        kind = re.sub(r"/\d+", "/0", urlsplit(path).path)
        kind = re.sub(
            r"/(items|areas|answers|indicators|groups|agreement|questions|results|sections)/[^/]+",
            r"/\1/x",
            kind,
        )
        if kind in kinds or path.startswith(NOT_FOLLOWED) or urlsplit(path).path.endswith(DOWNLOADS):
            continue
        answer = page.goto(path)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, f"{path} answered {answer.status}"
        kinds[kind] = path
        # A link of a picture gives its address as the attribute alone.
        resolved = "nodes => nodes.map(node => new URL(node.getAttribute('href'), document.baseURI).href)"
        links = page.eval_on_selector_all("a[href]", resolved)
        waiting += [
            link.removeprefix(server.url).split("#")[0] for link in links if link.startswith(server.url)
        ]
    return list(kinds.values())


@pytest.mark.parametrize("role", ["coordinator", "member"])
def test_every_page_passes_axe_and_what_axe_misses(demo: Server, new_page: NewPage, role: str) -> None:
    page = new_page(demo, viewport=WIDE)
    sign_in(page, demo.account(role))
    paths = addresses(page, demo, urlsplit(page.url).path)
    assert len(paths) > (25 if role == "coordinator" else 15)
    phone = new_page(demo, viewport={**PHONE, "width": 320})
    sign_in(phone, demo.account(role))
    found = []
    for path in paths:
        page.goto(path)
        result = Axe().run(page)
        found += [
            f"{path}: {violation['id']}: {violation['help']}" for violation in result.response["violations"]
        ]
        found += [f"{path}: {problem}" for problem in page.evaluate(MISSED_BY_AXE)]
        phone.goto(path)
        found += [f"{path} at 320 px: {problem}" for problem in phone.evaluate(MISSED_BY_AXE)]
    assert not found, "\n".join(found)


def test_dark_pages_keep_their_contrast(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, scheme="dark")
    sign_in(page, demo.account("coordinator"))
    slug = urlsplit(page.url).path.split("/")[2]
    for path in ("", "start/", "checklist/", "assessment/", "plan/", "people/", "settings/"):
        page.goto(f"/c/{slug}/{path}")
        violations = Axe().run(page).response["violations"]
        assert not violations, [(path, violation["id"]) for violation in violations]


def test_titles_are_unique_and_help_stands_in_one_place(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    titles: dict[str, str] = {}
    for path in addresses(page, demo, urlsplit(page.url).path):
        page.goto(path)
        # An address that leads on to another page has no title of its own.
        if "?" in path or urlsplit(page.url).path != path:
            continue
        title = page.title()
        assert title not in titles, f"{path} and {titles[title]} are both titled {title!r}"
        titles[title] = path
        assert page.locator("footer").get_by_role("link", name="Who to call").count() == 1
        assert page.locator("a#leave").is_visible()
