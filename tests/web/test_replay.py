"""Nothing typed is lost: a session that ended, or a page open for too long, brings the text back unsaved.

The settings of a coalition stand for every form: they have texts, a version, a number and choices.
"""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from werkzeug.datastructures import MultiDict

from engage import clock
from engage.accounts.models import SignedIn
from engage.coalitions.models import Coalition
from engage.extensions import db
from engage.web.answers import kept_fields
from tests.client import EngageClient
from tests.factories import PASSWORD
from tests.html import Page

WORDS = "/c/riverbend/about/edit/words"
TYPED = {
    "mission": "Every exit has a door.\nAnd <b>a</b> \"quote\" & 'more'.",
    "vision": "",
    "definitions": "",
    "version": "0",
}


@pytest.fixture
def lapsed(coordinator: EngageClient) -> EngageClient:
    """Returns a coordinator whose session row is gone while the page was open."""
    db.session.execute(sa.delete(SignedIn))
    db.session.commit()
    return coordinator


def carried(page: Page) -> MultiDict[str, str]:
    """Returns what a browser would post when the page's form is sent as it is."""
    form = page.one("main form")
    fields: list[tuple[str, str]] = []
    for node in form.css("input, textarea, select"):
        kind, name = node.attributes.get("type"), node.attributes.get("name")
        if name is None or (kind in {"radio", "checkbox"} and "checked" not in node.attributes):
            continue
        if node.tag == "textarea":
            fields.append((name, node.text().removeprefix("\n")))
        elif node.tag == "select":
            fields.append((name, page.value(name)))
        else:
            fields.append((name, node.attributes.get("value") or ""))
    return MultiDict(fields)


def email_of(client: EngageClient) -> str:
    assert client.membership.user is not None
    return client.membership.user.email


def sign_in_from(client: EngageClient, page: Page, password: str = PASSWORD) -> Page:
    fields = carried(page)
    fields.setlist("sign_in_email", [email_of(client)])
    fields.setlist("sign_in_password", [password])
    return Page(client.post(page.one("main form").attributes["action"] or "", data=fields))


def mission() -> str:
    return db.session.scalars(sa.select(Coalition.mission)).one()


def test_a_post_without_a_session_gets_the_sign_in_form_with_every_field(lapsed: EngageClient) -> None:
    page = lapsed.send(WORDS, **TYPED)
    assert page.status == 401
    assert page.has("what you typed is not lost")
    assert {name: page.value(name) for name in TYPED} == TYPED
    assert page.one("main form").attributes["action"] == WORDS
    assert mission() == ""


def test_signing_in_shows_the_form_again_and_saves_nothing(lapsed: EngageClient) -> None:
    page = sign_in_from(lapsed, lapsed.send(WORDS, **TYPED))
    assert page.status == 422
    assert page.has("You are signed in again. Nothing was saved yet")
    assert page.text("h1") == "Our purpose"
    assert page.value("mission") == TYPED["mission"]
    assert mission() == ""


def test_pressing_save_then_saves(lapsed: EngageClient) -> None:
    page = sign_in_from(lapsed, lapsed.send(WORDS, **TYPED))
    form = next(form for form in page.all("main form") if form.attributes["action"] == WORDS)
    token = form.css_first("[name=csrf_token]").attributes["value"]
    answer = lapsed.post(WORDS, data={**TYPED, "csrf_token": token})
    assert answer.status_code == 303
    assert mission() == TYPED["mission"]


def test_a_wrong_password_keeps_everything(lapsed: EngageClient) -> None:
    page = sign_in_from(lapsed, lapsed.send(WORDS, **TYPED), "not this one")
    assert page.status == 401
    assert page.has("do not match")
    assert page.value("sign_in_email") == email_of(lapsed)
    assert page.value("sign_in_password") == ""
    assert {name: page.value(name) for name in TYPED} == TYPED
    page = sign_in_from(lapsed, page)
    assert page.status == 422
    assert page.value("mission") == TYPED["mission"]


def test_too_many_tries_on_the_way_keep_everything_too(lapsed: EngageClient) -> None:
    page = lapsed.send(WORDS, **TYPED)
    for _try in range(11):
        page = sign_in_from(lapsed, page, "not this one")
    assert page.status == 429
    assert page.headers["Retry-After"]
    assert page.value("mission") == TYPED["mission"]


