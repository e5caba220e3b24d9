"""Serves agreements: the list, its file for a grant, adding, editing and deleting one."""

from collections.abc import Mapping
from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import people_choices
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.numbers import whole_number
from engage.partners import bp
from engage.partners.agreements import files as agreements_files
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.forms import (
    AgreementForm,
    NewAgreementForm,
    SignedAgreementForm,
    dates_as_chosen,
)
from engage.partners.agreements.list import AgreementFilters, AgreementsPage, agreements_of, only
from engage.partners.agreements.models import Agreement
from engage.partners.agreements.pages import agreement_of, sheet_of
from engage.partners.queries import organization_choices
from engage.web.csv_files import csv_answer
from engage.web.differences import Difference, differences
from engage.web.links import onward


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
        lines=lines,
        filters=filters,
        today=today,
    )


@bp.get("/agreements.csv")
@allows(Permission.EXPORT)
def agreements_file() -> Response:
    """Sends the filtered agreements as a table."""
    today = _today()
    lines = only(agreements_of(g.membership, today), AgreementFilters.of(request.args), today)
    return csv_answer(_("Agreements"), *agreements_files.table(lines))


# -- recording an agreement


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


# -- editing an agreement


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


# -- deleting an agreement


@asks_to_delete(bp, "/agreements/<id:number>/delete", Permission.EDIT_AGREEMENTS)
def delete_agreement(number: int) -> Deletion:
    this_agreement = agreement_or_404(number)
    return Deletion(
        title=_("Delete this agreement?"),
        what=sheet_of(g.membership, this_agreement, _today()).name,
        back=address_of(this_agreement),
        delete=lambda: (
            _("Agreement %(number)s is in the trash.", number=number),
            agreements_service.delete_agreement(g.membership, this_agreement),
        ),
        then=url_for(".agreements"),
    )
