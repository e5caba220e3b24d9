"""Home: what is next, what waits, what is late with others, where it stands and what moved."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from engage import clock
from engage.checklist.rules import ItemState
from engage.coalitions.models import Membership
from engage.coalitions.rules import InvitationKind, Role
from engage.content.loader import content
from engage.extensions import db
from engage.history import HistoryEntry
from engage.onboarding.rules import COUNTED
from engage.plan.models import Action
from engage.plan.rules import ActionStatus, PlanStatus
from tests import databases, factories
from tests.client import EngageClient
from tests.coalitions.about.rows import ABOUT, make_about
from tests.meetings.rows import make_meeting

HOME = "/c/riverbend/"
# A Wednesday morning in Chicago.
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _on_a_wednesday_morning(app: object) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def put_evening_away() -> None:
    factories.the_coalition().first_evening_over = True
    db.session.commit()


def finish_path(decider: Membership) -> None:
    for key in COUNTED:
        factories.make_step_override(decider, step=key)


def make_waiting(name: str = "Lt. Okafor", **overrides: object) -> Membership:
    return factories.make_membership(name=name, approved_at=None, came_by=InvitationKind.OPEN, **overrides)


def make_closed_round() -> None:
    keys = [each.key for each in content().indicators]
    factories.make_closed_round(
        [("nonprofit", dict.fromkeys(keys, rating)) for rating in (1, 1, 2)]
        + [("law_enforcement", {**dict.fromkeys(keys, 3), keys[0]: 0}) for _ in range(3)],
        title="Round 2026",
    )


def moved(action: Action, status: ActionStatus) -> None:
    """Moves an action and notes it as the plan's history does."""
    db.session.add(
        HistoryEntry(
            coalition_id=action.coalition_id,
            happened_at=clock.now(),
            actor_id=None,
            thing="plan_action",
            thing_id=action.id,
            field="status",
            old="under_way",
            new=status.value,
        )
    )
    db.session.commit()


# -- the heading


@pytest.mark.parametrize(
    ("later", "greeting"),
    [(0, "Good morning, Dan"), (4, "Good afternoon, Dan"), (10, "Good evening, Dan")],
)
def test_a_person_is_greeted_by_the_coalitions_clock(later: int, greeting: str, member: EngageClient) -> None:
    with time_machine.travel(NOW + timedelta(hours=later), tick=False):
        page = member.page(HOME)
    assert page.text("h1") == greeting
    assert page.text(".lead") == "Riverbend County Coalition, for Riverbend County."


def test_a_coalition_without_a_community_says_only_its_name(member: EngageClient) -> None:
    factories.the_coalition().community = ""
    db.session.commit()
    assert member.page(HOME).text(".lead") == "Riverbend County Coalition"


def test_the_menu_counts_on_home_only_and_only_what_home_counted(member: EngageClient) -> None:
    put_evening_away()
    factories.make_step_override(member.membership, step="toolkit")
    assert member.page(HOME).texts(".menu-wide nav .menu-count") == ["1 of 7"]
    assert not member.page(f"{HOME}start/").all(".menu-wide nav .menu-count")
    factories.make_action(factories.make_plan(), owner_id=member.membership.id, due_on=date(2026, 11, 22))
    assert not member.page(HOME).all(".menu-wide nav .menu-count")


# -- what is next


def test_an_empty_coalition_says_what_will_be_here_and_has_one_button(coordinator: EngageClient) -> None:
    put_evening_away()
    page = coordinator.page(HOME)
    assert page.text("#home-next h2") == "Next step: Complete a community assessment"
    assert page.one(".btn-primary").attributes["href"] == f"{HOME}assessment/"
    assert page.text(".empty h2") == "This page fills in as you work"
    assert not page.all(".home-grid")


def test_a_coordinator_first_sees_who_waits_for_approval(coordinator: EngageClient) -> None:
    make_waiting()
    page = coordinator.page(HOME)
    assert page.text("#home-next h2") == "Next: Lt. Okafor wants to join"
    assert page.one(".btn-primary").attributes["href"] == f"{HOME}people/#coalitions-waiting"
    assert not page.all(".waiting-row"), "Next never repeats a row"
    make_waiting("Ana Ruiz", joined_at=datetime(2026, 11, 25, 3, tzinfo=UTC))
    assert coordinator.page(HOME).text("#home-next h2") == "Next: 2 people want to join"


