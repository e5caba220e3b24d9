"""Serves dismissing the first evening, and showing it again."""

from flask import flash, g, redirect, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash import notice
from engage.extensions import db
from engage.home.blueprint import bp
from engage.home.first_evening import service
from engage.i18n import gettext as _
from engage.web.access import button


@bp.post("/first-evening/end")
@allows(Permission.EDIT_SETTINGS)
@button
def end_evening() -> Response:
    service.set_over(g.membership, over=True)
    db.session.commit()
    said = _("“Your first evening” is hidden. You can show it again from Getting Started.")
    notice.offer(said, url_for(".bring_evening_back"))
    return redirect(url_for(".index"), 303)


@bp.post("/first-evening/back")
@allows(Permission.EDIT_SETTINGS)
@button
def bring_evening_back() -> Response:
    service.set_over(g.membership, over=False)
    db.session.commit()
    flash(_("“Your first evening” is back."))
    return redirect(url_for(".index"), 303)
