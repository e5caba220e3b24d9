"""Reads the texts of the funder report, the coalition's own order, and saved copies."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from msgspec import Struct

from engage.clock import local_day
from engage.coalitions.models import Membership
from engage.database import along
from engage.dates import medium_day
from engage.extensions import db
from engage.i18n import gettext as _
from engage.reports.funder import labels
from engage.reports.funder.models import FunderCopy, FunderCopyText, FunderOrder, FunderText
from engage.reports.funder.rules import Part
from engage.reports.rules import Period


def texts_of(membership: Membership, period: Period) -> dict[Part, FunderText]:
    """Returns the texts about this period, by section."""
    rows = sa.select(FunderText).where(
        FunderText.coalition_id == membership.coalition_id,
        FunderText.since == period.since,
        FunderText.until == period.until,
    )
    return {each.part: each for each in db.session.scalars(rows)}


def written_periods(membership: Membership, most: int = 12) -> list[Period]:
    """Returns the periods that have texts, the latest first."""
    rows = (
        sa.select(FunderText.since, FunderText.until)
        .where(FunderText.coalition_id == membership.coalition_id, FunderText.text != "")
        .distinct()
        .order_by(FunderText.until.desc(), FunderText.since.desc())
        .limit(most)
    )
    return [Period(since, until) for since, until in db.session.execute(rows)]


def order_of(membership: Membership) -> FunderOrder | None:
    return db.session.scalar(
        sa.select(FunderOrder).where(FunderOrder.coalition_id == membership.coalition_id)
    )


class CopyLine(Struct, frozen=True):
    """A saved copy in a list; `maker` is empty if unknown."""

    id: int
    title: str
    since: date
    until: date
    made_at: datetime
    maker: str

    @property
    def period_words(self) -> str:
        return labels.dates(Period(self.since, self.until))

    def made_words(self, time_zone: str) -> str:
        day = medium_day(local_day(self.made_at, time_zone))
        return _("saved by %(name)s on %(day)s", name=self.maker, day=day) if self.maker else day


def copies_of(membership: Membership) -> Sequence[CopyLine]:
    """Returns the saved copies, newest first, in one query."""
    rows = (
        sa.select(
            FunderCopy.id,
            FunderCopy.title,
            FunderCopy.since,
            FunderCopy.until,
            FunderCopy.made_at,
            sa.func.coalesce(Membership.name, "").label("maker"),
        )
        .outerjoin(Membership, along(FunderCopy.made_by_id, Membership))
        .where(FunderCopy.coalition_id == membership.coalition_id)
        .order_by(FunderCopy.made_at.desc(), FunderCopy.id.desc())
    )
    return [CopyLine(**row._mapping) for row in db.session.execute(rows)]


def copy_of(membership: Membership, copy_id: int) -> FunderCopy | None:
    return db.session.scalar(
        sa.select(FunderCopy).where(
            FunderCopy.coalition_id == membership.coalition_id, FunderCopy.id == copy_id
        )
    )


def maker_of(copy: FunderCopy) -> str:
    """Returns the name of the person who saved the copy; empty if unknown."""
    rows = sa.select(Membership.name).where(
        Membership.coalition_id == copy.coalition_id, Membership.id == copy.made_by_id
    )
    return db.session.scalar(rows) or ""


def copy_texts(copy: FunderCopy) -> dict[Part, str]:
    rows = sa.select(FunderCopyText.part, FunderCopyText.text).where(
        FunderCopyText.coalition_id == copy.coalition_id, FunderCopyText.copy_id == copy.id
    )
    return {part: text for part, text in db.session.execute(rows)}  # noqa: C416 - rows are no tuples to mypy
