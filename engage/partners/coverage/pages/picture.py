"""Computes a column chart of coverage: how many expected sectors had someone active, and how many firmly."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from engage.dates import medium_day
from engage.i18n import format_date
from engage.i18n import gettext as _
from engage.partners.coverage.rules import CoveragePoint

# These are the height of a full column and the space for the numbers above it, in pixels. Widths are in
# percent, so that text keeps its size on a narrow screen.
FULL: Final = 110
ABOVE: Final = 18
# A column fills this part of the space that each day has.
FILLED: Final = 0.66


class PictureColumn(Struct, frozen=True):
    """One day's column: `x`, `middle` and `width` in percent, heights in pixels from the bottom."""

    day: str
    short: str
    active: int
    firm: int
    total: int
    x: float
    middle: float
    width: float
    active_height: float
    firm_height: float


class Columns(Struct, frozen=True):
    """The columns; `label` describes the whole picture in words."""

    label: str
    columns: tuple[PictureColumn, ...]
    ground: int = ABOVE + FULL
    full: int = FULL
    height: int = ABOVE + FULL + 22


def columns(points: Sequence[CoveragePoint]) -> Columns | None:
    """Returns the columns; None if there is nothing to compare yet."""
    if len(points) < 2:
        return None
    place = 100 / len(points)
    drawn = tuple(
        PictureColumn(
            day=medium_day(point.day),
            short=_("now") if point is points[-1] else str(format_date(point.day, "LLL")),
            active=point.active,
            firm=point.firm,
            total=point.total,
            x=round(place * (number + (1 - FILLED) / 2), 2),
            middle=round(place * (number + 0.5), 2),
            width=round(place * FILLED, 2),
            active_height=_height(point.active, point.total),
            firm_height=_height(point.firm, point.total),
        )
        for number, point in enumerate(points)
    )
    first, last = drawn[0], drawn[-1]
    label = _(
        "Active expected sectors: from %(first)s of %(total)s on %(from)s to %(last)s on %(to)s.",
        first=first.active,
        total=first.total,
        last=last.active,
        **{"from": first.day, "to": last.day},
    )
    return Columns(label, drawn)


def _height(part: int, total: int) -> float:
    return round(FULL * part / total, 1) if total else 0.0
