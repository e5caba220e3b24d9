"""A plan from a file: every page of the way, what a row means, and that the same file twice changes nothing."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from xlsxwriter import Workbook

from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.undo_imports import saving
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.actions.queries.done import done_between
from engage.plan.models import Action, ActionHelper, Goal, GoalNeed, Objective, Plan
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from engage.plan.rules import ActionStatus, PlanStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    saved,
)
from tests.html import Page
from tests.partners import steps
from tests.partners.steps import outcomes, sent, table
from tests.strengths.rows import make_need

PLAN = "/c/riverbend/plan/"
IMPORT = f"{PLAN}import/"
HEAD = ("Goal", "Objective", "Action", "Status", "Owner", "Partner", "Start", "Due", "Note")


def preview(client: EngageClient, content: str | bytes, **changes: Any) -> Page:
    return steps.preview(client, content, at=IMPORT, **changes)


def save(client: EngageClient, page: Page, **changes: Any) -> Page:
    return steps.save(client, page, at=IMPORT, **changes)


def taken_in(client: EngageClient, content: str | bytes, **changes: Any) -> None:
    page = preview(client, content, **changes)
    assert page.status == 200, page.errors
    answer = save(client, page)
    assert answer.status == 303, answer.errors


def actions() -> list[Action]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Action).order_by(Action.number)))


def only_action() -> Action:
    (action,) = actions()
    return action


def titles(model: Any) -> list[str]:
    return list(db.session.scalars(sa.select(model.title).order_by(model.position, model.id)))


def questions(page: Page) -> list[str]:
    return [name for name in sent(page) if name.startswith("meant_")]


# -- in


def test_the_example_of_a_city_has_the_progress_that_the_city_published(coordinator: EngageClient) -> None:
    plan = make_plan(status=PlanStatus.ADOPTED)
    link = coordinator.page(IMPORT).one("a[href$='example.csv']").attributes["href"]
    example = coordinator.get(link).get_data()

    taken_in(coordinator, example)

    page = coordinator.page(PLAN)
    assert "52 of 62" in page.text("#plan-counts .lead"), page.text("#plan-counts .lead")
    assert page.one("#plan-counts progress").attributes["max"] == "62"
    said = coordinator.get(f"{PLAN}{plan.id}/plan.json").json
    assert said["progress"] == {
        "done": 52,
        "total": 62,
        "no_longer_needed": 2,
        "percent": 84,
        "by_status": {"not_started": 3, "under_way": 7, "stuck": 0, "done": 52, "no_longer_needed": 2},
    }
    assert [goal["number"] for goal in said["goals"]] == [1, 2, 3, 4, 5]
    assert {each.reason for each in actions() if each.status is ActionStatus.NO_LONGER_NEEDED} == {"imported"}
    again = preview(coordinator, example)
    assert set(outcomes(again).values()) == {"already here"}


def test_a_plan_is_taken_in_with_goals_objectives_people_and_partner(coordinator: EngageClient) -> None:
    plan, church = make_plan(), make_organization(name="Grace Church")
    rows = table(
        HEAD,
        ("", "", "Print", "", "", "", "", "", ""),
        (
            "Beds",
            "Six places",
            "Ask the county",
            "In progress",
            "maria santos",
            "GRACE church",
            "12/15/2026",
            "2027-01-31",
            "Two\nlines",
        ),
        ("Beds", "", "Visit", "Completed", "Ann Lee", "", "", "", ""),
    )

    page = preview(coordinator, rows)

    assert outcomes(page) == {"Ask the county": "new", "Visit": "new", "Print": "new"}
    assert page.has("Beds (new)") and page.has("Ann Lee (new, without an account)")
    assert actions() == [] and titles(Goal) == []
    answer = save(coordinator, page)
    assert (answer.status, answer.location) == (303, f"{PLAN}?plan={plan.id}")
    assert coordinator.page(answer.location).has("3 actions are added.")
    loose, ask, visit = actions()
    assert (titles(Goal), titles(Objective)) == (["Beds"], ["Six places"])
    assert (ask.number, ask.title, ask.status, ask.details) == (
        2,
        "Ask the county",
        ActionStatus.UNDER_WAY,
        "Two\nlines",
    )
    assert (ask.owner_id, ask.organization_id) == (coordinator.membership.id, church.id)
    assert (ask.start_on, ask.due_on, ask.created_by_id) == (
        date(2026, 12, 15),
        date(2027, 1, 31),
        coordinator.membership.id,
    )
    ann = db.session.get_one(Membership, visit.owner_id)
    assert (ann.name, ann.user_id, ann.role) == ("Ann Lee", None, Role.MEMBER)
    assert (visit.objective_id, visit.done_on) == (None, None)
    assert (loose.goal_id, loose.status) == (None, ActionStatus.NOT_STARTED)


def test_the_same_file_again_changes_nothing(coordinator: EngageClient) -> None:
    make_plan()
    rows = table(
        HEAD,
        ("", "", "Ask", "", "", "", "", "ongoing", ""),
        ("Beds", "Six places", "Ask", "On hold", "Ann Lee; Bo Kim", "", "Dec 2026", "Q1 2027", "x"),
        ("Beds", "Six places", "Ask", "No longer needed", "Ann Lee", "", "", "", ""),
        ("Beds", "", "Ask", "Completed", "ann lee", "", "", "", ""),
    )
    page = preview(coordinator, rows)
    assert page.has("row 3 of this file")
    save(coordinator, page, alike="add")
    assert len(actions()) == 4
    people = db.session.scalar(sa.select(sa.func.count()).select_from(Membership))
    page = preview(coordinator, rows)
    assert outcomes(page) == {"Ask": "already here"}
    assert page.has("There is nothing to import.")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Membership)) == people == 3
    _loose, stuck, dropped, _done = actions()
    assert (stuck.reason, dropped.reason) == ("imported", "imported")
    assert (stuck.start_on, stuck.due_on) == (date(2026, 12, 1), date(2027, 3, 31))
    helpers = db.session.scalars(sa.select(ActionHelper)).all()
    assert [(row.action_id, db.session.get_one(Membership, row.membership_id).name) for row in helpers] == [
        (stuck.id, "Bo Kim")
    ]


def test_quotes_and_dashes_of_a_word_processor_double_neither_actions_nor_people(
    coordinator: EngageClient,
) -> None:
    plan = make_plan()
    owner = make_membership(name="Ann O'Brien")
    goal = make_goal(plan, title="The county's beds")
    make_action(plan, goal=goal, title='Ask for "Bed one" - again', owner_id=owner.id)
    typed = table(
        ("Goal", "Action", "Owner"), ("The county’s beds", "Ask for “Bed one” – again", "Ann O’Brien")
    )
    assert outcomes(preview(coordinator, typed)) == {"Ask for “Bed one” – again": "already here"}


def test_without_a_plan_a_draft_is_started(coordinator: EngageClient) -> None:
    assert coordinator.page(IMPORT).has("Into a new draft: there is no plan yet.")
    taken_in(coordinator, table(("Action",), ("Ask",)))
    plan = db.session.scalars(sa.select(Plan)).one()
    assert (plan.status, only_action().plan_id) == (PlanStatus.DRAFT, plan.id)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_a_file_is_read_however_its_letters_are_written(coordinator: EngageClient, codec: str) -> None:
    make_plan()
    taken_in(coordinator, "Objetivo;Action;Due\nX;Señal;31.12.2026\n".encode(codec), column_0="goal")
    assert (only_action().title, only_action().due_on) == ("Señal", date(2026, 12, 31))


def test_a_file_without_known_names_is_mapped_by_hand(coordinator: EngageClient) -> None:
    make_plan()
    rows = table(("Wer", "Was"), ("Ann Lee", "Rufen"))
    page = preview(coordinator, rows)
    assert outcomes(page) == {"(no name)": "wrong"}
    taken_in(coordinator, rows, column_0="owner", column_1="action")
    assert only_action().title == "Rufen"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Completed", ActionStatus.DONE),
        ("In progress", ActionStatus.UNDER_WAY),
        ("Not yet begun", ActionStatus.NOT_STARTED),
        ("No longer needed", ActionStatus.NO_LONGER_NEEDED),
        ("On hold", ActionStatus.STUCK),
        ("UNDER_WAY", ActionStatus.UNDER_WAY),
        ("under way", ActionStatus.UNDER_WAY),
    ],
)
def test_a_status_may_be_said_in_words_people_use(
    coordinator: EngageClient, said: str, status: ActionStatus
) -> None:
    make_plan()
    taken_in(coordinator, table(("Action", "Status"), ("Ask", said)))
    assert only_action().status is status


def test_a_status_that_no_one_knows_is_asked_about(coordinator: EngageClient) -> None:
    make_plan()
    rows = table(("Action", "Status"), ("Ask", "Simmering"), ("Visit", "simmering"))
    page = preview(coordinator, rows)
    assert page.errors == ["Say what “Simmering” means here."]
    (word,) = questions(page)
    taken_in(coordinator, rows, **{word: "under_way"})
    assert {action.status for action in actions()} == {ActionStatus.UNDER_WAY}


def test_a_date_that_can_be_read_in_two_ways_is_asked_about_once(coordinator: EngageClient) -> None:
    make_plan()
    rows = table(("Action", "Start", "Due"), ("Ask", "03/04/2026", "05/06/2026"), ("Visit", "", "07/07/2026"))
    page = preview(coordinator, rows)
    assert page.errors == ["Say how to read 03/04/2026: with the month first, or with the day first."]
    assert page.has("March 4, 2026") and page.has("April 3, 2026")
    taken_in(coordinator, rows, day_order="day_first")
    ask, visit = actions()
    assert (ask.start_on, ask.due_on) == (date(2026, 4, 3), date(2026, 6, 5))
    assert visit.due_on == date(2026, 7, 7)


def test_the_order_of_dates_is_asked_whatever_other_dates_of_the_file_show(coordinator: EngageClient) -> None:
    make_plan()
    rows = table(("Action", "Due"), ("Ask", "03/04/2026"), ("Visit", "25/12/2026"))
    page = preview(coordinator, rows)
    assert page.errors == ["Say how to read 03/04/2026: with the month first, or with the day first."]
    taken_in(coordinator, rows, day_order="month_first")
    assert [action.due_on for action in actions()] == [date(2026, 3, 4), date(2026, 12, 25)]


def test_a_partner_is_matched_or_asked_about_and_may_be_left_out(coordinator: EngageClient) -> None:
    make_plan()
    church = make_organization(name="Grace Church")
    rows = table(("Action", "Partner"), ("Ask", "Grace Chruch"), ("Visit", "Nobody knows"))
    page = steps.upload(coordinator, rows, IMPORT)
    assert sorted(sent(page)[name] for name in questions(page)) == sorted(["-", str(church.id)])
    taken_in(coordinator, rows)
    assert [action.organization_id for action in actions()] == [church.id, None]


def test_a_name_that_two_people_have_is_asked_about_and_an_address_tells_them_apart(
    coordinator: EngageClient,
) -> None:
    make_plan()
    first, second = (
        make_membership(name="Ann Lee"),
        make_membership(name="Ann Lee", user=None, email="ann@x.example"),
    )
    rows = table(("Action", "Owner"), ("Ask", "Ann Lee"), ("Visit", "Ann Lee <ANN@x.example>"))
    page = preview(coordinator, rows)
    assert page.errors == ["Say what “Ann Lee” means here."]
    (word,) = questions(page)
    taken_in(coordinator, rows, **{word: str(first.id)})
    assert [action.owner_id for action in actions()] == [first.id, second.id]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Santos, Maria", ["Maria Santos"]),
        ("Santos, Maria; Ben Lee", ["Maria Santos", "Ben Lee"]),
        ("ben@example.org; Jo@example.org", ["Ben Lee", "Jo Fox"]),
        ("Health and Human Services", ["Health and Human Services"]),
        ('"Hope, Ohio Chapter"', ["Hope, Ohio Chapter"]),
    ],
)
def test_several_owners_in_one_cell_are_told_apart(
    coordinator: EngageClient, cell: str, people: list[str]
) -> None:
    make_plan()
    make_membership(name="Ben Lee", email="ben@example.org", user=None)
    make_membership(name="Jo Fox", email="jo@example.org", user=None)
    rows = table(("Action", "Owner"), ("Ask", cell))
    assert questions(steps.upload(coordinator, rows, IMPORT)) == []
    taken_in(coordinator, rows)
    names = {each.id: each.name for each in db.session.scalars(sa.select(Membership))}
    helpers = db.session.scalars(sa.select(ActionHelper.membership_id).order_by(ActionHelper.id))
    owner_id = only_action().owner_id
    assert owner_id is not None
    assert [names[owner_id], *sorted(names[key] for key in helpers)] == people


@pytest.mark.parametrize(
    "cell", ["Fox, Jo", "Maria Santos, Ben Lee", "Jo Fox & Bo Kim", "YWCA/YMCA", "Maria Santos and Bo Kim"]
)
def test_names_that_may_be_several_are_asked_about_and_never_split_or_taken_on_a_guess(
    coordinator: EngageClient, cell: str
) -> None:
    make_plan()
    rows = table(("Action", "Owner"), ("Ask", cell))
    page = preview(coordinator, rows)
    assert page.errors == [f"Say what “{cell}” means here."]
    (asked,) = questions(page)
    options = page.all(f"select[name={asked}] option")
    assert [each.text(strip=True) for each in options] == ["Choose one", f"One new name: {cell}"]
    taken_in(coordinator, rows, **{asked: "+"})
    assert cell in set(db.session.scalars(sa.select(Membership.name)))
    assert questions(steps.upload(coordinator, rows, IMPORT)) == []


def test_an_owner_who_is_not_known_yet_becomes_no_person(coordinator: EngageClient) -> None:
    make_plan()
    owned = (("Ask", "TBD", "n/a"), ("Call", "Ana Flores; TBD", "—"), ("Sign", "unknown", "Ana Flores"))
    taken_in(coordinator, table(("Action", "Owner", "Helpers"), *owned))
    people = db.session.scalars(sa.select(Membership.name).where(Membership.id != coordinator.membership.id))
    assert list(people) == ["Ana Flores"]
    assert [each.owner_id is not None for each in actions()] == [False, True, False]


def test_the_error_of_a_formula_is_nothing(coordinator: EngageClient) -> None:
    make_plan()
    head = ("Action", "Owner", "Status", "Partner", "Due", "Note")
    taken_in(coordinator, table(head, ("Ask", "#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!")))
    action = only_action()
    assert (action.owner_id, action.organization_id, action.due_on, action.details) == (None, None, None, "")
    people = list(db.session.scalars(sa.select(Membership.name)))
    assert not [name for name in people if "#" in name]


def test_goal_and_objective_have_their_own_cells_and_may_stand_alone(coordinator: EngageClient) -> None:
    make_plan()
    need = make_need(coordinator.membership)
    rows = table(
        (
            "goal",
            "objective",
            "action",
            "focus_area",
            "goal_why",
            "goal_needs",
            "objective_measure",
            "objective_due",
        ),
        ("Beds", "Six", "", "Prevention", "Why", f"{need.number}. No bed", "0 to 6", "2027-06-30"),
        ("Law", "", "", "", "", "", "", ""),
    )
    taken_in(coordinator, rows)
    beds, law = db.session.scalars(sa.select(Goal).order_by(Goal.position)).all()
    assert (beds.title, beds.area, beds.why, law.title) == ("Beds", "prevention", "Why", "Law")
    six = db.session.scalars(sa.select(Objective)).one()
    assert (six.goal_id, six.measure, six.due_on) == (beds.id, "0 to 6", date(2027, 6, 30))
    assert db.session.scalars(sa.select(GoalNeed.need_id)).all() == [need.id]
    assert actions() == []
    assert outcomes(preview(coordinator, rows)) == {"Six": "already here", "Law": "already here"}


def test_a_goal_that_is_written_once_is_not_read_on_a_guess(coordinator: EngageClient) -> None:
    make_plan()
    once = table(
        ("Goal", "Objective", "Action"),
        ("Beds", "Six places", "Ask two hotels"),
        ("", "", "Visit a home"),
        ("", "Nights", "Call the shelter"),
        ("Law", "", "Read the bill"),
    )
    page = preview(coordinator, once)
    assert outcomes(page) == {
        "Ask two hotels": "new",
        "(no name)": "wrong",
        "Read the bill": "new",
    }
    assert page.text("#imports-wrong").count("Write the goal in each row") == 2


def place(action: Action) -> tuple[str, str]:
    goal = db.session.get(Goal, action.goal_id) if action.goal_id else None
    objective = db.session.get(Objective, action.objective_id) if action.objective_id else None
    return goal.title if goal else "", objective.title if objective else ""


def test_a_row_above_others_may_be_their_goal_and_is_not_read_as_an_action(coordinator: EngageClient) -> None:
    rows = table(
        ("Action", "Owner"),
        ("GOAL 1: Beds", ""),
        ("Ask", "Maria Santos"),
        ("GOAL 2: Law", ""),
        ("Call", "Maria Santos"),
    )
    page = preview(coordinator, rows)
    assert outcomes(page) == {"(no name)": "wrong", "Ask": "new", "Call": "new"}
    assert page.text("#imports-wrong").count("Write the goal in each row") == 2


@pytest.mark.parametrize(
    "rows",
    [
        (("Ask", "Maria Santos"), ("Call", ""), ("Go", "Maria Santos")),
        (("Ask", ""), ("Call", ""), ("Go", "Maria Santos")),
        (("Ask", ""), ("Call", "Maria Santos"), ("Go", "")),
    ],
)
def test_actions_without_more_are_not_taken_for_goals(
    coordinator: EngageClient, rows: tuple[tuple[str, str], ...]
) -> None:
    page = preview(coordinator, table(("Action", "Owner"), *rows))
    assert set(outcomes(page).values()) == {"new"}


def test_the_page_says_which_sheet_of_a_workbook_was_read(coordinator: EngageClient) -> None:
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        for name in ("Goal 1", "Goal 2"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Action", "Status"])
            sheet.write_row(1, 0, [f"Ask {name}", "Done"])
    page = steps.upload(coordinator, file.getvalue(), IMPORT)
    assert page.has("Only the sheet “Goal 1” was read. Left out: Goal 2.")
    assert outcomes(preview(coordinator, file.getvalue())) == {"Ask Goal 1": "new"}


def test_totals_notes_and_headings_again_are_no_actions(coordinator: EngageClient) -> None:
    make_plan()
    head = ("Goal", "Action", "Status")
    rows = table(
        head,
        ("Beds", "Ask", "Done"),
        head,
        ("Law", "Call", "Done"),
        ("TOTAL", "2", "Done"),
        (),
        ("* In May",),
        ("† In June",),
    )
    page = preview(coordinator, rows)
    said = page.text("#imports-wrong")
    assert "This row names the columns again." in said and "This seems to be a total." in said
    assert said.count("This seems to be a note below the table.") == 2 and "* In May" in said
    assert save(coordinator, page, leave_wrong="y").status == 303
    assert titles(Goal) == ["Beds", "Law"] and len(actions()) == 2


def test_an_empty_goal_is_none_in_our_own_files(coordinator: EngageClient) -> None:
    make_plan()
    ours = table(("ref", "goal", "action"), ("", "Beds", "Ask"), ("", "", "Visit"))
    taken_in(coordinator, ours, column_0="")  # their numbers are another plan's
    assert [place(each) for each in actions()] == [("Beds", ""), ("", "")]


# -- which action


def test_a_ref_finds_the_action_whatever_else_the_row_says(coordinator: EngageClient) -> None:
    plan = make_plan()
    beds = make_goal(plan, title="Beds")
    action = make_action(plan, objective=make_objective(beds, title="Six"), number=14, title="Ask")
    rows = table(
        ("ref", "goal", "action", "status", "owner"), ("14", "Law", "Ask twice", "Stuck", "Maria Santos")
    )
    page = preview(coordinator, rows)
    assert outcomes(page) == {"Ask twice": "changes"}
    save(coordinator, page)
    db.session.refresh(action)
    law = db.session.scalars(sa.select(Goal).where(Goal.title == "Law")).one()
    assert (action.title, action.goal_id, action.objective_id) == ("Ask twice", law.id, None)
    assert (action.status, action.reason, action.version) == (ActionStatus.STUCK, "imported", 2)
    kept = {
        row.field: (row.old, row.new)
        for row in db.session.scalars(sa.select(HistoryEntry).where(HistoryEntry.thing_id == action.id))
        if row.thing == "plan_action"
    }
    assert kept["status"] == ("not_started", "stuck")
    assert kept["owner_id"] == (None, str(coordinator.membership.id))
    assert kept["title"] == kept["reason"] == (None, None)
    assert coordinator.page(f"{PLAN}actions/14").has("From Not started to Stuck")


def test_a_ref_that_is_not_in_this_plan_is_wrong(coordinator: EngageClient) -> None:
    plan, closed = make_plan(), make_plan(status=PlanStatus.CLOSED, title="Old plan")
    make_action(closed, number=3)
    make_action(make_plan(coalition=make_coalition()), number=4)
    make_action(plan, number=5)
    rows = table(("ref", "action"), ("3", "a"), ("4", "b"), ("x", "c"), ("5", "d"), ("5", "e"))
    said = preview(coordinator, rows).text("#imports-wrong")
    assert "This action is in another plan: Old plan." in said
    assert "There is no action with this number. Empty the cell to add the row as a new action." in said
    assert "Enter the action’s number, or leave the cell empty to add the row as a new action." in said
    assert "Row 5 is the same action." in said


def test_another_coalitions_file_changes_no_action_by_its_numbers(coordinator: EngageClient) -> None:
    plan = make_plan()
    beds = make_goal(plan, title="Beds")
    for number, title in enumerate(("Ask", "Call", "Sign"), 1):
        make_action(plan, goal=beds, number=number, title=title)
    theirs = table(
        ("ref", "goal", "action"),
        *((str(n), "Law", f"Theirs {n}") for n in range(1, 4)),
        ("9", "Law", "More"),
    )
    page = preview(coordinator, theirs)
    assert set(outcomes(page).values()) == {"wrong"}
    assert page.text("#imports-wrong").count("The numbers in this file do not match the actions here.") == 4
    taken_in(coordinator, theirs, column_0="")
    assert [each.title for each in actions()] == [
        "Ask",
        "Call",
        "Sign",
        "Theirs 1",
        "Theirs 2",
        "Theirs 3",
        "More",
    ]


def test_own_actions_are_changed_by_number_where_their_titles_or_their_goals_stayed(
    coordinator: EngageClient,
) -> None:
    plan = make_plan()
    beds = make_goal(plan, title="Beds")
    for number, title in enumerate(("Ask", "Call", "Sign"), 1):
        make_action(plan, goal=beds, number=number, title=title)
    rows = table(("ref", "goal", "action"), *((str(n), "Beds", f"1.{n}") for n in range(1, 4)))
    assert set(outcomes(preview(coordinator, rows)).values()) == {"changes"}


def test_a_need_with_the_number_and_another_title_is_another_coalitions(coordinator: EngageClient) -> None:
    make_plan()
    make_need(coordinator.membership, title="Rides")
    rows = table(
        ("action", "need", "goal", "goal_needs"),
        ("a", "1. Emergency; beds", "Beds", ""),
        ("b", "1. rides", "Beds", "1"),
        ("c", "1 (rides, we think)", "Beds", ""),
    )
    page = preview(coordinator, rows)
    assert outcomes(page) == {"a": "wrong", "b": "new", "c": "new"}
    assert "The need with this number is “Rides” here." in page.text("#imports-wrong")


def test_two_actions_of_one_goal_and_title_are_asked_about(coordinator: EngageClient) -> None:
    plan = make_plan()
    beds = make_goal(plan, title="Beds")
    first, second = (make_action(plan, goal=beds, title="Ask") for _each in range(2))
    rows = table(("goal", "action", "note"), ("Beds", "ask", "New words"))
    page = preview(coordinator, rows)
    assert outcomes(page) == {"ask": "possible duplicate"}
    again = save(coordinator, page, alike_2=str(second.id))
    assert again.status == 200
    assert save(coordinator, again).status == 303
    db.session.refresh(first), db.session.refresh(second)
    assert (first.details, second.details) == ("", "New words")


def test_an_action_that_was_moved_to_another_goal_is_asked_about(coordinator: EngageClient) -> None:
    plan = make_plan()
    action = make_action(plan, goal=make_goal(plan, title="Law"), title="Ask")
    page = preview(coordinator, table(("goal", "action"), ("Beds", "Ask")))
    assert outcomes(page) == {"Ask": "possible duplicate"}
    assert page.has(f"Similar to: {action.number}. Ask (Law)")


# -- these are which of both are not here yet, and the texts that no one has checked


@pytest.mark.parametrize(
    ("head", "cells", "message"),
    [
        (("Action", "Start", "Due"), ("Ask", "2026-05-02", "2026-05-01"), "This is before the start."),
        (
            ("Goal", "Objective", "Action", "objective_due"),
            ("Beds", "More", "Ask", "soon"),
            "Enter a date such as 3/15/2026 or 2026-03-15",
        ),
        (("Action", "Note"), ("x" * 301, ""), "at most 300 characters"),
        (("Action", "Need"), ("Ask", "99"), "There is no need with this number."),
        (
            ("Goal", "Action", "Owner"),
            ("Beds", "", "Ann"),
            "Write what will be done, or empty the other cells",
        ),
        (("Action", "Owner"), ("", "Ann"), "Write what will be done, or the goal."),
        (("Action", "goal_why"), ("Ask", "Because"), "Name the goal this is about."),
        (("Action", "objective_measure"), ("Ask", "3"), "Name the objective this is about."),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(
    coordinator: EngageClient, head: tuple[str, ...], cells: tuple[str, ...], message: str
) -> None:
    make_plan()
    good = tuple("Fine" if name == "Action" else "Beds" if name == "Goal" else "" for name in head)
    page = preview(coordinator, table(head, cells, good))
    assert message in page.text("#imports-wrong")
    answer = save(coordinator, page)
    assert answer.status == 422
    assert (actions(), titles(Goal)) == ([], [])
    assert save(coordinator, answer, leave_wrong="y").status == 303
    assert [action.title for action in actions()] == ["Fine"]


def test_someone_who_has_left_leads_nothing_new(coordinator: EngageClient) -> None:
    plan = make_plan()
    gone = make_membership(name="Gone", left_on=date(2026, 3, 1))
    held = make_action(plan, title="Held", owner_id=gone.id)
    rows = table(
        ("Action", "Owner", "Status"),
        ("Held", gone.name, ""),
        ("Ask", gone.name, ""),
        ("Old", gone.name, "Done"),
    )
    page = preview(coordinator, rows)
    assert outcomes(page) == {"Held": "already here", "Ask": "wrong", "Old": "new"}
    assert "This person has left." in page.text("#imports-wrong")
    assert held.owner_id == gone.id


def test_two_rows_that_say_different_things_of_one_goal_are_wrong(coordinator: EngageClient) -> None:
    make_plan()
    rows = table(("Goal", "Action", "goal_why"), ("Beds", "a", "One"), ("beds", "b", "Two"))
    assert "Row 2 says something different about it." in preview(coordinator, rows).text("#imports-wrong")


def test_a_text_that_looks_like_details_is_looked_at_first(coordinator: EngageClient) -> None:
    make_plan()
    page = preview(coordinator, table(("Action", "Note"), ("Ask", "Call Ann at 417-555-0134.")))
    assert "a phone number" in page.text("#imports-texts")
    assert save(coordinator, page).status == 422
    assert actions() == []


# -- what is here already


def test_what_is_here_may_be_left_or_only_filled_in(coordinator: EngageClient) -> None:
    plan = make_plan()
    action = make_action(plan, title="Ask", details="Ours", status=ActionStatus.UNDER_WAY)
    rows = table(("Action", "Note", "Due", "Status"), ("Ask", "Theirs", "2027-01-31", "Done"))
    assert outcomes(preview(coordinator, rows, policy="leave")) == {"Ask": "stays as it is"}
    save(coordinator, preview(coordinator, rows, policy="fill"))
    db.session.refresh(action)
    assert (action.details, action.due_on, action.status, action.done_on) == (
        "Ours",
        date(2027, 1, 31),
        ActionStatus.UNDER_WAY,
        None,
    )


def test_what_comes_in_as_done_without_a_day_counts_in_no_period(coordinator: EngageClient) -> None:
    taken_in(
        coordinator,
        table(
            ("Action", "Status", "Due", "done"),
            ("Ask", "Completed", "43997", ""),
            ("Go", "Done", "", "2020-06-15"),
        ),
    )
    asked, gone = actions()
    assert (asked.status, asked.due_on, asked.done_on) == (ActionStatus.DONE, date(2020, 6, 15), None)
    assert gone.done_on == date(2020, 6, 15)
    membership = db.session.scalars(sa.select(Membership)).first()
    assert membership is not None
    assert [each.title for each in done_between(membership, date(1900, 1, 1), date(2100, 1, 1))] == ["Go"]
    page = coordinator.page(f"{PLAN}actions/{asked.number}")
    assert page.has("not known: it was already done when it was imported")


def test_a_word_in_place_of_a_date_is_kept_in_the_details(coordinator: EngageClient) -> None:
    rows = table(
        ("Action", "Due", "Notes"), ("Ask", "Ongoing", ""), ("Call", "as needed", "A key"), ("Go", "TBD", "")
    )
    page = preview(coordinator, rows)
    assert page.has("By when: Ongoing")
    save(coordinator, page)
    assert [(each.due_on, each.details) for each in actions()] == [
        (None, "By when: Ongoing"),
        (None, "A key\n\nBy when: as needed"),
        (None, ""),
    ]
    assert set(outcomes(preview(coordinator, rows)).values()) == {"already here"}


def test_the_words_of_a_date_that_cannot_be_read_are_kept(coordinator: EngageClient) -> None:
    rows = table(
        ("Action", "Start", "Due", "Notes"),
        ("Ask", "", "Fall 2026", ""),
        ("Call", "Monthly", "2026-02-30", "A key"),
        ("Go", "2026-02-28", "", ""),
    )
    assert preview(coordinator, rows).has("By when: Fall 2026")
    taken_in(coordinator, rows)
    assert [(each.title, each.due_on, each.details) for each in actions()] == [
        ("Ask", None, "By when: Fall 2026"),
        ("Call", None, "A key\n\nStart: Monthly\n\nBy when: 2026-02-30"),
        ("Go", None, ""),
    ]
    assert set(outcomes(preview(coordinator, rows)).values()) == {"already here"}


def test_one_that_repeats_is_followed_by_the_next_when_a_file_says_it_is_done(
    coordinator: EngageClient,
) -> None:
    due = date(2026, 12, 5)
    action = make_action(make_plan(), title="Ask", due_on=due)
    repeats_service.begin(coordinator.membership, action, Series(Rule(RepeatUnit.MONTH_DAY, day=5), due))
    db.session.commit()
    rows = table(("Ref", "Action", "Status"), (str(only_action().number), "Ask", "Done"))

    taken_in(coordinator, rows, of_those_here="replace")

    first, following = actions()
    assert (first.status, following.status) == (ActionStatus.DONE, ActionStatus.NOT_STARTED)
    assert (following.due_on, following.repeat_id) == (date(2027, 1, 5), first.repeat_id)
    taken_in(coordinator, rows, of_those_here="replace")
    assert len(actions()) == 2


def test_done_is_dated_and_open_again_asks_why(coordinator: EngageClient) -> None:
    plan = make_plan()
    action = make_action(plan, title="Ask", status=ActionStatus.STUCK, reason="A key")
    taken_in(coordinator, table(("Action", "done"), ("Ask", "2026-11-02")))
    db.session.refresh(action)
    assert (action.status, action.done_on, action.reason) == (ActionStatus.DONE, date(2026, 11, 2), "")
    taken_in(coordinator, table(("Action", "status"), ("Ask", "Under way")))
    db.session.refresh(action)
    assert (action.status, action.done_on, action.reason) == (ActionStatus.UNDER_WAY, None, "imported")


# -- others in the meantime


def test_someone_who_was_faster_is_seen(coordinator: EngageClient) -> None:
    plan = make_plan()
    action = make_action(plan, title="Ask")
    page = preview(coordinator, table(("Action", "Note"), ("Ask", "x")))
    action.details = "y"
    saved(action)
    answer = save(coordinator, page)
    assert (answer.status, answer.has("Someone changed something in the meantime")) == (409, True)


@pytest.mark.parametrize(("times", "status"), [(1, 303), (2, 303), (3, 409)])
def test_an_import_that_is_overtaken_is_compared_anew_and_gives_up_after_three_times(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch, times: int, status: int
) -> None:
    other = make_action(make_plan(), title="Another", number=7)
    page = preview(coordinator, table(("Action",), ("Ask",)))
    before, left = saving.write_from_here, [times]

    def first_somebody_else() -> None:
        before()
        if left[0]:
            left[0] -= 1
            with db.engine.begin() as connection:
                connection.execute(sa.update(Action.__table__).values(version=Action.__table__.c.version + 1))

    monkeypatch.setattr(saving, "write_from_here", first_somebody_else)
    answer = save(coordinator, page)
    assert answer.status == status
    written = [each.title for each in actions() if each.id != other.id]
    assert written == (["Ask"] if status == 303 else [])


def test_a_row_that_others_change_during_the_save_is_compared_again_under_the_lock_and_not_overwritten(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = make_action(make_plan(), title="Ask", details="as it was")
    page = preview(coordinator, table(("Action", "Note"), ("Ask", "from the file"), ("Another", "")))
    before, left, columns = saving.write_from_here, [1], Action.__table__.c
    theirs = {"details": "by someone else", "version": columns.version + 1}

    def first_somebody_else() -> None:
        before()
        if left:
            left.clear()
            with db.engine.begin() as connection:
                connection.execute(sa.update(Action.__table__).values(theirs))

    monkeypatch.setattr(saving, "write_from_here", first_somebody_else)
    answer = save(coordinator, page)
    assert (answer.status, answer.has("Someone changed something in the meantime")) == (409, True)
    assert "by someone else" in answer.text("#imports-unlike")
    db.session.refresh(action)
    assert (action.details, [each.title for each in actions()]) == ("by someone else", ["Ask"])
    assert save(coordinator, answer).status == 303
    db.session.refresh(action)
    assert (action.details, len(actions())) == ("from the file", 2)


def test_each_page_reads_the_plan_once(
    coordinator: EngageClient,
) -> None:
    make_plan()

    def reads(statements: list[str]) -> int:
        return sum("plan_plan.meeting_id" in each for each in statements)

    with counted_queries() as first:
        coordinator.page(IMPORT)
    page = preview(coordinator, table(("Action",), ("Ask",)))
    with counted_queries() as shown:
        coordinator.post(f"{IMPORT}columns", data={**sent(page), "do": "preview"})
    assert (reads(first), reads(shown)) == (1, 1)


def test_a_closed_plan_takes_nothing_in(coordinator: EngageClient) -> None:
    closed = make_plan(status=PlanStatus.CLOSED)
    assert coordinator.get(f"{IMPORT}?plan={closed.id}").status_code == 409
    theirs = make_plan(coalition=make_coalition())
    assert coordinator.get(f"{IMPORT}?plan={theirs.id}").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_file(coordinator: EngageClient) -> None:
    make_plan()

    def asked(many: int) -> int:
        rows = table(
            HEAD,
            *((f"G{many}", f"O{n % 3}", f"A{many} {n}", "", f"P{many}", "", "", "", "") for n in range(many)),
        )
        page = preview(coordinator, rows)
        with counted_queries() as statements:
            assert save(coordinator, page).status == 303
        return len(statements)

    asked(1)  # what first comes in brings up entries of the menu
    assert asked(3) == asked(60)


def test_nor_with_rows_that_differ_and_helpers_who_help_no_more(coordinator: EngageClient) -> None:
    make_plan()
    make_membership(name="Ann Lee"), make_membership(name="Bo Kim")
    head = ("Ref", "Goal", "Action", "Status", "Due", "Helpers")
    words = ("Completed", "Under way", "On hold")

    def asked(many: int, helper: str, *refs: object) -> int:
        rows = (
            (ref, f"G{many}", f"A{many} {n}", words[n % 3], "2027-01-31" if n % 2 else "", helper)
            for n, ref in enumerate(refs or [""] * many)
        )
        page = preview(coordinator, table(head, *rows))
        with counted_queries() as statements:
            assert save(coordinator, page).status == 303
        return len(statements)

    asked(1, "Ann Lee")  # what first comes in brings up entries of the menu
    assert asked(6, "Ann Lee") == asked(60, "Ann Lee")
    few = [each.number for each in actions()[1:7]]
    assert asked(6, "Bo Kim", *few) == asked(60, "Bo Kim", *(each.number for each in actions()[7:]))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ActionHelper)) == 67


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_what_came_out_changes_nothing_and_goes_into_another_plan_without_its_numbers(
    coordinator: EngageClient, kind: str
) -> None:
    plan = make_plan()
    make_action(
        plan, objective=make_objective(make_goal(plan, title="=Beds"), title="'Six"), title="+Ask", number=3
    )
    file = coordinator.get(f"{PLAN}{plan.id}/plan.{kind}").get_data()
    assert outcomes(preview(coordinator, file)) == {"+Ask": "already here"}
    draft = make_plan(status=PlanStatus.DRAFT)
    into = f"?plan={draft.id}"
    chosen = {"csrf_token": coordinator.csrf_token(), "file": (BytesIO(file), "plan")}
    fields = sent(Page(coordinator.post(f"{IMPORT}{into}", data=chosen)))
    page = Page(coordinator.post(f"{IMPORT}columns{into}", data={**fields, "column_0": "", "do": "preview"}))
    assert coordinator.post(f"{IMPORT}save{into}", data=sent(page)).status_code == 303
    first, second = actions()
    assert (first.plan_id, second.plan_id, second.title) == (plan.id, draft.id, "+Ask")
    assert db.session.get_one(Objective, second.objective_id).title == "'Six"


def test_what_came_out_in_spanish_goes_in_where_english_is_read(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan, title="Beds", area="prevention")
    for number, status in enumerate(ActionStatus, 1):
        reason = "Why" if status in {ActionStatus.STUCK, ActionStatus.NO_LONGER_NEEDED} else ""
        make_action(plan, goal=goal, number=number, title=f"Ask {number}", status=status, reason=reason)
    spanish = {"headers": {"Accept-Language": "es"}}
    file = coordinator.get(f"{PLAN}{plan.id}/plan.csv", **spanish).get_data()
    assert "Hecha" in file.decode()
    page = preview(coordinator, file)
    assert (page.status, set(outcomes(page).values())) == (200, {"already here"})


def test_the_plan_s_page_leads_to_its_files_and_a_closed_one_takes_none_in(coordinator: EngageClient) -> None:
    assert coordinator.page(PLAN).all(f"a[href='{IMPORT}']")
    plan = make_plan()
    assert coordinator.page(PLAN).all(f"#plan-files a[href='{IMPORT}?plan={plan.id}']")
    closed = make_plan(status=PlanStatus.CLOSED)
    page = coordinator.page(f"{PLAN}?plan={closed.id}")
    assert page.all("#plan-files a[href$='plan.xlsx']")
    assert not page.all("#plan-files a[href*=import]")


def test_an_empty_table_can_be_downloaded_and_filled(coordinator: EngageClient) -> None:
    make_plan()
    head = coordinator.get(f"{PLAN}empty.csv").get_data()
    fields = sent(steps.upload(coordinator, head + b'"","Beds","","Ask"\r\n', IMPORT))
    assert [fields[f"column_{n}"] for n in range(4)] == ["ref", "goal", "objective", "action"]
