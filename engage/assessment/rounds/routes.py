"""Serves rounds: the list, opening one, changing it, closing it, reopening it."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.assessment import bp, queries
from engage.assessment.channels import queries as channels_queries
from engage.assessment.efforts import service as efforts_service
from engage.assessment.lookups import round_or_404
from engage.assessment.models import Round
from engage.assessment.respondents import queries as respondents_queries
from engage.assessment.results.rules.closing import SMALLEST_K
from engage.assessment.results.rules.people import floor
from engage.assessment.rounds import pages, service
from engage.assessment.rounds.forms import (
    FOR_MEMBERS,
    CloseRoundForm,
    ReopenForm,
    RoundEditForm,
    RoundForm,
    RoundTitleForm,
)
from engage.assessment.rules import Asked
from engage.assessment.sets import pages as sets_pages
from engage.assessment.sets.rules import Offer
from engage.coalitions.permissions import Permission, allows, may
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import button, evening_step
from engage.web.differences import Difference, differences

# How many days a new round is open unless the coordinator chooses otherwise.
USUAL_DAYS = 21
# How many days a reopened round is open by default.
USUAL_DAYS_MORE = 7


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    return render_template(
        "assessment/rounds/index.html",
        open=pages.open_panels(g.membership),
        closed=queries.closed_rounds(g.membership),
        known=efforts_service.counts(g.membership) if may(g.membership.role, Permission.SEE_ALL) else None,
    )


@bp.get("/rounds/new")
@allows(Permission.RUN_ROUNDS)
def new_round() -> str | Response:
    taken = {each.asked for each in queries.open_rounds(g.membership)}
    if len(taken) > 1:
        flash(
            _("Two rounds are open: one for members and one for anyone. Close one before you open another.")
        )
        return redirect(url_for(".index"), 303)
    wants_anyone = request.args.get("asked") == Asked.ANYONE or bool(taken)
    offers = sets_pages.offers(g.membership)
    usual = _usual(offers, is_for_anyone=wants_anyone and Asked.ANYONE not in taken)
    return _new_round_page(RoundForm(_today(), offers, data=usual))


def _usual(offers: Sequence[Offer], *, is_for_anyone: bool) -> dict[str, object]:
    """Returns what the form of a new round starts with. A round for anyone starts with the short set."""
    today = _today()
    usual = {
        "title": _("Community assessment %(year)s", year=today.year),
        "closes_on": today + timedelta(days=USUAL_DAYS),
        "questions": offers[0].value,
    }
    if is_for_anyone:
        usual["title"] = _("What residents see %(year)s", year=today.year)
        usual |= {"asked": Asked.ANYONE.value, "questions": sets_pages.first_short(offers)}
    return usual | ({"questions": wanted} if (wanted := request.args.get("set")) else {})


@bp.post("/rounds/new")
@allows(Permission.RUN_ROUNDS)
@evening_step
def open_round() -> Response | tuple[str, int]:
    form = RoundForm(_today(), sets_pages.offers(g.membership))
    if form.validate_on_submit():
        try:
            round_ = _open(form)
            db.session.commit()
        except FieldRefused as error:
            db.session.rollback()
            form.refuse(error.field, error.message)
            return _new_round_page(form), 422
        if round_.is_for_anyone:
            flash(_("The round is open to anyone with its link. Share the link, or print the poster."))
            return redirect(url_for(".channels", round_id=round_.id), 303)
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
    form = _edit_form(round_, kept=round_.closes_on)
    if form.validate_on_submit():
        asked = Asked(form.asked.data) if form.asked is not None else round_.asked
        try:
            service.change_round(
                g.membership,
                round_,
                form.opened_version,
                form.title.data or "",
                form.closes_on.data,
                asked,
                form.k.data if form.k is not None else None,
            )
            db.session.commit()
            flash(_("The round is saved."))
            return redirect(url_for(".respondents", round_id=round_id), 303)
        except FieldRefused as error:
            db.session.rollback()
            form.refuse(error.field, error.message)
        except StaleVersion:
            return _edit_page(round_, form, differences(form, _saved_form(round_), round_.version)), 409
    return _edit_page(round_, form), 422


@bp.get("/rounds/<id:round_id>/close")
@allows(Permission.RUN_ROUNDS)
def confirm_close(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    return _close_page(round_, CloseRoundForm(formdata=None))


@bp.post("/rounds/<id:round_id>/close")
@allows(Permission.RUN_ROUNDS)
def close(round_id: int) -> Response | tuple[str, int]:
    round_ = round_or_404(round_id)
    form = CloseRoundForm()
    if form.validate_on_submit():
        if not form.said_all(len(respondents_queries.partly_answered(round_))):
            return _close_page(round_, CloseRoundForm(formdata=None), more=True), 409
        stored = service.close_round(g.membership, round_)
        db.session.commit()
        flash(_("The round is closed. No one can tell anymore who gave which answers."))
        if stored is None:
            flash(_("Too few people answered since it was reopened, so the earlier results stay."))
        return redirect(url_for(".results", round_id=round_id), 303)
    return _close_page(round_, form), 422


@bp.post("/rounds/<id:round_id>/results/columns")
@allows(Permission.RUN_ROUNDS)
@button
def decide_columns(round_id: int) -> Response:
    """Hides or shows the columns of results that may consist of the open link's answers, also in earlier results."""
    round_ = round_or_404(round_id)
    service.hide_columns(g.membership, round_, hide=request.form.get("hide") == "1")
    db.session.commit()
    return redirect(url_for(".results", round_id=round_id), 303)


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
    open_ = queries.open_rounds(g.membership)
    if 0 < len(open_) < 2:
        form.leave_out([Asked.ANYONE] if open_[0].is_for_anyone else FOR_MEMBERS)
    return render_template("assessment/rounds/new_round.html", form=form, floor=floor(SMALLEST_K), open=open_)


def _edit_form(round_: Round, **settings: object) -> RoundEditForm:
    return RoundEditForm(
        _today(), has_results=round_.closed_at is not None, is_for_anyone=round_.is_for_anyone, **settings
    )


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
    saved = {name: getattr(round_, name) for name in ("title", "closes_on", "asked", "k", "version")}
    if not round_.is_open:
        return RoundTitleForm(formdata=None, data=saved)
    return _edit_form(round_, formdata=None, data=saved)


def _edit_page(
    round_: Round, form: RoundEditForm | RoundTitleForm, found: list[Difference] | None = None
) -> str:
    return render_template(
        "assessment/rounds/edit_round.html",
        round=round_,
        form=form,
        differences=found,
    )


def _close_page(round_: Round, form: CloseRoundForm, *, more: bool = False) -> str:
    """Shows what closing does; `more` says that more people have started to answer since the page was opened."""
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
        link_counts=channels_queries.may_leave_link_out(round_),
        would_show=service.would_show(round_),
        floor=floor(round_.k),
    )


def _reopen_page(round_: Round, form: ReopenForm) -> str:
    return render_template("assessment/rounds/reopen.html", round=round_, form=form)