def test_who_waits_is_a_row_behind_what_is_late(coordinator: EngageClient) -> None:
    # Where the coalition is, it was still the day before.
    make_waiting("Ana Ruiz", joined_at=datetime(2026, 11, 25, 3, tzinfo=UTC))
    factories.make_action(
        factories.make_plan(),
        title="Cards",
        owner_id=coordinator.membership.id,
        due_on=date(2026, 11, 22),
    )
    page = coordinator.page(HOME)
    assert page.text("#home-next h2") == "Next: Cards"
    assert page.texts("#home-waiting .waiting-row") == [
        "New person Ana Ruiz wants to join Came through the open link, Nov 24."
    ]


def test_members_and_viewers_do_not_see_who_waits(member: EngageClient, viewer: EngageClient) -> None:
    make_waiting()
    for client in (member, viewer):
        assert not client.page(HOME).has("Okafor")


def test_a_round_that_is_over_is_next_for_a_coordinator(coordinator: EngageClient) -> None:
    factories.make_round(title="Round 2026", closes_on=TODAY - timedelta(days=1))
    page = coordinator.page(HOME)
    assert page.text("#home-next h2") == "Next: close the round “Round 2026”"
    assert page.has("Its last day was Nov 24.")


def test_an_open_round_is_next_for_a_member(member: EngageClient) -> None:
    round_ = factories.make_round(title="Round 2026", closes_on=TODAY + timedelta(days=6))
    page = member.page(HOME)
    assert page.text("#home-next h2") == "Next: answer “Round 2026”"
    assert page.one(".btn-primary").attributes["href"] == f"{HOME}assessment/rounds/{round_.id}/"
    assert "Open until Dec 1." in page.text("#home-next")
    assert not page.all(".waiting-row"), "Next never repeats a row"


def test_answers_that_were_begun_are_finished(member: EngageClient) -> None:
    round_ = factories.make_round(title="Round 2026")
    key = content().indicators[0].key
    factories.make_response(round_, member.membership, {key: 2}, submitted=False)
    page = member.page(HOME)
    assert page.text("#home-next h2") == "Next: finish your answers to “Round 2026”"
    assert page.has(f"You have answered 1 of {len(content().indicators)} questions.")


def test_when_everything_is_answered_home_says_to_submit_it(member: EngageClient) -> None:
    everything = {each.key: 2 for each in content().indicators}
    response = factories.make_response(
        factories.make_round(title="Round 2026"), member.membership, everything, submitted=False
    )
    page = member.page(HOME)
    assert page.text("#home-next h2") == "Next: submit your answers to “Round 2026”"
    assert page.text("#home-next .btn-primary") == "Submit your answers"
    assert "Every question is answered and saved, but not yet submitted." in page.text("#home-next")
    response.taken_back = True
    db.session.commit()
    assert not member.page(HOME).has("submit your answers")


def test_a_submitted_response_waits_for_nothing(member: EngageClient) -> None:
    put_evening_away()
    factories.make_response(factories.make_round(), member.membership, {})
    page = member.page(HOME)
    assert page.text("#home-next h2").startswith("Next step:")
    # The step is everyone's.
    assert page.text("#home-waiting p:first-of-type") == "You have no tasks right now. Thank you."


def test_someone_whose_only_task_is_next_has_no_other(member: EngageClient) -> None:
    put_evening_away()
    factories.make_round()
    assert member.page(HOME).text("#home-waiting p:first-of-type") == "You have no other tasks. Thank you."


def test_what_is_late_for_others_is_no_task_of_mine(coordinator: EngageClient) -> None:
    put_evening_away()
    owner = factories.make_membership(user=None)
    factories.make_action(
        factories.make_plan(), title="Print cards", owner_id=owner.id, due_on=date(2026, 11, 22)
    )
    page = coordinator.page(HOME)
    assert page.has("Print cards")
    assert page.text("#home-waiting p:first-of-type") == "You have no tasks right now. Thank you."


