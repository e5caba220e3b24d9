"""Writes Getting Started: declaring a step complete, and the coalition's thresholds."""

import sqlalchemy as sa
from msgspec.structs import asdict, fields
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.service import lock, note_setting
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.onboarding import queries
from engage.onboarding.evidence.rules import Thresholds
from engage.onboarding.models import StepOverride, Threshold
from engage.onboarding.rules import StepKey


def complete_step(membership: Membership, key: StepKey, reason: str) -> None:
    """Saves that a coordinator declares a step complete. Raises WrongState if one already did."""
    override = StepOverride(
        coalition_id=membership.coalition_id,
        step=key,
        reason=reason,
        decided_by_id=membership.id,
        decided_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(override)
    except IntegrityError:
        raise WrongState(_("A coordinator has already marked this step complete. Undo that first.")) from None
    history.note(membership, override, "step", new=key)


def take_back(membership: Membership, key: StepKey) -> None:
    """Removes the declaration; the records decide again. Raises WrongState if there is none."""
    override = queries.override_of(membership, key)
    if override is None:
        raise WrongState(_("No coordinator has marked this step complete. Open Getting Started again."))
    history.note(membership, override, "step", old=key)
    db.session.delete(override)


def save_thresholds(membership: Membership, wanted: Thresholds) -> None:
    """Saves the coalition's thresholds, with a row only for those that differ from the default."""
    lock(membership.coalition_id)
    before = asdict(queries.thresholds_of(membership))
    rows = {
        row.key: row
        for row in db.session.scalars(
            sa.select(Threshold).where(Threshold.coalition_id == membership.coalition_id)
        )
    }
    for setting in fields(Thresholds):
        key, value = setting.name, getattr(wanted, setting.name)
        _keep(membership, rows.get(key), key, value, is_default=value == setting.default)
        if before[key] != value:
            history.record(
                membership.coalition_id,
                membership.id,
                "onboarding_threshold",
                membership.coalition_id,
                key,
                old=before[key],
                new=value,
            )
            note_setting(membership, key)


def _keep(membership: Membership, row: Threshold | None, key: str, value: int, *, is_default: bool) -> None:
    if is_default:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(Threshold(coalition_id=membership.coalition_id, key=key, value=value))
    else:
        row.value = value
