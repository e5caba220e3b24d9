"""Engage on a phone's home screen: what the manifest says, and who is offered it."""

from pathlib import Path

import pytest

from engage.frame.pages import routes
from tests.client import EngageClient

ROOT = Path(__file__).resolve().parents[2]
SAID = {
    **{"id": "/", "start_url": "/", "scope": "/", "display": "standalone"},
    **{"name": "Engage", "short_name": "Engage", "background_color": "#faf9f5", "theme_color": "#0f5c63"},
}


def test_the_icon_and_its_name_say_engage_and_nothing_else(client: EngageClient) -> None:
    answer = client.get("/app.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    said = dict(answer.json or {})
    (icon,) = said.pop("icons")
    assert said == SAID
    with client.get(icon["src"]) as picture:
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
        assert picture.data[16:24] == (512).to_bytes(4) * 2


def test_it_is_the_same_for_everyone_and_sets_no_cookie(
    client: EngageClient, coordinator: EngageClient
) -> None:
    answers = [each.get("/app.webmanifest") for each in (client, coordinator)]
    assert answers[0].data == answers[1].data
    assert [each.headers.get("Set-Cookie") for each in answers] == [None, None]
    assert answers[0].headers["Cache-Control"] == "public, max-age=3600"


def test_only_someone_signed_in_is_offered_it(client: EngageClient, coordinator: EngageClient) -> None:
    home = coordinator.get("/c/riverbend/").text
    assert 'rel="manifest" href="/app.webmanifest"' in home
    assert 'rel="apple-touch-icon"' in home
    for path in ("/sign-in", "/help", "/about"):
        assert "webmanifest" not in client.get(path).text


def test_the_account_says_that_an_iphone_asks_for_another_sign_in(coordinator: EngageClient) -> None:
    assert "it does not share the sign-in with your browser" in coordinator.get("/account/").text


@pytest.mark.parametrize("name", ["_PAGE", "_TEAL"])
def test_its_colors_are_those_of_the_pages(name: str) -> None:
    tokens = (ROOT / "static" / "css" / "web" / "tokens.css").read_text()
    assert f"--{name.strip('_').lower()}: {getattr(routes, name)};" in tokens
