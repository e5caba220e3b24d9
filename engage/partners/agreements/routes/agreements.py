"""Serves agreements: the list, its file for a grant, one agreement's page, adding, editing and deleting it."""

from collections.abc import Mapping
from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission
from engage.coalitions.queries import people_choices
from engage.coalitions.trash import notice
from engage.coalitions.trash.lookups import gone
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.frame.access import allows
from engage.numbers import whole_number
from engage.partners.agreements import files as agreements_files
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.forms import (
    AgreementForm,
    LinkForm,
    NewAgreementForm,
    SignedAgreementForm,
    dates_as_chosen,
)
from engage.partners.agreements.list import AgreementFilters, AgreementsPage, agreements_of, only
from engage.partners.agreements.models import Agreement
from engage.partners.agreements.pages import agreement_of, sheet_of
from engage.partners.blueprint import bp
from engage.partners.queries import organization_choices
from engage.plan import words as plan_words
from engage.plan.actions import agreements as action_agreements
from engage.plan.actions.queries import agreements as agreements_queries
from engage.strengths.needs import agreements as needs_agreements
from engage.web.adding import onward
from engage.web.csv_files import csv_answer
from engage.web.differences import Difference, differences
from engage.web.forms import ConfirmForm


def _today() -> date:
    return clock.today(g.coalition.time_zone)


def agreement_or_404(number: int) -> Agreement:
    return agreement_of(g.membership, number) or gone(agreements_service.NUMBERS, number)


def address_of(this_agreement: Agreement) -> str:
    return url_for("partners.agreement", number=this_agreement.number)


# -- the list


@bp.get("/agreements/")
@allows(Permission.SEE)
def agreements() -> str:
    today = _today()
    shown = AgreementsPage.of(
        agreements_of(g.membership, today),
        AgreementFilters.of(request.args),
        request.args.get("page", ""),
        today,
    )
    return render_template("partners/agreements/agreements.html", shown=shown)


@bp.get("/agreements/grant-file")
@allows(Permission.SEE_ALL)
def agreements_sheet() -> str:
    """Shows the filtered agreements with what was promised, to print for a grant's file."""
    today, filters = _today(), AgreementFilters.of(request.args)
    lines = only(agreements_of(g.membership, today), filters, today)
    return render_template(
        "partners/agreements/agreements_sheet.html",
        sheets=agreements_files.sheets(lines),
        filters=filters,
        today=today,
    )


@bp.get("/agreements.csv")
@allows(Permission.EXPORT)
def agreements_file() -> Response:
    """Sends the same list as a table."""
    today = _today()
    lines = only(agreements_of(g.membership, today), AgreementFilters.of(request.args), today)
    return csv_answer(_("Agreements"), *agreements_files.table(lines))


# -- one agreement


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
        status_words=plan_words.STATUS_WORDS,
        status_tags=plan_words.STATUS_TAGS,
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
def unlink_need(number: int, need_id: int) -> Response | tuple[str, int]:
    this_agreement = agreement_or_404(number)
    if ConfirmForm().validate_on_submit():
        needs_agreements.unlink_need(g.membership, this_agreement, need_id)
        db.session.commit()
        flash(_("Match removed. Both are still on their lists."))
        return redirect(f"{address_of(this_agreement)}#partners-links", 303)
    return agreement_page(this_agreement), 422


@bp.post("/agreements/<id:number>/unlink-action/<id:action_id>")
@allows(Permission.EDIT_AGREEMENTS)
def unlink_action(number: int, action_id: int) -> Response | tuple[str, int]:
    this_agreement = agreement_or_404(number)
    if ConfirmForm().validate_on_submit():
        action_agreements.unlink_action(g.membership, this_agreement, action_id)
        db.session.commit()
        flash(_("Match removed. Both are still on their lists."))
        return redirect(f"{address_of(this_agreement)}#partners-links", 303)
    return agreement_page(this_agreement), 422


@bp.post("/agreements/<id:number>/action")
@allows(Permission.EDIT_AGREEMENTS)
def make_agreement_action(number: int) -> Response | tuple[str, int]:
    """Makes an action of the plan from a promise in the agreement."""
    this_agreement = agreement_or_404(number)
    if not ConfirmForm().validate_on_submit():
        return agreement_page(this_agreement), 422
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
            "It is now action %(number)s in the plan. Say what will be done, who leads it and by when.",
            number=made.number,
        )
    )
    return redirect(url_for("plan.edit_action", number=made.number), 303)


