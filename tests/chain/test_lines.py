"""The line of plain words on the page of each thing in the chain, backwards and forwards."""

from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa

from engage import clock
from engage.assessment.models import Round
from engage.assessment.questions import frozen
from engage.checklist.models import Item
from engage.content.loader import content
from engage.dates import day_text
from engage.extensions import db
from engage.plan.actions import service as actions_service
from engage.plan.goals import service as goals_service
from engage.plan.models import Action, Goal, Objective
from engage.plan.rules import ActionStatus
from engage.strengths.models import Match, Need
from engage.strengths.rules import MatchState
from engage.toolkit import service as toolkit
from engage.toolkit.rules import NoteMark
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_affiliation,
    make_agreed,
    make_closed_round,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_note,
    make_objective,
    make_organization,
    make_plan,
    make_reading,
    saved,
)
from tests.html import Page
from tests.meetings.rows import PAST, make_decision, make_meeting
from tests.strengths.rows import make_match, make_need, make_strength

BASE = "/c/riverbend/"
BEDS = "emergency-places-for-young-people"
BECAUSE = "Because 3 of 4 rated “Emergency places for young people” 0 or 1 (Round 2026)"
NEED = "Need 1: No bed for boys"
OFFER = "Grace Church can offer: Host families"
GOAL = "Goal A bed tonight"
OBJECTIVE = "Objective Six families from 0 to 6"
ACTION = "Action 1: Train families Dan Reyes, Done May 3, 2025"
SINCE = "Since then Round 2027: 1 of 4 rated it 0 or 1, up 2.0"
WHOLE = [BECAUSE, NEED, OFFER, GOAL, OBJECTIVE, ACTION, SINCE]


@dataclass
class Story:
    """Everything linked to one need, from answers to the next round's."""

    round: Round
    need: Need
    match: Match
    goal: Goal
    objective: Objective
    action: Action


def told(member: EngageClient) -> Story:
    me = member.membership
    answers = [("nonprofit", {BEDS: rating}) for rating in (0, 1, 1, 3)]
    first = make_closed_round(answers, title="Round 2026")
    church = make_organization(name="Grace Church")
    make_affiliation(me, church)
    need = make_need(me, round_=first, indicator=BEDS, stated_gap=None)
    match = make_match(me, need, make_strength(me, organization=church), state=MatchState.AGREED)
    goal = make_goal(make_plan(), title="A bed tonight")
    goals_service.link_needs(me, goal, {need.id})
    objective = make_objective(goal, title="Six families", measure="from 0 to 6")
    action = actions_service.create_action(
        me, title="Train families", match=match, goal=goal, objective=objective, owner_id=me.id
    )
    action.status, action.done_on = ActionStatus.DONE, date(2025, 5, 3)
    db.session.commit()
    make_closed_round(
        [("nonprofit", {BEDS: rating}) for rating in (1, 3, 3, 3)],
        title="Round 2027",
        opened_at=clock.now(),
    )
    return Story(first, need, match, goal, objective, action)


def line(page: Page) -> list[str]:
    """Returns the whole chain: what is folded, where something is."""
    return page.texts("#chain-line details .chain-step") or near(page)


def near(page: Page) -> list[str]:
    return page.texts("#chain-line > .chain-near .chain-step")


def here(page: Page) -> str:
    return page.text("#chain-line > .chain-near [aria-current=page]")


@pytest.fixture
def story(member: EngageClient) -> Story:
    return told(member)


def addresses(story: Story) -> dict[str, str]:
    """Returns the page of each thing in the chain, by its name in its line."""
    return {
        NEED: f"{BASE}strengths/needs/1/",
        OFFER: f"{BASE}strengths/matches/{story.match.id}",
        "A bed tonight": f"{BASE}plan/goals/{story.goal.id}",
        "Six families": f"{BASE}plan/objectives/{story.objective.id}",
        "Action 1: Train families": f"{BASE}plan/actions/1",
    }


def test_each_thing_tells_the_whole_chain_and_where_the_reader_is(member: EngageClient, story: Story) -> None:
    pages = addresses(story)
    for own, address in pages.items():
        page = member.page(address)
        assert line(page) == WHOLE, address
        assert len(near(page)) == 4, "four rows at first sight, the page's own among them"
        assert here(page) == own
        links = {link.attributes["href"] for link in page.all("#chain-line a")}
        assert links >= {other for name, other in pages.items() if name != own}
        assert f"{BASE}assessment/rounds/{story.round.id}/results/response#{BEDS}" in links


def test_a_reading_stands_between_what_was_done_and_the_next_round(
    member: EngageClient, story: Story
) -> None:
    measure = make_measure(story.objective, title="Beds")
    make_measure(story.objective, title="Not read yet")
    make_reading(measure, 8, date(2026, 2, 3))
    make_reading(measure, 12, date(2026, 5, 3))
    day = day_text(date(2026, 5, 3), clock.today("America/Chicago"))
    said = f"Reading Beds: 12 of 20 beds on {day} (4 at the start)"
    for address in addresses(story).values():
        page = member.page(address)
        assert line(page) == [*WHOLE[:-1], said, WHOLE[-1]], address
        anchor = f"{BASE}plan/objectives/{story.objective.id}#plan-measure-{measure.id}"
        assert page.all(f"#chain-line a[href='{anchor}']")
    said = said.removeprefix("Reading ")
    assert member.page(f"{BASE}chain/").has(said)
    assert said in member.get(f"{BASE}chain/chain.csv").text
    assert "Beds: Beds" not in member.get(f"{BASE}chain/chain.csv").text


