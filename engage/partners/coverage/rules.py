"""Computes coverage: which expected sectors have someone active, how firmly, and which to recruit."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct, field

from engage.partners.rules import AgreementState, Level, plus_months

# From this level on a relationship is firm; a signed agreement also makes it firm.
FIRM_FROM = Level.COORDINATION
# This sector is for people who represent only themselves; it has no organizations.
PEOPLE_ONLY = "residents"
# This key means the whole sector, without a focus area.
WHOLE = ""
# The form suggests a day this far ahead for asking.
ASK_WITHIN_DAYS = 14


def active_since(today: date, months: int) -> date:
    """Returns the first day whose events make someone active today; it counts back whole months."""
    return plus_months(today, -months)


# -- who is active, and how firm the relationship is


class CoverageFact(NamedTuple):
    """A day on which something was done together; it counts until the person behind it left."""

    day: date
    until: date | None = None


class CoverageSpan(NamedTuple):
    """A period in which an agreement was signed, first and last day included; no end means until now."""

    first: date
    last: date | None


class CoverageMove(NamedTuple):
    """A move of an agreement on a day, and the day until which it was signed then."""

    day: date
    state: AgreementState
    ends_on: date | None


def signed_spans(moves: Sequence[CoverageMove]) -> list[CoverageSpan]:
    """Returns when an agreement was signed, from its moves, oldest first."""
    found = []
    for position, move in enumerate(moves):
        if move.state is not AgreementState.SIGNED:
            continue
        ends = [] if move.ends_on is None else [move.ends_on]
        if position + 1 < len(moves):
            # On the day of the next move, the state after that move counts.
            ends.append(moves[position + 1].day - timedelta(days=1))
        found.append(CoverageSpan(move.day, min(ends, default=None)))
    return found


class Somebody(Struct, dict=True):
    """An organization of the directory, or a person who represents only themselves (without id and name).

    `level` is the directory's current level; `levels` are those that conversations gave, oldest first. A
    guest who represents only themselves is not `listed`, and known only by what they did. The lists are filled
    while everyone is read, before anything is computed.
    """

    key: str
    sector: str
    organization_id: int | None = None
    name: str = ""
    areas: set[str] = field(default_factory=set)
    level: int | None = None
    facts: list[CoverageFact] = field(default_factory=list)
    levels: list[tuple[date, int]] = field(default_factory=list)
    signed: list[CoverageSpan] = field(default_factory=list)
    listed: bool = True
    # These facts say that someone joined.
    joined: list[CoverageFact] = field(default_factory=list)

    @cached_property
    def _facts(self) -> list[CoverageFact]:
        return sorted(self.facts, key=lambda fact: fact.day)

    def is_active(self, since: date, day: date) -> bool:
        """Returns whether something was done together from `since` until this day."""
        first = bisect_left(self._facts, since, key=lambda fact: fact.day)
        for fact in self._facts[first:]:
            if fact.day > day:
                break
            if fact.until is None or fact.until > day:
                return True
        return False

    def gained_somebody(self, since: date, day: date) -> bool:
        """Returns whether someone joined from `since` on who is still a member."""
        return any(
            since <= each.day <= day and (each.until is None or each.until > day) for each in self.joined
        )

    def last_day(self, today: date) -> date | None:
        return max((fact.day for fact in self.facts if fact.day <= today), default=None)

    def level_on(self, day: date, today: date) -> int | None:
        """Returns the level that conversations gave by that day; for today, the directory's."""
        if day >= today:
            return self.level
        return next((level for said, level in reversed(self.levels) if said <= day), None)

    def is_signed_on(self, day: date) -> bool:
        return any(span.first <= day and (span.last is None or day <= span.last) for span in self.signed)

    def is_firm_on(self, day: date, today: date) -> bool:
        level = self.level_on(day, today)
        return self.is_signed_on(day) or (level is not None and level >= FIRM_FROM)


class CellState(StrEnum):
    """The states of a cell of the grid, in the order of their tints."""

    # No one is known here, or everyone known is inactive.
    EMPTY = "empty"
    ACTIVE = "active"
    FIRM = "firm"
    # A focus area of the sector has no organizations.
    NONE = "none"


class CoverageCell(Struct, frozen=True):
    """A sector in one focus area, or as a whole: who is active, and who is known but not active."""

    sector: str
    area: str
    standing: CellState
    active: tuple[Somebody, ...] = ()
    inactive: tuple[Somebody, ...] = ()
    # These are the best level of the active ones, and whether one of them has a signed agreement.
    level: int | None = None
    signed: bool = False

    @property
    def known(self) -> int:
        return len(self.active) + len(self.inactive)

    @property
    def is_empty(self) -> bool:
        return self.standing is CellState.EMPTY


class SectorRow(Struct, frozen=True):
    """A sector: as a whole, and in each focus area."""

    sector: str
    expected: bool
    whole: CoverageCell
    areas: tuple[CoverageCell, ...]


class CoveragePoint(NamedTuple):
    """The number of expected sectors with someone active on a day, and how many have a firm relationship."""

    day: date
    active: int
    firm: int
    total: int


