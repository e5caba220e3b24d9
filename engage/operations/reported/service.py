"""Handles reports of texts. Anyone who can open the page can make one; a coordinator settles it."""

from typing import NamedTuple

import sqlalchemy as sa

from engage import clock
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.service import lock
from engage.database import along
from engage.extensions import db
from engage.operations.reported.models import ReportedText, ReportOutcome, ReportReason

CLOSED_MOST = 50


class ReportLine(NamedTuple):
    """A report, with the name of the person who made it."""

    report: ReportedText
    by: str | None


def _here(membership: Membership) -> sa.ColumnElement[bool]:
    return ReportedText.coalition_id == membership.coalition_id


def reports_of(membership: Membership, *, is_open: bool) -> list[ReportLine]:
    """Returns the open reports, the oldest first, or else the latest settled ones."""
    rows = (
        sa.select(ReportedText, Membership.name)
        .outerjoin(Membership, along(ReportedText.reported_by_id, Membership))
        .where(
            _here(membership),
            ReportedText.closed_at.is_(None) if is_open else ReportedText.closed_at.is_not(None),
        )
    )
    order = (ReportedText.reported_at, ReportedText.id)
    rows = (
        rows.order_by(*order) if is_open else rows.order_by(ReportedText.closed_at.desc()).limit(CLOSED_MOST)
    )
    return [ReportLine(this_report, by) for this_report, by in db.session.execute(rows)]


def report_of(membership: Membership, report_id: int) -> ReportedText | None:
    """Returns one of this coalition's reports."""
    return db.session.scalar(sa.select(ReportedText).where(_here(membership), ReportedText.id == report_id))


def report(membership: Membership, page: str, reason: ReportReason) -> bool:
    """Saves a report. Returns False if this person already has an open report of this page."""
    lock(membership.coalition_id)
    mine = (ReportedText.page == page, ReportedText.reported_by_id == membership.id)
    if db.session.scalar(
        sa.select(ReportedText.id).where(_here(membership), *mine, ReportedText.closed_at.is_(None))
    ):
        return False
    made = ReportedText(
        coalition_id=membership.coalition_id,
        page=page,
        reason=reason,
        reported_at=clock.now(),
        reported_by_id=membership.id,
    )
    db.session.add(made)
    db.session.flush()
    audit_service.record(membership, AuditEvent.TEXT_REPORTED, made)
    _count(membership)
    return True


def keep(membership: Membership, this_report: ReportedText) -> bool:
    """Settles a report: the text stays. Returns False if another coordinator settled it first."""
    kept = _settle(membership, ReportOutcome.KEPT, ReportedText.id == this_report.id)
    if kept:
        audit_service.record(membership, AuditEvent.TEXT_KEPT, this_report)
    return bool(kept)


def close_of_page(membership: Membership, page: str) -> int:
    """Settles the open reports of a page after a text on it was removed. Returns how many."""
    return _settle(membership, ReportOutcome.REDACTED, ReportedText.page == page)


def _settle(membership: Membership, outcome: ReportOutcome, *which: sa.ColumnElement[bool]) -> int:
    lock(membership.coalition_id)
    settled = (
        sa.update(ReportedText)
        .where(_here(membership), ReportedText.closed_at.is_(None), *which)
        .values(closed_at=clock.now(), closed_by_id=membership.id, outcome=outcome)
        .execution_options(synchronize_session=False)
    )
    number = int(db.session.execute(settled).rowcount)  # type: ignore[attr-defined]
    _count(membership)
    return number


def _count(membership: Membership) -> None:
    waiting = sa.select(sa.func.count(ReportedText.id)).where(
        _here(membership), ReportedText.closed_at.is_(None)
    )
    here = sa.update(Coalition).where(Coalition.id == membership.coalition_id)
    db.session.execute(
        here.values(texts_reported=waiting.scalar_subquery()).execution_options(synchronize_session=False)
    )
    db.session.refresh(membership.coalition, ["texts_reported"])
