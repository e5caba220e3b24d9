"""Serves an agreement's moves and renewal, and whether the organization may be named publicly."""

from flask import flash, g, redirect, render_template
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import bp
from engage.partners.agreements import rules as agreements_rules
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.forms import (
    ON_A_DAY,
    MoveAgreementForm,
    NamingForm,
    SignForm,
    WithdrawForm,
    dates_as_chosen,
)
from engage.partners.agreements.labels import MOVE_LABELS, STATE_LABELS
from engage.partners.agreements.models import Agreement
from engage.partners.agreements.pages import naming_words, sheet_of
from engage.partners.agreements.routes.agreements import address_of, agreement_or_404
from engage.partners.rules import AgreementState
from engage.web.differences import Difference, differences
from engage.web.forms import VersionedForm

Answer = Response | tuple[str, int]
_STATES = f"<any({', '.join(sorted(AgreementState, reverse=True))}):to>"


def _page(
    agreement: Agreement,
    form: VersionedForm,
    title: str,
    button: str,
    *,
    lead: str = "",
    asks_why: bool = False,
    found: list[Difference] | None = None,
) -> str:
    today = clock.today(g.coalition.time_zone)
    return render_template(
        "partners/agreements/agreement_step.html",
        agreement=agreement,
        sheet=sheet_of(g.membership, agreement, today),
        form=form,
        title=title,
        button=button,
        lead=lead,
        asks_why=asks_why,
        differences=found,
    )


# -- moves


def _move_form(agreement: Agreement, to: AgreementState, *, typed: bool = False) -> MoveAgreementForm:
    kind = SignForm if to is AgreementState.SIGNED else MoveAgreementForm
    if typed:
        return kind()
    today = clock.today(g.coalition.time_zone)
    dates = {**dates_as_chosen(agreement), "review": "1"} if to is AgreementState.SIGNED else {}
    return kind(formdata=None, data={"version": agreement.version, "happened_on": today, **dates})


def _move_page(
    agreement: Agreement, to: AgreementState, form: MoveAgreementForm, found: list[Difference] | None = None
) -> str:
    return _page(
        agreement,
        form,
        str(MOVE_LABELS[to]),
        _("Save"),
        lead=_("Status: %(state)s.", state=STATE_LABELS[agreement.state]),
        asks_why=agreements_rules.asks_why(agreement.state, to),
        found=found,
    )


@bp.get(f"/agreements/<id:number>/move/{_STATES}")
@allows(Permission.EDIT_AGREEMENTS)
def move_agreement(number: int, to: str) -> str:
    agreement, state = agreement_or_404(number), AgreementState(to)
    agreements_service.check_way(agreement, state)
    return _move_page(agreement, state, _move_form(agreement, state))


@bp.post(f"/agreements/<id:number>/move/{_STATES}")
@allows(Permission.EDIT_AGREEMENTS)
def save_move(number: int, to: str) -> Answer:
    agreement, state = agreement_or_404(number), AgreementState(to)
    form = _move_form(agreement, state, typed=True)
    if form.validate_on_submit():
        day, note = form.happened_on.data, form.note.data or ""
        dates = form.dates(day) if isinstance(form, SignForm) else None
        try:
            agreements_service.move_agreement(
                g.membership, agreement, form.opened_version, state, day, note, dates
            )
            db.session.commit()
            flash(_("Noted: %(state)s.", state=STATE_LABELS[state]))
            return redirect(address_of(agreement), 303)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            found = differences(form, _move_form(agreement, state), agreement.version)
            return _move_page(agreement, state, form, found), 409
    return _move_page(agreement, state, form), 422


# -- renewing


def _renewal_form(agreement: Agreement) -> SignForm:
    """Returns the form with one more year and the same rules for notice and review; every field can be changed."""
    dates = dates_as_chosen(agreement)
    today = clock.today(g.coalition.time_zone)
    if agreement.ends_on is not None:
        dates["ends_on"] = agreements_rules.plus_years(agreement.ends_on, 1)
    # A day that was typed in belonged to the old end, and would make the next renewal due at once.
    if dates["notice"] == ON_A_DAY:
        dates |= {"notice": "", "notice_on": None}
    if dates["review"] == ON_A_DAY:
        dates |= {"review": "1", "review_on": None}
    kept = {"version": agreement.version, "happened_on": today}
    return SignForm(formdata=None, data={**dates, "review": dates["review"] or "1", **kept})


