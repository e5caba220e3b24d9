"""Every page of the demo in a real browser: axe, and what axe misses."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.servers import Server, sign_in

# Of kinds there are fewer. A crawl that finds so many has met addresses that never end.
MOST_KINDS = 300
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


def violations(page: Page) -> list[str]:
    """What axe finds. Its package's own `run` fetches all that passed as well, and that is most of it."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(all => all.violations.map(each => `${each.id}: ${each.help}`))"
    )
    return found


def faults(page: Page) -> list[str]:
    """Returns what axe finds on this page, and what it misses.

    Axe waits for timers, which never fire without JavaScript.
    """
    found = list(page.evaluate(MISSED_BY_AXE))
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        found += violations(page)
    return found


def kind_of(path: str) -> str:
    """Numbers and keys count as one."""
    kind = re.sub(r"/\d+", "/0", urlsplit(path).path)
    named = "items|areas|answers|indicators|groups|agreement|questions|results|sections"
    return re.sub(rf"/({named})/[^/]+", r"/\1/x", kind)


def crawl(page: Page, server: Server, start: str) -> Iterator[str]:
    """Open one page of each kind that links lead to from `start`; each stays open while its address is used."""
    kinds: set[str] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in kinds or path.startswith(NOT_FOLLOWED) or urlsplit(path).path.endswith(DOWNLOADS):
            continue
        answer = page.goto(path)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, f"{path} answered {answer.status}"
        kinds.add(kind)
        assert len(kinds) < MOST_KINDS, f"links lead on and on: {sorted(kinds)}"
        # A link of a picture gives its address as the attribute alone.
        resolved = "nodes => nodes.map(node => new URL(node.getAttribute('href'), document.baseURI).href)"
        links = page.eval_on_selector_all("a[href]", resolved)
        waiting += [
            link.removeprefix(server.url).split("#")[0] for link in links if link.startswith(server.url)
        ]
        yield path


@pytest.mark.parametrize("role", ["coordinator", "member"])
def test_every_page_passes_axe_and_has_a_title_of_its_own(demo: Server, new_page: NewPage, role: str) -> None:
    page = new_page(demo, viewport=WIDE)
    sign_in(page, demo.account(role))
    seen, found = set[str](), list[str]()
    titles: dict[str, str] = {}
    for path in crawl(page, demo, urlsplit(page.url).path):
        seen.add(kind_of(path))
        found += [f"{path}: {problem}" for problem in faults(page)]
        if page.locator("footer").get_by_role("link", name="Who to call").count() != 1:
            found.append(f"{path}: help stands elsewhere")
        if not page.locator("a#leave").is_visible():
            found.append(f"{path}: the way out is not in sight")
        # An address that leads on to another page has no title of its own.
        if "?" not in path and urlsplit(page.url).path == path:
            first = titles.setdefault(page.title(), path)
            if first != path:
                found.append(f"{path} and {first} are both titled {page.title()!r}")
        page.set_viewport_size({**PHONE, "width": 320})  # type: ignore[typeddict-item]
        found += [f"{path} at 320 px: {problem}" for problem in page.evaluate(MISSED_BY_AXE)]
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    assert not found, "\n".join(found)
    assert len(seen) > {"coordinator": 200, "member": 120}[role]


def test_dark_pages_keep_their_contrast(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, scheme="dark")
    sign_in(page, demo.account("coordinator"))
    slug = urlsplit(page.url).path.split("/")[2]
    for path in ("", "start/", "checklist/", "assessment/", "plan/", "people/", "settings/"):
        page.goto(f"/c/{slug}/{path}")
        assert not violations(page), path
