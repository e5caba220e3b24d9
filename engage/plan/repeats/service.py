"""Reads and writes series of repeating actions."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage import clock, history
from engage.coalitions.audit.service import Actor
from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.database import along
from engage.dates import long_day
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan import action_history, queries
from engage.plan.labels import STATUS_LABELS, STATUS_TAGS
from engage.plan.models import Action, ActionAgreement, ActionHelper, Goal, Plan
from engage.plan.repeats.models import Repeat
from engage.plan.repeats.rules import Rule, Series
from engage.plan.rules import ActionStatus, PlanStatus

# The next action copies these fields of the previous one: what it is and why it exists, but not its progress.
CARRIED = (
    "title",
    "details",
    "organization_id",
    "group_id",
    "resources_had",
    "resources_needed",
    "barriers",
    "inform",
    "need_id",
    "match_id",
    "decision_id",
    "agenda_item_id",
    "item_id",
    "round_id",
    "indicator",
)
# An action's page shows at most this many actions of its series.
NEIGHBORS_MOST = 12


class Neighbor(Struct, frozen=True):
    """An action of a series."""

    number: int
    due_on: date | None
    status: ActionStatus

    @property
    def status_words(self) -> str:
        return str(STATUS_LABELS[self.status])

    @property
    def tag(self) -> str:
        return STATUS_TAGS[self.status]


class ToCome(NamedTuple):
    """A date of a series that has no action yet, with the latest action that exists."""

    coalition_id: int
    repeat_id: int
    number: int
    title: str
    on: date


def series_of(repeat: Repeat) -> Series:
    """Returns the rule stored in the columns of a row."""
    rule = Rule(repeat.unit, repeat.every, repeat.day, repeat.nth, repeat.weekday)
    return Series(rule, repeat.anchor_on, repeat.times, repeat.until_on)


# -- reading


def repeat_of(action: Action) -> Repeat | None:
    return db.session.get(Repeat, action.repeat_id) if action.repeat_id is not None else None


def is_latest(action: Action, repeat: Repeat) -> bool:
    """Returns whether the series continues from this action; earlier ones only show it."""
    return action.repeat_on == repeat.last_on


def neighbors(action: Action) -> tuple[list[Neighbor], list[Neighbor]]:
    """Returns the nearest earlier actions, latest first, and the nearest later ones."""
    series = (
        sa.select(Action.number, Action.due_on, Action.status)
        .where(Action.coalition_id == action.coalition_id, Action.repeat_id == action.repeat_id)
        .limit(NEIGHBORS_MOST)
    )
    before = series.where(Action.repeat_on < action.repeat_on).order_by(Action.repeat_on.desc())
    later = series.where(Action.repeat_on > action.repeat_on).order_by(Action.repeat_on)
    return (
        [Neighbor(**row._mapping) for row in db.session.execute(before)],
        [Neighbor(**row._mapping) for row in db.session.execute(later)],
    )


def lead_left(action: Action) -> bool:
    """Returns whether the action has no lead because the lead of the previous action has left."""
    if action.repeat_id is None or action.owner_id is not None:
        return False
    before = (
        sa.select(Action.owner_id)
        .where(Action.repeat_id == action.repeat_id, Action.repeat_on < action.repeat_on)
        .order_by(Action.repeat_on.desc())
        .limit(1)
    )
    owner_id = db.session.scalar(before)
    return owner_id is not None and not _here([owner_id])


def _latest_number(repeat: Repeat) -> int:
    rows = sa.select(Action.number).where(Action.repeat_id == repeat.id).order_by(Action.repeat_on.desc())
    return db.session.scalars(rows.limit(1)).one()


def latest_of(repeat_id: object) -> sa.ScalarSelect[date | None]:
    later = aliased(Action)
    return sa.select(sa.func.max(later.repeat_on)).where(later.repeat_id == repeat_id).scalar_subquery()


# A series continues from its latest action, if that is in an open plan.
GOING_ON = (
    sa.select(Repeat)
    .join(Action, sa.and_(along(Action.repeat_id, Repeat), Action.repeat_on == latest_of(Repeat.id)))
    .join(Plan, along(Action.plan_id, Plan))
    .where(Repeat.next_on.is_not(None), Plan.status != PlanStatus.CLOSED)
)


def to_come(until: date, *whose: sa.ColumnElement[bool]) -> list[ToCome]:
    """Returns the dates up to `until` of these actions that repeat, for calendars, in one query."""
    rows = (
        GOING_ON.add_columns(Action.number, Action.title)
        .outerjoin(Goal, along(Action.goal_id, Goal))
        .where(*whose, Repeat.next_on <= until)
        .order_by(Repeat.next_on, Action.id)
    )
    found = []
    for repeat, number, title in db.session.execute(rows):
        series, day = series_of(repeat), repeat.next_on
        while day is not None and day <= until:
            found.append(ToCome(repeat.coalition_id, repeat.id, number, title, day))
            day = series.after(day)
    return found


# -- setting, changing, stopping


def series_from(action: Action) -> Series | None:
    """Returns how its series continues from an action; None if it does not repeat or was stopped."""
    repeat = repeat_of(action)
    if repeat is None or repeat.stopped_on is not None:
        return None
    assert action.repeat_on is not None
    return series_of(repeat).from_here(action.repeat_on)


def set_series(actor: Actor, action: Action, wanted: Series | None, today: date) -> None:
    """Sets how the series continues from this action on; None ends it.

    Only the latest action of a series may do this. Raises FieldRefused on `due_on`, and on `repeats` if
    another one is the latest.
    """
    repeat = locked(action) if action.repeat_id is not None else None
    if repeat is None:
        if wanted is not None:
            begin(actor, action, wanted)
    elif is_latest(action, repeat):
        if wanted is None:
            stop(actor, action, today)
        elif wanted != series_from(action):
            _change(actor, action, repeat, wanted)
    elif wanted != series_from(action):
        words = _(
            "The series continues from action %(number)s: change how it repeats there. Save this one again to "
            "keep your other changes.",
            number=_latest_number(repeat),
        )
        raise FieldRefused("repeats", words)


def begin(actor: Actor, action: Action, series: Series) -> None:
    """Makes the action repeat from here on; its date is the anchor."""
    repeat = Repeat(
        coalition_id=action.coalition_id,
        last_on=series.anchor,
        next_on=series.after(series.anchor),
        **_columns(series),
    )
    db.session.add(repeat)
    db.session.flush()
    action.repeat_id, action.repeat_on = repeat.id, series.anchor
    history.note(actor, action, "repeats", new=repeat.next_on)


def stop(actor: Actor, action: Action, today: date) -> None:
    """Ends the series; existing actions stay."""
    repeat = locked(action)
    if repeat is None or repeat.stopped_on is not None:
        return
    old, repeat.next_on, repeat.stopped_on = repeat.next_on, None, today
    history.note(actor, action, "repeats", old=old)


def _change(actor: Actor, action: Action, repeat: Repeat, series: Series) -> None:
    """Sets another rule or end from this action on, also after the series was stopped."""
    if series.anchor != action.repeat_on:
        _check_order(action, series.anchor)
        action.repeat_on = repeat.last_on = series.anchor
    old = repeat.next_on
    for name, value in _columns(series).items():
        setattr(repeat, name, value)
    repeat.next_on, repeat.stopped_on = series.after(repeat.last_on), None
    history.note(actor, action, "repeats", old=old, new=repeat.next_on)


def _check_order(action: Action, day: date) -> None:
    """Refuses a date at which the series would go back in time."""
    before = sa.select(sa.func.max(Action.repeat_on)).where(
        Action.repeat_id == action.repeat_id, Action.id != action.id
    )
    latest = db.session.scalar(before)
    if latest is not None and latest >= day:
        words = _("The one before was for %(day)s. Choose a later day to count from.", day=long_day(latest))
        raise FieldRefused("due_on", words)


def _columns(series: Series) -> dict[str, object]:
    rule = series.rule
    return {
        "unit": rule.unit,
        "every": rule.every,
        "day": rule.day,
        "nth": rule.nth,
        "weekday": rule.weekday,
        "anchor_on": series.anchor,
        "times": series.times,
        "until_on": series.until,
    }


# -- the next action


def locked(action: Action) -> Repeat | None:
    """Returns the current series. The caller must hold the coalition's lock to continue it."""
    rows = sa.select(Repeat).where(Repeat.id == action.repeat_id).execution_options(populate_existing=True)
    return db.session.scalar(rows)


