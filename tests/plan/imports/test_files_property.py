"""Tests that a plan exported and imported again is the same plan, on CSV and on JSON, whatever people write."""

import json
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.coalitions.models import Membership
from engage.database import folded
from engage.extensions import db
from engage.imports.guess import guessed
from engage.imports.preview import OfThoseHere, Outcome
from engage.imports.reading import read
from engage.imports.target import cleaned
from engage.partners.models import Organization
from engage.plan.exports import json as exports_json
from engage.plan.exports import table as exports_table
from engage.plan.exports.queries import whole_of
from engage.plan.imports import service as imports_service
from engage.plan.imports.comparison import PlanComparison, here_of
from engage.plan.imports.target import target
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.rules import ActionStatus
from engage.web.csv_files import csv_text
from engage.web.forms import CONTROLS
from tests.factories import make_coalition, make_membership, make_organization, make_plan

TODAY = date(2026, 11, 25)
STARTS = [
    "",
    "=",
    "+",
    "-",
    "@",
    "'",
    "''=",
    "' =",
    "\t=",
    "＝",
    '"',
    '"a";',
    ";",
    ",",
    "\n",
    "<r>",
    "#",
    "1. ",
]
# What a form lets through: no characters that cannot be seen, nothing around the text.
letters = st.characters(exclude_categories=["Cs"])


def as_a_form_stores(text: str) -> str:
    return CONTROLS.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def texts(longest: int) -> st.SearchStrategy[str]:
    def made(parts: tuple[str, str]) -> str:
        return as_a_form_stores(parts[0] + parts[1])[:longest].strip()

    return st.tuples(st.sampled_from(STARTS), st.text(letters, max_size=longest)).map(made)


def lines(longest: int = 40) -> st.SearchStrategy[str]:
    return texts(longest).map(lambda text: " ".join(text.split())).filter(bool)


days = st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31))


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """Draws up to three goals with objectives, and actions anywhere among them."""
    goals = draw(st.lists(lines(), max_size=3, unique_by=lambda title: folded(title) or title))
    made: list[dict[str, Any]] = []
    for title in goals:
        objectives = draw(st.lists(lines(), max_size=2, unique_by=lambda title: folded(title) or title))
        made.append(
            {
                "title": title,
                "why": draw(texts(60)),
                "area": draw(st.sampled_from(["", "prevention", "response"])),
                "objectives": [
                    {"title": each, "measure": draw(lines() | st.just("")), "due_on": draw(days)}
                    for each in objectives
                ],
            }
        )
    places = [None, *((n, None) for n in range(len(made)))]
    places += [(n, m) for n, goal in enumerate(made) for m in range(len(goal["objectives"]))]
    actions = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "place": st.sampled_from(places),
                    "title": lines(),
                    "status": st.sampled_from(ActionStatus),
                    "reason": lines(),
                    "dates": st.tuples(days, days).map(
                        lambda two: sorted(two, key=lambda day: day or date.min)
                    ),
                    "done_on": st.dates(date(2020, 1, 1), TODAY),
                    "details": texts(200),
                    "barriers": texts(40),
                    "owner": st.sampled_from([None, "Ann; Lee", "Lee, Ann", '"Bo" Kim', "=Cy"]),
                    "partner": st.booleans(),
                }
            ),
            max_size=5,
            unique_by=lambda each: folded(each["title"]) or each["title"],
        )
    )
    return {"goals": made, "actions": actions}


_numbers = count(1)


