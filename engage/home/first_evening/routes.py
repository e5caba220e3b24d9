"""Serves ending the first evening, and bringing it back."""

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission
from engage.coalitions.trash import notice
from engage.extensions import db
from engage.frame.access import allows
from engage.home.blueprint import bp
from engage.home.first_evening import service
from engage.web.forms import ConfirmForm


@bp.post("/first-evening/end")
@allows(Permission.EDIT_SETTINGS)
def end_evening() -> Response:
    if ConfirmForm().validate_on_submit():
        service.set_over(g.membership, over=True)
        db.session.commit()
        said = _("“Your first evening” is hidden. You can show it again from Getting Started.")
        notice.offer(said, url_for(".bring_evening_back"))
    return redirect(url_for(".index"), 303)


@bp.post("/first-evening/back")
@allows(Permission.EDIT_SETTINGS)
def bring_evening_back() -> Response:
    if ConfirmForm().validate_on_submit():
        service.set_over(g.membership, over=False)
        db.session.commit()
        flash(_("“Your first evening” is back."))
    return redirect(url_for(".index"), 303)
