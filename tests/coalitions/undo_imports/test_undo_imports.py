"""An import is undone as a whole: what came in goes, what changed is as before, and what was built on it stays."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Event, Thread
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock, history, snapshots
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.coalitions.undo_imports import service
from engage.coalitions.undo_imports.recording import recorded
from engage.errors import WrongState
from engage.extensions import db
from engage.operations.coalition_file.queries.export import document_of
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.organizations.service import refresh_search
from engage.partners.rules import ContactPlace
from engage.plan import commands
from engage.plan.goals import service as goals_service
from engage.plan.models import Action, ActionHelper, Goal, Objective, Plan, Update
from engage.plan.rules import ActionStatus, PlanStatus
from engage.snapshots import Snapshot, SnapshotFor
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_membership,
    make_organization,
    make_plan,
    saved,
    signed_in_client,
)
from tests.html import Page
from tests.partners import steps
from tests.partners.steps import table

IMPORTS = "/c/riverbend/settings/imports/"
PLAN = "/c/riverbend/plan/import/"
PARTNERS = "/c/riverbend/partners/import/"
ROWS = (
    ("Goal", "Objective", "Action", "Status", "Owner", "Helpers", "Due", "Repeats", "Details"),
    ("Beds", "Six places", "Ask the county", "", "Ann Lee", "Bo Kim", "2026-12-15", "monthly", "By phone"),
    ("Beds", "", "Visit a home", "Completed", "Ann Lee", "", "", "", ""),
    ("Rides", "", "Find a van", "", "", "", "", "", ""),
)


def imported(client: EngageClient, rows: Any, at: str = PLAN) -> Page:
    """Imports a file; returns the page after it."""
    answer = steps.save(client, steps.preview(client, table(*rows), at=at), at=at)
    assert answer.status == 303, answer.errors
    return client.page(answer.location or "")


def whole(coalition_id: int) -> dict[str, Any]:
    """Returns all that a coalition's file holds apart from logs and versions."""
    db.session.expire_all()
    rows = document_of(db.session.get_one(Coalition, coalition_id), single_answers=True)["rows"]
    return {
        name: [{key: value for key, value in row.items() if key != "version"} for row in own]
        for name, own in rows.items()
        if name not in {"history_entry", "coalitions_audit"}
    }


def only_import() -> Snapshot:
    db.session.expire_all()
    rows = sa.select(Snapshot).where(Snapshot.kept_for == SnapshotFor.IMPORT)
    return db.session.scalars(rows.order_by(Snapshot.id.desc())).first() or pytest.fail("no import")


def opened(client: EngageClient, path: str) -> Page:
    return Page(client.get(path))


def page_of_undo(client: EngageClient) -> Page:
    return client.page(f"{IMPORTS}{only_import().id}/undo")


def undo(client: EngageClient) -> Page:
    """Presses the button of the page that asks; returns the page after it."""
    answer = client.send(f"{IMPORTS}{only_import().id}/undo")
    assert answer.status == 303, answer.text()
    return client.page(answer.location)


def stays(page: Page) -> list[str]:
    return [" ".join(row.text().split()) for row in page.all("#coalitions-undo-import .rows li")]


def action_of(title: str) -> Action:
    return db.session.scalars(sa.select(Action).where(Action.title == title)).one()


def titles(model: Any) -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(model.title).order_by(model.id)))


# -- undone as a whole


def test_an_imported_plan_goes_whole_with_its_draft_its_people_and_what_repeats(
    coordinator: EngageClient,
) -> None:
    before = whole(coordinator.membership.coalition_id)
    after = imported(coordinator, ROWS)
    assert "3 actions are added." in after.text()

    (link,) = [each for each in after.all("a") if each.text(strip=True) == "Undo this import"]
    asked = coordinator.page(link.attributes["href"] or "")
    assert "1 plan, 2 goals, 1 objective, 3 actions, and 2 people" in asked.text("#coalitions-undo-import")
    assert asked.texts("h1") == ["Undo this import?"]
    said = undo(coordinator).text()

    assert "The import is undone. Deleted: 1 plan, 2 goals, 1 objective, 3 actions, and 2 people." in said
    assert whole(coordinator.membership.coalition_id) == before


def test_what_a_plan_file_changed_is_as_before(coordinator: EngageClient) -> None:
    plan, ann = make_plan(), make_membership(name="Ann Lee", user=None)
    goal = make_goal(plan=plan, title="Beds")
    action = make_action(plan=plan, goal_id=goal.id, title="Ask the county", details="By mail")
    saved(ActionHelper(coalition_id=plan.coalition_id, action_id=action.id, membership_id=ann.id))
    version, before = action.version, whole(plan.coalition_id)

    imported(coordinator, ROWS)
    assert action_of("Ask the county").details == "By phone"
    assert "This changes back: 1 action." in page_of_undo(coordinator).text("#coalitions-undo-import")
    undo(coordinator)

    assert whole(plan.coalition_id) == before
    assert action_of("Ask the county").version == version + 2


