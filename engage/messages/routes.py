"""Serves messages inside a coalition: the inbox, and, for coordinators, whom to remind."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions import queries as coalitions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.extensions import db
from engage.frame.access import allows
from engage.home import queries as home
from engage.messages.digest import service as digest_service
from engage.messages.forms import SeenForm
from engage.messages.inbox import pages as inbox_pages
from engage.messages.inbox import service as inbox_service
from engage.messages.mail import service as mail_service
from engage.messages.reminding import service as reminding_service
from engage.messages.rules import Frequency
from engage.web.blueprints import coalition_blueprint
from engage.web.forms import ConfirmForm
from engage.web.htmx import fragments, wants_fragment
from engage.web.lists import page_of
from engage.web.papers import on_paper

bp = coalition_blueprint("messages", __name__, "messages")


@bp.get("/")
@allows(Permission.WORK)
def index() -> str:
    now = clock.now()
    memberships = coalitions.memberships_of(current_user.id)
    return render_template(
        "messages/inbox.html",
        inbox=inbox_pages.inbox_of(g.membership, now),
        elsewhere=inbox_pages.elsewhere(memberships, g.membership),
        form=SeenForm(formdata=None, shown_at=now.isoformat()),
        offers_mail=mail_service.server() is not None
        and digest_service.frequency_of(current_user) is Frequency.OFF,
    )


@bp.post("/seen")
@allows(Permission.WORK)
def seen() -> Response:
    """Marks the new things that the page showed as seen; the next visit shows what came after."""
    form = SeenForm()
    if form.validate_on_submit():
        now = clock.now()
        inbox_service.look(g.membership, form.moment(now), now)
        db.session.commit()
        flash(_("New items are marked as seen."))
    return redirect(url_for(".index"), 303)


# -- reminding


@bp.get("/remind")
@allows(Permission.REMIND)
def remind() -> str:
    today = clock.today(g.coalition.time_zone)
    everybody = reminding_service.everybody(g.membership, today)
    held, pages = page_of(
        [each for each in everybody if each.person.id != g.membership.id],
        request.args.get("page", ""),
        lambda page: url_for(".remind", page=page),
        reminding_service.PEOPLE_MOST,
    )
    shown = [reminding_service.reminder(g.membership, each, today) for each in held]
    return render_template(
        "messages/remind.html",
        reminders=[each for each in shown if each is not None],
        shown=pages,
        form=ConfirmForm(formdata=None),
    )


@bp.get("/slips")
@allows(Permission.REMIND)
@on_paper
def slips() -> str:
    """Shows the same reminders on strips of paper, to hand out at a meeting."""
    today = clock.today(g.coalition.time_zone)
    made = reminding_service.slips(reminding_service.everybody(g.membership, today), today)
    return render_template("messages/slips.html", slips=made, today=today)


@bp.post("/remind/<id:person_id>/told")
@allows(Permission.REMIND)
def told(person_id: int) -> Response:
    """Records that the coordinator told this person, in any way."""
    person = _person_or_404(person_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        reminding_service.mark_told(g.membership, person)
        db.session.commit()
    return _answer(person)


@bp.post("/remind/<id:person_id>/not-told")
@allows(Permission.REMIND)
def not_told(person_id: int) -> Response:
    """Undoes the coordinator's mark."""
    person = _person_or_404(person_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        reminding_service.unmark_told(g.membership, person)
        db.session.commit()
    return _answer(person)


def _person_or_404(person_id: int) -> Membership:
    return home.person_of(g.membership, person_id) or abort(404)


def _answer(person: Membership) -> Response:
    today = clock.today(g.coalition.time_zone)
    if wants_fragment():
        reminder = reminding_service.reminder(
            g.membership, reminding_service.of_person(g.membership, person, today), today
        )
        if reminder is not None:
            context = {"reminder": reminder, "form": ConfirmForm(formdata=None)}
            return fragments(("messages/_reminder.html", context))
    return redirect(url_for(".remind", _anchor=f"messages-reminder-{person.id}"), 303)
