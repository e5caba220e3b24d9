"""Every refusal says what happened, what was kept and what to do, and asks the database nothing."""

import logging
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, abort
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from engage.coalitions.models import Coalition
from engage.config import TestConfig
from engage.extensions import db
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.models import Agreement
from engage.partners.models import Organization
from engage.web.access import public
from engage.web.answers import trace_of
from tests import databases
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_organization
from tests.html import Page

WORDS = "/c/riverbend/about/edit/words"
TYPED = {
    "mission": "A long text that somebody typed on a phone in a parking lot.",
    "version": "0",
}


def mission() -> str:
    return db.session.scalars(sa.select(Coalition.mission)).one()


@contextmanager
def write_lock(app: Flask) -> Iterator[None]:
    """Holds what a write needs with someone else's connection; ours waits for it only shortly."""
    db.session.commit()
    sqlite = db.engine.dialect.name == "sqlite"

    def wait_shortly(connection: sa.Connection) -> None:
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")

    event.listen(db.engine, "begin", wait_shortly)
    db.engine.dispose()
    try:
        if sqlite:
            with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as other:
                event.listen(db.engine, "connect", _impatient)
                other.execute("BEGIN IMMEDIATE")
                yield
                other.execute("ROLLBACK")
        else:
            other_engine = sa.create_engine(db.engine.url)
            with other_engine.connect() as connection:
                connection.exec_driver_sql("LOCK TABLE coalitions_coalition IN EXCLUSIVE MODE")
                yield
                connection.rollback()
            other_engine.dispose()
    finally:
        event.remove(db.engine, "begin", wait_shortly)
        if sqlite:
            event.remove(db.engine, "connect", _impatient)
        db.session.remove()
        db.engine.dispose()


