"""Tests that a member says on a phone how an action goes, in two taps; and sets one that comes every month."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.servers import Server, sign_in
from tests.browser.test_first_visit import menu, more

THUMB = 44


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_two_taps_from_home(demo: Server, new_page: NewPage, javascript: bool) -> None:
    page = new_page(demo, viewport=PHONE, javascript=javascript)
    sign_in(page, demo.account("member"))
    opener = page.locator("#home-desk .home-quick > summary").first
    assert (opener.bounding_box() or {})["height"] >= THUMB
    opener.click()
    form = page.locator("#home-desk .home-quick[open]")
    expect(form.get_by_role("button", name="Stuck")).to_be_visible()
    for button in form.get_by_role("button").all():
        assert (button.bounding_box() or {})["height"] >= THUMB
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    # Stuck asks what help is needed, there and then; what was chosen stays.
    before = form.get_by_label("New date").input_value()
    form.get_by_label("New date").fill("2099-10-04")
    form.get_by_role("button", name="Stuck").click()
    expect(form.locator(".form-error")).to_contain_text("Say what help is needed")
    expect(form.get_by_label("New date")).to_have_value("2099-10-04")
    form.get_by_label("New date").fill(before)
    form.get_by_label("What help is needed").fill("A second trainer")
    form.get_by_role("button", name="Stuck").click()
    expect(page.locator("#home-desk")).to_contain_text("Needs: A second trainer")
    expect(page.locator("#home-desk .home-quick[open]")).to_have_count(0)

    page.locator("#home-desk .home-quick > summary").first.click()
    page.locator("#home-desk .home-quick[open]").get_by_role("button", name="On track").click()
    expect(page.locator("body")).to_contain_text(re.compile(r"Action \d+ is on track\."))
    expect(page.locator("#home-desk")).not_to_contain_text("Needs: A second trainer")
    page.get_by_role("button", name="Undo").click()
    expect(
        page.get_by_text(re.compile(r"Action \d+ is restored to what it was before\.")).first
    ).to_be_visible()
    menu(page, "Home")
    expect(page.locator("#home-desk")).to_contain_text("Needs: A second trainer")


def test_a_status_asks_its_own_question(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, viewport=PHONE, javascript=False)
    sign_in(page, demo.account("coordinator"))
    page.goto("/c/riverbend-county/plan/?status=under_way")
    page.locator(".plan-table tbody a").first.click()
    status, words = page.get_by_label("Change status to"), page.locator("[for=plan-move-reason]")
    expect(words).to_be_hidden()
    for choice, question in [("Stuck", "What help is needed?"), ("No longer needed", "Why?")]:
        status.select_option(choice)
        expect(words).to_be_visible()
        assert words.inner_text() == question
    status.select_option("Done")
    expect(words).to_be_hidden()


def test_only_what_a_choice_asks_is_shown(demo: Server, new_page: NewPage) -> None:
    page = new_page(demo, viewport=PHONE)
    sign_in(page, demo.account("coordinator"))
    menu(page, "Plan")
    more(page, "Add an action with all its fields")
    page.get_by_text("Repeats: no, one time only").click()
    repeats = page.locator("#plan-repeats")
    labels = ["How many weeks or months", "On which day", "Weekday", "Ends", "How many times", "Last day"]

    def shown() -> list[str]:
        return [label for label in labels if repeats.get_by_label(label).is_visible()]

    expect(repeats.get_by_label("Repeats", exact=True)).to_be_visible()
    assert shown() == []
    for choose, seen in (
        ({"Repeats": "Every week"}, ["Ends"]),
        ({"Repeats": "Every few weeks (choose)"}, [labels[0], "Ends"]),
        ({"Repeats": "Every month"}, ["On which day", "Ends"]),
        ({"On which day": "The second …"}, ["On which day", "Weekday", "Ends"]),
        ({"Ends": "After a number of times"}, ["On which day", "Weekday", "Ends", "How many times"]),
        ({"Ends": "On a date"}, ["On which day", "Weekday", "Ends", "Last day"]),
    ):
        for label, option in choose.items():
            repeats.get_by_label(label, exact=label == "Repeats").select_option(label=option)
        assert shown() == seen
    page.get_by_label("What will be done").fill("Count the trainings")
    page.get_by_role("textbox", name="By when").fill("2099-10-13")
    repeats.get_by_label("Ends").select_option(label="Never")
    page.get_by_role("button", name="Add the action").click()
    expect(page.locator("#plan-series")).to_contain_text("Every month on the second Tuesday.")
