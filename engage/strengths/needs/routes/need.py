"""Serves one need: its page, rating it, editing it, closing and reopening it, deleting it."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.chain.pages import lines as lines_pages
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.agreements.list import agreements_named
from engage.plan.actions.queries import origins
from engage.snapshots import Snapshot
from engage.strengths import bp, queries, service
from engage.strengths.matches.queries import matches_of
from engage.strengths.models import Need
from engage.strengths.needs import service as needs_service
from engage.strengths.needs.agreements import agreement_ids_of_need
from engage.strengths.needs.forms import CloseNeedForm, NeedByHandForm, NeedForm, RateForm
from engage.strengths.needs.gaps import shown_rounds
from engage.strengths.needs.pages.need import need_sheet
from engage.strengths.votes import queries as votes_queries
from engage.web.access import button
from engage.web.differences import Difference, differences

__all__ = ["bp"]


def _need_or_404(number: int) -> Need:
    return queries.need_of(g.membership, number) or gone(service.NEED_NUMBERS, number)


def _address_of(need_: Need) -> str:
    return url_for("strengths.need", number=need_.number)


@bp.get("/needs/<id:number>/")
@allows(Permission.SEE_ALL)
def need(number: int) -> str:
    return _need_page(_need_or_404(number))


def _need_page(need_: Need, rate_: RateForm | None = None, found: list[Difference] | None = None) -> str:
    return render_template(
        "strengths/needs/need.html",
        need=need_,
        sheet=need_sheet(g.membership, need_),
        actions=origins.actions_of_need(g.membership, need_.id),
        matched=matches_of(g.membership, needs=[need_.id]),
        match_actions=origins.actions_of_matches(g.membership),
        goals=origins.goals_of_need(g.membership, need_.id),
        agreements=agreements_named(g.membership, agreement_ids_of_need(g.membership, need_.id)),
        votes=votes_queries.votes_on_need(need_),
        rate=rate_ or RateForm.of(need_),
        differences=found,
        chain=lines_pages.of_need(g.membership, need_),
    )


@bp.post("/needs/<id:number>/rate")
@allows(Permission.WORK)
def rate(number: int) -> Response | tuple[str, int]:
    need_, form = _need_or_404(number), RateForm()
    if form.validate_on_submit():
        try:
            needs_service.rate_by_hand(g.membership, need_, form.opened_version, *form.numbers)
            db.session.commit()
            flash(_("Saved."))
            return redirect(_after_rating(need_), 303)
        except StaleVersion:
            if need_.closed_on is None and not need_sheet(g.membership, need_).by_vote:
                found = differences(form, RateForm.of(need_), need_.version)
                return _need_page(need_, form, found), 409
            raise WrongState(_("Someone closed this need or a vote rated it in the meantime.")) from None
    return _need_page(need_, form), 422


def _after_rating(need_: Need) -> str:
    """Returns the next unrated need, if the person wants it and there is one."""
    if "next" in request.form:
        number = need_sheet(g.membership, need_).next_unrated
        if number is not None:
            return url_for(".need", number=number)
        flash(_("Every need is rated."))
        return url_for(".needs")
    return _address_of(need_)


# -- editing


def _form(need_: Need, *, typed: bool) -> NeedForm:
    kind = NeedForm if need_.stated_gap is None else NeedByHandForm
    form = kind(obj=need_) if typed else kind(formdata=None, obj=need_)
    if isinstance(form, NeedByHandForm):
        form.offer(shown_rounds(g.membership).areas.items())
    return form


@bp.get("/needs/<id:number>/edit")
@allows(Permission.WORK)
def edit_need(number: int) -> str:
    need_ = needs_service.still_open(_need_or_404(number))
    return render_template(
        "strengths/needs/need_form.html", form=_form(need_, typed=False), need=need_, differences=None
    )


@bp.post("/needs/<id:number>/edit")
@allows(Permission.WORK)
def save_need(number: int) -> Response | tuple[str, int]:
    need_ = _need_or_404(number)
    form, found, status = _form(need_, typed=True), None, 422
    if form.validate_on_submit():
        try:
            needs_service.edit_need(g.membership, need_, form.opened_version, form.fields())
            db.session.commit()
            flash(_("Need %(number)s is saved.", number=number))
            return redirect(_address_of(need_), 303)
        except StaleVersion:
            found, status = differences(form, _form(need_, typed=False), need_.version), 409
    page = render_template("strengths/needs/need_form.html", form=form, need=need_, differences=found)
    return page, status


# -- closing


@bp.get("/needs/<id:number>/close")
@allows(Permission.WORK)
def close_need(number: int) -> str:
    need_ = needs_service.still_open(_need_or_404(number))
    form = CloseNeedForm(formdata=None, obj=need_)
    return render_template("strengths/needs/close_need.html", form=form, need=need_, differences=None)


@bp.post("/needs/<id:number>/close")
@allows(Permission.WORK)
def save_closed(number: int) -> Response | tuple[str, int]:
    need_ = _need_or_404(number)
    form, found, status = CloseNeedForm(), None, 422
    if form.validate_on_submit():
        try:
            needs_service.close_need(g.membership, need_, form.opened_version, form.closed_reason.data or "")
            db.session.commit()
            flash(_("Need %(number)s is closed. Everything linked to it is kept.", number=number))
            return redirect(url_for(".needs"), 303)
        except StaleVersion:
            found, status = differences(form, CloseNeedForm(formdata=None, obj=need_), need_.version), 409
    page = render_template("strengths/needs/close_need.html", form=form, need=need_, differences=found)
    return page, status


@bp.post("/needs/<id:number>/reopen")
@allows(Permission.WORK)
@button
def reopen_need(number: int) -> Response:
    need_ = _need_or_404(number)
    needs_service.reopen_need(g.membership, need_)
    db.session.commit()
    flash(_("Need %(number)s is open again.", number=number))
    return redirect(_address_of(need_), 303)


# -- deleting


@asks_to_delete(bp, "/needs/<id:number>/delete", Permission.WORK)
def delete_need(number: int) -> Deletion:
    need_ = _need_or_404(number)

    def delete() -> tuple[str, Snapshot]:
        # Something in the plan, an action or a goal, answers the need.
        if origins.goals_of_need(g.membership, need_.id) or origins.actions_of_need(g.membership, need_.id):
            raise WrongState(_("Something in the plan answers this need. Close it instead, and say why."))
        said = _("Need %(number)s is in the trash.", number=number)
        return said, needs_service.delete_need(g.membership, need_)

    return Deletion(
        title=_("Delete this need?"),
        what=need_.title,
        back=_address_of(need_),
        delete=delete,
        then=url_for(".needs"),
        may=needs_service.owns_need(g.membership, need_),
    )
