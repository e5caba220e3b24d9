"""Writes activities."""

from collections.abc import Mapping
from typing import Any

from engage import clock, history
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.plan.activities.models import Activity
from engage.versions import claim_version

# History keeps the old and new values of all but these.
_TEXTS = frozenset({"title", "discipline"})


# -- writing


def log(membership: Membership, fields: Mapping[str, Any]) -> Activity:
    """Records what was done, with its counts."""
    activity = Activity(
        coalition_id=membership.coalition_id,
        created_by_id=membership.id,
        created_at=clock.now(),
        **fields,
    )
    db.session.add(activity)
    db.session.flush()
    _note(membership, activity, "created")
    return activity


def edit(membership: Membership, activity: Activity, version: int, fields: Mapping[str, Any]) -> None:
    """Edits an activity. Raises StaleVersion if it was saved in between."""
    claim_version(activity, version)
    for field, value in fields.items():
        old = getattr(activity, field)
        if old != value:
            _note(membership, activity, field, **({} if field in _TEXTS else {"old": old, "new": value}))
            setattr(activity, field, value)


def delete(membership: Membership, activity: Activity) -> None:
    _note(membership, activity, "deleted", old=activity.happened_on)
    db.session.delete(activity)


def _note(actor: Membership, activity: Activity, field: str, **values: Any) -> None:
    history.record(activity.coalition_id, actor.id, Activity.__tablename__, activity.id, field, **values)
