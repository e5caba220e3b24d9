"""Rules for carrying things into the next plan: the reasons, the dates and the name."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from engage.partners.rules import plus_months
from engage.plan.copying.rules import Start
from engage.plan.rules import CarryWhy


class MissingWords(ValueError):
    """The reason *other* needs the person's own words."""


class CarryChoice(Struct, frozen=True):
    """The choice to carry something over, and the reason. Raises MissingWords."""

    why: CarryWhy
    reason: str = ""

    def __post_init__(self) -> None:
        if self.why is CarryWhy.OTHER and not self.reason.strip():
            raise MissingWords


class Chosen(Struct, frozen=True):
    """Everything that is carried over: goals and objectives by id, actions by number."""

    goals: Mapping[int, CarryChoice]
    objectives: Mapping[int, CarryChoice]
    actions: Mapping[int, CarryChoice]

    def __bool__(self) -> bool:
        return bool(self.goals or self.objectives or self.actions)


class PlanSpan(Struct, frozen=True):
    """The new plan's period, as far as it is known."""

    starts_on: date | None
    ends_on: date | None

    def keeps(self, day: date | None, today: date) -> date | None:
        """Returns the date if it is in the new plan's period (or the future, if that is unknown); else None."""
        if (
            day is None
            or day < (self.starts_on or today)
            or (self.ends_on is not None and day > self.ends_on)
        ):
            return None
        return day


def target_day(target: float | None, target_on: date | None, start: Start, span: PlanSpan) -> date | None:
    """Returns the due day of a target: the old day if it is after the start, else the new plan's end."""
    if target is None:
        return None
    days = (target_on, span.ends_on)
    return next((day for day in days if day is not None and (start.on is None or day > start.on)), None)


def following(starts_on: date | None, ends_on: date | None) -> PlanSpan:
    """Returns the span one year later, the most likely one for the next plan."""
    if ends_on is None:
        return PlanSpan(None, None)
    begins = ends_on + timedelta(days=1)
    return PlanSpan(
        begins, plus_months(ends_on, 12) if starts_on is None else _as_long(starts_on, ends_on, begins)
    )


def _as_long(starts_on: date, ends_on: date, begins: date) -> date:
    after = ends_on + timedelta(days=1)
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    return plus_months(begins, max(months, 1)) - timedelta(days=1)


_YEARS = re.compile(r"\b(20\d\d)(?:([-/\u2013])(20)?(\d\d))?\b")


def next_title(title: str) -> str:
    """Returns the title with its years increased by one: "Plan of action 2026-27" becomes "Plan of action 2027-28"."""

    def year_later(match: re.Match[str]) -> str:
        first, dash, century, second = match.groups()
        said = str(int(first) + 1)
        return f"{said}{dash}{century or ''}{(int(second) + 1) % 100:02d}" if dash else said

    return _YEARS.sub(year_later, title)
