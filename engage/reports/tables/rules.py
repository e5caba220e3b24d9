"""Defines the live tables and their columns, which titles stand in them, and how long a link and a copy are good."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from engage.partners.rules import plus_months
from engage.plan.measures.rules import FEWEST_SHOWN

MOST_LINKS = 10
NAME_LONGEST = 80
# A link is good for a year; a coordinator is asked to keep it in the last of these days.
LINK_MONTHS = 12
ASKED_BEFORE = timedelta(days=30)
# A table is computed at most once in this time, whoever asks for it how often.
FRESH = timedelta(minutes=1)
# While one request computes a table anew, others still get a copy that is at most this old.
STILL_GOOD = timedelta(minutes=5)
# A program that asks for a table while it is first computed is told to come back after so many seconds.
COME_BACK_SECONDS = 2


class LiveTable(StrEnum):
    """The tables, by the names in their addresses."""

    PLAN = "plan"
    MEASURES = "measures"
    ACTIVITIES = "activities"
    COUNTS = "counts"
    COVERAGE = "coverage"


_OBJECTIVE = ("goal_number", "goal", "objective_number", "objective")
# The names of columns never change, since formulas in sheets refer to them. docs/live-tables.md explains each.
HEADS: Mapping[LiveTable, tuple[str, ...]] = {
    LiveTable.PLAN: ("action_number", "action", "status", "start", "due", "done", *_OBJECTIVE),
    LiveTable.MEASURES: (
        "measure_number",
        "measure",
        "date",
        "value",
        "withheld",
        "question",
        "number_kind",
        "better",
        "start_date",
        "start_value",
        "target_date",
        "target_value",
        *_OBJECTIVE,
    ),
    LiveTable.ACTIVITIES: (
        "activity_number",
        "activity",
        "kind",
        "state",
        "date",
        "people_reached",
        "hours",
        "materials",
    ),
    LiveTable.COUNTS: (
        "period",
        "first_day",
        "last_day",
        "meetings_held",
        "attendances",
        "organizations",
        "agreements_signed",
        "actions_done",
        "activities_held",
        "people_reached",
        "hours",
        "materials",
    ),
    LiveTable.COVERAGE: (
        "sector",
        "sector_name",
        "expected",
        "area",
        "area_name",
        "state",
        "organizations_active",
        "organizations_known",
        "agreement_signed",
    ),
}
# In the table of coverage, this stands in place of a focus area for the sector as a whole.
ALL_AREAS = "all"


class TitleKind(StrEnum):
    """The things whose titles stand in the tables."""

    GOAL = "goal"
    OBJECTIVE = "objective"
    ACTION = "action"
    MEASURE = "measure"
    ACTIVITY = "activity"


class Title(Struct, frozen=True):
    """A title that may stand in a table; `number` is what stands in its place until it was let through."""

    kind: TitleKind
    id: int
    number: str
    text: str


def fingerprint(titles: Iterable[Title]) -> str:
    """Returns a mark of a list as a person read it, so that nothing is let through that they did not see."""
    seen = hashlib.sha256()
    for each in titles:
        seen.update(f"{each.kind}\0{each.number}\0{each.text}\0".encode())
    return seen.hexdigest()[:32]


def told(people: int | None) -> int | None:
    """Returns a number of people; None if they are so few that no one outside is told."""
    return None if people is None or 0 < people < FEWEST_SHOWN else people


def ends_on(today: date) -> date:
    return plus_months(today, LINK_MONTHS)


def asks_on(last: date) -> date:
    """Returns the first day on which a link that is good until `last` asks to be kept."""
    return last - ASKED_BEFORE


def is_fresh(made_at: datetime | None, now: datetime, within: timedelta = FRESH) -> bool:
    """Returns whether a copy was made lately; one from the future, by a clock that was set back, was not."""
    return made_at is not None and made_at <= now < made_at + within
