"""Before a meeting: what to have done, ticked by whoever did it; the tips to review; who leads through a line."""

from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.rules import Stage
from engage.content.loader import content
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.agenda import service as agenda_service
from engage.meetings.models import AgendaItem, Meeting, Prepared
from engage.meetings.rules import MeetingKind
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership
from tests.factories import make_item as make_tip_item
from tests.html import Page
from tests.meetings.rows import MEETINGS, PAST, make_item, make_meeting

PLANNING: dict[str, Any] = {"kind": MeetingKind.PLANNING_SESSION, "minutes": 180}


def address(meeting: Meeting, more: str = "") -> str:
    return f"{MEETINGS}{meeting.id}/{more}"


def before(page: Page) -> str:
    return page.text("#meetings-before-progress .count-words")


@pytest.mark.parametrize("htmx", [True, False])
def test_a_tick_says_who_and_when_and_counts(member: EngageClient, htmx: bool) -> None:
    meeting = make_meeting(member.membership, **PLANNING)
    assert before(member.page(address(meeting))) == "0 of 7 done"
    answer = member.send(address(meeting, "before/facilitator"), htmx=htmx, wanted="done")
    if not htmx:
        assert answer.location == address(meeting) + "#meetings-before"
    page = answer if htmx else member.page(address(meeting))
    assert before(page) == "1 of 7 done"
    tick = page.one("#meetings-before-facilitator")
    assert tick.attributes["aria-pressed"] == "true"
    assert tick.attributes["aria-label"] in page.texts(".before-text")
    assert "Dan Reyes" in page.text("#meetings-before")
    member.send(address(meeting, "before/facilitator"), htmx=htmx, wanted="open")
    assert before(member.page(address(meeting))) == "0 of 7 done"
    changes = sa.select(HistoryEntry.field).where(HistoryEntry.thing == "meetings_prepared")
    assert list(db.session.scalars(changes.order_by(HistoryEntry.id))) == ["done", "open"]


def test_two_who_tick_the_same_both_get_what_they_meant(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, **PLANNING)
    for _time in range(2):
        assert member.send(address(meeting, "before/brief-sent"), wanted="done").status == 303
    assert len(db.session.scalars(sa.select(Prepared)).all()) == 1


def test_a_tick_belongs_to_its_meeting_alone(member: EngageClient) -> None:
    one, other = (make_meeting(member.membership, **PLANNING) for _time in range(2))
    member.send(address(one, "before/brief-sent"), wanted="done")
    assert before(member.page(address(other))) == "0 of 7 done"


def test_a_general_meeting_has_nothing_to_prepare_and_no_tips(member: EngageClient) -> None:
    meeting = make_meeting(member.membership)
    page = member.page(address(meeting))
    assert page.all("#meetings-before, #meetings-tips") == []
    assert member.send(address(meeting, "before/brief-sent"), wanted="done").status == 404


def test_what_was_done_before_a_closed_meeting_is_read_only(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, **PLANNING, starts_at=PAST)
    member.send(address(meeting, "before/brief-sent"), wanted="done")
    meeting.closed_at = clock.now()
    db.session.commit()
    page = member.page(address(meeting))
    assert page.all("#meetings-before .tick") == []
    assert before(page) == "1 of 7 done"
    assert member.send(address(meeting, "before/facilitator"), wanted="done").status == 409


@pytest.mark.parametrize("wanted", ["", "nonsense"])
def test_a_tick_that_says_nothing_changes_nothing(member: EngageClient, wanted: str) -> None:
    meeting = make_meeting(member.membership, **PLANNING)
    assert member.send(address(meeting, "before/brief-sent"), wanted=wanted).status == 422
    assert db.session.scalar(sa.select(sa.func.count(Prepared.id))) == 0


def test_no_one_ticks_for_another_coalition_nor_as_a_viewer(
    member: EngageClient, viewer: EngageClient
) -> None:
    theirs = make_meeting(make_membership(coalition=make_coalition()), **PLANNING)
    assert member.send(address(theirs, "before/brief-sent"), wanted="done").status == 404
    ours = make_meeting(member.membership, **PLANNING)
    assert viewer.send(address(ours, "before/brief-sent"), wanted="done").status == 403


# -- tips


