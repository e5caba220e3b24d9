"""Serves efforts that a respondent names while the round is open: who already works on what here."""

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engage.assessment import bp, queries
from engage.assessment.answering.pages import CHECKING
from engage.assessment.efforts.forms import EffortForm
from engage.assessment.efforts.own import service
from engage.assessment.efforts.service import Said
from engage.assessment.languages import as_read
from engage.assessment.lookups import round_or_404
from engage.assessment.models import Effort, Response, Round
from engage.coalitions.permissions import Permission, allows
from engage.errors import StaleVersion
from engage.extensions import db
from engage.partners import queries as partners_queries
from engage.web.access import button
from engage.web.differences import Difference, differences


@bp.get("/rounds/<id:round_id>/efforts")
@allows(Permission.ANSWER)
def own_efforts(round_id: int) -> str | Answer:
    round_ = round_or_404(round_id)
    response = queries.own_response(g.membership, round_)
    if response is None:
        return redirect(url_for(".show_round", round_id=round_id), 303)
    names = _names(round_)
    form = EffortForm(names, formdata=None)
    form.area.data = request.args.get("area") if request.args.get("area") in names else ""
    return _page(round_, response, form)


@bp.post("/rounds/<id:round_id>/efforts")
@allows(Permission.ANSWER)
def name_effort(round_id: int) -> Answer | tuple[str, int]:
    round_ = round_or_404(round_id)
    form = EffortForm(_names(round_))
    if form.validate_on_submit():
        service.name_effort(g.membership, round_, form.said)
        db.session.commit()
        return redirect(_after(round_, form.area.data), 303)
    return _page(round_, queries.own_response(g.membership, round_), form), 422


@bp.get("/rounds/<id:round_id>/efforts/<id:effort_id>")
@allows(Permission.ANSWER)
def own_effort(round_id: int, effort_id: int) -> str:
    round_, found = _own(round_id, effort_id)
    return _form_page(round_, found, EffortForm(_names(round_), found, formdata=None))


@bp.post("/rounds/<id:round_id>/efforts/<id:effort_id>")
@allows(Permission.ANSWER)
def rename_effort(round_id: int, effort_id: int) -> Answer | tuple[str, int]:
    round_, found = _own(round_id, effort_id)
    form = EffortForm(_names(round_))
    if form.validate_on_submit():
        try:
            service.rename_effort(round_, found, form.opened_version, form.said)
            db.session.commit()
            return redirect(url_for(".own_efforts", round_id=round_id), 303)
        except StaleVersion:
            saved = EffortForm(_names(round_), found, formdata=None)
            return _form_page(round_, found, form, differences(form, saved, found.version)), 409
    return _form_page(round_, found, form), 422


@bp.post("/rounds/<id:round_id>/efforts/<id:effort_id>/remove")
@allows(Permission.ANSWER)
@button
def withdraw_effort(round_id: int, effort_id: int) -> str:
    """Deletes an effort that a respondent named.

    Only the response's page, which offers to undo this, still holds it; in the trash it would outlast the
    closing.
    """
    round_, found = _own(round_id, effort_id)
    gone = EffortForm(_names(round_), found, formdata=None).said
    service.withdraw_effort(round_, found)
    db.session.commit()
    response = queries.own_response(g.membership, round_)
    return _page(round_, response, EffortForm(_names(round_), formdata=None), gone)


def _names(round_: Round) -> dict[str, str]:
    """Returns the names of the round's own focus areas by key."""
    return {area.key: area.name for area in as_read(round_.questions).areas}


def _own(round_id: int, effort_id: int) -> tuple[Round, Effort]:
    round_ = round_or_404(round_id)
    response = queries.own_response(g.membership, round_)
    found = service.own_effort(response, effort_id) if response is not None else None
    return round_, found or abort(404)


def _after(round_: Round, area: str) -> str:
    """Returns the area's check page if the effort was named there, else the respondent's list of efforts."""
    if request.args.get("back") == CHECKING:
        return url_for(".check", round_id=round_.id, key=area, _anchor="assessment-area-efforts")
    return url_for(".own_efforts", round_id=round_.id)


def _page(round_: Round, response: Response | None, form: EffortForm, gone: Said | None = None) -> str:
    back = CHECKING if request.args.get("back") == CHECKING else None
    return render_template(
        "assessment/efforts/own_efforts.html",
        round=round_,
        form=form,
        named=service.own_efforts(response) if response is not None else [],
        hides=response is not None and service.hides_efforts(response),
        names=_names(round_),
        organizations=[name for _key, name in partners_queries.organization_choices(g.membership)],
        action=url_for(".name_effort", round_id=round_.id, back=back),
        gone=gone,
    )


def _form_page(
    round_: Round, effort: Effort, form: EffortForm, changed: list[Difference] | None = None
) -> str:
    return render_template(
        "assessment/efforts/own_effort.html",
        round=round_,
        effort=effort,
        form=form,
        organizations=[name for _key, name in partners_queries.organization_choices(g.membership)],
        differences=changed,
    )