# -- recording one


def _new_form(*, typed: bool) -> NewAgreementForm:
    organization_id = whole_number(request.args.get("organization", ""))
    chosen: dict[str, object] = {"since": _today()}
    if organization_id is not None:
        chosen["organization_id"] = organization_id
    form = NewAgreementForm() if typed else NewAgreementForm(formdata=None, data=chosen)
    form.offer(organization_choices(g.membership), people_choices(g.membership))
    return form


@bp.get("/agreements/new")
@allows(Permission.EDIT_AGREEMENTS)
def new_agreement() -> str:
    return _form_page(_new_form(typed=False), None)


@bp.post("/agreements/new")
@allows(Permission.EDIT_AGREEMENTS)
def add_agreement() -> Response | tuple[str, int]:
    form = _new_form(typed=True)
    if form.validate_on_submit():
        try:
            since, state = form.since.data, form.chosen_state
            signed_on = since if state.value == "signed" else _today()
            values = {**form.fields(), **form.dates(signed_on)}
            made = agreements_service.create_agreement(g.membership, state=state, since=since, **values)
            db.session.commit()
            flash(_("Agreement %(number)s is on the list.", number=made.number))
            return onward(address_of(made))
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
    return _form_page(form, None), 422


# -- editing it


def _form(this_agreement: Agreement, *, typed: bool) -> AgreementForm:
    kind = AgreementForm if this_agreement.signed_on is None else SignedAgreementForm
    form = kind() if typed else kind(formdata=None, obj=this_agreement, data=dates_as_chosen(this_agreement))
    people = people_choices(g.membership, this_agreement.owner_id)
    form.offer(organization_choices(g.membership), people)
    return form


def _form_page(
    form: AgreementForm | NewAgreementForm,
    this_agreement: Agreement | None,
    found: list[Difference] | None = None,
) -> str:
    return render_template(
        "partners/agreements/agreement_form.html",
        form=form,
        agreement=this_agreement,
        differences=found,
    )


@bp.get("/agreements/<id:number>/edit")
@allows(Permission.EDIT_AGREEMENTS)
def edit_agreement(number: int) -> str:
    this_agreement = agreement_or_404(number)
    return _form_page(_form(this_agreement, typed=False), this_agreement)


@bp.post("/agreements/<id:number>/edit")
@allows(Permission.EDIT_AGREEMENTS)
def save_agreement(number: int) -> Response | tuple[str, int]:
    this_agreement = agreement_or_404(number)
    form = _form(this_agreement, typed=True)
    if form.validate_on_submit():
        try:
            values = _values(form)
            agreements_service.edit_agreement(g.membership, this_agreement, form.opened_version, values)
            db.session.commit()
            flash(_("Agreement %(number)s is saved.", number=number))
            return redirect(address_of(this_agreement), 303)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            found = differences(form, _form(this_agreement, typed=False), this_agreement.version)
            return _form_page(form, this_agreement, found), 409
    return _form_page(form, this_agreement), 422


def _values(form: AgreementForm) -> Mapping[str, object]:
    if isinstance(form, SignedAgreementForm):
        signed_on = form.signed_on.data
        return {**form.fields(), **form.dates(signed_on), "signed_on": signed_on}
    return {**form.fields(), **form.dates(_today())}


# -- deleting it


@bp.get("/agreements/<id:number>/delete")
@allows(Permission.EDIT_AGREEMENTS)
def delete_agreement(number: int) -> str:
    this_agreement = agreement_or_404(number)
    sheet = sheet_of(g.membership, this_agreement, _today())
    return render_template(
        "delete_page.html",
        title=_("Delete this agreement?"),
        what=sheet.name,
        along="",
        form=ConfirmForm(),
        back=address_of(this_agreement),
    )


@bp.post("/agreements/<id:number>/delete")
@allows(Permission.EDIT_AGREEMENTS)
def confirm_delete_agreement(number: int) -> Response | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return delete_agreement(number), 422
    this_agreement = agreement_or_404(number)
    copy = agreements_service.delete_agreement(g.membership, this_agreement)
    db.session.commit()
    notice.say(_("Agreement %(number)s is in the trash.", number=number), copy)
    return redirect(url_for(".agreements"), 303)
