"""Sending letters: one each, once, whatever the server does and whoever presses the button."""

import logging
import subprocess
import sys
import time as clock_of_the_wall
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.config import ROOT
from engage.extensions import db
from engage.messages.letters import links, outbox, queries
from engage.messages.letters.models import Letter, LetterTo
from engage.messages.letters.outbox import Letters
from engage.messages.letters.rules import LetterState
from tests import factories
from tests.client import EngageClient
from tests.messages.letters.posted import WRITE, checked, mailing, make_people, run, states, written
from tests.messages.smtp import SHORT, Taken, closed_port, scripted, server_at, silent
from tests.messages.subscribers import NOW, user_of


@pytest.fixture(autouse=True)
def time(app: object) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    with mailing(app, monkeypatch) as taken:
        yield taken


def plain(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def html(mail: Any) -> str:
    return str(mail.get_body(("html",)).get_content())


def test_each_person_gets_one_mail_of_their_own_with_everything_a_mail_program_needs(
    coordinator: EngageClient, post: Taken
) -> None:
    make_people()
    factories.make_membership(name="Hidden Person", understood_at=None)  # an account that shows no address
    letter = written(coordinator, subject="Friday & <b>more</b>")
    assert run(post.port).sent == 3
    assert sorted(post.recipients) == ["one@example.org", "three@example.org", "two@example.org"]
    mail = post.mails[post.recipients.index("one@example.org")]
    maria = coordinator.membership.user
    assert maria is not None
    assert str(mail["To"]) == "one@example.org"
    assert str(mail["From"]) == "Riverbend County Coalition <engage@example.org>"
    assert str(mail["Reply-To"]) == f"Maria Santos <{maria.email}>"
    assert str(mail["Subject"]) == "Friday & <b>more</b>"
    assert str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    assert str(mail["List-Unsubscribe"]).startswith("<http://127.0.0.1/unsubscribe/")
    assert plain(mail).startswith(
        "Hello Ana,\n\nwe meet on Friday.\n\nhttp://127.0.0.1/c/riverbend/\n\nMaria"
    )
    assert '<a href="http://127.0.0.1/c/riverbend/">' in html(mail)
    assert not any(other in mail.as_string() for other in ("two@example.org", "Hidden", "Ben"))
    assert len({str(each["List-Unsubscribe"]) for each in post.mails}) == 3
    page = coordinator.page(f"/c/riverbend/people/letters/{letter.id}")
    assert "3 of 3 done" in page.text("#messages-letter-bar")
    assert "Hidden Person No e-mail address that you can see" in page.text("main")
    # Who was written to and when, by whom.
    assert page.has("Written by Maria Santos on Nov 25, 2026")
    assert "3 people got it Ana One Nov 25, 2026" in page.text("#messages-letter-mail")
    assert run(post.port).sent == 0


def test_a_coalition_sends_only_so_many_letters_an_hour_and_the_rest_in_the_next(
    app: Flask,
    coordinator: EngageClient,
    post: Taken,
    time: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "MOST_AN_HOUR", 1)
    make_people(2)
    written(coordinator)
    assert (run(post.port).sent, run(post.port).sent) == (1, 0)
    # What one coalition sends holds up no other.
    there = factories.make_coalition(slug="bexar")
    factories.make_membership(coalition=there, name="Dan Four", user=None, email="four@example.org")
    role = factories.make_membership(coalition=there, role=Role.COORDINATOR)
    written(factories.signed_in_client(app, role))
    assert (run(post.port).sent, run(post.port).sent) == (1, 0)
    time.shift(timedelta(minutes=61))
    assert run(post.port).sent == 1
    assert sorted(post.recipients) == ["four@example.org", "one@example.org", "two@example.org"]


def test_each_letter_speaks_the_language_that_its_reader_chose(
    coordinator: EngageClient, post: Taken
) -> None:
    make_people(1)
    spanish = factories.make_membership(name="Rosa Vega", shows_email=True)
    user_of(spanish).language = "es"
    db.session.commit()
    written(coordinator)
    run(post.port)
    mails = dict(zip(post.recipients, post.mails, strict=True))
    for address, language, words in (
        (user_of(spanish).email, "es", "Dejar de recibir estas cartas: http"),
        ("one@example.org", "en", "Stop these letters: http"),
    ):
        assert str(mails[address]["Content-Language"]) == language
        assert words in plain(mails[address])


def test_a_name_that_holds_merge_words_markup_or_lines_stays_text(
    coordinator: EngageClient, post: Taken
) -> None:
    name = "[link]<img/src=x>"
    factories.make_membership(name=name, user=None, email="odd@example.org")
    factories.the_coalition().name = "River\r\nBcc: evil@example.org"
    db.session.commit()
    written(coordinator, subject="A“quote”, <b> =?utf-8?q?x=0aBcc:e@x.org?=")
    run(post.port)
    assert post.recipients == ["odd@example.org"]
    mail = post.mails[0]
    assert mail["Bcc"] is None
    assert str(mail["Subject"]) == "A“quote”, <b> = ?utf-8?q?x=0aBcc:e@x.org?="
    assert f"Hello {name}," in plain(mail)
    assert "<img" not in html(mail)
    assert "Hello [link]&lt;img/src=x&gt;," in html(mail)


def test_two_coordinators_who_press_at_once_send_one_letter_each_to_everyone_once(
    app: Flask, coordinator: EngageClient, post: Taken
) -> None:
    make_people(8)
    other = factories.signed_in_client(
        app, factories.make_membership(role=Role.COORDINATOR, name="Oda Other")
    )
    asked = [checked(coordinator, subject="From Maria")[1], checked(other, subject="From Oda")[1]]
    with ThreadPoolExecutor(4) as pool:
        presses = [(coordinator, asked[0]), (other, asked[1])] * 2
        list(pool.map(lambda one: _press(app, *one), presses))
    db.session.expire_all()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _n: _run_apart(app, post.port), range(3)))
    assert sorted(post.recipients) == sorted(
        2 * [f"{each}@example.org" for each in ("one", "two", "three", *(f"{n:03}" for n in range(4, 9)))]
    )
    assert db.session.scalar(sa.select(sa.func.count(Letter.id))) == 2


