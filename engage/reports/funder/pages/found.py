"""Collects everything that the funder report counts, before it is put into words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from engage.coalitions.models import Membership
from engage.partners.agreements.list import AgreementLine, agreements_of
from engage.plan.actions.queries.done import done_by_area
from engage.plan.feedback.queries import ToldFeedback, told_of_activities
from engage.plan.rules import ActionStatus
from engage.reports.funder.queries import counts
from engage.reports.funder.queries.counts import MeetingCounts, PeopleCounts
from engage.reports.funder.queries.events import HeldEvent, held_in
from engage.reports.funder.queries.partnerships import PartnershipCounts, partnerships
from engage.reports.rules import Period


class Counted(Struct, frozen=True):
    """The counts of one period."""

    period: Period
    meetings: MeetingCounts
    people: PeopleCounts
    signed: Sequence[AgreementLine]
    # The done actions are counted by focus area.
    done: Counter[str]
    held: HeldEvent

    @classmethod
    def of(cls, membership: Membership, period: Period, agreements: Sequence[AgreementLine]) -> "Counted":
        return cls(
            period=period,
            meetings=counts.meetings(membership, period),
            people=counts.people(membership, period),
            signed=[each for each in agreements if each.signed_on in period],
            done=done_by_area(membership, period.eve, period.until),
            held=held_in(membership, period),
        )

    @property
    def organizations(self) -> int:
        """Counts organizations that took part in anything, each of them once."""
        return len(self.meetings.organizations | self.held.organizations)


class Found(Struct, frozen=True):
    """The counts of a period and of the one before it, and the state on its last day."""

    now: Counted
    before: Counted
    agreements: Sequence[AgreementLine]
    partnerships: PartnershipCounts
    actions: Mapping[str, Mapping[ActionStatus, int]]
    done_sometime: int
    # This is the feedback on the period's events, by the activity.
    feedback: Mapping[int, ToldFeedback]
    # These are the day on which the numbers were read, and the last day of the period with data.
    today: date
    last: date
    small: bool

    @property
    def period(self) -> Period:
        return self.now.period

    @classmethod
    def of(cls, membership: Membership, period: Period, today: date, *, small: bool) -> "Found":
        """Reads all counts, in a number of queries that does not depend on how much there is."""
        lines = [each for each in agreements_of(membership, today) if each.signed_on is not None]
        last = period.last_day(today)
        now = Counted.of(membership, period, lines)
        return cls(
            now=now,
            before=Counted.of(membership, period.before, lines),
            agreements=lines,
            partnerships=partnerships(membership, lines, last),
            actions=counts.actions(membership),
            done_sometime=counts.done_sometime(membership),
            feedback=told_of_activities(membership.coalition_id, {each.id for each in now.held.lines}),
            today=today,
            last=last,
            small=small,
        )
