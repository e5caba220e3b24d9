"""Serves messages inside a coalition: the inbox, and reminders for coordinators."""

from collections.abc import Sequence
from datetime import date

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions import queries as coalitions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, allows
from engage.extensions import db, mail_server
from engage.home import queries as home
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.messages import reminding as reminding_service
from engage.messages.digest import service as digest_service
from engage.messages.forms import SeenForm
from engage.messages.inbox import pages as inbox_pages
from engage.messages.inbox import service as inbox_service
from engage.messages.letters import reminding as reminding_letters
from engage.messages.reminding import HeldTask, Reminder
from engage.messages.rules import Frequency
from engage.web.access import button
from engage.web.blueprints import coalition_blueprint
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
        offers_mail=mail_server() is not None and digest_service.frequency_of(current_user) is Frequency.OFF,
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
    reminders = _reminders(held, today)
    sends = mail_server() is not None
    reached = reminding_letters.reached(g.membership, reminders) if sends else {}
    return render_template(
        "messages/remind.html",
        reminders=reminders,
        shown=pages,
        sends_mail=sends,
        reached=reached,
        unsent=sum(each.held.person.id in reached for each in _not_today(reminders, today)),
    )


def _reminders(held: Sequence[HeldTask], today: date) -> list[Reminder]:
    made = [reminding_service.reminder(g.membership, each, today) for each in held]
    return [each for each in made if each is not None]


def _not_today(reminders: Sequence[Reminder], today: date) -> list[Reminder]:
    """Returns those whom no one has reminded today."""
    return [each for each in reminders if each.held.told is None or each.held.told.told_on != today]


@bp.post("/remind/send")
@allows(Permission.REMIND)
@button
def send_reminders() -> Response:
    """Sends their reminder by mail to everyone with open work whom no one has reminded today."""
    if mail_server() is None:
        abort(404)
    today = clock.today(g.coalition.time_zone)
    everybody = reminding_service.everybody(g.membership, today)
    others = [each for each in everybody if each.person.id != g.membership.id]
    sent = reminding_letters.send(g.membership, _not_today(_reminders(others, today), today))
    db.session.commit()
    flash(
        ngettext(
            "%(num)s reminder is on its way by e-mail.", "%(num)s reminders are on their way by e-mail.", sent
        )
    )
    return redirect(url_for(".remind"), 303)


@bp.post("/remind/<id:person_id>/send")
@allows(Permission.REMIND)
@button
def send_reminder(person_id: int) -> Response:
    """Sends this person their reminder by mail."""
    person = _person_or_404(person_id)
    if mail_server() is None:
        abort(404)
    today = clock.today(g.coalition.time_zone)
    held = reminding_service.of_person(g.membership, person, today)
    sent = reminding_letters.send(g.membership, _reminders([held], today))
    db.session.commit()
    name = person.name
    flash(
        _("A reminder to %(name)s is on its way by e-mail.", name=name)
        if sent
        else _("%(name)s got a reminder within the hour, or no e-mail reaches them.", name=name)
    )
    return redirect(url_for(".remind", _anchor=f"messages-reminder-{person.id}"), 303)


@bp.get("/slips")
@allows(Permission.REMIND)
@on_paper
def slips() -> str:
    """Shows the reminders as printed strips, to hand out at a meeting."""
    today = clock.today(g.coalition.time_zone)
    made = reminding_service.slips(reminding_service.everybody(g.membership, today), today)
    return render_template("messages/slips.html", slips=made, today=today)


@bp.post("/remind/<id:person_id>/told")
@allows(Permission.REMIND)
@button
def mark_reminded(person_id: int) -> Response:
    """Records that the coordinator reminded this person, in any way."""
    person = _person_or_404(person_id)
    reminding_service.mark_told(g.membership, person)
    db.session.commit()
    return _answer(person)


@bp.post("/remind/<id:person_id>/not-told")
@allows(Permission.REMIND)
@button
def unmark_reminded(person_id: int) -> Response:
    """Removes the coordinator's record of having reminded this person today."""
    person = _person_or_404(person_id)
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
            reached = reminding_letters.reached(g.membership, [reminder]) if mail_server() is not None else {}
            return fragments(("messages/_reminder.html", {"reminder": reminder, "reached": reached}))
    return redirect(url_for(".remind", _anchor=f"messages-reminder-{person.id}"), 303)
