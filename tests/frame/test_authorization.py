"""Who gets to a view, where no page shows it: what an address may hold, and what a refused token shows instead."""

import re
from inspect import getsource
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, redirect, request_finished
from sqlalchemy import event

from engage.accounts import service as sessions
from engage.accounts.models import SignedIn
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.i18n import get_timezone
from tests import factories
from tests.client import EngageClient
from tests.html import Page

SETTINGS = "/c/riverbend/settings/"


def test_no_key_of_an_address_brings_a_nul_to_the_database(app: Flask, coordinator: EngageClient) -> None:
    """PostgreSQL refuses it as text, where SQLite finds nothing."""
    sent: list[object] = []

    def note(
        _connection: object, _cursor: object, _words: str, values: tuple[object], *_rest: object
    ) -> None:
        sent.extend(values)

    rules = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    keyed = [
        rule
        for rule in rules
        if rule.startswith("/c/<slug>/") and rule.count("<key>") == rule.count("<") - 1 > 0
    ]
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for rule in keyed:
            path = rule.replace("<slug>", "riverbend").replace("<key>", "%00")
            assert coordinator.get(path).status_code == 404, path
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert keyed and not any(isinstance(value, str) and "\x00" in value for value in sent)


def test_a_page_that_does_not_say_who_may_see_it_is_for_no_one(
    app: Flask, coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(app.view_functions["coalitions.settings"], "access")
    assert coordinator.get(SETTINGS).status_code == 403


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_stale_page_whose_form_is_gone_is_not_left_for_another(
    app: Flask, coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    def leaving() -> Any:
        return redirect("/", status)

    leaving.access = app.view_functions["coalitions.save_settings"].access  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "coalitions.save_settings", leaving)
    page = Page(coordinator.post(SETTINGS, data={"name": "Anew"}))
    assert (page.status, page.text("h1")) == (400, "This page was open for too long")


def test_a_page_tells_the_time_of_its_coalition(app: Flask) -> None:
    told: list[str] = []

    def note(*_of: object, **_more: object) -> None:
        told.append(str(get_timezone()))

    user = factories.make_user()
    places = {
        zone: factories.make_membership(user=user, coalition=factories.make_coalition(time_zone=zone))
        for zone in ("Pacific/Auckland", "America/Denver")
    }
    client = factories.signed_in_client(app, places["America/Denver"])
    with request_finished.connected_to(note, app):
        for membership in places.values():
            client.page(f"/c/{membership.coalition.slug}/")
    assert told == [*places]


@pytest.mark.parametrize(
    ("roles", "holds_keys"),
    [
        ([Role.MEMBER], False),
        ([Role.VIEWER, Role.MEMBER], False),
        ([Role.COORDINATOR], True),
        ([Role.MEMBER, Role.COORDINATOR], True),
    ],
)
def test_with_the_first_page_a_session_is_a_coordinators_where_its_person_is_one_anywhere(
    app: Flask, roles: list[Role], holds_keys: bool
) -> None:
    """From there on the shorter limits hold, whichever coalition they look at."""
    user = factories.make_user()
    first, *_others = [
        factories.make_membership(user=user, role=role, coalition=factories.make_coalition())
        for role in roles
    ]
    token = sessions.start_session(user)
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    assert client.get(f"/c/{first.coalition.slug}/").status_code == 200
    assert [each.holds_keys for each in db.session.scalars(sa.select(SignedIn))] == [holds_keys]


def test_a_page_read_from_another_network_brings_no_new_cookie(coordinator: EngageClient) -> None:
    coordinator.get(SETTINGS)  # the first page stores its form token
    with coordinator.session_transaction() as session:
        session["_fresh"] = True  # as after signing in
    page = coordinator.get(SETTINGS, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert page.status_code == 200 and "Set-Cookie" not in page.headers


def test_a_view_for_a_button_reads_no_form(app: Flask) -> None:
    """What was typed would be lost with a lapsed token: the view does not run, so no form is shown again."""
    marked = {name: view for name, view in app.view_functions.items() if getattr(view, "button", False)}
    reading = [name for name, view in marked.items() if re.search(r"Form\(\)|\.validate", getsource(view))]
    assert len(marked) > 100 and not reading
