"""Writes existing needs: editing, rating by hand, closing and reopening, deleting."""

from collections.abc import Mapping

from engage import clock, history, versions
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.service import Held
from engage.errors import WrongState
from engage.i18n import gettext as _
from engage.snapshots import Snapshot
from engage.strengths import queries, service
from engage.strengths.models import Need
from engage.strengths.rules import RatingSource
from engage.versions import claim_version


def still_open(need: Need) -> Need:
    """Returns the need. Raises WrongState if it is closed."""
    if need.closed_on is not None:
        raise WrongState(_("This is no longer a need. Reopen it to change it."))
    return need


def edit_need(membership: Membership, need: Need, version: int, values: Mapping[str, object]) -> None:
    """Sets new values of fields by name. Raises WrongState, StaleVersion."""
    still_open(need)
    versions.change(membership, need, version, values, service.KEPT)


def rate_by_hand(membership: Membership, need: Need, version: int, importance: int, feasibility: int) -> None:
    """Rates a need. Raises StaleVersion, and WrongState if it is closed or a vote has set the rating."""
    still_open(need)
    today = clock.today(membership.coalition.time_zone)
    if need.rating_source is not RatingSource.VOTE:
        claim_version(need, version)
    service.rate(need, importance, feasibility, RatingSource.HAND, today, membership)


def close_need(membership: Membership, need: Need, version: int, reason: str) -> None:
    """Closes the need with a reason; what was built on it stays. Raises WrongState, StaleVersion."""
    still_open(need)
    claim_version(need, version)
    today = clock.today(membership.coalition.time_zone)
    history.note(membership, need, "closed_on", new=today)
    need.closed_on, need.closed_reason = today, reason


def reopen_need(membership: Membership, need: Need) -> None:
    """Reopens the need. Raises WrongState if it is open."""
    if need.closed_on is None:
        raise WrongState(_("This need is already open."))
    history.note(membership, need, "closed_on", old=need.closed_on)
    need.closed_on, need.closed_reason = None, ""
    need.version += 1


def owns_need(membership: Membership, need: Need) -> bool:
    """Returns whether this person may delete the need: members their own, coordinators any."""
    return need.created_by_id == membership.id or membership.role is Role.COORDINATOR


def may_delete_need(membership: Membership, need: Need) -> bool:
    """Returns whether the person may delete the need and it has no match.

    The caller checks that the plan does not answer it.
    """
    return owns_need(membership, need) and not queries.is_matched(need)


def delete_need(membership: Membership, need: Need) -> Snapshot:
    """Moves the need to the trash. Raises WrongState if it is someone else's or has a match."""
    lock(need.coalition_id)
    if not may_delete_need(membership, need):
        raise WrongState(_something_hangs_on_it())
    try:
        return trash_service.put(membership, need)
    except Held:
        raise WrongState(_something_hangs_on_it()) from None


def _something_hangs_on_it() -> str:
    return _(
        "Other records are linked to this need, or someone else added it. Close it instead, and say why."
    )
