"""Serves the e-mail addresses of everyone, a group, a meeting or a round: to copy, as CSV and as vCards."""

from collections.abc import Collection

from flask import Response, abort, g, render_template, request, url_for
from msgspec import Struct

from engage.assessment import queries as assessment
from engage.assessment.respondents import queries as respondents_queries
from engage.coalitions import bp, queries, reach
from engage.coalitions.labels import ROLE_LABELS
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import group_of
from engage.content import loader
from engage.directory.groups import queries as groups_queries
from engage.directory.imports.target import columns_of, target
from engage.directory.people import vcards
from engage.i18n import gettext as _
from engage.imports.cells import in_one_cell
from engage.imports.vcards import Contact
from engage.meetings import labels as meetings_labels
from engage.meetings import queries as meetings
from engage.meetings.attendance import service as attendance_service
from engage.numbers import whole_number
from engage.partners import queries as partners_queries
from engage.web.csv_files import csv_answer, download, file_name


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
        "directory/people/addresses.html",
        whom=whom,
        emails=[each.email for each in people if each.email],
        without=[each for each in people if not each.email],
        to=request.args.get("to", ""),
    )


@bp.get("/people/addresses.csv")
@allows(Permission.MANAGE_PEOPLE)
def addresses_file() -> Response:
    """Sends the chosen people as a table in the form in which people are brought in, with their roles.

    People without an address are in it with an empty field.
    """
    whom = _whom(request.args.get("to", ""))
    roles = {person.id: str(ROLE_LABELS[person.role]) for person in queries.people_of(g.membership)}
    rows = [[*columns_of(card), roles[key]] for key, card in _cards(whom).items()]
    return csv_answer(whom.title, [*(each.label for each in target().fields), _("Role")], rows)


@bp.get("/people/addresses.vcf")
@allows(Permission.MANAGE_PEOPLE)
def addresses_cards() -> Response:
    """Sends the chosen people as cards for an address book."""
    whom = _whom(request.args.get("to", ""))
    return download(
        vcards.text_of(_cards(whom).values()), "text/vcard; charset=utf-8", file_name(whom.title, "vcf")
    )


def _cards(whom: Whom) -> dict[int, Contact]:
    """Returns what the reader may see of each person, by id."""
    content = loader.content()
    organizations = partners_queries.organization_names(g.membership)
    sectors = partners_queries.sectors_by_person(g.membership)
    disciplines = queries.disciplines_by_person(g.membership)
    return {
        each.id: Contact(
            each.name,
            [each.email] if each.email else [],
            [each.phone] if each.phone else [],
            organizations.get(each.id, ""),
            content.sector(sectors[each.id]).name if each.id in sectors else "",
            in_one_cell((content.discipline(key).name for key in disciplines.get(each.id, ())), ";|"),
        )
        for each in reach.reached(g.membership, whom.ids)
    }


def _whom(asked: str) -> Whom:
    """Returns the people that `?to=group:3` means; 404 for a missing thing or another coalition's."""
    if not asked:
        return Whom(_("People"), url_for(".people"))
    kind, _colon, key = asked.partition(":")
    number = whole_number(key)
    if kind not in _KINDS or number is None:
        abort(404)
    return _KINDS[kind](number)


def _group(number: int) -> Whom:
    group = group_of(g.membership, number) or abort(404)
    ids = {person.id for person in groups_queries.members_of(group)}
    return Whom(group.name, url_for(".group", group_id=group.id), ids)


def _meeting(number: int) -> Whom:
    meeting = meetings.meeting_of(g.membership, number) or abort(404)
    title = meetings_labels.titled(meeting.title, meeting.starts_at)
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
