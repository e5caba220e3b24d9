"""Every page of the demo in a real browser: axe, and what axe misses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page
from selectolax.lexbor import LexborHTMLParser

from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.words import speak
from tests.html import repeated, wordless

# Of kinds there are fewer. A crawl that finds so many has met addresses that never end.
MOST_KINDS = 300
# Plain addresses that end the visit or leave the site.
NOT_FOLLOWED = ("/leave", "/static/")
# A browser saves these and stays where it is.
DOWNLOADS = (".pdf", ".csv", ".vcf", ".xlsx", ".json", ".ics", ".zip", "/file")

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
    if (!shown(target)) continue;
    if (['radio', 'checkbox'].includes(target.type)) continue;
    // Only the Enter key presses it.
    if (target.getAttribute('aria-hidden') === 'true' && target.tabIndex < 0) continue;
    const box = target.getBoundingClientRect();
    if (box.width && box.bottom > 0 && (box.height < 24 || box.width < 24))
      found.push('small target: ' + (target.textContent.trim() || target.name) + ' ' + Math.round(box.height));
  }
  const panels = [...document.querySelectorAll('main .panel')].filter(shown);
  const cards = panels.map(card => [card, card.getBoundingClientRect()]);
  for (const [card, above] of cards)
    for (const [other, below] of cards) {
      const beside = Math.min(above.right, below.right) - Math.max(above.left, below.left) < 1;
      const gap = below.top - above.bottom;
      if (!beside && !card.contains(other) && gap > -1 && gap < 12)
        found.push(`cards touch: ${card.id} and ${other.id}`);
    }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.push('sideways scroll: ' + wide + ' px');
  return found;
}"""


HIDDEN_CELLS = """() => [...document.querySelectorAll('.stack-table tbody td')]
  .filter(cell => cell.textContent.trim() && !cell.closest('.cover-picture, .cover-instead, details, .no-print')
    && !cell.checkVisibility({checkVisibilityCSS: true}))
  .map(cell => 'a filled cell that nobody sees: ' + cell.textContent.trim().slice(0, 40))"""

# 2.4.7: one control of each kind and class is focused as the Tab key would. A radio or a box that lies under its
# words hands the ring to them.
UNSEEN_FOCUS = """() => {
  const kinds = new Set(), found = [], before = document.activeElement;
  const ringed = node => {
    const {outlineStyle, outlineWidth} = getComputedStyle(node);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  };
  const stops = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  for (const each of document.querySelectorAll(stops)) {
    const kind = `${each.tagName} ${each.type ?? ''} ${each.className}`;
    if (kinds.has(kind) || each.tabIndex < 0 || !each.checkVisibility({checkVisibilityCSS: true})) continue;
    kinds.add(kind);
    each.focus({focusVisible: true, preventScroll: true});
    const around = [each, each.labels?.[0], each.nextElementSibling, each.parentElement].filter(Boolean);
    if (document.activeElement === each && !around.some(ringed)) found.push('focus is not seen on ' + kind);
  }
  before?.focus?.({preventScroll: true});
  return found;
}"""

# 1.4.12: what a person may set for text alone. It cuts no word that is whole without; scrolling loses none.
SPACED = """() => {
  const clipped = () => new Set([...document.querySelectorAll('main *, header *, footer *')].filter(node => {
    const {overflowX, overflowY, position} = getComputedStyle(node);
    if (![overflowX, overflowY].includes('hidden') || position === 'absolute') return false;
    return node.checkVisibility({checkVisibilityCSS: true}) && node.innerText?.trim()
      && (node.scrollHeight > node.clientHeight + 2 || node.scrollWidth > node.clientWidth + 2);
  }));
  const without = clipped();
  const sheet = new CSSStyleSheet();
  const spaces = 'line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important';
  sheet.replaceSync(`* {${spaces}} p {margin-bottom: 2em !important}`);
  document.adoptedStyleSheets = [sheet];
  const cut = [...clipped()].filter(node => !without.has(node));
  const found = cut.map(node => `spacing cuts ${node.className}: ${node.innerText.slice(0, 40)}`);
  document.adoptedStyleSheets = [];
  return found;
}"""

# No view of a part is out of sight, and a word of the coalition's name stays whole.
CUT = """() => {
  const tabs = [...document.querySelectorAll('.sections')].filter(node => node.scrollWidth > node.clientWidth);
  const name = document.querySelector('.brand-coalition')?.firstChild;
  const words = [...name?.data.matchAll(/\\S+/g) ?? []].filter(({0: word, index}) => {
    const range = document.createRange();
    range.setStart(name, index);
    range.setEnd(name, index + word.length);
    return new Set([...range.getClientRects()].map(box => box.top)).size > 1;
  });
  return [...tabs.map(tab => 'a tab is cut: ' + tab.innerText), ...words.map(([word]) => 'a broken word: ' + word)];
}"""

