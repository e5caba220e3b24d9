"""A Google Form of sixty answers to its results, in both languages: clicks, fields and seconds."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.assessment.imports.files import as_csv, google
from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.test_pages import faults
from tests.browser.words import Words, speak

# More clicks or fields than these, and the way has become longer.
MOST_CLICKS, MOST_FIELDS = 7, 1


class Counted:
    """A person who brings in a file, and what they press and fill in."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.fields = page, 0, 0

    def press(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).click()  # type: ignore[arg-type]
        self.clicks += 1

    def check(self, name: str) -> None:
        self.page.get_by_label(name).check()
        self.clicks += 1

    def choose(self, name: str, raw: bytes) -> None:
        file = {"name": "Community survey (Responses).csv", "mimeType": "text/csv", "buffer": raw}
        self.page.get_by_label(name, exact=True).set_input_files(file)  # type: ignore[arg-type]
        self.fields += 1


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_google_form_of_sixty_answers_becomes_results(
    demo: Server, new_page: NewPage, language: str, size: dict[str, int]
) -> None:
    page, words = new_page(demo, viewport=size), Words(language)
    sign_in(page, demo.account("coordinator"))
    speak(page, demo, language)
    page.goto("/c/riverbend-county/assessment/")
    person, began = Counted(page), time.monotonic()
    person.press("link", words("Bring in a survey you did elsewhere"))
    person.choose(
        words("File"), as_csv(google(60, seed=len(language) * size["width"] % 59 + (language == "es")))
    )
    assert not faults(page)
    person.press("button", words("Read the file"))
    expect(page.get_by_role("heading", level=1)).to_have_text(words("Columns in your file"))
    assert not faults(page)
    person.check(words("People knew that the results would be shared with this coalition"))
    person.press("button", words("Show what would happen"))
    expect(page.get_by_role("heading", level=1)).to_have_text(words("Preview"))
    assert not faults(page)
    person.press("button", words("Import now"))
    expect(page).to_have_url(re.compile("/results/"))
    expect(page.locator("h1")).to_contain_text("60")
    mark = "All answers were brought in from a file: people gave them in a survey elsewhere."
    expect(page.locator("main")).to_contain_text(words(mark))
    took = time.monotonic() - began
    print(f"\n{language} {size['width']}: {person.clicks} clicks, {person.fields} field, {took:.1f} s")
    assert person.clicks <= MOST_CLICKS
    assert person.fields <= MOST_FIELDS