def test_an_empty_sign_in_on_the_way_says_what_is_missing(lapsed: EngageClient) -> None:
    page = Page(lapsed.post(WORDS, data=carried(lapsed.send(WORDS, **TYPED))))
    assert page.status == 401
    assert page.errors == ["Enter your e-mail address.", "Enter your password."]
    assert page.value("mission") == TYPED["mission"]


def test_under_htmx_the_sign_in_form_takes_the_place_of_the_body(lapsed: EngageClient) -> None:
    page = lapsed.send(WORDS, htmx=True, **TYPED)
    assert page.status == 401
    assert page.headers["HX-Retarget"] == "body"
    assert page.headers["HX-Reswap"] == "innerHTML"
    assert page.html.lower().startswith("<!doctype html>")
    assert page.value("mission") == TYPED["mission"]


def test_passwords_are_never_carried_along(lapsed: EngageClient) -> None:
    page = lapsed.send("/account/email", email="new@example.org", password="my secret words")
    assert page.status == 401
    assert "my secret words" not in page.html
    assert not page.all("[name=password]")


def test_a_field_of_the_same_name_is_not_mixed_up(lapsed: EngageClient) -> None:
    page = sign_in_from(
        lapsed,
        lapsed.send("/account/password", password="my secret words", new_password="other secret words"),
    )
    assert page.status == 422
    assert page.text("h1") == "Change your password"
    assert page.value("password") == "" and page.value("new_password") == ""


def test_several_values_of_one_field_are_all_kept(lapsed: EngageClient) -> None:
    fields = MultiDict([*TYPED.items(), ("disciplines", "health"), ("disciplines", "school")])
    fields.add("csrf_token", lapsed.csrf_token())
    page = Page(lapsed.post(WORDS, data=fields))
    assert [node.attributes["value"] for node in page.all("[name=disciplines]")] == ["health", "school"]


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_nothing_that_another_site_sent_is_shown(lapsed: EngageClient, headers: dict[str, str]) -> None:
    data = {**TYPED, "csrf_token": lapsed.csrf_token()}
    page = Page(lapsed.post(WORDS, data=data, headers=headers))
    assert page.status == 401
    assert not page.all("[name=mission]")


def test_a_cookie_that_is_gone_altogether_loses_nothing_either(coordinator: EngageClient) -> None:
    data = {**TYPED, "csrf_token": coordinator.csrf_token()}
    coordinator.delete_cookie("session")
    page = Page(coordinator.post(WORDS, data=data))
    assert page.status == 401
    assert page.value("mission") == TYPED["mission"]
    assert sign_in_from(coordinator, page).status == 422


def test_credentials_without_a_token_sign_no_one_in(lapsed: EngageClient) -> None:
    fields = {**TYPED, "sign_in_email": email_of(lapsed), "sign_in_password": PASSWORD}
    page = lapsed.send(WORDS, token=False, **fields)
    assert page.status == 401
    assert lapsed.get("/account/").status_code == 303


def test_a_page_open_for_too_long_comes_back_filled_in(coordinator: EngageClient) -> None:
    page = coordinator.send(WORDS, token=False, **TYPED, csrf_token="from an earlier visit")
    assert page.status == 400
    assert page.has("This page was open for too long. Nothing was saved yet")
    assert page.text("h1") == "Our purpose"
    assert page.value("mission") == TYPED["mission"]
    assert mission() == ""
    form = next(form for form in page.all("main form") if form.attributes["action"] == WORDS)
    token = form.css_first("[name=csrf_token]").attributes["value"]
    assert coordinator.post(WORDS, data={**TYPED, "csrf_token": token}).status_code == 303


def test_the_same_under_htmx_takes_the_place_of_the_body(coordinator: EngageClient) -> None:
    page = coordinator.send(WORDS, token=False, htmx=True, **TYPED)
    assert (page.status, page.headers["HX-Retarget"]) == (400, "body")
    assert page.value("mission") == TYPED["mission"]


def test_another_site_gets_no_filled_in_form(coordinator: EngageClient) -> None:
    page = Page(coordinator.post(WORDS, data=TYPED, headers={"Sec-Fetch-Site": "cross-site"}))
    assert page.status == 400
    assert page.text("h1") == "This page was open for too long"
    assert not page.all("[name=mission]")


def test_a_stale_page_of_someone_elses_coalition_is_still_not_there(
    app: Flask, coordinator: EngageClient
) -> None:
    assert coordinator.post("/c/other/settings/", data=TYPED).status_code == 404


