"""Rounds: the list of them, opening one, closing it."""

from datetime import timedelta

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage import clock
from engage.access import allows, coalition_blueprint
from engage.assessment import efforts, queries, rounds, set_pages, sets, turnout
from engage.assessment.forms import RoundForm
from engage.assessment.models import DraftSet, Round
from engage.assessment.rules import RoundState
from engage.coalitions.permissions import Permission, may
from engage.errors import FieldRefused
from engage.extensions import db
from engage.forms import ConfirmForm

bp = coalition_blueprint("assessment", __name__, "assessment")

# How long a new round is open unless the coordinator says otherwise.
USUAL_DAYS = 21


def round_or_404(round_id: int) -> Round:
    """The coalition's own round; another's does not exist."""
    round_ = queries.round_of(g.membership, round_id)
    if round_ is None:
        abort(404)
    return round_


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    open_ = queries.open_round(g.membership)
    counts = None
    if open_ is not None and may(g.membership.role, Permission.RUN_ROUNDS):
        counts = turnout.turn_out(open_)
    return render_template(
        "assessment/index.html",
        open=open_,
        is_over=open_ is not None and queries.state_of(open_, g.membership) is RoundState.OVER,
        mine=queries.open_round_for(g.membership),
        turn_out=counts,
        closed=queries.closed_rounds(g.membership),
        known=efforts.counts(g.membership) if may(g.membership.role, Permission.SEE_ALL) else None,
    )


@bp.get("/rounds/new")
@allows(Permission.RUN_ROUNDS)
def new_round() -> str | Response:
    if (open_ := queries.open_round(g.membership)) is not None:
        return redirect(url_for(".show_round", round_id=open_.id), 303)
    today = clock.today(g.coalition.time_zone)
    usual = {
        "title": _("Community assessment %(year)s", year=today.year),
        "closes_on": today + timedelta(days=USUAL_DAYS),
    }
    wanted = request.args.get("set", 0, type=int)
    sets_ = sets.sets_of(g.membership)
    form = RoundForm(today, set_pages.choices(sets_), data={**usual, "questions": wanted})
    return _new_round_page(form, sets_)


@bp.post("/rounds/new")
@allows(Permission.RUN_ROUNDS)
def open_round() -> Response | tuple[str, int]:
    sets_ = sets.sets_of(g.membership)
    form = RoundForm(clock.today(g.coalition.time_zone), set_pages.choices(sets_))
    if form.validate_on_submit():
        try:
            round_ = _open(form, sets_)
            db.session.commit()
            flash(_("The round is open. Everyone in the coalition except viewers may answer."))
            return redirect(url_for(".show_round", round_id=round_.id), 303)
        except FieldRefused as error:
            db.session.rollback()
            form.refuse(error.field, error.message)
    return _new_round_page(form, sets_), 422


@bp.get("/rounds/<id:round_id>/close")
@allows(Permission.RUN_ROUNDS)
def confirm_close(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    return _close_page(round_, ConfirmForm())


@bp.post("/rounds/<id:round_id>/close")
@allows(Permission.RUN_ROUNDS)
def close(round_id: int) -> Response | tuple[str, int]:
    round_ = round_or_404(round_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        rounds.close_round(g.membership, round_)
        db.session.commit()
        flash(_("The round is closed. Nobody can tell any more who gave which answers."))
        return redirect(url_for(".results", round_id=round_id), 303)
    return _close_page(round_, form), 422


def _open(form: RoundForm, sets_: list[DraftSet]) -> Round:
    assert form.k.data is not None
    chosen = next((sets.draft_of(each) for each in sets_ if each.id == form.questions.row_id), None)
    return rounds.open_round(
        g.membership,
        form.title.data or "",
        form.closes_on.data,
        form.k.data,
        questions=chosen.asked if chosen else None,
    )


def _new_round_page(form: RoundForm, sets_: list[DraftSet]) -> str:
    return render_template("assessment/new_round.html", form=form, has_sets=bool(sets_))


def _close_page(round_: Round, form: ConfirmForm) -> str:
    counts = turnout.turn_out(round_)
    return render_template("assessment/close.html", round=round_, form=form, turn_out=counts)
