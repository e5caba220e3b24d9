"""Serves Getting Started: the path, declaring a step complete, and the coalition's thresholds."""

from flask import abort, flash, g, redirect, render_template, url_for
from msgspec.structs import asdict
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows, may
from engage.extensions import db
from engage.i18n import gettext as _
from engage.onboarding import labels, queries, rules, service
from engage.onboarding.evidence.rules import Thresholds
from engage.onboarding.first_evening import queries as first_evening_queries
from engage.onboarding.first_evening.pages import evening_of, said_next
from engage.onboarding.forms import OverrideForm, ThresholdsForm
from engage.onboarding.rules import StepKey, StepState
from engage.web.access import button
from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("onboarding", __name__, "start")


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    path = queries.path_of(g.membership)
    people = queries.people_here(g.membership, path.thresholds)
    facts = first_evening_queries.facts_under_way(g.membership)
    evening = evening_of(g.membership, facts, leads=True) if facts is not None and facts.next else None
    # While the first evening runs, it says what is next; the path comes after it.
    invites = evening is None and people.are_few and may(g.membership.role, Permission.MANAGE_PEOPLE)
    return render_template(
        "onboarding/index.html",
        path=path,
        people=people if invites else None,
        is_new_no_more=rules.is_new_no_more(g.coalition.stage, g.coalition.created_at, clock.now()),
        evening=evening,
        evening_said=said_next(evening) if evening is not None else "",
        steps=labels.shown_steps(
            g.membership, path, leads=evening is None and not (invites and people.comes_first)
        ),
    )


@bp.get("/steps/<key>")
@allows(Permission.OVERRIDE_STEPS)
def decide(key: str) -> str:
    """Shows the page on which a coordinator declares that a step is complete, or undoes that."""
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
@button
def take_back(key: str) -> Response:
    step = _step_key(key)
    service.take_back(g.membership, step)
    db.session.commit()
    flash(_("No longer marked complete. The step now shows what the records say."))
    return redirect(url_for(".index", _anchor=f"onboarding-step-{step}"), 303)


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
    step = next(shown for shown in labels.shown_steps(g.membership, path) if shown.key is key)
    return render_template(
        "onboarding/decide.html",
        step=step,
        form=form,
        by_records=step.state is StepState.COMPLETE_BY_RECORDS,
    )
