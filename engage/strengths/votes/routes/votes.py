"""Serves votes on needs to the facilitator: the list, preparing, opening, closing, starting over, the result."""

from collections.abc import Sequence

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock, dates
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan.actions.queries import origins
from engage.strengths import bp
from engage.strengths.needs.queries import needs_of
from engage.strengths.votes import queries as votes_queries
from engage.strengths.votes import service as votes_service
from engage.strengths.votes.forms import PeopleForm, VoteForm
from engage.strengths.votes.labels import METHOD_LABELS, STATE_LABELS, STATE_TAGS, turnout, what_to_do
from engage.strengths.votes.models import Vote
from engage.strengths.votes.pages import place_rows
from engage.strengths.votes.results import ranking_of
from engage.strengths.votes.rules import GOOD_NUMBER, VoteState, may_reopen
from engage.web.access import button
from engage.web.differences import Difference, differences

__all__ = ["bp"]


def vote_or_404(vote_id: int) -> Vote:
    return votes_queries.vote_of(g.membership, vote_id) or gone(Vote.__tablename__, vote_id)


def address_of(vote_: Vote) -> str:
    return url_for("strengths.vote", vote_id=vote_.id)


@bp.get("/votes/")
@allows(Permission.SEE_ALL)
def votes_list() -> str:
    return render_template(
        "strengths/votes/votes.html",
        votes=votes_queries.votes_of(g.membership),
        has_needs=bool(needs_of(g.membership).open),
        states=STATE_LABELS,
        tags=STATE_TAGS,
    )


# -- preparing


def _form(vote_: Vote | None = None, *, typed: bool = True) -> VoteForm:
    """Returns the form with what was typed, or else with the saved vote."""
    needs = [(each.id, f"{each.number}. {each.title}") for each in needs_of(g.membership).open]
    saved = _new([key for key, _title in needs]) if vote_ is None else _saved(vote_)
    form = VoteForm() if typed else VoteForm(formdata=None, data=saved)
    meetings = votes_queries.meeting_choices(g.membership)
    if vote_ is not None:
        offered = {key for key, _title in needs}
        chosen = votes_queries.needs_of_vote(vote_.coalition_id, vote_.id)
        needs += [
            (each.need_id, f"{each.number}. {each.title}") for each in chosen if each.need_id not in offered
        ]
        held = votes_queries.meeting_of_vote(vote_)
        meetings += [held] if held is not None and held not in meetings else []
    form.offer(needs, [(key, f"{title}, {dates.minute(at)}") for key, title, at in meetings])
    return form


def _new(needs: Sequence[int]) -> dict[str, object]:
    """Returns a new vote's form values: the most pressing needs ticked, at the meeting in the address."""
    ticked = [str(key) for key in needs[:GOOD_NUMBER]]
    meeting = request.args.get("meeting", 0, type=int)
    return {"title": _("Vote on needs"), "meeting_id": meeting, "needs": ticked}


def _saved(vote_: Vote) -> dict[str, object]:
    chosen = votes_queries.needs_of_vote(vote_.coalition_id, vote_.id)
    values = {
        "needs": [str(each.need_id) for each in chosen],
        "by_hand": [str(each.need_id) for each in chosen if each.by_hand],
    }
    dots = {"dots": vote_.dots, "dots_each": vote_.dots_each} if vote_.dots is not None else {}
    names = ("title", "meeting_id", "shows_order", "version")
    columns = {name: getattr(vote_, name) for name in names}
    return {**columns, **values, **dots, "method": vote_.method.value, "access": vote_.access.value}


def _form_page(form: VoteForm, vote_: Vote | None, found: list[Difference] | None = None) -> str:
    return render_template("strengths/votes/vote_form.html", form=form, vote=vote_, differences=found)


@bp.get("/votes/new")
@allows(Permission.RUN_VOTES)
def new_vote() -> str:
    return _form_page(_form(typed=False), None)


@bp.post("/votes/new")
@allows(Permission.RUN_VOTES)
def add_vote() -> Response | tuple[str, int]:
    form = _form()
    if form.validate_on_submit():
        vote_ = votes_service.prepare(g.membership, form.fields(), form.chosen)
        db.session.commit()
        flash(_("The vote is ready. Open it when everyone is ready."))
        return redirect(address_of(vote_), 303)
    return _form_page(form, None), 422


@bp.get("/votes/<id:vote_id>/edit")
@allows(Permission.RUN_VOTES)
def edit_vote(vote_id: int) -> str:
    vote_ = votes_service.still_prepared(vote_or_404(vote_id))
    return _form_page(_form(vote_, typed=False), vote_)


@bp.post("/votes/<id:vote_id>/edit")
@allows(Permission.RUN_VOTES)
def save_vote(vote_id: int) -> Response | tuple[str, int]:
    vote_ = vote_or_404(vote_id)
    form, found, status = _form(vote_), None, 422
    if form.validate_on_submit():
        try:
            votes_service.edit(g.membership, vote_, form.opened_version, form.fields(), form.chosen)
            db.session.commit()
            flash(_("Saved."))
            return redirect(address_of(vote_), 303)
        except StaleVersion:
            found, status = differences(form, _form(vote_, typed=False), vote_.version), 409
    return _form_page(form, vote_, found), status