# Help stands in the same place on every page, and the way out.
OUT_OF_SIGHT = """help => {
  const seen = node => node.checkVisibility({checkVisibilityCSS: true}) && node.getClientRects().length > 0;
  const helps = [...document.querySelectorAll('footer a')]
    .filter(node => node.textContent.includes(help) && seen(node));
  return [
    ...(helps.length === 1 ? [] : ['help stands elsewhere']),
    ...([...document.querySelectorAll('a#leave')].some(seen) ? [] : ['the way out is not in sight']),
  ];
}"""

# What axe cannot decide by itself, and why it holds nevertheless. Anything else that it leaves open is a fault.
# Their colors are those of other words, on grounds that tests/web/test_contrast.py measures.
EXPLAINED = {
    r"color-contrast left open \(bgImage\) at <select ": "the arrow is a picture at the edge, where no words stand",
    r"color-contrast left open \(\w+\) at <text ": "the words and numbers of a chart",
    r"color-contrast left open \(bgOverlap\) at <label for=": "the radio of a segment lies over its words, unseen",
    r"color-contrast left open \(nonBmp\) at <span aria-hidden": "an arrow or a cross in a button that has a name",
    r"color-contrast left open \(elmPartiallyObscuring\) at <span class=\"entry-title\"": "its box has its icon in it",
    r"color-contrast left open \(bgGradient\) at <.*heat": "the hatched cells of what is not shown: two grounds",
}
RUN_AXE = """(rules = {}) => {
  // Behind a gradient axe measures no contrast at all; it is the side bar's own color, which lies on it again.
  document.querySelector('.layout')?.style.setProperty('background', 'none');
  return axe.run({rules, resultTypes: ['violations', 'incomplete']}).then(({violations, incomplete}) => [
    ...violations.map(each => `${each.id}: ${each.help}`),
    ...incomplete.flatMap(each => each.nodes.map(node =>
      `${each.id} left open (${(node.any[0] ?? node.all[0] ?? node.none[0])?.data?.messageKey}) at ${node.html}`)),
  ]);
}"""


# They take axe most of its time. A member's pages in Spanish have the colors that they have in English, and words that
# could lie on others as a coordinator's.
NO_COLORS = {rule: {"enabled": False} for rule in ("color-contrast", "link-in-text-block")}


def violations(page: Page) -> list[str]:
    """What axe finds. Its package's own `run` fetches all that passed as well, and that is most of it."""
    page.evaluate(AXE_SCRIPT)
    return _violations(page)


def _violations(page: Page, rules: dict[str, dict[str, bool]] | None = None) -> list[str]:
    """Returns what the axe that is on the page finds."""
    found: list[str] = page.evaluate(RUN_AXE, rules or {})
    return [each for each in found if not any(re.match(open_, each) for open_ in EXPLAINED)]


def faults(page: Page) -> list[str]:
    """Returns what axe finds on this page, and what it misses.

    Axe waits for timers, which never fire without JavaScript.
    """
    found = list(page.evaluate(MISSED_BY_AXE))
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        found += violations(page)
    return found


def kind_of(path: str) -> str:
    """Numbers, days and keys count as one."""
    kind = re.sub(r"/\d[\d-]*", "/0", urlsplit(path).path)
    named = "items|areas|answers|indicators|groups|agreement|questions|results|sections"
    return re.sub(rf"/({named})/[^/]+", r"/\1/x", kind)


@dataclass(frozen=True)
class Found:
    """A page that links lead to and that now stands open: the address that was asked for, the one that answered."""

    path: str
    answered: str
    tree: LexborHTMLParser

    @property
    def title(self) -> str:
        title = self.tree.css_first("title")
        return title.text() if title else ""


def crawl(page: Page, server: Server, start: str) -> Iterator[Found]:
    """Open one page of each kind that links lead to from `start`, as this browser's person."""
    kinds: set[str] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in kinds or path.startswith(NOT_FOLLOWED) or urlsplit(path).path.endswith(DOWNLOADS):
            continue
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, f"{path} answered {answer and answer.status}"
        kinds.add(kind)
        assert len(kinds) < MOST_KINDS, f"links lead on and on: {sorted(kinds)}"
        tree = LexborHTMLParser(page.content())
        links = [urljoin(page.url, node.attributes["href"] or "") for node in tree.css("a[href]")]
        waiting += [
            link.removeprefix(server.url).split("#")[0] for link in links if link.startswith(server.url)
        ]
        yield Found(path, urlsplit(page.url).path, tree)


