"""Serves the forms with which a coalition adds, changes and removes help lines."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions import bp
from engage.coalitions.help_lines import queries, service
from engage.coalitions.help_lines.forms import HelpLineForm
from engage.coalitions.help_lines.models import HelpLine
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash import notice
from engage.coalitions.trash.lookups import gone
from engage.content.loader import content
from engage.content.model import OfferedLine
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import button
from engage.web.differences import Difference, differences


@bp.get("/settings/help-lines/new")
@allows(Permission.EDIT_SETTINGS)
def new_help_line() -> str:
    """Shows an empty form, or one filled in from the offered line that the address names."""
    return _edit(None, HelpLineForm(formdata=None, obj=_offered()))


@bp.post("/settings/help-lines/new")
@allows(Permission.EDIT_SETTINGS)
def create_help_line() -> Response | tuple[str, int]:
    form, source = HelpLineForm(), _offered()
    if form.validate_on_submit():
        service.add(g.membership, source.key if source else "", _values(form))
        db.session.commit()
        flash(_("The help line is added. Members see it under “Who to call”."))
        return redirect(url_for(".help_lines"), 303)
    return _edit(None, form), 422


@bp.get("/settings/help-lines/<id:line_id>")
@allows(Permission.EDIT_SETTINGS)
def edit_help_line(line_id: int) -> str:
    line = _found(line_id)
    return _edit(line, HelpLineForm(formdata=None, obj=line))


@bp.post("/settings/help-lines/<id:line_id>")
@allows(Permission.EDIT_SETTINGS)
def save_help_line(line_id: int) -> Response | tuple[str, int]:
    line = _found(line_id)
    form, differing, status = HelpLineForm(), None, 422
    if form.validate_on_submit():
        try:
            service.change(g.membership, line, form.opened_version, _values(form))
            db.session.commit()
            flash(_("The help line is saved."))
            return redirect(url_for(".help_lines"), 303)
        except StaleVersion:
            saved = HelpLineForm(formdata=None, obj=line)
            differing, status = differences(form, saved, line.version), 409
    return _edit(line, form, differing), status


@bp.post("/settings/help-lines/<id:line_id>/delete")
@allows(Permission.EDIT_SETTINGS)
@button
def delete_help_line(line_id: int) -> Response:
    line = _found(line_id)
    name = line.name
    copy = service.delete(g.membership, line)
    db.session.commit()
    notice.say(_("“%(name)s” is in the trash.", name=name), copy)
    return redirect(url_for(".help_lines"), 303)


def _found(line_id: int) -> HelpLine:
    return queries.line_of(g.membership, line_id) or gone(service.TABLE, line_id)


def _offered(key: str | None = None) -> OfferedLine | None:
    """Returns the offered line with this key, or with the one in the address."""
    wanted = request.args.get("from", "") if key is None else key
    return next((each for each in content().help_lines if each.key == wanted), None)


def _values(form: HelpLineForm) -> dict[str, object]:
    return {name: value for name, value in form.data.items() if name not in {"version", "csrf_token"}}


def _edit(
    line: HelpLine | None,
    form: HelpLineForm,
    differing: list[Difference] | None = None,
) -> str:
    return render_template(
        "coalitions/settings/help_line.html",
        line=line,
        source=_offered(line.key if line else None),
        form=form,
        differences=differing,
    )
