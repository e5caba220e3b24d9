"""Serves rounds: the list, opening one, changing it, closing it, reopening it."""

from datetime import date, timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage import clock
from engage.assessment import queries
from engage.assessment.blueprint import bp
from engage.assessment.doors import queries as doors_queries
from engage.assessment.efforts import service as efforts_service
from engage.assessment.lookups import round_or_404
from engage.assessment.models import Round
from engage.assessment.respondents import queries as respondents_queries
from engage.assessment.rounds import pages, service
from engage.assessment.rounds.forms import CloseForm, ReopenForm, RoundEditForm, RoundForm, RoundTitleForm
from engage.assessment.rules import Asked
from engage.assessment.sets import pages as sets_pages
from engage.assessment.sets import service as sets_service
from engage.assessment.sets.rules import Offer
from engage.coalitions.permissions import Permission, may
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.frame.access import allows
from engage.web.differences import Difference, differences

# A new round is open for this long unless the coordinator chooses otherwise.
USUAL_DAYS = 21
# A reopened round is open for this long.
USUAL_DAYS_MORE = 7


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    open_ = queries.open_round(g.membership)
    counts = None
    if open_ is not None and may(g.membership.role, Permission.RUN_ROUNDS):
        counts = respondents_queries.turn_out(open_)
    return render_template(
        "assessment/rounds/index.html",
        open=open_,
        is_over=open_ is not None and queries.is_over(open_, g.membership),
        mine=queries.open_round_for(g.membership),
        turn_out=counts,
        closed=queries.closed_rounds(g.membership),
        known=efforts_service.counts(g.membership) if may(g.membership.role, Permission.SEE_ALL) else None,
    )


@bp.get("/rounds/new")
@allows(Permission.RUN_ROUNDS)
def new_round() -> str | Response:
    if (open_ := queries.open_round(g.membership)) is not None:
        return redirect(url_for(".show_round", round_id=open_.id), 303)
    today = _today()
    usual = {
        "title": _("Community assessment %(year)s", year=today.year),
        "closes_on": today + timedelta(days=USUAL_DAYS),
    }
    wanted = request.args.get("set", sets_pages.WHOLE)
    form = RoundForm(today, _offers(), data={**usual, "questions": wanted})
    return _new_round_page(form)


@bp.post("/rounds/new")
@allows(Permission.RUN_ROUNDS)
def open_round() -> Response | tuple[str, int]:
    form = RoundForm(_today(), _offers())
    if form.validate_on_submit():
        try:
            round_ = _open(form)
            db.session.commit()
        except FieldRefused as error:
            db.session.rollback()
            form.refuse(error.field, error.message)
            return _new_round_page(form), 422
        if round_.asked is Asked.INVITED:
            flash(_("The round is open. Now invite the people who should answer."))
            return redirect(url_for(".invite_page", round_id=round_.id), 303)
        flash(_("The round is open. No message went out yet: let everyone know."))
        return redirect(url_for(".respondents", round_id=round_.id), 303)
    return _new_round_page(form), 422


@bp.get("/rounds/<id:round_id>/edit")
@allows(Permission.RUN_ROUNDS)
def edit_round(round_id: int) -> str:
    round_ = round_or_404(round_id)
    return _edit_page(round_, _saved_form(round_))


@bp.post("/rounds/<id:round_id>/edit")
@allows(Permission.RUN_ROUNDS)
def save_round(round_id: int) -> Response | tuple[str, int]:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return _rename(round_)
    form = RoundEditForm(_today(), kept=round_.closes_on)
    if form.validate_on_submit():
        asked = Asked(form.asked.data)
        try:
            service.change_round(
                g.membership,
                round_,
                form.opened_version,
                form.title.data or "",
                form.closes_on.data,
                asked,
            )
            db.session.commit()
            flash(_("The round is saved."))
            return redirect(url_for(".respondents", round_id=round_id), 303)
        except StaleVersion:
            return _edit_page(round_, form, differences(form, _saved_form(round_), round_.version)), 409
    return _edit_page(round_, form), 422


