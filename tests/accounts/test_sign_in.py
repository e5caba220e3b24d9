"""Signing in and out over HTTP."""

from flask import Flask

from tests.client import EngageClient
from tests.factories import PASSWORD, make_membership


def test_signing_in_lands_in_ones_coalition(client: EngageClient) -> None:
    user = make_membership(name="Maria Santos").user
    assert user is not None
    page = client.send("/sign-in", email=user.email.upper(), password=PASSWORD)
    assert (page.status, page.location) == (303, "/c/riverbend/")
    assert client.page("/c/riverbend/").has("Riverbend County Coalition")


def test_a_wrong_password_is_refused_and_the_address_kept(client: EngageClient) -> None:
    user = make_membership().user
    assert user is not None
    page = client.send("/sign-in", email=user.email, password="not this one")
    assert page.status == 422
    assert page.value("email") == user.email
    assert page.value("password") == ""


def test_a_fresh_client_is_no_one_although_another_is_signed_in(app: Flask, member: EngageClient) -> None:
    member.page("/c/riverbend/")
    stranger = app.test_client()
    assert stranger.get("/c/riverbend/").headers["Location"].startswith("/sign-in?next=")
