"""Finds the place of actions, objectives and goals that are restored from the trash, and adapts them to it."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.coalitions.trash import queries as trash_queries
from engage.coalitions.trash.kinds import NeedsPlace, Places, Return
from engage.coalitions.trash.restoring import leave_out_who_left
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.plan import queries
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.rules import OPEN, PlanStatus
from engage.snapshots import Snapshot
from engage.strengths.models import Match

ACTIONS, OBJECTIVES, GOALS = (model.__tablename__ for model in (Action, Objective, Goal))
GONE_LABELS = {
    "organization_id": _l("the partner organization"),
    "agenda_item_id": _l("the agenda item"),
    "item_id": _l("the Tips for Success item"),
    "repeat_id": _l("how it repeats"),
}


def _no_plan_words() -> str:
    return _("The plan it was in is closed, and no other is open. Start a draft, then restore it.")


# -- the place


def goals_to_choose(membership: Membership, copy: Snapshot) -> Places | None:
    """Returns the goals to choose from if an objective's own goal is gone or its plan is closed. Raises WrongState."""
    missing = _missing_goal(copy)
    if missing is None:
        return None
    if queries.open_plan(copy.coalition_id) is None:
        raise WrongState(_no_plan_words())
    hint = _("Its goal was deleted, or the plan is closed.")
    if trash_queries.holding(membership, GOALS, missing) is not None:
        hint = _("Its goal is also in the trash: restore that first, or choose another.")
    return Places(
        label=_("Goal"),
        nothing=_("Choose a goal"),
        hint=hint,
        missing=_("Choose the goal that it belongs to."),
        rows=queries.goal_choices(membership),
    )


def _missing_goal(copy: Snapshot) -> int | None:
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


def prepare_objective(returning: Return) -> None:
    """Puts a restored objective under its goal, or under the chosen one. Raises NeedsPlace."""
    head = returning.head
    goal = _open_goal(returning.coalition_id, head["goal_id"]) or _chosen(returning)
    if goal is None:
        raise NeedsPlace
    head["goal_id"] = goal.id
    _move_actions(returning, goal_id=goal.id, plan_id=goal.plan_id)
    _mend_actions(returning)


def prepare_measure(returning: Return) -> None:
    """Leaves a restored measure under its objective. Raises WrongState if that objective's plan is closed."""
    objective = queries.objective_of(returning.membership, returning.head["objective_id"])
    if objective is not None and _open_goal(returning.coalition_id, objective.goal_id) is None:
        raise WrongState(_("The plan it was in is closed. A closed plan keeps its measures as they were."))


def _chosen(returning: Return) -> Goal | None:
    return queries.goal_of(returning.membership, returning.into) if returning.into is not None else None


def prepare_goal(returning: Return) -> None:
    """Puts a restored goal into its plan, or into the open one. Raises WrongState."""
    head = returning.head
    head["plan_id"] = _open_plan(returning, head["plan_id"])
    _move_actions(returning, plan_id=head["plan_id"])
    _mend_actions(returning)


def _move_actions(returning: Return, **values: int) -> None:
    for row in returning.of(ACTIONS):
        row.update(values)


def prepare_action(returning: Return) -> None:
    """Puts a restored action under its goal, or under none. Raises WrongState."""
    head = returning.head
    goal = _open_goal(returning.coalition_id, head["goal_id"]) if head["goal_id"] is not None else None
    if goal is not None:
        head["plan_id"] = goal.plan_id
    else:
        was_under_one = head["goal_id"] is not None
        head["goal_id"] = head["objective_id"] = None
        head["plan_id"] = _open_plan(returning, head["plan_id"])
        if was_under_one:
            returning.note(_("Its goal was deleted. Put it under another goal."))
    if head["objective_id"] is not None:
        objective = queries.objective_of(returning.membership, head["objective_id"])
        if objective is None or objective.goal_id != head["goal_id"]:
            head["objective_id"] = None
            returning.gone["objective_id"] = None
    _mend_actions(returning)


def _open_plan(returning: Return, plan_id: int) -> int:
    """Returns the plan with this id, or the plan that is open if that one is closed."""
    plan = queries.plan_of(returning.membership, plan_id)
    if plan is not None and plan.status is not PlanStatus.CLOSED:
        return plan_id
    other = queries.open_plan(returning.coalition_id)
    if other is None:
        raise WrongState(_no_plan_words())
    returning.note(_("The plan it was in is closed: it is now in %(plan)s.", plan=other.title))
    return other.id


# -- references of restored rows


def _mend_actions(returning: Return) -> None:
    rows = returning.of(ACTIONS)
    leave_out_who_left(returning, "owner_id", [row for row in rows if row["status"] in OPEN])
    matches = _matches(returning, (row["match_id"] for row in rows if row["match_id"] is not None))
    for row in rows:
        if row["match_id"] is not None and matches.get(row["match_id"]) != row["need_id"]:
            row["match_id"] = None
            returning.gone["match_id"] = None


def _matches(returning: Return, ids: Iterable[int]) -> dict[int, int]:
    """Returns the need of each match that still exists."""
    rows = sa.select(Match.id, Match.need_id).where(
        Match.coalition_id == returning.coalition_id, Match.id.in_(set(ids))
    )
    return dict(db.session.execute(rows).all())


def agree(table: str, row: dict[str, object]) -> None:
    """Clears values of a restored action that make sense only with a row that no longer exists."""
    if table != ACTIONS:
        return
    if row.get("round_id") is None:
        row["indicator"] = ""
    if row.get("need_id") is None:
        row["match_id"] = None
    if row.get("repeat_id") is None:
        row["repeat_on"] = None


# -- copies in the adopted plan


def follow_in_snapshots(returning: Return) -> None:
    """Updates the ids of restored goals and objectives in the snapshots of plans that were adopted earlier.

    Otherwise no one could tell a month later that a snapshot's line is about them, and remove its text.
    """
    goals, objectives = (
        {key: new for key, new in returning.ids[table].items() if key != new} for table in (GOALS, OBJECTIVES)
    )
    if not goals and not objectives:
        return
    before = sa.select(HistoryEntry.thing_id).where(
        HistoryEntry.coalition_id == returning.coalition_id,
        HistoryEntry.thing == Plan.__tablename__,
        HistoryEntry.new == PlanStatus.ADOPTED.value,
        HistoryEntry.happened_at <= returning.copy.made_at,
    )
    plans = sa.select(Plan).where(
        Plan.coalition_id == returning.coalition_id, Plan.snapshot.is_not(None), Plan.id.in_(before)
    )
    named = {
        "goals": {"id": goals},
        "objectives": {"id": objectives, "goal": goals},
        "actions": {"goal": goals, "objective": objectives},
    }
    for plan in db.session.scalars(plans):
        kept = plan.snapshot or {}
        lines = {part: [_renamed(line, names) for line in kept[part]] for part, names in named.items()}
        plan.snapshot = {**kept, **lines}


def _renamed(line: dict[str, Any], names: Mapping[str, Mapping[int, int]]) -> dict[str, object]:
    return {**line, **{name: new.get(line[name], line[name]) for name, new in names.items()}}
