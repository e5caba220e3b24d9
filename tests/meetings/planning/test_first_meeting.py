"""Tests the first meeting, whose agenda is made at once, and the rule that every agenda begins with."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from engage.content.loader import content
from engage.content.model import AgendaPart
from engage.extensions import db
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.rules import MeetingKind, may_write_minutes
from tests.client import EngageClient
from tests.days import NOW
from tests.meetings.rows import make_item, make_meeting

MEETINGS = "/c/riverbend/meetings/"
RULE = "Before we begin: no names and no details of people we serve, spoken or written down."


def plan_first(client: EngageClient) -> Meeting:
    page = client.page(f"{MEETINGS}new?kind=first")
    assert page.value("title") == "First meeting"
    assert page.one("[name=kind][checked]").attributes["value"] == "first"
    assert (
        client.send(
            f"{MEETINGS}new",
            kind="first",
            title="First meeting",
            day="2026-12-10",
            time="18:00",
            minutes="90",
        ).status
        == 303
    )
    return db.session.scalars(sa.select(Meeting)).one()


def test_a_first_meeting_has_its_agenda_at_once(member: EngageClient) -> None:
    meeting = plan_first(member)
    lines = list(db.session.scalars(sa.select(AgendaItem).order_by(AgendaItem.position)))
    assert [line.title for line in lines] == [
        "Ground rules, starting with no names and no case details",
        "Who is in the room",
        "Why we are here",
        "What human trafficking is, and what it is not",
        "Who is missing from this table",
        "Next date, who does what until then, and thanks",
    ]
    assert sum(line.minutes for line in lines) <= meeting.minutes
    page = member.page(f"{MEETINGS}{meeting.id}/")
    assert page.has("The meeting is on the list, with an agenda to start from.")
    assert not page.has("What we said we would do"), "nothing was said before a first meeting"


@pytest.mark.parametrize("stage", ["new", "existing"])
def test_its_lines_fit_the_time(stage: str) -> None:
    agenda = content().agenda(MeetingKind.FIRST)
    assert (
        sum(line.minutes_in(AgendaPart.WHOLE) or 0 for line in agenda.lines_for(stage, AgendaPart.WHOLE))
        <= 90
    )


def test_other_kinds_begin_with_an_empty_agenda(member: EngageClient) -> None:
    member.send(f"{MEETINGS}new", kind="general", title="June", day="2026-12-10", time="18:00", minutes="90")
    assert not db.session.scalar(sa.select(sa.func.count(AgendaItem.id)))
    assert member.page(f"{MEETINGS}new?kind=nonsense").value("title") == ""


def test_every_agenda_begins_with_the_rule_on_names_and_cases(
    member: EngageClient, viewer: EngageClient
) -> None:
    meeting = make_meeting(member.membership)
    make_item(meeting)
    assert member.page(f"{MEETINGS}{meeting.id}/").text("#meetings-agenda .ground-rule") == RULE
    paper = viewer.page(f"{MEETINGS}{meeting.id}/agenda/")
    assert paper.text(".meeting-paper .ground-rule") == RULE
    text = " ".join(paper.text("#meetings-agenda-text").split())
    assert RULE in text
    assert text.index(RULE) < text.index("Review of the plan")


def test_minutes_are_written_from_the_day_before_on(member: EngageClient) -> None:
    starts_at = NOW + timedelta(days=1, minutes=1)
    meeting = make_meeting(member.membership, starts_at=starts_at)
    make_item(meeting)
    minutes = f"{MEETINGS}{meeting.id}/minutes"
    assert member.get(minutes).status_code == 409
    with time_machine.travel(starts_at - timedelta(days=1), tick=False):
        assert member.get(minutes).status_code == 200
        assert member.page(f"{MEETINGS}{meeting.id}/").one(f"a[href='{minutes}']")


def test_the_day_before_is_twenty_four_hours() -> None:
    starts_at = datetime(2026, 12, 10, 18, tzinfo=UTC)
    assert may_write_minutes(starts_at, starts_at - timedelta(days=1))
    assert not may_write_minutes(starts_at, starts_at - timedelta(days=1, seconds=1))