def test_a_view_that_forgets_its_form_cannot_write_while_replaying(
    app: Flask, coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(**_address: str) -> str:
        db.session.execute(sa.update(Coalition).values(mission="written without a token"))
        db.session.commit()
        return ""

    careless.access = app.view_functions["coalitions.save_about_us"].access  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "coalitions.save_about_us", careless)
    with pytest.raises(sa.exc.DBAPIError, match=r"(?i)read-?only"):
        coordinator.post(WORDS, data=TYPED)
    assert mission() == ""


@pytest.mark.parametrize("address", ["/sign-in", "/sign-in?next=/account/"])
def test_a_stale_sign_in_page_keeps_the_address_but_not_the_password(
    client: EngageClient, address: str
) -> None:
    page = client.send(address, token=False, email="maria@example.org", password="my secret words")
    assert page.status == 400
    assert page.value("email") == "maria@example.org"
    assert "my secret words" not in page.html
    assert page.one("main form").attributes["action"] == address


def test_reading_without_a_session_comes_back_after_signing_in(lapsed: EngageClient) -> None:
    answer = lapsed.get(WORDS + "?show=all")
    page = lapsed.page(answer.headers["Location"])
    answer = lapsed.post(
        page.one("main form").attributes["action"] or "",
        data={"email": email_of(lapsed), "password": PASSWORD, "csrf_token": page.value("csrf_token")},
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, WORDS + "?show=all")


def test_reading_by_htmx_without_a_session_moves_the_whole_page(lapsed: EngageClient) -> None:
    answer = lapsed.get(WORDS, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/sign-in?next=")


def test_the_flash_is_shown_once(lapsed: EngageClient) -> None:
    assert sign_in_from(lapsed, lapsed.send(WORDS, **TYPED)).has("You are signed in again")
    assert not lapsed.page(WORDS).has("You are signed in again")


def test_a_form_without_its_version_is_refused_in_words_and_shown_again(coordinator: EngageClient) -> None:
    typed = {name: value for name, value in TYPED.items() if name != "version"}
    page = coordinator.send(WORDS, **typed)
    assert (page.status, page.text("h1")) == (400, "The request was incomplete")
    assert page.value("mission") == TYPED["mission"]
    assert mission() == ""


def test_tokens_and_passwords_of_any_name_are_left_out(app: Flask) -> None:
    data: dict[str, Any] = {"csrf_token": "t", "new_password": "p", "sign_in_password": "q", "title": "kept"}
    with app.test_request_context(WORDS, method="POST", data=data):
        assert [(field.name, field.value) for field in kept_fields()] == [("title", "kept")]


# -- buttons, which have no text to show again

EVENING = "/c/riverbend/first-evening/end"


def evening_is_over() -> bool:
    return db.session.scalars(sa.select(Coalition.first_evening_over)).one()


def leads_back(page: Page, address: str) -> bool:
    """Returns whether the page says that nothing changed, and links to the page of the button."""
    said = page.text("h1") == "This page was open for too long" and page.has("Nothing was changed.")
    return said and page.one("main a.btn-primary").attributes["href"] == address


@pytest.mark.parametrize(
    ("path", "above"),
    [
        (EVENING, "/c/riverbend"),
        ("/c/riverbend/people/99/approve", "/c/riverbend/people/99"),
        ("/account/sessions/end", "/account/sessions"),
    ],
)
def test_a_button_of_a_page_open_for_too_long_leads_back_to_its_page(
    coordinator: EngageClient, path: str, above: str
) -> None:
    page = coordinator.send(path, token=False)
    assert page.status == 400
    assert leads_back(page, above)


def test_a_button_pressed_without_a_session_does_nothing_after_signing_in(lapsed: EngageClient) -> None:
    page = lapsed.send(EVENING)
    assert page.status == 401
    page = sign_in_from(lapsed, page)
    assert page.status == 400
    assert leads_back(page, "/c/riverbend")
    assert not evening_is_over()
    assert lapsed.send(EVENING).status == 303
    assert evening_is_over()


def test_under_htmx_the_page_of_the_button_stays(coordinator: EngageClient) -> None:
    page = coordinator.send(EVENING, token=False, htmx=True)
    assert (page.status, page.headers["HX-Retarget"]) == (400, "#status")
    assert page.has("Nothing was changed.")


def test_a_sensitive_button_without_a_token_does_nothing_after_the_password(
    coordinator: EngageClient,
) -> None:
    fields = {"sign_in_unchecked": "1", "sign_in_password": PASSWORD}
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        page = coordinator.send("/account/second-factor/off", **fields)
        assert leads_back(page, "/account/second-factor")