def test_a_late_action_comes_before_the_path(member: EngageClient) -> None:
    action = factories.make_action(
        factories.make_plan(), title="Print cards", owner_id=member.membership.id, due_on=date(2026, 11, 22)
    )
    page = member.page(HOME)
    assert page.text("#home-next h2") == "Next: Print cards"
    assert page.one(".btn-primary").attributes["href"] == f"{HOME}plan/actions/{action.number}"
    assert page.has("Your action is 3 days late.")
    assert not page.all("#home-late"), "Next never repeats a row"
    assert page.all("#home-next .home-quick"), "it can be answered in place"


def test_when_the_path_is_done_the_next_action_is_next_and_then_nothing(member: EngageClient) -> None:
    finish_path(member.membership)
    action = factories.make_action(
        factories.make_plan(), title="Print cards", owner_id=member.membership.id, due_on=date(2026, 12, 4)
    )
    page = member.page(HOME)
    assert page.text("#home-next h2") == "Next: Print cards"
    assert page.has("Your action is due Dec 4.")
    action.status, action.reason, action.due_on = ActionStatus.STUCK, "A printer.", None
    db.session.commit()
    assert member.page(HOME).has("Your action is stuck.")
    action.owner_id = None
    db.session.commit()
    assert member.page(HOME).text("#home-next h2") == "All seven steps are complete"


# -- waiting for you


def test_my_rows_say_how_they_stand(member: EngageClient) -> None:
    plan, me = factories.make_plan(), member.membership.id
    factories.make_action(plan, title="Late one", owner_id=me, due_on=date(2026, 11, 24))
    factories.make_action(plan, title="Today", owner_id=me, due_on=TODAY)
    factories.make_action(plan, title="Soon", owner_id=me, due_on=date(2026, 11, 30))
    factories.make_action(
        plan,
        title="Stuck one",
        owner_id=me,
        due_on=date(2026, 11, 20),
        status=ActionStatus.STUCK,
        reason="A licensed trainer.",
    )
    factories.make_item(owner_id=me, due_on=date(2026, 11, 20))
    page = member.page(HOME)
    assert page.text("#home-next h2") == "Next: Stuck one"
    assert page.texts("#home-late .tag") == ["1 day late", "5 days late"]
    assert page.texts("#home-waiting .tag") == ["Due today", "In 5 days"]
    assert page.text("#home-late .count") == page.text("#home-waiting .count") == "2"


def test_what_is_stuck_says_what_help_is_needed(member: EngageClient) -> None:
    plan, me = factories.make_plan(), member.membership.id
    factories.make_action(plan, owner_id=me, due_on=date(2026, 11, 1))
    late = {"owner_id": me, "due_on": date(2026, 11, 20), "status": ActionStatus.STUCK}
    factories.make_action(plan, reason="A licensed trainer.", **late)
    page = member.page(HOME)
    assert "You. 5 days late. Needs: A licensed trainer." in page.text("#home-late")


def test_what_is_others_or_done_does_not_wait_for_me(member: EngageClient) -> None:
    plan, other = factories.make_plan(), factories.make_membership()
    factories.make_action(plan, title="Not mine", owner_id=other.id, due_on=date(2026, 11, 1))
    factories.make_action(plan, title="Done", owner_id=member.membership.id, status=ActionStatus.DONE)
    factories.make_item(owner_id=member.membership.id, state=ItemState.DONE)
    page = member.page(HOME)
    assert not page.all("#home-waiting .waiting-row")
    assert not page.has("Not mine")


def test_a_long_list_is_cut_and_says_so(member: EngageClient) -> None:
    plan = factories.make_plan()
    for day in range(6):
        factories.make_action(plan, owner_id=member.membership.id, due_on=TODAY)
        factories.make_action(plan, owner_id=member.membership.id, due_on=TODAY - timedelta(days=1 + day))
    page = member.page(HOME)
    assert len(page.all("#home-waiting .waiting-row")) == len(page.all("#home-late .waiting-row")) == 3
    assert page.text("#home-waiting .card-more") == "3 more: see all my tasks"
    assert page.text("#home-late .card-more") == "2 more in the plan"


# -- late or stuck with others


def test_a_coordinator_sees_what_waits_for_others_with_remind(coordinator: EngageClient) -> None:
    plan, dan = factories.make_plan(), factories.make_membership(name="Dan Reyes")
    factories.make_action(plan, title="Cards", owner_id=dan.id, due_on=date(2026, 11, 22))
    factories.make_action(plan, title="Orphan", due_on=date(2026, 11, 22))
    page = coordinator.page(HOME)
    assert page.text("#home-late .count") == "2"
    assert "Dan Reyes. Due Nov 22." in page.text("#home-late")
    assert "No one leads it yet." in page.text("#home-late")
    assert [node.attributes["href"] for node in page.all("#home-late .btn")] == [f"{HOME}remind/{dan.id}"]


