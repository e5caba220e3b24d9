"""A resident scans the poster on a small phone, answers everything and submits, with and without JavaScript."""

import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.test_first_visit import menu
from tests.browser.test_pages import faults
from tests.browser.words import Words


class Taps:
    """Counts what a thumb does."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, place: Locator) -> None:
        self.count += 1
        place.click()

    def leads_on(self, place: Locator) -> None:
        """Taps what opens another page, and waits for that page: one that is still arriving has no button to count."""
        here = place.page.url
        self(place)
        place.page.wait_for_url(lambda url: url != here)


def poster_link(page: Page, demo: Server) -> str:
    """Opens a round for anyone beside the demo's round for members, and reads its path off the poster."""
    sign_in(page, demo.account("coordinator"))
    menu(page, "Assessment")
    beside = page.get_by_role("link", name="Open a round for anyone with a link beside it")
    if beside.count():
        beside.click()
        expect(page.locator("[name=asked][value=anyone]")).to_be_checked()
        expect(page.locator("[name=questions][value=short-before]")).to_be_checked()
        page.get_by_role("button", name="Open the round").click()
    else:
        page.get_by_role("link", name="Link, QR code, and poster").click()
    expect(page.locator("#assessment-link svg.qr")).to_be_visible()
    path = "/" + page.locator("#assessment-door-link").input_value().split("/", 3)[3]
    expect(page.locator("#assessment-link-text")).to_contain_text(path)
    page.get_by_role("link", name="Poster to print").click()
    assert page.locator(".poster-link strong").inner_text().endswith(path)
    return path


COVERED = """() => {
  const foot = document.querySelector(".wizard-foot").getBoundingClientRect();
  return [...document.querySelectorAll(".wizard .option-row")]
    .filter((row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > foot.top + 1 && box.top < foot.bottom - 1;
    })
    .map((row) => row.textContent.trim().slice(0, 30));
}"""


def passes(page: Page) -> None:
    assert faults(page) == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url


@pytest.mark.parametrize(
    ("javascript", "language"),
    [(True, "en"), (False, "en"), (True, "es")],
    ids=["with JavaScript", "without JavaScript", "in Spanish"],
)
def test_a_resident_gets_from_the_poster_to_submitted_on_a_small_phone(
    demo: Server, new_page: NewPage, javascript: bool, language: str
) -> None:
    link, said = poster_link(new_page(demo), demo), Words(language)
    page = new_page(demo, viewport=PHONE, javascript=javascript, locale=f"{language}-US")
    tap = Taps()
    began = time.monotonic()
    page.goto(link)
    if javascript:
        passes(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(said("What do you see in our community?"))
    start = page.get_by_role("button", name=said("Start answering")).bounding_box()
    assert start is not None
    assert start["y"] + start["height"] <= PHONE["height"]
    page.get_by_label(said("Which of these are you?")).select_option("residents")
    tap.count += 2
    tap.leads_on(page.get_by_role("button", name=said("Start answering")))
    code = said("To continue on another phone, write down this code: %(code)s. It is shown only now.")
    expect(page.get_by_text(code.split("%")[0])).to_be_visible()
    answered, partial = 0, f"{said.content.scale.levels[2].label}."
    following_area = said("Continue with %(area)s").split("%")[0]
    while page.get_by_role("button", name=said("Continue")).count():
        assert page.evaluate(COVERED) == []
        tap(page.locator("label").filter(has_text=said("I don't know") if answered % 7 == 6 else partial))
        tap.leads_on(page.get_by_role("button", name=said("Continue")))
        answered += 1
        following = page.get_by_role("link", name=following_area)
        if following.count():
            tap.leads_on(following)
    tap(page.get_by_role("link", name=said("Review and submit")))
    tap(page.get_by_role("button", name=said("Submit my answers")))
    expect(page.get_by_role("heading", name=said("Your answers are submitted. Thank you."))).to_be_visible()
    taken = time.monotonic() - began
    kind = "with" if javascript else "without"
    print(
        f"{language}, {kind} JavaScript: {answered} questions, {tap.count} taps, {taken:.0f} s without reading"
    )
    assert answered == 11
    assert tap.count <= 2 * answered + 12
    if javascript:
        passes(page)
    tap(page.get_by_role("link", name=said("Start over for someone else")))
    tap(page.get_by_role("button", name=said("Start over for someone else")))
    expect(page.get_by_text(said("Which of these are you?"))).to_be_visible()
    page.go_back()
    expect(page.get_by_text(said("Change my answers"))).to_have_count(0)
