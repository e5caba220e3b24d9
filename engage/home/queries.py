"""Gathers what home shows from every feature, in a number of queries that does not grow with the rows."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from engage.assessment import queries as assessment
from engage.assessment.models import Round
from engage.assessment.queries import OpenRound
from engage.assessment.results.queries import released
from engage.assessment.results.queries.released import LatestResults
from engage.checklist import queries as checklist
from engage.checklist.queries import HeldItem
from engage.checklist.rules import Progress as TipsProgress
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import active
from engage.coalitions.rules import InvitationKind
from engage.database import along
from engage.extensions import db
from engage.home.outside.queries import NOTHING as NOTHING_OUTSIDE
from engage.home.outside.queries import Outside, outside_of
from engage.home.rules import Situation, start_of
from engage.meetings import queries as meetings
from engage.meetings.decisions import service as decisions_service
from engage.meetings.decisions.service import DueDecisions
from engage.meetings.models import Meeting
from engage.onboarding import queries as onboarding
from engage.onboarding.queries import Path
from engage.partners.models import Affiliation, Organization
from engage.partners.organizations import queries as organizations_queries
from engage.plan.actions.queries import waiting as waiting_queries
from engage.plan.actions.queries.waiting import WaitingAction, WaitingActions
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.rules import MeasureFact
from engage.plan.plans import queries as plans_queries
from engage.plan.plans.queries import MovesSince, PlanSummary
from engage.toolkit import queries as toolkit
from engage.toolkit.queries import ReadingTask

# A list on home shows no more; it says how many there are.
ROWS_MOST = 8
MINUTES_MOST = 3
NOTHING = WaitingActions([], 0)


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    """A person who asked to join and waits for a coordinator's yes."""

    id: int
    name: str
    organization: str
    came_by: InvitationKind | None
    asked_on: date


