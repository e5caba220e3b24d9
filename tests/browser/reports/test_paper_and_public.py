"""Tests what is printed, and the form of the public page on a phone."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.test_first_visit import menu, more
from tests.browser.words import Words


@pytest.mark.parametrize(
    ("name", "address", "first"),
    [
        ("Timeline", "**view=timeline**", "Visit a foster family program"),
        ("Review and changes", "**/plan/review**", "Changes"),
    ],
    ids=["timeline", "review"],
)
def test_a_long_list_begins_on_the_first_printed_page(
    demo: Server, new_page: NewPage, name: str, address: str, first: str
) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    menu(page, "Plan")
    if name == "Timeline":
        page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    else:
        more(page, name)
    page.wait_for_url(address)
    printed = PdfReader(BytesIO(page.pdf(format="Letter"))).pages[0].extract_text()
    assert first in " ".join(printed.split())
    assert printed.count("Riverbend County Coalition") == 1


def test_a_tip_that_is_folded_on_the_screen_prints_below_its_bar(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo)
    sign_in(page, demo.account("coordinator"))
    menu(page, "Tips")
    expect(page.locator(".fold:not([open])").first).to_be_visible()
    page.emulate_media(media="print")
    over = page.evaluate(
        """[...document.querySelectorAll('.fold:not([open])')].filter(fold => {
            const [head, words] = fold.children;
            return words.getBoundingClientRect().top < head.getBoundingClientRect().bottom;
        }).length"""
    )
    assert over == 0


def test_a_meetings_papers_print_in_spanish_for_a_reader_of_english(demo: Server, new_page: NewPage) -> None:
    """Agenda, minutes and sign-in sheet by the link's language, the agenda in both; nothing else changes."""
    said, page = Words("es"), new_page(demo)
    sign_in(page, demo.account("coordinator"))
    menu(page, "Meetings")
    page.get_by_role("link", name="Quarterly meeting").first.click()
    page.wait_for_url(re.compile(r"/meetings/\d+/$"))
    meeting = page.url
    for paper, heading in (("agenda/", "Agenda"), ("sign-in", "Sign-in sheet")):
        page.goto(f"{meeting}{paper}?lang=es")
        expect(page.locator("html")).to_have_attribute("lang", "es")
        expect(page.get_by_role("main")).to_contain_text(said(heading))
        printed = PdfReader(BytesIO(page.pdf(format="Letter"))).pages[0].extract_text()
        assert said(heading) in " ".join(printed.split())
    page.goto(f"{meeting}agenda/?also=es")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("main [lang=es]").first).to_be_visible()
    page.goto(meeting)
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_public_form_asks_for_words_only_where_something_is_ticked(
    demo: Server, new_page: NewPage, javascript: bool
) -> None:
    page = new_page(demo, viewport=PHONE, javascript=javascript)
    sign_in(page, demo.account("coordinator"))
    menu(page, "Reports")
    page.get_by_role("link", name="Public page", exact=True).click()
    goal = page.locator(".public-pick", has=page.get_by_label("Show this goal: Goal 4", exact=False))
    title, measure = goal.get_by_label("Public title"), goal.get_by_label("Show this measure", exact=False)
    expect(goal.get_by_label("Show this goal", exact=False)).to_be_visible()
    expect(title).to_be_hidden()
    expect(measure.first).to_be_hidden()
    goal.get_by_label("Show this goal", exact=False).check()
    expect(title).to_be_visible()
    expect(goal.get_by_label("Public name").first).to_be_hidden()
    measure.first.check()
    expect(goal.get_by_label("Public name").first).to_be_visible()

    # What is refused stays in sight, with what was ticked.
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("Give this goal a public title")
    expect(title).to_be_visible()


def test_a_plain_button_in_a_line_of_its_own_stands_where_the_others_begin(
    demo: Server, new_page: NewPage
) -> None:
    page = new_page(demo, viewport=PHONE)
    sign_in(page, demo.account("coordinator"))
    menu(page, "Reports")
    page.get_by_role("link", name="Public page", exact=True).click()
    # A click does not wait for the page it leads to.
    page.get_by_role("button", name="Make a new link", exact=True).wait_for()
    starts = page.evaluate(
        """() => ['Unpublish the page', 'Make a new link'].map(words => {
             const button = [...document.querySelectorAll('button')].find(each => each.textContent.trim() === words);
             const plain = button.classList.contains('btn-plain');
             const inset = plain ? parseFloat(getComputedStyle(button).paddingLeft) : 0;
             return button.getBoundingClientRect().left + inset;
           })"""
    )
    assert abs(starts[0] - starts[1]) <= 1
