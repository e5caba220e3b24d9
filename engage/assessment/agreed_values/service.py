"""Writes what a group does with a closed round: what it wants to talk about, and what it agrees on."""

from datetime import date

import sqlalchemy as sa

from engage import clock, history
from engage.assessment.models import AgreedValue, DiscussionPoint, Round
from engage.assessment.results.queries.agreed import agreed_row
from engage.coalitions import service as coalitions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.held import keep_meeting
from engage.versions import claim_version


def agree(
    membership: Membership,
    round_: Round,
    indicator: str,
    version: int,
    *,
    value: float,
    reason: str,
    agreed_on: date,
    meeting_id: int | None = None,
) -> AgreedValue:
    """Sets the value that the group settled on. `version` is 0 if there was none when the form was opened.

    Raises StaleVersion if someone else set or withdrew it in between, and WrongState while the round is open
    or if the meeting was called off.
    """
    keep_meeting(membership, meeting_id)
    row = _claimed(membership, round_, indicator, version)
    if row is None:
        row = AgreedValue(coalition_id=round_.coalition_id, round_id=round_.id, indicator=indicator)
        db.session.add(row)
    old, met = row.value, row.meeting_id
    row.value, row.reason, row.agreed_on = value, reason, agreed_on
    row.set_by_id, row.set_at, row.meeting_id = membership.id, clock.now(), meeting_id
    db.session.flush()
    history.note(membership, row, "value", old=old, new=value)
    if met != meeting_id:
        history.note(membership, row, "meeting_id", old=met, new=meeting_id)
    return row


def take_back(membership: Membership, round_: Round, indicator: str, version: int) -> None:
    """Withdraws the agreed value and its reason, so that the median counts again. Raises the errors of `agree`."""
    row = _claimed(membership, round_, indicator, version)
    if row is None or row.value is None:
        return
    history.note(membership, row, "value", old=row.value)
    row.value, row.reason, row.agreed_on, row.meeting_id = None, "", None, None
    row.set_by_id, row.set_at = membership.id, clock.now()


def discuss(membership: Membership, round_: Round, indicator: str) -> None:
    """Puts an indicator on the list for the next meeting; a second call changes nothing."""
    coalitions.lock(membership.coalition_id)
    if _mark(round_, indicator) is None:
        mark = DiscussionPoint(
            coalition_id=round_.coalition_id,
            round_id=round_.id,
            indicator=indicator,
            added_by_id=membership.id,
            added_at=clock.now(),
        )
        db.session.add(mark)


def leave_out(membership: Membership, round_: Round, indicator: str) -> None:
    """Removes an indicator from that list. Members remove what they added; raises WrongState for someone else's."""
    mark = _mark(round_, indicator)
    if mark is None:
        return
    if not may_leave_out(membership, mark.added_by_id):
        raise WrongState(_("Someone else put this on the list. They or a coordinator can remove it."))
    db.session.delete(mark)


def may_leave_out(membership: Membership, added_by_id: int | None) -> bool:
    return added_by_id == membership.id or may(membership.role, Permission.SET_AGREED)


def _mark(round_: Round, indicator: str) -> DiscussionPoint | None:
    return db.session.scalar(
        sa.select(DiscussionPoint).where(
            DiscussionPoint.coalition_id == round_.coalition_id,
            DiscussionPoint.round_id == round_.id,
            DiscussionPoint.indicator == indicator,
        )
    )


def _claimed(membership: Membership, round_: Round, indicator: str, version: int) -> AgreedValue | None:
    """Returns the agreed value's row if it has this version, locked until the commit; None if there is none yet."""
    if round_.closed_at is None:
        raise WrongState(_("This round is still open. Agree on a value once it is closed."))
    # If two coordinators both find no agreed value, the second waits here until the first one's row exists.
    coalitions.lock(membership.coalition_id)
    row = agreed_row(round_, indicator)
    if row is not None:
        claim_version(row, version)
    elif version:
        raise StaleVersion
    return row
