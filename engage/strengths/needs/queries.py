"""Reads the list of needs."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.database import SelectedRow
from engage.extensions import db
from engage.strengths.models import Match, Need
from engage.strengths.needs.gaps import LowestArea, ShownRounds, shown_rounds
from engage.strengths.rules import Gap, MatchState, RatingSource, pressing_first, priority
from engage.web.lists import ListFilters, enum_asked, text_asked


class NeedLine(Struct, frozen=True):
    """A need in a list. `area` is a key, `round` a title; `matched` counts the matches that were not declined."""

    id: int
    number: int
    title: str
    area: str
    area_name: str
    round_id: int | None
    round: str
    indicator: str
    gap: Gap | None
    importance: float | None
    feasibility: float | None
    rating_source: RatingSource | None
    rated_on: date | None
    priority: float | None
    matched: int
    no_strength_on: date | None
    closed_on: date | None

    @property
    def is_rated(self) -> bool:
        return self.importance is not None

    @property
    def is_matched(self) -> bool:
        return self.matched > 0


class NeedsShown(StrEnum):
    OPEN = "open"
    UNRATED = "unrated"
    CLOSED = "closed"


class NeedOrder(StrEnum):
    PRIORITY = "priority"
    GAP = "gap"
    NEWEST = "newest"


class NeedFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored."""

    show: NeedsShown = enum_asked(NeedsShown, NeedsShown.OPEN)
    area: str = text_asked(60)
    sort: NeedOrder = enum_asked(NeedOrder, NeedOrder.PRIORITY)

    def fits(self, need: NeedLine) -> bool:
        if self.area and need.area != self.area:
            return False
        if self.show is NeedsShown.CLOSED:
            return need.closed_on is not None
        return need.closed_on is None and (self.show is NeedsShown.OPEN or not need.is_rated)


class Needs(Struct, frozen=True):
    """All needs of a coalition, the most pressing first, and the rounds that measure them."""

    lines: tuple[NeedLine, ...]
    rounds: ShownRounds

    def only(self, filters: NeedFilters) -> list[NeedLine]:
        """Returns the needs that match the filters, in the chosen order."""
        found = [each for each in self.lines if filters.fits(each)]
        if filters.sort is NeedOrder.GAP:
            found.sort(key=lambda each: -1.0 if each.gap is None else each.gap.value, reverse=True)
        elif filters.sort is NeedOrder.NEWEST:
            found.sort(key=lambda each: each.number, reverse=True)
        return found

    @property
    def open(self) -> list[NeedLine]:
        return [each for each in self.lines if each.closed_on is None]

    @property
    def lowest(self) -> tuple[LowestArea, list[NeedLine]] | None:
        """Returns the lowest area of the latest round and its open needs."""
        if (area := self.rounds.lowest) is None:
            return None
        return area, [each for each in self.open if each.area == area.key]

    @property
    def used_areas(self) -> list[tuple[str, str]]:
        """Returns the areas that have a need, as (key, name), in the order of the areas."""
        used = {each.area for each in self.lines if each.area}
        return [(key, name) for key, name in self.rounds.areas.items() if key in used]


def needs_of(membership: Membership) -> Needs:
    """Returns every need, including closed ones, in three queries."""
    matched = (
        sa.select(Match.need_id, sa.func.count(Match.id).label("matched"))
        .where(Match.coalition_id == membership.coalition_id, Match.state != MatchState.DECLINED)
        .group_by(Match.need_id)
        .subquery()
    )
    rows = (
        sa.select(
            Need.id,
            Need.number,
            Need.title,
            Need.area,
            Need.round_id,
            Need.indicator,
            Need.stated_gap,
            Need.importance,
            Need.feasibility,
            Need.rating_source,
            Need.rated_on,
            sa.func.coalesce(matched.c.matched, 0).label("matched"),
            Need.no_strength_on,
            Need.closed_on,
        )
        .outerjoin(matched, matched.c.need_id == Need.id)
        .where(Need.coalition_id == membership.coalition_id)
    )
    rounds = shown_rounds(membership)
    return Needs(tuple(by_priority(_line(row, rounds) for row in db.session.execute(rows))), rounds)


def by_priority(lines: Iterable[NeedLine]) -> list[NeedLine]:
    return sorted(lines, key=lambda each: pressing_first(each.priority, each.gap, each.number))


def _line(row: SelectedRow, rounds: ShownRounds) -> NeedLine:
    values = dict(row._mapping)
    gap = rounds.gap(values.pop("stated_gap"), row.round_id, row.indicator)
    shown = rounds.of(row.round_id)
    values["title"] = rounds.title_of(row.title, row.round_id, row.indicator)
    return NeedLine(
        **values,
        area_name=rounds.area_name(row.area, row.round_id),
        round=shown.title if shown is not None else "",
        gap=gap,
        priority=priority(gap, row.importance, row.feasibility),
    )