def test_imported_organizations_go_and_changed_ones_are_as_before(coordinator: EngageClient) -> None:
    church = make_organization(name="Grace Church", sector="faith")
    of = {"coalition_id": church.coalition_id, "organization_id": church.id}
    saved(Contact(**of, place=ContactPlace.MAIN, name="Ann Lee", sort_key="ann lee"))
    saved(Contact(**of, place=ContactPlace.ALTERNATE, name="Bo Kim", sort_key="bo kim"))
    saved(OrganizationTag(**of, kind="county", value="Lake", sort_key="lake"))
    refresh_search(church.coalition_id)
    db.session.commit()
    before = whole(church.coalition_id)
    rows = (
        ("Name", "Sector", "Counties", "Main contact", "Alternate contact"),
        ("Grace Church", "", "River; Hill", "Bo Kim", "Ann Lee"),
        ("County library", "Local government", "Lake", "Cy Day", ""),
    )
    imported(coordinator, rows, PARTNERS)
    assert whole(church.coalition_id) != before

    said = undo(coordinator).text()

    assert "Deleted: 1 organization. Changed back: 1 organization." in said
    assert whole(church.coalition_id) == before


def test_the_file_can_come_in_again_after_it_was_undone(coordinator: EngageClient) -> None:
    imported(coordinator, ROWS)
    undo(coordinator)
    imported(coordinator, ROWS)
    assert titles(Action) == ["Ask the county", "Visit a home", "Find a van"]
    assert sorted(db.session.scalars(sa.select(Action.number))) == [1, 2, 3]


def test_a_file_that_changed_nothing_leaves_nothing_to_undo(coordinator: EngageClient) -> None:
    imported(coordinator, ROWS)
    first = only_import().id
    page = steps.preview(coordinator, table(*ROWS), at=PLAN)
    steps.save(coordinator, page, at=PLAN)
    assert only_import().id == first


# -- what was built on it stays, and is named


def test_what_someone_built_on_or_changed_stays_and_is_named(
    coordinator: EngageClient, member: EngageClient
) -> None:
    imported(coordinator, ROWS)
    plan = db.session.scalars(sa.select(Plan)).one()
    asked, visited = action_of("Ask the county"), action_of("Visit a home")
    saved(
        Update(
            coalition_id=plan.coalition_id,
            action_id=asked.id,
            author_id=member.membership.id,
            written_at=clock.now(),
            text="They said yes.",
        )
    )
    visited.details, visited.version = "On Monday", visited.version + 1
    db.session.commit()

    page = page_of_undo(coordinator)
    assert stays(page) == [
        "Plan Plan of action 2026 Since then, someone added or changed: Action and Goal.",
        "Goal Beds Since then, someone added or changed: Action and Objective.",
        "Objective Six places Since then, someone added or changed: Action.",
        "Action 1. Ask the county Since then, someone added or changed: Update.",
        "Action 2. Visit a home Someone has changed it since then.",
        "Person Ann Lee Since then, someone added or changed: Action.",
        "Person Bo Kim Since then, someone added or changed: Action.",
    ]
    said = undo(coordinator).text()

    assert "Deleted: 1 goal and 1 action." in said
    assert (
        "These stay: Plan of action 2026, Beds, Six places, 1. Ask the county, 2. Visit a home, and 2 more."
        in said
    )
    assert titles(Action) == ["Ask the county", "Visit a home"] and titles(Goal) == ["Beds"]
    assert action_of("Ask the county").objective_id is not None
    helpers = db.session.scalars(sa.select(ActionHelper.action_id)).all()
    assert helpers == [asked.id]


def test_an_organization_with_something_of_its_own_stays_with_its_contact(coordinator: EngageClient) -> None:
    rows = (("Name", "Sector", "Main contact"), ("County library", "Local government", "Cy Day"))
    imported(coordinator, rows, PARTNERS)
    library = db.session.scalars(sa.select(Organization)).one()
    make_action(plan=make_plan(), organization_id=library.id)

    page = page_of_undo(coordinator)
    assert stays(page) == ["Organization County library Since then, someone added or changed: Action."]
    assert not page.all("#coalitions-undo-import button"), "nothing can be undone"
    answer = coordinator.send(f"{IMPORTS}{only_import().id}/undo")

    assert answer.status == 409 and "Nothing in this import can be undone" in answer.text()
    assert only_import().ended is None
    assert db.session.scalars(sa.select(Contact.name)).all() == ["Cy Day"]


