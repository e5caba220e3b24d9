"""The table of the chain and the loose ends, over HTTP."""

import csv
import io
from datetime import date, timedelta

import pytest

from engage import clock
from engage.extensions import db
from engage.plan.actions import agreements as action_agreements
from engage.plan.actions import service as actions_service
from engage.plan.goals import service as goals_service
from engage.plan.models import Plan
from engage.plan.rules import PlanStatus
from engage.strengths.rules import MatchState
from tests import databases
from tests.chain.test_lines import BASE, BECAUSE, OFFER, SINCE, told
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_plan,
    make_reading,
)
from tests.html import Page
from tests.partners.agreements.rows import make_agreement
from tests.strengths.rows import make_match, make_need, make_strength

CHAIN = f"{BASE}chain/"
LOOSE = f"{CHAIN}loose-ends"


def groups(page: Page) -> dict[str, list[str]]:
    """Returns each need with its actions, as they read."""
    found = {}
    for group in page.all(".chain-group"):
        titles = group.css("h2")
        rows = [cell.css_first("a") for cell in group.css("tbody td:first-child")]
        names = [link.text(strip=True) if link else "" for link in rows]
        found[titles[0].text(strip=True) if titles else ""] = names
    return found


def ends(page: Page) -> dict[str, list[str]]:
    return {
        card.css_first("h2").text(separator=" ", strip=True): [
            link.text(strip=True) for link in card.css(".row-link")
        ]
        for card in page.all(".main .panel")
        if card.css("h2")
    }


# -- the table


def test_the_table_says_of_each_need_why_it_is_one_and_what_is_done(member: EngageClient) -> None:
    told(member)
    make_need(member.membership, "Buses at night")

    page = member.page(CHAIN)

    assert groups(page) == {
        "Need 1: No bed for boys": ["Action 1: Train families"],
        "Need 2: Buses at night": [],
    }
    first = page.texts(".chain-group")[0]
    for said in (BECAUSE.removeprefix("Because "), OFFER, SINCE.removeprefix("Since then ")):
        assert said in first
    cells = page.texts(".chain-table tbody td")
    assert cells == [
        "Action 1: Train families",
        "A bed tonight Six families : from 0 to 6",
        "Dan Reyes",
        "Done May 3, 2025",
    ]
    assert page.texts(".chain-group")[1] == "Need 2: Buses at night No one is working on it yet."
    assert page.text("#chain-counts").startswith("2 needs, 1 action, ")


def test_what_answers_no_need_stands_by_itself(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan, title="A bed tonight")
    make_goal(plan, title="Later")
    make_action(plan, goal, number=1, title="Train families")
    page = member.page(CHAIN)
    assert groups(page) == {"No need named yet": ["Action 1: Train families", ""]}
    assert page.texts(".chain-table tbody td")[4:6] == ["none yet", "Later"]


