"""Coverage: which expected sectors have somebody active, how firmly, which seats are open. Plain Python."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from engage.partners.rules import AgreementState, Level, plus_months

# From here on a relationship is firm; a signed agreement makes it firm, too.
FIRM_FROM = Level.COORDINATION
# The sector of those who come for themselves: it has people and no organizations.
PEOPLE_ONLY = "residents"
# The whole sector, whatever the focus area.
WHOLE = ""
# How many days ahead an inviter is proposed to ask by.
ASK_WITHIN_DAYS = 14


def active_since(today: date, months: int) -> date:
    """The first day on which what happened makes somebody active today, by the months' own rule."""
    return plus_months(today, -months)


# -- who is active, and how firm that is


class Fact(NamedTuple):
    """A day on which something was done together; it counts until the person behind it left."""

    day: date
    until: date | None = None


class Span(NamedTuple):
    """From when to when an agreement was signed, both days included; without an end it still is."""

    first: date
    last: date | None


class Move(NamedTuple):
    """What an agreement became on a day, and until when it was signed then."""

    day: date
    state: AgreementState
    ends_on: date | None


def signed_spans(moves: Sequence[Move]) -> list[Span]:
    """When an agreement was signed, from its moves, the oldest first."""
    found = []
    for position, move in enumerate(moves):
        if move.state is not AgreementState.SIGNED:
            continue
        ends = [] if move.ends_on is None else [move.ends_on]
        if position + 1 < len(moves):
            # On the day of the next move it is what that one says.
            ends.append(moves[position + 1].day - timedelta(days=1))
        found.append(Span(move.day, min(ends, default=None)))
    return found


@dataclass(frozen=True)
class Somebody:
    """An organization of the directory, or a person who comes for themselves (without id and name).

    `level` is what the directory says now; `levels` are those that a conversation said, the oldest first. Who is
    not `listed` is known only by what they did: a guest who came for themselves.
    """

    key: str
    sector: str
    organization_id: int | None = None
    name: str = ""
    areas: frozenset[str] = frozenset()
    level: int | None = None
    facts: tuple[Fact, ...] = ()
    levels: tuple[tuple[date, int], ...] = ()
    signed: tuple[Span, ...] = ()
    listed: bool = True
    # Of the facts those that somebody joined.
    joined: tuple[Fact, ...] = ()

    @cached_property
    def _facts(self) -> list[Fact]:
        return sorted(self.facts, key=lambda fact: fact.day)

    def is_active(self, since: date, day: date) -> bool:
        """Whether something was done together from `since` on, until this day."""
        first = bisect_left(self._facts, since, key=lambda fact: fact.day)
        for fact in self._facts[first:]:
            if fact.day > day:
                break
            if fact.until is None or fact.until > day:
                return True
        return False

    def gained_somebody(self, since: date, day: date) -> bool:
        """Whether somebody joined from `since` on who is still here."""
        return any(
            since <= each.day <= day and (each.until is None or each.until > day) for each in self.joined
        )

    def last_day(self, today: date) -> date | None:
        return max((fact.day for fact in self.facts if fact.day <= today), default=None)

    def level_on(self, day: date, today: date) -> int | None:
        """What a conversation had said by then; today, what the directory says."""
        if day >= today:
            return self.level
        return next((level for said, level in reversed(self.levels) if said <= day), None)

    def is_signed_on(self, day: date) -> bool:
        return any(span.first <= day and (span.last is None or day <= span.last) for span in self.signed)

    def is_firm_on(self, day: date, today: date) -> bool:
        level = self.level_on(day, today)
        return self.is_signed_on(day) or (level is not None and level >= FIRM_FROM)


class Standing(StrEnum):
    """What a cell of the grid is, in the order of its tints."""

    # Nobody is known, or nobody of those who are known is active.
    EMPTY = "empty"
    ACTIVE = "active"
    FIRM = "firm"
    # A focus area of the sector that has no organizations.
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Cell:
    """A sector in one focus area, or as a whole: who is active, who is known and is not."""

    sector: str
    area: str
    standing: Standing
    active: tuple[Somebody, ...] = ()
    quiet: tuple[Somebody, ...] = ()
    # The best of the active ones; whether one of them has signed.
    level: int | None = None
    signed: bool = False

    @property
    def known(self) -> int:
        return len(self.active) + len(self.quiet)

    @property
    def is_empty(self) -> bool:
        return self.standing is Standing.EMPTY


