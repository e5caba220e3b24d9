"""Answering without a network: nothing that the page says it keeps is lost, doubled or readable on the phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.offline.phone import KEPT, SHOWN, offline, open_link, waiting
from tests.browser.servers import Server
from tests.browser.words import Words

LEVEL = SHOWN + " input[value='{}']"


@pytest.mark.parametrize("language", ["en", "es"])
def test_answering_goes_on_without_a_network_and_is_sent_when_it_is_back(
    demo: Server, new_page: NewPage, language: str
) -> None:
    words = Words(language)
    page = open_link(demo, new_page, language)
    here = page.url
    with offline(page):
        page.locator("input[value='2']").press("Space")
        expect(page.locator("#kept")).to_contain_text(words("1 answer waits on this phone."))
        page.get_by_role("button", name=words("Continue")).click()
        page.wait_for_url(f"**{KEPT}#after-*")
        for level in ("3", "4"):
            answered = page.locator(SHOWN).get_attribute("id") or ""
            page.locator(LEVEL.format(level)).check()
            page.locator(f"{SHOWN} button").click()
            expect(page.locator(SHOWN)).not_to_have_id(answered)
        expect(page.locator("[data-count]")).to_contain_text("3")
        page.get_by_role("link", name=words("All questions")).locator("visible=true").click()
        expect(page.locator("[data-tag]:visible")).to_have_count(3)
        page.locator("#kept-list a").nth(1).click()
        expect(page.locator("[data-answered]:visible")).to_contain_text(words("Answered, waits"))
        assert page.locator(f"{SHOWN} input:checked").count() == 0
        page.locator(LEVEL.format("1")).check()
        expect(page.locator("[data-count]")).to_contain_text("3")
        # Opened again, still without a network.
        page.goto("about:blank")
        page.goto(KEPT)
        expect(page.locator("[data-count]")).to_contain_text("3")
    expect(page.locator("[data-said]")).to_have_text(words("Everything that was waiting has been sent."))
    assert waiting(page) == 0
    page.get_by_role("link", name=words("Continue with a connection")).click()
    expect(page.locator("#assessment-progress")).to_contain_text("3")
    page.goto(here)
    expect(page.locator("input:checked")).to_have_value("2")