def made(content: dict[str, Any], people: dict[str, int], partner: int, plan: Plan) -> None:
    """Makes the rows of a generated plan."""
    of = {"coalition_id": plan.coalition_id}
    ids: dict[Any, tuple[int | None, int | None]] = {None: (None, None)}
    for n, each in enumerate(content["goals"]):
        goal = Goal(
            **of, plan_id=plan.id, position=n, title=each["title"], why=each["why"], area=each["area"]
        )
        db.session.add(goal)
        db.session.flush()
        ids[n, None] = (goal.id, None)
        for m, said in enumerate(each["objectives"]):
            objective = Objective(**of, goal_id=goal.id, position=m, **said)
            db.session.add(objective)
            db.session.flush()
            ids[n, m] = (goal.id, objective.id)
    now = plan.created_at
    for number, each in enumerate(content["actions"], 1):
        goal_id, objective_id = ids[each["place"]]
        status = each["status"]
        asks = status in {ActionStatus.STUCK, ActionStatus.NO_LONGER_NEEDED}
        db.session.add(
            Action(
                **of,
                plan_id=plan.id,
                number=number,
                goal_id=goal_id,
                objective_id=objective_id,
                title=each["title"],
                status=status,
                reason=each["reason"] if asks else "",
                start_on=each["dates"][0],
                due_on=each["dates"][1],
                done_on=each["done_on"] if status is ActionStatus.DONE else None,
                details=each["details"],
                barriers=each["barriers"],
                owner_id=people[each["owner"]] if each["owner"] else None,
                organization_id=partner if each["partner"] else None,
                created_at=now,
                moved_at=now,
            )
        )
    db.session.flush()


def as_csv(plan: Plan) -> str:
    return csv_text(exports_table.HEAD, exports_table.rows_of(whole_of(plan)))


def as_json(plan: Plan) -> str:
    return exports_json.text_of(plan, whole_of(plan))


def compared(plan: Plan, content: str, *, without_refs: bool = False) -> PlanComparison:
    wanted = target(plan.coalition_id)
    found = guessed(wanted, content.encode())
    chosen = {index: key for index, key in found.chosen.items() if not (without_refs and key == "ref")}
    assert set(found.chosen.values()) == set(exports_table.HEAD)
    again = guessed(wanted, content.encode(), heading=found.heading, chosen=chosen)
    assert again.unknown == () and again.doubtful_days == ()
    here = here_of(plan.coalition_id, plan)
    return PlanComparison(here, again.lines({}), wanted, OfThoseHere.REPLACE, {}, TODAY)


@pytest.mark.parametrize("written", [as_csv, as_json])
@given(content=plans().filter(lambda content: content["goals"] or content["actions"]))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
def test_a_plan_that_goes_out_and_in_again_is_the_same(
    app: Flask, written: Callable[[Plan], str], content: dict[str, Any]
) -> None:
    number = next(_numbers)
    first = make_coalition(slug=f"first-{number}")
    second = make_coalition(slug=f"second-{number}")
    plan, other = make_plan(coalition=first), make_plan(coalition=second)
    for coalition in (first, second):
        make_organization(coalition=coalition, name="=Grace; “Church”, Inc.")
        for name in ("Ann; Lee", "Lee, Ann", '"Bo" Kim', "=Cy"):
            make_membership(coalition=coalition, name=name, user=None)
    people = dict(
        db.session.execute(
            sa.select(Membership.name, Membership.id).where(Membership.coalition_id == first.id)
        ).all()
    )
    partner = db.session.scalars(
        sa.select(Organization.id).where(Organization.coalition_id == first.id)
    ).one()
    made(content, people, partner, plan)
    file = written(plan)

    same = compared(plan, file).preview
    assert [row.changes for row in same.rows if row.outcome is not Outcome.SAME] == []
    assert len(same.rows) >= len(content["actions"])

    comparison = compared(other, file, without_refs=True)
    assert [row.problems for row in comparison.preview.wrong] == []
    imports_service.write(make_membership(coalition=second), other, comparison, lambda _row: True)
    in_order = {each.number: n for n, each in enumerate(whole_of(plan).actions, 1)}
    assert refs_renamed(written(other), {}) == refs_renamed(file, in_order)
    db.session.commit()


def refs_renamed(text: str, numbers: dict[int, int]) -> Any:
    """Returns the content of a file, its refs counted in the order of the file."""
    if text.startswith("{"):
        content = json.loads(text)
        for each in content["actions"]:
            each["ref"] = numbers.get(each["ref"], each["ref"])
        return content
    rows = [list(map(cleaned, record.cells)) for record in read(text.encode()).records]
    for row in rows[1:]:
        row[0] = str(numbers.get(int(row[0]), row[0])) if row[0] else ""
    return rows
