"""Serves the e-mail addresses of some people at once, to copy and as a file: everyone, a group, a meeting, a round."""

from collections.abc import Collection

from flask import Response, abort, g, render_template, request, url_for
from flask_babel import gettext as _
from msgspec import Struct

from engage.assessment import queries as assessment
from engage.assessment.respondents import queries as respondents_queries
from engage.coalitions import queries, reach
from engage.coalitions.blueprint import bp
from engage.coalitions.groups import service as groups_service
from engage.coalitions.permissions import Permission
from engage.coalitions.words import ROLE_WORDS
from engage.frame.access import allows
from engage.meetings import queries as meetings
from engage.meetings import words as meetings_words
from engage.meetings.attendance import service as attendance_service
from engage.numbers import whole_number
from engage.partners import queries as partners_queries
from engage.web.csv_files import csv_answer


class Whom(Struct, frozen=True):
    """The people whose addresses are asked for; `ids` None means everyone.

    `url` is the page that the reader came from.
    """

    title: str
    url: str
    ids: Collection[int] | None = None


@bp.get("/people/addresses")
@allows(Permission.MANAGE_PEOPLE)
def addresses() -> str:
    whom = _whom(request.args.get("to", ""))
    people = reach.reached(g.membership, whom.ids)
    return render_template(
        "coalitions/people/addresses.html",
        whom=whom,
        emails=[each.email for each in people if each.email],
        without=[each for each in people if not each.email],
        to=request.args.get("to", ""),
    )


@bp.get("/people/addresses.csv")
@allows(Permission.MANAGE_PEOPLE)
def addresses_file() -> Response:
    """Sends the same people as a file; people without an address are in it with an empty field."""
    whom = _whom(request.args.get("to", ""))
    organizations = partners_queries.organization_names(g.membership)
    roles = {person.id: str(ROLE_WORDS[person.role]) for person in queries.people_of(g.membership)}
    rows = [
        (each.name, organizations.get(each.id, ""), roles[each.id], each.email, each.phone)
        for each in reach.reached(g.membership, whom.ids)
    ]
    return csv_answer(whom.title, [_("Name"), _("Organization"), _("Role"), _("E-mail"), _("Phone")], rows)


def _whom(asked: str) -> Whom:
    """Returns the people that `?to=group:3` means; a missing thing, or another coalition's, is not found."""
    if not asked:
        return Whom(_("People"), url_for(".people"))
    kind, _colon, key = asked.partition(":")
    number = whole_number(key)
    if kind not in _KINDS or number is None:
        abort(404)
    return _KINDS[kind](number)


def _group(number: int) -> Whom:
    group = groups_service.group_of(g.membership, number) or abort(404)
    ids = {person.id for person in groups_service.members_of(group)}
    return Whom(group.name, url_for(".group", group_id=group.id), ids)


def _meeting(number: int) -> Whom:
    meeting = meetings.meeting_of(g.membership, number) or abort(404)
    title = meetings_words.titled(meeting.title, meeting.starts_at)
    address = url_for("meetings.meeting", meeting_id=meeting.id)
    return Whom(title, address, attendance_service.invited(meeting))


def _round(number: int) -> Whom:
    """Returns the people whom an open round asks; a closed round no longer knows them."""
    round_ = assessment.round_of(g.membership, number)
    if round_ is None or not round_.is_open:
        abort(404)
    ids = {each.id for each in respondents_queries.respondents(round_) if each.is_here}
    return Whom(round_.title, url_for("assessment.respondents", round_id=round_.id), ids)


_KINDS = {"group": _group, "meeting": _meeting, "round": _round}
