"""Packs the handover as a zip: the page as PDF, every table as CSV, and a note that explains the files."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO

from flask_babel import format_date, format_time
from flask_babel import gettext as _

from engage.clock import local_day
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.words import ROLE_WORDS
from engage.meetings.decisions.pages import owner_words
from engage.meetings.moments import local_time
from engage.meetings.words import KIND_WORDS
from engage.partners.agreements import files as agreements_files
from engage.partners.imports import file as imports_file
from engage.partners.imports.service import organizations_here
from engage.partners.imports.target import target
from engage.partners.words import PLACE_WORDS, commit_words
from engage.plan.exports import table as exports_table
from engage.plan.exports.queries import whole_of
from engage.reports.handover.queries import Pack
from engage.web.csv_files import Field, csv_text

ZIP = "application/zip"
PAGE = "handover.pdf"
README = "README.txt"

Table = tuple[Sequence[str], Iterable[Sequence[Field]]]


def tables(membership: Membership, pack: Pack) -> dict[str, Table]:
    """Returns each file's table by name. Other exports write the same files, so they can be imported again."""
    found: dict[str, Table] = {}
    if pack.plan is not None:
        found["actions.csv"] = (exports_table.HEAD, exports_table.rows_of(whole_of(pack.plan)))
    found["partners.csv"] = imports_file.table(target(), organizations_here(membership))
    found["contacts.csv"] = _contacts(pack)
    found["agreements.csv"] = agreements_files.table(pack.agreements)
    found["decisions.csv"] = _decisions(pack)
    found["meetings.csv"] = _meetings(pack, membership.coalition.time_zone)
    found["people.csv"] = _people(pack)
    return found


def _contacts(pack: Pack) -> Table:
    places = {place: str(said) for place, said in PLACE_WORDS.items()}
    head = [
        _("Organization"),
        _("Contact"),
        _("Name"),
        _("Job"),
        _("Phone"),
        _("E-mail"),
        _("May commit the organization"),
    ]
    rows = [
        (
            each.organization,
            places[each.contact.place],
            each.contact.name,
            each.contact.job,
            each.contact.phone,
            each.contact.email,
            commit_words(each.contact.may_commit),
        )
        for each in pack.contacts
    ]
    return head, rows


def _decisions(pack: Pack) -> Table:
    head = [
        _("Number"),
        _("Decision"),
        _("Decided on"),
        _("Meeting"),
        _("Agenda item"),
        _("Person responsible"),
        _("Review on"),
    ]
    rows = [
        (each.number, each.text, each.decided_on, each.meeting, each.item, owner_words(each), each.review_on)
        for each in pack.decisions
    ]
    return head, rows


def _meetings(pack: Pack, time_zone: str) -> Table:
    kinds = {kind: str(said) for kind, said in KIND_WORDS.items()}
    yes, no = _("yes"), _("no")
    head = [
        _("Day"),
        _("Time"),
        _("Minutes"),
        _("Title"),
        _("Kind"),
        _("Group"),
        _("Place"),
        _("Agenda items"),
        _("People present"),
        _("Decisions"),
        _("Closed"),
    ]
    rows = [
        (
            local_day(each.starts_at, time_zone),
            local_time(each.starts_at, time_zone).isoformat("minutes"),
            each.minutes,
            each.title,
            kinds[each.kind],
            each.group,
            each.place,
            each.items,
            each.here,
            each.decisions,
            yes if each.closed_at is not None else no,
        )
        for each in pack.meetings
    ]
    return head, rows


def _people(pack: Pack) -> Table:
    roles = {role: str(said) for role, said in ROLE_WORDS.items()}
    head = [_("Name"), _("Role"), _("Positions"), _("Organization"), _("Groups"), _("E-mail"), _("Phone")]
    rows = [
        (
            each.name,
            roles[each.role],
            "; ".join(each.positions),
            each.organization,
            "; ".join(each.groups),
            each.email,
            each.phone,
        )
        for each in pack.people
    ]
    return head, rows


def readme(coalition: Coalition, note: str, names: Sequence[str], made_at: datetime) -> str:
    """Explains in plain words the files that are there."""
    about = {
        PAGE: _(
            "The page to read and print: what is open, what was promised, who to call, what is coming up."
        ),
        "actions.csv": _("The whole plan: goals, objectives and actions. Engage can import it again."),
        "partners.csv": _("Every organization with what we know about it. Engage can import it again."),
        "contacts.csv": _("The people at these organizations, and how to reach them."),
        "agreements.csv": _("Agreements with what each side promised, and until when."),
        "decisions.csv": _("What meetings decided, who is responsible, and when to review it."),
        "meetings.csv": _("All meetings, past and upcoming."),
        "people.csv": _("Members now, their roles, and how to reach them."),
    }
    lines = [
        _("Handover pack of %(coalition)s", coalition=coalition.name),
        _(
            "Made on %(day)s at %(time)s",
            day=format_date(made_at, "long"),
            time=format_time(made_at, "short"),
        ),
        "",
        *(f"{name}: {about[name]}" for name in names if name in about),
        "",
    ]
    if note:
        lines += [_("To change:"), *note.splitlines(), ""]
    if PAGE not in names:
        lines += [_("The page could not be made into a PDF this time. Print it from Engage instead."), ""]
    lines += [
        _(
            "The tables open in any spreadsheet program. Text that the program would run as a "
            "formula begins with an apostrophe."
        ),
        "",
        _(
            "These files contain people's names, phone numbers and addresses. Give them only to the next "
            "coordinator, and delete them once they are no longer needed. They contain nothing about any case, and "
            "should not."
        ),
        "",
    ]
    return "\r\n".join(str(line) for line in lines)


def zipped(files: Mapping[str, str | bytes], made_at: datetime) -> bytes:
    """Returns the zip, made in memory, since it has a few megabytes at most."""
    body = BytesIO()
    when = max(made_at.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return body.getvalue()


def csv_files(found: Mapping[str, Table]) -> dict[str, str]:
    return {name: csv_text(head, rows) for name, (head, rows) in found.items()}
