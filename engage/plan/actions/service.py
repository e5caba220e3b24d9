"""Writes actions: making, editing, moving, helping, updating, handing over. `goals.service` writes plans and goals."""

from collections.abc import Collection, Mapping
from datetime import date

import sqlalchemy as sa

from engage import clock, history
from engage.assessment.models import Round
from engage.checklist.models import Item
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.queries import may_there
from engage.coalitions.service import lock
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan import action_history, queries
from engage.plan.actions.queries import origins
from engage.plan.models import Action, ActionHelper, ActionNote, Goal, Objective, Plan, Update
from engage.plan.repeats import service as repeats_service
from engage.plan.rules import (
    OPEN,
    ActionStatus,
    DueBeforeStart,
    MissingReason,
    Move,
    Reason,
    check_dates,
    reason_needed,
)
from engage.plan.service import DailyWork, claim_open, new_draft
from engage.strengths.models import Match
from engage.toolkit.models import Note
from engage.versions import claim_version, save_as_version

# History stores old and new values of these columns (states, dates and people). For others it stores only
# that they changed.
KEPT = frozenset(
    {
        "owner_id",
        "group_id",
        "start_on",
        "due_on",
        "goal_id",
        "objective_id",
        "organization_id",
        "need_id",
    }
)


def reason_words(reason: Reason) -> str:
    """Returns the question to ask when a change of status needs an answer and has none."""
    return {
        Reason.HELP: _("Say what help is needed, so that someone can offer it."),
        Reason.WHY_DROPPED: _("Say why it is no longer needed."),
        Reason.WHY_REOPENED: _("Say why it is open again."),
    }[reason]


def _landing(membership: Membership | DailyWork) -> Plan:
    plan = queries.open_plan(membership.coalition_id)
    if plan is not None:
        return plan
    year = clock.today(membership.coalition.time_zone).year
    return new_draft(membership.coalition_id, _("Plan of action %(year)s", year=year))


def create_action(
    membership: Membership | DailyWork,
    *,
    title: str,
    item: Item | None = None,
    round_: Round | None = None,
    indicator: str = "",
    need_id: int | None = None,
    match: Match | None = None,
    note: Note | None = None,
    plan: Plan | None = None,
    goal: Goal | None = None,
    objective: Objective | None = None,
    owner_id: int | None = None,
    due_on: date | None = None,
    details: str = "",
    **more: object,
) -> Action:
    """Makes an action in `plan` or its goal's plan, else in the current plan, the draft, or a new draft.

    A match brings its need along. `details` are other fields of an action by name (start_on, inform, ...).
    Raises WrongState if the plan is closed, and FieldRefused on `due_on`.
    """
    coalition_id = membership.coalition_id
    lock(coalition_id)
    plan_id = goal.plan_id if goal is not None else plan.id if plan is not None else _landing(membership).id
    claim_open(plan_id)
    now = clock.now()
    action = Action(
        coalition_id=coalition_id,
        number=queries.free_number(coalition_id),
        plan_id=plan_id,
        goal_id=goal.id if goal is not None else None,
        objective_id=objective.id if objective is not None else None,
        title=title,
        details=details,
        owner_id=owner_id,
        due_on=due_on,
        item_id=item.id if item is not None else None,
        round_id=round_.id if round_ is not None else None,
        indicator=indicator,
        need_id=match.need_id if match is not None else need_id,
        match_id=match.id if match is not None else None,
        created_at=now,
        created_by_id=membership.id,
        moved_at=now,
        **more,
    )
    _check_dates(action.start_on, action.due_on)
    db.session.add(action)
    db.session.flush()
    if note is not None:
        db.session.add(ActionNote(coalition_id=coalition_id, action_id=action.id, note_id=note.id))
    return action


def _check_dates(start: date | None, due: date | None) -> None:
    try:
        check_dates(start, due)
    except DueBeforeStart:
        raise FieldRefused(
            "due_on", _("This is before the start. Choose the same day or a later one.")
        ) from None


def edit_action(membership: Membership, action: Action, version: int, values: Mapping[str, object]) -> None:
    """Sets new values of fields by name. Raises WrongState, StaleVersion, and FieldRefused on `due_on`."""
    lock(action.coalition_id)
    claim_open(action.plan_id)
    claim_version(action, version)
    _set(membership, action, values)
    _check_dates(action.start_on, action.due_on)


def _set(membership: Membership, action: Action, values: Mapping[str, object]) -> None:
    if any(getattr(action, field) != value for field, value in values.items()):
        history.set_fields(membership, action, values, KEPT)
        action.moved_at = clock.now()


