"""Decides who has been quiet for a while, from what people did together with others, never from sign-ins or answers."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

# A person counts as quiet after this many days without a sign; the settings allow any number from least to most.
QUIET_DAYS, QUIET_DAYS_LEAST, QUIET_DAYS_MOST = 90, 14, 365


class Sign(StrEnum):
    """A sign of life: something dated that a person did."""

    MEETING = "meeting"
    CONVERSATION = "conversation"
    UPDATE = "update"
    ACTION = "action"
    TICK = "tick"


class LastSign(Struct, frozen=True):
    kind: Sign
    on: date


def last_of(signs: Iterable[LastSign]) -> LastSign | None:
    """Returns the latest sign; of several on one day, the one that people remember best."""
    order = list(Sign)
    return max(signs, key=lambda sign: (sign.on, -order.index(sign.kind)), default=None)


def quiet_since(today: date, days: int) -> date:
    """Returns the first day that still counts."""
    return today - timedelta(days=days)


def is_quiet(joined_on: date, last_on: date | None, today: date, days: int) -> bool:
    """Returns whether there was no sign for so many days. A person who joined within that time is never quiet."""
    first = quiet_since(today, days)
    return joined_on <= first and (last_on is None or last_on < first)