def follow(actor: Actor, action: Action, today: date) -> Action | None:
    """Makes the next action of the series if this one, the latest, is finished; the caller locks the coalition.

    Returns None if there is one already, if the series ended, or if the plan is closed.
    """
    repeat = locked(action) if action.repeat_id is not None else None
    if repeat is None or repeat.next_on is None or not is_latest(action, repeat):
        return None
    return make_next(actor, action, repeat, today)


def follow_all(actor: Actor, closed: Collection[int], today: date) -> list[Action]:
    """Makes the next action of each series whose latest is one of these finished ones, as `follow` does for one."""
    if not closed:
        return []
    rows = (
        GOING_ON.add_columns(Action)
        .where(Action.coalition_id == actor.coalition_id, Action.id.in_(closed))
        .order_by(Action.number)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(rows).all()
    made = (make_next(actor, action, repeat, today) for repeat, action in found)
    return [action for action in made if action is not None]


def make_next(actor: Actor, before: Action, repeat: Repeat, today: date) -> Action | None:
    """Makes the action that follows `before`, in the same place.

    Returns None if the series ends or the plan is closed.
    """
    if db.session.get_one(Plan, before.plan_id).status is PlanStatus.CLOSED:
        return None
    series = series_of(repeat)
    day = series.following(repeat.last_on, today)
    if day is None:
        return None
    now = clock.now()
    here = _here([key for key in (before.owner_id, *_helpers(before)) if key is not None])
    made = Action(
        coalition_id=before.coalition_id,
        number=queries.free_number(before.coalition_id),
        plan_id=before.plan_id,
        goal_id=before.goal_id,
        objective_id=before.objective_id,
        **{name: getattr(before, name) for name in CARRIED},
        owner_id=before.owner_id if before.owner_id in here else None,
        start_on=_start(before, day),
        due_on=day,
        repeat_id=repeat.id,
        repeat_on=day,
        created_at=now,
        created_by_id=actor.id,
        moved_at=now,
    )
    db.session.add(made)
    repeat.last_on, repeat.next_on = day, series.after(day)
    db.session.flush()
    _link(before, made, here)
    return made


def _start(before: Action, day: date) -> date | None:
    """Returns a start date as long before `day` as the previous action's start was before its due date."""
    if before.start_on is None or before.due_on is None:
        return None
    return day - (before.due_on - before.start_on)


def _helpers(action: Action) -> list[int]:
    return [key for key, _name in action_history.helpers_of(action)]


def _here(ids: Sequence[int]) -> set[int]:
    """Returns the ids of those people who are still members."""
    if not ids:
        return set()
    return set(db.session.scalars(sa.select(Membership.id).where(Membership.id.in_(ids), *active())))


def _link(before: Action, made: Action, here: set[int]) -> None:
    """Copies helpers and links to agreements."""
    common = {"coalition_id": made.coalition_id, "action_id": made.id}
    db.session.add_all(ActionHelper(**common, membership_id=key) for key in _helpers(before) if key in here)
    agreements = sa.select(ActionAgreement.agreement_id).where(ActionAgreement.action_id == before.id)
    db.session.add_all(
        ActionAgreement(**common, agreement_id=key) for key in db.session.scalars(agreements.order_by("id"))
    )
