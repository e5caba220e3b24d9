"""What was just done is said where the page opens, also when that is far below its top."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.servers import Server, sign_in

C = "/c/riverbend-county/"


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
def test_what_was_done_is_in_sight_on_a_page_that_opens_at_one_of_its_places(
    demo: Server, new_page: NewPage, viewport: dict[str, int], javascript: bool
) -> None:
    page = new_page(demo, viewport=viewport, javascript=javascript)
    sign_in(page, demo.account("coordinator"))
    # The agenda stands below the meeting's head, and the plan opens at the goal whose objective was added.
    for path, title in (
        ("meetings/3/agenda/add", "The new card"),
        ("plan/goals/1/objectives/new", "More signs"),
    ):
        page.goto(C + path)
        page.locator("main [name=title]").fill(title)
        page.locator("main form .btn-primary").click()
        page.wait_for_url(re.compile("#"))
        page.wait_for_load_state("load")
        page.wait_for_timeout(300)
        assert page.evaluate("scrollY") > 0, path
        expect(page.locator("main .flash")).to_be_in_viewport(ratio=1)


def test_what_was_saved_is_said_once_the_next_page_is_read_in(demo: Server, new_page: NewPage) -> None:
    """It stands above the heading, behind the whole menu, where no one begins who listens."""
    page = new_page(demo)
    sign_in(page, demo.account("member"))
    page.goto(f"{C}people/me")
    expect(page.locator("#told")).to_be_empty()
    page.get_by_role("button", name="Save what others see").press("Enter")
    shown = page.locator("main p.flash")
    expect(shown).to_have_text("Your choices about what others see are saved.")
    expect(page.get_by_role("status").filter(has_text="Your choices")).to_have_text(shown.inner_text())
    expect(page.locator("#status")).to_be_empty()
