"""Reads the pack for the next coordinator."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from engage.clock import start_of_day
from engage.coalitions import queries as people
from engage.coalitions import reach
from engage.coalitions.about import queries as about_queries
from engage.coalitions.about.queries import PositionRow
from engage.coalitions.models import Membership
from engage.coalitions.queries import group_rows
from engage.coalitions.rules import PersonState, Role
from engage.directory.groups import queries as groups_queries
from engage.meetings import queries as meetings
from engage.meetings.decisions import service as decisions_service
from engage.meetings.decisions.service import DecisionLine
from engage.meetings.queries import MeetingLine
from engage.partners.agreements.list import AgreementLine, agreements_of
from engage.partners.contacts import service as contacts_service
from engage.partners.contacts.service import ContactOf
from engage.partners.coverage.recruitments import service as recruitments_service
from engage.partners.coverage.recruitments.service import RecruitmentLine
from engage.partners.queries import organization_names
from engage.plan import queries as plan_queries
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.rules import MeasureFact
from engage.plan.models import Plan
from engage.plan.overview import queries as overview_queries
from engage.plan.overview.queries import OPEN_STATE, ActionFilters, ActionGrouping, PlanCounts
from engage.reports.handover import service
from engage.reports.handover.service import Written

# The page shows this many open actions; the files hold all of them.
MOST_ACTIONS = 25


class HandoverPerson(Struct, frozen=True):
    """A current member, as the pack lists people."""

    name: str
    role: Role
    organization: str
    groups: Sequence[str]
    positions: Sequence[str] = ()
    email: str = ""
    phone: str = ""


class Pack(Struct, frozen=True):
    """The contents of the pack.

    `actions` are the next of `counts.open` open actions; without an open plan there are none.
    """

    note: Written | None
    plan: Plan | None
    actions: Sequence[object]
    counts: PlanCounts | None
    measures: Sequence[MeasureFact]
    agreements: Sequence[AgreementLine]
    contacts: Sequence[ContactOf]
    decisions: Sequence[DecisionLine]
    meetings: Sequence[MeetingLine]
    groups: Sequence[Any]
    recruitments: Sequence[RecruitmentLine]
    positions: Sequence[PositionRow]
    people: Sequence[HandoverPerson]

    @classmethod
    def of(cls, membership: Membership, today: date) -> "Pack":
        plan = plan_queries.open_plan(membership.coalition_id)
        actions: Sequence[object] = ()
        counts, facts = None, list[MeasureFact]()
        if plan is not None:
            # Actions are in the order of due dates, late ones first.
            filters = ActionFilters(state=OPEN_STATE, group=ActionGrouping.MONTH)
            actions = overview_queries.rows_of(membership, plan.id, filters, today, most=MOST_ACTIONS)
            counts = overview_queries.counts_of(membership, plan.id, today)
            found = measures_queries.measures_of_plan(membership, plan.id)
            facts = [fact for of_objective in found.values() for fact in of_objective]
        positions = about_queries.positions(membership)
        return cls(
            note=service.written(membership),
            plan=plan,
            actions=actions,
            counts=counts,
            measures=facts,
            agreements=agreements_of(membership, today),
            contacts=contacts_service.contacts_everywhere(membership),
            decisions=decisions_service.decision_lines(membership),
            meetings=meetings.meetings_of(membership, start_of_day(today, membership.coalition.time_zone)),
            groups=group_rows(membership),
            recruitments=recruitments_service.open_recruitments(membership),
            positions=positions,
            people=_people(membership, positions),
        )


_ROLES = {role: place for place, role in enumerate((Role.COORDINATOR, Role.MEMBER, Role.VIEWER))}


def _people(membership: Membership, positions: Sequence[PositionRow]) -> list[HandoverPerson]:
    """Returns people, coordinators first."""
    organizations, in_groups = organization_names(membership), groups_queries.names_by_person(membership)
    holds = defaultdict(list)
    for row in positions:
        if row.person_id is not None:
            holds[row.person_id].append(row.title)
    found = [
        HandoverPerson(
            each.name,
            each.role,
            organizations.get(each.id, ""),
            in_groups.get(each.id, ()),
            holds[each.id],
            reach.email_of(each, membership.role),
            reach.phone_of(each, membership.role),
        )
        for each in people.people_of(membership)
        if each.state is PersonState.ACTIVE
    ]
    return sorted(found, key=lambda each: _ROLES[each.role])
