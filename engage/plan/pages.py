"""The plan's page put together, whole or in pieces, for the routes that change something on it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, current_app, g, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from engage import clock, htmx
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import people_choices
from engage.content.loader import content
from engage.lists import Choice, Pages, page_asked
from engage.meetings.held import meeting_ref
from engage.plan import outline, parts, views, words
from engage.plan.board import Board
from engage.plan.forms import LineForm, number_ids
from engage.plan.grouping import Groups
from engage.plan.listing import LOOSE, OPEN_STATE, Filters, Grouping, Order, View
from engage.plan.models import Goal, Objective, Plan
from engage.plan.outline import GoalPart, Line, Outline, Standing
from engage.plan.rules import ActionStatus, PlanStatus


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quick line is added: at the plan, under a goal or under an objective."""

    plan: Plan | None = None
    goal: Goal | None = None
    objective: Objective | None = None

    @property
    def key(self) -> str:
        """What the form's ids begin with."""
        if self.objective is not None:
            return f"plan-add-objective-{self.objective.id}"
        return f"plan-add-goal-{self.goal.id}" if self.goal is not None else "plan-add"

    @property
    def values(self) -> dict[str, int]:
        """As an address says it."""
        if self.objective is not None:
            return {"objective": self.objective.id}
        if self.goal is not None:
            return {"goal": self.goal.id}
        return {"plan": self.plan.id} if self.plan is not None else {}


def today() -> Any:
    return clock.today(g.coalition.time_zone)


def asked_id(text: str | None) -> int | None:
    """An id of the address or of a hidden field; anything else than a number there is does not exist."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        abort(404)
    return int(text)


def place_asked() -> Place:
    """From the address or the posted form; what is not this coalition's does not exist."""
    membership = g.membership
    if (key := asked_id(request.values.get("objective"))) is not None:
        objective = parts.objective_of(membership, key) or abort(404)
        goal = parts.goal_of(membership, objective.goal_id)
        return Place(None, goal, objective)
    if (key := asked_id(request.values.get("goal"))) is not None:
        return Place(None, parts.goal_of(membership, key) or abort(404))
    if (key := asked_id(request.values.get("plan"))) is not None:
        return Place(parts.plan_of(membership, key) or abort(404))
    return Place()


def line_form(place: Place, *, fresh: bool = False, people: list[tuple[int, str]] | None = None) -> LineForm:
    """Quick add at a place; `fresh` leaves out what was posted. `people`: where the page has them already."""
    form = LineForm(formdata=None) if fresh else LineForm()
    form.owner_id.offer(people if people is not None else people_choices(g.membership))
    for name in ("plan", "goal", "objective"):
        form[name].data = str(place.values.get(name, ""))
    number_ids(form, place.key)
    return form


# -- the page

# What each view has of the plan as a whole.
Shown = Outline | Groups | Board


def _default(plans: list[Plan]) -> Plan | None:
    return plans[0] if plans else None


def plan_page(plans: list[Plan], plan: Plan, args: dict[str, str], **context: Any) -> str:
    """The whole page of a plan as the address asks for it."""
    filters = views.asked(args)
    found = views.view_of(plan, filters, today(), page_asked(args.get("page", "")))
    shown = found["o"]
    at = _addresses(plans, plan)
    sees_all = may(g.membership.role, Permission.SEE_ALL)
    people = people_choices(g.membership) if sees_all else []
    return render_template(
        "plan/page.html",
        **found,
        adopted_at=meeting_ref(g.membership, plan.meeting_id) if sees_all else None,
        filters=filters,
        views=_view_choices(filters, at),
        pills=_pills(shown.standing, filters, at),
        plans=_plan_pills(plans, plan),
        pages=Pages(shown.page, shown.pages, lambda n: at(filters, page=n)),
        choices=_filter_choices(shown, people),
        query=query_of(filters),
        everything=at(filters.everything()),
        has_draft=any(each.status is PlanStatus.DRAFT for each in plans),
        base=url_for("plan.index"),
        plan_arg=None if plan is _default(plans) else plan.id,
        **(_panel_urls() if isinstance(shown, Outline) else {"actions_url": actions_url()}),
        **{
            "adding": None,
            "line": line_form(Place(plan), fresh=True, people=people) if _adds_lines(shown) else None,
            **context,
        },
    )


def actions_url() -> str:
    """What an action's number is put behind: url_for for each of 200 rows would take a millisecond."""
    return url_for("plan.action", number=1)[:-1]


@lru_cache(maxsize=2000)
def plan_row(line: Line, actions_url: str, change: str, query: str) -> Markup:
    """An action's row. It says nothing but its arguments, so that a list draws only what it has not drawn
    lately: of 200 rows Jinja would escape three thousand values on each page."""
    row = current_app.jinja_env.get_template("plan/rows.html").module.row  # type: ignore[attr-defined]
    return Markup(row(line, actions_url, change, query))  # noqa: S704 - Jinja's own


# Of what a goal's panel offers: the goal's and then its objectives'.
_GOAL_VIEWS = ("goal", "new_objective", "edit_goal", "shift_goal", "delete_goal")
_OBJECTIVE_VIEWS = ("objective", "edit_objective", "shift_objective", "delete_objective")


def _panel_urls() -> dict[str, Any]:
    """The addresses that every panel repeats, built once: `{}` stands for the id."""
    urls = {name: _pattern(f"plan.{name}", "goal_id") for name in _GOAL_VIEWS}
    urls |= {name: _pattern(f"plan.{name}", "objective_id") for name in _OBJECTIVE_VIEWS}
    urls |= {f"line_{place}": _pattern("plan.line", place) for place in ("goal", "objective")}
    return {"actions_url": actions_url(), "urls": urls}


