"""Serves what the group does with a closed round: where it agrees, what to talk about, which values it settles on."""

from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response

from engage import clock
from engage.assessment import bp
from engage.assessment.agreed_values import service
from engage.assessment.agreed_values.forms import AgreedForm, TakeBackForm
from engage.assessment.agreed_values.pages import Asked, agreement_list, evidence_of
from engage.assessment.lookups import results_or_404
from engage.assessment.models import Round
from engage.assessment.results.pages.spreads import ResultSpread, spread
from engage.assessment.results.queries.agreed import agreed_row, discussion_points, to_discuss
from engage.assessment.results.queries.closed import Results
from engage.coalitions.permissions import Permission, allows
from engage.content.loader import content
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.held import MeetingRef, held_meetings, likely_meeting
from engage.web.access import button
from engage.web.differences import Difference, differences
from engage.web.htmx import fragments, wants_fragment


@bp.get("/rounds/<id:round_id>/agreement/")
@allows(Permission.SEE_ALL)
def agreement(round_id: int) -> str:
    results = results_or_404(round_id)

    def at(**args: Any) -> str:
        return url_for(".agreement", round_id=round_id, **args)

    asked = Asked.of(request.args)
    # If the address asks for an order, even the usual one, the whole list is shown.
    if "sort" in request.args and asked.shows_ends:
        asked = replace(asked, whole=True)
    found = agreement_list(results, asked, at)
    return render_template(
        "assessment/agreed_values/agreement.html",
        results=results,
        found=found,
        back=found.asked.args(),
        **discussion_context(results.round),
    )


@bp.get("/rounds/<id:round_id>/agreement/<key>")
@allows(Permission.SET_AGREED)
def agree(round_id: int, key: str) -> str:
    results = results_or_404(round_id)
    shown = _indicator(results, key)
    return _agree_page(results, shown, _agreed_form(results, shown))


@bp.post("/rounds/<id:round_id>/agreement/<key>")
@allows(Permission.SET_AGREED)
def save_agreed(round_id: int, key: str) -> Response | tuple[str, int]:
    results = results_or_404(round_id)
    shown = _indicator(results, key)
    form = AgreedForm(results.questions.scale, _today(), _held(results.round, key))
    if form.validate_on_submit():
        try:
            service.agree(g.membership, results.round, key, form.opened_version, **form.fields())
            db.session.commit()
            flash(_("Saved. The agreed value now replaces the median rating."))
            return redirect(_area_url(results.round, shown), 303)
        except StaleVersion:
            return _stale(results, key, form)
    return _agree_page(results, shown, form), 422


@bp.post("/rounds/<id:round_id>/agreement/<key>/take-back")
@allows(Permission.SET_AGREED)
def take_back(round_id: int, key: str) -> Response | tuple[str, int]:
    results = results_or_404(round_id)
    shown = _indicator(results, key)
    form = TakeBackForm()
    if form.validate_on_submit():
        try:
            service.take_back(g.membership, results.round, key, form.opened_version)
            db.session.commit()
            flash(_("Agreed value removed. The median rating counts again."))
            return redirect(_area_url(results.round, shown), 303)
        except StaleVersion:
            return _stale(results, key, None)
    return _agree_page(results, shown, _agreed_form(results, shown)), 422


@bp.get("/discussion/")
@allows(Permission.SEE_ALL)
def discussion() -> str:
    points = discussion_points(g.membership)
    rounds = {}
    for point in points:
        if point.round_id not in rounds:
            rounds[point.round_id] = results_or_404(point.round_id)
    shown = [
        (rounds[point.round_id], _indicator(rounds[point.round_id], point.indicator), point)
        for point in points
    ]
    return render_template(
        "assessment/agreed_values/discussion.html", shown=shown, may_leave_out=_may_leave_out
    )


@bp.post("/rounds/<id:round_id>/discussion/<key>")
@allows(Permission.WORK)
@button
def discuss(round_id: int, key: str) -> Response:
    results = results_or_404(round_id)
    shown = _indicator(results, key)
    service.discuss(g.membership, results.round, key)
    db.session.commit()
    return _discussed(
        results.round, shown, _("“%(title)s” is on the discussion list.", title=shown.question.title)
    )


