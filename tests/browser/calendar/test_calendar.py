"""A member's week on a phone, with and without JavaScript: a document is found again, a day read, a calendar linked."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.words import speak

HERE = "/c/riverbend-county/"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_member_finds_a_document_reads_a_day_and_subscribes(
    demo: Server, new_page: NewPage, javascript: bool
) -> None:
    page = new_page(demo, viewport=PHONE, javascript=javascript)
    sign_in(page, demo.account("member"))
    title = f"Quartermaster handbook {'with' if javascript else 'without'}"
    page.goto(f"{HERE}documents/new")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Link", exact=True).fill("https://drive.example.org/d/1")
    page.get_by_label("Kind").select_option("Minutes")
    page.get_by_role("button", name="Add the document").click()
    page.get_by_role("link", name="Search", exact=True).first.click()
    # One letter is wrong.
    page.get_by_role("searchbox").first.fill("quartermastre")
    page.get_by_role("button", name="Search").first.click()
    found = page.locator("#search-documents").get_by_role("link", name=title)
    expect(found).to_be_visible()
    assert fits(page)
    found.click()
    expect(page.get_by_role("link", name=re.compile("^Open the document"))).to_have_attribute(
        "href", "https://drive.example.org/d/1"
    )
    # On a phone the month is its list; the day that it names leads to what is on it.
    page.goto(f"{HERE}calendar/?view=list")
    assert fits(page)
    day = page.locator(".month-name a").first
    name = day.locator(".month-words").inner_text().partition(" (")[0]
    day.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.locator(".entry-title").first).to_be_visible()
    assert fits(page)
    page.goto(f"{HERE}calendar/")
    page.get_by_role("link", name="Subscribe").click()
    page.wait_for_url("**/calendar/subscribe")
    if page.get_by_role("button", name="Make a calendar link").count():
        page.get_by_role("button", name="Make a calendar link").click()
    link = page.get_by_label(re.compile("^Calendar link")).first
    expect(link).to_have_value(re.compile(r"/calendar/.+\.ics$"))
    assert fits(page)
    feed = page.request.get(link.input_value())
    assert feed.ok
    assert feed.text().startswith("BEGIN:VCALENDAR")


def test_a_month_prints_on_one_sheet(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    page.goto(f"{HERE}calendar/")
    for language in ("en", "es"):
        speak(page, demo, language)
        page.reload()
        entries = page.locator(".month .entry").count()
        assert entries > 3
        printed = PdfReader(BytesIO(page.pdf(format="Letter", prefer_css_page_size=True))).pages
        assert len(printed) == 1
        text = "".join(printed[0].extract_text().split())
        # What is hung on a wall cannot be opened: a title of two lines stands there whole.
        titles = [each for each in page.locator(".month .entry-title").all_inner_texts() if len(each) < 30]
        assert titles
        assert [each for each in titles if "".join(each.split()) not in text] == []
