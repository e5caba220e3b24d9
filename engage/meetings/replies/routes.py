"""Serves a person's answer whether they are coming, from a meeting's page or from Home."""

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.blueprint import bp
from engage.meetings.forms import MeetingReplyForm
from engage.meetings.planning.pages import when_of
from engage.meetings.planning.routes import address_of, meeting_or_404
from engage.meetings.replies import labels, pages, service
from engage.web.answers import problem
from engage.web.htmx import fragments, wants_fragment


@bp.post("/<id:meeting_id>/reply")
@allows(Permission.WORK)
def reply(meeting_id: int) -> Response:
    """Saves this person's answer, then redirects to the page on which it was given."""
    this_meeting, form = meeting_or_404(meeting_id), MeetingReplyForm()
    if not form.validate_on_submit():
        return problem(422, _("Nothing was saved"), _("Go back to the page and press the button again."))
    said = service.say(g.membership, this_meeting, form.said, wants_reminder=bool(form.wants_reminder.data))
    db.session.commit()
    text = labels.saved_words(said.answer, wants_reminder=said.wants_reminder)
    is_home = request.form.get("back") == "home"
    if is_home and wants_fragment():
        card = {
            "meeting": this_meeting,
            "meeting_when": when_of(this_meeting),
            "replies": pages.on_home(g.membership, this_meeting, clock.now()),
        }
        return fragments(("home/_meeting.html", card), ("_status.html", {"text": text, "is_heard": True}))
    flash(text)
    if is_home:
        return redirect(url_for("home.index", _anchor="home-meeting"), 303)
    return redirect(address_of(this_meeting) + "#meetings-replies", 303)
