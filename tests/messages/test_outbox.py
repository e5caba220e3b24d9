"""Sending what is due: once, to those who want it, whatever the server does and however often it runs."""

import logging
import subprocess
import sys
import time as clock_of_the_wall
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from engage import clock
from engage.coalitions.rules import Role
from engage.config import ROOT
from engage.extensions import db
from engage.messages.digest import service as digest_service
from engage.messages.mail import digests
from engage.messages.mail.digests import Digests
from engage.messages.mail.post import Post
from engage.messages.models import Mail, MailSetting
from engage.messages.rules import Frequency, MailState, PastMail, is_due, week_of
from tests import factories
from tests.messages.smtp import SHORT, closed_port, scripted, server_at, silent, taking
from tests.messages.subscribers import NOW, make_late, make_subscriber, run, states, user_of


@pytest.fixture(autouse=True)
def time(app: object) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


# -- when it is due

LONG_AGO = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("frequency", "past", "due"),
    [
        (Frequency.OFF, [], False),
        (Frequency.DAILY, [], True),
        (Frequency.DAILY, [(0, MailState.SENT)], False),
        (Frequency.DAILY, [(0, MailState.CLAIMED)], False),
        (Frequency.DAILY, [(0, MailState.UNKNOWN)], False),
        (Frequency.DAILY, [(0, MailState.FAILED)], True),
        (Frequency.DAILY, [(1, MailState.SENT)], True),
        (Frequency.WEEKLY, [], True),
        (Frequency.WEEKLY, [(2, MailState.SENT)], False),
        (Frequency.WEEKLY, [(2, MailState.FAILED)], True),
        (Frequency.WEEKLY, [(3, MailState.SENT)], True),
    ],
)
def test_daily_is_once_a_day_and_weekly_once_from_monday_on(
    frequency: Frequency, past: list[tuple[int, MailState]], due: bool
) -> None:
    today = NOW.date()
    mails = [PastMail(today - timedelta(days=days), state, 1) for days, state in past]
    assert is_due(frequency, today, mails, LONG_AGO) is due
    assert week_of(today).weekday() == 0


def test_a_refused_address_is_not_knocked_at_all_day() -> None:
    today = NOW.date()
    assert is_due(Frequency.DAILY, today, [PastMail(today, MailState.FAILED, 2)], LONG_AGO)
    assert not is_due(Frequency.DAILY, today, [PastMail(today, MailState.FAILED, 3)], LONG_AGO)
    assert not is_due(Frequency.WEEKLY, today, [PastMail(today, MailState.FAILED, 3)], LONG_AGO)


@pytest.mark.parametrize(("wanted", "first"), [("2026-11-27", "2026-11-30"), ("2026-11-30", "2026-11-30")])
def test_once_a_week_begins_on_the_monday_after_it_was_asked_for(wanted: str, first: str) -> None:
    wanted_on, days = date.fromisoformat(wanted), [date(2026, 11, 27) + timedelta(days=n) for n in range(6)]
    due = [day for day in days if day >= wanted_on and is_due(Frequency.WEEKLY, day, [], wanted_on)]
    assert due[0] == date.fromisoformat(first)


# -- who gets one


def test_only_those_who_want_it_and_have_something_to_hear_get_one() -> None:
    make_subscriber()
    make_subscriber("Nothing Due", title=None)
    make_subscriber("Wants None", Frequency.OFF)
    make_late(factories.make_membership(name="Never Asked"), "Late")
    user_of(make_subscriber("Closed Account")).disabled_at = clock.now()
    make_subscriber("Gone Person", left_on=NOW.date())
    make_subscriber("A Viewer", role=Role.VIEWER)
    with taking() as taken:
        done = run(taken.port)
    assert len(taken.mails) == done.sent == 1
    assert (done.due, done.nothing_to_say) == (3, 2)


def test_no_one_gets_a_second_one_on_the_same_day(time: time_machine.Traveller) -> None:
    make_subscriber()
    make_subscriber("Weekly Person", Frequency.WEEKLY)
    with taking() as taken:
        for days, mails in ((0, 1), (0, 1), (1, 2), (4, 3), (5, 5), (6, 6)):
            time.move_to(NOW + timedelta(days=days, hours=1))
            run(taken.port)
            assert len(taken.mails) == mails, days