def _renewal_page(agreement: Agreement, form: SignForm, found: list[Difference] | None = None) -> str:
    lead = _("Both sides sign again. The earlier signature stays in its history.")
    return _page(agreement, form, _("Renew the agreement"), _("Renew the agreement"), lead=lead, found=found)


@bp.get("/agreements/<id:number>/renew")
@allows(Permission.EDIT_AGREEMENTS)
def renew_agreement(number: int) -> str:
    agreement = agreements_service.still_signed(agreement_or_404(number))
    return _renewal_page(agreement, _renewal_form(agreement))


@bp.post("/agreements/<id:number>/renew")
@allows(Permission.EDIT_AGREEMENTS)
def save_renewal(number: int) -> Answer:
    agreement, form = agreement_or_404(number), SignForm()
    if form.validate_on_submit():
        signed_on = form.happened_on.data
        try:
            agreements_service.renew_agreement(
                g.membership,
                agreement,
                form.opened_version,
                signed_on,
                form.dates(signed_on),
                form.note.data or "",
            )
            db.session.commit()
            flash(_("Renewed. Close its renewal action in the plan, if there is one."))
            return redirect(address_of(agreement), 303)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            found = differences(form, _renewal_form(agreement), agreement.version)
            return _renewal_page(agreement, form, found), 409
    return _renewal_page(agreement, form), 422


# -- naming


def _naming_form(agreement: Agreement) -> NamingForm:
    day = agreement.named_on if agreement.may_be_named else clock.today(g.coalition.time_zone)
    values = {"version": agreement.version, "named_by": agreement.named_by, "named_on": day}
    return NamingForm(formdata=None, data=values)


def _naming_page(agreement: Agreement, form: NamingForm, found: list[Difference] | None = None) -> str:
    title, lead = _("They may be named publicly"), naming_words(agreement)
    return _page(agreement, form, title, _("Save"), lead=lead, found=found)


@bp.get("/agreements/<id:number>/naming")
@allows(Permission.EDIT_AGREEMENTS)
def naming(number: int) -> str:
    agreement = agreement_or_404(number)
    return _naming_page(agreement, _naming_form(agreement))


@bp.post("/agreements/<id:number>/naming")
@allows(Permission.EDIT_AGREEMENTS)
def save_naming(number: int) -> Answer:
    agreement, form = agreement_or_404(number), NamingForm()
    if form.validate_on_submit():
        try:
            agreements_service.allow_naming(
                g.membership, agreement, form.opened_version, form.named_by.data or "", form.named_on.data
            )
            db.session.commit()
            flash(_("Noted: they may be named publicly."))
            return redirect(address_of(agreement), 303)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            found = differences(form, _naming_form(agreement), agreement.version)
            return _naming_page(agreement, form, found), 409
    return _naming_page(agreement, form), 422


def _withdrawal_form(agreement: Agreement) -> WithdrawForm:
    day = agreement.unnamed_on or clock.today(g.coalition.time_zone)
    return WithdrawForm(formdata=None, data={"version": agreement.version, "unnamed_on": day})


def _withdrawal_page(agreement: Agreement, form: WithdrawForm, found: list[Difference] | None = None) -> str:
    title, lead = _("They may no longer be named"), naming_words(agreement)
    return _page(agreement, form, title, _("Save"), lead=lead, found=found)


@bp.get("/agreements/<id:number>/naming/withdraw")
@allows(Permission.EDIT_AGREEMENTS)
def withdraw_naming(number: int) -> str:
    agreement = agreements_service.still_named(agreement_or_404(number))
    return _withdrawal_page(agreement, _withdrawal_form(agreement))


@bp.post("/agreements/<id:number>/naming/withdraw")
@allows(Permission.EDIT_AGREEMENTS)
def save_withdrawal(number: int) -> Answer:
    agreement, form = agreement_or_404(number), WithdrawForm()
    if form.validate_on_submit():
        try:
            agreements_service.withdraw_naming(
                g.membership, agreement, form.opened_version, form.unnamed_on.data
            )
            db.session.commit()
            flash(_("Noted: they may no longer be named. Remove their name from what you publish."))
            return redirect(address_of(agreement), 303)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            found = differences(form, _withdrawal_form(agreement), agreement.version)
            return _withdrawal_page(agreement, form, found), 409
    return _withdrawal_page(agreement, form), 422
