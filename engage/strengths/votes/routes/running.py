"""Serves a running or ended vote: the screen on the wall, people and hands counted, slips, goals of the plan."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows, may
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan.plans import service as plans_service
from engage.strengths import bp
from engage.strengths.votes import queries as votes_queries
from engage.strengths.votes import service as votes_service
from engage.strengths.votes.forms import HandsForm, PeopleForm, VoteSlipsForm
from engage.strengths.votes.models import Vote
from engage.strengths.votes.pages import Screen, card
from engage.strengths.votes.routes.votes import address_of, vote_or_404, vote_page
from engage.strengths.votes.rules import VoteAccess, VoteState
from engage.web.differences import Difference
from engage.web.forms import ConfirmForm
from engage.web.htmx import fragments, wants_fragment
from engage.web.papers import on_paper

__all__ = ["bp"]


# -- the screen


@bp.get("/votes/<id:vote_id>/screen")
@allows(Permission.SEE_ALL)
def screen(vote_id: int) -> Response | str:
    """Shows the projector's screen. htmx sends the state on screen, and gets nothing if that is current."""
    standing = votes_queries.standing_of(g.membership, vote_id) or abort(404)
    fragment, seen = wants_fragment(), request.args.get("seen", "")
    if fragment and seen == standing.mark:
        return Response(status=204)
    needs = votes_queries.needs_of_vote(standing.coalition_id, standing.id)
    context: dict[str, object] = {
        "screen": Screen.of(standing, needs),
        "runs": may(g.membership.role, Permission.RUN_VOTES),
    }
    if fragment:
        pieces = [("strengths/votes/_screen.html", context)]
        if not seen.startswith(f"{standing.state}-"):  # no swap while someone presses a button
            pieces.append(("strengths/votes/_screen_controls.html", context))
        return fragments(*pieces)
    return render_template("strengths/votes/screen.html", **context)


# -- people and hands


@bp.post("/votes/<id:vote_id>/people")
@allows(Permission.RUN_VOTES)
def count_people(vote_id: int) -> Response | tuple[str, int]:
    vote, form = vote_or_404(vote_id), PeopleForm()
    if form.validate_on_submit():
        votes_service.count_people(g.membership, vote, form.people.data or 0)
        db.session.commit()
        flash(_("Saved."))
        return redirect(address_of(vote), 303)
    db.session.rollback()  # the request only reads, so ballots need not wait for it
    return vote_page(vote, people=form), 422


@bp.get("/votes/<id:vote_id>/hands")
@allows(Permission.RUN_VOTES)
def hands(vote_id: int) -> str:
    vote = votes_service.still_open(vote_or_404(vote_id))
    return _hands_page(vote, _hands_form(vote, typed=False))


@bp.post("/votes/<id:vote_id>/hands")
@allows(Permission.RUN_VOTES)
def save_hands(vote_id: int) -> Response | tuple[str, int]:
    vote = vote_or_404(vote_id)
    form, found, status = _hands_form(vote), None, 422
    if form.validate_on_submit():
        try:
            votes_service.count_hands(g.membership, vote, form.opened_version, form.hands)
            db.session.commit()
            flash(_("The raised hands are counted."))
            return redirect(address_of(vote), 303)
        except StaleVersion:
            found, status = _differing(form, _hands_form(votes_service.still_open(vote), typed=False)), 409
            form.version.data = str(vote.version)
    db.session.rollback()
    return _hands_page(vote, form, found), status


def _hands_form(vote: Vote, *, typed: bool = True) -> HandsForm:
    needs = votes_queries.needs_of_vote(vote.coalition_id, vote.id)
    if not any(need.by_hand for need in needs):
        abort(404)
    return HandsForm(needs, vote.method) if typed else HandsForm(needs, vote.method, formdata=None, obj=vote)


def _differing(typed: HandsForm, saved: HandsForm) -> list[Difference]:
    pairs = [
        (field, kept)
        for part, other in zip(typed.parts, saved.parts, strict=False)
        for field, kept in zip(part, other, strict=True)
    ]
    return [
        Difference(field, str(kept.data), str(field.data)) for field, kept in pairs if field.data != kept.data
    ]


def _hands_page(vote: Vote, form: HandsForm, found: list[Difference] | None = None) -> str:
    return render_template("strengths/votes/hands.html", vote=vote, form=form, differences=found)


# -- slips


@bp.get("/votes/<id:vote_id>/slips")
@allows(Permission.RUN_VOTES)
@on_paper
def slips(vote_id: int) -> str:
    return _slips_page(_with_slips(vote_id), VoteSlipsForm(formdata=None))


@bp.post("/votes/<id:vote_id>/slips")
@allows(Permission.RUN_VOTES)
def make_slips(vote_id: int) -> Response | tuple[str, int]:
    vote, form = _with_slips(vote_id), VoteSlipsForm()
    if form.validate_on_submit():
        votes_service.make_slips(g.membership, vote, form.count.data or 0)
        db.session.commit()
        return redirect(url_for(".slips", vote_id=vote.id), 303)
    db.session.rollback()
    return _slips_page(vote, form), 422


def _with_slips(vote_id: int) -> Vote:
    vote = vote_or_404(vote_id)
    if vote.access is not VoteAccess.CODES:
        abort(404)
    return vote


def _slips_page(vote: Vote, form: VoteSlipsForm) -> str:
    unused, used = votes_queries.slips_of(vote)
    codes = [code for each in unused if (code := votes_service.code_of(each)) is not None]
    return render_template(
        "strengths/votes/slips.html",
        vote=vote,
        form=form,
        is_over=vote.state is VoteState.CLOSED,
        cards=[card(code) for code in codes] if vote.state is not VoteState.CLOSED else [],
        missing=len(unused) - len(codes),
        used=used,
    )


# -- making goals


@bp.post("/votes/<id:vote_id>/goals")
@allows(Permission.EDIT_PLAN)
def make_goals(vote_id: int) -> Response | tuple[str, int]:
    """Makes goals in the plan's draft from the ticked needs, in the order of the ranking."""
    vote = vote_or_404(vote_id)
    voted = {need.need_id for need in votes_queries.needs_of_vote(vote.coalition_id, vote.id)}
    ticked = [int(text) for text in request.form.getlist("need") if text in {str(key) for key in voted}]
    if not ConfirmForm().validate_on_submit() or not ticked or vote.state is not VoteState.CLOSED:
        db.session.rollback()
        return vote_page(vote, error=_("Check at least one need to make into a goal.")), 422
    needs = {need.id: need for need in votes_queries.needs_by_id(g.membership, ticked)}
    draft, added = plans_service.goals_of_needs(g.membership, [needs[key] for key in dict.fromkeys(ticked)])
    db.session.commit()
    flash(
        ngettext(
            "%(num)s goal is added to the draft. Now its first objective.",
            "%(num)s goals are added to the draft. Now their first objectives.",
            added,
        )
        if added
        else _("These needs are already goals in the draft.")
    )
    return redirect(url_for("plan.index", plan=draft.id), 303)
