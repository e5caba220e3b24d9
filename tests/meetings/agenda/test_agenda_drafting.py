"""An agenda that drafts itself: what each source brings up, what is kept, how it falls into the time."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.assessment.models import DiscussionPoint, Round
from engage.checklist.rules import ItemState
from engage.coalitions.models import Coalition
from engage.coalitions.rules import Stage
from engage.content.loader import content
from engage.extensions import db
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.meetings.rules import MeetingKind, Outcome, Source
from engage.partners.agreements.models import Agreement
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.coverage.rules import RecruitmentOutcome
from engage.partners.rules import AgreementKind, AgreementState
from engage.plan.models import Action, GoalNeed
from engage.plan.rules import ActionStatus
from engage.strengths.models import Need
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_affiliation,
    make_agreed,
    make_closed_round,
    make_coalition,
    make_goal,
    make_item,
    make_membership,
    make_organization,
    make_plan,
    saved,
)
from tests.html import Page
from tests.meetings.rows import MEETINGS, make_meeting
from tests.meetings.rows import make_item as make_line
from tests.partners.recruitments import make_conversation

YESTERDAY = clock.today("America/Chicago") - timedelta(days=1)


@pytest.fixture
def meeting(member: EngageClient) -> Meeting:
    return soon(member)


def soon(client: EngageClient, **values: Any) -> Meeting:
    """Makes a meeting in ten days."""
    return make_meeting(client.membership, **{"starts_at": clock.now() + timedelta(days=10), **values})


def address(meeting: Meeting, more: str = "") -> str:
    return f"{MEETINGS}{meeting.id}/agenda/draft{more}"


def section(page: Page, source: Source) -> list[str]:
    """Returns the titles that a source proposes."""
    return page.texts(f"#meetings-draft-{source.value.replace('_', '-')} label")


def ticked(page: Page) -> list[str]:
    return [
        (node.attributes.get("value") or "").split("|")[0] for node in page.all("[name=keep]") if is_on(node)
    ]


def is_on(node: Any) -> bool:
    return "checked" in node.attributes


def keys(page: Page, *sources: Source) -> list[str]:
    found = [node.attributes["value"] or "" for node in page.all("[name=keep]")]
    return [key for key in found if Source(key.split("|")[0]) in sources]


def lines(meeting: Meeting) -> list[AgendaItem]:
    rows = sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
    return list(db.session.scalars(rows.order_by(AgendaItem.position)))


def make_agreement(number: int, **values: Any) -> Agreement:
    organization = values.pop("organization", None) or make_organization(name=f"Partner {number}")
    given = {
        "coalition_id": organization.coalition_id,
        "number": number,
        "organization_id": organization.id,
        "kind": AgreementKind.MOU,
        "state": AgreementState.SIGNED,
        "signed_on": date(2026, 1, 15),
        "created_at": clock.now(),
    }
    return saved(Agreement(**{**given, **values}))


def make_decision(meeting: Meeting, number: int, **values: Any) -> Decision:
    given = {
        "coalition_id": meeting.coalition_id,
        "number": number,
        "meeting_id": meeting.id,
        "text": f"Text of {number}",
        "decided_on": date(2026, 2, 1),
    }
    return saved(Decision(**{**given, **values}))


def a_round(**levels: int) -> Round:
    """Makes a round that five people answered; every other statement is a strength."""
    calm = dict.fromkeys((each.key for each in content().indicators), 4)
    return make_closed_round([("nonprofit", {**calm, **levels}) for _n in range(5)])


# -- nothing there yet


def test_a_new_coalition_gets_the_usual_lines_and_is_told_why_there_is_no_more(member: EngageClient) -> None:
    every_sector()
    for item in [item for tip in content().tips for item in tip.items]:
        make_item(key=item.key, state=ItemState.DONE)
    meeting = soon(member, minutes=60)
    page = member.page(address(meeting))
    assert page.texts(".draft-from") == ["The usual items"]
    assert page.has("Your records suggest nothing yet")
    for words in (
        "No round of the assessment is closed yet",
        "Nothing was left over from the last meeting.",
        "No action is late.",
        "No agreement is ending",
    ):
        assert page.has(words)
    assert len(ticked(page)) == 4
    # Four lines of 35 minutes in an hour: in proportion.
    assert page.has("The agenda fills the 60 minutes of the meeting.")


def every_sector() -> None:
    for sector in content().sectors:
        make_conversation(make_organization(sector=sector.key))


def test_the_draft_is_offered_on_an_empty_agenda(member: EngageClient, meeting: Meeting) -> None:
    page = member.page(f"{MEETINGS}{meeting.id}/")
    assert page.one("#meetings-agenda .btn-primary").attributes["href"] == address(meeting)


@pytest.mark.parametrize(
    ("hours", "asks_first"),
    [(3, "Draft the agenda"), (1, "I'm here"), (-1, "I'm here"), (-5, "Record the meeting")],
)
def test_a_meetings_page_asks_for_one_thing_first(member: EngageClient, hours: int, asks_first: str) -> None:
    meeting = make_meeting(member.membership, starts_at=clock.now() + timedelta(hours=hours))
    where = f"{MEETINGS}{meeting.id}/"
    assert member.page(where).texts("main .btn-primary") == [asks_first]
    if asks_first == "I'm here":
        member.send(f"{where}here", mode="here")
        after = member.page(where).texts("main .btn-primary")
        assert after == ([] if hours > 0 else ["Record the meeting"])


def test_whoever_closes_a_meeting_is_asked_to_record_it_once_it_began(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership, starts_at=clock.now() - timedelta(minutes=1))
    page = coordinator.page(f"{MEETINGS}{meeting.id}/")
    assert page.texts("main .btn-primary") == ["Record the meeting"]
    assert page.texts("#meetings-here button") == ["I'm here"]


# -- what each source brings up


def test_the_biggest_gaps_without_an_action_come_first(member: EngageClient, meeting: Meeting) -> None:
    keys = [each.key for each in content().indicators[:6]]
    round_ = a_round(**dict(zip(keys, (0, 1, 1, 1, 2, 3), strict=True)))
    plan = make_plan()
    make_action(plan, round_id=round_.id, indicator=keys[0])
    answered = make_need(round_, keys[1])
    make_action(plan, need_id=answered.id)
    aimed_at = make_need(round_, keys[2])
    goal = make_goal(plan)
    saved(GoalNeed(coalition_id=goal.coalition_id, goal_id=goal.id, need_id=aimed_at.id))
    page = member.page(address(meeting))
    titles = [content().indicator(key).title for key in keys]
    # The first three are worked on, the last is a strength.
    assert section(page, Source.GAP) == [f"Gap: {titles[3]}", f"Gap: {titles[4]}"]
    assert page.has(f"1.0 of 4 (low) in “{round_.title}”, and no action addresses it")
    link = page.all("#meetings-draft-gap li a")[0].attributes["href"] or ""
    assert link.startswith(f"/c/riverbend/assessment/rounds/{round_.id}/results/")
    assert link.endswith(f"#{keys[3]}")
    member.page(link)


def make_need(round_: Round, key: str) -> Need:
    return saved(
        Need(
            coalition_id=round_.coalition_id,
            number=len(list(db.session.scalars(sa.select(Need.id)))) + 1,
            title="Something missing",
            area=content().indicator(key).area,
            round_id=round_.id,
            indicator=key,
            created_at=clock.now(),
        )
    )


def test_a_gap_that_the_group_agreed_away_is_no_gap(member: EngageClient, meeting: Meeting) -> None:
    key = content().indicators[0].key
    round_ = a_round(**{key: 0})
    assert section(member.page(address(meeting)), Source.GAP)
    make_agreed(round_, key, 4)
    assert section(member.page(address(meeting)), Source.GAP) == []


def test_where_answers_lie_apart_is_proposed_until_a_value_is_agreed_on(
    member: EngageClient, meeting: Meeting
) -> None:
    calm = dict.fromkeys((each.key for each in content().indicators), 4)
    key = content().indicators[0].key
    answers = [("nonprofit", {**calm, key: level}) for level in (1, 4, 4, 4, 4)]
    round_ = make_closed_round(answers)
    page = member.page(address(meeting))
    assert section(page, Source.DISAGREEMENT) == [f"Where we differ: {content().indicators[0].title}"]
    assert page.has("Answers range from 1 to 4")
    make_agreed(round_, key, 3)
    assert section(member.page(address(meeting)), Source.DISAGREEMENT) == []


def test_an_open_round_brings_up_nothing(member: EngageClient, meeting: Meeting) -> None:
    round_ = a_round(**{content().indicators[0].key: 0})
    round_.closed_at = None
    db.session.commit()
    page = member.page(address(meeting))
    assert section(page, Source.GAP) == []
    assert page.has("No round of the assessment is closed yet")


def test_what_is_on_the_discussion_list_is_proposed_and_not_again_as_a_gap(
    member: EngageClient, meeting: Meeting
) -> None:
    key = content().indicators[0].key
    round_ = a_round(**{key: 0})
    saved(
        DiscussionPoint(
            coalition_id=round_.coalition_id,
            round_id=round_.id,
            indicator=key,
            added_by_id=member.membership.id,
            added_at=clock.now(),
        )
    )
    page = member.page(address(meeting))
    assert section(page, Source.DISCUSSION) == [f"Talk about: {content().indicators[0].title}"]
    assert page.has(f"On the discussion list of “{round_.title}”")
    assert section(page, Source.GAP) == []
    assert not page.has("Every gap from the last round has an action.")


def test_of_three_hundred_late_actions_the_longest_late_stand_with_the_count_of_the_rest(
    member: EngageClient, meeting: Meeting
) -> None:
    plan = make_plan()
    for n in range(300):
        db.session.add(
            Action(
                coalition_id=plan.coalition_id,
                plan_id=plan.id,
                number=n + 1,
                title=f"Late {n + 1}",
                due_on=YESTERDAY - timedelta(days=n),
                created_at=clock.now(),
                moved_at=clock.now(),
            )
        )
    db.session.commit()
    page = member.page(address(meeting))
    assert section(page, Source.LATE_ACTION) == [f"Action {n}: Late {n}" for n in (300, 299, 298)]
    more = page.one("#meetings-draft-late-action > div > p a")
    assert more.text().startswith("297 more: Late actions ")
    assert "late=1" in (more.attributes["href"] or "")
    member.page(more.attributes["href"] or "")


def test_stuck_actions_are_told_from_late_ones_and_what_is_done_is_neither(
    member: EngageClient, meeting: Meeting
) -> None:
    plan = make_plan()
    make_action(plan, title="Both", status=ActionStatus.STUCK, reason="A van", due_on=YESTERDAY, number=901)
    make_action(plan, title="Late", due_on=YESTERDAY, number=902)
    make_action(plan, title="Done", status=ActionStatus.DONE, due_on=YESTERDAY)
    make_action(plan, title="In time", due_on=clock.today("America/Chicago") + timedelta(days=3))
    page = member.page(address(meeting))
    assert section(page, Source.STUCK_ACTION) == ["Action 901: Both"]
    assert section(page, Source.LATE_ACTION) == ["Action 902: Late"]
    assert page.has("The owner asks for help")
    links = [node.attributes["href"] for node in page.all("#meetings-draft-stuck-action li a")]
    assert links == ["/c/riverbend/plan/actions/901"]


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"ends_on": YESTERDAY}, "It ended on"),
        ({"ends_on": clock.today("America/Chicago") + timedelta(days=40)}, "It ends on"),
        ({"ends_on": clock.today("America/Chicago") + timedelta(days=69)}, "It ends on"),
        ({"ends_on": clock.today("America/Chicago") + timedelta(days=90)}, None),
        ({"review_on": clock.today("America/Chicago") + timedelta(days=9)}, "Its review is due on"),
        ({"review_on": clock.today("America/Chicago") + timedelta(days=30)}, None),
        (
            {
                "notice_on": clock.today("America/Chicago"),
                "ends_on": clock.today("America/Chicago") + timedelta(days=30),
            },
            "Give notice by ",
        ),
        ({"ends_on": YESTERDAY, "state": AgreementState.ENDED}, None),
        ({}, None),
    ],
)
def test_agreements_that_run_out_by_the_meeting_are_proposed(
    member: EngageClient, meeting: Meeting, dates: dict[str, Any], words: str | None
) -> None:
    make_agreement(3, organization=make_organization(name="Grace Church"), **dates)
    page = member.page(address(meeting))
    wanted = ["Agreement 3 with Grace Church"] if words else []
    assert section(page, Source.AGREEMENT) == wanted
    if words:
        assert page.has(words)
        link = page.one("#meetings-draft-agreement li a").attributes["href"] or ""
        assert link == "/c/riverbend/partners/agreements/3"


def test_open_recruitments_come_before_sectors_that_no_one_looks_for(
    member: EngageClient, meeting: Meeting
) -> None:
    for sector in content().sectors:
        if sector.key not in {"health", "labor"}:
            make_conversation(make_organization(sector=sector.key))
    # On the list is not active.
    make_organization(sector="labor")
    recruitment = {"coalition_id": meeting.coalition_id, "sector": "health", "created_at": clock.now()}
    opened = saved(Recruitment(**recruitment, area="reform", whom="Mercy Hospital", ask_by=date(2027, 1, 5)))
    saved(Recruitment(**recruitment, closed_on=YESTERDAY, outcome=RecruitmentOutcome.TAKEN))
    page = member.page(address(meeting))
    names = {each.key: each.name for each in content().sectors}
    assert section(page, Source.MISSING_SECTOR) == [
        f"Sector to recruit: {names['health']}: Reform and justice",
        f"No one active from: {names['labor']}",
    ]
    assert page.has("Ask Mercy Hospital by January 5, 2027")
    assert page.has("No one from this sector has been active since")
    links = [node.attributes["href"] for node in page.all("#meetings-draft-missing-sector li a")]
    assert links == [
        f"/c/riverbend/partners/recruitments/{opened.id}/",
        "/c/riverbend/partners/coverage/#partners-sector-labor",
    ]
    assert member.page(links[1] or "").all("#partners-sector-labor")


def test_residents_who_come_for_themselves_are_there(member: EngageClient, meeting: Meeting) -> None:
    for sector in content().sectors:
        if sector.key != "residents":
            make_conversation(make_organization(sector=sector.key))
    residents = content().sector("residents").name
    missing = [f"No one active from: {residents}"]
    assert section(member.page(address(meeting)), Source.MISSING_SECTOR) == missing
    make_affiliation(member.membership)
    assert section(member.page(address(meeting)), Source.MISSING_SECTOR) == []


def test_decisions_due_by_the_meeting_are_looked_at_again(member: EngageClient, meeting: Meeting) -> None:
    make_decision(
        meeting, 1, review_on=clock.today("America/Chicago") + timedelta(days=9), text="We meet monthly."
    )
    make_decision(meeting, 2, review_on=clock.today("America/Chicago") + timedelta(days=20))
    make_decision(meeting, 3)
    make_decision(meeting, 4, review_on=YESTERDAY, text="x" * 400)
    page = member.page(address(meeting))
    long, monthly = section(page, Source.DECISION)
    assert monthly == "Decision 1: We meet monthly."
    links = [node.attributes["href"] for node in page.all("#meetings-draft-decision li a")]
    assert links == [f"{MEETINGS}decisions/4/", f"{MEETINGS}decisions/1/"]
    assert long.startswith("Decision 4: xxx") and len(long) == 300 and long.endswith("…")
    answer = member.send(address(meeting), keep=keys(page, Source.DECISION))
    assert answer.status == 303
    assert [each.about for each in lines(meeting)] == ["decision:4", "decision:1"]


def test_what_the_last_meeting_of_its_kind_did_not_reach_is_carried_over_once(member: EngageClient) -> None:
    who, past = member.membership, clock.now() - timedelta(days=30)
    earlier = make_meeting(who, starts_at=past, closed_at=clock.now(), title="January")
    make_meeting(who, starts_at=past + timedelta(days=5), kind=MeetingKind.CORE_TEAM, closed_at=clock.now())
    left = make_line(earlier, "Bus passes", minutes=15, outcome=Outcome.NOT_REACHED, about="need:3")
    make_line(earlier, "Break", outcome=Outcome.NOT_REACHED, about="break", position=2)
    make_line(earlier, "Settled", outcome=Outcome.DONE, position=3)
    meeting = soon(member)
    page = member.page(address(meeting))
    assert section(page, Source.CARRIED_OVER) == ["Bus passes"]
    assert page.has("Not reached at “January")
    assert page.one("#meetings-draft-carried-over li a").attributes["href"] == f"{MEETINGS}{earlier.id}/"
    member.send(address(meeting), keep=keys(page, Source.CARRIED_OVER))
    (line,) = lines(meeting)
    assert (line.carried_from_id, line.about, line.source) == (left.id, "need:3", Source.CARRIED_OVER)
    assert section(member.page(address(soon(member))), Source.CARRIED_OVER) == []


def test_without_a_meeting_of_its_kind_the_last_of_any_kind_counts(member: EngageClient) -> None:
    earlier = make_meeting(
        member.membership, starts_at=clock.now() - timedelta(days=3), kind=MeetingKind.CORE_TEAM
    )
    make_line(earlier, "Who hosts?", outcome=Outcome.NOT_REACHED)
    meeting = soon(member)
    assert section(member.page(address(meeting)), Source.CARRIED_OVER) == ["Who hosts?"]
    member.send(address(meeting), keep=keys(member.page(address(meeting)), Source.CARRIED_OVER))
    page = member.page(f"{MEETINGS}{meeting.id}/")
    assert page.one(".agenda-body a").attributes["href"] == f"{MEETINGS}{earlier.id}/"


def test_tips_of_our_stage_that_are_not_done_are_proposed_in_the_agendas_order(member: EngageClient) -> None:
    coalition = db.session.get_one(Coalition, member.membership.coalition_id)
    coalition.stage = Stage.EXISTING
    meeting = soon(member, kind=MeetingKind.PLANNING_SESSION, minutes=180)
    wanted = content().agenda("planning_session").existing_tips
    first = content().tip(wanted[0])
    for item in first.items:
        if item.fits("existing"):
            make_item(key=item.key, state=ItemState.NOT_FOR_US if item is first.items[0] else ItemState.DONE)
    page = member.page(address(meeting))
    names = [content().tip(key).name for key in wanted[1:3]]
    assert section(page, Source.TIP) == [f"Tips for Success: {name}" for name in names]
    count = sum(item.fits("existing") for item in content().tip(wanted[1]).items)
    assert page.has(f"{count} of its {count} items for your stage are not done yet")
    link = page.all("#meetings-draft-tip li a")[0].attributes["href"] or ""
    assert link == f"/c/riverbend/checklist/?open={wanted[1]}#checklist-{wanted[1]}"
    assert member.page("/c/riverbend/checklist/").all(f"#checklist-{wanted[1]}")


def test_nothing_of_another_coalition_is_brought_up(member: EngageClient, meeting: Meeting) -> None:
    elsewhere = make_coalition()
    theirs = make_membership(coalition=elsewhere)
    plan = make_plan(coalition=elsewhere)
    make_action(plan, title="Their late one", due_on=YESTERDAY)
    make_action(plan, title="Their stuck one", status=ActionStatus.STUCK, reason="x")
    make_agreement(1, organization=make_organization(coalition=elsewhere), ends_on=YESTERDAY)
    past = make_meeting(theirs, starts_at=clock.now() - timedelta(days=3))
    make_line(past, "Their line", outcome=Outcome.NOT_REACHED)
    make_decision(past, 1, review_on=YESTERDAY)
    saved(Recruitment(coalition_id=elsewhere.id, sector="health", created_at=clock.now()))
    make_closed_round(
        [("nonprofit", {content().indicators[0].key: 0}) for _n in range(5)], coalition=elsewhere
    )
    page = member.page(address(meeting))
    assert page.texts(".draft-from") == [
        "The usual items",
        "Sectors to recruit and missing sectors",
        "Tips not done yet",
    ]
    assert not any("Sector to recruit" in each for each in section(page, Source.MISSING_SECTOR))


# -- choosing


def test_what_is_kept_stands_in_the_order_of_the_frame_and_fills_the_time(
    member: EngageClient, meeting: Meeting
) -> None:
    plan = make_plan()
    for number in (901, 902):
        make_action(plan, title=f"Late {number}", due_on=YESTERDAY, number=number)
    page = member.page(address(meeting))
    answer = member.send(address(meeting), keep=keys(page, Source.TEMPLATE, Source.LATE_ACTION))
    assert answer.location == f"{MEETINGS}{meeting.id}/#meetings-agenda"
    found = lines(meeting)
    assert [each.about for each in found] == [
        "template:general:general-welcome",
        "template:general:general-decisions",
        "action:901",
        "action:902",
        "template:general:general-around",
        "template:general:general-close",
    ]
    assert sum(each.minutes for each in found) <= 90
    assert [each.position for each in found] == [1, 2, 3, 4, 5, 6]
    assert {each.created_by_id for each in found} == {member.membership.id}
    page = member.page(f"{MEETINGS}{meeting.id}/")
    assert page.has("6 items are on the agenda.")
    assert page.has("A late action · Action 901")


def test_a_second_draft_leaves_out_what_is_there_and_puts_the_rest_where_it_belongs(
    member: EngageClient, meeting: Meeting
) -> None:
    plan = make_plan()
    make_action(plan, title="Late", due_on=YESTERDAY, number=901)
    page = member.page(address(meeting))
    member.send(address(meeting), keep=keys(page, Source.TEMPLATE))
    make_line(meeting, "By hand", position=9, minutes=5)
    page = member.page(address(meeting))
    assert section(page, Source.TEMPLATE) == []
    assert page.has("5 items are on the agenda and keep their time")
    member.send(address(meeting), keep=keys(page, Source.LATE_ACTION))
    assert [each.title for each in lines(meeting)][1:] == [
        "What we said we would do",
        "Action 901: Late",
        "News from each organization",
        "Who does what by when, next date, thanks",
        "By hand",
    ]


def test_minutes_that_are_there_stay_and_new_lines_share_the_rest(member: EngageClient) -> None:
    meeting = soon(member, minutes=60)
    make_line(meeting, "By hand", minutes=40)
    plan = make_plan()
    for number in (901, 902):
        make_action(plan, title=f"Late {number}", due_on=YESTERDAY, number=number)
    member.send(address(meeting), keep=keys(member.page(address(meeting)), Source.LATE_ACTION))
    assert {each.title: each.minutes for each in lines(meeting)} == {
        "By hand": 40,
        "Action 901: Late 901": 10,
        "Action 902: Late 902": 10,
    }


def test_a_meeting_of_fifteen_minutes_ticks_what_fits_and_says_by_how_much_more_does_not(
    member: EngageClient,
) -> None:
    meeting = soon(member, minutes=15)
    plan = make_plan()
    for number in range(901, 910):
        stuck = {"status": ActionStatus.STUCK, "reason": "x"} if number % 2 else {}
        make_action(plan, title=f"Late {number}", due_on=YESTERDAY, number=number, **stuck)
    page = member.page(address(meeting))
    assert ticked(page) == ["template"] * 3
    everything = keys(page, *Source)
    shown = member.send(address(meeting), keep=everything, minutes="1")
    assert shown.status == 200
    more = 5 * len(everything) - 15
    assert shown.has(f"{more} minutes more than the meeting has.")
    assert shown.text(".draft-sum .tag") == "Does not fit"
    assert lines(meeting) == []
    answer = member.send(address(meeting), keep=everything)
    page = member.page(answer.location or "")
    assert page.has("The items do not fit: drop some, or make the meeting longer.")
    assert page.has(f"{more} minutes more than the meeting has.")


def test_ticking_shows_the_minutes_without_saving(member: EngageClient, meeting: Meeting) -> None:
    page = member.page(address(meeting))
    form = page.one("#meetings-draft")
    assert form.attributes["data-hx-trigger"] == "change"
    one = keys(page, Source.TEMPLATE)[:1]
    shown = member.send(address(meeting), htmx=True, keep=one, minutes="1")
    assert not shown.all("h1")
    assert shown.texts(".draft-minutes") == ["20 minutes", *[""] * (len(page.all(".draft-line")) - 1)]
    assert shown.has("20 of 90 minutes are on the agenda; 70 minutes are free.")
    assert lines(meeting) == []


def test_a_draft_without_a_tick_is_refused_in_words(member: EngageClient, meeting: Meeting) -> None:
    page = member.send(address(meeting))
    assert page.status == 422
    assert page.has("Check at least one agenda item, or go back to the meeting.")
    assert page.all(".error-summary a[href='#keep-0']") and page.all("#keep-0")
    assert ticked(page) == []


def test_a_line_whose_action_was_done_meanwhile_is_left_out_and_that_is_said(
    member: EngageClient, meeting: Meeting
) -> None:
    action = make_action(make_plan(), due_on=YESTERDAY, number=901)
    page = member.page(address(meeting))
    chosen = [*keys(page, Source.TEMPLATE), *keys(page, Source.LATE_ACTION)]
    action.status, action.done_on = ActionStatus.DONE, clock.today("America/Chicago")
    db.session.commit()
    answer = member.send(address(meeting), keep=chosen)
    assert len(lines(meeting)) == 4
    assert member.page(answer.location or "").has("1 item you checked is left out")


def test_two_who_draft_the_same_get_it_once(member: EngageClient, meeting: Meeting) -> None:
    page = member.page(address(meeting))
    chosen = keys(page, Source.TEMPLATE)
    assert member.send(address(meeting), keep=chosen).status == 303
    assert member.send(address(meeting), keep=chosen).status == 422
    assert len(lines(meeting)) == 4


def test_a_closed_meeting_is_not_drafted(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, closed_at=clock.now())
    assert member.get(address(meeting)).status_code == 409
    assert member.send(address(meeting), keep=["template|template:general:general-welcome"]).status == 409
    assert lines(meeting) == []


# -- planning sessions


@pytest.mark.parametrize(
    ("stage", "there", "not_there"),
    [
        (Stage.NEW, "How we want to be organized", "Looking back at the last plan"),
        (Stage.EXISTING, "Looking back at the last plan", "How we want to be organized"),
        (None, "How we want to be organized", "Looking back at the last plan"),
    ],
)
def test_a_planning_session_of_three_hours_has_the_lines_of_the_stage(
    member: EngageClient, stage: Stage | None, there: str, not_there: str
) -> None:
    db.session.get_one(Coalition, member.membership.coalition_id).stage = stage
    meeting = soon(member, kind=MeetingKind.PLANNING_SESSION, minutes=180)
    page = member.page(address(meeting))
    frame = section(page, Source.TEMPLATE)
    assert there in frame and not_there not in frame
    assert page.has("The agenda fills the 180 minutes of the meeting.")
    assert page.texts(".pills [aria-current]")[0] == "In one session"
    member.send(address(meeting), keep=keys(page, Source.TEMPLATE))
    found = {each.about.split(":")[-1]: each for each in lines(meeting)}
    assert found["break"].minutes == 10
    assert found["vote"].output == "Three to five needs to work on, in order"
    page = member.page(f"{MEETINGS}{meeting.id}/")
    assert page.all(".agenda-break") and page.has("Three to five needs to work on, in order")


def test_in_ninety_minutes_it_is_the_first_of_two_and_the_second_is_one_press_away(
    member: EngageClient,
) -> None:
    meeting = soon(member, kind=MeetingKind.PLANNING_SESSION, minutes=90)
    page = member.page(address(meeting))
    assert page.texts(".pills [aria-current]")[0] == "The first of two meetings"
    assert "Vote on what comes first" not in section(page, Source.TEMPLATE)
    (second,) = [
        node.attributes["href"] or "" for node in page.all(".pill") if "second of two" in node.text()
    ]
    page = member.page(second)
    assert "Vote on what comes first" in section(page, Source.TEMPLATE)
    assert page.has("The agenda fills the 90 minutes of the meeting.")
    action = page.one("#meetings-draft").attributes["action"] or ""
    member.send(action, keep=keys(page, Source.TEMPLATE))
    assert [each.minutes for each in lines(meeting)] == [5, 20, 20, 30, 10, 5]


def test_what_an_address_says_wrongly_is_left_out(member: EngageClient, meeting: Meeting) -> None:
    for more in ("?stage=old&part=third", "?part=first", "?stage=", "?part=%00"):
        assert section(member.page(address(meeting, more)), Source.TEMPLATE)


# -- how often


def test_the_draft_asks_as_often_for_many_records_as_for_few(member: EngageClient, meeting: Meeting) -> None:
    plan = make_plan()
    round_ = a_round(**{content().indicators[0].key: 0})
    past = make_meeting(member.membership, starts_at=clock.now() - timedelta(days=3))

    def more(start: int, count: int) -> None:
        for n in range(start, start + count):
            make_action(plan, due_on=YESTERDAY)
            make_action(plan, status=ActionStatus.STUCK, reason="x")
            make_agreement(n, ends_on=YESTERDAY)
            make_decision(past, n, review_on=YESTERDAY)
            make_line(past, f"Left {n}", outcome=Outcome.NOT_REACHED, position=n)
            saved(Recruitment(coalition_id=plan.coalition_id, sector="health", created_at=clock.now()))
            key = content().indicators[n].key
            saved(
                DiscussionPoint(
                    coalition_id=round_.coalition_id, round_id=round_.id, indicator=key, added_at=clock.now()
                )
            )

    more(1, 1)
    path = address(meeting)
    member.page(path)
    with counted_queries() as few:
        member.page(path)
    more(2, 15)
    with counted_queries() as many:
        page = member.page(path)
    assert len(section(page, Source.CARRIED_OVER)) == 12
    assert len(many) == len(few) <= 34, len(few)
