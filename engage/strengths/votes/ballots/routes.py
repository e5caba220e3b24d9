"""Serves the vote to phones, without an account or a name.

Each browser, or each slip of paper, has one ballot until the vote closes.
"""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as BaseResponse

from engage.extensions import db, stand_at
from engage.i18n import gettext as _
from engage.strengths.votes import queries as votes_queries
from engage.strengths.votes.ballots import service
from engage.strengths.votes.ballots.pages import BallotSheet
from engage.strengths.votes.ballots.service import BallotRefused
from engage.strengths.votes.labels import not_counted, turnout
from engage.strengths.votes.queries import RunningVote
from engage.strengths.votes.rules import KEPT_FOR, NotCounted, VoteAccess, VoteState
from engage.web.access import public
from engage.web.answers import problem
from engage.web.browser_values import BrowserValue
from engage.web.forms import ConfirmForm
from engage.web.htmx import fragments, wants_fragment
from engage.web.slips import LONGEST, plain

bp = Blueprint("vote", __name__, url_prefix="/vote")
# Tells the browsers apart: made when a ballot's page is opened, never when a ballot is sent.
BALLOT = BrowserValue("ballot", KEPT_FOR)


class Visit(Struct, frozen=True):
    """The visitor of a vote: a browser, and the slip of paper if its code is in the address."""

    token: str
    standing: RunningVote
    code_id: int | None

    @property
    def needs_slip(self) -> bool:
        return self.standing.access is VoteAccess.CODES and self.code_id is None

    def key(self, browser: str) -> str:
        return service.key_hash(browser, self.standing.id, self.code_id)


def _visit(typed: str) -> Visit:
    """Finds the vote by its link or a slip's code, however it was typed; if there is none, says so."""
    token = plain(typed)
    if token and (standing := votes_queries.standing_by_token(token)) is not None:
        visit = Visit(token, standing, None)
    elif token and (found := votes_queries.standing_by_code(token)) is not None:
        standing, code_id = found
        # A slip that was made before the vote was opened to everyone gives no second ballot.
        visit = Visit(token, standing, code_id if standing.access is VoteAccess.CODES else None)
    else:
        text = _(
            "Check each character, or scan the code again. "
            "If that does not help, ask the person who runs the vote."
        )
        abort(problem(404, _("This link does not lead anywhere"), text))
    stand_at(standing)
    return visit


@bp.get("/<token>")
@public
def ballot(token: str) -> BaseResponse:
    """Shows the ballot as this browser left it; before and after the vote, a message instead."""
    visit = _visit(token)
    standing, browser = visit.standing, BALLOT.read()
    if wants_fragment():
        return _still_waits(visit)
    if not standing.is_open:
        return _not_open(visit)
    if visit.needs_slip:
        return make_response(_slip_page(visit, ""))
    if visit.code_id is not None:
        used_by = votes_queries.ballot_of_code(visit.code_id)
        if used_by is not None and (browser is None or used_by != visit.key(browser)):
            return _refusal(visit, NotCounted.USED)
    sheet = _sheet(visit)
    if browser is not None:
        sheet.fill(votes_queries.marks_of(standing.id, visit.key(browser)))
    return BALLOT.give(make_response(_page(visit, sheet)))


@bp.post("/<token>")
@public
def cast(token: str) -> BaseResponse:
    """Accepts the whole ballot in one transaction, or nothing."""
    visit = _visit(token)
    standing, browser = visit.standing, BALLOT.read()
    if not standing.is_open or visit.needs_slip:
        return _refusal(visit, NotCounted.CHANGED if standing.is_open else NotCounted.CLOSED)
    sheet = _sheet(visit)
    sheet.read(request.form)
    if browser is not None and ConfirmForm().validate_on_submit() and sheet.counts:
        try:
            service.cast(standing.coalition_id, standing.id, visit.key(browser), visit.code_id, sheet.marks)
        except BallotRefused as refusal:
            return _refusal(visit, refusal.why)
        db.session.commit()
        return redirect(url_for("vote.handed_in", token=visit.token), 303)
    db.session.rollback()  # the request only reads, so other requests need not wait for it
    return BALLOT.give(make_response(_page(visit, sheet, lost=browser is None), 422))


