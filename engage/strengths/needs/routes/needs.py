"""Serves needs: the list, adding one by hand or from a gap of a round."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.assessment.languages import as_read
from engage.assessment.queries import round_of
from engage.coalitions.permissions import Permission, allows
from engage.extensions import db
from engage.i18n import gettext as _
from engage.strengths import bp, files, service
from engage.strengths.needs.forms import NeedByHandForm
from engage.strengths.needs.gaps import shown_rounds
from engage.strengths.needs.pages.list import NeedsPage
from engage.strengths.needs.queries import NeedFilters, needs_of
from engage.web.access import button
from engage.web.csv_files import csv_answer
from engage.web.links import onward


@bp.get("/needs/")
@allows(Permission.SEE_ALL)
def needs() -> str:
    filters = NeedFilters.of(request.args)
    shown = NeedsPage.of(needs_of(g.membership), filters, request.args.get("page", ""))
    return render_template("strengths/needs/needs.html", shown=shown)


@bp.get("/needs.csv")
@allows(Permission.SEE_ALL)
def needs_file() -> Response:
    """Sends all needs as a file, the most pressing first and closed ones last."""
    return csv_answer(_("Needs"), *files.needs(needs_of(g.membership)))


# -- by hand


def _by_hand() -> NeedByHandForm:
    form = NeedByHandForm()
    form.offer(shown_rounds(g.membership).areas.items())
    return form


@bp.get("/needs/new")
@allows(Permission.WORK)
def new_need() -> str:
    form = _by_hand()
    form.area.data = request.args.get("area", "")
    return render_template("strengths/needs/need_form.html", form=form, need=None, differences=None)


@bp.post("/needs/new")
@allows(Permission.WORK)
def add_need() -> Response | tuple[str, int]:
    form = _by_hand()
    if form.validate_on_submit():
        need = service.create_need(g.membership, **form.fields())
        db.session.commit()
        flash(
            _("Need %(number)s is on the list. Say how important and how feasible it is.", number=need.number)
        )
        return onward(url_for(".need", number=need.number))
    return render_template("strengths/needs/need_form.html", form=form, need=None, differences=None), 422


# -- from a gap


@bp.post("/needs/from/<id:round_id>/<key>")
@allows(Permission.WORK)
@button
def make_need(round_id: int, key: str) -> Response:
    """Makes a need with one click on a gap of a closed round; a second click finds the existing one."""
    round_ = round_of(g.membership, round_id)
    if round_ is None or round_.closed_at is None:
        abort(404)
    area, question = as_read(round_.questions).rated.find(key) or abort(404)
    need = service.create_need(
        g.membership, title=question.title, area=area.key, round_=round_, indicator=key
    )
    db.session.commit()
    flash(_("Need %(number)s is on the list. Say how important and how feasible it is.", number=need.number))
    return redirect(url_for(".need", number=need.number), 303)
