"""One file is read at a time: the second waits without a lock, the third is told so at once."""

from threading import Event, Thread

import pytest
import sqlalchemy as sa
from flask import Flask, g

from engage.errors import WrongState
from engage.extensions import db
from engage.web import upload_lock
from engage.web.upload_lock import in_turn


def test_of_three_files_one_is_read_one_waits_and_one_is_told_so(app: Flask) -> None:
    begun, go_on, read = Event(), Event(), []

    @in_turn
    def reads(name: str) -> None:
        begun.set()
        go_on.wait(10)
        read.append(name)

    def one(name: str) -> None:
        with app.test_request_context("/", method="POST"):
            reads(name)

    threads = [Thread(target=one, args=(name,)) for name in ("first", "second")]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    while upload_lock._places._value:  # until the second has its place
        go_on.wait(0.01)
    with app.test_request_context("/", method="POST"), pytest.raises(WrongState, match="Try again"):
        reads("third")
    go_on.set()
    for thread in threads:
        thread.join()
    assert read == ["first", "second"]
    assert upload_lock._places._value == 2, "all places are free again"


def test_whoever_has_waited_long_enough_is_told_so_and_gives_the_place_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns_seconds = upload_lock.SECONDS
    monkeypatch.setattr(upload_lock, "SECONDS", 0.01)
    read = in_turn(lambda: None)
    asked = app.test_request_context("/", method="POST")
    with (
        upload_lock._reader,
        asked,
        pytest.raises(WrongState, match="Try again"),
    ):  # someone else's file takes its time
        read()
    assert upload_lock._places._value == 2
    assert turns_seconds <= 5, "nobody holds a thread longer than for somebody else's write"


def test_whoever_waits_for_a_turn_holds_no_lock(app: Flask) -> None:
    @in_turn
    def reads() -> bool:
        return db.session().in_transaction()

    with app.test_request_context("/", method="POST"):
        db.session.execute(sa.text("SELECT 1"))
        assert not reads()
        assert g.committed