@dataclass(frozen=True, slots=True)
class Moved:
    """The events since a chosen day."""

    actions: MovesSince
    tips_done: int
    people_joined: int
    rounds_closed: int

    @property
    def is_empty(self) -> bool:
        return not (
            self.actions.done
            or self.actions.new
            or self.tips_done
            or self.people_joined
            or self.rounds_closed
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """The things that wait for one person in one coalition; what a role does not see is empty."""

    open_round: OpenRound | None
    my_actions: WaitingActions
    my_items: list[HeldItem]
    my_reading: list[ReadingTask]
    # These measures are due for a reading.
    due_readings: list[MeasureFact]
    people: list[WaitingPerson]
    # No one has checked these organizations for more than a year; this is for coordinators.
    old_partners: int
    # These decisions are to be reviewed: everyone's for a coordinator, else one's own.
    decisions: DueDecisions | None
    decisions_are_mine: bool
    # This is the number of reports that wait for a coordinator.
    texts_reported: int


@dataclass(frozen=True, slots=True)
class Home(Waiting):
    """Everything the page is made of; what a role does not see is empty."""

    path: Path
    tips: TipsProgress
    others: WaitingActions
    plan: PlanSummary | None
    results: LatestResults | None
    moved: Moved
    runs_rounds: bool
    next_meeting: Meeting | None = None
    # These are the latest minutes, for readers without a list of meetings: id, title and start.
    minutes: tuple[tuple[int, str, datetime], ...] = ()
    outside: Outside = NOTHING_OUTSIDE

    @property
    def is_empty(self) -> bool:
        """Returns whether nothing has been recorded yet that a card could count."""
        no_plan = self.plan is None or not self.plan.progress.total
        nothing_known = self.results is None and self.open_round is None and not self.tips.done
        nobody_outside = not self.outside.agreements and not self.outside.seats
        no_dates = self.next_meeting is None and not self.minutes and nobody_outside
        return no_plan and nothing_known and not self.path.done.done and no_dates

    @property
    def late_action(self) -> WaitingAction | None:
        return next((action for action in self.my_actions.shown if action.is_late), None)

    @property
    def soon_action(self) -> WaitingAction | None:
        """Returns the first of my actions that is not late yet."""
        return next((action for action in self.my_actions.shown if not action.is_late), None)

    @property
    def situation(self) -> Situation:
        waits = self.open_round is not None and self.open_round.waits
        over = self.open_round is not None and self.open_round.is_over
        return Situation(
            people_waiting=bool(self.people),
            round_to_close=over and self.runs_rounds,
            round_to_answer=waits,
            late_action=self.late_action is not None,
            soon_action=self.soon_action is not None,
            step=self.path.next is not None,
        )


# It is built once, because building a statement takes longer than running it.
_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_SINCE: sa.BindParameter[datetime] = sa.bindparam("since")
_WAITING = (
    sa.select(Membership.id, Membership.name, Organization.name, Membership.came_by, Membership.joined_at)
    .outerjoin(Affiliation, along(Affiliation.membership_id, Membership))
    .outerjoin(Organization, along(Affiliation.organization_id, Organization))
    .where(
        Membership.coalition_id == _HERE,
        Membership.approved_at.is_(None),
        Membership.disabled_at.is_(None),
        Membership.left_on.is_(None),
    )
    .order_by(Membership.joined_at, Membership.id)
)
_MOVED = sa.select(
    sa.select(sa.func.count(Membership.id))
    .where(Membership.coalition_id == _HERE, Membership.approved_at >= _SINCE, *active())
    .scalar_subquery(),
    sa.select(sa.func.count(Round.id))
    .where(Round.coalition_id == _HERE, Round.closed_at >= _SINCE)
    .scalar_subquery(),
)


def waiting_of(membership: Membership, today: date, most: int | None = ROWS_MOST) -> Waiting:
    """Returns what waits for this person: the one rule, for home, the inbox and the digest.

    `most` limits the actions.
    """
    works = may(membership.role, Permission.WORK)
    manages = may(membership.role, Permission.MANAGE_PEOPLE)
    return Waiting(
        open_round=assessment.open_round_for(membership),
        my_actions=waiting_queries.waiting_for(membership, today, most) if works else NOTHING,
        my_items=checklist.items_waiting_for(membership) if works else [],
        my_reading=toolkit.reading_of(membership) if works else [],
        due_readings=measures_queries.due_for(membership, today) if works else [],
        people=people_waiting(membership) if manages else [],
        old_partners=organizations_queries.old_count(membership, today) if manages else 0,
        decisions=decisions_service.due_decisions(membership, today, mine=not manages) if works else None,
        decisions_are_mine=not manages,
        texts_reported=membership.coalition.texts_reported if may(membership.role, Permission.REDACT) else 0,
    )


def home_of(membership: Membership, today: date, since: datetime) -> Home:
    """Returns the page's facts for one person."""
    reminds = may(membership.role, Permission.REMIND)
    sees_all = may(membership.role, Permission.SEE_ALL)
    waiting = waiting_of(membership, today)
    path = onboarding.path_of(membership, whole=False)
    return Home(
        **{each.name: getattr(waiting, each.name) for each in fields(Waiting)},
        path=path,
        tips=path.tips,
        others=waiting_queries.others_late_or_stuck(membership, today, ROWS_MOST) if reminds else NOTHING,
        plan=plans_queries.plan_summary(membership, today),
        results=released.latest_results(membership),
        moved=moved_since(membership, since),
        runs_rounds=may(membership.role, Permission.RUN_ROUNDS),
        next_meeting=meetings.next_meeting(membership, start_of(today, membership.coalition.time_zone)),
        minutes=() if sees_all else tuple(meetings.closed_meetings(membership, MINUTES_MOST)),
        outside=outside_of(membership, today),
    )


def people_waiting(membership: Membership) -> list[WaitingPerson]:
    """Returns who asked to join, the longest wait first."""
    zone = ZoneInfo(membership.coalition.time_zone)
    return [
        WaitingPerson(id_, name, organization or "", came_by, joined_at.astimezone(zone).date())
        for id_, name, organization, came_by, joined_at in db.session.execute(
            _WAITING, {"coalition_id": membership.coalition_id}
        )
    ]


def moved_since(membership: Membership, moment: datetime) -> Moved:
    """Returns what moved. Viewers see no people, so people are not counted for them."""
    asked = {"coalition_id": membership.coalition_id, "since": moment}
    people, rounds = db.session.execute(_MOVED, asked).one()
    return Moved(
        actions=plans_queries.moves_since(membership, moment),
        tips_done=len(checklist.changes_since(membership, moment)),
        people_joined=people if may(membership.role, Permission.SEE_ALL) else 0,
        rounds_closed=rounds,
    )


def person_of(membership: Membership, person_id: int) -> Membership | None:
    """Returns one of the people who take part now, with their account."""
    row = (
        sa.select(Membership)
        .options(joinedload(Membership.user), joinedload(Membership.coalition))
        .where(Membership.coalition_id == membership.coalition_id, Membership.id == person_id, *active())
    )
    return db.session.scalar(row)
