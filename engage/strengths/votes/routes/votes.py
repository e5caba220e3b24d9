"""Serves votes on needs to the facilitator: the list, preparing, opening, closing, starting over, the result."""

from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, may
from engage.errors import StaleVersion
from engage.extensions import db
from engage.frame.access import allows
from engage.plan.actions.queries import origins
from engage.strengths.blueprint import bp
from engage.strengths.needs.queries import needs_of
from engage.strengths.votes import queries as votes_queries
from engage.strengths.votes import service as votes_service
from engage.strengths.votes.forms import PeopleForm, VoteForm
from engage.strengths.votes.models import Vote
from engage.strengths.votes.pages import place_rows
from engage.strengths.votes.results import ranking_of
from engage.strengths.votes.rules import GOOD_NUMBER, VoteState, may_reopen
from engage.strengths.votes.words import METHOD_WORDS, STATE_TAGS, STATE_WORDS, turnout, what_to_do
from engage.web.answers import problem
from engage.web.differences import Difference, differences
from engage.web.forms import ConfirmForm

__all__ = ["bp"]


def vote_or_404(vote_id: int) -> Vote:
    return votes_queries.vote_of(g.membership, vote_id) or abort(404)


def address_of(vote: Vote) -> str:
    return url_for("strengths.vote", vote_id=vote.id)


@bp.get("/votes/")
@allows(Permission.SEE_ALL)
def votes_list() -> str:
    return render_template(
        "strengths/votes/votes.html",
        votes=votes_queries.votes_of(g.membership),
        has_needs=bool(needs_of(g.membership).open),
        states=STATE_WORDS,
        tags=STATE_TAGS,
    )


# -- preparing


def _form(vote: Vote | None = None, *, typed: bool = True) -> VoteForm:
    """Returns the form with what was typed, or else with the vote as it is saved."""
    needs = [(each.id, f"{each.number}. {each.title}") for each in needs_of(g.membership).open]
    saved = _new([key for key, _title in needs]) if vote is None else _saved(vote)
    form = VoteForm() if typed else VoteForm(formdata=None, data=saved)
    meetings = votes_queries.meeting_choices(g.membership)
    if vote is not None:
        offered = {key for key, _title in needs}
        chosen = votes_queries.needs_of_vote(vote.coalition_id, vote.id)
        needs += [
            (each.need_id, f"{each.number}. {each.title}") for each in chosen if each.need_id not in offered
        ]
        held = votes_queries.meeting_of_vote(vote)
        meetings += [held] if held is not None and held not in meetings else []
    form.offer(needs, [(key, f"{title}, {format_datetime(at, 'medium')}") for key, title, at in meetings])
    return form


def _new(needs: Sequence[int]) -> dict[str, object]:
    """Returns a vote ready to be saved with one press: the most pressing needs, at the meeting in the address."""
    ticked = [str(key) for key in needs[:GOOD_NUMBER]]
    meeting = request.args.get("meeting", 0, type=int)
    return {"title": _("Vote on needs"), "meeting_id": meeting, "needs": ticked}


def _saved(vote: Vote) -> dict[str, object]:
    chosen = votes_queries.needs_of_vote(vote.coalition_id, vote.id)
    values = {
        "needs": [str(each.need_id) for each in chosen],
        "by_hand": [str(each.need_id) for each in chosen if each.by_hand],
    }
    dots = {"dots": vote.dots, "dots_each": vote.dots_each} if vote.dots is not None else {}
    names = ("title", "meeting_id", "shows_order", "version")
    columns = {name: getattr(vote, name) for name in names}
    return {**columns, **values, **dots, "method": vote.method.value, "access": vote.access.value}


def _form_page(form: VoteForm, vote: Vote | None, found: list[Difference] | None = None) -> str:
    return render_template("strengths/votes/vote_form.html", form=form, vote=vote, differences=found or [])


@bp.get("/votes/new")
@allows(Permission.RUN_VOTES)
def new_vote() -> str:
    return _form_page(_form(typed=False), None)


@bp.post("/votes/new")
@allows(Permission.RUN_VOTES)
def add_vote() -> Response | tuple[str, int]:
    form = _form()
    if form.validate_on_submit():
        vote = votes_service.prepare(g.membership, form.fields(), form.chosen)
        db.session.commit()
        flash(_("The vote is prepared. Open it when everybody is ready."))
        return redirect(address_of(vote), 303)
    return _form_page(form, None), 422


@bp.get("/votes/<id:vote_id>/edit")
@allows(Permission.RUN_VOTES)
def edit_vote(vote_id: int) -> str:
    vote = votes_service.still_prepared(vote_or_404(vote_id))
    return _form_page(_form(vote, typed=False), vote)


@bp.post("/votes/<id:vote_id>/edit")
@allows(Permission.RUN_VOTES)
def save_vote(vote_id: int) -> Response | tuple[str, int]:
    vote = vote_or_404(vote_id)
    form, found, status = _form(vote), [], 422
    if form.validate_on_submit():
        try:
            votes_service.edit(g.membership, vote, form.opened_version, form.fields(), form.chosen)
            db.session.commit()
            flash(_("Saved."))
            return redirect(address_of(vote), 303)
        except StaleVersion:
            found, status = differences(form, _form(vote, typed=False), vote.version), 409
    return _form_page(form, vote, found), status


# -- its page


@bp.get("/votes/<id:vote_id>/")
@allows(Permission.SEE_ALL)
def vote(vote_id: int) -> str:
    return vote_page(vote_or_404(vote_id))


