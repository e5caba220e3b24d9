"""The coalition's trash: every kind of thing goes in with what hangs on it, and comes back as it was."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock, snapshots
from engage.coalitions.models import Group
from engage.coalitions.trash import queries
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.branches import Way, hanging_on
from engage.coalitions.trash.kinds import all_kinds, kind_of
from engage.coalitions.trash.queries import pointers
from engage.database import Base
from engage.extensions import db
from engage.operations.daily import tick
from engage.partners.merging import service as merging_service
from engage.partners.organizations.service import refresh_search
from engage.partners.rules import ContactPlace
from engage.snapshots import Snapshot, SnapshotEnd, SnapshotFor
from tests import databases, rows
from tests.client import EngageClient
from tests.factories import make_coalition, make_membership, make_organization

TRASH = "/c/riverbend/settings/trash"
# What is written about a deletion stays.
WRITTEN = {"history_entry", "kept_copy", "coalitions_audit"}
KINDS = [
    "assessment_draft_set",
    "assessment_effort",
    "coalitions_group",
    "coalitions_help_line",
    "coalitions_position",
    "documents_document",
    "meetings_agenda_item",
    "meetings_decision",
    "meetings_meeting",
    "messages_announcement",
    "partners_agreement",
    "partners_contact",
    "partners_conversation",
    "partners_organization",
    "partners_service",
    "plan_action",
    "plan_activity",
    "plan_feedback_question",
    "plan_goal",
    "plan_measure",
    "plan_objective",
    "plan_reading",
    "plan_review",
    "plan_signup",
    "reports_funder_copy",
    "strengths_need",
    "strengths_strength",
    "strengths_vote",
    "toolkit_note",
    "toolkit_reply",
    "toolkit_section",
]
_number = count(100)
# Each of these can be pointed at once by rows of one kind, so every row gets its own.
_ANEW = {"plan_goal", "plan_objective", "plan_action", "plan_measure", "toolkit_note"}
of_every_kind = pytest.mark.parametrize("name", KINDS)


def everything() -> dict[str, list[Any]]:
    """Returns every row that may be deleted or untied, as the database holds it."""
    db.session.expire_all()
    return {
        table.name: list(db.session.execute(sa.select(table).order_by(table.c.id)))
        for table in Base.metadata.sorted_tables
        if "coalition_id" in table.c and "id" in table.c and table.name not in WRITTEN
    }


def whole(name: str, coalition: int) -> int:
    """Makes a row with everything that can hang on it; returns its id."""
    key = _row(Base.metadata.tables[name], coalition)
    _hang(name, key, coalition)
    refresh_search(coalition)
    return key


def _row(table: sa.Table, coalition: int, **values: Any) -> int:
    if "number" in table.c:
        values["number"] = next(_number)
    if table.name == "assessment_effort":
        values["shared"] = True
    if table.name == "plan_signup":
        values["state"] = "waiting"  # it comes back at the end of the line
    for column, target in pointers(table).items():
        if column not in values and not table.c[column].nullable and target.name in _ANEW:
            values[column] = _row(target, coalition)
    if "objective_id" in values and "goal_id" in table.c and table.name != "plan_activity":
        values["goal_id"] = loaded("plan_objective", values["objective_id"]).goal_id
    return rows.insert(table, values, coalition=coalition)


def _hang(name: str, key: int, coalition: int) -> None:
    for each in hanging_on(name):
        if each.way is not Way.HOLDS:
            _hang(each.table.name, _row(each.table, coalition, **{each.column: key}), coalition)


def loaded(name: str, key: int) -> Any:
    model = next(m.class_ for m in Base.registry.mappers if m.local_table is Base.metadata.tables[name])
    return db.session.get_one(model, key)


def only_copy() -> Snapshot:
    db.session.expire_all()
    return db.session.scalars(sa.select(Snapshot).where(Snapshot.ended.is_(None))).one()


def deleted(client: EngageClient, name: str) -> Snapshot:
    """Deletes one of a kind with all that hangs on it."""
    key = whole(name, client.membership.coalition_id)
    trash_service.put(client.membership, loaded(name, key))
    db.session.commit()
    return only_copy()


def test_these_are_all_kinds_that_can_be_deleted(app: Flask) -> None:
    assert sorted(kind.table for kind in all_kinds()) == KINDS


@of_every_kind
def test_everything_that_hung_on_it_comes_back_as_it_was(coordinator: EngageClient, name: str) -> None:
    key = whole(name, coordinator.membership.coalition_id)
    before = everything()
    trash_service.put(coordinator.membership, loaded(name, key))
    db.session.commit()
    assert key not in {row.id for row in everything()[name]}

    answer = coordinator.send(f"{TRASH}/{only_copy().id}/restore")

    assert answer.status == 303, answer.text("main")
    assert everything() == before
    words = {"plan_signup": "is signed up again", "plan_reading": "is restored"}.get(name, "is back")
    assert coordinator.page(answer.location or "").has(words)


@of_every_kind
def test_the_page_names_it_says_what_goes_along_and_how_long_it_stays(
    coordinator: EngageClient, name: str
) -> None:
    copy = deleted(coordinator, name)

    line = coordinator.page(TRASH).text(".trash-row")

    assert line.startswith(f"{kind_of(name).word} ")
    assert copy.title in line
    assert "30 days left" in line


@of_every_kind
def test_the_30_days_run_out_by_the_days_work(coordinator: EngageClient, name: str) -> None:
    copy = deleted(coordinator, name)
    db.session.execute(sa.update(Snapshot).values(made_at=clock.now() - timedelta(days=30, minutes=1)))
    db.session.commit()

    assert coordinator.send(f"{TRASH}/{copy.id}/restore").status == 404
    assert tick.run().erased["copies"] == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Snapshot)) == 0


@of_every_kind
def test_another_coalition_finds_nothing_of_it(coordinator: EngageClient, name: str) -> None:
    other = make_coalition(slug="elsewhere")
    theirs = make_membership(coalition=other)
    key = whole(name, other.id)
    trash_service.put(theirs, loaded(name, key))
    db.session.commit()
    copy = only_copy()

    assert coordinator.page(TRASH).has("The trash is empty")
    for step in ("restore", "delete"):
        assert coordinator.get(f"{TRASH}/{copy.id}/{step}").status_code == 404
        assert coordinator.send(f"{TRASH}/{copy.id}/{step}").status == 404
    assert only_copy().ended is None


@of_every_kind
def test_deleted_for_good_no_row_of_it_is_left(coordinator: EngageClient, name: str) -> None:
    copy = deleted(coordinator, name)
    page = coordinator.page(f"{TRASH}/{copy.id}/delete")
    assert copy.title in page.text(".lead")

    assert coordinator.send(f"{TRASH}/{copy.id}/delete").status == 303

    left = db.session.execute(sa.select(Snapshot.ended, Snapshot.rows, Snapshot.title)).one()
    assert tuple(left) == (SnapshotEnd.DELETED, None, "")


@of_every_kind
def test_a_member_restores_only_what_they_deleted_and_could_delete_again(
    member: EngageClient, coordinator: EngageClient, name: str
) -> None:
    copy = deleted(coordinator, name)
    assert member.page(TRASH).has("The trash is empty")
    assert member.send(f"{TRASH}/{copy.id}/restore").status == 404
    coordinator.send(f"{TRASH}/{copy.id}/delete")
    own = deleted(member, name)
    theirs = kind_of(name).permission.name == "WORK"

    assert member.page(TRASH).has("The trash is empty") is not theirs
    assert member.send(f"{TRASH}/{own.id}/restore").status == (303 if theirs else 404)


def test_the_page_takes_as_many_queries_for_one_as_for_all(coordinator: EngageClient) -> None:
    deleted(coordinator, "partners_contact")
    counts = []
    for kind in [None, *all_kinds()]:
        if kind is not None:
            key = whole(kind.table, coordinator.membership.coalition_id)
            trash_service.put(coordinator.membership, loaded(kind.table, key))
            db.session.commit()
        if kind is None or kind is all_kinds()[-1]:
            with databases.counted_queries() as queries:
                coordinator.page(TRASH)
            counts.append(len(queries))

    assert counts[0] == counts[1]


# -- what became of it meanwhile


def test_what_hung_on_a_thing_that_is_in_the_trash_too_waits_for_it(coordinator: EngageClient) -> None:
    here = coordinator.membership.coalition_id
    contact = whole("partners_contact", here)
    organization = loaded("partners_contact", contact).organization_id
    trash_service.put(coordinator.membership, loaded("partners_contact", contact))
    db.session.commit()
    of_contact = only_copy().id
    trash_service.put(coordinator.membership, loaded("partners_organization", organization))
    db.session.commit()
    of_organization = db.session.scalars(sa.select(Snapshot.id).order_by(Snapshot.id.desc()).limit(1)).one()
    # SQLite gives the id to the next one.
    make_organization(id=organization, name="Someone else")
    db.session.commit()

    refused = coordinator.send(f"{TRASH}/{of_contact}/restore")
    assert refused.status == 409
    assert refused.has("The item it belonged to was deleted.")
    assert coordinator.send(f"{TRASH}/{of_organization}/restore").status == 303
    assert coordinator.send(f"{TRASH}/{of_contact}/restore").status == 303

    back = loaded("partners_contact", contact).organization_id
    assert back != organization
    assert loaded("partners_organization", back).name != "Someone else"


def test_a_contact_comes_back_to_what_its_organization_became(coordinator: EngageClient) -> None:
    me = coordinator.membership
    old, new = make_organization(name="Library"), make_organization(name="County Library")
    contacts = Base.metadata.tables["partners_contact"]
    key, _main = (
        rows.insert(
            contacts, {"organization_id": each.id, "place": ContactPlace.MAIN}, coalition=me.coalition_id
        )
        for each in (old, new)
    )
    trash_service.put(me, loaded("partners_contact", key))
    db.session.commit()
    merging_service.merge(me, new, old, (new.version, old.version), {"name": "County Library"})
    old_id, new_id = old.id, new.id
    db.session.commit()
    # SQLite gives the id to the next one.
    make_organization(id=old_id, name="Someone else")

    answer = coordinator.send(f"{TRASH}/{only_copy().id}/restore")

    assert coordinator.page(answer.location or "").has("Someone else is now")
    back = loaded("partners_contact", key)
    assert (back.organization_id, back.place) == (new_id, ContactPlace.OTHER)


def test_a_name_that_another_took_meanwhile_is_said_and_nothing_is_lost(coordinator: EngageClient) -> None:
    copy = deleted(coordinator, "coalitions_group")
    gone = next(row["values"] for row in copy.rows or [] if row["table"] == "coalitions_group")
    db.session.execute(
        sa.insert(Group.__table__).values(
            coalition_id=copy.coalition_id, kind=gone["kind"], name=gone["name"], sort_key=gone["sort_key"]
        )
    )
    db.session.commit()

    refused = coordinator.send(f"{TRASH}/{copy.id}/restore")

    assert refused.status == 409
    assert refused.has("Another group now has this name")
    assert only_copy().rows


# -- texts that may be nowhere


def test_a_text_that_was_removed_is_in_no_copy_also_not_where_it_is_sorted_by(
    coordinator: EngageClient,
) -> None:
    key = whole("partners_organization", coordinator.membership.coalition_id)
    contacts = Base.metadata.tables["partners_contact"]
    db.session.execute(sa.update(contacts).values(name="Jane Roe", sort_key="jane roe"))
    trash_service.put(coordinator.membership, loaded("partners_organization", key))
    db.session.commit()
    copy = only_copy()
    names = [
        row["values"]["name"]
        for row in copy.rows or []
        if row["table"] in {"partners_organization", "partners_contact"}
    ]

    snapshots.forget_texts(copy.coalition_id, names, "[removed 2026-11-28]")
    db.session.commit()

    # A row's own repr would cut what is long.
    left = " ".join(f"{c.title} {c.rows}" for c in db.session.scalars(sa.select(Snapshot))).casefold()
    assert [name for name in names if name.casefold() in left] == []
    assert coordinator.send(f"{TRASH}/{copy.id}/restore").status == 303


def test_a_private_note_is_seen_in_the_trash_by_its_author_alone(
    member: EngageClient, coordinator: EngageClient
) -> None:
    key = rows.insert(
        Base.metadata.tables["toolkit_note"],
        {"author_id": member.membership.id, "is_shared": False, "text": "For me alone"},
        coalition=member.membership.coalition_id,
    )
    db.session.commit()
    assert member.send(f"/c/riverbend/toolkit/notes/{key}/delete").status == 303
    copy = only_copy()

    assert member.page(TRASH).has("For me alone")
    assert not coordinator.page(TRASH).has("For me alone")
    assert coordinator.send(f"{TRASH}/{copy.id}/restore").status == 404
    assert member.send(f"{TRASH}/{copy.id}/restore").status == 303


def test_a_full_trash_is_not_read_for_one_row(coordinator: EngageClient) -> None:
    me, read = coordinator.membership, list[int]()
    for n in range(1, 300):
        holds = {"plan_action": [n], "numbers": [n]}
        snapshots.keep(
            me.coalition_id,
            me.id,
            SnapshotFor.TRASH,
            "deleted",
            [],
            thing="plan_action",
            thing_id=n,
            holds=holds,
        )
    db.session.commit()
    db.session.expire_all()

    def loaded(copy: Snapshot, _context: object) -> None:
        read.append(copy.id)

    sa.event.listen(Snapshot, "load", loaded)
    found = queries.holding(me, "plan_action", 177)
    nothing = queries.holding(me, "plan_goal", 177)
    sa.event.remove(Snapshot, "load", loaded)
    assert found is not None and found.thing_id == 177
    assert nothing is None
    assert len(read) == 1
