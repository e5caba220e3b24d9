"""How long pages are, and how soon what matters stands on them: the limits that docs/pages.md measures."""

from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.servers import Server, sign_in

# The stops of the Tab key before the last row of the first goal's last table, all that can be reached counted.
STOPS_BEFORE = """() => {
  const rows = document.querySelectorAll('.plan-goal')[0].querySelectorAll('tr[id^=plan-row-]');
  const last = rows[rows.length - 1];
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(node => node.checkVisibility({checkVisibilityCSS: true}) && !node.disabled
      && node.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING && !last.contains(node)).length;
}"""


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
    page.goto(f"{home}plan/")
    box = page.locator("tr[id^=plan-row-]").first.bounding_box()
    assert box is not None
    assert box["y"] <= most


def test_sixty_stops_lead_to_the_last_row_of_the_first_goal(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, viewport=WIDE)
    sign_in(page, demo.account("coordinator"))
    page.goto(f"{urlsplit(page.url).path}plan/")
    assert page.evaluate(STOPS_BEFORE) <= 60
