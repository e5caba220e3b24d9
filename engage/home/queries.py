"""Reads everything on Home from all features, in a fixed number of queries."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy.orm import joinedload

from engage import clock
from engage.assessment import queries as assessment
from engage.assessment.models import Round
from engage.assessment.queries import OpenRound, OverRound
from engage.assessment.results.queries import released
from engage.assessment.results.queries.released import LatestResults
from engage.checklist import queries as checklist
from engage.checklist.models import Item
from engage.checklist.queries import HeldItem
from engage.checklist.rules import ItemState
from engage.coalitions.about import queries as about_queries
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import active
from engage.coalitions.rules import InvitationKind
from engage.database import UtcDateTime, along
from engage.directory.groups.asks import queries as asks_queries
from engage.directory.groups.asks.queries import AskLine
from engage.extensions import db
from engage.history import HistoryEntry
from engage.home.left_open import LeftKind, LeftOpen, left_open_for
from engage.home.outside import Outside, outside_of
from engage.home.rules import SINCE_DAYS, Situation
from engage.meetings import queries as meetings
from engage.meetings.decisions import service as decisions_service
from engage.meetings.decisions.service import DueDecisions
from engage.meetings.models import Meeting
from engage.onboarding import queries as onboarding
from engage.onboarding.first_evening.queries import facts_of
from engage.onboarding.first_evening.rules import Facts
from engage.onboarding.queries import Path
from engage.partners.models import Affiliation, Organization
from engage.partners.organizations import queries as organizations_queries
from engage.partners.services import queries as services_queries
from engage.plan.actions.queries import by_mail
from engage.plan.actions.queries import waiting as waiting_queries
from engage.plan.actions.queries.by_mail import SaidByMail
from engage.plan.actions.queries.waiting import WaitingAction, WaitingActions
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.rules import MeasureFact
from engage.plan.models import Action
from engage.plan.plans import queries as plans_queries
from engage.plan.plans.queries import PlanSummary
from engage.plan.rules import ActionStatus
from engage.toolkit import queries as toolkit
from engage.toolkit.queries import ReadingTask

# A list shows at most this many of other people's actions, and says how many there are.
ROWS_MOST = 8
# This many of the reader's own actions are read, to separate late or stuck ones from those that are only due.
MINE_MOST = 40
MINUTES_MOST = 3
# A coordinator sees this much of what was said by links in mails, of this many days.
BY_MAIL_MOST, BY_MAIL_DAYS = 5, 7
NOTHING = WaitingActions([], 0)


class WaitingPerson(Struct, frozen=True):
    """A person who asked to join and waits for a coordinator's approval."""

    id: int
    name: str
    organization: str
    came_by: InvitationKind | None
    asked_on: date


class Moved(Struct, frozen=True):
    """What was done since the last meeting, or in recent weeks if there was no meeting."""

    meeting_at: datetime | None
    actions_done: int
    tips_done: int
    people_joined: int
    rounds_closed: int


class Waiting(Struct, frozen=True):
    """Everything that waits for one person in one coalition, without what their role may not see."""

    open_round: OpenRound | None
    my_actions: WaitingActions
    my_items: list[HeldItem]
    my_reading: list[ReadingTask]
    # What the person can finish: meetings to close first, then events to count, reviews and terms.
    left_open: list[LeftOpen]
    # Measures for which a reading is due.
    due_readings: list[MeasureFact]
    people: list[WaitingPerson]
    # For coordinators: invitations that were made and not sent.
    unsent: int
    # For coordinators: organizations that no one has checked for more than a year.
    old_partners: int
    # Services of the referral list that should be checked again.
    old_services: int
    # For coordinators: whether a link to live tables asks to be kept.
    live_link_asks: bool
    # Decisions due for review: all of them for a coordinator, else the person's own.
    decisions: DueDecisions | None
    decisions_are_mine: bool
    # The number of open reports that wait for a coordinator.
    texts_reported: int
    # Whether the person still has to accept the current confidentiality statement.
    statement_waits: bool
    # Requests to join a group that the person should answer, and answers to their own requests.
    asks: list[AskLine]