def test_an_organization_whose_imported_contact_was_changed_stays(coordinator: EngageClient) -> None:
    rows = (("Name", "Sector", "Main contact"), ("County library", "Local government", "Cy Day"))
    imported(coordinator, rows, PARTNERS)
    contact = db.session.scalars(sa.select(Contact)).one()
    contact.phone, contact.version = "555-0101", contact.version + 1
    db.session.commit()
    assert stays(page_of_undo(coordinator)) == [
        "Organization County library Since then, someone added or changed: Contact."
    ]


def test_a_changed_contact_of_an_organization_that_was_here_is_named(coordinator: EngageClient) -> None:
    church = make_organization(name="Grace Church")
    rows = (("Name", "Main contact", "Website"), ("Grace Church", "Cy Day", "https://example.org"))
    imported(coordinator, rows, PARTNERS)
    contact = db.session.scalars(sa.select(Contact)).one()
    contact.phone, contact.version = "555-0101", contact.version + 1
    db.session.commit()
    assert stays(page_of_undo(coordinator)) == ["Contact Cy Day Someone has changed it since then."]
    undo(coordinator)
    db.session.refresh(church)
    assert church.website == "" and db.session.scalars(sa.select(Contact.phone)).all() == ["555-0101"]


def test_a_changed_row_that_someone_saved_since_stays_with_its_parts(coordinator: EngageClient) -> None:
    plan = make_plan()
    make_action(plan=plan, number=1, title="Ask the county", details="By mail")
    imported(coordinator, (("Action", "Details", "Helpers"), ("Ask the county", "By phone", "Bo Kim")))
    action = action_of("Ask the county")
    action.status, action.version = ActionStatus.UNDER_WAY, action.version + 1
    db.session.commit()

    assert "1. Ask the county Someone has changed it since then." in " ".join(
        stays(page_of_undo(coordinator))
    )
    answer = coordinator.send(f"{IMPORTS}{only_import().id}/undo")

    assert answer.status == 409
    db.session.expire_all()
    assert action_of("Ask the county").details == "By phone"
    assert db.session.scalar(sa.select(sa.func.count(ActionHelper.id))) == 1


def test_nothing_comes_back_to_someone_or_something_that_is_gone(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan=plan, title="Old goal")
    action = make_action(plan=plan, title="Ask the county", goal_id=goal.id)
    page = steps.preview(
        coordinator,
        table(("Ref", "Goal", "Action"), (str(action.number), "New goal", "Ask the county")),
        at=PLAN,
    )
    answer = steps.save(coordinator, page, at=PLAN)
    assert answer.status == 303, answer.errors
    db.session.delete(goal)
    db.session.commit()

    assert "Something that it was linked to was deleted." in " ".join(stays(page_of_undo(coordinator)))


def test_rows_in_a_plan_that_was_closed_since_stay(coordinator: EngageClient) -> None:
    plan = make_plan()
    imported(coordinator, ROWS)
    plan.status, plan.closed_on = PlanStatus.CLOSED, clock.today("UTC")
    db.session.commit()
    page = page_of_undo(coordinator)
    assert "Action 3. Find a van Its plan is closed." in stays(page)
    assert "This deletes" not in page.text("#coalitions-undo-import")


def test_someone_who_joined_at_an_imported_place_stays(coordinator: EngageClient) -> None:
    imported(coordinator, ROWS)
    place = db.session.scalars(sa.select(Membership).where(Membership.name == "Ann Lee")).one()
    place.email = "ann@example.org"
    db.session.commit()
    assert "Person Ann Lee Someone has changed it since then." in stays(page_of_undo(coordinator))
    undo(coordinator)
    names = set(db.session.scalars(sa.select(Membership.name)))
    assert "Ann Lee" in names and "Bo Kim" not in names


def test_what_was_deleted_since_is_passed_over(coordinator: EngageClient) -> None:
    make_plan()
    imported(coordinator, ROWS)
    coordinator.send("/c/riverbend/plan/actions/3/delete")
    page = page_of_undo(coordinator)
    assert stays(page) == [] and "2 actions" in page.text("#coalitions-undo-import")
    undo(coordinator)
    assert titles(Action) == []
    # SQLite has given its id to no other row that is taken for it.
    make_action(plan=db.session.scalars(sa.select(Plan)).one(), title="Another")
    assert titles(Action) == ["Another"]


# -- two at once


