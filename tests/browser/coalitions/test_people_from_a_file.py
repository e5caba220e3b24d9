"""Tests the way from a contacts file of forty to twelve people invited, on a phone, with each click and field counted.

As it goes: *People from a file*; the file; twelve checks; one press. Some of the twelve are from organizations that
are new here: Engage asks once, with a guess for each, and the second press brings them in. With a mail server the
invitations go out with it; without one, a page has a row for each person, and one press says that all are sent.
On December 1, 2026, it took 15 clicks with mail, and 28 without (twelve of them in the person's own mail program).
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.journeys.hand import Hand
from tests.browser.test_first_evening import SENDINGS, ZONE, serving, set_up
from tests.browser.words import Words
from tests.directory.imports.makers import GOOGLE

CLICKS_MOST = {"with mail": 15, "without mail": 28}
SECONDS_MOST = 60
ORGANIZATIONS = ["Grace Church", "County Hospital", "Riverbend School District", "Xyzzy", ""]
HEADINGS = GOOGLE.partition("\n")[0]


def forty(folder: Path) -> Path:
    """Writes a contacts file of forty, as Google Contacts does."""
    names = HEADINGS.split(",")
    lines = []
    for n in range(40):
        values = {
            "First Name": f"Guest{n}",
            "Last Name": "Lee",
            "Organization Name": ORGANIZATIONS[n % 5],
            "Notes": "met at the vigil",
            "E-mail 1 - Value": f"guest{n}@example.org",
            "Phone 1 - Value": f"512-555-01{n:02}",
        }
        lines.append(",".join(values.get(name, "") for name in names))
    file = folder / "contacts.csv"
    file.write_text("\n".join([HEADINGS, *lines]))
    return file


@pytest.mark.parametrize("way", SENDINGS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_forty_contacts_become_twelve_invited_on_a_phone(
    way: str, language: str, tmp_path: Path, new_folder: Callable[[Path], Path], new_page: NewPage
) -> None:
    with serving(new_folder(tmp_path), with_mail=way == "with mail") as (server, mail):
        # The first press asks about new organizations, with the status of a form that is not complete.
        page = new_page(
            server, viewport=PHONE, touch=True, locale=f"{language}-US", zone=ZONE, errors_expected=True
        )
        said = Words(language)
        set_up(Hand(page, said), server)
        page.goto("/c/riverbend-county-coalition/people/import/")
        hand, began = Hand(page, said), time.monotonic()
        page.get_by_label(said("File"), exact=True).set_input_files(forty(tmp_path))
        hand.fields += 1
        hand.press("Read the file")
        expect(page.get_by_role("heading", level=1)).to_have_text(said("Who comes in?"))
        boxes = page.locator("input[name=people]")
        expect(boxes).to_have_count(40)
        expect(page.locator("input[name=people]:checked")).to_have_count(0)
        for n in range(12):
            hand.click(boxes.nth(n))
        button = "Bring in and send the invitations" if mail is not None else "Bring in and make the links"
        hand.press(button)
        asked = page.locator("#people-organizations select")
        expect(asked).to_have_count(4)
        chosen = asked.evaluate_all("all => all.map(each => each.value)")
        assert chosen == ["faith", "health", "schools", ""]
        asked.nth(3).select_option("other")
        hand.fields += 1
        assert _fits(page), "the page scrolls sideways"
        hand.press(button)
        if mail is not None:
            expect(page.locator(".flash").first).to_contain_text("12")
        else:
            expect(page.locator(".invite-row")).to_have_count(12)
            hand.clicks += 12  # each opens the person's own mail program, which is not here
            hand.press("All sent")
            expect(page.locator(".invite-row .tag-info")).to_have_count(12)
        took = time.monotonic() - began
        print(f"{way}, {language}: {hand.clicks} clicks, {hand.fields} fields, {took:.0f} seconds")
        assert hand.clicks <= CLICKS_MOST[way]
        assert hand.fields <= 2
        assert took < SECONDS_MOST
        page.goto("/c/riverbend-county-coalition/people/")
        expect(page.get_by_text("Guest11 Lee")).to_be_visible()
        assert _fits(page), "the page scrolls sideways"
        if mail is not None:
            for _second in range(60):
                if len(mail.recipients) == 12:
                    break
                page.wait_for_timeout(1000)
            assert sorted(mail.recipients) == sorted(f"guest{n}@example.org" for n in range(12))


def _fits(page: object) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))  # type: ignore[attr-defined]
