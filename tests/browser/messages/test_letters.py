"""A coordinator writes to people, each gets one mail, and one of them stops the letters from it."""

import pytest
from playwright.sync_api import expect

from engage.coalitions.rules import Role
from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.sites import Site, sign_in


@pytest.mark.parametrize(("viewport", "javascript"), [(WIDE, True), (PHONE, False)], ids=["desk", "phone"])
def test_from_writing_to_the_mail_and_to_stopping_it(
    site: Site, new_page: NewPage, viewport: dict[str, int], javascript: bool
) -> None:
    name = "Ora Desk" if javascript else "Ora Phone"
    writer = site.person(f"{name} Writer", Role.COORDINATOR)
    reader = site.person(name)
    page = new_page(site.server, viewport=viewport, javascript=javascript)
    sign_in(page, writer)
    page.goto("/c/riverbend/people/write")
    page.get_by_label("To", exact=True).select_option("chosen")
    page.get_by_text("Choose people one by one").click()
    page.get_by_label(name, exact=True).check()
    page.get_by_label("Subject").fill("Friday at six")
    page.get_by_label("Text").fill("Hello [name],\n\nwe meet on Friday.\n\n[link]")
    page.get_by_role("button", name="Check the letter").click()
    expect(page.locator(".letter-text").first).to_contain_text("Hello Ora,")
    page.get_by_role("button", name="Send a test to me").click()
    assert site.mail_to(writer)["Subject"] == "Test: Friday at six"
    page.get_by_role("button", name="Send to 1 person").click()
    page.wait_for_url("**/people/letters/*")
    mail = site.mail_to(reader)
    assert mail["Subject"] == "Friday at six"
    assert writer in str(mail["Reply-To"])
    bar = page.locator("#messages-letter-bar")
    for _look in range(0 if javascript else 60):
        # It is counted just after it has left.
        if "1 of 1 done" in bar.inner_text():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(bar).to_contain_text("1 of 1 done")
    # The reader is signed in nowhere.
    other = new_page(site.server, viewport=viewport, javascript=javascript)
    other.goto(str(mail["List-Unsubscribe"]).strip("<>"))
    other.get_by_role("button", name="Stop these letters").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("You will get no more letters")
    page.goto("/c/riverbend/people/write")
    page.get_by_role("button", name="Check the letter").click()
    expect(page.get_by_role("alert")).to_contain_text("Write a subject.")
