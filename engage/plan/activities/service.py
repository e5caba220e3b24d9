"""Writes activities: what is planned, held or called off."""

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from engage import clock, history
from engage.coalitions.models import Membership
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan.activities import queries
from engage.plan.activities.models import Activity, ActivityAudience, ActivityHours, ActivityPartner
from engage.plan.activities.rules import ActivityState, Audience
from engage.versions import claim_version

# History stores old and new values of every column except these.
_TEXTS = frozenset({"title", "place", "link", "about", "county", "language", "presenters"})


# -- writing


def log(
    membership: Membership,
    fields: Mapping[str, object],
    audiences: Sequence[Audience] = (),
    partners: Collection[int] = (),
) -> Activity:
    """Records what was done with its counts, or what is planned."""
    activity = Activity(
        coalition_id=membership.coalition_id,
        created_by_id=membership.id,
        created_at=clock.now(),
        **fields,
    )
    history.add(membership, activity, "created")
    set_audiences(activity, audiences)
    _set_partners(activity, partners)
    return activity


def edit(
    membership: Membership,
    activity: Activity,
    version: int,
    fields: Mapping[str, object],
    audiences: Sequence[Audience],
    partners: Collection[int],
) -> None:
    """Edits an activity. Raises StaleVersion if it was saved in between."""
    claim_version(activity, version)
    _note_moves(activity, fields)
    history.set_fields(membership, activity, fields, kept=fields.keys() - _TEXTS)
    if tuple(audiences) != queries.audiences_of(activity):
        history.note(membership, activity, "audiences")
        set_audiences(activity, audiences)
    if set(partners) != {key for key, _name in queries.partners_of(activity)}:
        history.note(membership, activity, "partners")
        _set_partners(activity, partners)


def _note_moves(activity: Activity, fields: Mapping[str, object]) -> None:
    """Notes when the day, time or place of a planned activity changes, for people who signed up."""
    if activity.state is not ActivityState.PLANNED:
        return
    changed = {name for name, value in fields.items() if getattr(activity, name) != value}
    if changed & {"happened_on", "starts_at"}:
        activity.time_changed_at = clock.now()
    if changed & {"place", "link"}:
        activity.place_changed_at = clock.now()


def give_hours(membership: Membership, activity: Activity, hours: float | None) -> None:
    """Sets how many hours this member gave to an activity; None or zero removes them."""
    db.session.refresh(activity, with_for_update=True)
    mine = (ActivityHours.activity_id == activity.id, ActivityHours.membership_id == membership.id)
    db.session.execute(sa.delete(ActivityHours).where(*mine))
    if hours:
        row = ActivityHours(coalition_id=activity.coalition_id, activity_id=activity.id)
        row.membership_id, row.hours = membership.id, hours
        db.session.add(row)


def call_off(membership: Membership, activity: Activity) -> None:
    """Marks a planned activity as called off, and keeps it. Raises WrongState."""
    _move(membership, activity, ActivityState.PLANNED, ActivityState.CALLED_OFF)


def plan_again(membership: Membership, activity: Activity) -> None:
    """Plans an activity again that was called off. Raises WrongState."""
    _move(membership, activity, ActivityState.CALLED_OFF, ActivityState.PLANNED)


def _move(membership: Membership, activity: Activity, before: ActivityState, after: ActivityState) -> None:
    db.session.refresh(activity, with_for_update=True)
    if activity.state is not before:
        raise WrongState(_("Someone else changed this event a moment ago. Look at it again."))
    history.note(membership, activity, "state", old=before, new=after)
    activity.state = after
    activity.version += 1


def set_audiences(activity: Activity, audiences: Sequence[Audience]) -> None:
    """Replaces the activity's audiences."""
    mine = ActivityAudience.activity_id == activity.id
    db.session.execute(sa.delete(ActivityAudience).where(mine))
    for each in audiences:
        row = ActivityAudience(coalition_id=activity.coalition_id, activity_id=activity.id)
        row.discipline, row.people = each.discipline, each.people
        db.session.add(row)
        db.session.flush()  # one flush for each row, so that ids follow the order


def _set_partners(activity: Activity, organizations: Collection[int]) -> None:
    mine = ActivityPartner.activity_id == activity.id
    db.session.execute(sa.delete(ActivityPartner).where(mine))
    for key in organizations:
        row = ActivityPartner(coalition_id=activity.coalition_id, activity_id=activity.id)
        row.organization_id = key
        db.session.add(row)
