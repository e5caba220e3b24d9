"""Home: what is next, what waits, where the coalition stands; and the texts that remind others."""

from datetime import date

from flask import abort, g, render_template, request, url_for
from flask_babel import gettext as _

from engage import clock
from engage.access import allows, coalition_blueprint
from engage.checklist import queries as checklist
from engage.coalitions.permissions import Permission
from engage.home import queries, rows, rules, words
from engage.home.forms import SinceForm
from engage.home.reminders import reminder
from engage.meetings.words import titled, when
from engage.plan import queries as plan
from engage.toolkit import queries as toolkit

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
    """A ready text for this person, which the coordinator sends in their own way."""
    person = queries.person_of(g.membership, person_id) or abort(404)
    today = clock.today(g.coalition.time_zone)
    actions = plan.waiting_for(person, today).shown
    items, reading = checklist.items_waiting_for(person), toolkit.reading_of(person)
    ready = reminder(g.membership, person, actions, items, reading, today)
    return render_template("home/remind.html", person=person, ready=ready)


def _page(form: SinceForm, today: date, since: date) -> str:
    home = queries.home_of(g.membership, today, rules.start_of(since, g.coalition.time_zone))
    _count_menu(home)
    return render_template(
        "home/index.html",
        greeting=words.greeting(g.coalition, g.membership.name),
        home=home,
        card=words.next_card(g.membership, home, today),
        waiting=rows.waiting_rows(home, today),
        others=rows.others_rows(home, today),
        agreements=rows.agreement_rows(home, today),
        seats=rows.seat_rows(home, today),
        plan_sentence=words.plan_sentence(home.plan) if home.plan else "",
        moved=words.moved_lines(home),
        meeting_when=when(home.next_meeting.starts_at, home.next_meeting.minutes)
        if home.next_meeting
        else "",
        minutes=[
            (titled(title, starts_at), url_for("meetings.read_minutes", meeting_id=key))
            for key, title, starts_at in home.minutes
        ],
        since=since,
        form=form,
    )


def _count_menu(home: queries.Home) -> None:
    """The menu's quiet counts, here only, where they are counted anyway."""
    path, tips = home.path.done, home.tips
    g.menu_counts = {
        "onboarding.index": _("%(done)s of %(total)s", done=path.done, total=path.total),
        "checklist.index": _("%(done)s of %(total)s", done=tips.done, total=tips.total),
    }
