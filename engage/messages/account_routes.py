"""Messages of a person, outside any coalition: the calendar to subscribe to."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from engage import clock
from engage.access import public, signed_in
from engage.extensions import db
from engage.forms import ConfirmForm
from engage.messages import calendars

bp = Blueprint("my_messages", __name__)


@bp.get("/account/messages")
@signed_in
def settings() -> str:
    link = calendars.link_of(current_user)
    address = calendars.address_of(link) if link is not None else None
    return render_template(
        "messages/settings.html",
        link=link,
        address=address,
        # What opens a calendar program to subscribe.
        webcal=f"webcal:{address.partition(':')[2]}" if address else None,
        form=ConfirmForm(formdata=None),
    )


@bp.post("/account/calendar")
@signed_in
def make_calendar() -> BaseResponse:
    """The first link, or a new one in place of the old, which stops at once."""
    if ConfirmForm().validate_on_submit():
        calendars.make_link(current_user)
        db.session.commit()
        flash(_("Here is your calendar's new link."))
    return redirect(url_for(".settings", _anchor="messages-calendar"), 303)


@bp.post("/account/calendar/stop")
@signed_in
def stop_calendar() -> BaseResponse:
    if ConfirmForm().validate_on_submit():
        calendars.stop_link(current_user)
        db.session.commit()
        flash(_("Your calendar's link no longer works."))
    return redirect(url_for(".settings", _anchor="messages-calendar"), 303)


@bp.get("/calendar/<token>.ics")
@public
def calendar(token: str) -> Response:
    """For a calendar program, which signs in nowhere: whoever has the link may read it."""
    user = calendars.user_by_token(token) or abort(404)
    return Response(calendars.calendar_of(user, clock.now()), content_type="text/calendar; charset=utf-8")
