"""Serves the positions of About us: adding, changing, removing."""

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.coalitions import bp, queries
from engage.coalitions.about import queries as about_queries
from engage.coalitions.about import service
from engage.coalitions.about.forms import PositionForm
from engage.coalitions.about.labels import usual_positions
from engage.coalitions.about.models import Position
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash import notice
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import button
from engage.web.differences import Difference, differences


@bp.get("/about/positions/new")
@allows(Permission.MANAGE_PEOPLE)
def new_position() -> str:
    return _edit(None, _form())


@bp.post("/about/positions/new")
@allows(Permission.MANAGE_PEOPLE)
def create_position() -> Response | tuple[str, int]:
    form = _form(typed=True)
    if form.validate_on_submit():
        service.add(g.membership, form.fields())
        db.session.commit()
        flash(_("The position is added."))
        return redirect(url_for(".about_us"), 303)
    return _edit(None, form), 422


@bp.post("/about/positions/usual")
@allows(Permission.MANAGE_PEOPLE)
@button
def create_usual_positions() -> Response:
    """Adds the usual positions to a coalition that has none."""
    if not about_queries.positions(g.membership):
        for title in usual_positions():
            service.add(g.membership, {"title": title})
        db.session.commit()
        flash(_("Four positions are added. Say who holds each, and remove what you do not need."))
    return redirect(url_for(".about_us"), 303)


@bp.get("/about/positions/<id:position_id>")
@allows(Permission.MANAGE_PEOPLE)
def edit_position(position_id: int) -> str:
    position = _found(position_id)
    return _edit(position, _form(position))


@bp.post("/about/positions/<id:position_id>")
@allows(Permission.MANAGE_PEOPLE)
def save_position(position_id: int) -> Response | tuple[str, int]:
    position = _found(position_id)
    form, differing, status = _form(typed=True), None, 422
    if form.validate_on_submit():
        try:
            service.change(position, form.opened_version, form.fields(), g.membership)
            db.session.commit()
            flash(_("The position is saved."))
            return redirect(url_for(".about_us"), 303)
        except StaleVersion:
            differing, status = differences(form, _form(position), position.version), 409
    return _edit(position, form, differing), status


@bp.post("/about/positions/<id:position_id>/delete")
@allows(Permission.MANAGE_PEOPLE)
@button
def delete_position(position_id: int) -> Response:
    position = _found(position_id)
    title = position.title
    copy = service.delete(position, g.membership)
    db.session.commit()
    notice.say(_("“%(name)s” is in the trash. Its people stay.", name=title), copy)
    return redirect(url_for(".about_us"), 303)


def _found(position_id: int) -> Position:
    return about_queries.position_of(g.membership, position_id) or gone(service.TABLE, position_id)


def _form(position: Position | None = None, *, typed: bool = False) -> PositionForm:
    if typed:
        form = PositionForm()
    else:
        places = {"person": position.membership_id, "stand_in": position.stand_in_id} if position else {}
        form = PositionForm(formdata=None, obj=position, **places)
    form.offer(queries.people_choices(g.membership))
    return form


def _edit(
    position: Position | None,
    form: PositionForm,
    differing: list[Difference] | None = None,
) -> str:
    return render_template(
        "coalitions/about/position.html",
        position=position,
        form=form,
        usual=usual_positions(),
        differences=differing,
    )
