"""Defines periods to look back at: any two days, quarters and years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from engage.partners.rules import plus_months
from engage.plan.rules import ActionStatus


class ChangePeriod(Struct, frozen=True):
    """A period from one day to another, including both."""

    since: date
    until: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.since <= day <= self.until

    def args(self) -> dict[str, Any]:
        """Returns the period as an address writes it."""
        return {"since": self.since.isoformat(), "until": self.until.isoformat()}


def asked(args: Mapping[str, str], default: ChangePeriod) -> ChangePeriod:
    """Returns the period in the address; an invalid day is ignored, and two days in the wrong order are swapped."""
    since = day_asked(args.get("since", "")) or default.since
    until = day_asked(args.get("until", "")) or max(default.until, since)
    return ChangePeriod(min(since, until), max(since, until))


def day_asked(text: str) -> date | None:
    """Returns the day in an address; None if it is no date or not in a year that a plan can be about."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day is not None and 2000 <= day.year <= 2100 else None


def quarter_of(day: date) -> ChangePeriod:
    """Returns the calendar quarter that a day lies in."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return ChangePeriod(first, plus_months(first, 3) - timedelta(days=1))


def quarter_before(day: date) -> ChangePeriod:
    """Returns the whole quarter before the one that a day lies in."""
    return quarter_of(quarter_of(day).since - timedelta(days=1))


def year_of(day: date) -> ChangePeriod:
    return ChangePeriod(date(day.year, 1, 1), date(day.year, 12, 31))


def to_review(today: date) -> ChangePeriod:
    """Returns the quarter that a review now is about; in a quarter's first month that is the previous quarter."""
    this = quarter_of(today)
    return quarter_before(today) if (today - this.since).days < 31 else this


# -- the earlier values of something


# History stores values of these fields of an action, which describe its state.
KEPT = ("plan_id", "goal_id", "status", "due_on")


class ActionState(Struct, frozen=True):
    """The state of an action: its plan, its goal, its status, and its due date."""

    plan_id: int
    goal_id: int | None
    status: ActionStatus
    due_on: date | None = None


def as_it_was(now: ActionState, changes: Mapping[str, str | None]) -> ActionState:
    """Returns the earlier state; `changes` gives each changed field's value before its first change."""
    plan, goal, status, due = (changes.get(name) for name in KEPT)
    return ActionState(
        plan_id=int(plan) if plan else now.plan_id,
        goal_id=(int(goal) if goal else None) if "goal_id" in changes else now.goal_id,
        status=ActionStatus(status) if status in set(ActionStatus) else now.status,
        due_on=(date.fromisoformat(due) if due else None) if "due_on" in changes else now.due_on,
    )
