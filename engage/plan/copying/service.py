"""Copies rows; copying a goal and starting the next plan both use this."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.database import Selection, along
from engage.extensions import db
from engage.plan import queries
from engage.plan.copying.rules import Baseline, Start, start_of
from engage.plan.measures.models import Measure, Reading
from engage.plan.models import Action, ActionHelper, Objective, Plan

_OF_MEASURE = ("title", "kind", "number_kind", "unit", "direction", "target_value")
# This maps the old ids of copied rows to their new ids.
Placed = Mapping[int, int]


class Copier:
    """Copies rows of one coalition into `plan`; `keeps` returns the new value of a date."""

    def __init__(
        self, membership: Membership, plan: Plan, keeps: Callable[[date | None], date | None]
    ) -> None:
        self._membership = membership
        self._plan = plan
        self._keeps = keeps
        self._here = {"coalition_id": membership.coalition_id}
        self._now = clock.now()

    def in_order(self, model: Any, old: Sequence[Any], values: Callable[[Any], dict[str, object]]) -> Placed:
        """Copies goals or objectives; their positions are numbered from 1."""
        rows = [{**self._here, "position": n, **values(each)} for n, each in enumerate(old, 1)]
        made = _inserted(model, rows, model.position)
        placed = {each.id: made[position] for position, each in enumerate(old, 1)}
        self._note(model, placed.values())
        return placed

    def objectives(self, old: Sequence[Objective], goals: Placed) -> Placed:
        """Copies objectives, each into the new goal of its old goal."""
        return self.in_order(
            Objective,
            old,
            lambda each: {
                "goal_id": goals[each.goal_id],
                "title": each.title,
                "measure": each.measure,
                "due_on": self._keeps(each.due_on),
            },
        )

    def measures(
        self, objectives: Placed, baseline: Baseline, target_day: Callable[[Measure, Start], date | None]
    ) -> None:
        """Copies the measures of these objectives; `target_day` returns when each should reach its target."""
        rows = []
        for measure, latest in _with_latest(self._membership.coalition_id, objectives):
            start = start_of(baseline, Start(measure.baseline_value, measure.baseline_on), latest)
            rows.append(
                {
                    **self._here,
                    **{name: getattr(measure, name) for name in _OF_MEASURE},
                    "objective_id": objectives[measure.objective_id],
                    "baseline_value": start.value,
                    "baseline_on": start.on,
                    "target_on": target_day(measure, start),
                    "created_at": self._now,
                }
            )
        if rows:
            insert = sa.insert(Measure).returning(Measure.id).execution_options(render_nulls=True)
            self._note(Measure, db.session.scalars(insert, rows).all())

    def actions(
        self,
        old: Sequence[Action],
        goals: Placed,
        objectives: Placed,
        people: Collection[int],
        values: Callable[[Action], dict[str, object]],
    ) -> Placed:
        """Copies actions under the next free numbers.

        A lead stays if in `people`; `values` are the columns that each kind of copy decides for itself.
        """
        if not old:
            return {}
        first = queries.free_number(self._membership.coalition_id)
        rows = [
            {
                **self._here,
                **values(each),
                "number": first + n,
                "plan_id": self._plan.id,
                "goal_id": goals.get(each.goal_id) if each.goal_id is not None else None,
                "objective_id": objectives.get(each.objective_id) if each.objective_id is not None else None,
                "owner_id": each.owner_id if each.owner_id in people else None,
                "start_on": self._keeps(each.start_on),
                "due_on": self._keeps(each.due_on),
                "created_at": self._now,
                "created_by_id": self._membership.id,
                "moved_at": self._now,
            }
            for n, each in enumerate(old)
        ]
        made = _inserted(Action, rows, Action.number)
        return {each.id: made[first + n] for n, each in enumerate(old)}

    def people(self) -> set[int]:
        """Returns the people who still take part, since nothing new is given to people who left."""
        rows = sa.select(Membership.id).where(
            Membership.coalition_id == self._membership.coalition_id, *active()
        )
        return set(db.session.scalars(rows))

    def helpers(self, actions: Placed, among: Selection, people: Collection[int]) -> None:
        """Copies the helpers; `among` selects the ids of the old actions, of which there may be a thousand."""
        helpers = sa.select(ActionHelper.action_id, ActionHelper.membership_id).where(
            ActionHelper.action_id.in_(among)
        )
        by_action: dict[int, list[int]] = defaultdict(list)
        for action_id, person in db.session.execute(helpers.order_by(ActionHelper.id)):
            by_action[action_id].append(person)
        self.insert(
            ActionHelper,
            [
                {"action_id": new, "membership_id": person}
                for old, new in actions.items()
                for person in by_action[old]
                if person in people
            ],
        )

    def insert(self, model: Any, rows: list[dict[str, object]]) -> None:
        """Adds rows that no other row refers to, in one statement."""
        if rows:
            insert = sa.insert(model).execution_options(render_nulls=True)
            db.session.execute(insert, [{**self._here, **row} for row in rows])

    def _note(self, model: Any, ids: Iterable[int]) -> None:
        """Records the new rows in the history, except actions, which store when and by whom they were made."""
        fields = ((key, "created") for key in ids)
        history.record_many(self._membership.coalition_id, self._membership.id, model.__tablename__, fields)


def _with_latest(coalition_id: int, objectives: Collection[int]) -> list[tuple[Measure, Start | None]]:
    """Returns the measures of these objectives, each with its latest reading; one query."""
    any_ = aliased(Reading)
    latest = (
        sa.select(sa.func.max(any_.taken_on))
        .where(any_.measure_id == Measure.id)
        .correlate(Measure)
        .scalar_subquery()
    )
    rows = (
        sa.select(Measure, Reading.value, Reading.taken_on)
        .outerjoin(Reading, sa.and_(along(Reading.measure_id, Measure), Reading.taken_on == latest))
        .where(Measure.coalition_id == coalition_id, Measure.objective_id.in_(objectives))
        .order_by(Measure.id)
    )
    return [
        (measure, Start(value, day) if day is not None else None)
        for measure, value, day in db.session.execute(rows)
    ]


def _inserted(model: Any, rows: list[dict[str, object]], key: Any) -> dict[Any, int]:
    """Inserts the rows in one statement; returns the new ids by a column that identifies the rows."""
    if not rows:
        return {}
    insert = sa.insert(model).returning(key, model.id).execution_options(render_nulls=True)
    return dict(db.session.execute(insert, rows).all())
