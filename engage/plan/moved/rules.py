"""Periods to look back at: any two days, quarters and years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engage.partners.rules import plus_months
from engage.plan.rules import ActionStatus


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both belonging to it."""

    since: date
    until: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.since <= day <= self.until

    def args(self) -> dict[str, Any]:
        """As an address says it."""
        return {"since": self.since.isoformat(), "until": self.until.isoformat()}


def asked(args: Mapping[str, str], default: Period) -> Period:
    """What the address asks for; a day it says wrongly is left out, two days in the wrong order are turned."""
    since = day_asked(args.get("since", "")) or default.since
    until = day_asked(args.get("until", "")) or max(default.until, since)
    return Period(min(since, until), max(since, until))


def day_asked(text: str) -> date | None:
    """A day as an address says it, within what a plan can mean."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day is not None and 2000 <= day.year <= 2100 else None


def quarter_of(day: date) -> Period:
    """The quarter of the calendar that a day lies in."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return Period(first, plus_months(first, 3) - timedelta(days=1))


def quarter_before(day: date) -> Period:
    """The whole quarter before the one that a day lies in."""
    return quarter_of(quarter_of(day).since - timedelta(days=1))


def year_of(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def to_review(today: date) -> Period:
    """The quarter that a review now is about: in its first month one still speaks of the last one."""
    this = quarter_of(today)
    return quarter_before(today) if (today - this.since).days < 31 else this


# -- how something stood on a day


# What history keeps of an action that says where it stood.
KEPT = ("plan_id", "goal_id", "status", "due_on")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an action stands: its plan, its goal, its status, when it is due."""

    plan_id: int
    goal_id: int | None
    status: ActionStatus
    due_on: date | None = None


def as_it_was(now: Standing, changes: Mapping[str, str | None]) -> Standing:
    """How it stood before the first change of each field since; `changes` gives each field's value before it."""
    plan, goal, status, due = (changes.get(name) for name in KEPT)
    return Standing(
        plan_id=int(plan) if plan else now.plan_id,
        goal_id=(int(goal) if goal else None) if "goal_id" in changes else now.goal_id,
        status=ActionStatus(status) if status in set(ActionStatus) else now.status,
        due_on=(date.fromisoformat(due) if due else None) if "due_on" in changes else now.due_on,
    )
