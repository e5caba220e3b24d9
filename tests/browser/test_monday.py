"""A coordinator's Monday: several actions at once, after a look, and back."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.test_first_visit import more
from tests.browser.words import Words, speak


def _due(page: Page, number: int) -> Locator:
    return page.locator(f"#plan-row-{number} td").nth(2)


@pytest.mark.parametrize(
    ("javascript", "language"),
    [(True, "en"), (False, "en"), (True, "es")],
    ids=["with JavaScript", "without JavaScript", "in Spanish"],
)
def test_two_actions_get_another_day_and_it_is_taken_back(
    demo: Server, new_page: NewPage, javascript: bool, language: str
) -> None:
    said = Words(language)
    page = new_page(demo, viewport=PHONE, javascript=javascript)
    sign_in(page, demo.account("coordinator"))
    speak(page, demo, language)
    plan = f"{urlsplit(page.url).path}plan/"
    page.goto(plan)
    before = [_due(page, number).inner_text() for number in (26, 27)]
    more(page, said("Change several at once"))
    for number in (26, 27):
        page.locator(f"#plan-several-{number}").check()
    page.get_by_label(said("By when")).last.fill("2099-10-04")  # never this year, which a day would leave out
    page.get_by_role("button", name=said("See what would happen")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said("Preview"))
    expect(page.locator("#plan-several-lines > ul > li, #plan-several-lines .rows > li")).to_have_count(2)
    page.get_by_role("button", name=said.count("Change %(num)s action", "Change %(num)s actions", 2)).click()
    expect(page.locator("#plan-row-26")).to_contain_text({"en": "Oct 4, 2099", "es": "4 oct 2099"}[language])
    page.get_by_role("button", name=said("Undo")).click()
    undone = said.count("%(num)s change is undone.", "%(num)s changes are undone.", 2)
    expect(page.get_by_text(undone).first).to_be_visible()
    page.goto(plan)
    assert [_due(page, number).inner_text() for number in (26, 27)] == before
