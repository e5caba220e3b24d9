"""Writes on a need that is there: editing it, rating it by hand, closing and reopening it, deleting it."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.service import lock
from engage.errors import WrongState
from engage.extensions import db
from engage.strengths import queries, service
from engage.strengths.models import Need
from engage.strengths.rules import RatingSource
from engage.versions import claim_version


def still_open(need: Need) -> Need:
    """The need. Raises WrongState where it is closed."""
    if need.closed_on is not None:
        raise WrongState(_("This is no longer a need. Reopen it to change it."))
    return need


def edit_need(membership: Membership, need: Need, version: int, values: Mapping[str, object]) -> None:
    """New values of fields by name. Raises WrongState, StaleVersion."""
    still_open(need)
    claim_version(need, version)
    for field, value in values.items():
        service.set_field(membership, need, field, value)


def rate_by_hand(membership: Membership, need: Need, version: int, importance: int, feasibility: int) -> None:
    """Raises WrongState where it is closed or a vote has set them, StaleVersion."""
    still_open(need)
    today = clock.today(membership.coalition.time_zone)
    if need.rating_source is not RatingSource.VOTE:
        claim_version(need, version)
    service.rate(need, importance, feasibility, RatingSource.HAND, today, membership)


def close_need(membership: Membership, need: Need, version: int, reason: str) -> None:
    """No longer a need, and why; what was built on it stays. Raises WrongState, StaleVersion."""
    still_open(need)
    claim_version(need, version)
    today = clock.today(membership.coalition.time_zone)
    history.record(need.coalition_id, membership.id, Need.__tablename__, need.id, "closed_on", new=today)
    need.closed_on, need.closed_reason = today, reason


def reopen_need(membership: Membership, need: Need) -> None:
    """It is a need again. Raises WrongState where it is one."""
    if need.closed_on is None:
        raise WrongState(_("This need is open already."))
    record = (need.coalition_id, membership.id, Need.__tablename__, need.id)
    history.record(*record, "closed_on", old=need.closed_on)
    need.closed_on, need.closed_reason = None, ""
    need.version += 1


def owns_need(membership: Membership, need: Need) -> bool:
    """Whose it is to delete: what one added oneself, and as a coordinator any."""
    return need.created_by_id == membership.id or membership.role is Role.COORDINATOR


def may_delete_need(membership: Membership, need: Need) -> bool:
    """Whether it is one's own and no strength is tied to it. Whether something in the plan answers it is asked
    of the plan."""
    return owns_need(membership, need) and not queries.is_tied(need)


def delete_need(membership: Membership, need: Need) -> None:
    """It was never there. Raises WrongState where it is somebody else's or a strength is tied to it."""
    lock(need.coalition_id)
    if not may_delete_need(membership, need):
        raise WrongState(_something_hangs_on_it())
    number, key = need.number, need.id
    try:
        with db.session.begin_nested():
            db.session.delete(need)
    except IntegrityError:
        raise WrongState(_something_hangs_on_it()) from None
    history.record(need.coalition_id, membership.id, Need.__tablename__, key, "deleted", old=number)


def _something_hangs_on_it() -> str:
    return _("Something hangs on this need, or somebody else added it. Close it instead, and say why.")
