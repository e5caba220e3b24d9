"""A connection lost before the first write is taken anew once; after it the page keeps the text and tries again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, has_request_context
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from engage.coalitions.models import Coalition
from engage.extensions import db
from engage.web import lost_connections
from engage.web.lost_connections import MARK, SentForm
from tests.client import EngageClient
from tests.databases import is_one_file

WORDS = "/c/riverbend/about/edit/words"
TYPED = {"mission": "What somebody typed while the leader changed.", "vision": "", "version": "0"}
MARKED = {MARK: "0123456789abcdef0123"}


@contextmanager
def lost(words: str, times: int = 1) -> Iterator[list[str]]:
    """Loses the connection at the first statements that contain the words: PostgreSQL ends it, SQLite pretends."""
    ended: list[str] = []

    def lose(connection: sa.Connection, cursor: Any, statement: str, *_rest: object) -> None:
        if words not in statement or len(ended) >= times:
            return
        ended.append(statement)
        if not is_one_file():
            end(connection.connection.driver_connection)
            return
        raise OperationalError(statement, None, Exception("lost"), connection_invalidated=True)

    event.listen(db.engine, "before_cursor_execute", lose)
    try:
        yield ended
    finally:
        event.remove(db.engine, "before_cursor_execute", lose)


def end(driver: Any) -> None:
    other = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with other.connect() as connection:
        connection.execute(
            sa.text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": driver.info.backend_pid}
        )


def mission() -> str:
    return db.session.scalars(sa.select(Coalition.mission)).one()


def test_a_page_is_read_again_on_a_new_connection(coordinator: EngageClient) -> None:
    with lost("FROM coalitions_membership") as ended:
        assert coordinator.page(WORDS).value("mission") == ""
    assert len(ended) == 1


def test_a_form_that_wrote_nothing_yet_is_carried_out_on_a_new_connection(coordinator: EngageClient) -> None:
    with lost("FROM coalitions_membership") as ended:
        assert coordinator.send(WORDS, **TYPED).status == 303
    assert (len(ended), mission()) == (1, TYPED["mission"])


def test_it_is_tried_once_and_not_again_and_again(coordinator: EngageClient) -> None:
    with lost("FROM coalitions_membership", times=9) as ended:
        answer = coordinator.get(WORDS)
    assert (answer.status_code, answer.headers["Retry-After"], len(ended)) == (503, "5", 2)
    assert "data-again" in answer.text


def test_a_request_that_took_long_is_not_run_again(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_connections, "RUNS_AGAIN_WITHIN", 0)
    with lost("FROM coalitions_membership", times=9) as ended:
        assert coordinator.get(WORDS).status_code == 503
    assert len(ended) == 1


def test_a_form_that_had_written_is_not_run_again_and_keeps_its_text(coordinator: EngageClient) -> None:
    with lost("INSERT INTO web_sent_form") as ended:
        page = coordinator.send(WORDS, **TYPED, **MARKED)
    assert (page.status, len(ended)) == (503, 1)
    form = page.one("form[data-again]")
    assert page.value("mission") == TYPED["mission"]
    assert form.css_first(f"[name={MARK}]").attributes["value"] == MARKED[MARK]
    assert mission() == ""
    assert coordinator.send(WORDS, **TYPED, **MARKED).status == 303
    assert mission() == TYPED["mission"]


def test_a_form_of_which_something_is_left_out_does_not_send_itself(coordinator: EngageClient) -> None:
    with lost("FROM coalitions_membership", times=9):
        page = coordinator.send(WORDS, **TYPED, password="typed")
    assert page.status == 503
    assert not page.texts("[data-again]")


@pytest.mark.parametrize(
    ("mark", "words", "sends_itself"),
    [(MARKED, "nothing is done twice", True), ({}, "Look before you try again", False)],
)
def test_a_commit_without_an_answer_claims_nothing_and_is_not_done_twice(
    coordinator: EngageClient,
    monkeypatch: pytest.MonkeyPatch,
    mark: dict[str, str],
    words: str,
    sends_itself: bool,
) -> None:
    """The commit arrives, and the connection breaks before its answer."""
    dialect = db.engine.dialect
    commit = dialect.do_commit

    def lose(connection: Any) -> None:
        commit(connection)
        if has_request_context():
            raise OperationalError("COMMIT", None, Exception("lost"), connection_invalidated=True)

    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_commit", lose)
        page = coordinator.send(WORDS, **TYPED, **mark)
    assert page.status == 503
    assert "It is not known whether this was saved" in page.text() and words in page.text()
    assert bool(page.texts("form[data-again]")) is sends_itself
    assert mission() == TYPED["mission"]
    if mark:
        assert coordinator.send(WORDS, **TYPED, **mark).status == 303
        assert db.session.scalars(sa.select(sa.func.count()).select_from(SentForm)).one() == 1
        assert db.session.scalars(sa.select(Coalition.version)).one() == 1


def test_a_commit_that_no_standby_confirms_is_answered_within_five_seconds(
    app: Flask, coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL waits for a standby that does not exist; the shorter bound is the test's."""
    if is_one_file():
        return
    from engage.web import commits

    monkeypatch.setattr(commits, "CONFIRMED_WITHIN", 0.3)
    admin = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    name = db.engine.url.database
    with admin.connect() as connection:
        for statement in (
            f"ALTER DATABASE {name} SET synchronous_commit = on",
            "ALTER SYSTEM SET synchronous_standby_names = 'nobody'",
            "SELECT pg_reload_conf()",
        ):
            connection.exec_driver_sql(statement)
        db.session.remove()
        db.engine.dispose()
        try:
            page = coordinator.send(WORDS, **TYPED, **MARKED)
        finally:
            connection.exec_driver_sql("ALTER SYSTEM RESET synchronous_standby_names")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
            db.engine.dispose()
    assert page.status == 503
    assert "It is not known whether this was saved" in page.text()
    assert coordinator.send(WORDS, **TYPED, **MARKED).status == 303
    assert mission() == TYPED["mission"]