class Coverage(Struct, frozen=True, dict=True):
    """Everyone who is known, as of a day. `expected` and `sectors` are keys in the content's order."""

    everybody: tuple[Somebody, ...]
    sectors: tuple[str, ...]
    expected: frozenset[str]
    areas: tuple[str, ...]
    today: date
    months: int
    # Sectors with an open recruitment have a row, whether or not they are expected.
    sought: frozenset[str] = field(default_factory=frozenset)

    @property
    def since(self) -> date:
        return active_since(self.today, self.months)

    @cached_property
    def _active(self) -> frozenset[str]:
        """Returns who is active today, by key; it is computed once for all cells."""
        since, today = self.since, self.today
        return frozenset(each.key for each in self.everybody if each.is_active(since, today))

    @cached_property
    def rows(self) -> tuple[SectorRow, ...]:
        """Returns the expected sectors, and other sectors in which someone is known or sought."""
        known: dict[str, list[Somebody]] = {}
        for each in self.everybody:
            known.setdefault(each.sector, []).append(each)
        return tuple(
            self._row(key, known.get(key, []))
            for key in self.sectors
            if key in self.expected or key in known or key in self.sought
        )

    def _row(self, sector: str, known: list[Somebody]) -> SectorRow:
        cells = tuple(
            CoverageCell(sector, area, CellState.NONE)
            if sector == PEOPLE_ONLY
            else self._cell(sector, area, [each for each in known if area in each.areas])
            for area in self.areas
        )
        return SectorRow(sector, sector in self.expected, self._cell(sector, WHOLE, known), cells)

    def _cell(self, sector: str, area: str, known: list[Somebody]) -> CoverageCell:
        active = [each for each in known if each.key in self._active]
        inactive = [each for each in known if each.listed and each.key not in self._active]
        levels = [each.level for each in active if each.level is not None]
        signed = any(each.is_signed_on(self.today) for each in active)
        firm = any(each.is_firm_on(self.today, self.today) for each in active)
        standing = CellState.FIRM if firm else CellState.ACTIVE if active else CellState.EMPTY
        return CoverageCell(
            sector, area, standing, tuple(active), tuple(inactive), max(levels, default=None), signed
        )

    @cached_property
    def now(self) -> CoveragePoint:
        return self.on(self.today)

    @property
    def missing(self) -> list[str]:
        """Returns expected sectors with no one active, in their order."""
        return [row.sector for row in self.rows if row.expected and row.whole.is_empty]

    def first_to_fill(self, sought: Collection[tuple[str, str]]) -> CoverageCell | None:
        """Returns the empty cell to fill first: where no one is asked yet, of a sector that is expected.

        A sector with no one active comes first. Else it is in the focus area with the fewest active
        organizations, of the sector that has most, because there is someone to ask.
        """
        rows = [row for row in self.rows if row.expected]
        if missing := [row.whole for row in rows if row.whole.is_empty and (row.sector, WHOLE) not in sought]:
            return missing[0]
        in_area = zip(*(row.areas for row in self.rows), strict=True)
        for cells in sorted(in_area, key=lambda cells: sum(len(cell.active) for cell in cells)):
            empty = [
                (row, cell)
                for row, cell in zip(self.rows, cells, strict=True)
                if row.expected
                and cell.is_empty
                and row.whole.active
                and (row.sector, cell.area) not in sought
            ]
            if empty:
                return max(empty, key=lambda each: len(each[0].whole.active))[1]
        return None

    def on(self, day: date) -> CoveragePoint:
        """Returns the coverage on a day."""
        since = active_since(day, self.months)
        active: set[str] = set()
        firm: set[str] = set()
        for each in self.everybody:
            if each.sector in self.expected and each.sector not in firm and each.is_active(since, day):
                active.add(each.sector)
                if each.is_firm_on(day, self.today):
                    firm.add(each.sector)
        return CoveragePoint(day, len(active), len(firm), len(self.expected))

    def over_time(self, most: int = 12) -> list[CoveragePoint]:
        """Returns coverage at the end of each recent month and today, oldest first, from the first known event on."""
        first = min((fact.day for each in self.everybody for fact in each.facts), default=self.today)
        ends = [day for day in month_ends(self.today, most) if day >= first]
        return [self.on(day) for day in (*ends, self.today)]


def month_ends(today: date, most: int) -> list[date]:
    """Returns the last days of this many months before this one, oldest first."""
    first = today.replace(day=1)
    return [plus_months(first, -back) - timedelta(days=1) for back in reversed(range(most))]


def is_late(ask_by: date | None, closed_on: date | None, today: date) -> bool:
    """Returns whether someone should have been asked before today and the recruitment is still open."""
    return closed_on is None and ask_by is not None and ask_by < today


def may_have_taken(sector: str, area: str, opened_on: date, coverage: Coverage) -> list[Somebody]:
    """Returns who may have taken a recruitment: those of its sector and area that are new since it was opened.

    An organization is new if it is active since then and was not the day before, or if one of its people
    joined; a person is new if they joined.
    """
    day_before, today = opened_on - timedelta(days=1), coverage.today
    since_then = active_since(day_before, coverage.months)

    def is_new(each: Somebody) -> bool:
        if each.gained_somebody(opened_on, today):
            return True
        if each.organization_id is None or not each.is_active(opened_on, today):
            return False
        return not each.is_active(since_then, day_before)

    fitting = (
        each for each in coverage.everybody if each.sector == sector and (not area or area in each.areas)
    )
    return [each for each in fitting if is_new(each)]


def unsought(missing: Iterable[str], sought: Collection[str]) -> list[str]:
    """Returns the missing sectors without an open recruitment."""
    return [key for key in missing if key not in sought]


# -- open recruitments


class RecruitmentOutcome(StrEnum):
    """The outcomes of an open recruitment."""

    TAKEN = "taken"
    GIVEN_UP = "given_up"
