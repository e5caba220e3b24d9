"""Builds the plan's page, whole or in parts, for routes that change something on it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, render_template, request, url_for
from markupsafe import Markup

from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import group_choices, people_choices
from engage.content.loader import content
from engage.i18n import gettext as _
from engage.i18n import pgettext
from engage.meetings.held import meeting_ref
from engage.plan import labels, queries
from engage.plan.actions.forms.action import ActionLineForm
from engage.plan.carryover import queries as carryover_queries
from engage.plan.models import Plan
from engage.plan.overview.lines import ActionLine
from engage.plan.overview.pages import outline, rendered, views
from engage.plan.overview.pages.board import ActionBoard
from engage.plan.overview.pages.groups import Groups
from engage.plan.overview.pages.outline import GoalPart, Outline, PlanHead
from engage.plan.overview.places import today
from engage.plan.overview.queries import (
    LOOSE,
    OPEN_STATE,
    ActionFilters,
    ActionGrouping,
    ActionOrder,
    OverviewView,
)
from engage.plan.rules import ActionStatus, PlanStatus
from engage.web import htmx
from engage.web.labels import listed
from engage.web.lists import Choice, Pages, options_of, page_asked

# -- the page

# Each view of the plan shows one of these.
Shown = Outline | Groups | ActionBoard


def _is_default(plan: Plan, plans: list[Plan] | None = None) -> bool:
    """Returns whether the address without a plan shows this one: the current plan, or else the first."""
    if plan.status is PlanStatus.ADOPTED:
        return True
    return plan is (plans or queries.plans_of(g.membership))[0]


def plan_page(plans: list[Plan], plan: Plan, args: dict[str, str], **context: object) -> str:
    """Renders the whole page of a plan for the current address."""
    filters = views.asked(args)
    found = views.view_of(plan, filters, today(), page_asked(args.get("page", "")))
    shown = found["o"]
    at = _addresses(plan, plans)
    sees_all = may(g.membership.role, Permission.SEE_ALL)
    people = people_choices(g.membership) if sees_all else []
    in_groups = group_choices(g.membership) if sees_all else []
    return render_template(
        "plan/overview/page.html",
        **found,
        adopted_at=meeting_ref(g.membership, plan.meeting_id) if sees_all else None,
        filters=filters,
        views=_view_choices(plan, filters, at),
        pills=_pills(shown.standing, filters, at),
        plans=_plan_pills(plans, plan),
        started=_started(plans, plan),
        pages=Pages(shown.page, shown.pages, lambda n: at(filters, page=n)),
        selects=_selects(shown, filters, people, in_groups),
        query=query_of(filters),
        everything=at(filters.everything()),
        has_draft=any(each.status is PlanStatus.DRAFT for each in plans),
        base=url_for("plan.index"),
        plan_arg=None if _is_default(plan, plans) else plan.id,
        actions_url=rendered.actions_url(),
        urls=rendered.urls(),
        **context,
    )


def query_of(filters: ActionFilters) -> str:
    """Returns the filters as a query string for the rows' links, to find the same rows on coming back."""
    return f"?{urlencode(filters.args())}" if filters.args() else ""


def row_piece(line: ActionLine, *, may_work: bool) -> tuple[str, dict[str, object]]:
    """Renders one row of the list."""
    query = query_of(ActionFilters.of(request.args))
    return "plan/overview/_row.html", {
        "line": line,
        "actions_url": rendered.actions_url(),
        "may_work": may_work,
        "query": query,
    }


def _addresses(
    plan: Plan, plans: list[Plan] | None = None, endpoint: str = "plan.index"
) -> Callable[..., str]:
    own: dict[str, object] = {} if _is_default(plan, plans) else {"plan": plan.id}

    def at(filters: ActionFilters, **more: object) -> str:
        return url_for(endpoint, **{**own, **filters.args(), **more})

    return at