def _press(app: Flask, client: EngageClient, fields: dict[str, Any]) -> None:
    mine = app.test_client()
    with client.session_transaction() as theirs, mine.session_transaction() as own:
        own.update(theirs)
    with app.app_context():
        mine.post(WRITE, data={**fields, "do": "send", "csrf_token": client.csrf_token()})


def _run_apart(app: Flask, port: int) -> None:
    with app.app_context():
        Letters(server_at(port)).run()


def test_the_same_letter_of_another_coordinator_is_asked_about_first(
    app: Flask, coordinator: EngageClient, post: Taken
) -> None:
    make_people()
    written(coordinator)
    other = factories.signed_in_client(
        app, factories.make_membership(role=Role.COORDINATOR, name="Oda Other")
    )
    _check, fields = checked(other)
    page = other.send(WRITE, do="send", **fields)
    assert page.status == 409
    assert "Maria Santos sent a letter like this" in page.text("main")
    assert other.send(WRITE, do="anyway", **fields).status == 303


def test_who_is_refused_is_named_with_the_reason_and_tried_again(
    coordinator: EngageClient, post: Taken
) -> None:
    make_people(20)
    post.refused["two@example.org"] = "550 no such person <two@example.org>"
    letter = written(coordinator)
    done = run(post.port)
    assert (done.sent, done.failed) == (19, 1)
    address = f"/c/riverbend/people/letters/{letter.id}"
    page = coordinator.page(address)
    assert "1 e-mail was not sent Ben Two" in page.text("#messages-letter-mail")
    assert "550 no such person <…>" in page.text("#messages-letter-mail")
    post.refused.clear()
    assert coordinator.send(f"{address}/again").status == 303
    assert run(post.port).sent == 1
    assert len(post.recipients) == len(set(post.recipients)) == 20


def test_a_server_that_asks_to_come_back_is_asked_again_three_times_in_all(
    coordinator: EngageClient, post: Taken, time: time_machine.Traveller
) -> None:
    make_people(1)
    post.refused["one@example.org"] = "451 greylisted"
    written(coordinator)
    for _try in range(3):
        assert run(post.port).failed == 1
        assert run(post.port).failed == 0  # it rests
        time.shift(timedelta(minutes=16))
    assert states() == [LetterState.FAILED]


