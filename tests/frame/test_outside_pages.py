"""Tests the pages outside any coalition, and the note that coordinators get when the network can listen."""

import pytest
from flask import Flask

from tests.client import EngageClient
from tests.factories import make_user

UNSAFE = "This site is opened without https"


def test_about_says_what_it_is_based_on_and_whose_word_it_is_not(client: EngageClient) -> None:
    page = client.page("/about")
    assert page.has("Community Toolkit")
    assert page.has(
        "not affiliated with or endorsed by the Alliance for Freedom, Restoration, and Justice (AFRJ)"
    )
    assert page.one("#pages-independent a[href^='https://engagetogether.com/']")
    assert page.has("Survivor leaders and coordinators should review this content")


def test_whoever_is_not_signed_in_sees_what_this_is(client: EngageClient) -> None:
    make_user()
    page = client.page("/")
    assert page.one("main a[href='/sign-in']")


@pytest.mark.parametrize(
    ("url", "warned"),
    [("http://10.0.0.7:8000", True), ("http://127.0.0.1:8001", False), ("https://engage.example.org", False)],
)
def test_coordinators_are_warned_when_others_on_the_network_could_read(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    coordinator: EngageClient,
    member: EngageClient,
    url: str,
    warned: bool,
) -> None:
    monkeypatch.setitem(app.config, "URL", url)
    monkeypatch.setitem(app.config, "HTTPS", url.startswith("https"))
    assert coordinator.page("/c/riverbend/people/").has(UNSAFE) is warned
    assert not member.page("/c/riverbend/people/").has(UNSAFE)


def test_help_says_whom_to_call_and_what_leaving_cannot_do(client: EngageClient) -> None:
    page = client.page("/help")
    links = {link.attributes["href"] for link in page.all("main a")}
    assert {"tel:911", "tel:+18883737888", "sms:233733", "tel:988"} <= links
    assert page.has("Engage does not take tips or reports.")
    assert page.has("It cannot clear your browser's history.")


def test_help_tells_the_duty_to_report_from_a_call_to_the_trafficking_hotline(client: EngageClient) -> None:
    page = client.page("/help")
    duty = page.text("#pages-duty")
    assert "Calling the National Human Trafficking Hotline does not meet that duty." in duty
    assert "Call your state's child abuse line or the police." in duty
    assert "In some states every adult must report" in duty


def test_help_prints_no_date_of_checking_that_no_one_entered(client: EngageClient) -> None:
    assert "last checked" not in client.page("/help").text().lower()