# -- the page of a vote


@bp.get("/votes/<id:vote_id>/")
@allows(Permission.SEE_ALL)
def vote(vote_id: int) -> str:
    return vote_page(vote_or_404(vote_id))


def vote_page(vote_: Vote, people: PeopleForm | None = None, error: str = "") -> str:
    """Renders the vote's page; `error` says what is wrong with the requested goals."""
    standing = votes_queries.standing_of(g.membership, vote_.id)
    assert standing is not None
    needs = votes_queries.needs_of_vote(vote_.coalition_id, vote_.id)
    is_over = vote_.state is VoteState.CLOSED
    goals = origins.needs_in_draft(g.membership) if is_over else set()
    ranked = ranking_of(vote_.coalition_id, vote_.id, vote_.method, vote_.state, needs) if is_over else []
    return render_template(
        "strengths/votes/vote.html",
        vote=vote_,
        standing=standing,
        turnout=turnout(standing),
        state_words=STATE_LABELS[vote_.state],
        state_tag=STATE_TAGS[vote_.state],
        method_words=METHOD_LABELS[vote_.method],
        asks=what_to_do(vote_.method, vote_.dots, vote_.dots_each),
        meeting=votes_queries.meeting_of_vote(vote_),
        needs=needs,
        rows=place_rows(ranked, goals),
        runs=may(g.membership.role, Permission.RUN_VOTES),
        can_reopen=is_over and may_reopen(vote_.closed_at, clock.now()),
        more_than_people=standing.people is not None and standing.ballots > standing.people,
        people=people or PeopleForm(formdata=None, data={"people": vote_.people_here}),
        error=error,
    )


def _back(vote_: Vote) -> str:
    """Redirects to the page that had the button: the screen on the wall, or the vote."""
    return url_for(".screen", vote_id=vote_.id) if "screen" in request.form else address_of(vote_)


@bp.post("/votes/<id:vote_id>/open")
@allows(Permission.RUN_VOTES)
@button
def open_vote(vote_id: int) -> Response:
    vote_ = vote_or_404(vote_id)
    opened = votes_service.open_vote(g.membership, vote_)
    db.session.commit()
    flash(_("The vote is open.") if opened else _("Nothing was changed: someone already did this."))
    return redirect(_back(vote_), 303)


@bp.post("/votes/<id:vote_id>/close")
@allows(Permission.RUN_VOTES)
@button
def close_vote(vote_id: int) -> Response:
    vote_ = vote_or_404(vote_id)
    closed = votes_service.close(g.membership, vote_)
    db.session.commit()
    if not closed:
        flash(_("Nothing was changed: someone already did this."))
    return redirect(_back(vote_), 303)


@bp.post("/votes/<id:vote_id>/reopen")
@allows(Permission.RUN_VOTES)
@button
def reopen_vote(vote_id: int) -> Response:
    vote_ = vote_or_404(vote_id)
    reopened = votes_service.reopen(g.membership, vote_)
    db.session.commit()
    flash(
        _("The vote is open again. Ballots already cast still count.")
        if reopened
        else _("Nothing was changed: someone already did this.")
    )
    return redirect(address_of(vote_), 303)


@bp.get("/votes/<id:vote_id>/start-over")
@allows(Permission.RUN_VOTES)
def start_over(vote_id: int) -> Response | str:
    vote_ = vote_or_404(vote_id)
    return _over_page(vote_) if vote_.state is VoteState.OPEN else redirect(address_of(vote_), 303)


@bp.post("/votes/<id:vote_id>/start-over")
@allows(Permission.RUN_VOTES)
@button
def confirm_start_over(vote_id: int) -> Response:
    vote_ = vote_or_404(vote_id)
    if vote_.state is not VoteState.OPEN:
        return redirect(address_of(vote_), 303)
    votes_service.start_over(g.membership, vote_)
    db.session.commit()
    flash(_("All votes so far are discarded. Change the vote, then open it again."))
    return redirect(address_of(vote_), 303)


def _over_page(vote_: Vote) -> str:
    standing = votes_queries.standing_of(g.membership, vote_.id)
    assert standing is not None
    return render_template("strengths/votes/vote_over.html", vote=vote_, turnout=turnout(standing))


@bp.post("/votes/<id:vote_id>/again")
@allows(Permission.RUN_VOTES)
@button
def vote_again(vote_id: int) -> Response:
    vote_ = vote_or_404(vote_id)
    made = votes_service.again(g.membership, vote_)
    db.session.commit()
    flash(_("A second vote on the same needs is ready. Its result will replace the first one’s."))
    return redirect(url_for(".edit_vote", vote_id=made.id), 303)


@asks_to_delete(bp, "/votes/<id:vote_id>/delete", Permission.RUN_VOTES)
def delete_vote(vote_id: int) -> Deletion:
    vote_ = votes_service.still_prepared(vote_or_404(vote_id))
    return Deletion(
        title=_("Delete this vote?"),
        what=vote_.title,
        back=address_of(vote_),
        delete=lambda: (
            _("“%(title)s” is in the trash.", title=vote_.title),
            votes_service.delete(g.membership, vote_),
        ),
        then=url_for(".votes_list"),
    )
