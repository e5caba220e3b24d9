"""A hand that clicks and types as a person does, and counts each click and each field."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.journeys import table
from tests.browser.words import Words


class Hand:
    """Clicks and fills by what stands on the page, in the reader's language, and counts."""

    def __init__(self, page: Page, words: Words) -> None:
        self.page, self.said = page, words
        self.clicks = self.fields = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def press(self, button: str) -> None:
        self.click(self.page.get_by_role("button", name=self.said(button), exact=True))

    def follow(self, link: str) -> None:
        self.click(self.page.get_by_role("link", name=self.said(link), exact=True).first)

    def menu(self, entry: str) -> None:
        """Chooses from the menu beside the page."""
        entries = self.page.locator(".side .menu-link").locator("visible=true")
        self.click(entries.filter(has_text=re.compile(f"^\\s*{re.escape(self.said(entry))}\\b")))

    def more(self, entry: str) -> None:
        """Opens the page's own menu *More* and chooses from it."""
        self.click(self.page.locator(".more-menu > summary"))
        self.click(self.page.locator(".more-list").get_by_role("link", name=self.said(entry), exact=True))

    def fill(self, label: str, text: str) -> None:
        self.type(self.page.get_by_label(re.compile(f"^{re.escape(self.said(label))}")), text)

    def type(self, field: Locator, text: str) -> None:
        field.fill(text)
        self.fields += 1

    def choose(self, field: Locator, **option: str | int) -> None:
        field.select_option(**option)  # type: ignore[arg-type]
        self.fields += 1

    def next(self, done: int, what: str, link: str) -> None:
        """Reads in the answer how many of the five are done and what is next, and follows its one button."""
        notice = self.page.locator(".flash-lead, #status").filter(
            has_text=self.said("%(done)s of %(total)s done.") % {"done": done, "total": 5}
        )
        expect(notice).to_contain_text(self.said(what))
        self.click(notice.get_by_role("link", name=self.said(link), exact=True))

    def note(self, journey: str) -> None:
        """Prints what the journey took until now, and keeps it for the table."""
        table.note(journey, self.said.language, self.clicks, self.fields)
