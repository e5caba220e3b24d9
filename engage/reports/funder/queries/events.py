"""Reads the activities that were held, and adds them up: by kind, by audience, by county and by language."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.database import along, folded
from engage.extensions import db
from engage.plan.activities.models import Activity, ActivityAudience, ActivityPartner
from engage.plan.activities.rules import KINDS_PEOPLE_COME_TO, ActivityKind, ActivityState, Audience
from engage.reports.funder.rules import Sum, told_apart
from engage.reports.rules import Period


class HeldLine(NamedTuple):
    """An activity that was held."""

    id: int
    kind: ActivityKind
    title: str
    happened_on: date
    reached: int | None
    hours: float | None
    materials: int | None
    county: str
    language: str
    starts_at: datetime | None

    @property
    def is_event(self) -> bool:
        """Returns whether people came; an activity without a time of day may be a changed policy or form."""
        return self.starts_at is not None or self.kind in KINDS_PEOPLE_COME_TO

    @property
    def sum(self) -> Sum:
        return Sum.of(self.reached, self.hours or 0, self.materials or 0)


class HeldEvent(Struct, frozen=True):
    """Activities that were held, added up in several ways; "" stands for a missing value."""

    lines: Sequence[HeldLine]
    audiences: Mapping[str, Sum]
    # These are the organizations with which an activity was held, by id.
    organizations: frozenset[int]

    @property
    def whole(self) -> Sum:
        return Sum.together(each.sum for each in self.lines)

    @property
    def events(self) -> Sum:
        """Adds up only activities to which people came."""
        return Sum.together(each.sum for each in self.lines if each.is_event)

    @property
    def kinds(self) -> dict[ActivityKind, Sum]:
        found = {kind: [each.sum for each in self.lines if each.kind is kind] for kind in ActivityKind}
        return {kind: Sum.together(sums) for kind, sums in found.items() if sums}

    def by(self, column: str) -> dict[str, Sum]:
        """Adds up by county or language.

        Spellings that differ only in case and accents are one; the first one is shown.
        """
        names, sums = dict[str, str](), defaultdict(list)
        for each in self.lines:
            name = getattr(each, column)
            names.setdefault(folded(name), name)
            sums[folded(name)].append(each.sum)
        return {names[key]: Sum.together(found) for key, found in sums.items()}


def held_in(membership: Membership, period: Period) -> HeldEvent:
    """Reads the activities in three queries."""
    in_period = (
        Activity.coalition_id == membership.coalition_id,
        Activity.state == ActivityState.HELD,
        Activity.happened_on >= period.since,
        Activity.happened_on <= period.until,
    )
    held = (
        sa.select(
            Activity.id,
            Activity.kind,
            Activity.title,
            Activity.happened_on,
            Activity.reached,
            Activity.hours,
            Activity.materials,
            Activity.county,
            Activity.language,
            Activity.starts_at,
        )
        .where(*in_period)
        .order_by(Activity.happened_on, Activity.id)
    )
    audiences = (
        sa.select(ActivityAudience.activity_id, ActivityAudience.discipline, ActivityAudience.people)
        .join(Activity, along(ActivityAudience.activity_id, Activity))
        .where(*in_period)
    )
    partners = (
        sa.select(ActivityPartner.organization_id)
        .join(Activity, along(ActivityPartner.activity_id, Activity))
        .where(*in_period)
        .distinct()
    )
    lines = [HeldLine._make(row) for row in db.session.execute(held)]
    by_activity = defaultdict(list)
    for activity_id, discipline, people in db.session.execute(audiences):
        by_activity[activity_id].append(Audience(discipline, people))
    return HeldEvent(
        lines=lines,
        audiences=_by_audience((each, by_activity.get(each.id, [])) for each in lines),
        organizations=frozenset(db.session.scalars(partners)),
    )


def _by_audience(lines: Iterable[tuple[HeldLine, list[Audience]]]) -> dict[str, Sum]:
    """Adds up by audience.

    An activity counts for each of its audiences, with the people counted for that one.
    """
    sums = defaultdict(list)
    for line, audiences in lines:
        for discipline, found in told_apart(line.reached, audiences):
            sums[discipline].append(found)
    return {discipline: Sum.together(found) for discipline, found in sums.items()}