@bp.post("/rounds/<id:round_id>/discussion/<key>/remove")
@allows(Permission.WORK)
@button
def leave_out(round_id: int, key: str) -> Response:
    results = results_or_404(round_id)
    shown = _indicator(results, key)
    service.leave_out(g.membership, results.round, key)
    db.session.commit()
    text = _("“%(title)s” is no longer on the discussion list.", title=shown.question.title)
    return _discussed(results.round, shown, text)


def discussion_context(round_: Round) -> dict[str, object]:
    """Returns what the "talk about it" buttons of a page need: who added what, and whether the reader may remove it."""
    return {"marks": to_discuss(round_), "may_leave_out": _may_leave_out}


def _may_leave_out(mark: tuple[int | None, str]) -> bool:
    return service.may_leave_out(g.membership, mark[0])


def _indicator(results: Results, key: str) -> ResultSpread:
    row = next((row for row in results.release.indicators if row.key == key), None)
    return spread(results, row) if row is not None else abort(404)


def _today() -> date:
    return clock.today(g.coalition.time_zone)


def _held(round_: Round, key: str) -> list[MeetingRef]:
    row = agreed_row(round_, key)
    return held_meetings(g.membership, row.meeting_id if row is not None else None)


def _agreed_form(results: Results, shown: ResultSpread) -> AgreedForm:
    """Returns the form with the saved value; if there is none, it suggests the meeting that likely agreed on one."""
    row = agreed_row(results.round, shown.question.key)
    held = _held(results.round, shown.question.key)
    form = AgreedForm(results.questions.scale, _today(), held, row, formdata=None)
    likely = likely_meeting(g.membership, held)
    if (row is None or row.value is None) and likely is not None:
        form.meeting_id.data = likely.id
        form.agreed_on.data = clock.local_day(likely.starts_at, g.coalition.time_zone)
    return form


def _agree_page(
    results: Results, shown: ResultSpread, form: AgreedForm, found: list[Difference] | None = None
) -> str:
    return render_template(
        "assessment/agreed_values/agree.html",
        results=results,
        spread=shown,
        form=form,
        differences=found,
        take_back_form=TakeBackForm(formdata=None, data={"version": form.version.data}),
        evidence=evidence_of(g.membership, shown.question.key, _today()),
    )


def _stale(results: Results, key: str, form: AgreedForm | None) -> tuple[str, int]:
    """Shows that someone else saved first, with the saved value beside what was typed."""
    now = Results.newest(results.round, content())
    assert now is not None
    shown = _indicator(now, key)
    saved = _agreed_form(now, shown)
    if form is None:
        flash(
            _(
                "Someone changed the agreed value after you opened this page. Nothing was removed: "
                "please check again."
            )
        )
        return _agree_page(now, shown, saved), 409
    found = differences(form, saved, saved.opened_version)
    return _agree_page(now, shown, form, found), 409


def _area_url(round_: Round, shown: ResultSpread) -> str:
    key = shown.question.key
    return url_for(".area_results", round_id=round_.id, key=shown.area.key, _anchor=key)


def _discussed(round_: Round, shown: ResultSpread, text: str) -> Response:
    key = shown.question.key
    if wants_fragment():
        fragment = {"round_id": round_.id, "spread": shown, "back": _back(), **discussion_context(round_)}
        return fragments(
            ("assessment/agreed_values/_discuss.html", fragment), ("_status.html", {"text": text})
        )
    flash(text)
    back = _back()
    at = back.get("at")
    if at == "area":
        return redirect(_area_url(round_, shown), 303)
    if at == "discussion":
        return redirect(url_for(".discussion"), 303)
    if at == "results":
        return redirect(url_for(".results", round_id=round_.id, _anchor="assessment-differ"), 303)
    return redirect(url_for(".agreement", round_id=round_.id, _anchor=f"line-{key}", **back), 303)


def _back() -> dict[str, Any]:
    """Returns the page on which the "talk about it" button was pressed: a named page, or the list with its options."""
    at = request.args.get("at")
    return {"at": at} if at in {"area", "discussion", "results"} else Asked.of(request.args).args()
