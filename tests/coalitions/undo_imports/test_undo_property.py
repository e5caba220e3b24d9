"""Whatever a file says: what came in and was undone leaves the coalition's file as it was, apart from the log."""

from collections.abc import Iterable
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import Flask, g
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engage.coalitions.models import Coalition, Membership
from engage.coalitions.undo_imports import service
from engage.coalitions.undo_imports.recording import recorded
from engage.extensions import db
from engage.imports.guess import guessed
from engage.imports.preview import OfThoseHere
from engage.operations.coalition_file.queries.export import document_of, text_of
from engage.partners.exports.queries import organizations_here
from engage.partners.imports import service as partners_service
from engage.partners.imports.target import target as partners_target
from engage.partners.models import Organization
from engage.plan.imports import service as plan_service
from engage.plan.imports.comparison import PlanComparison, here_of
from engage.plan.imports.target import target as plan_target
from engage.plan.models import Plan
from engage.snapshots import Snapshot
from engage.web.csv_files import csv_text
from tests.factories import make_coalition, make_membership, make_organization, make_plan
from tests.plan.imports.test_files_property import TODAY, as_csv, made, plans

LOGS = {"history_entry", "coalitions_audit"}
NAMES = ["Grace Church", "County Library", "Harbor House", "Mercy Clinic"]
PEOPLE = ["", "Ann Lee", "Bo Kim", "Cy Day"]
quick = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
_numbers = count(1)


def file_of(coalition: Coalition) -> str:
    """Returns the coalition's file without its logs, and with one version for every row.

    An entry that came up in the menu stays there, so the menu is left out too.
    """
    db.session.flush()
    db.session.expire_all()
    document = document_of(coalition, single_answers=True)
    rows: dict[str, list[dict[str, Any]]] = {
        name: [{**row, "version": 1} if "version" in row else row for row in own]
        for name, own in document["rows"].items()
        if name not in LOGS
    }
    kept = {**document["coalition"], "menu_entries": []}
    return text_of({**document, "exported_at": "", "stays": {}, "coalition": kept, "rows": rows})


def undone(actor: Membership, copy: Snapshot | None) -> None:
    if copy is not None:
        assert service.undo(actor, db.session.get_one(Snapshot, copy.id)).stays == []


@given(here=plans(), there=plans().filter(lambda content: content["goals"] or content["actions"]))
@quick
def test_a_plan_is_as_it_was(app: Flask, here: dict[str, Any], there: dict[str, Any]) -> None:
    coalition = make_coalition(slug=f"plan-{next(_numbers)}")
    other = make_coalition(slug=f"plan-{next(_numbers)}")
    g.coalition = coalition
    plan = _plan_of(coalition, here)
    file = as_csv(_plan_of(other, _about_the_same(here, there)))
    actor = make_membership(coalition=coalition)
    before = file_of(coalition)

    wanted = plan_target(coalition.id)
    read = guessed(wanted, file.encode())
    chosen = {index: key for index, key in read.chosen.items() if key not in {"ref", "need", "goal_needs"}}
    lines = guessed(wanted, file.encode(), heading=read.heading, chosen=chosen).lines({})
    comparison = PlanComparison(here_of(coalition.id, plan), lines, wanted, OfThoseHere.REPLACE, {}, TODAY)
    with recorded(actor, "plan") as undoable:
        plan_service.write(actor, plan, comparison, lambda _row: True)
    undone(actor, undoable.copy)

    assert file_of(coalition) == before
    db.session.commit()


def _about_the_same(here: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    """Returns the second plan with goals, objectives and actions of the first one where both have some."""

    def named(old: list[Any], new: list[Any]) -> list[Any]:
        titles = [each["title"] for each in old[: len(new)]]
        first = [{**each, "title": title} for title, each in zip(titles, new, strict=False)]
        return first + [each for each in new[len(first) :] if each["title"] not in titles]

    goals = named(here["goals"], there["goals"])
    for old, new in zip(here["goals"], goals, strict=False):
        new["objectives"] = named(old["objectives"], new["objectives"])
    places = {None, *((n, None) for n in range(len(goals)))}
    places |= {(n, m) for n, goal in enumerate(goals) for m in range(len(goal["objectives"]))}
    actions = named(here["actions"], there["actions"])
    for each in actions:
        each["place"] = each["place"] if each["place"] in places else None
    return {"goals": goals, "actions": actions}


def _plan_of(coalition: Coalition, content: dict[str, Any]) -> Plan:
    plan = make_plan(coalition=coalition)
    _fill(plan, content)
    return plan


def _fill(plan: Plan, content: dict[str, Any]) -> None:
    coalition = db.session.get_one(Coalition, plan.coalition_id)
    partner = make_organization(coalition=coalition, name="=Grace; “Church”, Inc.").id
    for name in ("Ann; Lee", "Lee, Ann", '"Bo" Kim', "=Cy"):
        make_membership(coalition=coalition, name=name, user=None)
    people = sa.select(Membership.name, Membership.id).where(Membership.coalition_id == coalition.id)
    made(content, dict(db.session.execute(people).all()), partner, plan)


rows = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(["", "health", "faith"]),
        st.lists(st.sampled_from(["Lake", "River", "Hill"]), unique=True).map("; ".join),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.sampled_from(["", "555-0101", "555-0102"]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row[0],
)


@given(here=rows, there=rows)
@quick
def test_organizations_are_as_they_were(app: Flask, here: list[Any], there: list[Any]) -> None:
    coalition = make_coalition(slug=f"partners-{next(_numbers)}")
    g.coalition = coalition
    actor = make_membership(coalition=coalition)
    _take_in(actor, here)
    before = file_of(coalition)
    undone(actor, _take_in(actor, there))
    assert file_of(coalition) == before
    db.session.commit()


def _take_in(actor: Membership, table: Iterable[Any]) -> Snapshot | None:
    wanted = partners_target()
    keys = ("name", "sector", "counties", "main_name", "alternate_name", "phone")
    file = csv_text([wanted.field(key).label for key in keys], table)
    comparison = partners_service.OrganizationComparison(
        organizations_here(actor),
        guessed(wanted, file.encode()).lines({"sector": {"": "faith"}}),
        OfThoseHere.REPLACE,
        {},
    )
    with recorded(actor, "partners") as undoable:
        partners_service.write(actor, comparison, lambda _row: True)
    return undoable.copy


def test_the_files_of_these_tests_change_something(app: Flask) -> None:
    coalition = make_coalition(slug="partners")
    g.coalition = coalition
    actor = make_membership(coalition=coalition)
    _take_in(actor, [("Grace Church", "faith", "Lake", "Ann Lee", "Bo Kim", "")])
    before = file_of(coalition)
    copy = _take_in(actor, [("Grace Church", "", "River", "Bo Kim", "Ann Lee", "555-0101")])
    assert file_of(coalition) != before and copy is not None
    undone(actor, copy)
    assert file_of(coalition) == before
    assert db.session.scalars(sa.select(Organization.phone)).all() == [""]
    db.session.commit()
