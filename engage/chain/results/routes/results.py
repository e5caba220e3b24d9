"""Serves a round's results as a file, actions made from findings, and earlier releases of a reopened round."""

from collections.abc import Callable

from flask import abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.assessment import bp
from engage.assessment.agreed_values.routes import discussion_context
from engage.assessment.lookups import round_or_404
from engage.assessment.models import Round
from engage.assessment.questions import QuestionArea
from engage.assessment.results import files, sentences
from engage.assessment.results.pages import bars, picture, spreads, tables
from engage.assessment.results.queries import released
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.queries.earlier import beside, earlier_results, latest_comparable
from engage.chain.pages import lines as lines_pages
from engage.coalitions import queries as coalitions
from engage.coalitions.permissions import Permission, allows, may
from engage.content.loader import content
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan.actions import outcomes
from engage.plan.actions.queries import origins
from engage.strengths import queries as strengths
from engage.strengths import service as strengths_service
from engage.web.access import button
from engage.web.csv_files import csv_answer


@bp.get("/rounds/<id:round_id>/releases/<id:number>")
@allows(Permission.SEE)
def earlier_release(round_id: int, number: int) -> str | Response:
    """Shows an earlier release: the medians of its areas. The newest release is shown as the round's results."""
    round_ = round_or_404(round_id)
    stored = released.release_numbered(round_, number) or abort(404)
    releases = released.releases_of(round_)
    if stored.number == releases.rows[0].number:
        return redirect(url_for(".results", round_id=round_id), 303)
    shown = Results.of(round_, stored, {}, content())
    return render_template(
        "assessment/results/release.html",
        results=shown,
        stored=stored,
        replaced_at=next(row.made_at for row in releases.rows if row.number == number + 1),
        table=tables.areas(shown, None) if shown.is_shown else None,
        groups_note=sentences.groups_note(shown),
        languages_note=sentences.languages_note(shown),
    )


@bp.get("/rounds/<id:round_id>/results/")
@allows(Permission.SEE)
def results(round_id: int) -> str:
    shown = _results(round_id)
    return _results_page(shown)


@bp.get("/rounds/<id:round_id>/results.csv")
@allows(Permission.SEE)
def results_file(round_id: int) -> Response:
    """Sends the table of results as a file; for a viewer it holds only the areas, as on the page."""
    shown = _results(round_id)
    if not shown.is_shown:
        abort(404)
    table = files.file(shown, indicators=may(g.membership.role, Permission.SEE_ALL))
    return csv_answer(shown.round.title, table.head, table.rows)


@bp.get("/rounds/<id:round_id>/results/<key>")
@allows(Permission.SEE_ALL)
def area_results(round_id: int, key: str) -> str:
    shown = _results(round_id)
    area = shown.questions.area(key)
    if area is None or not shown.is_shown:
        abort(404)
    return _area_page(shown, area)


@bp.post("/rounds/<id:round_id>/results/actions/<key>")
@allows(Permission.WORK)
@button
def make_action(round_id: int, key: str) -> Response:
    """Makes an action and, where there is none yet, the need that it answers, with one click on a gap."""
    shown = _results(round_id)
    pair = shown.questions.find(key)
    if pair is None or not shown.is_shown:
        abort(404)
    area, question = pair
    need = strengths_service.create_need(
        g.membership, title=question.title, area=area.key, round_=shown.round, indicator=key
    )
    action = outcomes.act_on_indicator(g.membership, shown.round, key, question.title, need.id)
    db.session.commit()
    flash(_("Action %(number)s is in the plan. Choose an owner and a due date.", number=action.number))
    return redirect(url_for("plan.edit_action", number=action.number), 303)


def _closed(round_id: int) -> Round:
    round_ = round_or_404(round_id)
    if round_.closed_at is None:
        # An open round has no results for anyone until it closes.
        abort(404)
    return round_


def _results(round_id: int) -> Results:
    round_ = _closed(round_id)
    shown = Results.newest(round_, content())
    if shown is None:
        raise WrongState(_("This round has no results."))
    return shown


def _results_page(shown: Results) -> str:
    sees_all = may(g.membership.role, Permission.SEE_ALL)
    url = _area_url(shown.round.id) if sees_all else None
    return render_template(
        "assessment/results/results.html",
        results=shown,
        releases=released.releases_of(shown.round),
        link_note=sentences.link_note(shown),
        languages_note=sentences.languages_note(shown),
        groups_note=sentences.groups_note(shown),
        beside=beside(shown) if shown.is_shown else None,
        weakest=sentences.weakest(shown),
        strongest=sentences.strongest(shown),
        table=tables.areas(shown, url),
        picture=picture.wheel(shown, url, latest_comparable(shown, earlier_results(shown))),
        bars=bars.bars(shown) if sees_all else [],
        **(_found(shown) if sees_all else {}),
        asks_about_columns=shown.asks_about_columns and may(g.membership.role, Permission.RUN_ROUNDS),
    )


def _area_url(round_id: int) -> Callable[[str], str]:
    return lambda key: url_for(".area_results", round_id=round_id, key=key)


def _found(shown: Results) -> dict[str, object]:
    """Returns the findings that stand out, with what was already done about them."""
    gaps = sentences.gaps(shown)
    needs = strengths.needs_of_indicators(g.membership, shown.round.id)
    unchosen = (found.question.key for found in gaps if found.question.key not in needs)
    return {
        "biggest_gap": sentences.biggest_gap(shown),
        "gaps": gaps,
        "needs": needs,
        # The page's one primary button is at the first low rating for which there is no need yet.
        "first_to_choose": next(unchosen, None),
        "disagreements": sentences.disagreements(shown),
        "strengths": sentences.strengths(shown),
        "unknowns": sentences.unknowns(shown, coalitions.disciplines_here(g.membership)),
        "actions": origins.actions_of_indicators(g.membership, shown.round.id),
        **discussion_context(shown.round),
    }


def _area_page(shown: Results, area: QuestionArea) -> str:
    keys = [each.key for each in area.questions]
    notes: dict[str, list[str]] = {}
    if may(g.membership.role, Permission.RUN_ROUNDS):
        notes = released.notes_of(shown.round, keys)
    return render_template(
        "assessment/results/area_results.html",
        results=shown,
        area=area,
        table=tables.indicators(shown, area),
        groups_note=sentences.groups_note(shown),
        spreads=spreads.spreads(shown, area),
        notes=notes,
        needs=strengths.needs_of_indicators(g.membership, shown.round.id),
        actions=origins.actions_of_indicators(g.membership, shown.round.id),
        chains=lines_pages.of_indicators(g.membership, shown.round.id, keys),
        back={"at": "area"},
        **discussion_context(shown.round),
    )