@dataclass(frozen=True, slots=True)
class Row:
    """A sector: as a whole, and in each focus area."""

    sector: str
    expected: bool
    whole: Cell
    areas: tuple[Cell, ...]


class Point(NamedTuple):
    """How many expected sectors had somebody active on a day, and of them firmly."""

    day: date
    active: int
    firm: int
    total: int


@dataclass(frozen=True)
class Coverage:
    """Everybody there is, looked at on a day. `expected` and `sectors` are keys in the content's order."""

    everybody: tuple[Somebody, ...]
    sectors: tuple[str, ...]
    expected: frozenset[str]
    areas: tuple[str, ...]
    today: date
    months: int
    # Expected or not: those somebody looks for, too, have a row.
    sought: frozenset[str] = field(default_factory=frozenset)

    @property
    def since(self) -> date:
        return active_since(self.today, self.months)

    @cached_property
    def _active(self) -> frozenset[str]:
        """Who is active today, by key: asked once for all cells."""
        since, today = self.since, self.today
        return frozenset(each.key for each in self.everybody if each.is_active(since, today))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The expected sectors, and of the others those where somebody is known or looked for."""
        known: dict[str, list[Somebody]] = {}
        for each in self.everybody:
            known.setdefault(each.sector, []).append(each)
        return tuple(
            self._row(key, known.get(key, []))
            for key in self.sectors
            if key in self.expected or key in known or key in self.sought
        )

    def _row(self, sector: str, known: list[Somebody]) -> Row:
        cells = tuple(
            Cell(sector, area, Standing.NONE)
            if sector == PEOPLE_ONLY
            else self._cell(sector, area, [each for each in known if area in each.areas])
            for area in self.areas
        )
        return Row(sector, sector in self.expected, self._cell(sector, WHOLE, known), cells)

    def _cell(self, sector: str, area: str, known: list[Somebody]) -> Cell:
        active = [each for each in known if each.key in self._active]
        quiet = [each for each in known if each.listed and each.key not in self._active]
        levels = [each.level for each in active if each.level is not None]
        signed = any(each.is_signed_on(self.today) for each in active)
        firm = any(each.is_firm_on(self.today, self.today) for each in active)
        standing = Standing.FIRM if firm else Standing.ACTIVE if active else Standing.EMPTY
        return Cell(sector, area, standing, tuple(active), tuple(quiet), max(levels, default=None), signed)

    @cached_property
    def now(self) -> Point:
        return self.on(self.today)

    @property
    def missing(self) -> list[str]:
        """Expected sectors with nobody active, in their order."""
        return [row.sector for row in self.rows if row.expected and row.whole.is_empty]

    def on(self, day: date) -> Point:
        """What coverage was on a day."""
        since = active_since(day, self.months)
        active: set[str] = set()
        firm: set[str] = set()
        for each in self.everybody:
            if each.sector in self.expected and each.sector not in firm and each.is_active(since, day):
                active.add(each.sector)
                if each.is_firm_on(day, self.today):
                    firm.add(each.sector)
        return Point(day, len(active), len(firm), len(self.expected))

    def over_time(self, most: int = 12) -> list[Point]:
        """At the end of each of the last months, the oldest first, and today; from the first one on that knows
        of anything."""
        first = min((fact.day for each in self.everybody for fact in each.facts), default=self.today)
        ends = [day for day in month_ends(self.today, most) if day >= first]
        return [self.on(day) for day in (*ends, self.today)]


def month_ends(today: date, most: int) -> list[date]:
    """The last days of so many months before this one, the oldest first."""
    first = today.replace(day=1)
    return [plus_months(first, -back) - timedelta(days=1) for back in reversed(range(most))]


def is_late(ask_by: date | None, closed_on: date | None, today: date) -> bool:
    """Whether somebody was to be asked before today, and the seat is still open."""
    return closed_on is None and ask_by is not None and ask_by < today


def may_have_taken(sector: str, area: str, opened_on: date, coverage: Coverage) -> list[Somebody]:
    """Who may have taken a seat: of its sector, in its area, and new since it was opened. An organization is when it
    is active since then, which it was not the day before, or when somebody of it joined; a person when they did."""
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
    """The missing sectors that nobody looks for yet."""
    return [key for key in missing if key not in sought]