@pytest.mark.parametrize("stage", [Stage.NEW, Stage.EXISTING])
def test_the_tips_to_review_are_those_of_the_stage_with_how_far_they_are(
    member: EngageClient, stage: Stage
) -> None:
    member.membership.coalition.stage = stage
    db.session.commit()
    meeting = make_meeting(member.membership, **PLANNING)
    page = member.page(address(meeting))
    wanted = [content().tip(key) for key in content().agenda("planning_session").tips_for(stage.value)]
    assert page.texts("#meetings-tips .row-link") == [tip.name for tip in wanted]
    link = page.all("#meetings-tips .row-link")[0].attributes["href"]
    assert link == f"/c/riverbend/checklist/?open={wanted[0].key}#checklist-{wanted[0].key}"
    assert "0 of " in page.text(f"#meetings-tip-{wanted[0].key}")


def test_the_printed_agenda_lists_the_tips_and_a_viewers_only_counts(
    member: EngageClient, viewer: EngageClient
) -> None:
    meeting = make_meeting(member.membership, **PLANNING)
    paper = member.page(address(meeting, "agenda/"))
    assert len(paper.all("#agenda-tips h3")) == 7
    spanish = member.page(address(meeting, "agenda/"), headers={"Accept-Language": "es-MX"})
    assert spanish.all("#agenda-tips h3") and all(
        line.endswith(" hechos") for line in spanish.texts("#agenda-tips h3")
    )
    for tip in content().agenda("planning_session").tips_for("new"):
        # All but one of each: what is left is short enough to be listed.
        for item in [each for each in content().tip(tip).items if each.fits("new")][1:]:
            make_tip_item(key=item.key, state="done")
    paper = member.page(address(meeting, "agenda/"))
    assert len(paper.all(".agenda-tip-items li")) == 7
    assert viewer.page(address(meeting, "agenda/")).all(".agenda-tip-items") == []


def test_a_long_list_of_open_items_stays_off_the_paper(member: EngageClient) -> None:
    paper = member.page(address(make_meeting(member.membership, **PLANNING), "agenda/"))
    assert paper.all(".agenda-tip-items") == []


# -- who leads


def test_a_line_says_who_leads_through_it(member: EngageClient, viewer: EngageClient) -> None:
    ana = make_membership(name="Ana Ruiz", user=None)
    meeting = make_meeting(member.membership)
    fields = {"title": "Welcome", "minutes": "10", "lead_id": str(ana.id)}
    assert member.send(address(meeting, "agenda/add"), **fields).status == 303
    assert "Led by Ana Ruiz" in member.page(address(meeting)).text(".agenda")
    paper = member.page(address(meeting, "agenda/"))
    assert "Led by Ana Ruiz" in paper.text(".meeting-paper-agenda")
    assert "Led by Ana Ruiz" in paper.text("#meetings-agenda-text")
    assert not viewer.page(address(meeting, "agenda/")).has("Ana Ruiz")
    item = db.session.scalars(sa.select(AgendaItem)).one()
    edit = f"agenda/{item.id}/edit"
    ana.left_on = clock.today("America/Chicago")
    db.session.commit()
    assert member.page(address(meeting, edit)).value("lead_id") == str(ana.id)
    assert "Ana Ruiz (no longer a member)" in member.page(address(meeting)).text(".agenda")


def test_no_one_from_elsewhere_leads(member: EngageClient) -> None:
    stranger = make_membership(coalition=make_coalition())
    meeting = make_meeting(member.membership)
    fields = {"title": "Welcome", "minutes": "10", "lead_id": str(stranger.id)}
    assert member.send(address(meeting, "agenda/add"), **fields).status == 422


def test_the_page_asks_as_often_for_all_that_is_ticked_and_led_as_for_none(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, **PLANNING)
    make_item(meeting, "First", lead_id=member.membership.id)
    paths = [address(meeting), address(meeting, "agenda/")]
    counts = []
    for round_ in range(2):
        for path in paths:
            member.page(path)
        with counted_queries() as asked:
            for path in paths:
                member.page(path)
        counts.append(len(asked))
        for key in [each.key for each in content().agenda("planning_session").before] if not round_ else []:
            member.send(address(meeting, f"before/{key}"), wanted="done")
            make_item(meeting, key, lead_id=make_membership(user=None).id)
    assert counts[0] == counts[1]


def test_lines_of_closed_meetings_keep_who_led_them(member: EngageClient) -> None:
    ana, ben = (make_membership(name=name, user=None) for name in ("Ana Ruiz", "Ben Cole"))
    closed = make_meeting(member.membership, starts_at=PAST, closed_at=clock.now())
    held = make_item(closed, "Then", lead_id=ana.id)
    coming = make_item(make_meeting(member.membership), "Soon", lead_id=ana.id)
    assert agenda_service.hand_over(ana, ben, member.membership, [held.id, coming.id]) == 1
    assert (held.lead_id, coming.lead_id) == (ana.id, ben.id)
