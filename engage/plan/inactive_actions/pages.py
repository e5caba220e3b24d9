"""Builds the pages on which a meeting reviews inactive actions, in words."""

from datetime import date

from flask import g, render_template, url_for
from msgspec import Struct

from engage import clock
from engage.coalitions.queries import name_of, people_choices
from engage.dates import day_text
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan import action_history, labels, queries
from engage.plan.actions.forms.action import ChangeForm
from engage.plan.inactive_actions import service
from engage.plan.inactive_actions.forms import OnTrackForm
from engage.plan.inactive_actions.rules import DAYS, MOST, Walk
from engage.plan.inactive_actions.service import Decided
from engage.plan.models import Action, Plan
from engage.plan.overview import places
from engage.plan.overview.pages import rendered
from engage.plan.rules import OPEN, ActionStatus, PlanStatus, is_late
from engage.web.differences import Difference


class InactiveActionCard(Struct, frozen=True):
    """One action as the meeting reviews it."""

    number: int
    title: str
    place: str
    who: str
    due: str
    is_late: bool
    status: str
    tag: str
    help: str
    inactive: str
    update: object | None
    decided: list[str]
    may_change: bool
    is_open: bool


class ReviewedAction(Struct, frozen=True):
    """An action in the summary; `decided` is empty if it was skipped."""

    number: int
    title: str
    decided: list[str]


# -- the start


def start_page(plan: Plan, days: int) -> str:
    counts = service.counts_of(g.membership, plan.id, places.today())
    return render_template(
        "plan/inactive_actions/start.html",
        plan=plan,
        days=days,
        choices=[(each, _choice_words(each, counts[each])) for each in DAYS],
        any=any(counts.values()),
        most=MOST if max(counts.values()) > MOST else 0,
    )


def _choice_words(days: int, count: int) -> str:
    actions = ngettext("%(num)s action", "%(num)s actions", count)
    return _("%(days)s days: %(actions)s", days=days, actions=actions)


# -- one action


def one_page(
    walk: Walk,
    action: Action | None,
    change: ChangeForm | None,
    on_track: OnTrackForm | None,
    found: list[Difference] | None = None,
) -> str:
    """Renders the page of one action; `action` is None if it was deleted since the review began."""
    number = action.number if action is not None else walk.number
    return render_template(
        "plan/inactive_actions/stale_one.html",
        walk=walk,
        card=_card(walk, action) if action is not None else None,
        form=change,
        on_track=on_track,
        differences=found,
        position=_("%(at)s of %(all)s", at=walk.at, all=len(walk.numbers)),
        skip_url=after(walk),
        back_url=url_for("plan.stale_one", **walk.before.args()) if walk.before else None,
        end_url=end(walk),
        start_url=url_for("plan.stale"),
        track_url=url_for("plan.stale_on_track", number=number, **walk.args()),
        change_url=url_for("plan.stale_change", number=number, **walk.args()),
    )


def after(walk: Walk) -> str:
    """Returns the address of the next step: the next action, or the summary at the end."""
    return url_for("plan.stale_one", **walk.next.args()) if walk.next else end(walk)


def end(walk: Walk) -> str:
    return url_for("plan.stale_end", **walk.args())


def _card(walk: Walk, action: Action) -> InactiveActionCard:
    plan = queries.plan_of(g.membership, action.plan_id)
    today = places.today()
    moved_on = clock.local_day(action.moved_at, g.coalition.time_zone)
    decided = service.decided_since(g.membership, [action.id], walk.since).get(action.id, Decided())
    return InactiveActionCard(
        number=action.number,
        title=action.title,
        place=_place(action),
        who=name_of(g.membership, action.owner_id) or _("No one yet"),
        due=labels.by_when(action.due_on, today, action.status) or _("No date"),
        is_late=is_late(action.due_on, action.status, today),
        status=str(labels.STATUS_LABELS[action.status]),
        tag=labels.STATUS_TAGS[action.status],
        help=action.reason if action.status is ActionStatus.STUCK else "",
        inactive=_inactive_words((today - moved_on).days),
        update=next(iter(action_history.updates_of(action)), None),
        decided=_decided_words(decided, _people(), today),
        may_change=plan is not None and plan.status is not PlanStatus.CLOSED,
        is_open=action.status in OPEN,
    )


def _place(action: Action) -> str:
    """Returns the action's goal and objective."""
    if action.goal_id is None:
        return _("Not yet under a goal")
    goal = queries.goal_of(g.membership, action.goal_id)
    objective = (
        queries.objective_of(g.membership, action.objective_id) if action.objective_id is not None else None
    )
    return " · ".join(each.title for each in (goal, objective) if each is not None)


def _inactive_words(days: int) -> str:
    if days <= 0:
        return _("Someone wrote or changed something today.")
    return ngettext(
        "No one has written or changed anything in %(num)s day.",
        "No one has written or changed anything in %(num)s days.",
        days,
    )


def _people() -> dict[int, str]:
    return dict(people_choices(g.membership))


# -- the summary


def end_page(walk: Walk) -> str:
    found = service.actions_of(g.membership, walk.numbers)
    decided = service.decided_since(g.membership, [key for key, _number, _title in found], walk.since)
    people, today = _people(), places.today()
    order = {number: place for place, number in enumerate(walk.numbers)}
    rows = sorted(
        (
            ReviewedAction(number, title, _decided_words(decided.get(key, Decided()), people, today))
            for key, number, title in found
        ),
        key=lambda row: order[row.number],
    )
    done, left = [row for row in rows if row.decided], [row for row in rows if not row.decided]
    return render_template(
        "plan/inactive_actions/stale_end.html",
        walk=walk,
        done=done,
        left=left,
        words=_end_words(len(rows), len(done)),
        actions_url=rendered.actions_url(),
        again=url_for("plan.stale_one", **walk.args()),
    )


def _end_words(all_: int, done: int) -> str:
    return ngettext(
        "%(done)s of %(num)s action decided.", "%(done)s of %(num)s actions decided.", all_, done=done
    )


def _decided_words(decided: Decided, people: dict[int, str], today: date) -> list[str]:
    said = []
    for name, (old, new) in decided.changes.items():
        match name:
            case "status":
                said.append(
                    _(
                        "From %(old)s to %(new)s",
                        old=labels.STATUS_LABELS[ActionStatus(old or "")],
                        new=labels.STATUS_LABELS[ActionStatus(new or "")],
                    )
                )
            case "due_on":
                day = day_text(date.fromisoformat(new), today) if new else ""
                said.append(_("New date: %(day)s", day=day) if day else _("Date removed"))
            case _:
                said.append(_owner_words(new, people))
    return [*said, *decided.updates]


def _owner_words(new: str | None, people: dict[int, str]) -> str:
    if new is None:
        return _("Owner removed")
    name = people.get(int(new)) or name_of(g.membership, int(new))
    return _("Handed to %(name)s", name=name)
