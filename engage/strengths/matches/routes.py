"""Serves matches: matching a need and a strength, a match's state, making it an action, unmatching."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.chain.pages import lines as lines_pages
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import people_choices, person_of
from engage.coalitions.service import lock
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan.actions import service as actions_service
from engage.plan.actions.queries import origins
from engage.strengths import bp, queries, service
from engage.strengths.explorer import pages as explorer_pages
from engage.strengths.explorer.pages import ExplorerFilters
from engage.strengths.matches import queries as matches_queries
from engage.strengths.matches import service as matches_service
from engage.strengths.matches.forms import ChooseMatchForm, ChosenForm, MatchForm, MoveMatchForm
from engage.strengths.models import Match, Need, Strength
from engage.strengths.rules import MatchState
from engage.web.access import button
from engage.web.answers import problem
from engage.web.differences import Difference, differences
from engage.web.htmx import fragments, wants_fragment


def need_or_404(number: int) -> Need:
    return queries.need_of(g.membership, number) or abort(404)


def _open_need_or_refuse(number: int) -> Need:
    need = need_or_404(number)
    if need.closed_on is not None:
        raise WrongState(_("This need is closed. Reopen it before you match a strength with it."))
    return need


def _match_or_404(match_id: int) -> Match:
    return queries.match_of(g.membership, match_id) or abort(404)


def _address_of(match_: Match) -> str:
    return url_for(".match", match_id=match_.id)


# -- matching


@bp.post("/needs/<id:number>/matches")
@allows(Permission.WORK)
def make_match(number: int) -> Response | tuple[str, int]:
    need, form = _open_need_or_refuse(number), ChosenForm()
    board = explorer_pages.board_of(g.membership)
    form.offer((row.id, row.title) for row in board.offers.values())
    if not form.validate_on_submit():
        words = _("This strength is no longer available. Load the page again and choose another.")
        return problem(422, _("No match was made"), words)
    strength = _strength(form)
    # The person who offers the strength is the one to ask.
    giver = person_of(g.membership, strength.giver_id) if strength.giver_id is not None else None
    made = service.match(g.membership, need, strength, ask=giver)
    db.session.commit()
    return _matched(need, made, giver.name if giver is not None else "")


def _strength(form: ChosenForm) -> Strength:
    return queries.strength_of(g.membership, form.strength_id.data) or abort(404)


def _matched(need: Need, made: Match, whom: str) -> Response:
    words = _("Matched. Next: ask %(name)s.", name=whom) if whom else _("Matched. Next: choose who to ask.")
    if wants_fragment() and request.args.get("from") == "explorer":
        board = explorer_pages.board_of(g.membership)
        line = next(each for each in board.needs.open if each.id == need.id)
        (row,) = explorer_pages.need_rows(g.membership, board, [line])
        filters = ExplorerFilters.of(request.args)
        fragment = {
            "row": row,
            "actions": origins.actions_of_matches(g.membership),
            "filters": filters,
            "page": request.args.get("page", 1, type=int),
            "has_buttons": True,
            "fresh": made.id,
        }
        return fragments(
            ("strengths/matches/_explorer_need.html", fragment), ("_status.html", {"text": words})
        )
    flash(words)
    return redirect(_back_from_match(need, made), 303)


def _back_from_match(need: Need, made: Match) -> str:
    anchor = f"strengths-need-{need.number}"
    match request.args.get("from"):
        case "explorer":
            filters = ExplorerFilters.of(request.args)
            page = request.args.get("page", type=int)
            return url_for(".index", **filters.args(), keep=need.number, page=page, _anchor=anchor)
        case "strength":
            return url_for(".strength", strength_id=made.strength_id)
        case "unused":
            return url_for(".unused")
    return url_for(".choose", number=need.number)


@bp.get("/needs/<id:number>/match")
@allows(Permission.WORK)
def choose(number: int) -> str:
    return _choose_page(_open_need_or_refuse(number))


@bp.post("/needs/<id:number>/match")
@allows(Permission.WORK)
def match_chosen(number: int) -> Response | tuple[str, int]:
    need = _open_need_or_refuse(number)
    form = ChooseMatchForm()
    _offer_choices(form, explorer_pages.board_of(g.membership), need)
    if form.validate_on_submit():
        ask = person_of(g.membership, form.ask_id.row_id) if form.ask_id.row_id else None
        made = service.match(
            g.membership,
            need,
            _strength(form),
            how=form.how.data or "",
            ask=ask,
            ask_words=form.ask.data or "",
        )
        db.session.commit()
        flash(_("Matched."))
        return redirect(_address_of(made), 303)
    return _choose_page(need, form), 422


def _offer_choices(form: ChooseMatchForm, board: explorer_pages.ExplorerBoard, need: Need) -> None:
    rows = [row for row in board.offers.values() if (need.id, row.id) not in board.matched]
    labels = [(row.id, _("%(title)s (%(who)s)", title=row.title, who=row.who)) for row in rows]
    form.offer(sorted(labels, key=lambda each: each[1].casefold()))
    form.ask_id.offer(people_choices(g.membership))


def _choose_page(need: Need, form: ChooseMatchForm | None = None) -> str:
    board = explorer_pages.board_of(g.membership)
    line = next(each for each in board.needs.open if each.id == need.id)
    (row,) = explorer_pages.need_rows(g.membership, board, [line], most=None)
    if form is None:
        form = ChooseMatchForm(formdata=None)
        _offer_choices(form, board, need)
    actions = origins.actions_of_matches(g.membership)
    return render_template("strengths/matches/choose.html", row=row, actions=actions, form=form)


# -- a match's page


@bp.get("/matches/<id:match_id>")
@allows(Permission.SEE_ALL)
def match(match_id: int) -> str:
    found = _match_or_404(match_id)
    return _match_page(found, MoveMatchForm(formdata=None, obj=found))


def _match_page(found: Match, move_: MoveMatchForm, changed: list[Difference] | None = None) -> str:
    need, strength = matches_queries.ends_of(found)
    (row,) = matches_queries.matches_of(g.membership, match_id=found.id)
    actions = origins.actions_of_matches(g.membership)
    board = explorer_pages.board_of(g.membership)
    return render_template(
        "strengths/matches/match.html",
        match=found,
        need=need,
        strength=strength,
        line=row,
        actions=actions.get(found.id, ()),
        why=board.reasons_for(need.id, strength.id),
        move=move_,
        differences=changed,
        chain=lines_pages.of_match(g.membership, found),
        may_unmatch=matches_service.may_unmatch(g.membership, found) and found.id not in actions,
    )


@bp.post("/matches/<id:match_id>/move")
@allows(Permission.WORK)
def move(match_id: int) -> Response | tuple[str, int]:
    found, form = _match_or_404(match_id), MoveMatchForm()
    if form.validate_on_submit():
        try:
            matches_service.move(g.membership, found, form.opened_version, form.to)
            db.session.commit()
            flash(_moved_words(form.to))
            return redirect(_address_of(found), 303)
        except StaleVersion:
            changed = differences(form, MoveMatchForm(formdata=None, obj=found), found.version)
            return _match_page(found, form, changed), 409
    return _match_page(found, form), 422


def _moved_words(to: MatchState) -> str:
    return {
        MatchState.TO_ASK: _("Noted: still to ask."),
        MatchState.ASKED: _("Noted: asked. Come back when you have an answer."),
        MatchState.AGREED: _("Noted: agreed. Make it an action, so that it happens."),
        MatchState.DECLINED: _("Noted: declined. Thank them, and look for another strength."),
    }[to]


@bp.get("/matches/<id:match_id>/edit")
@allows(Permission.WORK)
def edit_match(match_id: int) -> str:
    found = _match_or_404(match_id)
    return _edit_page(found, _match_form(found))


@bp.post("/matches/<id:match_id>/edit")
@allows(Permission.WORK)
def save_match(match_id: int) -> Response | tuple[str, int]:
    found = _match_or_404(match_id)
    form = _match_form(found, typed=True)
    if form.validate_on_submit():
        try:
            matches_service.edit(g.membership, found, form.opened_version, form.fields())
            db.session.commit()
            flash(_("Saved."))
            return redirect(_address_of(found), 303)
        except StaleVersion:
            changed = differences(form, _match_form(found), found.version)
            return _edit_page(found, form, changed), 409
    return _edit_page(found, form), 422


def _match_form(found: Match, *, typed: bool = False) -> MatchForm:
    form = MatchForm() if typed else MatchForm(formdata=None, obj=found)
    form.ask_id.offer(people_choices(g.membership, found.ask_id))
    return form


def _edit_page(found: Match, form: MatchForm, changed: list[Difference] | None = None) -> str:
    need, strength = matches_queries.ends_of(found)
    return render_template(
        "strengths/matches/match_form.html",
        match=found,
        need=need,
        strength=strength,
        form=form,
        differences=changed,
    )


# -- making an action


@bp.post("/matches/<id:match_id>/action")
@allows(Permission.WORK)
@button
def make_action(match_id: int) -> Response:
    found = _match_or_404(match_id)
    # The coalition is locked; if two people press at once, the second is redirected to the first one's
    # action.
    lock(g.coalition.id)
    if there := origins.actions_of_matches(g.membership).get(found.id):
        return redirect(url_for("plan.action", number=there[0].number), 303)
    _need, strength = matches_queries.ends_of(found)
    made = actions_service.create_action(
        g.membership,
        title=_("Put to use: %(strength)s", strength=strength.title)[:300],
        match=found,
        owner_id=found.ask_id if found.ask_id in dict(people_choices(g.membership)) else None,
        organization_id=strength.organization_id,
        details=found.how,
    )
    db.session.commit()
    flash(
        _(
            "It is now action %(number)s in the plan. Say what will be done, who leads it, and by when.",
            number=made.number,
        )
    )
    return redirect(url_for("plan.edit_action", number=made.number), 303)


@bp.post("/needs/<id:number>/action")
@allows(Permission.WORK)
@button
def make_need_action(number: int) -> Response:
    """Makes an action from a need; if no offer meets the need, the action is to look for one."""
    need = _open_need_or_refuse(number)
    lock(g.coalition.id)
    if there := origins.actions_of_need(g.membership, need.id):
        return redirect(url_for("plan.action", number=there[0].number), 303)
    title = _("Find help for: %(need)s", need=need.title) if need.no_strength_on else need.title
    made = actions_service.create_action(g.membership, title=title[:300], need_id=need.id)
    db.session.commit()
    flash(_("It is now action %(number)s in the plan. Choose an owner and a due date.", number=made.number))
    return redirect(url_for("plan.edit_action", number=made.number), 303)


@bp.get("/matches/<id:match_id>/remove")
@allows(Permission.WORK)
def confirm_unmatch(match_id: int) -> str:
    return _unmatch_page(_may_unmatch_or_refuse(match_id))


@bp.post("/matches/<id:match_id>/remove")
@allows(Permission.WORK)
@button
def unmatch(match_id: int) -> Response:
    found = _may_unmatch_or_refuse(match_id)
    need, _strength_of_it = matches_queries.ends_of(found)
    matches_service.unmatch(g.membership, found)
    db.session.commit()
    flash(_("Match removed. The need and the strength are both still on their lists."))
    return redirect(url_for(".index", _anchor=f"strengths-need-{need.number}"), 303)


def _may_unmatch_or_refuse(match_id: int) -> Match:
    found = _match_or_404(match_id)
    if not matches_service.may_unmatch(g.membership, found):
        abort(403)
    return found


def _unmatch_page(found: Match) -> str:
    need, strength = matches_queries.ends_of(found)
    return render_template("strengths/matches/unmatch.html", match=found, need=need, strength=strength)