def test_a_viewer_reads_no_small_count_in_the_chain(viewer: EngageClient, story: Story) -> None:
    make_reading(make_measure(story.objective, title="Beds"), 2, date(2026, 5, 3))
    page = viewer.page(f"{BASE}plan/objectives/{story.objective.id}")
    assert line(page)[-1].startswith("Reading Beds: too few to show (")


def test_a_strength_tells_what_it_serves(member: EngageClient, story: Story) -> None:
    page = member.page(f"{BASE}strengths/strengths/{story.match.strength_id}/")
    assert line(page) == [BECAUSE, NEED, "Strength: Host families", GOAL, OBJECTIVE, ACTION, SINCE]
    assert here(page) == "Strength: Host families"


def test_a_gap_tells_what_came_of_it(member: EngageClient, story: Story) -> None:
    page = member.page(f"{BASE}assessment/rounds/{story.round.id}/results/response")
    assert page.texts(f"#{BEDS} .chain-step") == WHOLE[1:]
    assert len(page.all(".chain")) == 1


def test_a_gap_that_became_an_action_only_tells_of_it(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 3, title="Round 2026")
    actions_service.create_action(member.membership, title="Ask around", round_=round_, indicator=BEDS)
    db.session.commit()

    page = member.page(f"{BASE}assessment/rounds/{round_.id}/results/response")

    assert page.texts(f"#{BEDS} .chain-step") == ["Action 1: Ask around Not started"]


def test_a_viewer_reads_of_goals_objectives_and_actions_with_organizations(
    story: Story, viewer: EngageClient
) -> None:
    plan_only = [GOAL, OBJECTIVE, "Action 1: Train families Grace Church, Done May 3, 2025"]
    for address in (f"plan/goals/{story.goal.id}", f"plan/objectives/{story.objective.id}", "plan/actions/1"):
        page = viewer.page(f"{BASE}{address}")
        assert line(page) == plan_only
        for hidden in ("Dan Reyes", "No bed for boys", "Host families", "rated"):
            assert not page.has(hidden)


def test_the_middle_is_said_where_fewer_than_half_see_a_gap_and_the_agreed_value_before_both(
    member: EngageClient,
) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: r}) for r in (1, 2, 2, 3)], title="Round 2026")
    need = make_need(member.membership, round_=round_, indicator=BEDS, stated_gap=None)
    titled = "“Emergency places for young people”"
    address = f"{BASE}strengths/needs/1/"
    actions_service.create_action(member.membership, title="Ask around", need_id=need.id)
    db.session.commit()
    assert line(member.page(address))[0] == f"Because {titled} has a median rating of 2.0 of 4 (Round 2026)"

    make_agreed(round_, BEDS, 0.5)

    said = line(member.page(address))[0]
    assert said == f"Because {titled} is at 0.5 of 4, as agreed (Round 2026)"


def test_what_a_round_does_not_show_is_not_said(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})], title="Round 2026")
    need = make_need(member.membership, round_=round_, indicator=BEDS, stated_gap=None)
    actions_service.create_action(member.membership, title="Ask around", need_id=need.id)
    db.session.commit()

    said = line(member.page(f"{BASE}strengths/needs/1/"))[0]

    assert said == "Because “Emergency places for young people” was asked about (Round 2026)"


def test_a_question_that_changed_its_meaning_says_nothing_since_then(member: EngageClient) -> None:
    story = told(member)
    second = db.session.scalars(sa.select(Round).where(Round.title == "Round 2027")).one()
    asked = frozen(content(), "en").to_json()
    for area in asked["areas"]:
        for question in area["questions"]:
            question["meaning"] = 2
    second.questions = asked
    db.session.commit()

    assert line(member.page(f"{BASE}plan/actions/{story.action.number}")) == WHOLE[:-1]


def test_an_action_says_which_tip_or_idea_it_came_from(member: EngageClient) -> None:
    me, plan = member.membership, make_plan()
    item = saved(Item(coalition_id=plan.coalition_id, key="starting-structure", changed_at=clock.now()))
    make_action(plan, number=1, title="Choose a structure", item_id=item.id)
    assert line(member.page(f"{BASE}plan/actions/1"))[0] == "Because From Tips for Success: Structure"

    note = make_note(me, mark=NoteMark.IDEA, text="Ask the schools")
    need = toolkit.become_need(me, note)
    actions_service.create_action(me, title="Call them", need_id=need.id)
    db.session.commit()
    page = member.page(f"{BASE}strengths/needs/{need.number}/")
    assert line(page)[0] == "Because An idea on Prevention"
    assert (
        page.all("#chain-line a")[0].attributes["href"]
        == f"{BASE}toolkit/areas/prevention#toolkit-note-{note.id}"
    )


