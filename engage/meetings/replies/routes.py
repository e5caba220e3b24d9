"""Serves a person's answer whether they are coming, from a meeting's page or from Home."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission
from engage.extensions import db
from engage.frame.access import allows
from engage.meetings.blueprint import bp
from engage.meetings.planning.routes import address_of, meeting_or_404
from engage.meetings.replies import service, words
from engage.meetings.replies.forms import ReplyForm
from engage.web.answers import problem


@bp.post("/<id:meeting_id>/reply")
@allows(Permission.WORK)
def reply(meeting_id: int) -> Response:
    """Saves this person's answer, and leads back to the page on which it was given."""
    this_meeting, form = meeting_or_404(meeting_id), ReplyForm()
    if not form.validate_on_submit():
        return problem(422, _("Nothing was saved"), _("Go back to the page and press the button again."))
    said = service.say(g.membership, this_meeting, form.said, wants_reminder=bool(form.wants_reminder.data))
    db.session.commit()
    flash(words.saved_words(said.answer, wants_reminder=said.wants_reminder))
    if request.form.get("back") == "home":
        return redirect(url_for("home.index", _anchor="home-meeting"), 303)
    return redirect(address_of(this_meeting) + "#meetings-replies", 303)