def test_where_no_one_leads_what_is_late_there_is_no_one_to_remind(coordinator: EngageClient) -> None:
    plan = factories.make_plan()
    factories.make_action(plan, title="Orphan", due_on=date(2026, 11, 22))
    page = coordinator.page(HOME)
    assert "No one leads it yet." in page.text("#home-late")
    assert not page.has("Remind everyone")
    dan = factories.make_membership(name="Dan Reyes")
    factories.make_action(plan, owner_id=dan.id, due_on=date(2026, 11, 22))
    assert coordinator.page(HOME).has("Remind everyone")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1 day late"),
        (59, "59 days late"),
        (60, "2 months late"),
        (365, "12 months late"),
        (729, "24 months late"),
        (730, "2 years late"),
        (1108, "3 years late"),
    ],
)
def test_what_is_late_for_long_is_late_by_months_or_years(
    coordinator: EngageClient, days: int, words: str
) -> None:
    today = clock.today("America/Chicago")
    dan = factories.make_membership(name="Dan Reyes")
    action = factories.make_action(
        factories.make_plan(), owner_id=dan.id, due_on=today - timedelta(days=days)
    )
    assert coordinator.page(HOME).text("#home-late .tag") == words
    assert coordinator.page(f"/c/riverbend/plan/actions/{action.number}").has(f", {words}")


@pytest.mark.parametrize("gone", [{"left_on": date(2026, 11, 20)}, {"disabled_at": clock.now()}])
def test_what_someone_who_left_still_leads_is_handed_over(
    coordinator: EngageClient, gone: dict[str, object]
) -> None:
    plan, dan = factories.make_plan(), factories.make_membership(name="Dan Reyes", **gone)
    late = factories.make_action(plan, title="Cards", owner_id=dan.id, due_on=date(2026, 11, 22))
    way = f"/c/riverbend/people/{dan.id}/hand-over"
    page = coordinator.page(HOME)
    assert page.text("#home-late .btn") == "Hand over : Dan Reyes"
    assert page.one("#home-late .btn").attributes["href"] == way
    assert coordinator.get(way).status_code == 200
    page = coordinator.page(f"/c/riverbend/plan/actions/{late.number}")
    assert page.text(f"a[href='{way}']") == "Hand over their tasks and roles"


def test_a_member_sees_counts_but_not_what_is_late_with_others(member: EngageClient) -> None:
    dan = factories.make_membership(name="Ben Ode")
    factories.make_action(factories.make_plan(), owner_id=dan.id, due_on=date(2026, 11, 22))
    page = member.page(HOME)
    assert not page.all("#home-late")
    assert not page.has("Ben Ode")
    assert "1 late" in page.text("#home-plan")


# -- where it stands


def test_the_plan_card_carries_its_counts(member: EngageClient) -> None:
    plan = factories.make_plan(title="Plan 2026-27")
    for status in (ActionStatus.DONE, ActionStatus.STUCK, ActionStatus.NO_LONGER_NEEDED):
        factories.make_action(plan, status=status)
    factories.make_action(plan, due_on=date(2026, 11, 28))
    page = member.page(HOME)
    assert page.text("#home-plan .count-words") == "1 of 3 done"
    assert page.one("#home-plan progress").attributes["value"] == "1"
    assert "1 stuck, 1 due this month, 1 no longer needed." in page.text("#home-plan")


def test_the_gaps_of_the_latest_round_are_linked(member: EngageClient) -> None:
    make_closed_round()
    page = member.page(HOME)
    assert page.has("6 people answered.")
    links = [node.attributes["href"] or "" for node in page.all("#home-gaps li a")]
    assert len(links) == 3
    assert all("/assessment/rounds/" in link and "/results/" in link for link in links)
    assert page.texts("#home-gaps li a")[0] == content().indicators[0].title
    assert links[0].endswith(f"/results/{content().indicators[0].area}#{content().indicators[0].key}")


