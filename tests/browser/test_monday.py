"""A coordinator's Monday: several actions at once, after a look, and back."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.test_first_visit import menu, more


def _due(page: Page, number: int) -> Locator:
    return page.locator(f"#plan-row-{number} td").nth(2)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_two_actions_get_another_day_and_it_is_taken_back(
    demo: Server, new_page: NewPage, javascript: bool
) -> None:
    page = new_page(demo, viewport=PHONE, javascript=javascript)
    sign_in(page, demo.account("coordinator"))
    menu(page, "Plan")
    before = [_due(page, number).inner_text() for number in (26, 27)]
    more(page, "Change several at once")
    for number in (26, 27):
        page.locator(f"#plan-several-{number}").check()
    page.get_by_label("By when").last.fill("2027-10-04")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview")
    expect(page.locator("#plan-several-lines > ul > li, #plan-several-lines .rows > li")).to_have_count(2)
    page.get_by_role("button", name="Change 2 actions").click()
    expect(page.locator("#plan-row-26")).to_contain_text("Oct 4, 2027")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 changes are undone.")).to_be_visible()
    menu(page, "Plan")
    assert [_due(page, number).inner_text() for number in (26, 27)] == before