@bp.get("/rounds/<id:round_id>/close")
@allows(Permission.RUN_ROUNDS)
def confirm_close(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    return _close_page(round_, CloseForm(formdata=None))


@bp.post("/rounds/<id:round_id>/close")
@allows(Permission.RUN_ROUNDS)
def close(round_id: int) -> Response | tuple[str, int]:
    round_ = round_or_404(round_id)
    form = CloseForm()
    if form.validate_on_submit():
        if not form.said_all(len(respondents_queries.partly_answered(round_))):
            return _close_page(round_, CloseForm(formdata=None), more=True), 409
        stored = service.close_round(g.membership, round_)
        db.session.commit()
        flash(_("The round is closed. No one can tell anymore who gave which answers."))
        if stored is None:
            flash(_("Too few people answered since it was reopened, so the earlier results stay."))
        return redirect(url_for(".results", round_id=round_id), 303)
    return _close_page(round_, form), 422


@bp.get("/rounds/<id:round_id>/reopen")
@allows(Permission.RUN_ROUNDS)
def reopen_page(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    if round_.is_open:
        return redirect(url_for(".show_round", round_id=round_id), 303)
    today = _today()
    usual = {"closes_on": today + timedelta(days=USUAL_DAYS_MORE)}
    return _reopen_page(round_, ReopenForm(today, formdata=None, data=usual))


@bp.post("/rounds/<id:round_id>/reopen")
@allows(Permission.RUN_ROUNDS)
def reopen(round_id: int) -> Response | tuple[str, int]:
    round_ = round_or_404(round_id)
    form = ReopenForm(_today())
    if form.validate_on_submit():
        service.reopen_round(g.membership, round_, form.reason.data or "", form.closes_on.data)
        db.session.commit()
        flash(_("The round is open again for people who have not taken part."))
        return redirect(url_for(".respondents", round_id=round_id), 303)
    return _reopen_page(round_, form), 422


def _today() -> date:
    return clock.today(g.coalition.time_zone)


def _offers() -> list[Offer]:
    return sets_pages.offers(sets_service.sets_of(g.membership))


def _open(form: RoundForm) -> Round:
    assert form.k.data is not None
    return service.open_round(
        g.membership,
        form.title.data or "",
        form.closes_on.data,
        form.k.data,
        Asked(form.asked.data),
        questions=form.asked_questions,
        no_insiders=form.no_insiders.data,
    )


def _new_round_page(form: RoundForm) -> str:
    return render_template("assessment/rounds/new_round.html", form=form)


def _rename(round_: Round) -> Response | tuple[str, int]:
    form = RoundTitleForm()
    if form.validate_on_submit():
        try:
            service.rename_round(g.membership, round_, form.opened_version, form.title.data or "")
            db.session.commit()
            flash(_("The title is saved."))
            return redirect(url_for(".results", round_id=round_.id), 303)
        except StaleVersion:
            return _edit_page(round_, form, differences(form, _saved_form(round_), round_.version)), 409
    return _edit_page(round_, form), 422


def _saved_form(round_: Round) -> RoundEditForm | RoundTitleForm:
    saved = {name: getattr(round_, name) for name in ("title", "closes_on", "asked", "version")}
    if not round_.is_open:
        return RoundTitleForm(formdata=None, data=saved)
    return RoundEditForm(_today(), formdata=None, data=saved)


def _edit_page(
    round_: Round, form: RoundEditForm | RoundTitleForm, found: list[Difference] | None = None
) -> str:
    return render_template(
        "assessment/rounds/edit_round.html",
        round=round_,
        form=form,
        differences=found,
    )


def _close_page(round_: Round, form: CloseForm, *, more: bool = False) -> str:
    """Shows what closing does; `more` says that more people have begun to answer since the page was opened."""
    losing = respondents_queries.partly_answered(round_)
    form.losing.data = str(len(losing))
    return render_template(
        "assessment/rounds/close.html",
        round=round_,
        form=form,
        turn_out=respondents_queries.turn_out(round_),
        losing=len(losing),
        losing_words=pages.losing_words(round_, losing),
        more=more,
        link_counts=doors_queries.may_leave_link_out(round_),
    )


def _reopen_page(round_: Round, form: ReopenForm) -> str:
    return render_template("assessment/rounds/reopen.html", round=round_, form=form)
