"""Serves one action: its page, editing it, its changes of status and updates, and deleting it."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.chain.pages import lines as lines_pages
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import group_choices, people_choices
from engage.coalitions.trash import notice
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.queries import organization_choices
from engage.plan import action_history, bp, queries, service
from engage.plan.actions import pages
from engage.plan.actions import service as actions_service
from engage.plan.actions.forms.action import MoveActionForm, UpdateForm
from engage.plan.actions.forms.repeating import RepeatingActionForm, values_of
from engage.plan.activities import pages as activities_pages
from engage.plan.labels import title_as_read
from engage.plan.models import Action, Plan
from engage.plan.overview import places
from engage.plan.repeats import labels as repeats_labels
from engage.plan.repeats import pages as repeats_pages
from engage.plan.repeats import service as repeats_service
from engage.plan.undo.lookups import action_or_404
from engage.plan.undo.rules import What
from engage.plan.undo.service import steps, trash
from engage.snapshots import Snapshot
from engage.strengths.queries import need_choices
from engage.web.access import button
from engage.web.differences import Difference, differences
from engage.web.forms import LINE_LONGEST
from engage.web.htmx import fragments, wants_fragment


def _open_plan_of(the_action: Action) -> Plan:
    return service.still_open(queries.plan_of(g.membership, the_action.plan_id) or abort(404))


def _address_of(the_action: Action) -> str:
    return url_for("plan.action", number=the_action.number)


# -- the page of an action


@bp.get("/actions/<id:number>")
@allows(Permission.SEE)
def action(number: int) -> str:
    return _action_page(action_or_404(number))


def _action_page(
    the_action: Action,
    move_form: MoveActionForm | None = None,
    update: UpdateForm | None = None,
    found: list[Difference] | None = None,
) -> str:
    today = places.today()
    return render_template(
        "plan/actions/action.html",
        action=the_action,
        title=title_as_read(the_action.title),
        today=today,
        sheet=pages.of(g.membership, the_action, today),
        move=move_form or MoveActionForm(formdata=None, obj=the_action),
        update=update or UpdateForm(formdata=None),
        differences=found,
        last_saved=_last_saved(the_action, found),
        chain=lines_pages.of_action(g.membership, the_action),
        activities=activities_pages.of_action(g.membership, the_action),
    )


@bp.post("/actions/<id:number>/move")
@allows(Permission.WORK)
def move(number: int) -> Response | tuple[str, int]:
    the_action, form = action_or_404(number), MoveActionForm()
    found, status = None, 422
    if form.validate_on_submit():
        try:
            before = steps.before([the_action])
            made = actions_service.change(
                g.membership, the_action, form.opened_version, form.to, form.reason.data or ""
            )
            step = steps.record(g.membership, What.MOVED, before)
            db.session.commit()
            return _moved(the_action, repeats_labels.and_next(_("Saved."), made), step)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            found, status = (
                differences(form, MoveActionForm(formdata=None, obj=the_action), the_action.version),
                409,
            )
    if wants_fragment():
        return fragments(_standing(the_action, form, found), status=status)
    return _action_page(the_action, move_form=form, found=found), status


def _moved(the_action: Action, words: str, step: Snapshot | None) -> Response:
    if wants_fragment():
        fresh = MoveActionForm(formdata=None, obj=the_action)
        return fragments(_standing(the_action, fresh), notice.fragment(words, step))
    notice.say(words, step)
    return redirect(_address_of(the_action), 303)


def _standing(
    the_action: Action, form: MoveActionForm, found: list[Difference] | None = None
) -> tuple[str, dict[str, object]]:
    shown = pages.of(g.membership, the_action, places.today())
    return "plan/actions/_state.html", {
        "action": the_action,
        "sheet": shown,
        "move": form,
        "differences": found,
        "last_saved": _last_saved(the_action, found),
    }


def _last_saved(the_action: Action | None, found: list[Difference] | None) -> action_history.LastSaved | None:
    """Returns who saved the action after this form was opened, if someone did."""
    return (
        action_history.last_saved(g.membership, the_action)
        if the_action is not None and found is not None
        else None
    )


@bp.post("/actions/<id:number>/updates")
@allows(Permission.WORK)
def add_update(number: int) -> Response | tuple[str, int]:
    the_action, form = action_or_404(number), UpdateForm()
    if form.validate_on_submit():
        actions_service.add_update(g.membership, the_action, form.text.data or "")
        db.session.commit()
        flash(_("Your update is saved."))
        return redirect(url_for("plan.action", number=number, _anchor="plan-updates"), 303)
    return _action_page(the_action, update=form), 422


# -- adding and editing an action


def _form(
    plan: Plan | None, the_action: Action | None = None, *, typed: bool = False, place: str = ""
) -> RepeatingActionForm:
    """Returns the form as it was posted (`typed`), else filled from the row, or empty for the given place."""
    helpers = action_history.helpers_of(the_action) if the_action is not None else []
    if the_action is not None:
        place = places.value_of(the_action)
    values = {"place": place, "helpers": [str(key) for key, _name in helpers]}
    repeat = repeats_service.repeat_of(the_action) if the_action is not None else None
    if the_action is not None:
        values |= values_of(repeats_service.series_from(the_action))
    form = RepeatingActionForm() if typed else RepeatingActionForm(formdata=None, obj=the_action, data=values)
    chosen = [the_action.owner_id, *dict(helpers)] if the_action is not None else []
    kept = [the_action.need_id] if the_action is not None and the_action.need_id is not None else []
    form.offer(
        places.choices(plan),
        people_choices(g.membership, *chosen),
        organization_choices(g.membership),
        need_choices(g.membership, kept),
        group_choices(g.membership),
    )
    if the_action is not None and not actions_service.may_delete(g.membership, the_action):
        form.stay_in_group()
    if the_action is not None and the_action.match_id is not None:
        del form.need_id  # an action that follows from a match also answers the match's need
    if the_action is not None and repeat is not None and not repeats_service.is_latest(the_action, repeat):
        form.leave_series(unless_typed=True)
    return form


def _form_page(
    form: RepeatingActionForm,
    the_action: Action | None,
    plan: Plan | None,
    found: list[Difference] | None = None,
) -> str:
    return render_template(
        "plan/actions/action_form.html",
        form=form,
        action=the_action,
        plan=plan,
        differences=found,
        last_saved=_last_saved(the_action, found),
        here=request.full_path.rstrip("?"),
        series=repeats_pages.of(the_action) if the_action is not None else None,
    )


def _landing() -> tuple[Plan | None, str]:
    """Returns the plan for a new action, and the place in the plan that the address asks for."""
    place = places.place_asked()
    plan = place.plan or queries.open_plan(g.coalition.id)
    if place.goal is not None:
        plan = queries.plan_of(g.membership, place.goal.plan_id)
    if plan is not None:
        service.still_open(plan)
    if place.objective is not None:
        return plan, f"objective-{place.objective.id}"
    return plan, f"goal-{place.goal.id}" if place.goal is not None else ""


@bp.get("/actions/new")
@allows(Permission.WORK)
def new_action() -> str:
    plan, place = _landing()
    form = _form(plan, place=place)
    form.title.data = request.args.get("title", "").replace("\0", "")[:LINE_LONGEST]
    if (key := places.asked_id(request.args.get("organization"))) in dict(organization_choices(g.membership)):
        form.organization_id.data = key
    if "group_id" in form:
        form.group_id.data = places.asked_id(request.args.get("workgroup"))
    return _form_page(form, None, plan)


@bp.post("/actions/new")
@allows(Permission.WORK)
def add_action() -> Response | tuple[str, int]:
    plan, _place_asked = _landing()
    form = _form(plan, typed=True)
    if form.validate_on_submit():
        goal, objective = places.chosen(form.place.data)
        the_action = actions_service.create_action(
            g.membership, plan=plan, goal=goal, objective=objective, **form.fields()
        )
        actions_service.set_helpers(g.membership, the_action, form.helper_ids)
        _set_series(the_action, form)
        db.session.commit()
        flash(_("Added as action %(number)s.", number=the_action.number))
        return redirect(_address_of(the_action), 303)
    return _form_page(form, None, plan), 422


@bp.get("/actions/<id:number>/edit")
@allows(Permission.WORK)
def edit_action(number: int) -> str:
    the_action = action_or_404(number)
    plan = _open_plan_of(the_action)
    return _form_page(_form(plan, the_action), the_action, plan)


@bp.post("/actions/<id:number>/edit")
@allows(Permission.WORK)
def save_action(number: int) -> Response | tuple[str, int]:
    the_action = action_or_404(number)
    plan = _open_plan_of(the_action)
    form = _form(plan, the_action, typed=True)
    if form.validate_on_submit():
        goal, objective = places.chosen(form.place.data)
        place = {"goal_id": goal.id if goal else None, "objective_id": objective.id if objective else None}
        try:
            before = steps.before([the_action], links=True)
            actions_service.edit_action(
                g.membership, the_action, form.opened_version, {**form.fields(), **place}
            )
            actions_service.set_helpers(g.membership, the_action, form.helper_ids)
            step = steps.record(g.membership, What.CHANGED, before)
            _set_series(the_action, form)
            db.session.commit()
            notice.say(_("Action %(number)s is saved.", number=number), step)
            return redirect(_address_of(the_action), 303)
        except FieldRefused as refused:
            db.session.rollback()
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            found = differences(form, _form(plan, the_action), the_action.version)
            return _form_page(form, the_action, plan, found), 409
    return _form_page(form, the_action, plan), 422


def _set_series(the_action: Action, form: RepeatingActionForm) -> None:
    if "repeats" in form:
        wanted = form.series(repeats_service.series_from(the_action))
        repeats_service.set_series(g.membership, the_action, wanted, places.today())


@bp.post("/actions/<id:number>/stop-repeating")
@allows(Permission.WORK)
@button
def stop_repeating(number: int) -> Response:
    the_action = action_or_404(number)
    actions_service.stop_repeating(g.membership, the_action)
    db.session.commit()
    flash(_("It no longer repeats. Existing actions stay."))
    return redirect(_address_of(the_action), 303)


# -- deleting an action


def _again(the_action: Action) -> str:
    """Returns what to say about the rest of a series when one of its actions is deleted."""
    goes_on = repeats_service.series_from(the_action) is not None
    words = _("It repeats, so the next one will still appear. To stop that, stop repeating first.")
    return words if goes_on else ""


@asks_to_delete(bp, "/actions/<id:number>/delete", Permission.WORK)
def delete_action(number: int) -> Deletion:
    the_action = action_or_404(number)
    plan = _open_plan_of(the_action)

    def delete() -> tuple[str, Snapshot]:
        copy, made = trash.delete_action(g.membership, the_action)
        return repeats_labels.and_next(_("Action %(number)s is in the trash.", number=number), made), copy

    return Deletion(
        title=_("Delete this action?"),
        what=the_action.title,
        more=_again(the_action),
        back=_address_of(the_action),
        delete=delete,
        then=url_for("plan.index", plan=plan.id),
        may=actions_service.may_delete(g.membership, the_action),
    )