class Home(Waiting, frozen=True):
    """Everything on the page; parts that a role may not see are empty."""

    others: WaitingActions
    plan: PlanSummary | None
    results: LatestResults | None
    moved: Moved
    # For coordinators: the open round whose last day has passed, for members or for anyone.
    over_round: OverRound | None
    next_meeting: Meeting | None
    # The latest minutes, for readers who have no list of meetings: id, title and start.
    minutes: tuple[tuple[int, str, datetime], ...]
    outside: Outside
    # For coordinators: what people lately said about their actions by the links in mails.
    by_mail: list[SaidByMail]
    # The counts of the first evening; None once it was dismissed.
    evening: Facts | None = None
    # The path of Getting Started. None, to save time, if the amber card is about something else.
    path: Path | None = None

    @property
    def is_empty(self) -> bool:
        """Returns whether nothing is recorded yet that a card on Home could count."""
        no_plan = self.plan is None or not self.plan.progress.total
        nothing_known = self.results is None and self.open_round is None
        nothing_done = self.path is None or (not self.path.done.done and not self.path.tips.done)
        nobody_outside = not self.outside.agreements and not self.outside.recruitments
        no_dates = self.next_meeting is None and not self.minutes and nobody_outside
        return no_plan and nothing_known and nothing_done and no_dates

    @property
    def meetings_to_close(self) -> list[LeftOpen]:
        """Returns the meetings that were held and that the reader may close, the oldest first."""
        return [each for each in self.left_open if each.kind is LeftKind.MEETING]

    @property
    def late_action(self) -> WaitingAction | None:
        return next((action for action in self.my_actions.shown if action.is_late), None)

    @property
    def soon_action(self) -> WaitingAction | None:
        """Returns the first of the reader's own actions that is not late."""
        return next((action for action in self.my_actions.shown if not action.is_late), None)

    @property
    def situation(self) -> Situation:
        waits = self.open_round is not None and self.open_round.waits
        return Situation(
            meeting_to_close=bool(self.meetings_to_close),
            late_action=self.late_action is not None,
            people_waiting=bool(self.people),
            round_to_close=self.over_round is not None,
            round_to_answer=waits,
            step=self.path is not None and self.path.next is not None,
            soon_action=self.soon_action is not None,
        )

    @property
    def shows_next(self) -> bool:
        """Returns whether Home shows the amber card. The first evening hides it, unless something presses."""
        return self.evening is None or self.evening.next is None or self.situation.is_pressing


# The statement is built once, because building one takes longer than running it.
_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=UtcDateTime)
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
_LAST_MEETING = (
    sa.select(sa.func.max(Meeting.starts_at))
    .where(Meeting.coalition_id == _HERE, Meeting.starts_at <= _NOW)
    .scalar_subquery()
)
_SINCE = sa.func.coalesce(_LAST_MEETING, sa.bindparam("fallback", type_=UtcDateTime))
# The query reads the log of those days once, not once for each completed action.
_DONE = Action.id.in_(
    sa.select(HistoryEntry.thing_id).where(
        HistoryEntry.coalition_id == _HERE,
        HistoryEntry.thing == Action.__tablename__,
        HistoryEntry.field == "status",
        HistoryEntry.new == ActionStatus.DONE,
        HistoryEntry.happened_at >= _SINCE,
    )
)
_MOVED = sa.select(
    _LAST_MEETING,
    sa.select(sa.func.count(Action.id))
    .where(Action.coalition_id == _HERE, Action.status == ActionStatus.DONE, _DONE)
    .scalar_subquery(),
    sa.select(sa.func.count(Item.id))
    .where(Item.coalition_id == _HERE, Item.state == ItemState.DONE, Item.changed_at > _SINCE)
    .scalar_subquery(),
    sa.select(sa.func.count(Membership.id))
    .where(
        Membership.coalition_id == _HERE,
        Membership.id != sa.bindparam("me"),
        Membership.approved_at >= _SINCE,
        *active(),
    )
    .scalar_subquery(),
    sa.select(sa.func.count(Round.id))
    .where(Round.coalition_id == _HERE, Round.closed_at >= _SINCE)
    .scalar_subquery(),
)