def test_four_runs_at_once_send_each_mail_once(app: Flask) -> None:
    for number in range(6):
        make_subscriber(f"Person {number}")
    db.session.commit()
    with taking() as taken:

        def work(_n: int) -> int:
            with app.app_context():
                try:
                    return Digests(server_at(taken.port)).run().sent
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(work, range(4))) == 6
    assert sorted(taken.recipients) == sorted(set(taken.recipients))
    assert len(taken.recipients) == 6
    assert states() == [MailState.SENT] * 6


def test_what_failed_is_taken_up_by_one_of_two_runs(app: Flask) -> None:
    make_subscriber()
    assert run(closed_port()).failed == 1
    with taking() as taken:

        def work(_n: int) -> int:
            with app.app_context():
                try:
                    return Digests(server_at(taken.port)).run().sent
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(work, range(4))) == 1
    assert len(taken.mails) == 1


def test_a_crash_between_claim_and_sending_sends_nothing_that_day(time: time_machine.Traveller) -> None:
    dan = make_subscriber()
    claimed = {"user_id": dan.user_id, "day": NOW.date(), "state": MailState.CLAIMED, "claimed_at": NOW}
    factories.saved(Mail(**claimed))
    with taking() as taken:
        run(taken.port)
        assert taken.mails == []
        time.shift(timedelta(days=1))
        run(taken.port)
    assert len(taken.mails) == 1


def test_who_ends_it_while_others_are_sent_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    make_subscriber()
    second = make_subscriber("Second Person")
    real = Digests.settle

    def settle(queue: Digests, session: Session, *given: Any) -> None:
        real(queue, session, *given)
        ended = sa.update(MailSetting).where(MailSetting.user_id == second.user_id)
        session.execute(ended.values(frequency=Frequency.OFF))

    monkeypatch.setattr(Digests, "settle", settle)
    with taking() as taken:
        assert run(taken.port).sent == 1


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_run_that_is_killed_with_a_mail_in_its_hands_costs_one_and_doubles_none(
    app: Flask, tmp_path: Path
) -> None:
    for number in range(3):
        make_subscriber(f"Person {number}")
    db.session.commit()
    with scripted({"RCPT": None}) as port:
        code = (
            "import sys; from engage import create_app; from engage.config import TestConfig;"
            "from pathlib import Path; from engage.messages.mail.digests import Digests;"
            "from tests.messages.smtp import server_at;"
            "app = create_app(TestConfig(DATA=Path(sys.argv[1]), SQLALCHEMY_DATABASE_URI=sys.argv[2]));"
            "import time_machine; from tests.messages.subscribers import NOW;"
            "time_machine.travel(NOW, tick=False).start();"
            "app.app_context().push(); Digests(server_at(int(sys.argv[3]))).run()"
        )
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path), url, str(port)], cwd=ROOT)
        try:
            until = clock_of_the_wall.monotonic() + 60
            while states() != [MailState.CLAIMED] and clock_of_the_wall.monotonic() < until:
                db.session.rollback()
                clock_of_the_wall.sleep(0.05)
            # The server holds it up; whoever writes in the meantime waits for no one.
            make_subscriber("Fourth Person")
            assert process.poll() is None
            assert states() == [MailState.CLAIMED]
        finally:
            process.kill()
            process.wait()
    with taking() as taken:
        run(taken.port)
        run(taken.port)
    assert len(taken.recipients) == len(set(taken.recipients)) == 3
    assert sorted(states()) == [MailState.CLAIMED, *[MailState.SENT] * 3]


# -- what the server does


def test_a_refused_recipient_stops_no_one_and_is_tried_again(time: time_machine.Traveller) -> None:
    refused = user_of(make_subscriber()).email
    make_subscriber("Second Person")
    with taking() as taken:
        taken.refused[refused] = f"550 5.1.1 <{refused}> is unknown"
        done = run(taken.port)
        assert (done.sent, done.failed) == (1, 1)
        assert done.words == ["RCPT TO: 550 5.1.1 <…> is unknown"]
        assert refused not in db.session.scalars(sa.select(Mail.words).where(Mail.words != "")).one()
        taken.refused.clear()
        again = run(taken.port)
    assert (again.due, again.sent) == (1, 1)
    assert states() == [MailState.SENT] * 2


