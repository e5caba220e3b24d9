"""Serves the form that starts the next plan, and the page of what was carried over and why."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan import bp, queries
from engage.plan.copying.next_plan import pages, rules, service
from engage.plan.copying.next_plan.forms import NextPlanForm, next_plan_form
from engage.plan.copying.next_plan.rules import PlanSpan
from engage.plan.copying.next_plan.service import PlanInventory
from engage.plan.copying.rules import Baseline
from engage.plan.models import Plan
from engage.plan.overview import places
from engage.web.lists import page_of


def _plan_or_404(plan_id: int) -> Plan:
    return queries.plan_of(g.membership, plan_id) or abort(404)


def _form_page(form: NextPlanForm, plan: Plan, held: PlanInventory) -> str:
    return render_template(
        "plan/copying/next_plan.html",
        form=form,
        plan=plan,
        groups=pages.groups(form, held, places.today()),
        repeating=held.repeating,
    )


@bp.get("/<id:plan_id>/next")
@allows(Permission.EDIT_PLAN)
def next_plan(plan_id: int) -> str:
    plan = _plan_or_404(plan_id)
    service.check_start(g.membership, plan)
    span = rules.following(plan.starts_on, plan.ends_on)
    ready: dict[str, object] = {
        "title": rules.next_title(plan.title),
        "starts_on": span.starts_on,
        "ends_on": span.ends_on,
    }
    held = service.inventory(g.membership, plan)
    return _form_page(next_plan_form(held, formdata=None, data=ready), plan, held)


@bp.post("/<id:plan_id>/next")
@allows(Permission.EDIT_PLAN)
def start_next_plan(plan_id: int) -> Response | tuple[str, int]:
    plan = _plan_or_404(plan_id)
    held = service.inventory(g.membership, plan)
    form = next_plan_form(held)
    if form.validate_on_submit():
        fields = form.fields()
        span = PlanSpan(fields["starts_on"], fields["ends_on"])
        made = service.start_next(
            g.membership, plan, fields["title"], span, form.chosen, Baseline(form.baseline.data)
        )
        db.session.commit()
        flash(_("The draft is started, with what you carried over. Now say what is new in it."))
        return redirect(url_for(".carried", plan_id=made.id), 303)
    return _form_page(form, plan, held), 422


@bp.get("/<id:plan_id>/carried")
@allows(Permission.SEE)
def carried(plan_id: int) -> str:
    shown = pages.carried_page(g.membership, _plan_or_404(plan_id)) or abort(404)

    def url(number: int) -> str:
        return url_for(".carried", plan_id=plan_id, page=number)

    rows, shown_pages = page_of(shown.rows, request.args.get("page", ""), url)
    return render_template("plan/copying/carryover.html", shown=shown, rows=rows, pages=shown_pages)
