"""Serves an agreement's page, with the needs and actions that it is linked to."""

from datetime import date

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import people_choices
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import bp
from engage.partners.agreements.forms import (
    LinkForm,
)
from engage.partners.agreements.models import Agreement
from engage.partners.agreements.pages import sheet_of
from engage.partners.agreements.routes.agreements import address_of, agreement_or_404
from engage.plan import labels as plan_labels
from engage.plan.actions import agreements as action_agreements
from engage.plan.actions.queries import agreements as agreements_queries
from engage.strengths.needs import agreements as needs_agreements
from engage.web.access import button


def _today() -> date:
    return clock.today(g.coalition.time_zone)


@bp.get("/agreements/<id:number>")
@allows(Permission.SEE)
def agreement(number: int) -> str:
    return agreement_page(agreement_or_404(number))


def agreement_page(this_agreement: Agreement, linking: LinkForm | None = None) -> str:
    sheet = sheet_of(g.membership, this_agreement, _today())
    seen = sheet.sees_all
    return render_template(
        "partners/agreements/agreement.html",
        agreement=this_agreement,
        sheet=sheet,
        needs=needs_agreements.needs_of_agreement(g.membership, this_agreement.id) if seen else [],
        actions=agreements_queries.actions_of_agreement(g.membership, this_agreement.id) if seen else [],
        status_words=plan_labels.STATUS_LABELS,
        status_tags=plan_labels.STATUS_TAGS,
        link=linking or (link_form(this_agreement) if sheet.may_edit else None),
    )


def link_form(this_agreement: Agreement, *, typed: bool = False) -> LinkForm:
    form = LinkForm() if typed else LinkForm(formdata=None)
    form.need_id.offer(needs_agreements.needs_to_link(g.membership, this_agreement.id))
    form.action_id.offer(agreements_queries.actions_to_link(g.membership, this_agreement.id))
    return form


@bp.post("/agreements/<id:number>/link")
@allows(Permission.EDIT_AGREEMENTS)
def link(number: int) -> Response | tuple[str, int]:
    """Links a need or an action, or both, to the agreement."""
    this_agreement = agreement_or_404(number)
    form = link_form(this_agreement, typed=True)
    if form.validate_on_submit():
        if form.need_id.row_id is not None:
            needs_agreements.link_need(g.membership, this_agreement, form.need_id.row_id)
        if form.action_id.row_id is not None:
            action_agreements.link_action(g.membership, this_agreement, form.action_id.row_id)
        db.session.commit()
        flash(_("Matched."))
        return redirect(f"{address_of(this_agreement)}#partners-links", 303)
    return agreement_page(this_agreement, form), 422


@bp.post("/agreements/<id:number>/unlink-need/<id:need_id>")
@allows(Permission.EDIT_AGREEMENTS)
@button
def unlink_need(number: int, need_id: int) -> Response:
    this_agreement = agreement_or_404(number)
    needs_agreements.unlink_need(g.membership, this_agreement, need_id)
    db.session.commit()
    flash(_("Match removed. Both are still on their lists."))
    return redirect(f"{address_of(this_agreement)}#partners-links", 303)


@bp.post("/agreements/<id:number>/unlink-action/<id:action_id>")
@allows(Permission.EDIT_AGREEMENTS)
@button
def unlink_action(number: int, action_id: int) -> Response:
    this_agreement = agreement_or_404(number)
    action_agreements.unlink_action(g.membership, this_agreement, action_id)
    db.session.commit()
    flash(_("Match removed. Both are still on their lists."))
    return redirect(f"{address_of(this_agreement)}#partners-links", 303)


@bp.post("/agreements/<id:number>/action")
@allows(Permission.EDIT_AGREEMENTS)
@button
def make_agreement_action(number: int) -> Response:
    """Makes an action of the plan from a promise in the agreement."""
    this_agreement = agreement_or_404(number)
    name = sheet_of(g.membership, this_agreement, _today()).name
    owners = dict(people_choices(g.membership))
    made = action_agreements.act_on_agreement(
        g.membership,
        this_agreement,
        _("Keep what was promised: %(agreement)s", agreement=name)[:300],
        this_agreement.owner_id if this_agreement.owner_id in owners else None,
    )
    db.session.commit()
    flash(
        _(
            "It is now action %(number)s in the plan. Say what will be done, who leads it, and by when.",
            number=made.number,
        )
    )
    return redirect(url_for("plan.edit_action", number=made.number), 303)
