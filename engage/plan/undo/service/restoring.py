"""Restores what is in the trash with the same numbers and links, and says plainly what it depended on that is gone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from engage import history, kept
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.coalitions.trash import queries as trash_queries
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.kept import KeptCopy, KeptEnd
from engage.partners.merging import service as merging_service
from engage.partners.models import Organization
from engage.plan import queries
from engage.plan.models import Action, Goal, Plan
from engage.plan.rules import OPEN, PlanStatus
from engage.plan.undo.service.trash import ACTIONS, GOALS, MEASURES, OBJECTIVES
from engage.strengths.models import Match

# Each has an id that its history knows.
_PARTS = (GOALS, OBJECTIVES, MEASURES, ACTIONS)
_GONE_WORDS = {
    "goal_id": _l("the goal"),
    "objective_id": _l("the objective"),
    "organization_id": _l("the partner organization"),
    "need_id": _l("the need"),
    "match_id": _l("the match"),
    "note_id": _l("the note it was made of"),
    "agreement_id": _l("the agreement"),
    "decision_id": _l("the decision"),
    "agenda_item_id": _l("the agenda line"),
    "item_id": _l("the item of Tips for Success"),
    "round_id": _l("the assessment round"),
    "repeat_id": _l("how it repeats"),
}


class NeedsGoal(Exception):
    """The objective's goal is gone, or its plan is closed, so another goal has to be chosen."""


@dataclass(slots=True)
class Restored:
    """The restored thing, and in words what differs from before."""

    table: str
    id: int
    number: int | None
    notes: list[str] = field(default_factory=list)


def restore(membership: Membership, copy: KeptCopy, into: Goal | None = None) -> Restored:
    """Restores the copy to its old place. `into` is the goal for an objective whose own is gone.

    Raises NeedsGoal, and WrongState if it was restored already or no plan is open.
    """
    lock(membership.coalition_id)
    rows = list(copy.rows or ())
    made_at = copy.made_at
    if not kept.end(copy, KeptEnd.RESTORED):
        raise WrongState(ended_words(copy))
    return _Restoring(membership, copy, rows).run(into, made_at)


def ended_words(copy: KeptCopy) -> str:
    """Says why it can no longer be restored."""
    if copy.ended is KeptEnd.DELETED:
        return _("This was deleted for good.")
    return _("This was restored already, or deleted for good. Look at how it stands now.")


def no_plan_words() -> str:
    return _("The plan it was in is closed, and no other is open. Start a draft, then restore it.")


def missing_goal(copy: KeptCopy) -> int | None:
    """Returns the id of an objective's goal that is gone or whose plan is closed, so that another has to be chosen."""
    if copy.thing != OBJECTIVES:
        return None
    head = next((row for row in copy.rows or () if row["table"] == OBJECTIVES), None)
    if head is None:
        return None
    goal_id = int(head["values"]["goal_id"])
    return goal_id if _open_goal(copy.coalition_id, goal_id) is None else None


def _open_goal(coalition_id: int, goal_id: int) -> Goal | None:
    """Returns the goal, locked against deletion until the commit, if it exists and its plan is open."""
    return db.session.scalar(
        sa.select(Goal)
        .join(Plan, along(Goal.plan_id, Plan))
        .where(Goal.coalition_id == coalition_id, Goal.id == goal_id, Plan.status != PlanStatus.CLOSED)
    )


