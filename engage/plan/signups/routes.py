"""Serves sign-ups to organizers: opening the page, who comes and who waits, the poster and the sheet for the door."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash import notice
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.numbers import whole_number
from engage.plan import bp
from engage.plan.activities.models import Activity
from engage.plan.activities.pages import own_activity_or_404
from engage.plan.activities.rules import ActivityState
from engage.plan.feedback import pages as feedback_pages
from engage.plan.feedback import queries as feedback_queries
from engage.plan.signups import pages, queries, service
from engage.plan.signups.forms import CameForm, DoubleForm, PlacesForm
from engage.plan.signups.models import Signup
from engage.web.access import button
from engage.web.answers import problem
from engage.web.forms import ConfirmForm
from engage.web.papers import on_paper

# The sheet has this many empty rows for people who come without signing up.
EMPTY_LINES = 15


def _signup_or_404(activity: Activity, signup_id: int) -> Signup:
    return queries.signup_of(activity, signup_id) or abort(404)


def _page(activity: Activity, form: PlacesForm) -> str:
    return render_template(
        "plan/signups/signups.html",
        activity=activity,
        shown=pages.sheet(activity, g.coalition.time_zone),
        form=form,
        is_planned=activity.state is ActivityState.PLANNED,
    )


@bp.get("/activities/<id:activity_id>/signups/")
@allows(Permission.WORK)
def signups(activity_id: int) -> str:
    activity = own_activity_or_404(activity_id)
    page = queries.page_of(activity)
    return _page(activity, PlacesForm(formdata=None, data={"seats": page.seats if page else None}))


@bp.post("/activities/<id:activity_id>/signups/open")
@allows(Permission.PUBLISH)
def open_signups(activity_id: int) -> Response | tuple[str, int]:
    """Opens the sign-up page, or changes its number of places."""
    activity, form = own_activity_or_404(activity_id), PlacesForm()
    if activity.state is not ActivityState.PLANNED:
        abort(404)
    if form.validate_on_submit():
        service.open_page(g.membership, activity, form.places)
        db.session.commit()
        flash(_("The sign-up page is open. Share its link, or print the poster."))
        return redirect(url_for(".signups", activity_id=activity.id), 303)
    return _page(activity, form), 422


@bp.post("/activities/<id:activity_id>/signups/close")
@allows(Permission.PUBLISH)
@button
def close_signups(activity_id: int) -> Response:
    activity = own_activity_or_404(activity_id)
    service.close_page(g.membership, activity)
    db.session.commit()
    flash(_("New people cannot sign up. Everyone who signed up keeps their spot."))
    return redirect(url_for(".signups", activity_id=activity.id), 303)


@asks_to_delete(bp, "/activities/<id:activity_id>/signups/<id:signup_id>/remove", Permission.WORK)
def remove_signup(activity_id: int, signup_id: int) -> Deletion:
    activity = own_activity_or_404(activity_id)
    signup = _signup_or_404(activity, signup_id)
    return Deletion(
        title=_("Remove this sign-up?"),
        what=signup.name,
        back=url_for(".signups", activity_id=activity.id),
        delete=lambda: (_("The sign-up is removed."), service.remove(g.membership, activity, signup)),
    )


@bp.get("/activities/<id:activity_id>/signups/poster")
@allows(Permission.WORK)
@on_paper
def signup_poster(activity_id: int) -> str:
    activity = own_activity_or_404(activity_id)
    shown = pages.sheet(activity, g.coalition.time_zone)
    channel = shown.channel or abort(404)
    return render_template(
        "plan/activities/poster.html",
        activity=activity,
        channel=channel,
        when=shown.when,
        note="",
        invites=_("To sign up, scan the code with your phone's camera, or type"),
        back={"label": _("Sign-ups"), "url": url_for(".signups", activity_id=activity.id)},
    )


@bp.get("/activities/<id:activity_id>/signups/sheet")
@allows(Permission.WORK)
@on_paper
def signup_sheet(activity_id: int) -> str:
    """Shows the sheet for the door, with the code to sign in by phone."""
    activity = own_activity_or_404(activity_id)
    shown = pages.sheet(activity, g.coalition.time_zone)
    feedback = feedback_pages.door_of(feedback_queries.feedback_of(activity))
    return render_template(
        "plan/signups/sheet.html",
        activity=activity,
        shown=shown,
        empty=EMPTY_LINES,
        feedback=feedback,
        form=ConfirmForm(formdata=None),
    )


@bp.post("/activities/<id:activity_id>/signups/code")
@allows(Permission.PUBLISH)
@button
def renew_signup_code(activity_id: int) -> Response:
    """Replaces only the sheet's code, so that people who have the link to sign up keep it."""
    activity = own_activity_or_404(activity_id)
    service.renew_channel(g.membership, activity)
    db.session.commit()
    flash(_("This is the new code. The one printed before no longer signs anyone in."))
    return redirect(url_for(".signup_sheet", activity_id=activity.id), 303)


@bp.post("/activities/<id:activity_id>/signups/came")
@allows(Permission.WORK)
def save_came(activity_id: int) -> Response:
    activity, form = own_activity_or_404(activity_id), CameForm()
    form.offer(queries.signups_of(activity))
    if not form.validate_on_submit():
        return problem(422, _("Nothing was saved"), _("Go back to the page and press the button again."))
    service.mark_came(g.membership, activity, *form.changed)
    db.session.commit()
    flash(_("The attendance is saved."))
    return redirect(_onward(activity, request.form.get("then", "")), 303)


def _onward(activity: Activity, then: str) -> str:
    """Returns where the pressed button leads; the view has already saved the ticks."""
    if then == "write":
        about = f"event:{activity.id}"
        return url_for("letters.write", to=about, about=about)
    if then == "sheet":
        return url_for(".signup_sheet", activity_id=activity.id)
    what, _dash, number = then.partition("-")
    signup_id = whole_number(number)
    if what == "remove" and signup_id is not None:
        return url_for(".remove_signup", activity_id=activity.id, signup_id=signup_id)
    return url_for(".signups", activity_id=activity.id)


@bp.post("/activities/<id:activity_id>/signups/<id:signup_id>/double")
@allows(Permission.WORK)
def decide_double(activity_id: int, signup_id: int) -> Response:
    """Saves whether two who signed in with the same name are one person."""
    activity, form = own_activity_or_404(activity_id), DoubleForm()
    double = _signup_or_404(activity, signup_id)
    if not form.validate_on_submit():
        return problem(422, _("Nothing was saved"), _("Go back to the page and press the button again."))
    if form.is_same:
        copy = service.same_person(g.membership, activity, double)
        db.session.commit()
        notice.say(_("They are one person now, and count once."), copy)
    else:
        service.two_people(g.membership, activity, double)
        db.session.commit()
        flash(_("Both people count."))
    return redirect(url_for(".signups", activity_id=activity.id), 303)


@bp.post("/activities/<id:activity_id>/signups/count")
@allows(Permission.WORK)
def count_came(activity_id: int) -> Response | tuple[str, int]:
    activity = own_activity_or_404(activity_id)
    form = pages.count_form(activity, pages.came_of(activity))
    if form.validate_on_submit():
        came = service.count_came(g.membership, activity, form.counted)
        db.session.commit()
        flash(
            ngettext(
                "%(num)s person is now counted in every report.",
                "%(num)s people are now counted in every report.",
                came,
            )
        )
    elif form.errors:
        return render_template("plan/signups/count.html", activity=activity, form=form), 422
    return redirect(url_for(".activity", activity_id=activity.id), 303)