def waiting_of(membership: Membership, today: date, most: int | None = ROWS_MOST) -> Waiting:
    """Returns what waits for this person. Home, the inbox and the digest all use it.

    `most` limits the actions.
    """
    works = may(membership.role, Permission.WORK)
    manages = may(membership.role, Permission.MANAGE_PEOPLE)
    return Waiting(
        open_round=assessment.open_round_for(membership),
        my_actions=waiting_queries.waiting_for(membership, today, most) if works else NOTHING,
        my_items=checklist.items_waiting_for(membership) if works else [],
        my_reading=toolkit.reading_of(membership) if works else [],
        left_open=left_open_for(membership, today) if works else [],
        due_readings=measures_queries.due_for(membership, today) if works else [],
        people=people_waiting(membership) if manages else [],
        unsent=invitations_service.unsent_count(membership) if manages else 0,
        old_partners=organizations_queries.old_count(membership, today) if manages else 0,
        old_services=services_queries.old_count(membership, today) if works else 0,
        live_link_asks=_live_link_asks(membership, today),
        decisions=decisions_service.due_decisions(membership, today, mine=not manages) if works else None,
        decisions_are_mine=not manages,
        texts_reported=membership.coalition.texts_reported if may(membership.role, Permission.REDACT) else 0,
        statement_waits=works and about_queries.statement_waits(membership),
        asks=asks_queries.asks_for(membership) if works else [],
    )


def _live_link_asks(membership: Membership, today: date) -> bool:
    asked_on = membership.coalition.live_tables_ask_on
    return may(membership.role, Permission.PUBLISH) and asked_on is not None and asked_on <= today


def home_of(membership: Membership, today: date) -> Home:
    """Returns the page's data for one person. The path is read only if the amber card is about the path."""
    reminds = may(membership.role, Permission.REMIND)
    sees_all = may(membership.role, Permission.SEE_ALL)
    waiting = waiting_of(membership, today, MINE_MOST)
    plan = plans_queries.plan_summary(membership, today)
    results = released.latest_results(membership)
    runs = (plan is not None and plan.progress.total) or results is not None
    home = Home(
        **asdict(waiting),
        others=waiting_queries.others_late_or_stuck(membership, today, ROWS_MOST) if reminds else NOTHING,
        plan=plan,
        results=results,
        moved=moved_of(membership, today),
        over_round=assessment.over_round(membership, today)
        if may(membership.role, Permission.RUN_ROUNDS)
        else None,
        next_meeting=meetings.next_meeting(
            membership, clock.start_of_day(today, membership.coalition.time_zone)
        ),
        minutes=() if sees_all else tuple(meetings.closed_meetings(membership, MINUTES_MOST)),
        outside=outside_of(membership, today),
        by_mail=by_mail.said_by_mail(membership, clock.now() - timedelta(days=BY_MAIL_DAYS), BY_MAIL_MOST)
        if reminds
        else [],
        evening=None
        if runs or not sees_all or membership.coalition.first_evening_over
        else facts_of(membership),
    )
    if home.shows_next and not home.situation.is_pressing:
        home = replace(home, path=onboarding.path_of(membership, whole=False))
    return home


def people_waiting(membership: Membership) -> list[WaitingPerson]:
    """Returns who asked to join, the longest wait first."""
    time_zone = membership.coalition.time_zone
    return [
        WaitingPerson(id_, name, organization or "", came_by, clock.local_day(joined_at, time_zone))
        for id_, name, organization, came_by, joined_at in db.session.execute(
            _WAITING, {"coalition_id": membership.coalition_id}
        )
    ]


def moved_of(membership: Membership, today: date) -> Moved:
    """Returns what was done since the last meeting. Viewers get no count of people, whom they may not see."""
    fallback = clock.start_of_day(today - timedelta(days=SINCE_DAYS), membership.coalition.time_zone)
    asked = {
        "coalition_id": membership.coalition_id,
        "me": membership.id,
        "now": clock.now(),
        "fallback": fallback,
    }
    meeting_at, actions, tips, people, rounds = db.session.execute(_MOVED, asked).one()
    people = people if may(membership.role, Permission.SEE_ALL) else 0
    return Moved(meeting_at, actions, tips, people, rounds)


def person_of(membership: Membership, person_id: int) -> Membership | None:
    """Returns one of the coalition's active people, with their account."""
    row = (
        sa.select(Membership)
        .options(joinedload(Membership.user), joinedload(Membership.coalition))
        .where(Membership.coalition_id == membership.coalition_id, Membership.id == person_id, *active())
    )
    return db.session.scalar(row)
