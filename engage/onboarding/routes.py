"""Serves Getting Started: the path, a coordinator's word on a step, and the coalition's own numbers."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from msgspec.structs import asdict
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, may
from engage.extensions import db
from engage.frame.access import allows
from engage.onboarding import queries, rules, service, words
from engage.onboarding.evidence.rules import Thresholds
from engage.onboarding.forms import OverrideForm, ThresholdsForm
from engage.onboarding.rules import StepKey, StepState
from engage.web.blueprints import coalition_blueprint
from engage.web.forms import ConfirmForm

bp = coalition_blueprint("onboarding", __name__, "start")


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    path = queries.path_of(g.membership)
    people = queries.people_here(g.membership, path.thresholds)
    invites = people.are_few and may(g.membership.role, Permission.MANAGE_PEOPLE)
    return render_template(
        "onboarding/index.html",
        path=path,
        people=people if invites else None,
        is_new_no_more=rules.is_new_no_more(g.coalition.stage, g.coalition.created_at, clock.now()),
        steps=words.shown_steps(g.membership, path, leads=not (invites and people.comes_first)),
        confirm=ConfirmForm(formdata=None),
    )


@bp.get("/steps/<key>")
@allows(Permission.OVERRIDE_STEPS)
def decide(key: str) -> str:
    """Shows the page on which a coordinator says that a step is complete, or undoes that."""
    return _decide(_step_key(key), OverrideForm(formdata=None))


@bp.post("/steps/<key>")
@allows(Permission.OVERRIDE_STEPS)
def complete(key: str) -> Response | tuple[str, int]:
    step = _step_key(key)
    form = OverrideForm()
    if form.validate_on_submit():
        service.complete_step(g.membership, step, form.reason.data or "")
        db.session.commit()
        flash(_("The step is marked complete."))
        return redirect(url_for(".index", _anchor=f"onboarding-step-{step}"), 303)
    return _decide(step, form), 422


@bp.post("/steps/<key>/take-back")
@allows(Permission.OVERRIDE_STEPS)
def take_back(key: str) -> Response | tuple[str, int]:
    step = _step_key(key)
    form = ConfirmForm()
    if form.validate_on_submit():
        service.take_back(g.membership, step)
        db.session.commit()
        flash(_("No longer marked complete. The step now shows what the records say."))
        return redirect(url_for(".index", _anchor=f"onboarding-step-{step}"), 303)
    return _decide(step, OverrideForm(formdata=None)), 422


@bp.get("/thresholds")
@allows(Permission.EDIT_SETTINGS)
def thresholds() -> str:
    form = ThresholdsForm(formdata=None, data=asdict(queries.thresholds_of(g.membership)))
    return render_template("onboarding/thresholds.html", form=form)


@bp.post("/thresholds")
@allows(Permission.EDIT_SETTINGS)
def save_thresholds() -> Response | tuple[str, int]:
    form = ThresholdsForm()
    if form.validate_on_submit():
        wanted = Thresholds(**{name: value for name, value in form.data.items() if name != "csrf_token"})
        service.save_thresholds(g.membership, wanted)
        db.session.commit()
        flash(_("The numbers are saved."))
        return redirect(url_for(".index"), 303)
    return render_template("onboarding/thresholds.html", form=form), 422


def _step_key(key: str) -> StepKey:
    if key not in set(StepKey):
        abort(404)
    return StepKey(key)


def _decide(key: StepKey, form: OverrideForm) -> str:
    path = queries.path_of(g.membership)
    step = next(shown for shown in words.shown_steps(g.membership, path) if shown.key is key)
    return render_template(
        "onboarding/decide.html",
        step=step,
        form=form,
        confirm=ConfirmForm(formdata=None),
        by_records=step.state is StepState.COMPLETE_BY_RECORDS,
    )