def vote_page(vote: Vote, people: PeopleForm | None = None, error: str = "") -> str:
    """Draws the page; `error` says what is wrong with the requested goals."""
    standing = votes_queries.standing_of(g.membership, vote.id)
    assert standing is not None
    needs = votes_queries.needs_of_vote(vote.coalition_id, vote.id)
    is_over = vote.state is VoteState.CLOSED
    goals = origins.needs_in_draft(g.membership) if is_over else set()
    ranked = ranking_of(vote.coalition_id, vote.id, vote.method, vote.state, needs) if is_over else []
    return render_template(
        "strengths/votes/vote.html",
        vote=vote,
        standing=standing,
        turnout=turnout(standing),
        state_words=STATE_WORDS[vote.state],
        state_tag=STATE_TAGS[vote.state],
        method_words=METHOD_WORDS[vote.method],
        asks=what_to_do(vote.method, vote.dots, vote.dots_each),
        meeting=votes_queries.meeting_of_vote(vote),
        needs=needs,
        rows=place_rows(ranked, goals),
        runs=may(g.membership.role, Permission.RUN_VOTES),
        can_reopen=is_over and may_reopen(vote.closed_at, clock.now()),
        more_than_people=standing.people is not None and standing.ballots > standing.people,
        people=people or PeopleForm(formdata=None, data={"people": vote.people_here}),
        confirm=ConfirmForm(formdata=None),
        error=error,
    )


def _not_done() -> Response:
    return problem(422, _("Nothing was changed"), _("Go back to the vote and press the button again."))


def _back(vote: Vote) -> str:
    """Returns to the screen on the wall if the button stands there, else to the vote."""
    return url_for(".screen", vote_id=vote.id) if "screen" in request.form else address_of(vote)


@bp.post("/votes/<id:vote_id>/open")
@allows(Permission.RUN_VOTES)
def open_vote(vote_id: int) -> Response:
    vote = vote_or_404(vote_id)
    if not ConfirmForm().validate_on_submit():
        return _not_done()
    opened = votes_service.open_vote(g.membership, vote)
    db.session.commit()
    flash(_("The vote is open.") if opened else _("Nothing was changed: somebody did this already."))
    return redirect(_back(vote), 303)


@bp.post("/votes/<id:vote_id>/close")
@allows(Permission.RUN_VOTES)
def close_vote(vote_id: int) -> Response:
    vote = vote_or_404(vote_id)
    if not ConfirmForm().validate_on_submit():
        return _not_done()
    closed = votes_service.close(g.membership, vote)
    db.session.commit()
    if not closed:
        flash(_("Nothing was changed: somebody did this already."))
    return redirect(_back(vote), 303)


@bp.post("/votes/<id:vote_id>/reopen")
@allows(Permission.RUN_VOTES)
def reopen_vote(vote_id: int) -> Response:
    vote = vote_or_404(vote_id)
    if not ConfirmForm().validate_on_submit():
        return _not_done()
    reopened = votes_service.reopen(g.membership, vote)
    db.session.commit()
    flash(
        _("The vote is open again. Ballots that are in stay in.")
        if reopened
        else _("Nothing was changed: somebody did this already.")
    )
    return redirect(address_of(vote), 303)


@bp.get("/votes/<id:vote_id>/start-over")
@allows(Permission.RUN_VOTES)
def start_over(vote_id: int) -> Response | str:
    vote = vote_or_404(vote_id)
    return _over_page(vote) if vote.state is VoteState.OPEN else redirect(address_of(vote), 303)


@bp.post("/votes/<id:vote_id>/start-over")
@allows(Permission.RUN_VOTES)
def confirm_start_over(vote_id: int) -> Response | tuple[str, int]:
    vote = vote_or_404(vote_id)
    if vote.state is not VoteState.OPEN:
        return redirect(address_of(vote), 303)
    if not ConfirmForm().validate_on_submit():
        return _over_page(vote), 422
    votes_service.start_over(g.membership, vote)
    db.session.commit()
    flash(_("Everything voted so far is thrown away. Change the vote, then open it again."))
    return redirect(address_of(vote), 303)


def _over_page(vote: Vote) -> str:
    standing = votes_queries.standing_of(g.membership, vote.id)
    assert standing is not None
    return render_template(
        "strengths/votes/vote_over.html", vote=vote, turnout=turnout(standing), form=ConfirmForm()
    )


@bp.post("/votes/<id:vote_id>/again")
@allows(Permission.RUN_VOTES)
def vote_again(vote_id: int) -> Response:
    vote = vote_or_404(vote_id)
    if not ConfirmForm().validate_on_submit():
        return _not_done()
    made = votes_service.again(g.membership, vote)
    db.session.commit()
    flash(_("A second vote on the same needs is prepared. Its result replaces the first one’s."))
    return redirect(url_for(".edit_vote", vote_id=made.id), 303)


@bp.get("/votes/<id:vote_id>/delete")
@allows(Permission.RUN_VOTES)
def delete_vote(vote_id: int) -> str:
    vote = votes_service.still_prepared(vote_or_404(vote_id))
    return render_template(
        "plan/delete.html",
        title=_("Delete this vote?"),
        what=vote.title,
        form=ConfirmForm(),
        back=address_of(vote),
    )


@bp.post("/votes/<id:vote_id>/delete")
@allows(Permission.RUN_VOTES)
def confirm_delete_vote(vote_id: int) -> Response | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return delete_vote(vote_id), 422
    vote = votes_service.still_prepared(vote_or_404(vote_id))
    votes_service.delete(g.membership, vote)
    db.session.commit()
    flash(_("The vote is deleted."))
    return redirect(url_for(".votes_list"), 303)
