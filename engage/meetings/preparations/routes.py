"""Serves ticking the preparations for a meeting."""

from flask import abort, flash, g, redirect
from werkzeug.wrappers import Response

from engage.checklist.forms import TickForm
from engage.coalitions.permissions import Permission, allows
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import bp
from engage.meetings.planning.routes import address_of, meeting_or_404
from engage.meetings.preparations import service
from engage.web.answers import problem
from engage.web.htmx import fragments, wants_fragment


@bp.post("/<id:meeting_id>/before/<key>")
@allows(Permission.WORK)
def tick_preparation(meeting_id: int, key: str) -> Response:
    meeting = meeting_or_404(meeting_id)
    known = service.known(meeting).get(key) or abort(404)
    form = TickForm()
    if not form.validate_on_submit() or form.wants_done is None:
        return problem(
            422, _("The change was not saved"), _("Nothing was changed. Press the button to save it.")
        )
    done = form.wants_done
    service.tick(g.membership, meeting, key, done)
    db.session.commit()
    said = _("Done: %(what)s", what=known.text) if done else _("Reopened: %(what)s", what=known.text)
    if wants_fragment():
        part = {
            "meeting": meeting,
            "before": service.preparations_of(meeting),
            "may_tick": True,
        }
        return fragments(("meetings/preparations/_before.html", part), ("_status.html", {"text": said}))
    flash(said)
    return redirect(f"{address_of(meeting)}#meetings-before", 303)
