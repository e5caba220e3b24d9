"""A service goes on the referral list, and the card is printed."""

from io import BytesIO

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in

LIST = "/c/riverbend-county/partners/services/"


def test_a_service_is_listed_on_a_phone_and_printed_on_the_pocket_card(
    demo: Server, new_page: NewPage
) -> None:
    page = new_page(demo, viewport=PHONE)
    sign_in(page, demo.account("coordinator"))
    page.goto(f"{LIST}new")
    page.get_by_label("Organization").select_option("Harbor House")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Kind of help").select_option("Emergency shelter")
    page.get_by_label("What it is").fill("Beds for tonight")
    page.get_by_label("How to refer someone").fill("Come to 412 Main Street.")
    page.get_by_label("They agreed to be listed on").fill("2026-03-02")
    page.get_by_label("Who agreed").fill("Their program manager")
    page.get_by_role("button", name="Add the service").click()
    expect(page.get_by_text("The referral list never does").first).to_be_visible()
    page.get_by_label("How to refer someone").fill("Call first: intake says how to come.")
    page.get_by_role("button", name="Add the service").click()
    expect(page.get_by_text("is on the referral list.").first).to_be_visible()
    page.goto(f"{LIST}?kind=shelter")
    page.get_by_text("More", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Pocket card (PDF)").click()
    card = PdfReader(BytesIO(download.value.path().read_bytes()))
    words = " ".join(card.pages[0].extract_text().split())
    assert "Beds for tonight" in words
    assert "Main Street" not in words