def test_a_thing_that_hangs_on_nothing_has_no_line(member: EngageClient) -> None:
    make_need(member.membership)
    make_action(make_plan(), number=1, title="Thank them")
    assert member.page(f"{BASE}strengths/needs/1/").all(".chain") == []
    assert member.page(f"{BASE}plan/actions/1").all(".chain") == []


def test_of_many_the_first_are_named_and_the_rest_is_counted(member: EngageClient) -> None:
    need = make_need(member.membership)
    for number in range(1, 6):
        actions_service.create_action(member.membership, title=f"Call {number}", need_id=need.id)
    db.session.commit()

    (_need, actions) = line(member.page(f"{BASE}strengths/needs/1/"))

    assert actions.startswith("Action 1: Call 1 Not started ;")
    assert actions.endswith("Action 3: Call 3 Not started and 2 more")


def test_what_is_no_longer_needed_is_named_last(member: EngageClient) -> None:
    need = make_need(member.membership)
    for title in ("Dropped", "Kept"):
        actions_service.create_action(member.membership, title=title, need_id=need.id)
    db.session.commit()
    member.send(f"{BASE}plan/actions/1/move", version=1, status="no_longer_needed", reason="Too late")

    actions = line(member.page(f"{BASE}strengths/needs/1/"))[1]

    assert actions == "Action 2: Kept Not started ; Action 1: Dropped No longer needed"


def test_pages_of_another_coalitions_goal_and_objective_do_not_exist(member: EngageClient) -> None:
    goal = make_goal(make_plan(coalition=make_coalition()))
    objective = make_objective(goal)
    assert member.get(f"{BASE}plan/goals/{goal.id}").status_code == 404
    assert member.get(f"{BASE}plan/objectives/{objective.id}").status_code == 404


def test_a_coordinator_edits_from_the_pages_of_goal_and_objective_and_a_member_does_not(
    coordinator: EngageClient, member: EngageClient
) -> None:
    goal = make_goal(make_plan(), title="A bed tonight", why="So many said so")
    objective = make_objective(goal, title="Six families", due_on=date(2031, 5, 1))
    for address in (f"goals/{goal.id}", f"objectives/{objective.id}"):
        page = coordinator.page(f"{BASE}plan/{address}")
        edit = f"{BASE}plan/{address}/edit"
        assert page.all(f"a[href='{edit}']")
        assert not member.page(f"{BASE}plan/{address}").all(f"a[href='{edit}']")
        assert (member.get(edit).status_code, member.send(edit, title="Mine").status) == (403, 403)
        assert coordinator.page(edit).value("title") in {"A bed tonight", "Six families"}
    assert coordinator.page(f"{BASE}plan/goals/{goal.id}").has("So many said so")
    assert coordinator.page(f"{BASE}plan/objectives/{objective.id}").has("By May 1, 2031")


def test_a_line_takes_the_same_queries_however_much_hangs_on_it(member: EngageClient) -> None:
    story = told(member)

    def queries() -> dict[str, int]:
        counts = {}
        for name, address in addresses(story).items():
            with databases.counted_queries() as statements:
                member.page(address)
            counts[name] = len(statements)
        return counts

    before = queries()
    me = member.membership
    for number in range(12):
        match = make_match(me, story.need, make_strength(me, f"Offer {number}"))
        actions_service.create_action(
            me, title=f"Call {number}", match=match, goal=story.goal, objective=story.objective
        )
        goals_service.link_needs(me, story.goal, {story.need.id, make_need(me, f"Need {number}").id})
    make_membership()
    db.session.commit()
    assert queries() == before


def test_a_decision_and_its_action_name_each_other(member: EngageClient, viewer: EngageClient) -> None:
    me = member.membership
    need = make_need(me)
    decision = make_decision(make_meeting(me, starts_at=PAST), me, "Ask every church")
    action = actions_service.create_action(me, title="Call them", need_id=need.id, decision_id=decision.id)
    db.session.commit()
    whole = [NEED, f"Decision {decision.number}: Ask every church", "Action 1: Call them Not started"]

    for address in (f"meetings/decisions/{decision.number}/", f"plan/actions/{action.number}"):
        assert line(member.page(f"{BASE}{address}")) == whole
    assert not viewer.page(f"{BASE}plan/actions/{action.number}").has("Ask every church")


def test_a_decision_without_an_action_is_a_loose_end_until_it_has_one(member: EngageClient) -> None:
    decision = make_decision(
        make_meeting(member.membership, starts_at=PAST), member.membership, "Ask every church"
    )
    loose = f"{BASE}chain/loose-ends"
    assert member.page(loose).texts("#chain-decision .row-link") == [
        f"Decision {decision.number}: Ask every church"
    ]

    member.send(f"{BASE}meetings/decisions/{decision.number}/action")

    assert member.page(loose).all("#chain-decision") == []
