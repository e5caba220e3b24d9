"""Serves the check of links."""

from collections.abc import Collection

from flask import abort, current_app, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.documents import bp
from engage.documents.links import asking, service
from engage.documents.pages import DocumentShow
from engage.documents.rules import DEAD, LinkState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.web.access import button


@bp.post("/check-links")
@allows(Permission.EDIT_DOCUMENTS)
@button
def check_links() -> Response:
    """Checks the links that were checked longest ago, and shows those that do not work."""
    if not current_app.config["CHECK_LINKS"]:
        abort(404)
    links = service.waiting(g.membership)
    db.session.rollback()  # so that no one waits for our transaction while the links are checked
    try:
        found = asking.states(links[: service.MOST])
    except asking.Busy:
        flash(_("Another check is running. Try again in a minute."))
        return redirect(url_for(".index"), 303)
    service.note(g.membership, found)
    db.session.commit()
    flash(_said(found.values(), len(links) - len(found)))
    return redirect(url_for(".index", show=DocumentShow.DEAD if DEAD & set(found.values()) else None), 303)


def _said(states: Collection[LinkState], left: int) -> str:
    dead = sum(state in DEAD for state in states)
    parts = [
        ngettext("%(num)s link is checked.", "%(num)s links are checked.", len(states)),
        ngettext("%(num)s does not work.", "%(num)s do not work.", dead) if dead else _("All links work."),
    ]
    if left:
        parts.append(
            ngettext("%(num)s link is left: check again.", "%(num)s links are left: check again.", left)
        )
    return " ".join(parts if states else parts[2:])