def _pattern(endpoint: str, name: str) -> str:
    largest = 1_999_999_999  # that an address can hold; the slug before it may be any
    values: dict[str, Any] = {name: largest}
    before, _number, after = url_for(endpoint, **values).rpartition(str(largest))
    return f"{before}{{}}{after}"


def query_of(filters: Filters) -> str:
    """What the rows' links carry along, so that whoever comes back finds the same rows."""
    return f"?{urlencode(filters.args())}" if filters.args() else ""


def row_piece(line: Line, *, may_work: bool) -> tuple[str, dict[str, object]]:
    """One row, as the list draws it."""
    query = query_of(Filters.of(request.args))
    return "plan/_row.html", {
        "line": line,
        "actions_url": actions_url(),
        "may_work": may_work,
        "query": query,
    }


def _adds_lines(shown: Shown) -> bool:
    """Only where the new row has its place on the page."""
    return shown.standing.may_work and isinstance(shown, Outline)


def _addresses(plans: list[Plan], plan: Plan) -> Callable[..., str]:
    own: dict[str, Any] = {} if plan is _default(plans) else {"plan": plan.id}

    def at(filters: Filters, **more: Any) -> str:
        return url_for("plan.index", **{**own, **filters.args(), **more})

    return at


def _pills(whole: Standing, filters: Filters, at: Callable[..., str]) -> list[Choice]:
    counts = whole.counts

    def state(label: str, value: str, count: int) -> Choice:
        current = filters.state == value
        return Choice(label, at(filters.with_(state="" if current else value)), current, count)

    def flag(label: str, name: str, count: int) -> Choice:
        current = bool(getattr(filters, name))
        return Choice(label, at(filters.with_(**{name: not current})), current, count)

    pills = [
        Choice(_("All"), at(filters.everything()), not filters.are_narrow, counts.actions),
        state(_("Open"), OPEN_STATE, counts.open),
        state(_("Done"), ActionStatus.DONE, counts.rollup.plan.done),
        flag(_("Late"), "late", counts.late),
        flag(_("Stuck"), "stuck", counts.stuck),
    ]
    if may(g.membership.role, Permission.SEE_ALL):
        pills.append(flag(_("Mine"), "mine", counts.mine))
    return pills


def _plan_pills(plans: list[Plan], plan: Plan) -> list[Choice]:
    """The other plans beside this one; none where it is the only one."""
    if len(plans) < 2:
        return []
    return [
        Choice(
            f"{words.PLAN_WORDS[each.status]}: {each.title}",
            url_for("plan.index", plan=None if each is _default(plans) else each.id),
            each.id == plan.id,
        )
        for each in plans
    ]


def _view_choices(filters: Filters, at: Callable[..., str]) -> list[Choice]:
    """The three views of what is shown."""
    names = {View.LIST: _("List"), View.BOARD: _("Board"), View.TIMELINE: _("Timeline")}
    return [Choice(name, at(filters.with_(view=view)), filters.view is view) for view, name in names.items()]


def _filter_choices(shown: Shown, people: list[tuple[int, str]]) -> dict[str, list[tuple[Any, str]]]:
    return {
        "goal": [*shown.goal_choices, (LOOSE, _("Not yet under a goal"))],
        "owner": list(people),
        "area": [(area.key, area.name) for area in content().areas],
        "state": [
            (OPEN_STATE, _("Open")),
            *((status.value, str(words.STATUS_WORDS[status])) for status in ActionStatus),
        ],
        "group": [
            (Grouping.GOAL.value, _("Goal")),
            *([(Grouping.OWNER.value, _("Who"))] if people else []),
            (Grouping.PARTNER.value, _("Partner")),
            (Grouping.MONTH.value, _("Month it is due")),
        ],
        "sort": [
            (Order.DUE.value, _("By when")),
            (Order.NUMBER.value, _("Number")),
            (Order.STATUS.value, _("Where it stands")),
            (Order.MOVED.value, _("Moved last")),
        ],
    }


# -- its pieces


def pieces(plan: Plan, goal_id: int | None) -> tuple[Outline, GoalPart | None]:
    """What stands around a row: the plan's counts and, of one goal or of the loose ends, all rows."""
    filters = Filters(goal=goal_id if goal_id is not None else LOOSE)
    shown = outline.outline(g.membership, plan, today(), filters)
    return shown, next((part for part in shown.goals if part.id == goal_id), None)


def head(plan: Plan, whole: Standing) -> list[tuple[str, dict[str, object]]]:
    """Counts and pills, as the page the browser shows has them."""
    plans = parts.plans_of(g.membership)
    filters = views.asked(htmx.page_args())
    return [
        ("plan/_counts.html", {"standing": whole}),
        ("plan/_pills.html", {"pills": _pills(whole, filters, _addresses(plans, plan))}),
    ]


def panel(
    shown: Outline, part: GoalPart | None, adding: LineForm | None = None
) -> tuple[str, dict[str, object]]:
    """The panel of a goal, or of what is not yet under one."""
    query = query_of(views.asked(htmx.page_args()))
    common: dict[str, object] = {"o": shown, **_panel_urls(), "adding": adding, "query": query}
    if part is None:
        return "plan/_loose.html", common
    return "plan/_goal.html", {**common, "part": part}


def board_piece(plan: Plan, filters: Filters) -> tuple[Board, tuple[str, dict[str, object]]]:
    """The board, and what draws it."""
    found = views.view_of(plan, filters, today(), 1)
    return found["o"], (found["view"], {**found, "filters": filters, "actions_url": actions_url()})


def answer(*found: tuple[str, dict[str, object]], status: int = 200) -> Response:
    return htmx.fragments(*found, status=status)
