"""Serves Home: what is next, what waits, the coalition's progress; and texts that remind other people."""

from flask import abort, flash, g, redirect, render_template, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from engage import clock
from engage.checklist import queries as checklist
from engage.coalitions.announcements import queries as announcements_queries
from engage.coalitions.announcements.models import HOME_MOST
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.ready_texts import mail_address
from engage.coalitions.trash import notice
from engage.dates import long_day
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db, mail_server
from engage.home import bp, labels, pages, queries
from engage.home.forms import QuickForm
from engage.home.quick import pages as quick_pages
from engage.home.quick import service as quick_service
from engage.home.reminders import reminder
from engage.i18n import gettext as _
from engage.meetings.labels import titled, when
from engage.meetings.replies import pages as replies_pages
from engage.onboarding.first_evening.pages import evening_of
from engage.onboarding.first_evening.service import note_past
from engage.plan import queries as plan_queries
from engage.plan.actions.queries import waiting as waiting_queries
from engage.plan.labels import STATUS_LABELS
from engage.plan.models import Action
from engage.plan.repeats import labels as repeats_labels
from engage.plan.rules import QuickAnswer
from engage.snapshots import Snapshot
from engage.toolkit import queries as toolkit
from engage.web.access import button
from engage.web.htmx import fragments, wants_fragment


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    return _page()


@bp.get("/remind/<id:person_id>")
@allows(Permission.REMIND)
def remind(person_id: int) -> str:
    """Shows a text that reminds this person. The coordinator sends it in their own way."""
    person = queries.person_of(g.membership, person_id) or abort(404)
    today = clock.today(g.coalition.time_zone)
    actions = waiting_queries.waiting_for(person, today).shown
    items, reading = checklist.items_waiting_for(person), toolkit.reading_of(person)
    ready = reminder(g.membership, person, actions, items, reading, today)
    is_reached = mail_server() is not None and bool(mail_address(person))
    return render_template("home/remind.html", person=person, ready=ready, is_reached=is_reached)


# -- the page Home


class QuickRefused(Struct, frozen=True):
    """An answer that could not be saved, with the text as typed."""

    form: QuickForm
    action: Action
    is_stale: bool


def _page(refused: QuickRefused | None = None) -> str:
    return render_template("home/index.html", **_context(refused))


def _context(refused: QuickRefused | None = None) -> dict[str, object]:
    today = clock.today(g.coalition.time_zone)
    home = queries.home_of(g.membership, today)
    _count_menu(home)
    answered = None if refused is None else waiting_queries.waiting_action(refused.action, today)
    desk = pages.desk(home, today, answered)
    return {
        "greeting": labels.greeting(g.coalition, g.membership.name),
        "home": home,
        "evening": evening_of(g.membership, home.evening, leads=not home.shows_next)
        if home.evening is not None
        else None,
        "announcements": announcements_queries.current(g.membership, today),
        "announcements_most": HOME_MOST,
        "card": labels.next_card(g.membership, home, today) if home.shows_next else None,
        "desk": desk,
        "replies": replies_pages.on_home(g.membership, home.next_meeting, clock.now()),
        "quick": _quick_forms(desk, refused),
        "is_refused": refused is not None and (bool(refused.form.errors) or refused.is_stale),
        "plan_sentence": labels.plan_sentence(home.plan) if home.plan else "",
        "since": labels.since_words(home, today, g.coalition.time_zone),
        "meeting_when": when(home.next_meeting.starts_at, home.next_meeting.minutes)
        if home.next_meeting
        else "",
        "minutes": [
            (titled(title, starts_at), url_for("meetings.read_minutes", meeting_id=key))
            for key, title, starts_at in home.minutes
        ],
    }


def _quick_forms(desk: pages.Desk, refused: QuickRefused | None) -> dict[int, quick_pages.Quick]:
    found = quick_pages.forms_of(desk.actions())
    if refused is not None:
        action = next(each for each in desk.actions() if each.number == refused.action.number)
        found[action.number] = quick_pages.refused(refused.form, action, is_stale=refused.is_stale)
    return found


def _count_menu(home: queries.Home) -> None:
    """Puts counts into the menu if Home has read them anyway, which it does if the path is next."""
    if home.path is not None:
        path = home.path.done
        g.menu_counts = {"onboarding.index": _("%(done)s of %(total)s", done=path.done, total=path.total)}


# -- answering an action


@bp.post("/waiting/<id:number>")
@allows(Permission.WORK)
def answer(number: int) -> Response | tuple[str, int]:
    """Saves the pressed button beside one of the reader's own actions."""
    action = plan_queries.action_of(g.membership, number) or abort(404)
    form, is_stale = QuickForm(number), False
    if form.validate_on_submit():
        try:
            made, step = quick_service.say(
                g.membership,
                action,
                form.opened_version,
                form.answer,
                form.text.data or "",
                form.due_on.data,
            )
            db.session.commit()
            said = _said(action, form.answer, with_update=bool(form.text.data))
            return _answered(repeats_labels.and_next(said, made), step)
        except FieldRefused as refused:
            db.session.rollback()
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            is_stale = True
    return _refused(QuickRefused(form, action, is_stale))


def _said(action: Action, said: QuickAnswer, *, with_update: bool) -> str:
    if said is QuickAnswer.NEW_DATE and action.due_on is not None:
        day = long_day(action.due_on)
        words = _("Action %(number)s is now due on %(day)s.", number=action.number, day=day)
    elif said is QuickAnswer.ON_TRACK:
        words = _("Action %(number)s is on track.", number=action.number)
    else:
        status = STATUS_LABELS[action.status]
        words = _("Action %(number)s: %(status)s.", number=action.number, status=status)
    # If the action is stuck, the typed text is the help that is needed. The row shows that text itself.
    if with_update and said is not QuickAnswer.STUCK:
        return f"{words} {_('Your update is saved.')}"
    return words


def _answered(said: str, step: Snapshot | None) -> Response:
    if not wants_fragment():
        notice.say(said, step)
        return redirect(url_for("home.index"), 303)
    return fragments(("home/_desk.html", _context()), notice.fragment(said, step))


def _refused(refused: QuickRefused) -> Response | tuple[str, int]:
    status = 409 if refused.is_stale else 422
    if wants_fragment():
        return fragments(("home/_desk.html", _context(refused)), status=status)
    return _page(refused), status


# -- the first evening, dismissed and shown again


@bp.post("/first-evening/end")
@allows(Permission.EDIT_SETTINGS)
@button
def end_evening() -> Response:
    g.membership.coalition.first_evening_over = True
    note_past(g.membership)
    db.session.commit()
    said = _("“Your first evening” is hidden. You can show it again from Getting Started.")
    notice.offer(said, url_for(".bring_evening_back"))
    return redirect(url_for(".index"), 303)


@bp.post("/first-evening/back")
@allows(Permission.EDIT_SETTINGS)
@button
def bring_evening_back() -> Response:
    g.membership.coalition.first_evening_over = False
    db.session.commit()
    flash(_("“Your first evening” is back."))
    return redirect(url_for(".index"), 303)
