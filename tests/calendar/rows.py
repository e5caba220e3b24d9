"""Makes what has a day in November 2026, the month in which tests live."""

from datetime import UTC, date, datetime

from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.rules import GroupKind
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState
from engage.plan.models import Plan
from tests import factories
from tests.meetings.rows import make_decision, make_meeting
from tests.partners.agreements.rows import make_agreement

CALENDAR = "/c/riverbend/calendar/"
# A Tuesday at six in the evening in Chicago.
EVENING = datetime(2026, 11, 18, 0, 0, tzinfo=UTC)
DAY = date(2026, 11, 17)


def make_group(by: Membership, name: str, *people: Membership, review_on: date | None = None) -> Group:
    of = {"coalition_id": by.coalition_id}
    values = {"kind": GroupKind.WORKGROUP, "name": name, "sort_key": name.casefold(), "review_on": review_on}
    group = factories.saved(Group(**of, **values))
    for person in people:
        factories.saved(GroupMember(**of, group_id=group.id, membership_id=person.id))
    return group


def make_event(by: Membership, title: str, **values: object) -> Activity:
    """Makes a planned event, by default on November 17 without a time."""
    usual = {"state": ActivityState.PLANNED, "happened_on": DAY, "reached": None, "hours": None}
    return factories.make_activity(coalition=by.coalition, title=title, **{**usual, **values})


def make_one_of_each(by: Membership) -> Plan:
    """Makes one thing of each kind on November 17; returns the plan."""
    plan = factories.make_plan(coalition=by.coalition)
    factories.make_action(plan, title="Print cards", due_on=DAY, owner_id=by.id)
    factories.make_objective(factories.make_goal(plan), title="Six beds", due_on=DAY)
    factories.make_item(coalition_id=by.coalition_id, due_on=DAY)
    factories.make_section(coalition=by.coalition, title="Our report", due_on=DAY)
    meeting = make_meeting(by, title="Fall meeting", starts_at=EVENING, place="Room 2", about="Bring cake.")
    make_decision(meeting, by, "Print in Spanish", review_on=DAY)
    make_event(by, "Training of nurses", happened_on=DAY)
    make_group(by, "Housing", review_on=DAY)
    make_agreement(by, title="Our bed promise", ends_on=DAY, review_on=DAY)
    factories.make_round(coalition=by.coalition, opened_at=EVENING, closes_on=date(2026, 11, 24))
    return plan
