"""Spreads the available time over an agenda's lines, in whole minutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

# People plan meetings in steps of five minutes.
STEP = 5
# No line gets more than this many times what it asks for; the remaining time is reported, not filled.
STRETCH = 2


class Wish(Struct, frozen=True):
    """The minutes a line asks for, and the least that makes sense. A break gets exactly what it asks for."""

    minutes: int
    least: int = STEP
    is_break: bool = False

    @property
    def lowest(self) -> int:
        return self.minutes if self.is_break else _up(max(self.least, STEP))

    @property
    def highest(self) -> int:
        return self.minutes if self.is_break else max(self.lowest, _up(STRETCH * self.minutes))


class Spread(Struct, frozen=True):
    """Minutes for each line, in order.

    Either they fill the available time; or each line has its shortest length and `over` minutes still do not
    fit; or each line has twice what it asked for and `spare` minutes are left.
    """

    minutes: tuple[int, ...]
    over: int = 0
    spare: int = 0


def spread(wishes: Sequence[Wish], at_hand: int) -> Spread:
    """Spreads the time by what the lines ask for, in fives; the remainder goes to the longest line.

    Five minutes at a time go to the line that is furthest behind its share (Sainte-Laguë's rule), so that
    wishes that already fit are returned unchanged.
    """
    given = [wish.lowest for wish in wishes]
    left = at_hand - sum(given)
    if left < 0:
        return Spread(tuple(given), over=-left)
    while left >= STEP and (line := _furthest_behind(wishes, given)) is not None:
        given[line] += STEP
        left -= STEP
    line = _longest_with_room(wishes, given)
    if 0 < left < STEP and line is not None:
        given[line] += left
        left = 0
    return Spread(tuple(given), spare=left)


def _furthest_behind(wishes: Sequence[Wish], given: Sequence[int]) -> int | None:
    """Returns the first of the lines furthest behind that may have more; None if no line may."""
    open_lines = [line for line, wish in enumerate(wishes) if given[line] < wish.highest]
    return max(
        open_lines,
        key=lambda line: (max(wishes[line].minutes, 1) / (2 * given[line] + STEP), -line),
        default=None,
    )


def _longest_with_room(wishes: Sequence[Wish], given: Sequence[int]) -> int | None:
    open_lines = [line for line, wish in enumerate(wishes) if given[line] < wish.highest]
    return max(open_lines, key=lambda line: (given[line], -line), default=None)


def _up(minutes: int) -> int:
    return -(-minutes // STEP) * STEP


def starts(first: datetime, minutes: Sequence[int]) -> list[datetime]:
    """Returns when each line begins, if they follow one another."""
    found, moment = [], first
    for each in minutes:
        found.append(moment)
        moment += timedelta(minutes=each)
    return found


def short(minutes: int) -> int:
    """Returns the shortest length for a line that asks for this many minutes: about half, in steps of five."""
    return max(STEP, minutes // 2 // STEP * STEP)
