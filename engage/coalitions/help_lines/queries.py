"""Reads the help lines that coalitions added, and the lines that Engage offers."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from engage.coalitions.help_lines.models import HelpLine
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.content.model import OfferedLine
from engage.extensions import db


def lines_of(coalition_ids: Collection[int]) -> Sequence[HelpLine]:
    """Returns the help lines of these coalitions in the order in which they were added."""
    rows = sa.select(HelpLine).where(HelpLine.coalition_id.in_(sorted(coalition_ids)))
    return db.session.scalars(rows.order_by(HelpLine.id)).all() if coalition_ids else []


def line_of(membership: Membership, line_id: int) -> HelpLine | None:
    """Returns one of the coalition's help lines."""
    return db.session.scalar(
        sa.select(HelpLine).where(HelpLine.coalition_id == membership.coalition_id, HelpLine.id == line_id)
    )


def offered(lines: Collection[HelpLine]) -> list[OfferedLine]:
    """Returns the lines of the content that the coalition has not added, given the lines it has."""
    keys = {each.key for each in lines}
    return [each for each in content().help_lines if each.key not in keys]
