"""Serves a person's answer whether they are coming: from the meeting's page, from Home, or by the link in a mail.

With the link, one answers without an account and sees no one else's name.
"""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.rules import first_name
from engage.errors import WrongState
from engage.extensions import answer_as_to_anybody, db, stand_at
from engage.i18n import gettext as _
from engage.meetings import bp
from engage.meetings.calendar_file import calendar_file
from engage.meetings.forms import MeetingReplyForm
from engage.meetings.planning.pages import when_of
from engage.meetings.planning.routes import address_of, meeting_or_404
from engage.meetings.replies import labels, links, pages, queries, service
from engage.meetings.replies.links import InvitedGuest
from engage.meetings.rules import Coming
from engage.web.access import public
from engage.web.answers import problem
from engage.web.csv_files import download
from engage.web.htmx import fragments, wants_fragment
from engage.web.links import external

link_bp = Blueprint("rsvp", __name__, url_prefix="/rsvp")


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


# -- for anyone with the link


@link_bp.get("/<token>")
@public
def reply_by_link(token: str) -> str | Response:
    """Shows the question. Opening the link answers nothing, because virus scanners open it, too."""
    answer_as_to_anybody()
    guest = links.guest_of(token)
    if guest is None or guest.meeting is None:
        return _nothing(guest)
    return _page(guest, token)


@link_bp.post("/<token>")
@public
def say_by_link(token: str) -> Response | tuple[str, int]:
    answer_as_to_anybody()
    guest, form = links.guest_of(token), MeetingReplyForm()
    if guest is None or guest.meeting is None:
        return _nothing(guest)
    if not form.validate_on_submit():
        return _page(guest, token), 422
    try:
        service.say(guest.person, guest.meeting, form.said, wants_reminder=bool(form.wants_reminder.data))
        db.session.commit()
    except WrongState:
        db.session.rollback()  # the page itself says what happened to the meeting
    return redirect(url_for(".reply_by_link", token=token), 303)


@link_bp.get("/<token>/meeting.ics")
@public
def calendar_by_link(token: str) -> Response:
    """Sends the meeting's file; it contains the online link for a person who said that they join online."""
    answer_as_to_anybody()
    guest = links.guest_of(token)
    if guest is None or guest.meeting is None:
        abort(404)
    said = queries.said_by(guest.person, guest.meeting)
    here = external(url_for(".reply_by_link", token=token))
    is_online = said is not None and said.answer is Coming.ONLINE
    text = calendar_file(guest.meeting, here, clock.now(), with_link=is_online)
    return download(text, "text/calendar; charset=utf-8", "meeting.ics")


def _page(guest: InvitedGuest, token: str) -> str:
    meeting, coalition = guest.meeting, guest.person.coalition
    assert meeting is not None
    stand_at(coalition)
    return render_template(
        "meetings/replies/rsvp.html",
        coalition=coalition.name,
        name=first_name(guest.person.name),
        meeting=meeting,
        when=when_of(meeting),
        asked=pages.asked(meeting, queries.said_by(guest.person, meeting), clock.now()),
        token=token,
    )


def _nothing(guest: InvitedGuest | None) -> Response:
    """Answers a link that no longer works. Only people who were invited learn that a meeting was canceled."""
    if guest is not None:
        return problem(
            410,
            _("This meeting is canceled"),
            _("You don't have to do anything. Questions? Ask the person who invited you."),
        )
    return problem(
        404,
        _("This link does not open anything"),
        _("Part of it may be missing, or it has expired. Ask the person who invited you for a new one."),
    )
