"""A browser that left the site without a network: its sign-in ends before any page is shown."""

import pytest

from tests.client import EngageClient


def left(client: EngageClient) -> EngageClient:
    client.set_cookie("left", "1")
    return client


@pytest.mark.parametrize("path", ["/c/riverbend/", "/account/?a=1", "/no-such-page", "/app.webmanifest"])
def test_the_first_request_afterwards_ends_the_sign_in_and_shows_nothing(
    coordinator: EngageClient, path: str
) -> None:
    answer = left(coordinator).get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert coordinator.get_cookie("left") is None
    assert coordinator.get("/account/").status_code in {302, 303, 401}


def test_a_form_that_was_sent_is_not_carried_out(coordinator: EngageClient) -> None:
    answer = left(coordinator).post("/c/riverbend/checklist/", data={"csrf_token": coordinator.csrf_token()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_it_leads_to_no_other_site(coordinator: EngageClient) -> None:
    answer = left(coordinator).get("/", environ_overrides={"PATH_INFO": "//example.com/"})
    assert not answer.headers["Location"].startswith(("//", "http"))


def test_leaving_itself_takes_the_mark_away(coordinator: EngageClient) -> None:
    assert left(coordinator).get("/leave").status_code == 303
    assert coordinator.get_cookie("left") is None


def test_a_health_check_says_nothing_and_leaves_the_mark(coordinator: EngageClient) -> None:
    assert left(coordinator).get("/healthz").data == b"ok"
    assert coordinator.get_cookie("left") is not None
