"""Names without a space break, and words stay whole where there is room for them."""

import pytest

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in

# Between a phone and a desk's whole screen: half of a laptop's, or a tablet.
HALF = {"width": 1024, "height": 800}
NAMED = (
    "",
    "plan/",
    "plan/goals/1",
    "plan/goals/1/edit",
    "plan/objectives/1",
    "plan/1/next",
    "plan/review",
    "plan/activities/9/",
    "plan/activities/new",
    "chain/",
    "chain/loose-ends",
    "reports/",
    "reports/assessment",
    "reports/public",
)
LENGTHENED = """() => {
  const named = 'h1, h2, h3, .row-link, .panel-title a, .plan-objective-link, .option-name, dd a, .pill, .carry-title';
  for (const each of document.querySelectorAll(`main :is(${named})`)) each.textContent = 'Household'.repeat(9);
  return document.documentElement.scrollWidth - innerWidth;
}"""
LENGTHENED_CELLS = """() => {
  for (const cell of document.querySelectorAll('.stack-table td')) cell.prepend('Household'.repeat(9));
}"""
# A word stands in one line; an address may break.
BROKEN = r"""() => {
  const found = [], texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, parent = text.parentElement;
    const elsewhere = 'svg, option, textarea, thead, .visually-hidden, a[href^="mailto:"]';
    if (parent.closest(elsewhere) || !parent.checkVisibility()) continue;
    for (const word of text.data.matchAll(/\p{L}+/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
}"""


def test_a_name_of_eighty_letters_does_not_widen_a_phones_page(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, viewport=PHONE)
    sign_in(page, demo.account("coordinator"))
    wider = {}
    for path in NAMED:
        page.goto(f"/c/riverbend-county/{path}")
        wider[path] = page.evaluate(LENGTHENED)
    assert wider == dict.fromkeys(NAMED, 0)


@pytest.mark.parametrize("viewport", [PHONE, HALF], ids=["phone", "half a screen"])
def test_no_word_is_broken(demo: Server, new_page: NewPage, viewport: dict[str, int]) -> None:
    page = new_page(demo, viewport=viewport)
    sign_in(page, demo.account("coordinator"))
    for path in ("", "start/", "people/", "people/groups/3", "strengths/votes/2/", "plan/activities/"):
        page.goto(f"/c/riverbend-county/{path}")
        assert page.evaluate(BROKEN) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("report", ["charter", "partners", "assessment"])
def test_a_reports_list_of_texts_is_not_cut_on_a_phone(demo: Server, new_page: NewPage, report: str) -> None:
    """Only a table of numbers may be wider than the screen."""
    page = new_page(demo, viewport=PHONE)
    sign_in(page, demo.account("coordinator"))
    page.goto(f"/c/riverbend-county/reports/{report}")
    cut = "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.ariaLabel)"
    texts = ".table-scroll:not(:has(.report-number, .heat-cell))"
    assert page.locator(texts).evaluate_all(cut) == []


@pytest.mark.parametrize("viewport", [{"width": 768, "height": 1024}, HALF], ids=["tablet", "half a screen"])
def test_a_table_stays_in_its_panel(demo: Server, new_page: NewPage, viewport: dict[str, int]) -> None:
    page = new_page(demo, viewport=viewport)
    sign_in(page, demo.account("coordinator"))
    wider = "panels => panels.filter(panel => panel.scrollWidth > panel.clientWidth).map(panel => panel.id)"
    for path in ("partners/", "partners/agreements/", "people/", "meetings/", "documents/", "strengths/"):
        page.goto(f"/c/riverbend-county/{path}")
        assert page.locator(".panel:has(.stack-table)").evaluate_all(wider) == [], path
        page.evaluate(LENGTHENED_CELLS)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
