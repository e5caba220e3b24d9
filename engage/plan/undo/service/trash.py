"""Moves parts of a plan to the trash, and registers them with it."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import url_for

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.service import lock
from engage.coalitions.trash import kinds
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind, Numbered, Return, Row
from engage.dates import long_day
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.plan import queries, service
from engage.plan.actions import service as actions_service
from engage.plan.activities.labels import period_words
from engage.plan.activities.models import Activity
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.labels import measure_url
from engage.plan.measures.models import Measure, Reading
from engage.plan.models import Action, Goal, Objective
from engage.plan.repeats import service as repeats_service
from engage.plan.review.models import Review
from engage.plan.signups import queries as signups_queries
from engage.plan.signups import service as signups_service
from engage.plan.signups.models import Signup
from engage.plan.signups.rules import SignupState
from engage.plan.undo.service import restoring
from engage.snapshots import Snapshot

ACTIONS, OBJECTIVES, GOALS, MEASURES = (model.__tablename__ for model in (Action, Objective, Goal, Measure))
NUMBERS = "numbers"
_ACTIVITIES = Activity.__tablename__

# -- deleting


def delete_action(membership: Membership, action: Action) -> tuple[Snapshot, Action | None]:
    """Moves the action to the trash with its updates. Raises WrongState.

    If it repeats, the next action is still made; stop the series first to avoid that.
    """
    lock(membership.coalition_id)
    service.claim_open(action.plan_id)
    if not actions_service.may_delete(membership, action):
        raise WrongState(
            _("Someone else added this action or wrote an update. Ask a coordinator to delete it.")
        )
    following = repeats_service.follow(membership, action, clock.today(membership.coalition.time_zone))
    return trash_service.put(membership, action), following


def delete_objective(membership: Membership, objective: Objective) -> Snapshot:
    """Moves the objective to the trash with its measures, their readings and its actions. Raises WrongState."""
    lock(membership.coalition_id)
    service.claim_open(db.session.get_one(Goal, objective.goal_id).plan_id)
    return trash_service.put(membership, objective)


def delete_goal(membership: Membership, goal: Goal) -> Snapshot:
    """Moves the goal to the trash with everything under it. Raises WrongState."""
    lock(membership.coalition_id)
    service.claim_open(goal.plan_id)
    return trash_service.put(membership, goal)


def delete_measure(membership: Membership, measure: Measure) -> Snapshot:
    """Moves the measure to the trash with its readings. Raises WrongState if the plan is closed."""
    lock(membership.coalition_id)
    service.claim_open(measures_queries.plan_of(measure).id)
    return trash_service.put(membership, measure)


def delete_reading(membership: Membership, reading: Reading) -> Snapshot:
    """Moves the reading to the trash. Raises WrongState if the plan is closed."""
    lock(membership.coalition_id)
    service.claim_open(measures_queries.plan_of(db.session.get_one(Measure, reading.measure_id)).id)
    return trash_service.put(membership, reading)


def delete_review(membership: Membership, review: Review) -> Snapshot:
    """Moves the review to the trash with its notes; the records that it counted stay."""
    lock(membership.coalition_id)
    return trash_service.put(membership, review)


def delete_activity(membership: Membership, activity: Activity) -> Snapshot:
    """Moves the activity to the trash. Raises WrongState."""
    lock(membership.coalition_id)
    return trash_service.put(membership, activity)


def goes_along(coalition_id: int, thing: Goal | Objective) -> dict[str, int]:
    """Counts, by table, the objectives, measures and actions that are deleted together with `thing`."""
    actions = Action.goal_id if isinstance(thing, Goal) else Action.objective_id
    of_goal = sa.select(Objective.id).where(Objective.goal_id == thing.id)
    objectives = of_goal if isinstance(thing, Goal) else sa.select(sa.literal(thing.id))
    counts = {
        OBJECTIVES: sa.select(sa.func.count()).select_from(of_goal.subquery()),
        MEASURES: sa.select(sa.func.count(Measure.id)).where(Measure.objective_id.in_(objectives)),
        ACTIONS: sa.select(sa.func.count(Action.id)).where(actions == thing.id),
    }
    if not isinstance(thing, Goal):
        del counts[OBJECTIVES]
    row = db.session.execute(sa.select(*(each.scalar_subquery() for each in counts.values()))).one()
    return dict(zip(counts, row, strict=True))


# -- what the trash calls


def _let_go(
    table: str, column: str, was: int, rows: Mapping[str, Mapping[int, Row]]
) -> tuple[dict[str, object], dict[str, object]]:
    """Links an activity of a deleted action or objective to its goal instead, unless that is deleted, too."""
    if table != _ACTIVITIES or column == "goal_id":
        return {}, {}
    goal = rows[ACTIONS if column == "action_id" else OBJECTIVES][was]["goal_id"]
    return {"goal_id": None}, {"goal_id": None if goal in rows.get(GOALS, {}) else goal}


_COMMON: dict[str, Any] = {
    "parts": (GOALS, OBJECTIVES, MEASURES, ACTIONS),
    "counted": {
        OBJECTIVES: lambda n: ngettext("%(num)s objective", "%(num)s objectives", n),
        MEASURES: lambda n: ngettext("%(num)s measure", "%(num)s measures", n),
        ACTIONS: lambda n: ngettext("%(num)s action", "%(num)s actions", n),
    },
    "takes": frozenset(
        {(OBJECTIVES, "goal_id"), (MEASURES, "objective_id"), (ACTIONS, "goal_id"), (ACTIONS, "objective_id")}
    ),
    "lets_go": frozenset({(_ACTIVITIES, name) for name in ("goal_id", "objective_id", "action_id")}),
    "number": Numbered(
        table=ACTIONS,
        free=queries.free_number,
        taken=_l("Number %(old)s is taken, so this is now action %(new)s."),
        key=NUMBERS,
    ),
    "gone_words": restoring.GONE_LABELS,
    "agree": restoring.agree,
    "let_go": _let_go,
    "settle": restoring.follow_in_snapshots,
}


def _title_of_reading(row: Row) -> str:
    measure = db.session.get_one(Measure, row["measure_id"])
    return _("%(title)s, %(day)s", title=measure.title, day=long_day(row["taken_on"]))


def _address_of_reading(row: Row) -> str:
    measure = db.session.get_one(Measure, row["measure_id"])
    return measure_url(measure.objective_id, measure.id)


def _keep_closed(returning: Return) -> None:
    """Raises WrongState if the plan of the reading's measure is closed."""
    measure = db.session.get(Measure, returning.head["measure_id"])
    if measure is not None:
        service.claim_open(measures_queries.plan_of(measure).id)