def test_the_second_of_two_who_undo_it_reads_so(coordinator: EngageClient) -> None:
    imported(coordinator, ROWS)
    path = f"{IMPORTS}{only_import().id}/undo"
    assert coordinator.send(path).status == 303
    again = coordinator.send(path)
    assert again.status == 409 and "This import was already undone." in again.text()
    assert opened(coordinator, path).status == 409


def test_of_two_who_undo_it_at_the_same_moment_one_does(app: Flask, coordinator: EngageClient) -> None:
    make_plan()
    imported(coordinator, ROWS)
    copy_id, together = only_import().id, Barrier(2)
    said: list[str] = []

    def press(membership_id: int) -> None:
        with app.app_context():
            membership = db.session.get_one(Membership, membership_id)
            copy = db.session.get_one(Snapshot, copy_id)
            db.session.rollback()
            together.wait(10)
            try:
                service.undo(membership, copy)
                db.session.commit()
                said.append("undone")
            except WrongState as error:
                db.session.rollback()
                said.append(error.message)

    in_threads(press, [coordinator.membership.id, make_membership(role=Role.COORDINATOR).id])

    assert sorted(said) == ["This import was already undone.", "undone"]
    assert titles(Action) == []
    undone = sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.event == AuditEvent.IMPORT_UNDONE)
    assert db.session.scalar(undone) == 1


def test_what_someone_adds_while_a_file_comes_in_is_not_the_imports(
    app: Flask, coordinator: EngageClient
) -> None:
    plan, started = make_plan(), Event()
    member_id, plan_id = make_membership().id, plan.id
    db.session.commit()

    def add(membership_id: int) -> None:
        with app.app_context():
            started.wait(10)
            membership = db.session.get_one(Membership, membership_id)
            make_membership(name="By hand", user=None)
            goals_service.create_goal(membership, db.session.get_one(Plan, plan_id), {"title": "By hand"})
            db.session.commit()

    thread = Thread(target=add, args=(member_id,))
    thread.start()
    actor = db.session.get_one(Membership, coordinator.membership.id)
    with recorded(actor, "plan") as undoable:
        started.set()
        sleep(0.3)  # the other request comes in between
        goal = history.add(
            actor, Goal(coalition_id=plan.coalition_id, plan_id=plan.id, position=9, title="New")
        )
    db.session.commit()
    thread.join(20)

    assert undoable.copy is not None
    db.session.expire_all()
    copy = db.session.get_one(Snapshot, undoable.copy.id)
    assert [(row["table"], row["id"]) for row in copy.rows or ()] == [("plan_goal", goal.id)]
    assert sorted(titles(Goal)) == ["By hand", "New"]


def in_threads(run: Callable[[int], None], each: list[int]) -> None:
    db.session.commit()
    threads = [Thread(target=run, args=(key,)) for key in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    db.session.rollback()


def test_a_form_that_was_open_meanwhile_is_not_saved_over_it(coordinator: EngageClient) -> None:
    plan = make_plan()
    make_action(plan=plan, title="Ask the county", details="By mail")
    imported(coordinator, (("Action", "Details"), ("Ask the county", "By phone")))
    edit = f"/c/riverbend/plan/actions/{action_of('Ask the county').number}/edit"
    fields = steps.sent(coordinator.page(edit))
    undo(coordinator)
    answer = coordinator.send(edit, **{**fields, "details": "By letter"})
    assert answer.status == 409 and "By letter" in answer.text()
    db.session.expire_all()
    assert action_of("Ask the county").details == "By mail"


def test_someone_who_edits_a_row_that_went_keeps_what_they_typed(coordinator: EngageClient) -> None:
    make_plan()
    imported(coordinator, ROWS)
    edit = "/c/riverbend/plan/actions/3/edit"
    fields = steps.sent(coordinator.page(edit))
    undo(coordinator)
    answer = coordinator.send(edit, **{**fields, "details": "Typed for long"})
    assert answer.status == 409
    assert "Action 3 came from an import that was undone." in answer.text()
    assert "Typed for long" in answer.html


# -- the list, the log, and how long


def test_the_list_names_each_import_with_who_when_and_counts(coordinator: EngageClient) -> None:
    page = coordinator.page(IMPORTS)
    assert "No imports in the last 30 days" in page.text()
    imported(coordinator, ROWS)
    line = coordinator.page(IMPORTS).text("#coalitions-imports .rows li")
    assert "Plan of action From a table" in line
    assert "Added: 1 plan, 2 goals, 1 objective, 3 actions, and 2 people" in line
    assert f"Imported by {coordinator.membership.name}" in line and "30 days left" in line
    undo(coordinator)
    line = coordinator.page(IMPORTS).text("#coalitions-imports .rows li")
    assert "Undone" in line and "Undo this import" not in line


def test_the_list_and_the_page_that_asks_take_as_many_queries_for_many_rows(
    coordinator: EngageClient,
) -> None:
    def queries() -> tuple[int, int]:
        with counted_queries() as listed:
            coordinator.page(IMPORTS)
        with counted_queries() as asked:
            page_of_undo(coordinator)
        return len(listed), len(asked)

    make_plan()
    imported(coordinator, ROWS)
    few = queries()
    rows = [
        ("More beds", f"Part {n}", f"Do it {n}", "", f"Person {n}", "Bo Kim", "", "monthly", "")
        for n in range(40)
    ]
    imported(coordinator, (ROWS[0], *rows))
    assert queries() == few


def test_undoing_is_in_the_audit_log(coordinator: EngageClient) -> None:
    imported(coordinator, ROWS)
    undo(coordinator)
    page = coordinator.page("/c/riverbend/settings/audit/")
    assert "Undid an import" in page.text() and "Plan of action, 9 rows" in page.text()
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == AuditEvent.IMPORT_UNDONE)
    ).one()
    assert entry.actor_id == coordinator.membership.id


