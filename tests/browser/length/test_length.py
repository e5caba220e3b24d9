"""How long pages are, and how soon what matters stands on them: the limits that docs/pages.md measures."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.length.measured import PAGES, measured
from tests.browser.servers import Server, sign_in
from tests.browser.words import speak

# The stops of the Tab key before the last row of the first goal's last table.
STOPS_BEFORE = """() => {
  const rows = document.querySelectorAll('.plan-goal')[0].querySelectorAll('tr[id^=plan-row-]');
  const last = rows[rows.length - 1];
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(node => node.checkVisibility({checkVisibilityCSS: true}) && !node.disabled && node.tabIndex >= 0
      && node.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING && !last.contains(node)).length;
}"""


def test_no_page_is_longer_than_its_limit(sample: Server, new_page: NewPage) -> None:
    """Three screens and ninety stops. `measured` names the lists of everything, and the plan with its actions."""
    page = new_page(sample, viewport=WIDE)
    sign_in(page, sample.account("coordinator"))
    found = measured(page, urlsplit(page.url).path, list(PAGES))
    assert [fault for each in found for fault in each.faults] == []


@pytest.mark.parametrize(("screen", "most"), [(WIDE, 420), (PHONE, 600)], ids=["desk", "phone"])
def test_the_plans_first_action_stands_on_the_first_screen(
    demo: Server, new_page: NewPage, screen: dict[str, int], most: int
) -> None:
    page = new_page(demo, viewport=screen)
    sign_in(page, demo.account("coordinator"))
    home = urlsplit(page.url).path
    # Other journeys of this run changed how she signs in, of which every page tells until she has read it.
    page.goto("/account/")
    if (read := page.get_by_role("button", name="I have seen this")).count():
        read.click()
        expect(read).to_have_count(0)
    page.goto(f"{home}plan/")
    box = page.locator("tr[id^=plan-row-]").first.bounding_box()
    assert box is not None
    assert box["y"] <= most


def test_sixty_stops_lead_to_the_last_row_of_the_first_goal(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, viewport=WIDE)
    sign_in(page, demo.account("coordinator"))
    page.goto(f"{urlsplit(page.url).path}plan/")
    assert page.evaluate(STOPS_BEFORE) <= 60


@pytest.mark.parametrize("screen", [WIDE, {"width": 1366, "height": 768}], ids=["desk", "laptop"])
def test_the_whole_menu_stands_on_a_laptops_screen(
    demo: Server, new_page: NewPage, screen: dict[str, int]
) -> None:
    page = new_page(demo, viewport=screen)
    sign_in(page, demo.account("coordinator"))
    last = page.locator(".menu-wide .sign-out").bounding_box()
    leave = page.locator("#leave").bounding_box()
    assert last is not None
    assert leave is not None
    assert last["y"] + last["height"] <= leave["y"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_plans_filter_and_ones_own_actions_stand_in_sight_on_a_phone(
    demo: Server, new_page: NewPage, language: str
) -> None:
    page = new_page(demo, viewport=PHONE)
    sign_in(page, demo.account("member"))
    speak(page, demo, language)
    page.goto(f"{urlsplit(page.url).path}plan/")
    for seen in ("#plan-filters > summary", "#plan-pills li:nth-child(2)"):
        box = page.locator(seen).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
    assert (
        page.locator("#plan-pills li:nth-child(2) a").get_attribute("href")
        == f"{urlsplit(page.url).path}?mine=1"
    )
