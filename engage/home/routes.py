"""Serves Home: what is next, what waits, the coalition's progress; and the texts that remind others."""

from flask import abort, g, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from msgspec import Struct
from werkzeug.wrappers import Response

import engage.home.first_evening.routes
from engage import clock
from engage.checklist import queries as checklist
from engage.coalitions.permissions import Permission
from engage.coalitions.trash import notice
from engage.dates import long_day
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.frame.access import allows
from engage.home import pages, queries, words
from engage.home.blueprint import bp
from engage.home.first_evening.pages import evening_of
from engage.home.forms import QuickForm
from engage.home.quick import pages as quick_pages
from engage.home.quick import service as quick_service
from engage.home.reminders.words import reminder
from engage.kept import KeptCopy
from engage.meetings.replies import pages as replies_pages
from engage.meetings.words import titled, when
from engage.messages.announcements import queries as announcements_queries
from engage.messages.announcements.rules import HOME_MOST
from engage.plan import queries as plan_queries
from engage.plan.actions.queries import waiting as waiting_queries
from engage.plan.models import Action
from engage.plan.repeats import words as repeats_words
from engage.plan.rules import QuickAnswer
from engage.plan.words import STATUS_WORDS
from engage.toolkit import queries as toolkit
from engage.web.forms import ConfirmForm
from engage.web.htmx import fragments, wants_fragment

__all__ = ["bp", "engage"]


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    return _page()


@bp.get("/remind/<id:person_id>")
@allows(Permission.REMIND)
def remind(person_id: int) -> str:
    """Shows a text for this person, which the coordinator sends in their own way."""
    person = queries.person_of(g.membership, person_id) or abort(404)
    today = clock.today(g.coalition.time_zone)
    actions = waiting_queries.waiting_for(person, today).shown
    items, reading = checklist.items_waiting_for(person), toolkit.reading_of(person)
    ready = reminder(g.membership, person, actions, items, reading, today)
    return render_template("home/remind.html", person=person, ready=ready, form=ConfirmForm(formdata=None))


# -- the page


class Refused(Struct, frozen=True):
    """An answer that could not be saved, as it was typed."""

    form: QuickForm
    action: Action
    is_stale: bool


def _page(refused: Refused | None = None) -> str:
    return render_template("home/index.html", **_context(refused))


def _context(refused: Refused | None = None) -> dict[str, object]:
    today = clock.today(g.coalition.time_zone)
    home = queries.home_of(g.membership, today)
    _count_menu(home)
    answered = None if refused is None else waiting_queries.waiting_action(refused.action, today)
    desk = pages.desk(home, today, answered)
    return {
        "greeting": words.greeting(g.coalition, g.membership.name),
        "home": home,
        "evening": evening_of(g.membership, home.evening, leads=not home.shows_next)
        if home.evening is not None
        else None,
        "confirm": ConfirmForm(formdata=None),
        "announcements": announcements_queries.standing(g.membership, today),
        "announcements_most": HOME_MOST,
        "card": words.next_card(g.membership, home, today) if home.shows_next else None,
        "desk": desk,
        "replies": replies_pages.on_home(g.membership, home.next_meeting, clock.now()),
        "quick": _quick_forms(desk, refused),
        "is_refused": refused is not None and (bool(refused.form.errors) or refused.is_stale),
        "plan_sentence": words.plan_sentence(home.plan) if home.plan else "",
        "since": words.since_words(home, today, g.coalition.time_zone),
        "meeting_when": when(home.next_meeting.starts_at, home.next_meeting.minutes)
        if home.next_meeting
        else "",
        "minutes": [
            (titled(title, starts_at), url_for("meetings.read_minutes", meeting_id=key))
            for key, title, starts_at in home.minutes
        ],
    }


def _quick_forms(desk: pages.Desk, refused: Refused | None) -> dict[int, Markup]:
    found = quick_pages.forms_of(desk.actions())
    if refused is not None:
        action = next(each for each in desk.actions() if each.number == refused.action.number)
        found[action.number] = quick_pages.refused(refused.form, action, is_stale=refused.is_stale)
    return found


def _count_menu(home: queries.Home) -> None:
    """Sets the menu's quiet counts if Home has counted anyway, which it does while the path is next."""
    if home.path is not None:
        path, tips = home.path.done, home.path.tips
        g.menu_counts = {
            "onboarding.index": _("%(done)s of %(total)s", done=path.done, total=path.total),
            "checklist.index": _("%(done)s of %(total)s", done=tips.done, total=tips.total),
        }


# -- answering an action


@bp.post("/waiting/<id:number>")
@allows(Permission.WORK)
def answer(number: int) -> Response | tuple[str, int]:
    """Saves one press beside something that waits for me."""
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
            return _answered(repeats_words.and_next(said, made), step)
        except FieldRefused as refused:
            db.session.rollback()
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            is_stale = True
    return _refused(Refused(form, action, is_stale))


def _said(action: Action, said: QuickAnswer, *, with_update: bool) -> str:
    if said is QuickAnswer.NEW_DATE and action.due_on is not None:
        day = long_day(action.due_on)
        words = _("Action %(number)s is now due on %(day)s.", number=action.number, day=day)
    elif said is QuickAnswer.ON_TRACK:
        words = _("Action %(number)s is on track.", number=action.number)
    else:
        status = STATUS_WORDS[action.status]
        words = _("Action %(number)s: %(status)s.", number=action.number, status=status)
    # Text typed beside Stuck is the help that is needed, which the row itself shows.
    if with_update and said is not QuickAnswer.STUCK:
        return f"{words} {_('Your update is saved.')}"
    return words


def _answered(said: str, step: KeptCopy | None) -> Response:
    if not wants_fragment():
        notice.say(said, step)
        return redirect(url_for("home.index"), 303)
    return fragments(("home/_desk.html", _context()), notice.piece(said, step))


def _refused(refused: Refused) -> Response | tuple[str, int]:
    status = 409 if refused.is_stale else 422
    if wants_fragment():
        return fragments(("home/_desk.html", _context(refused)), status=status)
    return _page(refused), status
