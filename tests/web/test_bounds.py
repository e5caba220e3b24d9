"""No one can stop it: a request that brings too much is refused before it costs anything, and is not echoed."""

import pytest
from flask import Flask
from werkzeug import formparser

from engage.limits import MOST_FIELDS
from engage.web import answers
from engage.web.answers import kept_fields
from tests.client import EngageClient
from tests.html import Page

SETTINGS = "/c/riverbend/settings/"
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=part"
ENCODINGS = [URLENCODED, MULTIPART]


def body_of(kind: str, fields: int) -> str:
    if kind == URLENCODED:
        return "&".join(["a="] * fields)
    part = '--part\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    return part * fields + "--part--\r\n"


@pytest.mark.parametrize("path", [SETTINGS, "/c/nobody/settings/", "/sign-in", "/no/such/page"])
@pytest.mark.parametrize("kind", ENCODINGS)
def test_too_many_fields_are_a_413_that_shows_none_of_them(
    client: EngageClient, path: str, kind: str
) -> None:
    page = Page(client.post(path, data=body_of(kind, MOST_FIELDS + 1), content_type=kind))
    assert page.status == (404 if path == "/no/such/page" else 413)
    assert len(page.html) < 10_000


@pytest.mark.parametrize("kind", ENCODINGS)
def test_as_many_fields_as_may_be_are_read(app: Flask, kind: str) -> None:
    body = body_of(kind, MOST_FIELDS)
    with app.test_request_context(SETTINGS, method="POST", data=body, content_type=kind) as context:
        assert len(context.request.form.getlist("a")) == MOST_FIELDS


def test_too_many_fields_are_refused_before_any_is_read(
    client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_body: object) -> None:
        raise AssertionError("the fields were read")

    monkeypatch.setattr(formparser, "parse_qsl", read)
    body = body_of(URLENCODED, MOST_FIELDS + 1)
    assert client.post("/sign-in", data=body, content_type=URLENCODED).status_code == 413


@pytest.mark.parametrize("path", ["/no/such/page", "/healthz", "/c/nobody/no/such/page"])
def test_an_address_that_takes_no_form_shows_nothing_of_one(client: EngageClient, path: str) -> None:
    page = client.send(path, title="What was typed and sent to nowhere")
    assert page.status in {404, 405}
    assert not page.has("What was typed")
    assert page.all("main form") == []


@pytest.mark.parametrize(("sign", "times", "kept"), [("x", 96, 1), ("x", 97, 0), ('"', 19, 1), ('"', 20, 0)])
def test_an_error_page_never_grows_beyond_a_form(
    app: Flask, monkeypatch: pytest.MonkeyPatch, sign: str, times: int, kept: int
) -> None:
    """A quotation mark takes five letters there."""
    monkeypatch.setattr(answers, "MOST_ECHOED", 100)
    with app.test_request_context(SETTINGS, method="POST", data={"text": sign * times}):
        assert len(kept_fields()) == kept