def test_a_server_that_is_not_there_or_hangs_leaves_everything_waiting(
    coordinator: EngageClient, post: Taken, time: time_machine.Traveller
) -> None:
    make_people()
    letter = written(coordinator)
    run(closed_port())
    with silent() as port:
        time.shift(timedelta(minutes=16))
        run(port, seconds=SHORT)
    assert states() == [LetterState.WAITING] * 3
    page = coordinator.page(f"/c/riverbend/people/letters/{letter.id}")
    assert "have not been sent yet, because the mail server could not take them" in page.text(
        "#messages-letter-mail"
    )
    time.shift(timedelta(minutes=16))
    assert run(post.port).sent == 3
    assert sorted(post.recipients) == ["one@example.org", "three@example.org", "two@example.org"]


def test_a_server_that_dies_with_a_letter_in_its_hands_is_not_given_it_again(
    coordinator: EngageClient, post: Taken
) -> None:
    make_people()
    letter = written(coordinator)
    with scripted({".": ""}) as port:
        assert run(port).unknown == 1
    assert run(post.port).sent == 2
    assert "one@example.org" not in post.recipients
    address = f"/c/riverbend/people/letters/{letter.id}"
    assert "Not known whether 1 e-mail was sent Ana One" in coordinator.page(address).text("main")
    assert coordinator.send(f"{address}/resend").status == 303
    assert run(post.port).sent == 1


def test_a_sender_that_is_killed_after_the_claim_leaves_a_letter_that_is_listed_and_not_sent_again(
    coordinator: EngageClient, post: Taken, monkeypatch: pytest.MonkeyPatch, time: time_machine.Traveller
) -> None:
    make_people()
    letter = written(coordinator)
    with monkeypatch.context() as killed:
        # This is what a kill leaves: it went out, and no one wrote it down.
        killed.setattr(Letters, "settle", _killed)
        with pytest.raises(KeyboardInterrupt):
            run(post.port)
    assert post.recipients == ["one@example.org"]
    assert run(post.port).sent == 2
    assert len(post.recipients) == 3
    time.shift(timedelta(minutes=5))
    page = coordinator.page(f"/c/riverbend/people/letters/{letter.id}")
    assert "Not known whether 1 e-mail was sent Ana One" in page.text("main")
    assert run(post.port).sent == 0


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_sender_that_is_killed_in_the_middle_sends_nothing_twice(
    app: Flask, coordinator: EngageClient, post: Taken, tmp_path: Path, time: time_machine.Traveller
) -> None:
    make_people()
    letter = written(coordinator)
    db.session.commit()
    code = (
        "import sys; from engage import create_app; from engage.config import TestConfig;"
        "from pathlib import Path; from engage.messages.letters.outbox import Letters;"
        "from tests.messages.smtp import server_at;"
        "app = create_app(TestConfig(DATA=Path(sys.argv[1]), SQLALCHEMY_DATABASE_URI=sys.argv[2]));"
        "import time_machine; from tests.messages.subscribers import NOW;"
        "time_machine.travel(NOW, tick=False).start();"
        "app.app_context().push(); Letters(server_at(int(sys.argv[3]))).run()"
    )
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    with scripted({".": None}) as port:  # it has the first letter, and says nothing
        process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path), url, str(port)], cwd=ROOT)
        try:
            until = clock_of_the_wall.monotonic() + 60
            while LetterState.CLAIMED not in states() and clock_of_the_wall.monotonic() < until:
                db.session.rollback()
                clock_of_the_wall.sleep(0.05)
        finally:
            process.kill()
            process.wait()
    assert states() == [LetterState.CLAIMED, LetterState.WAITING, LetterState.WAITING]
    assert run(post.port).sent == 2
    assert sorted(post.recipients) == ["three@example.org", "two@example.org"]
    time.shift(timedelta(minutes=5))
    page = coordinator.page(f"/c/riverbend/people/letters/{letter.id}")
    assert "Not known whether 1 e-mail was sent Ana One" in page.text("main")


def _killed(*_args: object, **_more: object) -> None:
    raise KeyboardInterrupt


def test_what_could_not_be_sent_for_two_days_is_said_and_left_to_a_person(
    coordinator: EngageClient, post: Taken, time: time_machine.Traveller
) -> None:
    make_people(1)
    letter = written(coordinator)
    time.shift(timedelta(days=2, minutes=1))
    assert run(post.port).sent == 0
    page = coordinator.page(f"/c/riverbend/people/letters/{letter.id}")
    assert "could not be sent within two days" in page.text("main")


def test_letters_go_out_no_faster_than_the_setting_says(
    coordinator: EngageClient, post: Taken, time: time_machine.Traveller
) -> None:
    make_people()
    written(coordinator)
    db.session.commit()
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        time.shift(seconds)

    Letters(server_at(post.port, per_minute=30), wait).run()
    assert waited == [2.0, 2.0]
    assert len(post.recipients) == 3