@pytest.mark.parametrize("role", ["coordinator", "member"])
def test_every_page_passes_axe_and_has_a_title_of_its_own(demo: Server, new_page: NewPage, role: str) -> None:
    """And text of twice the size scrolls in one direction: pages take longest to open, so that each is opened once."""
    page = new_page(demo, viewport=WIDE)
    sign_in(page, demo.account(role))
    page.context.add_init_script(AXE_SCRIPT)
    letters = Letters(page)
    found, titles, seen = list[str](), dict[str, str](), 0
    for each in crawl(page, demo, urlsplit(page.url).path):
        seen += 1
        # An address that leads on to another page has no title of its own.
        if "?" not in each.path and each.answered == each.path:
            first = titles.setdefault(each.title, each.path)
            if first != each.path:
                found.append(f"{each.path} and {first} are both titled {each.title!r}")
        faults_here = _violations(page) + laid_out(page, each.tree) + letters.twice_the_size()
        found += [f"{each.path}: {problem}" for problem in faults_here]
    assert not found, "\n".join(found)
    assert seen > {"coordinator": 200, "member": 120}[role]


@pytest.mark.parametrize("role", ["coordinator", "member"])
def test_every_page_fits_in_spanish(demo: Server, new_page: NewPage, role: str) -> None:
    """Spanish is a quarter longer: nothing scrolls sideways, is cut or lies on something else, and axe is content.

    A coordinator's pages, which are most, are seen in large letters, too.
    """
    page = new_page(demo, viewport=WIDE)
    sign_in(page, demo.account(role))
    page.context.add_init_script(AXE_SCRIPT)
    speak(page, demo, "es")
    rules = {"coordinator": None, "member": NO_COLORS}[role]
    letters = Letters(page) if role == "coordinator" else None
    found, seen = list[str](), 0
    for each in crawl(page, demo, urlsplit(page.url).path):
        seen += 1
        if each.tree.css_first("html").attributes.get("lang") != "es":
            found.append(f"{each.path} is not in Spanish")
        faults_here = _violations(page, rules) + laid_out(page, each.tree, help_link="A quién llamar")
        faults_here += letters.twice_the_size() if letters else []
        found += [f"{each.path}: {problem}" for problem in faults_here]
    assert not found, "\n".join(found)
    assert seen > {"coordinator": 200, "member": 120}[role]


def laid_out(page: Page, tree: LexborHTMLParser, help_link: str = "Who to call") -> list[str]:
    """Returns what is wrong with the page that stands open, on a desk's screen and on the narrowest phone's."""
    found = repeated(tree) + wordless(tree) + looks(page, MISSED_BY_AXE, UNSEEN_FOCUS)
    found += page.evaluate(OUT_OF_SIGHT, help_link)
    page.set_viewport_size({**PHONE, "width": 320})  # type: ignore[typeddict-item]
    narrow = looks(page, MISSED_BY_AXE, HIDDEN_CELLS, SPACED, CUT)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found + [f"at 320 px: {problem}" for problem in narrow]


def looks(page: Page, *scripts: str) -> list[str]:
    """Returns what these find, in their order and in one visit to the browser."""
    found: list[str] = page.evaluate(f"[{', '.join(scripts)}].flatMap(look => look())")
    return found


class Letters:
    """The size of letters that a person chooses in Chromium's settings."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.settings = page.context.new_cdp_session(page)

    def twice_the_size(self) -> list[str]:
        """Returns what scrolls sideways, on the open page, with letters of 32 pixels in place of 16."""
        page, found = self.page, list[str]()
        self.settings.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 13}})
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "34px"
        for screen in (WIDE, PHONE):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            at = f"letters of 32 px at {screen['width']}"
            found += [f"{at}: {fault}" for fault in page.evaluate(MISSED_BY_AXE) if "scroll" in fault]
            if not page.locator("#leave").is_visible():
                found.append(f"{at}: the way out is not in sight")
        self.settings.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        return found


def test_dark_pages_keep_their_contrast(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, scheme="dark")
    sign_in(page, demo.account("coordinator"))
    slug = urlsplit(page.url).path.split("/")[2]
    for path in ("", "start/", "checklist/", "assessment/", "plan/", "people/", "settings/"):
        page.goto(f"/c/{slug}/{path}")
        assert not violations(page), path


CHOSEN = """() => {
  const look = html => {
    document.querySelector('#main').innerHTML = html;
    const {backgroundColor, borderTopStyle} = getComputedStyle(document.querySelector('#main label, #main .heat-key'));
    return `${backgroundColor} ${borderTopStyle}`;
  };
  const radio = (kind, is) => `<span class="${kind}"><input type="radio" ${is} id="a"><label for="a">1</label></span>`;
  const alike = ['ballot-choice', 'segment'].filter(kind => look(radio(kind, 'checked')) === look(radio(kind, '')));
  return [...alike, ...look('<span class="heat-key"></span>').includes('none') ? ['heat-key'] : []];
}"""


def test_what_is_chosen_is_seen_in_forced_colors(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    page.emulate_media(forced_colors="active")
    page.goto("/sign-in")
    assert page.evaluate(CHOSEN) == []
