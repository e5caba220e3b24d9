"""Serves strengths: the list, one strength's page, adding, editing, withdrawing."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.chain.pages import lines as lines_pages
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import people_choices, person_of
from engage.coalitions.trash import notice
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.queries import organization_choices, organization_of
from engage.plan.actions.queries import origins
from engage.strengths import bp, files, queries, service
from engage.strengths.explorer import pages as explorer_pages
from engage.strengths.matches.queries import matches_of
from engage.strengths.models import Strength
from engage.strengths.needs.gaps import shown_rounds
from engage.strengths.strengths.forms import StrengthForm
from engage.strengths.strengths.pages import StrengthsPage, area_words
from engage.strengths.strengths.queries import StrengthFilters, strength_line, strengths_of
from engage.web.access import button
from engage.web.csv_files import csv_answer
from engage.web.differences import Difference, differences
from engage.web.links import onward


def _strength_or_404(strength_id: int) -> Strength:
    return queries.strength_of(g.membership, strength_id) or gone(Strength.__tablename__, strength_id)


def _address_of(strength_: Strength) -> str:
    return url_for("strengths.strength", strength_id=strength_.id)


@bp.get("/strengths/")
@allows(Permission.SEE_ALL)
def strengths() -> str:
    filters, page = StrengthFilters.of(request.args), request.args.get("page", "")
    shown = StrengthsPage.of(strengths_of(g.membership), shown_rounds(g.membership).areas, filters, page)
    return render_template("strengths/strengths/strengths.html", shown=shown)


@bp.get("/strengths.csv")
@allows(Permission.SEE_ALL)
def strengths_file() -> Response:
    """Sends all strengths by name as a file; those no longer on offer come last."""
    areas = shown_rounds(g.membership).areas
    return csv_answer(_("Strengths"), *files.strengths(strengths_of(g.membership), areas))


@bp.get("/strengths/<id:strength_id>/")
@allows(Permission.SEE_ALL)
def strength(strength_id: int) -> str:
    return _strength_page(_strength_or_404(strength_id))


def _strength_page(strength_: Strength) -> str:
    line, board = strength_line(strength_), explorer_pages.board_of(g.membership)
    rounds = board.needs.rounds
    return render_template(
        "strengths/strengths/strength.html",
        strength=strength_,
        line=line,
        areas=area_words(line.areas, rounds.areas),
        indicator=rounds.indicator_title(line.indicator),
        matched=matches_of(g.membership, strength_id=strength_.id),
        actions=origins.actions_of_matches(g.membership),
        ideas=explorer_pages.ideas_of_strength(board, strength_),
        may_withdraw=service.may_withdraw(g.membership, strength_),
        chain=lines_pages.of_strength(g.membership, strength_),
    )


# -- adding and editing


def _form(strength_: Strength | None = None, *, typed: bool = True) -> StrengthForm:
    """Returns the form as it was posted (`typed`), else filled from the row."""
    form = StrengthForm() if typed else StrengthForm(formdata=None, obj=strength_)
    rounds = shown_rounds(g.membership)
    people = people_choices(g.membership, strength_.giver_id if strength_ is not None else None)
    indicators = {**rounds.indicators}
    if strength_ is not None:
        if strength_.indicator and strength_.indicator not in indicators:
            indicators[strength_.indicator] = (
                rounds.indicator_title(strength_.indicator) or strength_.indicator
            )
        if not typed:
            form.areas.data = queries.areas_of(strength_)
    form.offer(people, organization_choices(g.membership), rounds.areas.items(), indicators.items())
    return form


def _form_page(form: StrengthForm, strength_: Strength | None, found: list[Difference] | None = None) -> str:
    return render_template(
        "strengths/strengths/strength_form.html", form=form, strength=strength_, differences=found
    )


@bp.get("/strengths/new")
@allows(Permission.WORK)
def new_strength() -> str:
    form = _form(typed=False)
    form.areas.data = [key for key in [request.args.get("area", "")] if key]
    return _form_page(form, None)


@bp.post("/strengths/new")
@allows(Permission.WORK)
def add_strength() -> Response | tuple[str, int]:
    form = _form()
    if form.validate_on_submit():
        giver, organization = form.giver_id.row_id, form.organization_id.row_id
        strength_ = service.add_strength(
            g.membership,
            title=form.title.data or "",
            kind=form.chosen_kind,
            giver=person_of(g.membership, giver) if giver is not None else None,
            organization=organization_of(g.membership, organization) if organization is not None else None,
            areas=form.areas.data or (),
            indicator=form.indicator.data or "",
            limits=form.limits.data or "",
        )
        db.session.commit()
        flash(_("“%(title)s” is on the list.", title=strength_.title))
        return onward(_address_of(strength_))
    return _form_page(form, None), 422


@bp.get("/strengths/<id:strength_id>/edit")
@allows(Permission.WORK)
def edit_strength(strength_id: int) -> str:
    strength_ = service.on_offer(_strength_or_404(strength_id))
    return _form_page(_form(strength_, typed=False), strength_)


@bp.post("/strengths/<id:strength_id>/edit")
@allows(Permission.WORK)
def save_strength(strength_id: int) -> Response | tuple[str, int]:
    strength_ = _strength_or_404(strength_id)
    form, found, status = _form(strength_), None, 422
    if form.validate_on_submit():
        try:
            service.edit_strength(
                g.membership, strength_, form.opened_version, form.fields(), form.areas.data or ()
            )
            db.session.commit()
            flash(_("Saved."))
            return redirect(_address_of(strength_), 303)
        except StaleVersion:
            found, status = differences(form, _form(strength_, typed=False), strength_.version), 409
    return _form_page(form, strength_, found), status


# -- withdrawing and offering again


@bp.get("/strengths/<id:strength_id>/withdraw")
@allows(Permission.WORK)
def withdraw_strength(strength_id: int) -> str:
    strength_ = _strength_or_404(strength_id)
    if not service.may_withdraw(g.membership, strength_):
        abort(403)
    return render_template(
        "strengths/strengths/withdraw.html",
        strength=strength_,
        is_used=queries.is_used(strength_),
    )


@bp.post("/strengths/<id:strength_id>/withdraw")
@allows(Permission.WORK)
@button
def confirm_withdraw_strength(strength_id: int) -> Response:
    strength_ = _strength_or_404(strength_id)
    if not service.may_withdraw(g.membership, strength_):
        abort(403)
    title = strength_.title
    copy = service.withdraw(service.on_offer(strength_), g.membership)
    db.session.commit()
    said = _("“%(title)s” is removed from the list.", title=title)
    if copy is not None:
        notice.say(said, copy)
    else:
        notice.offer(said, url_for(".offer_again", strength_id=strength_id))
    return redirect(url_for(".strengths"), 303)


@bp.post("/strengths/<id:strength_id>/offer-again")
@allows(Permission.WORK)
@button
def offer_again(strength_id: int) -> Response:
    strength_ = _strength_or_404(strength_id)
    service.offer_again(strength_, g.membership)
    db.session.commit()
    flash(_("It is back on the list."))
    return redirect(_address_of(strength_), 303)