def _pills(whole: PlanHead, filters: ActionFilters, at: Callable[..., str]) -> list[Choice]:
    counts = whole.counts

    def state(label: str, value: str, count: int) -> Choice:
        current = filters.state == value
        return Choice(label, at(filters.with_(state="" if current else value)), current, count)

    def flag(label: str, name: str, count: int) -> Choice:
        current = bool(getattr(filters, name))
        return Choice(label, at(filters.with_(**{name: not current})), current, count)

    pills = [
        Choice(_("All"), at(filters.everything()), not filters.are_narrow, counts.actions),
        state(pgettext("actions", "Open"), OPEN_STATE, counts.open),
        flag(_("Stuck"), "stuck", counts.stuck),
        state(pgettext("actions", "Done"), ActionStatus.DONE, counts.rollup.plan.done),
    ]
    if whole.plan.status is not PlanStatus.CLOSED:
        pills.insert(2, flag(_("Late"), "late", counts.late))
    if may(g.membership.role, Permission.SEE_ALL):
        # *Mine* comes second, because on a phone the last pills are beyond the edge of the screen.
        pills.insert(1, flag(_("Mine"), "mine", counts.mine))
    return pills


def _plan_pills(plans: list[Plan], plan: Plan) -> list[Choice]:
    """Returns the other plans as pills; empty if this is the only one."""
    if len(plans) < 2:
        return []
    return [
        Choice(
            f"{labels.PLAN_LABELS[each.status]}: {each.title}",
            url_for("plan.index", plan=None if _is_default(each, plans) else each.id),
            each.id == plan.id,
        )
        for each in plans
    ]


def _started(plans: list[Plan], plan: Plan) -> list[Choice]:
    """Returns the plans this one was started from or that were started from it, with their links."""
    if len(plans) < 2:
        return []
    before, after = carryover_queries.plans_linked(g.membership, plan.id)
    found = []
    if before:
        titles = listed(each.title for each in plans if each.id in before)
        said = _("Started from %(plans)s: see what was carried over and why", plans=titles)
        found.append(Choice(said, url_for("plan.carried", plan_id=plan.id), False))
    for each in plans:
        if each.id in after:
            said = _(
                "%(plan)s was started from this plan: see what was carried over and why", plan=each.title
            )
            found.append(Choice(said, url_for("plan.carried", plan_id=each.id), False))
    return found


def _view_choices(plan: Plan, filters: ActionFilters, at: Callable[..., str]) -> list[Choice]:
    """Returns the ways to view these actions. The fourth is the calendar, which shows the current plan."""
    views = [Choice(name, at(filters.with_(view=view)), filters.view is view) for view, name in _views()]
    if plan.status is PlanStatus.CLOSED:
        return views
    mine = "1" if filters.mine else None
    return [*views, Choice(_("Calendar"), url_for("calendar.index", kind="plan", mine=mine), False)]


def views_beside_calendar(*, mine: bool) -> list[Choice]:
    """Returns the ways to view these actions, for the plan's calendar, which shows the current plan."""
    whose = ActionFilters(mine=mine)
    others = [
        Choice(name, url_for("plan.index", **whose.with_(view=view).args()), False) for view, name in _views()
    ]
    return [*others, Choice(_("Calendar"), request.full_path.rstrip("?"), True)]


def _views() -> list[tuple[OverviewView, str]]:
    return [
        (OverviewView.LIST, _("List")),
        (OverviewView.BOARD, _("Board")),
        (OverviewView.TIMELINE, _("Timeline")),
    ]


def _selects(
    shown: Shown, filters: ActionFilters, people: list[tuple[int, str]], in_groups: list[tuple[int, str]]
) -> list[tuple[str, str, Markup]]:
    """Returns the filters that have choices, each as name, label and rendered options."""
    narrows = [
        ("state", _("Status"), _states()),
        ("goal", _("Goal"), [*shown.goal_choices, (LOOSE, _("Not yet under a goal"))]),
        ("owner", _("Who"), people),
        ("workgroup", _("Group"), in_groups),
        ("area", _("Focus area"), [(area.key, area.name) for area in content().areas]),
    ]
    ways = [("sort", _("Sort by"), _orders())]
    if filters.view is not OverviewView.BOARD:
        ways.insert(0, ("group", _("Group by"), _groupings(by_person=bool(people))))
    found = [(name, label, [("", _("All")), *choices]) for name, label, choices in narrows if choices]
    return [
        (name, label, options_of(choices, getattr(filters, name))) for name, label, choices in found + ways
    ]


