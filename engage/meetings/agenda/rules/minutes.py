"""Spreads the available time over the lines of an agenda, in whole minutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

# People plan meetings in steps of five minutes.
STEP = 5
# No line gets more than this many times its wish. Time left over is reported, not filled.
STRETCH = 2


class Wish(Struct, frozen=True):
    """The minutes that a line wants, and the least that makes sense. A break gets exactly what it wants."""

    minutes: int
    least: int = STEP
    is_break: bool = False

    @property
    def lowest(self) -> int:
        return self.minutes if self.is_break else _up(max(self.least, STEP))

    @property
    def highest(self) -> int:
        return self.minutes if self.is_break else max(self.lowest, _up(STRETCH * self.minutes))


class MinutesSpread(Struct, frozen=True):
    """The minutes of each line, in order.

    Either the minutes fill the available time; or each line has its shortest length and is still `over`
    minutes too long in sum; or each line has twice what it wants and `spare` minutes are left.
    """

    minutes: tuple[int, ...]
    over: int = 0
    spare: int = 0


def spread(wishes: Sequence[Wish], at_hand: int) -> MinutesSpread:
    """Spreads the time in proportion to the wishes, in steps of five; the longest line gets the remainder.

    Each step goes to the line that is furthest below its share (Sainte-Laguë's method), so that wishes that
    already fit are returned unchanged.
    """
    given = [wish.lowest for wish in wishes]
    left = at_hand - sum(given)
    if left < 0:
        return MinutesSpread(tuple(given), over=-left)
    while left >= STEP and (line := _furthest_behind(wishes, given)) is not None:
        given[line] += STEP
        left -= STEP
    line = _longest_with_room(wishes, given)
    if 0 < left < STEP and line is not None:
        given[line] += left
        left = 0
    return MinutesSpread(tuple(given), spare=left)


def _furthest_behind(wishes: Sequence[Wish], given: Sequence[int]) -> int | None:
    """Returns the line furthest below its share that may get more minutes; None if no line may."""
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
    """Returns when each line begins, if each follows the one before without a gap."""
    found, moment = [], first
    for each in minutes:
        found.append(moment)
        moment += timedelta(minutes=each)
    return found


def short(minutes: int) -> int:
    """Returns the shortest length of a line that wants this many minutes: about half, in steps of five."""
    return max(STEP, minutes // 2 // STEP * STEP)
