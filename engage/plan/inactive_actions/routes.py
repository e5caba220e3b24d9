"""Reviews inactive actions in a meeting: the start, one action at a time, and the summary of decisions.

The whole state is in the address, so that a reload or a second screen shows the same.
"""

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import people_choices
from engage.coalitions.trash import notice
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan import bp, queries
from engage.plan import service as plan_service
from engage.plan.actions import service as actions_service
from engage.plan.actions.forms.action import ChangeForm, number_ids
from engage.plan.inactive_actions import pages, service
from engage.plan.inactive_actions.forms import OnTrackForm
from engage.plan.inactive_actions.rules import Walk, days_asked
from engage.plan.models import Action, Plan
from engage.plan.overview import places
from engage.plan.repeats import labels as repeats_labels
from engage.plan.undo.lookups import action_or_404
from engage.plan.undo.rules import What
from engage.plan.undo.service import steps
from engage.web.differences import differences


@bp.get("/stale")
@allows(Permission.WORK)
def stale() -> str | Response:
    plan = _plan()
    if plan is None:
        return redirect(url_for("plan.index"), 303)
    return pages.start_page(plan, days_asked(request.args.get("days", "")))


@bp.get("/stale/begin")
@allows(Permission.WORK)
def stale_begin() -> Response:
    """Chooses the actions once and puts their numbers into the address."""
    plan, days = _plan(), days_asked(request.args.get("days", ""))
    numbers = service.numbers_of(g.membership, plan.id, places.today(), days) if plan else []
    if not numbers:
        return redirect(url_for("plan.stale", plan=request.args.get("plan"), days=days), 303)
    walk = Walk(tuple(numbers), 1, int(clock.now().timestamp()), days)
    return redirect(url_for("plan.stale_one", **walk.args()), 303)


@bp.get("/stale/one")
@allows(Permission.WORK)
def stale_one() -> str | Response:
    walk = Walk.of(request.args)
    if walk is None:
        return redirect(url_for("plan.stale"), 303)
    return _one(walk, queries.action_of(g.membership, walk.number))


@bp.post("/stale/<id:number>/on-track")
@allows(Permission.WORK)
def stale_on_track(number: int) -> Response | tuple[str, int]:
    action, walk = _asked(number)
    form = OnTrackForm()
    if form.validate_on_submit():
        service.say_on_track(g.membership, action, form.update)
        db.session.commit()
        notice.say(_("Action %(number)s: still on track.", number=number), None)
        return redirect(pages.after(walk), 303)
    return _one(walk, action, on_track=form), 422


@bp.post("/stale/<id:number>/change")
@allows(Permission.WORK)
def stale_change(number: int) -> Response | tuple[str, int]:
    action, walk = _asked(number)
    form, found, status = _change_form(action, typed=True), None, 422
    if form.validate_on_submit() and _says_something(form, action):
        try:
            before = steps.before([action])
            values = {"owner_id": form.owner_id.row_id, "due_on": form.due_on.data}
            made = actions_service.change(
                g.membership, action, form.opened_version, form.to, form.reason.data or "", values
            )
            step = steps.record(g.membership, What.CHANGED, before)
            db.session.commit()
            said = _("Action %(number)s is saved.", number=number)
            notice.say(repeats_labels.and_next(said, made), step)
            return redirect(pages.after(walk), 303)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            found, status = differences(form, _change_form(action), action.version), 409
    return pages.one_page(walk, action, form, _on_track_form(action), found), status


@bp.get("/stale/<id:number>/<any('on-track', change):_what>")
@allows(Permission.WORK)
def stale_again(number: int, _what: str) -> Response:
    """Redirects a person who reloads the page of a refused form to the action."""
    _action, walk = _asked(number)
    return redirect(url_for("plan.stale_one", **walk.args()), 303)


@bp.get("/stale/end")
@allows(Permission.WORK)
def stale_end() -> str | Response:
    walk = Walk.of(request.args)
    return pages.end_page(walk) if walk is not None else redirect(url_for("plan.stale"), 303)


# -- values in the address


def _plan() -> Plan | None:
    """Returns the plan that the address names, else the working plan."""
    if (asked := places.asked_id(request.args.get("plan"))) is not None:
        return plan_service.still_open(queries.plan_of(g.membership, asked) or abort(404))
    return queries.open_plan(g.coalition.id)


def _asked(number: int) -> tuple[Action, Walk]:
    """Returns the action to decide on and the position in the review; if the address has none, only the action."""
    action = action_or_404(number)
    return action, Walk.of(request.args) or Walk((number,), 1, int(clock.now().timestamp()), days_asked(""))


# -- the page of one action


def _one(walk: Walk, action: Action | None, on_track: OnTrackForm | None = None) -> str:
    if action is None:
        return pages.one_page(walk, None, None, None)
    return pages.one_page(walk, action, _change_form(action), on_track or _on_track_form(action))


def _on_track_form(action: Action) -> OnTrackForm:
    form = OnTrackForm(formdata=None)
    number_ids(form, f"plan-track-{action.number}")
    return form


def _change_form(action: Action, *, typed: bool = False) -> ChangeForm:
    form = ChangeForm() if typed else ChangeForm(formdata=None, obj=action)
    form.owner_id.offer(people_choices(g.membership, action.owner_id))
    number_ids(form, f"plan-change-{action.number}")
    return form


def _says_something(form: ChangeForm, action: Action) -> bool:
    """Returns whether the form changes anything; unchanged values would look like a decision if saved."""
    stands = (action.status, action.owner_id, action.due_on, action.reason)
    if stands == (form.to, form.owner_id.row_id, form.due_on.data, form.reason.data or ""):
        form.form_errors.append(_("Nothing has changed. Change something, or press Still on track or Skip."))
    return not form.errors