def test_a_silent_server_holds_the_run_for_one_wait_and_loses_nothing() -> None:
    for number in range(5):
        make_subscriber(f"Person {number}")
    with silent() as port:
        done = run(port, seconds=SHORT)
    # The first failed; the others were not even claimed.
    assert (done.sent, done.failed, states()) == (0, 1, [MailState.FAILED])
    with taking() as taken:
        assert run(taken.port).sent == 5


def test_what_may_have_gone_out_is_not_sent_again() -> None:
    make_subscriber()
    with scripted({".": None}) as port:
        done = run(port, seconds=SHORT)
    assert (done.unknown, states()) == (1, [MailState.UNKNOWN])
    with taking() as taken:
        run(taken.port)
    assert taken.mails == []


def test_no_transaction_is_open_while_the_server_is_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    make_subscriber()
    seen: list[int] = []
    real = Post.send

    def send(self: object, *given: object) -> None:
        seen.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
        real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Post, "send", send)
    db.session.commit()
    db.session.remove()
    with taking() as taken:
        assert Digests(server_at(taken.port)).run().sent == 1
    assert seen == [0]


def test_a_dry_run_counts_and_does_nothing() -> None:
    make_subscriber()
    make_subscriber("Nothing Due", title=None)
    with taking() as taken:
        done = run(taken.port, dry=True)
    assert (done.due, done.nothing_to_say, taken.mails, states()) == (2, 1, [], [])


def test_old_rows_are_forgotten_but_for_the_latest_of_each_person(
    time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "KEPT_EACH", 1)
    make_subscriber(frequency=Frequency.WEEKLY)
    time.shift(timedelta(days=5))
    with taking() as taken:
        run(taken.port)
        assert len(states()) == 1
        time.shift(timedelta(days=100))
        run(taken.port)
    assert len(states()) == 1


def test_nothing_is_logged_of_anybody(caplog: pytest.LogCaptureFixture) -> None:
    email = user_of(make_subscriber(title="A title")).email
    with caplog.at_level(logging.DEBUG), taking() as taken:
        run(taken.port)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.log")]
    assert ours and taken.mails
    assert not any(email in line or "A title" in line for line in ours)


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_smtp_is_loaded_only_when_mail_is_sent() -> None:
    code = (
        "import engage.messages.account.routes, engage.messages.routes, sys; print('smtplib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_setting_keeps_its_token_when_it_changes() -> None:
    dan = make_subscriber()
    before = db.session.scalars(sa.select(MailSetting.token_hash)).one()
    digest_service.want(user_of(dan), Frequency.WEEKLY)
    db.session.commit()
    assert db.session.scalars(sa.select(MailSetting.token_hash)).one() == before


def test_the_link_that_ends_the_mails_works_under_another_key_of_the_installation(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_subscriber()
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key, after a move to another machine")
    with taking() as taken:
        run(taken.port)
    path = taken.mails[0]["List-Unsubscribe"].strip("<>").removeprefix(app.config["URL"])

    answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    db.session.expire_all()
    assert db.session.scalars(sa.select(MailSetting.frequency)).one() is Frequency.OFF


def test_an_address_that_no_mail_can_name_keeps_no_one_elses_back(caplog: pytest.LogCaptureFixture) -> None:
    first = make_subscriber("Ann Lee")
    user_of(first).email = "=?utf-8?b?Cg==?=@example.org"  # a line break, to a program that decodes it
    second = user_of(make_subscriber("Dan Reyes")).email
    with taking() as taken:
        done = run(taken.port)
    assert taken.recipients == [second]
    assert (done.sent, done.failed, done.words) == (1, 1, ["ValueError"])
    assert "Cg==" not in caplog.text


def test_a_clock_that_was_far_ahead_has_no_mail_sent_again(app: Flask) -> None:
    make_subscriber()
    with taking() as server:
        for days in (0, 404, 0):
            with time_machine.travel(NOW + timedelta(days=days), tick=False):
                run(server.port)
    assert len(server.mails) == 2
