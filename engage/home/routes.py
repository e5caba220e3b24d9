"""Serves home: what is next, what waits, where the coalition stands; and the texts that remind others."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engage import clock
from engage.checklist import queries as checklist
from engage.coalitions.permissions import Permission
from engage.coalitions.trash import notice
from engage.dates import long_day
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.frame.access import allows
from engage.home import pages, queries, rules, words
from engage.home.forms import QuickForm, SinceForm
from engage.home.pages import Rows
from engage.home.quick import pages as quick_pages
from engage.home.reminders.words import reminder
from engage.kept import KeptCopy
from engage.meetings.words import titled, when
from engage.plan import queries as plan_queries
from engage.plan.actions.queries import waiting as waiting_queries
from engage.plan.models import Action
from engage.plan.repeats import words as repeats_words
from engage.plan.rules import QuickAnswer
from engage.plan.words import STATUS_WORDS
from engage.toolkit import queries as toolkit
from engage.web.blueprints import coalition_blueprint
from engage.web.htmx import fragments, page_args, wants_fragment

bp = coalition_blueprint("home", __name__, "")


@bp.get("/")
@allows(Permission.SEE)
def index() -> str | tuple[str, int]:
    today = clock.today(g.coalition.time_zone)
    form = SinceForm(request.args if "since" in request.args else None)
    refused = "since" in request.args and not form.validate()
    since = rules.default_since(today) if refused or form.since.data is None else form.since.data
    if not refused:
        form.since.data = since
    page = _page(form, today, since)
    return (page, 422) if refused else page


@bp.get("/remind/<id:person_id>")
@allows(Permission.REMIND)
def remind(person_id: int) -> str:
    """Shows a text for this person, which the coordinator sends in their own way."""
    person = queries.person_of(g.membership, person_id) or abort(404)
    today = clock.today(g.coalition.time_zone)
    actions = waiting_queries.waiting_for(person, today).shown
    items, reading = checklist.items_waiting_for(person), toolkit.reading_of(person)
    ready = reminder(g.membership, person, actions, items, reading, today)
    return render_template("home/remind.html", person=person, ready=ready)


# -- the page


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that could not be saved, as it was typed."""

    form: QuickForm
    action: Action
    is_stale: bool


def _page(form: SinceForm, today: date, since: date, refused: Refused | None = None) -> str:
    home, context = _context(form, today, since, refused)
    _count_menu(home)
    return render_template("home/index.html", **context, oob=False)


def _context(
    form: SinceForm, today: date, since: date, refused: Refused | None = None
) -> tuple[queries.Home, dict[str, Any]]:
    home = queries.home_of(g.membership, today, rules.start_of(since, g.coalition.time_zone))
    waiting = pages.waiting_rows(home, today)
    if refused is not None:
        waiting = pages.with_action(waiting, waiting_queries.waiting_action(refused.action, today), today)
    return home, {
        "greeting": words.greeting(g.coalition, g.membership.name),
        "home": home,
        "card": words.next_card(g.membership, home, today),
        "waiting": waiting,
        "quick": _quick_forms(waiting, refused),
        "is_refused": refused is not None and (bool(refused.form.errors) or refused.is_stale),
        "others": pages.others_rows(home, today),
        "agreements": pages.agreement_rows(home, today),
        "seats": pages.seat_rows(home, today),
        "plan_sentence": words.plan_sentence(home.plan) if home.plan else "",
        "moved": words.moved_lines(home),
        "meeting_when": when(home.next_meeting.starts_at, home.next_meeting.minutes)
        if home.next_meeting
        else "",
        "minutes": [
            (titled(title, starts_at), url_for("meetings.read_minutes", meeting_id=key))
            for key, title, starts_at in home.minutes
        ],
        "since": since,
        "form": form,
    }


def _quick_forms(waiting: Rows, refused: Refused | None) -> dict[int, Markup]:
    found = quick_pages.forms_of(waiting)
    if refused is not None:
        number = refused.action.number
        row = next(row for row in waiting.shown if row.action is not None and row.action.number == number)
        found[number] = quick_pages.refused(refused.form, row, is_stale=refused.is_stale)
    return found


def _count_menu(home: queries.Home) -> None:
    """Sets the menu's quiet counts, here only, where they are counted anyway."""
    path, tips = home.path.done, home.tips
    g.menu_counts = {
        "onboarding.index": _("%(done)s of %(total)s", done=path.done, total=path.total),
        "checklist.index": _("%(done)s of %(total)s", done=tips.done, total=tips.total),
    }


# -- saying how an action goes


@bp.post("/waiting/<id:number>")
@allows(Permission.WORK)
def answer(number: int) -> Response | tuple[str, int]:
    """Saves one press beside what waits for me."""
    action = plan_queries.action_of(g.membership, number) or abort(404)
    form, is_stale = QuickForm(number), False
    if form.validate_on_submit():
        try:
            made, step = quick_pages.say(
                g.membership,
                action,
                form.opened_version,
                form.answer,
                form.text.data or "",
                form.due_on.data,
            )
            db.session.commit()
            return _answered(repeats_words.and_next(_said(action, form.answer), made), step)
        except FieldRefused as refused:
            db.session.rollback()
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            is_stale = True
    return _refused(Refused(form, action, is_stale))


def _said(action: Action, said: QuickAnswer) -> str:
    if said is QuickAnswer.NEW_DATE and action.due_on is not None:
        day = long_day(action.due_on)
        return _("Action %(number)s is due on %(day)s now.", number=action.number, day=day)
    status = STATUS_WORDS[action.status]
    return _("Action %(number)s: %(status)s.", number=action.number, status=status)


def _since() -> tuple[SinceForm, date, date]:
    """Returns the form, today, and the day since when the page in the browser counts."""
    today = clock.today(g.coalition.time_zone)
    form = SinceForm(MultiDict(page_args()))
    if not form.validate() or form.since.data is None:
        form = SinceForm(None)
        form.since.data = rules.default_since(today)
    return form, today, form.since.data


def _answered(said: str, step: KeptCopy | None) -> Response:
    if not wants_fragment():
        notice.say(said, step)
        return redirect(url_for("home.index", _anchor="home-waiting"), 303)
    _home, context = _context(*_since())
    pieces = ("home/_waiting.html", "home/_next.html", "home/_plan.html", "home/_moved.html")
    return fragments(*((name, context) for name in pieces), notice.piece(said, step))


def _refused(refused: Refused) -> Response | tuple[str, int]:
    status = 409 if refused.is_stale else 422
    if wants_fragment():
        _home, context = _context(*_since(), refused)
        return fragments(("home/_waiting.html", context), status=status)
    return _page(*_since(), refused), status