def test_an_import_is_offered_for_thirty_days_and_then_erased(coordinator: EngageClient) -> None:
    imported(coordinator, ROWS)
    key = only_import().id
    trash = coordinator.page("/c/riverbend/settings/trash")
    assert "Import: Plan of action" in trash.text("#coalitions-last-step")
    later = clock.now() + timedelta(days=31)
    assert snapshots.prune(later) == 1
    db.session.commit()
    assert opened(coordinator, f"{IMPORTS}{key}/undo").status == 404


def test_an_import_from_the_command_line_can_be_undone(coordinator: EngageClient) -> None:
    list(commands.imported("riverbend", table(*ROWS).encode(), None, confirmed=True))
    db.session.commit()
    assert "The person who runs this site" in coordinator.page(IMPORTS).text("#coalitions-imports")
    undo(coordinator)
    assert titles(Objective) == []


# -- who may


def test_another_coalitions_import_does_not_exist(coordinator: EngageClient) -> None:
    imported(coordinator, ROWS)
    other = make_coalition(slug="lakeside")
    copy = only_import()
    copy.coalition_id = other.id
    copy.made_by_id = None
    db.session.commit()
    assert opened(coordinator, f"{IMPORTS}{copy.id}/undo").status == 404
    assert coordinator.send(f"{IMPORTS}{copy.id}/undo").status == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_only_a_coordinator_undoes_an_import(app: Flask, coordinator: EngageClient, role: Role) -> None:
    imported(coordinator, ROWS)
    client = signed_in_client(app, make_membership(role=role))
    assert opened(client, IMPORTS).status == 403
    assert client.send(f"{IMPORTS}{only_import().id}/undo").status == 403


# -- texts that are gone


def test_an_earlier_text_that_is_removed_for_good_does_not_come_back(coordinator: EngageClient) -> None:
    plan = make_plan()
    action = make_action(plan=plan, number=1, title="Ask the county", details="By mail")
    imported(coordinator, (("Action", "Details"), ("Ask the county", "By phone")))
    assert "By mail" in str(only_import().rows)
    snapshots.forget(plan.coalition_id, "plan_action", [action.id])
    db.session.commit()
    assert only_import().rows is None
    assert "No imports in the last 30 days" in coordinator.page(IMPORTS).text()


def test_a_copy_of_an_import_holds_no_text_of_what_it_added(coordinator: EngageClient) -> None:
    imported(coordinator, ROWS)
    assert not [word for word in ("By phone", "Find a van", "Ann Lee") if word in str(only_import().rows)]


def test_a_deleted_account_leaves_nothing_in_an_import_that_changed_it(
    app: Flask, coordinator: EngageClient
) -> None:
    person = make_membership(name="Ann Lee")
    church = make_organization(name="Grace Church")
    of = {"coalition_id": church.coalition_id, "organization_id": church.id, "membership_id": person.id}
    saved(Contact(**of, place=ContactPlace.MAIN, name="Ann Lee", sort_key="ann lee", phone="555-0100"))
    rows = (("Name", "Main contact", "Main contact phone"), ("Grace Church", "Ann Lee", "555-0199"))
    imported(coordinator, rows, PARTNERS)
    assert "555-0100" in str(only_import().rows)
    assert signed_in_client(app, person).send("/account/delete").status == 303
    assert "555-0100" not in str(only_import().rows)
