"""Serves the explorer, needs without a strength, and unused strengths."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows, may
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan.actions.queries.origins import actions_of_matches
from engage.strengths import bp
from engage.strengths.explorer import pages as explorer_pages
from engage.strengths.explorer.pages import ExplorerFilters, ExplorerShow
from engage.strengths.matches import routes as matches_routes
from engage.strengths.matches import service as matches_service
from engage.strengths.models import Need
from engage.web.access import button
from engage.web.lists import Choice, Pages, page_of

Row = TypeVar("Row")


def _page_of(rows: Sequence[Row], url: Callable[[int], str]) -> tuple[Sequence[Row], Pages]:
    return page_of(rows, request.args.get("page", ""), url, explorer_pages.PAGE_ROWS)


@bp.get("/")
@allows(Permission.SEE_ALL)
def index() -> str:
    filters, board = ExplorerFilters.of(request.args), explorer_pages.board_of(g.membership)
    fitting = [need for need in board.needs.open if filters.fits(need)]

    def at(page: int) -> str:
        return url_for(".index", **filters.args(), page=page)

    shown, pages = (fitting, Pages(1, 1, at)) if filters.whole else _page_of(fitting, at)
    return render_template(
        "strengths/explorer/explorer.html",
        rows=explorer_pages.need_rows(g.membership, board, shown),
        actions=actions_of_matches(g.membership),
        pills=_pills(board, filters),
        areas=board.needs.used_areas,
        filters=filters,
        pages=pages,
        total=len(fitting),
        board=board,
        # The paper version has no buttons.
        has_buttons=not filters.whole and _may_act(),
    )


def _may_act() -> bool:
    return may(g.membership.role, Permission.WORK)


def _pills(board: explorer_pages.ExplorerBoard, filters: ExplorerFilters) -> list[Choice]:
    """Returns filters by matches, within the focus area that is shown."""
    here = [need for need in board.needs.open if not filters.area or need.area == filters.area]
    matched = sum(need.is_matched for need in here)
    labels = [
        (ExplorerShow.ALL, _("All needs"), len(here)),
        (ExplorerShow.UNMATCHED, _("Without a strength"), len(here) - matched),
        (ExplorerShow.MATCHED, _("With a strength"), matched),
    ]
    return [
        Choice(label, url_for(".index", **filters.with_(show=show).args()), filters.show is show, count)
        for show, label, count in labels
    ]


@bp.get("/without-strength")
@allows(Permission.SEE_ALL)
def without_strength() -> str:
    board = explorer_pages.board_of(g.membership)
    waiting, none_found = explorer_pages.looked_on(board.unmatched)
    shown, pages = _page_of(waiting, lambda page: url_for(".without_strength", page=page))
    return render_template(
        "strengths/explorer/without_strength.html",
        rows=explorer_pages.need_rows(g.membership, board, shown),
        none_found=none_found,
        waiting=len(waiting),
        pages=pages,
        board=board,
    )


@bp.get("/unused")
@allows(Permission.SEE_ALL)
def unused() -> str:
    board = explorer_pages.board_of(g.membership)
    left = board.unused
    shown, pages = _page_of(left, lambda page: url_for(".unused", page=page))
    return render_template(
        "strengths/explorer/unused.html",
        lines=explorer_pages.strength_lines(board, shown),
        total=len(left),
        pages=pages,
        board=board,
        has_buttons=_may_act(),
    )


@bp.post("/needs/<id:number>/none-found")
@allows(Permission.WORK)
@button
def note_none_found(number: int) -> Response:
    need = matches_routes.need_or_404(number)
    matches_service.note_none_found(g.membership, need)
    db.session.commit()
    flash(_("Noted: no strength found. The need stays on the list of needs without a strength."))
    return _back_to(need)


@bp.post("/needs/<id:number>/look-again")
@allows(Permission.WORK)
@button
def look_again(number: int) -> Response:
    need = matches_routes.need_or_404(number)
    matches_service.look_again(g.membership, need)
    db.session.commit()
    flash(_("Undone: you are looking for a strength again."))
    return _back_to(need)


def _back_to(need: Need) -> Response:
    """Redirects to the page that had the button: the search for the need, or the list."""
    if request.args.get("from") == "search":
        return redirect(url_for(".choose", number=need.number), 303)
    return redirect(url_for(".without_strength", _anchor=f"strengths-need-{need.number}"), 303)
