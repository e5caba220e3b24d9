"""Changes several actions at once: choose them and the change, preview it, then apply all of it or nothing."""

from collections.abc import Collection

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import people_choices
from engage.coalitions.trash import notice
from engage.extensions import db, read_from_here
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.numbers import whole_number
from engage.plan import bp, queries
from engage.plan import service as plan_service
from engage.plan.bulk import pages, service
from engage.plan.bulk.forms import BulkForm
from engage.plan.bulk.pages import BulkSelection
from engage.plan.bulk.rules import MOST, Effects
from engage.plan.bulk.service import Applied, Blocked, Overtaken
from engage.plan.overview import places
from engage.plan.overview import queries as overview_queries
from engage.plan.overview.pages import groups as groups_pages
from engage.plan.overview.pages import views
from engage.web.lists import page_asked


@bp.get("/several")
@allows(Permission.WORK)
def bulk() -> str:
    place = _place()
    return pages.choose_page(place, _form(place, typed=False), ())


@bp.post("/several")
@allows(Permission.WORK)
def preview_bulk() -> str | tuple[str, int]:
    """Shows a preview, or the choices again if the person goes back to them. It writes nothing."""
    read_from_here()
    place = _place()
    form = _form(place)
    chosen = _chosen(place, form)
    if "back" in request.form:
        return pages.choose_page(place, form, chosen)
    if form.validate_on_submit() and _are_chosen(form, chosen):
        found = service.chosen_actions(g.membership, place.plan.id, chosen)
        gone = len(chosen) - len(found)
        effects = _looked_at(form, Effects.of(found, form.wanted, places.today()))
        if effects is not None:
            notes = [pages.gone_words(gone)] if gone else []
            return pages.preview_page(place, form, effects, notes)
    return pages.choose_page(place, form, chosen), 422


@bp.post("/several/save")
@allows(Permission.WORK)
def save_bulk() -> Response | str | tuple[str, int]:
    place = _place()
    form = _form(place)
    seen = form.seen_versions
    if form.validate_on_submit() and _are_chosen(form, seen):
        try:
            applied = service.apply(g.membership, place.plan.id, seen, form.wanted, places.today())
            db.session.commit()
            notice.say(_applied_words(applied), applied.step)
            return redirect(url_for("plan.index", **place.filters.in_plan(place.plan.id)), 303)
        except Overtaken as overtaken:
            return _overtaken(place, form, overtaken)
        except Blocked as blocked:
            pages.refuse_blocked(form, blocked.effects)
    return pages.choose_page(place, form, _named(form)), 422


def _applied_words(applied: Applied) -> str:
    said = [ngettext("%(num)s action is changed.", "%(num)s actions are changed.", len(applied.changed))]
    if following := applied.following:
        said.append(
            ngettext(
                "%(num)s of them repeats: its next one is in the plan.",
                "%(num)s of them repeat: their next ones are in the plan.",
                len(following),
            )
        )
    return " ".join(said)


@bp.get("/several/save")
@allows(Permission.WORK)
def bulk_again() -> Response:
    """Redirects a person who reloads the page of a refused change to the choice."""
    return redirect(url_for("plan.bulk", **_place().args), 303)


# -- values in the address and the form


def _place() -> BulkSelection:
    plans = queries.plans_of(g.membership)
    asked = places.asked_id(request.args.get("plan"))
    plan = next((each for each in plans if asked in (None, each.id)), None) or abort(404)
    plan_service.still_open(plan)
    return BulkSelection(
        plans=plans,
        plan=plan,
        filters=views.asked(request.args.to_dict()),
        page=page_asked(request.args.get("page", "")),
        people=people_choices(g.membership),
        goals=groups_pages.goal_choices(g.membership, plan),
    )


def _form(place: BulkSelection, *, typed: bool = True) -> BulkForm:
    form = BulkForm() if typed else BulkForm(formdata=None)
    form.offer(place.people, place.goals)
    return form


def _chosen(place: BulkSelection, form: BulkForm) -> set[int]:
    """Returns the chosen numbers.

    If all matching actions are chosen, returns at most one more than can be changed at once.
    """
    if form.every.data:
        today = places.today()
        return set(overview_queries.numbers_of(g.membership, place.plan.id, place.filters, today, MOST + 1))
    return _named(form)


def _named(form: BulkForm) -> set[int]:
    """Returns the numbers of the actions that are ticked or were on the page."""
    ticked = {whole_number(text) for text in request.form.getlist("number")}
    return {number for number in ticked if number is not None} | form.seen_versions.keys()


def _are_chosen(form: BulkForm, chosen: Collection[int]) -> bool:
    """Returns whether the form has actions and changes; if not, the form shows what is missing."""
    if not chosen:
        form.say(_("Check at least one action."))
    if len(chosen) > MOST:
        form.say(
            _("At most %(most)s actions can be changed at once. Choose fewer with the filters.", most=MOST)
        )
    if not form.wanted.values:
        form.refuse("status", _("Choose what to change: status, owner, due date, or goal."))
    return not form.errors


def _looked_at(form: BulkForm, effects: Effects) -> Effects | None:
    """Returns the effects, without actions that may be left out; None if a rule blocks the change."""
    if form.leave_out.data:
        effects = Effects(tuple(each for each in effects.all if not each.is_before_start))
    if effects.asking or effects.before_start:
        pages.refuse_blocked(form, effects)
        return None
    return effects


def _overtaken(place: BulkSelection, form: BulkForm, overtaken: Overtaken) -> tuple[str, int]:
    """Says that someone else saved first: which actions, and what would happen now. Nothing was written."""
    read_from_here()
    chosen = (
        form.seen_versions.keys()
    )  # `save_several` limits their number; numbers that were sent in other fields are not read
    found = service.chosen_actions(g.membership, place.plan.id, chosen)
    notes = pages.overtaken_words(found, overtaken.numbers)
    effects = _looked_at(form, Effects.of(found, form.wanted, places.today()))
    if effects is None:
        return pages.choose_page(place, form, chosen, notes), 409
    return pages.preview_page(place, form, effects, notes), 409