def _impatient(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=20")


def test_a_locked_database_keeps_the_text_and_says_when_to_try_again(
    app: Flask, coordinator: EngageClient
) -> None:
    with write_lock(app):
        page = coordinator.send(WORDS, **TYPED)
        assert page.status == 503
        assert page.headers["Retry-After"] == "5"
        assert page.text("h1") == "The database is busy"
        assert page.value("mission") == TYPED["mission"]
        assert page.one("main form").attributes["action"] == WORDS
    fields = {
        node.attributes["name"]: node.attributes.get("value") or node.text().removeprefix("\n")
        for node in page.all("main form [name]")
    }
    assert coordinator.post(WORDS, data=fields).status_code == 303
    assert mission() == TYPED["mission"]


def test_a_locked_database_under_htmx_is_a_message_and_leaves_the_form_alone(
    app: Flask, coordinator: EngageClient
) -> None:
    with write_lock(app):
        page = coordinator.send(WORDS, htmx=True, **TYPED)
    assert page.status == 503
    assert (page.headers["HX-Retarget"], page.headers["HX-Reswap"]) == ("#status", "innerHTML")
    assert page.has("The database is busy") and page.has("Nothing was saved")
    assert "<html" not in page.html


def test_reading_works_while_someone_writes(app: Flask, coordinator: EngageClient) -> None:
    with write_lock(app):
        assert coordinator.get(WORDS).status_code == 200


def test_signing_in_while_the_database_is_locked_says_so(app: Flask, client: EngageClient) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # there the lock of another table does not matter
    with write_lock(app):
        page = client.send("/sign-in", email="maria@example.org", password="my secret words")
    assert page.status == 503
    assert "my secret words" not in page.html


@contextmanager
def full_disk(app: Flask) -> Iterator[None]:
    """Lets no page be added: SQLite by its own limit, PostgreSQL by the error that it gives then."""
    db.session.commit()
    sqlite = db.engine.dialect.name == "sqlite"
    if sqlite:
        db.engine.dispose()
        with closing(sqlite3.connect(str(db.engine.url.database))) as own:
            own.execute("VACUUM")  # no free page is left inside the file

    def limit(connection: Any, _record: object, _proxy: object) -> None:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={used}")

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE"):
            raise OperationalError(statement, {}, OSError(28, "No space left on device"))

    name, listener = ("checkout", limit) if sqlite else ("before_cursor_execute", refuse)
    event.listen(db.engine, name, listener)
    try:
        yield
    finally:
        event.remove(db.engine, name, listener)
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("htmx", [False, True])
def test_a_full_disk_keeps_the_text_and_writes_nothing_half(
    app: Flask, coordinator: EngageClient, htmx: bool
) -> None:
    long = {**TYPED, "definitions": "Every word counts. " * 500}
    with full_disk(app):
        page = coordinator.send(WORDS, htmx=htmx, **long)
    assert page.status == 507
    assert page.has("The server's disk is full")
    if htmx:
        assert page.headers["HX-Retarget"] == "#status"
    else:
        assert page.value("definitions") == long["definitions"]
    assert mission() == ""
    assert coordinator.send(WORDS, **long).status == 303


def test_a_full_disk_in_the_systems_words_is_known_too(app: Flask, client: EngageClient) -> None:
    failing(app, "/sign-in", OSError(28, "No space left on device"))
    assert client.send("/sign-in").status == 507


def failing(app: Flask, path: str, error: Exception) -> None:
    """Makes the view of this address fail for the rest of the test."""
    endpoint = next(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule == path and "POST" in (rule.methods or ())
    )
    original = app.view_functions[endpoint]

    @public
    def fail() -> str:
        app.view_functions[endpoint] = original
        raise error

    app.view_functions[endpoint] = fail


@pytest.mark.parametrize("multipart", [False, True])
@pytest.mark.parametrize("htmx", [False, True])
def test_a_body_that_is_too_large_is_a_413(coordinator: EngageClient, htmx: bool, multipart: bool) -> None:
    headers = {"HX-Request": "true"} if htmx else {}
    kind = "multipart/form-data" if multipart else "application/x-www-form-urlencoded"
    body = "mission=" + "x" * 3_000_000
    if multipart:
        kind += "; boundary=part"
        body = f'--part\r\nContent-Disposition: form-data; name="mission"\r\n\r\n{body}\r\n--part--\r\n'
    page = Page(coordinator.post(WORDS, data=body, headers=headers, content_type=kind))
    assert page.status == 413
    assert page.has("That is too much at once")
    assert page.has("A file can be at most 2 MB") is multipart
    assert len(page.html) < 20_000


def test_an_unknown_address_is_a_404_with_a_way_on(client: EngageClient) -> None:
    page = Page(client.get("/nothing/here"))
    assert page.status == 404
    assert page.text("h1") == "There is nothing here"
    assert page.one("main a.btn-primary").attributes["href"] == "/"


def test_a_wrong_method_says_which_are_right(client: EngageClient) -> None:
    page = Page(client.put("/sign-in"))
    assert page.status == 405
    assert {"GET", "POST"} <= set(page.headers["Allow"].replace(" ", "").split(","))
    assert page.text("h1") == "That did not work"


@pytest.mark.parametrize("path", ["/", "/sign-in", "/c/riverbend/", "/nothing"])
def test_a_foreign_host_is_refused_everywhere(client: EngageClient, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert b"evil.example" not in response.data
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("code", [400, 403, 404, 405, 410, 413, 429, 500, 501])
def test_under_htmx_every_error_is_a_message_for_the_status_region(
    app: Flask, client: EngageClient, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    @public
    def refuse() -> str:
        abort(code)

    monkeypatch.setitem(app.view_functions, "accounts.enter", refuse)
    page = client.send("/sign-in", htmx=True)
    assert page.status == code
    assert (page.headers["HX-Retarget"], page.headers["HX-Reswap"]) == ("#status", "innerHTML")
    assert page.text("strong") and page.html.count("<p") == 1


def test_htmx_shows_every_error_that_we_answer_with_and_no_proxys(
    coordinator: EngageClient, app: Flask
) -> None:
    with app.test_request_context("/"):
        macro = app.jinja_env.get_template("macros/ui.html").make_module({}).htmx()  # type: ignore[attr-defined]
    for code in (400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503, 507):
        assert str(code) in macro
    assert "502" not in macro and "504" not in macro


def production(app: Flask, folder: Path) -> Flask:
    """Runs the same database with errors answered instead of raised."""
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    made = databases.another_app(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=uri, TESTING=False))
    made.config["PROPAGATE_EXCEPTIONS"] = False
    made.test_client_class = EngageClient
    return made


def test_a_crash_says_sorry_keeps_the_text_and_logs_no_word_of_it(
    app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    live = production(app, tmp_path)

    @public
    def crash() -> str:
        try:
            int("canary that somebody typed")
        except ValueError as error:
            raise RuntimeError("canary again") from error
        return ""

    live.view_functions["accounts.enter"] = crash
    with live.app_context():
        client = live.test_client()
        page = client.send("/sign-in", note="canary that somebody typed, at some length")
        db.session.remove()
        db.engine.dispose()
    assert page.status == 500
    assert page.text("h1") == "Something went wrong on our side"
    assert page.value("note") == "canary that somebody typed, at some length"
    assert (
        "Traceback" not in page.html
        and "RuntimeError" not in page.html
        and "test_answers.py" not in page.html
    )
    assert "canary" not in caplog.text
    assert "failed: POST /sign-in" in caplog.text
    assert "RuntimeError" in caplog.text and "ValueError" in caplog.text and "test_answers.py" in caplog.text


def test_a_database_error_logs_no_parameter(app: Flask, coordinator: EngageClient) -> None:
    # Put together here: from 3.13 a trace quotes the whole statement of the test, with what stands in it.
    typed = "".join(("can", "ary"))
    with pytest.raises(sa.exc.IntegrityError) as refused:
        db.session.execute(sa.text("INSERT INTO accounts_user (id, name) VALUES (1, :name)"), {"name": typed})
    db.session.rollback()
    assert "canary" not in "".join(trace_of(refused.value))
    if db.engine.dialect.name == "sqlite":  # PostgreSQL quotes the row itself, which trace_of leaves out
        assert "canary" not in "".join(traceback.format_exception(refused.value))


def test_a_write_while_reading_is_our_fault_not_a_busy_database(
    app: Flask, client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    @public
    def careless() -> str:
        db.session.execute(sa.text("DELETE FROM accounts_user"))
        return ""

    monkeypatch.setitem(app.view_functions, "pages.about", careless)
    with pytest.raises(sa.exc.DBAPIError, match=r"(?i)read-?only"):
        client.get("/about")


@pytest.mark.parametrize(
    "fault", [OperationalError("SELECT", {}, Exception("database is locked")), OSError(28, "")]
)
def test_error_pages_ask_the_database_nothing(
    app: Flask, coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    asked: list[str] = []

    def fail(*_any: object) -> None:
        asked.append("again")
        raise fault

    # Already who is asking cannot be found out.
    monkeypatch.setattr("engage.accounts.queries.session_of", fail)
    with counted_queries() as statements:
        page = coordinator.send(WORDS, **TYPED)
    assert page.status in {503, 507}
    assert asked == ["again"]
    assert statements == []
    assert page.value("mission") == TYPED["mission"]


def test_after_a_failure_in_a_view_the_page_asks_nothing_either(
    app: Flask, coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_any: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr("engage.coalitions.about.service.save", fail)
    with counted_queries() as statements:
        page = coordinator.send(WORDS, **TYPED)
    assert page.status == 503
    # Who asks, their place, whether the first evening is past, and how far it is: all four before the failure.
    assert len(statements) == 4, statements


# -- what is gone between looking and writing


@pytest.fixture
def gone_meanwhile(monkeypatch: pytest.MonkeyPatch) -> Organization:
    """Makes an organization that someone removes after the form was checked and before it is written."""
    church = make_organization(name="Grace Church")
    removal = sa.delete(Organization).where(Organization.id == church.id)
    create = agreements_service.create_agreement

    def late(*args: Any, **values: Any) -> Any:
        if db.engine.dialect.name == "sqlite":
            db.session.execute(removal)  # there only one writes at a time
        else:
            other = sa.create_engine(db.engine.url)
            with other.begin() as connection:
                connection.execute(removal)
            other.dispose()
        return create(*args, **values)

    monkeypatch.setattr(agreements_service, "create_agreement", late)
    return church


AGREEMENT = {"kind": "mou", "state": "signed", "since": "2026-03-01", "notice": "", "review": ""}


def test_what_was_merged_away_meanwhile_is_said_and_the_text_is_kept(
    coordinator: EngageClient, gone_meanwhile: Organization
) -> None:
    new = "/c/riverbend/partners/agreements/new"
    promised = "Twelve beds from May on, whenever we call."
    page = coordinator.send(new, organization_id=gone_meanwhile.id, they_promised=promised, **AGREEMENT)
    assert page.status == 409
    assert page.text("h1") == "It changed in the meantime"
    assert page.value("they_promised") == promised
    assert db.session.scalar(sa.select(sa.func.count(Agreement.id))) == 0


def test_under_htmx_it_is_a_message(coordinator: EngageClient, gone_meanwhile: Organization) -> None:
    new = "/c/riverbend/partners/agreements/new"
    page = coordinator.send(new, htmx=True, organization_id=gone_meanwhile.id, **AGREEMENT)
    assert page.status == 409
    assert page.headers["HX-Retarget"] == "#status"
    assert page.has("deleted or merged a moment ago")


def test_what_else_the_database_refuses_is_our_fault(
    app: Flask, coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    church = make_organization()

    def twice(*_args: Any, **_values: Any) -> None:
        db.session.execute(sa.update(Organization).values(name=""))

    monkeypatch.setattr(agreements_service, "create_agreement", twice)
    new = "/c/riverbend/partners/agreements/new"
    monkeypatch.setattr(app, "testing", False)
    page = coordinator.send(new, organization_id=church.id, **AGREEMENT)
    assert page.status == 500


def test_a_body_that_no_browser_sends_is_refused_in_words(app: Flask, coordinator: EngageClient) -> None:
    """JSON is no form, a file no text, a part without a name nothing, and a body cut off is no crash."""
    path = "/c/riverbend/partners/new"
    start = "--cut\r\nContent-Disposition: form-data; "
    end = "\r\n--cut--\r\n"
    bodies = [
        ("application/json", "[" * 2000),
        ("application/json", "[1]"),
        ("multipart/form-data; boundary=cut", f'{start}name="name"; filename="x.csv"\r\n\r\nx{end}'),
        ("multipart/form-data; boundary=cut", f'{start}na)me="name"\r\n\r\nx{end}'),
    ]
    for kind, body in bodies:
        answer = coordinator.post(
            path, data=body, content_type=kind, headers={"X-CSRFToken": coordinator.csrf_token()}
        )
        assert answer.status_code == 422, (kind, body[:80])
    cut_off = coordinator.post(
        path, data="name=x", content_type="application/x-www-form-urlencoded", content_length=500
    )
    assert cut_off.status_code == 400


def test_a_question_that_is_no_text_is_no_crash(client: EngageClient, coordinator: EngageClient) -> None:
    path, odd = "/c/riverbend/plan/", {"QUERY_STRING": "\xff=\xfe&plan=\xff"}
    answer = client.get(path, environ_overrides=odd)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")
    assert coordinator.get(path, environ_overrides=odd).status_code in {200, 404}
