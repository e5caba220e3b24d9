"""Tests what the digest and its headers say."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine

from engage import clock, history
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.plan.rules import ActionStatus
from tests import factories
from tests.meetings.rows import make_meeting
from tests.messages.smtp import taking
from tests.messages.subscribers import NOW, make_late, make_subscriber, run, user_of


@pytest.fixture(autouse=True)
def time(app: object) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


def sent() -> list[EmailMessage]:
    with taking() as taken:
        run(taken.port)
    return taken.mails


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def without_reader(text: str) -> str:
    """Returns the mail with the pages' own addresses; in the mail they name its reader by a token."""
    return re.sub("/from-mail/[^/]+/", "/", text)


def test_it_says_what_is_late_this_week_and_new_with_a_link_each(time: time_machine.Traveller) -> None:
    dan = make_subscriber()
    make_late(dan, "Call the school", date(2026, 11, 27))
    make_late(dan, "Next month", date(2026, 12, 24))
    boss = factories.make_membership(role=Role.COORDINATOR)
    time.shift(60)
    make_meeting(boss, title="Quarterly meeting", starts_at=NOW + timedelta(days=60))
    (mail,) = sent()
    assert mail["Subject"] == "Engage: 3 things wait"
    text = text_of(mail)
    assert (
        "Late (1)\n\n- 3 days late: Print cards & posters\n  http://127.0.0.1/c/riverbend/plan/actions/"
        in without_reader(text)
    )
    assert "This week (1)\n\n- In 2 days: Call the school\n" in text
    assert "New for you (1)\n\n- Meeting: Quarterly meeting\n" in text
    assert "Next month" not in text
    # Each page is reached by way of the reader's own address, which offers them a sign-in link.
    assert text.count("http://127.0.0.1/c/") == 0 and text.count("http://127.0.0.1/from-mail/") >= 3
    assert "\n\n\n" not in text
    assert "Print cards &amp; posters" in html_of(mail)


def test_it_is_text_and_html_with_nothing_from_elsewhere() -> None:
    make_subscriber()
    (mail,) = sent()
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    html = html_of(mail)
    for word in ("<img", "<script", "<link", "src=", "url(", "@import"):
        assert word not in html
    assert '<html lang="en">' in html


def test_what_has_been_late_for_long_comes_on_mondays_alone(time: time_machine.Traveller) -> None:
    dan = make_subscriber()
    days = []
    for _day in range(60):
        if sent():
            days.append((clock.local_day(clock.now(), "America/Chicago") - date(2026, 11, 25)).days)
        time.shift(timedelta(days=1))
    late = date(2026, 11, 22) - date(2026, 11, 25)
    assert days == [n for n in range(60) if n <= 30 + late.days or (n + 2) % 7 == 0]
    # Something new brings the old with it.
    while clock.today("America/Chicago").weekday() != 2:
        time.shift(timedelta(days=1))
    make_late(dan, "Call the school", clock.today("America/Chicago"))
    (mail,) = sent()
    assert mail["Subject"] == "Engage: 2 things wait"


def test_every_mail_can_end_them_with_one_click() -> None:
    make_subscriber()
    (mail,) = sent()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith("http://127.0.0.1/unsubscribe/")
    assert link in text_of(mail)
    assert link in html_of(mail)
    assert (mail["From"], mail["To"]) == ("Engage <engage@example.org>", mail["To"])
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail["Message-ID"].endswith("@127.0.0.1>")
    assert mail["Date"]


def test_nothing_that_someone_wrote_beside_a_title_goes_out() -> None:
    boss = make_subscriber("Maria Santos", role=Role.COORDINATOR, title=None)
    plan = factories.make_plan()
    factories.make_action(
        plan,
        title="Train hosts",
        owner_id=boss.id,
        due_on=date(2026, 11, 20),
        status=ActionStatus.STUCK,
        reason="A licensed trainer.",
    )
    factories.make_membership(name="Chris Bauer", approved_at=None)
    (mail,) = sent()
    whole = mail.as_string()
    assert "Train hosts" in whole
    assert "Someone wants to join" in whole
    for secret in ("licensed", "Chris", "Bauer", "Maria"):
        assert secret not in whole
    assert "Train" not in mail["Subject"]


def test_several_coalitions_make_one_mail_and_each_line_says_where(time: time_machine.Traveller) -> None:
    dan = make_subscriber()
    other = factories.make_coalition(name="Bexar County", slug="bexar", time_zone="Pacific/Auckland")
    there = factories.make_membership(coalition=other, user=db.session.merge(user_of(dan)))
    make_late(there, "Count beds")
    left = factories.make_membership(
        coalition=factories.make_coalition(name="Left"),
        user=db.session.merge(user_of(dan)),
        left_on=date(2026, 1, 1),
    )
    make_late(left, "Long gone")
    (mail,) = sent()
    text = text_of(mail)
    assert "Print cards & posters (Riverbend County Coalition)" in text
    # Thursday there already.
    assert "- 4 days late: Count beds (Bexar County)\n  http://127.0.0.1/c/bexar/" in without_reader(text)
    assert "Long gone" not in text


def test_a_long_list_is_cut_and_counted() -> None:
    dan = make_subscriber(title=None)
    for number in range(23):
        make_late(dan, f"Action number {number}")
    (mail,) = sent()
    assert "Late (23)" in text_of(mail)
    assert "- and 3 more" in text_of(mail)
    assert "<li>and 3 more</li>" in html_of(mail)


def test_letters_of_any_kind_and_markup_arrive_as_they_are() -> None:
    title = "Señal «مرحبا» <b>bold</b> & 100% \u00e1" + "x" * 200
    make_subscriber(title=title)
    (mail,) = sent()
    assert title in text_of(mail)
    assert "<b>bold" not in html_of(mail)
    assert "&lt;b&gt;bold" in html_of(mail)


def test_what_was_told_once_is_not_new_again(time: time_machine.Traveller) -> None:
    dan, boss = make_subscriber(title=None), factories.make_membership(role=Role.COORDINATOR)
    time.shift(60)
    action = factories.make_action(factories.make_plan(), title="For later", owner_id=dan.id)
    history.record(dan.coalition_id, boss.id, "plan_action", action.id, "owner_id", new=dan.id)
    db.session.commit()
    time.shift(60)
    (mail,) = sent()
    assert "New for you (1)" in text_of(mail)
    time.shift(timedelta(days=1))
    assert sent() == []


def test_the_days_are_the_coalitions(time: time_machine.Traveller) -> None:
    dan = make_subscriber(title=None)
    make_late(dan, "Today there", date(2026, 11, 25))
    time.move_to(datetime(2026, 11, 26, 5, 30, tzinfo=NOW.tzinfo))  # still Wednesday in Chicago
    (mail,) = sent()
    assert "Due today: Today there" in text_of(mail)
