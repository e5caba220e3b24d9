"""Serves feeds to calendar programs, which do not sign in, and lets a person make, replace and stop their link."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from engage import clock
from engage.calendar.feeds import pages, service
from engage.coalitions import queries as coalitions
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import button, public, signed_in

bp = Blueprint("my_calendar", __name__)
ICS = "text/calendar; charset=utf-8"


@bp.get("/calendar/<token>.ics")
@public
def feed(token: str) -> Response:
    """Sends a person's feed to anyone who has the link."""
    user = service.user_by_token(token) or abort(404)
    return Response(pages.calendar_of(user, clock.now()), content_type=ICS)


@bp.get("/calendar/group/<token>.ics")
@public
def group_feed(token: str) -> Response:
    """Sends a group's feed as long as the person who shared its link has a feed of their own."""
    shown = service.group_by_token(token) or abort(404)
    return Response(pages.calendar_of_group(shown, clock.now()), content_type=ICS)


@bp.post("/account/calendar")
@signed_in
@button
def make_link() -> BaseResponse:
    """Makes a person's first link, or one that replaces the old link, which stops at once."""
    service.make_link(current_user)
    db.session.commit()
    flash(_("This is your calendar's new link."))
    return redirect(_came_from(), 303)


def _came_from() -> str:
    """Returns the page from which the form was sent: the coalition's page, or else the account's page."""
    slug = request.form.get("coalition", "")
    if any(place.slug == slug for place in coalitions.places_beside(current_user.id)):
        return url_for("calendar.subscribe", slug=slug)
    return url_for("my_messages.settings", _anchor="messages-calendar")


@bp.post("/account/calendar/stop")
@signed_in
@button
def stop_link() -> BaseResponse:
    service.stop_link(current_user)
    db.session.commit()
    flash(_("Your calendar's link no longer works."))
    return redirect(url_for("my_messages.settings", _anchor="messages-calendar"), 303)