def _wait_again(returning: Return) -> None:
    """Puts a restored sign-up on the waiting list, so that it takes no one's place, unless that person came."""
    if returning.head["came_at"] is None:
        returning.head["state"] = SignupState.WAITING


def _fill_places(returning: Return) -> None:
    activity = db.session.get_one(Activity, returning.head["activity_id"])
    page = signups_queries.held_page_of(activity)
    if page is not None:
        signups_service.fill(activity, page)


kinds.register(
    Kind(
        table=ACTIONS,
        word=_l("Action"),
        back=lambda row: _("Action %(number)s is back.", number=row["number"]),
        address=lambda row: url_for("plan.action", number=row["number"]),
        permission=Permission.WORK,
        prepare=restoring.prepare_action,
        **_COMMON,
    ),
    Kind(
        table=OBJECTIVES,
        word=_l("Objective"),
        back=lambda _row: _("The objective is back."),
        address=lambda row: url_for("plan.objective", objective_id=row["id"]),
        permission=Permission.EDIT_PLAN,
        prepare=restoring.prepare_objective,
        places=restoring.goals_to_choose,
        **_COMMON,
    ),
    Kind(
        table=GOALS,
        word=_l("Goal"),
        back=lambda _row: _("The goal is back."),
        address=lambda row: url_for("plan.goal", goal_id=row["id"]),
        permission=Permission.EDIT_PLAN,
        prepare=restoring.prepare_goal,
        **_COMMON,
    ),
    Kind(
        table=MEASURES,
        word=_l("Measure"),
        back=lambda _row: _("The measure is back, with its readings."),
        address=lambda row: measure_url(row["objective_id"], row["id"]),
        permission=Permission.EDIT_PLAN,
        prepare=restoring.prepare_measure,
    ),
    Kind(
        table=Review.__tablename__,
        word=_l("Review"),
        back=lambda _row: _("The review is back."),
        address=lambda row: url_for("plan.show_review", review_id=row["id"]),
        permission=Permission.EDIT_PLAN,
        title=lambda row: period_words(row["since"], row["until"]),
    ),
    Kind(
        table=Reading.__tablename__,
        word=_l("Reading"),
        back=lambda _row: _("The reading is restored."),
        address=_address_of_reading,
        permission=Permission.WORK,
        title=_title_of_reading,
        prepare=_keep_closed,
        refused=_l(
            "That day now has another reading. Move the other reading to a different day, then restore this one."
        ),
    ),
    Kind(
        table=_ACTIVITIES,
        word=_l("Activity"),
        back=lambda row: _("“%(title)s” is back.", title=row["title"]),
        address=lambda row: url_for("plan.activity", activity_id=row["id"]),
        permission=Permission.WORK,
        gone_words=restoring.GONE_LABELS,
    ),
    Kind(
        table=Signup.__tablename__,
        word=_l("Sign-up"),
        back=lambda row: _("%(name)s is signed up again.", name=row["name"]),
        address=lambda row: url_for("plan.signups", activity_id=row["activity_id"]),
        permission=Permission.WORK,
        title="name",
        gone_words={"activity_id": _l("the event")},
        prepare=_wait_again,
        settle=_fill_places,
    ),
)