def test_an_action_of_a_goal_stands_once_under_the_goals_first_need(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    needs = [make_need(member.membership, title) for title in ("Beds", "Buses")]
    goals_service.link_needs(member.membership, goal, {each.id for each in needs})
    make_action(plan, goal, number=1, title="Ask around")

    assert groups(member.page(CHAIN)) == {"Need 1: Beds": ["Action 1: Ask around"], "Need 2: Buses": [""]}


def test_closed_plans_and_needs_stand_there_on_request(member: EngageClient) -> None:
    need, plan = make_need(member.membership, "Beds"), make_plan()
    make_action(plan, number=1, title="Old", need_id=need.id)
    need.closed_on = date(2026, 5, 1)
    db.session.commit()
    assert list(groups(member.page(CHAIN)).values()) == [["Action 1: Old"]]
    plan.status = PlanStatus.CLOSED
    db.session.commit()

    assert groups(member.page(CHAIN)) == {}
    page = member.page(f"{CHAIN}?plans=all")
    assert list(groups(page).values()) == [["Action 1: Old"]]
    assert page.has("no longer a need")


def test_the_table_can_leave_out_the_names_of_people(member: EngageClient) -> None:
    told(member)
    me = member.membership
    make_match(me, make_need(me, "Buses"), make_strength(me, "Rides to court", giver=me))

    named, nameless = member.page(CHAIN), member.page(f"{CHAIN}?names=no")

    assert "Dan Reyes can offer: Rides to court" in named.text(".main")
    assert "Dan Reyes" not in nameless.text(".main")
    assert nameless.texts(".chain-table tbody td")[2] == "Grace Church"


def test_the_table_can_show_one_focus_area(member: EngageClient) -> None:
    make_need(member.membership, "Beds", area="response")
    make_need(member.membership, "Lessons", area="prevention")
    plan = make_plan()
    make_action(plan, make_goal(plan, area="prevention"), number=1, title="Teach")
    make_action(plan, number=2, title="Loose")

    assert groups(member.page(f"{CHAIN}?area=prevention")) == {
        "Need 2: Lessons": [],
        "No need named yet": ["Action 1: Teach"],
    }
    assert member.page(f"{CHAIN}?area=%00nowhere").has("Nothing matches.")


def test_a_viewer_sees_goals_and_actions_with_organizations_only(
    member: EngageClient, viewer: EngageClient
) -> None:
    told(member)
    page = viewer.page(CHAIN)
    assert page.texts(".chain-table tbody td") == [
        "Action 1: Train families",
        "A bed tonight Six families : from 0 to 6",
        "Grace Church",
        "Done May 3, 2025",
    ]
    for hidden in ("No bed for boys", "Host families", "rated", "Dan Reyes"):
        assert not page.has(hidden)
    file = viewer.get(f"{CHAIN}chain.csv").text
    for hidden in ("No bed for boys", "Host families", "rated", "Dan Reyes"):
        assert hidden not in file
    assert viewer.get(LOOSE).status_code == 403


def test_the_file_says_everything_on_every_row(member: EngageClient) -> None:
    story = told(member)
    actions_service.create_action(member.membership, title="=2+2", need_id=story.need.id)
    make_need(member.membership, "Buses at night")

    answer = member.get(f"{CHAIN}chain.csv")

    assert answer.mimetype == "text/csv"
    head, first, second, third = csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))
    assert head == [
        "Because",
        "Need",
        "Strengths",
        "Goal",
        "Objective",
        "Measure of success",
        "Action",
        "Who",
        "Status",
        "Reading",
        "Since then",
    ]
    because, since = BECAUSE.removeprefix("Because "), SINCE.removeprefix("Since then ")
    need = "Need 1: No bed for boys"
    assert first == [
        because,
        need,
        OFFER,
        "A bed tonight",
        "Six families",
        "from 0 to 6",
        "Action 1: Train families",
        "Dan Reyes",
        "Done May 3, 2025",
        "",
        since,
    ]
    assert second == [because, need, OFFER, "", "", "", "Action 2: =2+2", "", "Not started", "", since]
    assert third == ["", "Need 2: Buses at night", *[""] * 9]


def test_a_coalition_without_anything_is_told_what_will_be_here(
    member: EngageClient, viewer: EngageClient
) -> None:
    assert member.page(CHAIN).text(".empty h2") == "Nothing is linked yet"
    assert viewer.page(CHAIN).text(".empty h2") == "Nothing here yet"
    assert member.page(LOOSE).text(".empty h2") == "Nothing to check yet"


def test_nothing_of_another_coalition_is_in_it(member: EngageClient) -> None:
    other = make_membership(coalition=make_coalition())
    make_match(other)
    make_objective(make_goal(make_plan(coalition=other.coalition)), measure="")
    actions_service.create_action(other, title="Theirs")
    db.session.commit()
    assert groups(member.page(CHAIN)) == {}
    assert member.page(LOOSE).text(".empty h2") == "Nothing to check yet"


def test_a_long_table_comes_in_pages_with_the_need_on_each(member: EngageClient) -> None:
    need = make_need(member.membership)
    plan = make_plan()
    for number in range(17):
        make_action(plan, number=number + 1, title=f"Call {number}", need_id=need.id)
    first, second = member.page(CHAIN), member.page(f"{CHAIN}?page=2")
    assert [len(each) for each in groups(first).values()] == [12]
    assert [len(each) for each in groups(second).values()] == [5]
    assert list(groups(second)) == ["Need 1: No bed for boys"]


@pytest.mark.parametrize("address", [CHAIN, LOOSE])
def test_the_pages_take_the_same_queries_however_much_there_is(member: EngageClient, address: str) -> None:
    def queries() -> int:
        with databases.counted_queries() as statements:
            member.page(address)
        return len(statements)

    story = told(member)
    make_measure(story.objective)
    make_match(member.membership, make_need(member.membership, "Other"))
    plan = db.session.get_one(Plan, story.goal.plan_id)
    before = queries()
    for number in range(8):
        need = make_need(member.membership, f"Need {number}")
        make_match(member.membership, need, make_strength(member.membership, f"Offer {number}"))
        goal = make_goal(plan)
        measure = make_measure(make_objective(goal, measure=""))
        make_reading(measure, 3, date(2026, 1, 9))
        actions_service.create_action(member.membership, title=f"Call {number}", goal=goal)
    db.session.commit()
    assert queries() == before


# -- loose ends


