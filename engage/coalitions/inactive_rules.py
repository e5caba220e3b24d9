"""Decides who has been inactive for a while, from what people did with others, never from sign-ins or answers."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

# After how many days without activity a person counts as inactive; the settings allow any number from least
# to most.
INACTIVE_DAYS, INACTIVE_DAYS_LEAST, INACTIVE_DAYS_MOST = 90, 14, 365


class Sign(StrEnum):
    """The kinds of activity: dated things that a person did."""

    MEETING = "meeting"
    CONVERSATION = "conversation"
    UPDATE = "update"
    ACTION = "action"
    TICK = "tick"


class LastSign(Struct, frozen=True):
    kind: Sign
    on: date


def last_of(signs: Iterable[LastSign]) -> LastSign | None:
    """Returns the latest activity; of several on one day, the one that people remember best."""
    order = list(Sign)
    return max(signs, key=lambda sign: (sign.on, -order.index(sign.kind)), default=None)


def inactive_since(today: date, days: int) -> date:
    """Returns the first day on which activity still counts."""
    return today - timedelta(days=days)


def is_inactive(joined_on: date, last_on: date | None, today: date, days: int) -> bool:
    """Returns whether there was no activity for this many days.

    A person who joined within that time is never inactive.
    """
    first = inactive_since(today, days)
    return joined_on <= first and (last_on is None or last_on < first)
