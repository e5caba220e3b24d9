"""Writes on what a group makes of a closed round: agreed values, and what to talk about."""

from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from engage import clock, history
from engage.assessment.models import AgreedValue, Round
from engage.coalitions import service as coalitions
from engage.coalitions.models import Membership
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
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
) -> AgreedValue:
    """Set what the group settled on. `version` is 0 where the form found no agreed value.

    Raises StaleVersion when somebody else set it or took it back meanwhile, WrongState while the round is open.
    """
    row = _claimed(membership, round_, indicator, version)
    if row is None:
        row = AgreedValue(coalition_id=round_.coalition_id, round_id=round_.id, indicator=indicator)
        db.session.add(row)
    old = row.value
    row.value, row.reason, row.agreed_on = value, reason, agreed_on
    row.set_by_id, row.set_at = membership.id, clock.now()
    db.session.flush()
    _note(membership, row, "value", old=old, new=value)
    return row


def take_back(membership: Membership, round_: Round, indicator: str, version: int) -> None:
    """The median counts again; the reason is gone. Raises as `agree` does."""
    row = _claimed(membership, round_, indicator, version)
    if row is None or row.value is None:
        return
    _note(membership, row, "value", old=row.value)
    row.value, row.reason, row.agreed_on = None, "", None
    row.set_by_id, row.set_at = membership.id, clock.now()


def _claimed(membership: Membership, round_: Round, indicator: str, version: int) -> AgreedValue | None:
    """The row at this version, held until the commit; None where there is none yet."""
    if round_.closed_at is None:
        raise WrongState(_("This round takes answers again. Agree on a value when it is closed."))
    # Of two coordinators who both find nothing agreed, the second waits here for the first one's row.
    coalitions.lock(membership.coalition_id)
    row = db.session.scalar(
        sa.select(AgreedValue).where(
            AgreedValue.coalition_id == round_.coalition_id,
            AgreedValue.round_id == round_.id,
            AgreedValue.indicator == indicator,
        )
    )
    if row is not None:
        claim_version(row, version)
    elif version:
        raise StaleVersion
    return row


def _note(membership: Membership, row: AgreedValue, field: str, **values: float | None) -> None:
    history.record(row.coalition_id, membership.id, AgreedValue.__tablename__, row.id, field, **values)