def test_each_kind_of_loose_end_appears_and_goes_when_it_is_mended(coordinator: EngageClient) -> None:
    me = coordinator.membership
    need = make_need(me, "Beds")
    match = make_match(me, need, make_strength(me, "Host families"))
    plan = make_plan()
    goal = make_goal(plan, title="A bed tonight")
    objective = make_objective(goal, title="Six families", measure="")
    linked = make_goal(plan, title="Buses run")
    goals_service.link_needs(me, linked, {make_need(me, "Buses").id})
    make_action(plan, linked, title="Ask the buses")
    loose = actions_service.create_action(me, title="Thank them")
    db.session.commit()

    assert ends(coordinator.page(LOOSE)) == {
        "Needs no one is working on 1": ["Need 1: Beds"],
        "Matches not asked about yet 1": ["Strength: Host families"],
        "Goals not linked to a need 1": ["A bed tonight"],
        "Objectives without a measure 1": ["Six families"],
        "Actions not linked to a need 1": [f"Action {loose.number}: Thank them"],
        "Actions not yet under a goal 1": [f"Action {loose.number}: Thank them"],
    }

    coordinator.send(f"{BASE}strengths/matches/{match.id}/move", version=1, state=MatchState.ASKED)
    coordinator.send(f"{BASE}plan/goals/{goal.id}/edit", version=1, title="A bed tonight", needs=[need.id])
    coordinator.send(
        f"{BASE}plan/objectives/{objective.id}/measures/new",
        title="Trained families",
        kind="how_much",
        number_kind="count",
        direction="up",
    )
    coordinator.send(
        f"{BASE}plan/actions/{loose.number}/edit", version=1, title="Thank them", place=f"goal-{goal.id}"
    )

    assert ends(coordinator.page(LOOSE)) == {"No loose ends": []}


def test_a_measure_that_waits_for_its_reading_is_a_loose_end_until_it_is_read(member: EngageClient) -> None:
    objective = make_objective(make_goal(make_plan(), title="A bed tonight"))
    long_ago = clock.today("America/Chicago") - timedelta(days=100)
    measure = make_measure(objective, title="Beds", baseline_on=long_ago, target_on=None)
    page = member.page(f"{LOOSE}?kind=reading")
    assert page.text("h1") == "Measures without a reading for three months"
    assert page.texts(".rows .row-link") == ["Beds"]
    assert page.has("no reading yet; it starts at 4 of 20 beds")
    (button,) = page.all(".rows .btn")
    assert button.attributes["href"] == f"{BASE}plan/measures/{measure.id}/readings/new"

    member.send(
        f"{BASE}plan/measures/{measure.id}/readings/new",
        value="12",
        taken_on=clock.today("America/Chicago").isoformat(),
    )

    assert member.page(f"{LOOSE}?kind=reading").has("None: all are linked.")


def test_a_loose_end_leads_where_it_is_mended(coordinator: EngageClient, member: EngageClient) -> None:
    me = member.membership
    match = make_match(me)
    goal = make_goal(make_plan())
    objective = make_objective(goal, measure="")
    action = actions_service.create_action(me, title="Thank them")
    db.session.commit()

    def links(client: EngageClient) -> list[str]:
        page = client.page(LOOSE)
        return [str(link.attributes["href"]).removeprefix(BASE) for link in page.all(".rows .btn")]

    own = [f"plan/actions/{action.number}/edit"] * 2
    assert links(member)[0].startswith("strengths/needs/1/")
    assert links(member)[1:] == [f"strengths/matches/{match.id}", *own]
    assert links(coordinator)[1:] == [
        f"strengths/matches/{match.id}",
        f"plan/goals/{goal.id}/edit",
        f"plan/objectives/{objective.id}/measures/new",
        *own,
    ]
    for address in links(coordinator):
        coordinator.page(f"{BASE}{address}")


def test_many_of_a_kind_have_a_page_of_their_own(member: EngageClient) -> None:
    for number in range(12):
        make_need(member.membership, f"Need {number}")
    page = member.page(LOOSE)
    assert len(page.all(".row-link")) == 10
    assert len(page.all(".panel > .rows .row-link")) == 2
    assert page.text("details.rest > summary") == "Show the other 8 : Needs no one is working on"
    assert page.text(".main .panel > p > a") == "Show all 12"

    own = member.page(f"{LOOSE}?kind=need")

    assert own.text("h1") == "Needs no one is working on"
    assert len(own.all(".row-link")) == 12
    assert member.get(f"{LOOSE}?kind=nothing").status_code == 404
    assert member.page(f"{LOOSE}?kind=match").has("None: all are linked.")


def test_an_action_that_renews_an_agreement_is_no_loose_end(member: EngageClient) -> None:
    plan, agreement = make_plan(), make_agreement(member.membership)
    renewal = make_action(plan, title="Renew the agreement")
    linked = make_action(plan, title="Print cards")
    action_agreements.link_action(None, agreement, renewal.id, renews_end_on=clock.today("UTC"))
    action_agreements.link_action(None, agreement, linked.id)
    db.session.commit()
    found = [title for titles in ends(member.page(LOOSE)).values() for title in titles]
    assert any("Print cards" in title for title in found)
    assert not any("Renew the agreement" in title for title in found)
