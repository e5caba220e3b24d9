"""Serves the list of people who have been inactive for a while, and a text for contacting one of them."""

from flask import abort, g, render_template, request, url_for
from msgspec import Struct

from engage import clock
from engage.coalitions import bp, queries
from engage.coalitions.inactive_rules import LastSign, Sign
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.ready_texts import ReadyText, ready_text
from engage.coalitions.rules import PersonState, first_name
from engage.dates import medium_day
from engage.directory.people.queries import InactivePerson, inactive_people
from engage.i18n import gettext as _
from engage.web.lists import page_of


class InactiveRow(Struct, frozen=True):
    id: int
    name: str
    organization: str
    last: str


def inactive_page() -> str:
    """Shows the people's page with `?quiet=yes`, for coordinators."""
    people = inactive_people(g.membership, clock.today(g.coalition.time_zone))
    shown, pages = page_of(
        people, request.args.get("page", ""), lambda n: url_for(".people", quiet="yes", page=n)
    )
    return render_template(
        "directory/people/inactive.html",
        rows=[_row(each) for each in shown],
        found=len(people),
        days=g.coalition.quiet_days,
        pages=pages,
    )


@bp.get("/people/<id:person_id>/reach-out")
@allows(Permission.REMIND)
def reach_out(person_id: int) -> str:
    """Shows a ready text, which the coordinator adapts and sends in their own way."""
    person = queries.person_of(g.membership, person_id)
    if person is None or person.state is not PersonState.ACTIVE:
        abort(404)
    return render_template("directory/people/reach_out.html", person=person, ready=_text(person))


def _row(person: InactivePerson) -> InactiveRow:
    return InactiveRow(person.id, person.name, person.organization, _last(person))


def _last(person: InactivePerson) -> str:
    if person.last is None:
        day = medium_day(person.joined_on)
        return _("Member since %(day)s; nothing recorded yet", day=day)
    return sign_words(person.last)


def sign_words(sign: LastSign) -> str:
    day = medium_day(sign.on)
    return {
        Sign.MEETING: _("Came to a meeting on %(day)s", day=day),
        Sign.CONVERSATION: _("Talked with an organization on %(day)s", day=day),
        Sign.UPDATE: _("Wrote an update on %(day)s", day=day),
        Sign.ACTION: _("Closed an action on %(day)s", day=day),
        Sign.TICK: _("Updated a tip on %(day)s", day=day),
    }[sign.kind]


def _text(person: Membership) -> ReadyText:
    parts = [
        _("Hello %(name)s,", name=first_name(person.name)),
        _(
            "It's been a while since we saw each other in %(coalition)s, and I thought of you. How are you?",
            coalition=g.coalition.name,
        ),
        _(
            "Is there something that would make it easier to take part: another time, a smaller task, a call "
            "instead of a meeting? And if someone else should take over your tasks for now, I'll arrange it."
        ),
        _("If this isn't a good time, that's fine, too. We're grateful for everything you have done."),
        g.membership.name,
    ]
    return ready_text("\n\n".join(parts), _("Thinking of you"), person)