@bp.get("/<token>/in")
@public
def handed_in(token: str) -> Response:
    """Shows the state of the ballot; with htmx only if it differs from the state that the page shows."""
    visit = _visit(token)
    if wants_fragment():
        if request.args.get("seen") == visit.standing.mark:
            return Response(status=204)
        return fragments(("strengths/votes/_handed_in.html", _handed_in(visit)))
    return make_response(render_template("strengths/votes/handed_in.html", **_handed_in(visit)))


@bp.post("/<token>/slip")
@public
def use_slip(token: str) -> BaseResponse:
    """Redirects from the code on a slip, typed by hand, to the slip's ballot."""
    visit = _visit(token)
    typed = request.form.get("code", "")[:LONGEST]
    code = plain(typed)
    found = votes_queries.standing_by_code(code) if code else None
    if found is not None and found[0].id == visit.standing.id:
        return redirect(url_for("vote.ballot", token=code), 303)
    db.session.rollback()
    return make_response(_slip_page(visit, typed, wrong=True), 422)


# -- pages


def _sheet(visit: Visit) -> BallotSheet:
    standing = visit.standing
    titles = votes_queries.phone_needs(standing.coalition_id, standing.id)
    return BallotSheet(standing.method, titles, standing.dots, standing.dots_each)


def _page(visit: Visit, sheet: BallotSheet, *, lost: bool = False) -> str:
    """Renders the ballot; `lost` means that the browser sent no cookie, so its ballot is not recognized."""
    return render_template(
        "strengths/votes/ballot.html",
        visit=visit,
        standing=visit.standing,
        sheet=sheet,
        lost=lost,
        singly="one" in request.args,
        form=ConfirmForm(formdata=None),
    )


def _slip_page(visit: Visit, typed: str, *, wrong: bool = False) -> str:
    return render_template(
        "strengths/votes/slip_code.html",
        visit=visit,
        standing=visit.standing,
        typed=typed,
        wrong=wrong,
        form=ConfirmForm(formdata=None),
    )


def _handed_in(visit: Visit) -> dict[str, object]:
    return {
        "token": visit.token,
        "standing": visit.standing,
        "turnout": turnout(visit.standing),
        "is_over": visit.standing.state is VoteState.CLOSED,
    }


def _still_waits(visit: Visit) -> BaseResponse:
    """Answers a waiting phone: with nothing while the vote is being prepared, then with the ballot."""
    if visit.standing.state is VoteState.PREPARED:
        return Response(status=204)
    return redirect(url_for("vote.ballot", token=visit.token), 303)


def _not_open(visit: Visit) -> Response:
    """Says that the vote is not open.

    The page of a vote that has not begun asks again after a moment; an ended vote shows nothing.
    """
    if visit.standing.state is VoteState.PREPARED:
        page = render_template("strengths/votes/vote_waits.html", visit=visit, standing=visit.standing)
        return make_response(page, 200)
    page = render_template(
        "strengths/votes/not_counted.html",
        standing=visit.standing,
        title=_("This vote has ended"),
        text=_("Thank you. Members of the coalition can see the result."),
        again=None,
    )
    return make_response(page, 410)


def _refusal(visit: Visit, why: NotCounted) -> Response:
    """Responds 409 with the reason in friendly words; nothing of the ballot was saved."""
    db.session.rollback()
    title, text = not_counted(why)
    again = url_for("vote.ballot", token=visit.token) if why is NotCounted.CHANGED else None
    page = render_template(
        "strengths/votes/not_counted.html", standing=visit.standing, title=title, text=text, again=again
    )
    return make_response(page, 409)
