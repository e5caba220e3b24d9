"""Builds the pages for changing several actions: the choice of actions, and the preview of each change."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from flask import g, render_template, url_for
from msgspec import Struct

from engage.database import SelectedRow
from engage.dates import day_text
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan import labels
from engage.plan.actions.service import reason_words
from engage.plan.bulk.forms import BulkForm
from engage.plan.bulk.rules import MOST, Effect, Effects
from engage.plan.models import Plan
from engage.plan.overview import places
from engage.plan.overview.pages import groups as groups_pages
from engage.plan.overview.pages import page as overview_page
from engage.plan.overview.queries import ActionFilters, OverviewView
from engage.plan.rules import Reason

# A message names at most this many actions; it says how many more there are.
_NAMED = 10


class BulkSelection(Struct, frozen=True):
    """The plan on the page, the filtered actions, and the available choices."""

    plans: list[Plan]
    plan: Plan
    filters: ActionFilters
    page: int
    people: list[tuple[int, str]]
    goals: list[tuple[int, str]]

    @property
    def args(self) -> dict[str, Any]:
        """Returns the place as an address writes it."""
        more = {"page": self.page} if self.page > 1 else {}
        return {**self.filters.in_plan(self.plan.id), **more}


class ChangeWords(Struct, frozen=True):
    label: str
    old: str
    new: str


class EffectLine(Struct, frozen=True):
    """The change of one action in words; `goes` names the objective that the action would leave."""

    number: int
    title: str
    changes: list[ChangeWords]
    goes: str


# -- choosing


def choose_page(
    place: BulkSelection, form: BulkForm, chosen: Collection[int], notes: Sequence[str] = ()
) -> str:
    """Builds the page to choose on.

    `chosen` are the ticked numbers; those not on this page stay chosen. `notes` say what changed since the
    person saw it.
    """
    filters = place.filters.with_(view=OverviewView.LIST)
    if form.every.data:
        chosen = ()
    found = groups_pages.groups(g.membership, place.plan, places.today(), filters, place.page)
    on_page = {line.number for group in found.groups for line in group.lines}
    ways = overview_page.ways_through(
        place.plans, place.plan, found, place.filters, place.people, "plan.bulk"
    )
    return render_template(
        "plan/bulk/bulk.html",
        plan=place.plan,
        form=form,
        notes=notes,
        o=found,
        chosen=set(chosen),
        elsewhere=sorted(set(chosen) - on_page),
        every=ngettext("The %(num)s action that fits", "All %(num)s actions that fit", found.shown),
        too_many=found.shown > MOST,
        most=MOST,
        preview_url=url_for("plan.preview_bulk", **place.args),
        back=_list_url(place),
        **ways,
    )


def _list_url(place: BulkSelection) -> str:
    return url_for("plan.index", **place.filters.in_plan(place.plan.id))


# -- previewing


def preview_page(place: BulkSelection, form: BulkForm, effects: Effects, notes: Sequence[str] = ()) -> str:
    """Builds the preview. `notes` say what changed since the person saw it."""
    changing, staying = effects.changing, effects.staying
    form.see({each.action.number: each.action.version for each in changing})
    today = places.today()
    as_line = _line_maker(place, today)
    return render_template(
        "plan/bulk/bulk_preview.html",
        plan=place.plan,
        form=form,
        notes=notes,
        kept=_kept(form),
        lines=[as_line(each) for each in changing],
        staying=[(each.action.number, each.action.title) for each in staying],
        would=ngettext("%(num)s action would change.", "%(num)s actions would change.", len(changing)),
        save_url=url_for("plan.save_bulk", **place.args),
        choose_url=url_for("plan.preview_bulk", **place.args),
        back=_list_url(place),
    )


def _kept(form: BulkForm) -> list[tuple[str, str]]:
    """Returns the choices as hidden fields to send on; an accepted warning about a text is included."""
    fields = [
        (form[name].name, form[name].data) for name in ("seen", "status", "owner_id", "goal_id", "reason")
    ]
    ticks = [form[name].name for name in ("every", "no_date", "leave_out") if form[name].data]
    day = form.due_on.data
    return [
        *((name, value) for name, value in fields if value),
        *((name, "y") for name in ticks),
        *([(form.due_on.name, day.isoformat())] if day else []),
        *([(form.reason.accept_name, form.reason.accept_value)] if form.reason.findings else []),
    ]


def _line_maker(place: BulkSelection, today: date) -> Any:
    people, goals = dict(place.people), dict(place.goals)
    titles = {
        "status": _("Status"),
        "owner_id": _("Who"),
        "due_on": _("By when"),
        "goal_id": _("Goal"),
    }
    nobody, loose, no_date = _("No one yet"), _("Not yet under a goal"), _("No date")
    status = {key: str(name) for key, name in labels.STATUS_LABELS.items()}

    def shown(column: str, value: Any, known: str | None) -> str:
        match column:
            case "status":
                return status[value]
            case "due_on":
                return day_text(value, today) if value is not None else no_date
            case "owner_id":
                return nobody if value is None else people.get(value) or known or ""
            case _:
                return loose if value is None else goals.get(value) or known or ""

    def line(effect: Effect) -> EffectLine:
        action = effect.action
        known = {"owner_id": action.owner, "goal_id": action.goal}
        changes = [
            ChangeWords(
                label,
                shown(column, getattr(action, column), known.get(column)),
                shown(column, effect.changes[column], None),
            )
            for column, label in titles.items()
            if column in effect.changes
        ]
        goes = action.objective if effect.objective_goes else ""
        return EffectLine(action.number, action.title, changes, goes or "")

    return line


# -- words


def names(actions: Iterable[Any]) -> str:
    """Returns words such as "14 Print cards; 15 Ask the hospital; 3 more"."""
    found = list(actions)
    shown = [f"{action.number} {action.title}" for action in found[:_NAMED]]
    if len(found) > _NAMED:
        more = len(found) - _NAMED
        shown.append(ngettext("%(num)s more", "%(num)s more", more))
    return "; ".join(shown)


def refuse_blocked(form: BulkForm, effects: Effects) -> None:
    """Says at the fields which actions a rule blocks."""
    if asking := effects.asking:
        reason = asking[0].asks
        assert reason is not None
        said = reason_words(reason)
        if reason is Reason.WHY_REOPENED:
            said = _("%(question)s This applies to: %(names)s.", question=said, names=names(_actions(asking)))
        form.refuse("reason", said)
    if early := effects.before_start:
        form.refuse(
            "due_on",
            ngettext(
                "That day is before the start of: %(names)s. Choose a later day, or leave it out.",
                "That day is before the start of %(num)s actions: %(names)s. Choose a later day, or leave them out.",
                len(early),
                names=names(_actions(early)),
            ),
        )


def _actions(effects: Iterable[Effect]) -> list[SelectedRow]:
    return [each.action for each in effects]


def overtaken_words(found: Iterable[Any], numbers: Collection[int]) -> list[str]:
    """Says which actions were changed by someone else, and how many are gone."""
    still = [action for action in found if action.number in numbers]
    said = []
    if still:
        said.append(
            ngettext(
                "Someone changed %(names)s.",
                "Someone changed %(num)s of them: %(names)s.",
                len(still),
                names=names(still),
            )
        )
    if gone := len(numbers) - len(still):
        said.append(gone_words(gone))
    return said


def gone_words(gone: int) -> str:
    return ngettext(
        "%(num)s chosen action is no longer in this plan.",
        "%(num)s chosen actions are no longer in this plan.",
        gone,
    )
