"""Puts the next plan's form and what was carried over into words."""

from collections.abc import Sequence
from datetime import date

from flask import url_for
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan import labels
from engage.plan.carryover import queries as carryover_queries
from engage.plan.carryover.pages import address_of, because
from engage.plan.carryover.queries import CarryoverItem
from engage.plan.copying.next_plan.forms import NextPlanForm, of_goal
from engage.plan.copying.next_plan.service import OpenAction, PlanInventory
from engage.plan.labels import goal_heading
from engage.plan.models import Plan
from engage.plan.rules import OPEN

# Up to this many things that stayed behind are named; the others are counted.
MOST = 100


class Ask(Struct, frozen=True):
    """One thing that the form asks about. `level` is goal, objective or action; `detail` describes its progress."""

    level: str
    title: str
    detail: str
    why: object
    words: object


class AskGroup(Struct, frozen=True):
    """A goal with everything under it; the last group contains everything that is under no goal."""

    heading: str
    rows: Sequence[Ask]


def groups(form: NextPlanForm, held: PlanInventory, today: date) -> list[AskGroup]:
    """Groups the questions in the plan's order; an action is asked about in its current place."""

    def action(each: OpenAction) -> Ask:
        said = [str(labels.STATUS_LABELS[each.status]), each.owner]
        said.append(labels.by_when(each.due_on, today, each.status))
        return Ask(
            "action",
            _("%(number)s. %(title)s", number=each.number, title=each.title),
            " · ".join(part for part in said if part),
            form.why("action", each.number),
            form.words("action", each.number),
        )

    found = []
    for number, goal in enumerate(held.goals, 1):
        heading = goal_heading(number, goal.title)
        rows = [_ask(form, "goal", goal.id, heading, _("The goal itself"))]
        rows += map(action, of_goal(held.actions, goal.id, None))
        for objective in held.objectives:
            if objective.goal_id == goal.id:
                rows.append(_ask(form, "objective", objective.id, objective.title, _("Objective")))
                rows += map(action, of_goal(held.actions, goal.id, objective.id))
        found.append(AskGroup(heading, rows))
    if loose := [action(each) for each in of_goal(held.actions, None, None)]:
        found.append(AskGroup(_("Not yet under a goal"), loose))
    return found


def _ask(form: NextPlanForm, kind: str, key: int, title: str, detail: str) -> Ask:
    return Ask(kind, title, detail, form.why(kind, key), form.words(kind, key))


class CarriedRow(Struct, frozen=True):
    level: str
    title: str
    url: str
    before: str
    before_url: str
    because: str
    # This is how the action later ended in the old plan; it is empty while the action is open there.
    since: str


class LeftRow(Struct, frozen=True):
    kind: str
    title: str
    url: str


class CarriedPage(Struct, frozen=True):
    plan: Plan
    from_: Sequence[tuple[int, str]]
    sentence: str
    rows: Sequence[CarriedRow]
    left: Sequence[LeftRow]
    left_more: int


def carried_page(membership: Membership, plan: Plan) -> CarriedPage | None:
    """Builds the page, in six queries; None if the plan was not started from another one."""
    whole = carryover_queries.into(membership, plan.id)
    if not whole.total:
        return None
    left = carryover_queries.left_behind(membership, whole.plans, whole)
    names = may(membership.role, Permission.SEE_ALL)
    left_rows = [
        *(LeftRow(_("Goal"), title, url_for("plan.goal", goal_id=key)) for key, title in left.goals),
        *(
            LeftRow(_("Objective"), title, url_for("plan.objective", objective_id=key))
            for key, title in left.objectives
        ),
        *(
            LeftRow(
                _("Action"),
                _("%(number)s. %(title)s", number=number, title=title),
                url_for("plan.action", number=number),
            )
            for number, title in left.actions
        ),
    ]
    return CarriedPage(
        plan=plan,
        from_=sorted(whole.plans.items()),
        sentence=_sentence(whole, left.total),
        rows=[
            *(_row("goal", each, names=names) for each in whole.goals),
            *(_row("objective", each, names=names) for each in whole.objectives),
            *(_row("action", each, names=names) for each in whole.actions),
        ],
        left=left_rows[:MOST],
        left_more=max(len(left_rows) - MOST, 0),
    )


def _sentence(whole: carryover_queries.Carryovers, left: int) -> str:
    said = _(
        "%(goals)s, %(objectives)s, and %(actions)s were carried over",
        goals=ngettext("%(num)s goal", "%(num)s goals", len(whole.goals)),
        objectives=ngettext("%(num)s objective", "%(num)s objectives", len(whole.objectives)),
        actions=ngettext("%(num)s action", "%(num)s actions", len(whole.actions)),
    )
    return ngettext("%(said)s, %(num)s was not.", "%(said)s, %(num)s were not.", left, said=said)


def _row(level: str, each: CarryoverItem, *, names: bool) -> CarriedRow:
    if each.number is not None:
        title = _("%(number)s. %(title)s", number=each.number, title=each.title)
        url = url_for("plan.action", number=each.number)
        before = _("%(plan)s, action %(number)s", plan=each.plan, number=each.from_number)
        before_url = url_for("plan.action", number=each.from_number)
    else:
        title, before = each.title, each.plan
        url, before_url = address_of(level, each.id), address_of(level, each.from_id)
    done = each.status is not None and each.status not in OPEN
    return CarriedRow(
        level=level,
        title=title,
        url=url,
        before=before,
        before_url=before_url,
        because=because(each.why, each.reason, names=names),
        since=_("status there now: %(status)s", status=labels.STATUS_LABELS[each.status])
        if done and each.status
        else "",
    )