def test_after_a_round_that_too_few_answered_the_next_step_leads_to_its_results(member: EngageClient) -> None:
    closed = factories.make_closed_round([("health", {content().indicators[0].key: 1})] * 3)
    page = member.page(HOME)
    assert page.text("#home-next h2") == "Next step: Complete a community assessment"
    assert "3 of at least 5 people answered." in page.text("#home-next")
    link = page.one("#home-next .btn-primary")
    assert link.text() == "See the results"
    assert link.attributes["href"] == f"{HOME}assessment/rounds/{closed.id}/results/"


def test_a_round_that_no_one_could_rate_says_so(member: EngageClient) -> None:
    unsure = {each.key: "dont_know" for each in content().indicators}
    factories.make_closed_round([("health", unsure)] * 3)
    page = member.page(HOME)
    assert page.has("3 people answered.")
    assert "No focus area has enough ratings yet" in page.text("#home-gaps")


def test_a_viewer_gets_a_reading_home_without_people(viewer: EngageClient) -> None:
    dan = factories.make_membership(name="Dan Reyes")
    make_closed_round()
    factories.make_action(factories.make_plan(), owner_id=dan.id, due_on=date(2026, 11, 22))
    page = viewer.page(HOME)
    assert not page.has("Dan Reyes")
    assert not page.all("#home-waiting")
    assert not page.all("#home-late")
    assert not page.all("#home-gaps li")
    assert "The lowest area is" in page.text("#home-gaps")
    assert "joined" not in page.text("#home-moved")
    assert len(page.all(".btn-primary")) == 1


def test_nothing_of_another_coalition_is_here(coordinator: EngageClient) -> None:
    put_evening_away()
    elsewhere = factories.make_coalition()
    stranger = factories.make_membership(coalition=elsewhere, name="Una Stranger", approved_at=None)
    plan = factories.make_plan(coalition=elsewhere)
    factories.make_action(plan, title="Elsewhere", owner_id=stranger.id, due_on=date(2026, 11, 1))
    factories.make_round(coalition=elsewhere)
    page = coordinator.page(HOME)
    assert page.all(".empty")
    assert not page.has("Una Stranger")
    assert not page.has("Elsewhere")


# -- what moved


def test_what_was_done_since_the_last_meeting_is_one_warm_line(member: EngageClient) -> None:
    make_meeting(member.membership, title="Before", starts_at=NOW - timedelta(days=40))
    make_meeting(member.membership, title="Last", starts_at=NOW - timedelta(days=22))
    make_meeting(member.membership, title="Upcoming", starts_at=NOW + timedelta(days=8))
    plan = factories.make_plan()
    done = factories.make_action(plan, status=ActionStatus.DONE, created_at=NOW - timedelta(days=90))
    early = factories.make_action(plan, status=ActionStatus.DONE, created_at=NOW - timedelta(days=90))
    moved(done, ActionStatus.DONE)
    with time_machine.travel(NOW - timedelta(days=30), tick=False):
        moved(early, ActionStatus.DONE)
        factories.make_membership(name="Long here")
    factories.make_item(state=ItemState.DONE)
    factories.make_membership(name="Just joined")
    page = member.page(HOME)
    assert page.text("#home-moved").startswith("Since your meeting on Nov 3:")
    assert page.has("Thank you, all of you.")
    assert page.texts("#home-moved a")[:-1] == ["1 action done", "1 tip checked off", "1 person joined"]
    links = [node.attributes["href"] for node in page.all("#home-moved a")]
    assert links[0] == f"{HOME}plan/?state=done"
    assert links[-1] == f"{HOME}plan/review?since=2026-11-03&until=2026-11-25#plan-review-moved"


def test_without_a_meeting_the_line_looks_back_thirty_days_and_without_a_deed_there_is_none(
    member: EngageClient,
) -> None:
    factories.make_plan()
    assert not member.page(HOME).all("#home-moved"), "joining oneself is no news"
    factories.make_item(state=ItemState.DONE)
    assert member.page(HOME).text("#home-moved").startswith("In the last 30 days: 1 tip checked off")
    assert not member.page(HOME).all("#home-moved input")


# -- cost


