"""Security headers stand on every answer, whatever it is."""

from pathlib import Path

import pytest
from flask import Flask

from engage.config import TestConfig
from tests import databases
from tests.client import EngageClient

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
EXPECTED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def static_path(app: Flask) -> str:
    with app.test_request_context("/"):
        return str(app.jinja_env.globals["static_url"]("app.css"))  # type: ignore[operator]


@pytest.mark.parametrize(
    "path", ["/about", "/healthz", "/nothing", "/account/", "/leave", "/static/nothing.css", "STATIC"]
)
def test_every_answer_carries_them(app: Flask, client: EngageClient, path: str) -> None:
    response = client.get(static_path(app) if path == "STATIC" else path)
    response.close()
    assert {name: response.headers.get(name) for name in EXPECTED} == EXPECTED
    assert response.headers["Cache-Control"] == (
        "max-age=315360000, public, immutable" if path == "STATIC" else "no-store"
    )
    assert "Strict-Transport-Security" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/sign-in"), ("PUT", "/sign-in"), ("OPTIONS", "/about")]
)
def test_refusals_carry_them_too(client: EngageClient, method: str, path: str) -> None:
    response = client.open(path, method=method)
    assert {name: response.headers.get(name) for name in EXPECTED} == EXPECTED


def test_over_https_browsers_are_told_to_stay_there(app: Flask, tmp_path: Path) -> None:
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    url = "https://engage.example.org"
    safe = databases.another_app(TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI=uri, URL=url))
    for path in ("/about", "/nothing", static_path(safe)):
        response = safe.test_client().get(path, base_url=url)
        response.close()
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_behind_the_proxy_the_asking_address_is_believed_but_not_the_host(app: Flask, tmp_path: Path) -> None:
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    url = "https://engage.example.org"
    safe = databases.another_app(TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI=uri, URL=url))
    seen: list[str | None] = []
    safe.before_request(
        lambda: seen.append(f"{_request().remote_addr} {_request().host} {_request().scheme}")
    )
    headers = {
        "X-Forwarded-For": "203.0.113.9, 192.0.2.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
    }
    safe.test_client().get("/about", base_url="http://engage.example.org", headers=headers)
    assert seen == ["192.0.2.7 engage.example.org https"]


def test_without_a_proxy_no_one_can_pretend_another_address(app: Flask, client: EngageClient) -> None:
    with app.test_request_context("/", headers={"X-Forwarded-For": "203.0.113.9"}):
        assert _request().remote_addr != "203.0.113.9"
    assert type(app.wsgi_app).__name__ == "WhiteNoise"


def test_pages_that_differ_for_htmx_say_so_to_caches(client: EngageClient) -> None:
    assert "HX-Request" in client.get("/about").headers["Vary"]


def _request():  # type: ignore[no-untyped-def]
    from flask import request

    return request