def test_three_hundred_people_get_one_each(coordinator: EngageClient, post: Taken) -> None:
    rows = [
        Membership(
            coalition_id=coordinator.membership.coalition_id,
            name=f"Person {number}",
            sort_key=f"person {number}",
            email=f"p{number}@example.org",
            role=Role.MEMBER,
            joined_at=clock.now(),
            approved_at=clock.now(),
        )
        for number in range(300)
    ]
    db.session.add_all(rows)
    db.session.commit()
    letter = written(coordinator)
    assert run(post.port).sent == 300
    assert len(set(post.recipients)) == len(post.recipients) == 300
    assert "300 of 300" in coordinator.page(f"/c/riverbend/people/letters/{letter.id}").text("main")


def test_who_left_or_stopped_letters_while_they_were_queued_gets_none(
    coordinator: EngageClient, post: Taken
) -> None:
    ana, ben, _cyd = make_people()
    written(coordinator)
    ana.left_on = NOW.date()
    ben.email = ""
    db.session.commit()
    run(post.port)
    assert post.recipients == ["three@example.org"]
    assert states() == [LetterState.NO_ADDRESS, LetterState.NO_ADDRESS, LetterState.SENT]


def test_the_rest_of_a_letter_can_be_stopped(coordinator: EngageClient, post: Taken) -> None:
    make_people()
    letter = written(coordinator)
    assert coordinator.send(f"/c/riverbend/people/letters/{letter.id}/stop").status == 303
    assert run(post.port).sent == 0
    assert states() == [LetterState.CANCELED] * 3


def test_a_link_of_ones_own_is_made_when_the_letter_goes_out_and_stands_nowhere_else(
    coordinator: EngageClient, post: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[links.Reader] = []

    def own(reader: links.Reader, number: int) -> str:
        made.append(reader)
        factories.the_coalition()  # it may read and write: it runs in the claim's own transaction
        return f"/answer/secret-{len(made)}"

    kind = links.LinkKind(
        links.KINDS["home"].said,
        lambda _coalition, _number: "A round",
        links.KINDS["home"].words,
        lambda _coalition, _number: "/answer/open",
        own=own,
        veiled=lambda _coalition, _number: "/answer/…",
    )
    monkeypatch.setitem(links.KINDS, "slips", kind)
    make_people()
    check, fields = checked(coordinator, about="slips:1")
    assert "http://127.0.0.1/answer/…" in check.text("main")
    assert coordinator.send(WRITE, do="test", **fields).status == 200
    run(post.port)
    assert made == []
    assert "http://127.0.0.1/answer/…" in plain(post.mails[0])
    coordinator.send(WRITE, do="send", **fields)
    assert made == []
    run(post.port)
    assert [plain(mail).count("/answer/secret-") for mail in post.mails[1:]] == [1, 1, 1]
    assert len(made) == 3
    rows = [
        str(row) for table in (Letter, LetterTo) for row in db.session.execute(sa.select(*table.__table__.c))
    ]
    assert not any("secret" in row for row in rows)


def test_a_test_goes_to_its_writer_alone_and_is_marked_as_one(coordinator: EngageClient, post: Taken) -> None:
    make_people()
    _check, fields = checked(coordinator)
    page = coordinator.send(WRITE, do="test", **fields)
    assert "A test is on its way" in page.text("main")
    run(post.port)
    maria = coordinator.membership.user
    assert maria is not None
    assert post.recipients == [maria.email]
    assert str(post.mails[0]["Subject"]) == "Test: Friday"
    assert "Hello Maria," in plain(post.mails[0])
    assert "No letters yet" in coordinator.page("/c/riverbend/people/letters/").text("main")


def test_nothing_of_a_failure_that_people_wrote_is_logged(
    coordinator: EngageClient, post: Taken, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_people(2)
    written(coordinator)
    real = outbox.posting.mail
    broken = iter([True])

    def mail(ready: Any, *more: Any) -> Any:
        if next(broken, False):
            raise ValueError(f"something about {ready.address} and {ready.text}")
        return real(ready, *more)

    monkeypatch.setattr(outbox.posting, "mail", mail)
    with caplog.at_level(logging.ERROR):
        done = run(post.port)
    assert (done.sent, done.failed) == (1, 1)
    assert "example.org" not in caplog.text
    assert "Friday" not in caplog.text
