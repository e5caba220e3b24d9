"""Tests what is done once, not again with every request: loading, building and asking again cost more than a page."""

import subprocess
import sys

import pytest
import sqlalchemy as sa
from babel.support import Translations
from flask import Flask
from sqlalchemy import event

from engage.extensions import db
from engage.versions import claim_version
from engage.web import forms as web_forms
from engage.web.forms import ConfirmForm, VersionedForm
from tests import databases
from tests.factories import make_organization

SERVER = """
import sys
import engage.cli, engage.operations.server, waitress
from engage import create_app
from engage.config import TestConfig
create_app(TestConfig(DATA=__import__("pathlib").Path(sys.argv[1]), SQLALCHEMY_DATABASE_URI="sqlite://"))
assert engage.cli.main.get_command(None, "serve") is engage.cli.serve
rare = {"alembic", "mako", "rustpy_xlsxwriter", "segno", "psycopg", "sqlalchemy.dialects.postgresql"}
print(sorted(sys.modules.keys() & rare))
"""


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_server_on_sqlite_loads_neither_migrations_nor_workbooks_nor_what_postgresql_uses(
    tmp_path: object,
) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_texts_of_wtforms_are_read_from_their_file_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    load = Translations.load
    monkeypatch.setattr(Translations, "load", lambda *args, **more: read.append(args) or load(*args, **more))
    web_forms._texts_of_wtforms.cache_clear()
    for _request in range(3):
        with app.test_request_context("/"):
            ConfirmForm(formdata=None).validate()
            VersionedForm(formdata=None).validate()
    assert len([each for each in read if "wtforms" in str(each[0])]) == 1  # type: ignore[index]


def test_claiming_a_version_is_one_statement(app: Flask) -> None:
    organization = make_organization()
    with databases.counted_queries() as statements:
        claim_version(organization, organization.version)
        assert organization.version == 2
    assert len(statements) == 1
    db.session.rollback()


def test_a_connection_is_told_once_that_it_only_reads(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "query_only" in statement:
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    with app.test_request_context("/"), db.engine.connect() as connection:
        connection.info.pop("reading", None)
        for _transaction in range(3):
            connection.execute(sa.text("SELECT 1"))
            connection.rollback()
    event.remove(db.engine, "before_cursor_execute", note)
    assert said == ["PRAGMA query_only=ON"]
