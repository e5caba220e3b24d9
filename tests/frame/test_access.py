"""Who gets to a view, where no page shows it: what an address may hold, and what a refused token shows instead."""

from typing import Any

import pytest
from flask import Flask, redirect
from sqlalchemy import event

from engage.extensions import db
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