def _states() -> list[tuple[Any, str]]:
    each = ((status.value, str(labels.STATUS_LABELS[status])) for status in ActionStatus)
    return [(OPEN_STATE, _("Open")), *each]


def _groupings(*, by_person: bool) -> list[tuple[object, str]]:
    return [
        (ActionGrouping.GOAL.value, _("Goal")),
        *([(ActionGrouping.OWNER.value, _("Who"))] if by_person else []),
        (ActionGrouping.PARTNER.value, _("Partner")),
        (ActionGrouping.MONTH.value, _("Due month")),
    ]


def _orders() -> list[tuple[object, str]]:
    return [
        (ActionOrder.DUE.value, _("By when")),
        (ActionOrder.NUMBER.value, _("Number")),
        (ActionOrder.STATUS.value, _("Status")),
        (ActionOrder.MOVED.value, _("Last changed")),
    ]


def ways_through(
    plans: list[Plan],
    plan: Plan,
    shown: Groups,
    filters: ActionFilters,
    people: list[tuple[int, str]],
    endpoint: str,
) -> dict[str, object]:
    """Returns pills, filters and page links for a page at another address that lists the same actions."""
    at = _addresses(plan, plans, endpoint)
    return {
        "filters": filters,
        "pills": _pills(shown.standing, filters, at),
        "selects": _selects(shown, filters, people, group_choices(g.membership)),
        "pages": Pages(shown.page, shown.pages, lambda n: at(filters, page=n)),
        "everything": at(filters.everything()),
        "base": url_for(endpoint),
        "plan_arg": None if _is_default(plan, plans) else plan.id,
    }


# -- fragments of the page


def pieces(plan: Plan, goal_id: int | None) -> tuple[Outline, GoalPart | None]:
    """Returns the fragments around a row: the plan's counts, and the panel of the row's goal or of none."""
    filters = ActionFilters(goal=goal_id if goal_id is not None else LOOSE)
    shown = outline.outline(g.membership, plan, today(), filters)
    return shown, next((part for part in shown.goals if part.id == goal_id), None)


def head(plan: Plan, whole: PlanHead) -> list[tuple[str, dict[str, object]]]:
    """Returns counts and pills for the page that is open in the browser, as a fragment."""
    filters = views.asked(htmx.page_args())
    return [
        ("plan/overview/_counts.html", {"standing": whole}),
        ("plan/overview/_pills.html", {"pills": _pills(whole, filters, _addresses(plan))}),
    ]


def panel(
    shown: Outline, part: GoalPart | None, adding: ActionLineForm | None = None
) -> tuple[str, dict[str, object]]:
    """Returns the panel of a goal, or of the actions that are not under one yet."""
    query = query_of(views.asked(htmx.page_args()))
    common: dict[str, object] = {"actions_url": rendered.actions_url(), "query": query}
    if part is None:
        return "plan/overview/_loose.html", {**common, "o": shown}
    standing = shown.standing
    return "plan/overview/_goal.html", {
        **common,
        "part": part,
        "may_work": standing.may_work,
        "may_edit": standing.may_edit,
        "urls": rendered.urls(),
        "adding": adding,
    }


def board_fragment(
    plan: Plan, filters: ActionFilters, moved: int = 0
) -> tuple[ActionBoard, tuple[str, dict[str, object]]]:
    """Returns the board and the name of its template; `moved` is the number of a card that was just moved."""
    found = views.view_of(plan, filters, today(), 1)
    given = {**found, "filters": filters, "actions_url": rendered.actions_url(), "moved": moved}
    return found["o"], (found["view"], given)


def answer(*found: tuple[str, dict[str, object]], status: int = 200) -> Response:
    return htmx.fragments(*found, status=status)
