"""Builds a group's page: late and next actions, and everything else of the group that the reader may see."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import url_for
from msgspec import Struct

from engage import clock
from engage.coalitions.announcements import queries as announcements_queries
from engage.coalitions.announcements.queries import Posted
from engage.coalitions.labels import GROUP_LABELS
from engage.coalitions.models import Group, Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import may_there
from engage.directory.groups import queries
from engage.directory.groups.asks import queries as asks_queries
from engage.directory.groups.asks.models import GroupAsk
from engage.directory.groups.asks.queries import AskLine
from engage.directory.groups.queries import PersonInGroup
from engage.documents.queries import DocumentLine, documents_of_group
from engage.i18n import gettext as _
from engage.meetings import queries as meetings_queries
from engage.meetings.planning import pages as meetings_pages
from engage.meetings.planning.pages import ListPage
from engage.plan import queries as plan_queries
from engage.plan.actions.queries.groups import GroupCounts, counts_of_group
from engage.plan.models import Plan
from engage.plan.overview import queries as overview_queries
from engage.plan.overview.lines import ActionLine, line_maker, wording
from engage.plan.overview.queries import OPEN_STATE, ActionFilters, ActionGrouping
from engage.plan.rules import Progress

# The page shows at most this many late and next items, and links to the full list.
ACTIONS_MOST = 6
MEETINGS_MOST = 50


class GoalLine(Struct, frozen=True):
    title: str
    url: str
    progress: Progress


class Work(Struct, frozen=True):
    """The group's part of the open plan; `plan` is None if there is no plan yet."""

    plan: Plan | None = None
    lines: Sequence[ActionLine] = ()
    counts: GroupCounts = GroupCounts()
    goals: Sequence[GoalLine] = ()
    url: str = ""


class GroupPage(Struct, frozen=True):
    """Everything on a group's page, without parts that the reader may not see."""

    kind: str
    lead: str
    people: list[PersonInGroup]
    is_in: bool
    # True if the reader leads the group or is a coordinator.
    runs_it: bool
    own_ask: GroupAsk | None
    asks: list[AskLine]
    work: Work
    meetings: ListPage
    documents: list[DocumentLine]
    announcements: list[Posted]

    @property
    def takes_part(self) -> bool:
        return self.is_in or self.runs_it


def group_page_of(membership: Membership, group: Group) -> GroupPage:
    """Reads everything on a group's page in a fixed number of queries."""
    zone = membership.coalition.time_zone
    today, now = clock.today(zone), clock.now()
    people = queries.people_in(group)
    runs_it = may_there(membership, Permission.RUN_GROUP, group.id)
    posted = announcements_queries.current(membership, today)
    return GroupPage(
        kind=str(GROUP_LABELS[group.kind]),
        lead=next((each.name for each in people if each.id == group.lead_id), ""),
        people=people,
        is_in=any(each.id == membership.id for each in people),
        runs_it=runs_it,
        own_ask=asks_queries.own_ask(membership, group.id),
        asks=asks_queries.asks_to_answer(membership, group.id) if runs_it else [],
        work=_work(membership, group, today),
        meetings=_meetings(membership, group, clock.start_of_day(today, zone), now),
        documents=documents_of_group(membership, group.id),
        announcements=[each for each in posted if each.group_id == group.id],
    )


def may_ask(membership: Membership, group: Group, group_page: GroupPage) -> bool:
    """Returns whether the page offers to join: the group is open, and the reader is a member but not in it."""
    waits = group_page.own_ask is not None and group_page.own_ask.answered_at is None
    return group.is_open and not group_page.takes_part and not waits and may(membership.role, Permission.WORK)


def _meetings(membership: Membership, group: Group, midnight: datetime, now: datetime) -> ListPage:
    found = meetings_queries.meetings_of_group(membership, group, midnight, MEETINGS_MOST)
    return meetings_pages.list_page(found, midnight, now)


def _work(membership: Membership, group: Group, today: date) -> Work:
    plan = plan_queries.open_plan(membership.coalition_id)
    if plan is None:
        return Work()
    # Actions are sorted by due date within their month, so late ones come first.
    filters = ActionFilters(state=OPEN_STATE, workgroup=group.id, group=ActionGrouping.MONTH)
    rows = overview_queries.rows_of(membership, plan.id, filters, today, most=ACTIONS_MOST)
    line = line_maker(wording(membership, plan, today))
    return Work(
        plan=plan,
        lines=[line(row) for row in rows],
        counts=counts_of_group(membership, plan.id, group.id, today),
        goals=_goals(membership, plan, group, today),
        url=url_for("plan.index", workgroup=group.id),
    )


def _goals(membership: Membership, plan: Plan, group: Group, today: date) -> list[GoalLine]:
    rollup = overview_queries.counts_of(membership, plan.id, today).rollup
    return [
        GoalLine(each.title, url_for("plan.goal", goal_id=each.id), rollup.goal(each.id))
        for each in plan_queries.goals_of(membership, plan.id)
        if each.group_id == group.id
    ]


def ask_answered_words(group: str, *, is_welcome: bool) -> str:
    """Returns a sentence that tells the person who asked whether the group accepted them."""
    if is_welcome:
        return _("Welcome to %(group)s: you are in the group now.", group=group)
    return _("Thank you for asking to join %(group)s. The answer is: not now.", group=group)