class _Restoring:
    def __init__(self, membership: Membership, copy: KeptCopy, rows: list[dict[str, Any]]) -> None:
        self._membership = membership
        self._coalition_id = membership.coalition_id
        self._copy = copy
        self._rows: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        self._loose = [row for row in rows if "put" in row]
        for row in rows:
            if "values" in row and row["table"] in db.metadata.tables:
                values = kept.restored_values(db.metadata.tables[row["table"]], row["values"])
                self._rows[row["table"]][row["id"]] = values
        self._ids: dict[str, dict[int, int]] = defaultdict(dict)
        self._gone: dict[str, None] = {}
        self._notes: list[str] = []

    def run(self, into: Goal | None, made_at: Any) -> Restored:
        self._place(into)
        self._mend_actions()
        for table in db.metadata.sorted_tables:
            if own := self._rows.get(table.name):
                self._point(table, own)
                self._insert(table, own, made_at)
        self._tie_again()
        self._note()
        thing, was = self._copy.thing, self._copy.thing_id
        if self._gone:
            what = ", ".join(str(_GONE_WORDS.get(name, _("something it was tied to"))) for name in self._gone)
            self._notes.append(_("Gone meanwhile, and left out: %(what)s.", what=what))
        row = self._rows[thing][was]
        return Restored(thing, self._ids[thing][was], row.get("number"), self._notes)

    # -- where it goes

    def _place(self, into: Goal | None) -> None:
        head = self._rows[self._copy.thing][self._copy.thing_id]
        if self._copy.thing == OBJECTIVES:
            goal = _open_goal(self._coalition_id, head["goal_id"]) or into
            if goal is None:
                raise NeedsGoal
            head["goal_id"] = goal.id
            self._move_actions(goal_id=goal.id, plan_id=goal.plan_id)
        elif self._copy.thing == GOALS:
            head["plan_id"] = self._open_plan(head["plan_id"])
            self._move_actions(plan_id=head["plan_id"])
        else:
            self._place_action(head)

    def _move_actions(self, **values: int) -> None:
        for row in self._rows[ACTIONS].values():
            row.update(values)

    def _place_action(self, head: dict[str, Any]) -> None:
        goal = _open_goal(self._coalition_id, head["goal_id"]) if head["goal_id"] is not None else None
        if goal is not None:
            head["plan_id"] = goal.plan_id
        else:
            was_under_one = head["goal_id"] is not None
            head["goal_id"] = head["objective_id"] = None
            head["plan_id"] = self._open_plan(head["plan_id"])
            if was_under_one:
                self._notes.append(_("The goal it was under is gone: it is not yet under a goal."))
        if head["objective_id"] is not None:
            objective = queries.objective_of(self._membership, head["objective_id"])
            if objective is None or objective.goal_id != head["goal_id"]:
                head["objective_id"] = None
                self._gone["objective_id"] = None

    def _open_plan(self, plan_id: int) -> int:
        """Returns the plan, or the open plan if it is closed."""
        plan = queries.plan_of(self._membership, plan_id)
        if plan is not None and plan.status is not PlanStatus.CLOSED:
            return plan_id
        other = queries.open_plan(self._coalition_id)
        if other is None:
            raise WrongState(no_plan_words())
        self._notes.append(_("The plan it was in is closed: it is in %(plan)s now.", plan=other.title))
        return other.id

    # -- what it points at

    def _mend_actions(self) -> None:
        rows = list(self._rows[ACTIONS].values())
        owners = {row["owner_id"] for row in rows if row["owner_id"] is not None and row["status"] in OPEN}
        left = trash_queries.who_left(self._coalition_id, owners)
        matches = self._matches(row["match_id"] for row in rows if row["match_id"] is not None)
        for row in rows:
            if row["status"] in OPEN and row["owner_id"] in left:
                name, row["owner_id"] = left[row["owner_id"]], None
                if (note := _("%(name)s has left: nobody leads it now.", name=name)) not in self._notes:
                    self._notes.append(note)
            if row["match_id"] is not None and matches.get(row["match_id"]) != row["need_id"]:
                row["match_id"] = None
                self._gone["match_id"] = None
        self._partners(rows)
        self._number_anew(rows)

    def _partners(self, rows: Iterable[dict[str, Any]]) -> None:
        """Replaces an organization that was merged since by the one it became."""
        table = db.metadata.tables[Organization.__tablename__]
        ids = {row["organization_id"] for row in rows if row["organization_id"] is not None}
        gone = ids - trash_queries.there(self._coalition_id, table, ids)
        became = {key: merging_service.became(self._membership, key) for key in gone}
        for row in rows:
            if (into := became.get(row["organization_id"])) is not None:
                row["organization_id"] = into

    def _matches(self, ids: Iterable[int]) -> dict[int, int]:
        """Returns the need of each match that still exists."""
        rows = sa.select(Match.id, Match.need_id).where(
            Match.coalition_id == self._coalition_id, Match.id.in_(set(ids))
        )
        return dict(db.session.execute(rows).all())

    def _number_anew(self, rows: Iterable[dict[str, Any]]) -> None:
        """Gives a new number only if the old one is in use."""
        numbers = [row["number"] for row in rows]
        taken = set(
            db.session.scalars(
                sa.select(Action.number).where(
                    Action.coalition_id == self._coalition_id, Action.number.in_(numbers)
                )
            )
        )
        free = queries.free_number(self._coalition_id) if taken else 0
        for row in rows:
            if row["number"] in taken:
                old, row["number"], free = row["number"], free, free + 1
                self._notes.append(
                    _("Number %(old)s is taken: it is action %(new)s now.", old=old, new=row["number"])
                )

    def _point(self, table: sa.Table, own: dict[int, dict[str, Any]]) -> None:
        """Points every row at what exists; leaves out a row that cannot do without what is gone."""
        targets = trash_queries.pointers(table)
        inside = {column: self._rows.get(target.name, {}) for column, target in targets.items()}
        outside = [
            {name: value for name, value in row.items() if name in targets and value not in inside[name]}
            for row in own.values()
        ]
        gone = trash_queries.gone(self._coalition_id, table, outside)
        for key, row in list(own.items()):
            for column, target in targets.items():
                value = row.get(column)
                if value in self._ids[target.name] and value in inside[column]:
                    row[column] = self._ids[target.name][value]
                elif value is not None and value in gone.get(column, ()):
                    self._gone[column] = None
                    row[column] = None
                    if not table.c[column].nullable:
                        del own[key]
                        break
            if table.name == ACTIONS:
                self._agree(row)

    @staticmethod
    def _agree(row: dict[str, Any]) -> None:
        """Clears what an action says only together with something it points at."""
        if row.get("round_id") is None:
            row["indicator"] = ""
        if row.get("need_id") is None:
            row["match_id"] = None
        if row.get("repeat_id") is None:
            row["repeat_on"] = None

    # -- writing

    def _insert(self, table: sa.Table, own: dict[int, dict[str, Any]], made_at: Any) -> None:
        taken = set(db.session.scalars(sa.select(table.c.id).where(table.c.id.in_(list(own)))))
        self._ids[table.name] = {key: key for key in own if key not in taken}
        self._write(table, [row for key, row in own.items() if key not in taken])
        for key in sorted(taken):
            # SQLite reuses the id of a deleted row: this one gets another, and its history comes along.
            row = {name: value for name, value in own[key].items() if name != "id"}
            if table.name in _PARTS:
                self._ids[table.name][key] = self._anew(table, key, row, made_at)
            else:
                self._write(table, [row])

    def _anew(self, table: sa.Table, key: int, row: dict[str, Any], made_at: Any) -> int:
        made = db.session.scalars(sa.insert(table).values(row).returning(table.c.id)).one()
        db.session.execute(
            sa.update(HistoryEntry)
            .where(
                HistoryEntry.coalition_id == self._coalition_id,
                HistoryEntry.thing == table.name,
                HistoryEntry.thing_id == key,
                HistoryEntry.happened_at <= made_at,
            )
            .values(thing_id=made)
            .execution_options(synchronize_session=False)
        )
        return int(made)

    def _write(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        try:
            with db.session.begin_nested():
                if rows:
                    db.session.execute(sa.insert(table), rows)
        except IntegrityError:
            if table.name in _PARTS:
                raise
            if len(rows) > 1:
                for row in rows:
                    self._write(table, [row])
            else:
                # It may exist only once, such as a note's link, and was made again since.
                self._gone[list(trash_queries.pointers(table))[-1]] = None

    def _tie_again(self) -> None:
        """Restores links from other rows, unless they point at something else by now."""
        for row in self._loose:
            table = db.metadata.tables[row["table"]]
            targets = trash_queries.pointers(table)
            put = {
                name: self._ids[targets[name].name].get(value, value) if value is not None else None
                for name, value in row["put"].items()
            }
            as_left = sa.and_(
                *(table.c[name].is_not_distinct_from(value) for name, value in row["left"].items())
            )
            tied_to_nothing = sa.and_(*(table.c[name].is_(None) for name in row["left"]))
            db.session.execute(
                sa.update(table)
                .where(
                    table.c.coalition_id == self._coalition_id,
                    table.c.id == row["id"],
                    sa.or_(as_left, tied_to_nothing),
                )
                .values(put)
            )

    def _note(self) -> None:
        for table in _PARTS:
            changes = [
                (self._ids[table][key], "restored", None, row.get("number"))
                for key, row in self._rows.get(table, {}).items()
            ]
            history.record_changes(self._coalition_id, self._membership.id, table, changes)