def set_helpers(membership: Membership, action: Action, ids: set[int]) -> None:
    """Sets the helpers to exactly these people."""
    claim_open(action.plan_id)
    now = {key for key, _name in action_history.helpers_of(action)}
    for gone in now - ids:
        db.session.execute(
            sa.delete(ActionHelper).where(
                ActionHelper.action_id == action.id, ActionHelper.membership_id == gone
            )
        )
        history.note(membership, action, "helper", old=gone)
    for key in sorted(ids - now):
        db.session.add(ActionHelper(coalition_id=action.coalition_id, action_id=action.id, membership_id=key))
        history.note(membership, action, "helper", new=key)


def change(
    membership: Membership,
    action: Action,
    version: int,
    to: ActionStatus,
    reason: str = "",
    values: Mapping[str, object] | None = None,
    *,
    asks_why: bool = True,
) -> Action | None:
    """Changes an action's status and other fields that its row in the list offers.

    Without `asks_why`, no change needs a reason. Returns the next action if this one repeats and is finished.
    Raises WrongState, StaleVersion, and FieldRefused on `reason` or `due_on`.
    """
    _hold_series(action)
    plan = claim_open(action.plan_id)
    if asks_why:
        _check_move(action, plan, to, reason)
    due_on = (values or {}).get("due_on")
    _check_dates(action.start_on, due_on if isinstance(due_on, date) else None)
    _set(membership, action, values or {})
    moved = _set_status(membership, action, to, reason)
    save_as_version(action, version)
    return _next(membership, action) if moved else None


def _hold_series(action: Action) -> None:
    """Locks the series, so that two simultaneous changes make only one next action.

    The series is locked before the plan, as when a plan is closed, so that the two cannot deadlock.
    """
    if action.repeat_id is not None:
        lock(action.coalition_id)


def _check_move(action: Action, plan: Plan, to: ActionStatus, reason: str) -> None:
    if to is action.status:
        return
    try:
        Move(action.status, to, reason).check(plan.status)
    except MissingReason as missing:
        raise FieldRefused("reason", reason_words(missing.reason)) from None


def _set_status(membership: Membership, action: Action, to: ActionStatus, reason: str) -> bool:
    """Sets the status and returns whether it changed."""
    if to is action.status:
        # The status stays; only its text, such as the help needed, may be new.
        if reason and to is not ActionStatus.DONE:
            _set(membership, action, {"reason": reason})
        return False
    history.note(membership, action, "status", old=action.status, new=to)
    # The date is read before the fields change, because a flush in between would find a done action without a
    # date.
    today = clock.today(membership.coalition.time_zone)
    action.reason = reason if reason_needed(action.status, to) is not None else ""
    action.status = to
    action.done_on = today if to is ActionStatus.DONE else None
    action.moved_at = clock.now()
    return True


def _next(membership: Membership, action: Action) -> Action | None:
    """Returns the action that follows an action whose status changed, if that is finished now."""
    if action.status in OPEN:
        return None
    return repeats_service.follow(membership, action, clock.today(membership.coalition.time_zone))


def stop_repeating(membership: Membership, action: Action) -> None:
    """Stops the series. Raises WrongState."""
    _hold_series(action)
    claim_open(action.plan_id)
    repeats_service.stop(membership, action, clock.today(membership.coalition.time_zone))


def add_update(membership: Membership, action: Action, text: str, *, is_by_mail: bool = False) -> Update:
    """Adds a dated line on the action's progress."""
    claim_open(action.plan_id)
    now = clock.now()
    update = Update(
        coalition_id=action.coalition_id,
        action_id=action.id,
        author_id=membership.id,
        written_at=now,
        text=text,
        is_by_mail=is_by_mail,
    )
    db.session.add(update)
    action.moved_at = now
    return update


def may_delete(membership: Membership, action: Action) -> bool:
    """Returns whether the person may delete the action.

    A coordinator may delete any, a group's lead the group's, and a member those that they added and no one
    has updated. The same rule decides who may move it into a group, since that lets the lead delete it.
    """
    if may_there(membership, Permission.DELETE_ACTIONS, action.group_id):
        return True
    return action.created_by_id == membership.id and not action_history.was_updated(action)


def hand_over(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Hands those of the actions `only` that are open and led by `from_` to a new lead. Returns how many."""
    held = [ref.id for ref in origins.actions_held_by(from_) if ref.id in only]
    for action in db.session.scalars(sa.select(Action).where(Action.id.in_(held))):
        _set(actor, action, {"owner_id": to.id})
        action.version += 1
    return len(held)