@pytest.mark.parametrize("role", Role)
def test_the_number_of_queries_does_not_grow(
    role: Role, client_of: Callable[[Membership], EngageClient]
) -> None:
    person = factories.make_membership(role=role)
    client = client_of(person)
    plan, round_ = factories.make_plan(), factories.make_round()
    factories.make_response(round_, person, {content().indicators[0].key: 1}, submitted=False)
    factories.make_action(plan, owner_id=person.id, due_on=TODAY)
    client.page(HOME)
    with databases.counted_queries() as few:
        client.page(HOME)
    for tip in content().tips[:5]:
        other = factories.make_membership()
        make_waiting(other.name)
        factories.make_action(plan, owner_id=other.id, due_on=date(2026, 11, 1))
        factories.make_action(plan, owner_id=person.id, due_on=date(2026, 11, 1))
        factories.make_item(key=tip.items[0].key, owner_id=person.id)
        factories.make_response(round_, other, {content().indicators[0].key: 1})
        factories.make_areas_read(other)
    with databases.counted_queries() as many:
        client.page(HOME)
    assert len(many) == len(few) <= (33 if role is Role.VIEWER else 25)


def test_organizations_that_no_one_looked_at_for_a_year_wait_for_the_coordinator(
    coordinator: EngageClient, member: EngageClient
) -> None:
    long_ago = clock.now() - timedelta(days=800)
    for _number in range(2):
        factories.make_organization(created_at=long_ago)
    factories.make_organization(created_at=long_ago, verified_on=clock.today("America/Chicago"))
    assert not member.page(HOME).has("to check")
    page = coordinator.page(HOME)
    row = next(row for row in page.all(".waiting-row") if "2 organizations to check" in row.text())
    listed = coordinator.page(row.css_first("a").attributes["href"] or "")
    assert len(listed.all(".partner-table .row-link")) == 2


def test_a_reading_that_is_due_waits_for_whoever_read_it_last_and_for_coordinators(
    coordinator: EngageClient, member: EngageClient
) -> None:
    objective = factories.make_objective(factories.make_goal(factories.make_plan()))
    beds = factories.make_measure(objective, title="Beds", target_on=date(2027, 12, 31))
    factories.make_reading(beds, 12, date(2026, 8, 1), written_by_id=member.membership.id)
    fresh = factories.make_measure(objective, title="Fresh")
    factories.make_reading(fresh, 12, date(2026, 11, 1))
    nobodys = factories.make_measure(
        objective, title="Nobody’s", baseline_on=date(2026, 1, 5), target_on=None
    )

    def waiting(client: EngageClient) -> dict[str, str | None]:
        links = client.page(HOME).all(".waiting-row .row-link")
        return {link.text(): link.attributes["href"] for link in links}

    own = {"Beds": f"{HOME}plan/measures/{beds.id}/readings/new"}
    assert waiting(member) == own
    assert waiting(coordinator) == {**own, "Nobody’s": f"{HOME}plan/measures/{nobodys.id}/readings/new"}
    assert member.page(HOME).has("A new reading is due. The last: 12 of 20 beds, Aug 1.")

    assert coordinator.page(HOME).has("The first reading is due.")
    factories.make_measure(objective, title="Third", baseline_on=date(2026, 1, 5), target_on=None)
    assert waiting(coordinator) == {
        "3 measures need a new reading": f"{HOME}chain/loose-ends?kind=reading",
    }


def test_a_closed_plan_waits_for_no_reading(coordinator: EngageClient) -> None:
    plan = factories.make_plan(status=PlanStatus.CLOSED)
    factories.make_measure(factories.make_objective(factories.make_goal(plan)), target_on=None)
    assert not coordinator.page(HOME).has("need a new reading")
    assert not coordinator.page(HOME).has("reading is due")


def test_a_statement_to_accept_waits_in_my_tasks_until_it_is_accepted_and_again_when_it_changes(
    member: EngageClient, viewer: EngageClient
) -> None:
    about = make_about(member.membership.coalition_id, statement="We keep it here.", statement_number=2)
    words = "Read and accept the confidentiality statement"
    for page in (HOME, f"{HOME}messages/"):
        assert member.page(page).has(words)
        assert viewer.get(page).status_code == 403 or not viewer.page(page).has(words)
    member.send(f"{ABOUT}accept", number="2")
    assert not member.page(f"{HOME}messages/").has(words)
    about.statement_number = 3
    db.session.commit()
    assert member.page(f"{HOME}messages/").has(words)
