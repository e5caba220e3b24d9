"""Packs the handover as a zip: the page as PDF, every table as CSV, and a note that explains the files."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO

from engage.clock import local_day
from engage.coalitions.labels import ROLE_LABELS
from engage.coalitions.models import Coalition, Membership
from engage.i18n import format_date, format_time
from engage.i18n import gettext as _
from engage.meetings.decisions.service import DecisionLine
from engage.meetings.labels import KIND_LABELS
from engage.meetings.moments import local_time
from engage.meetings.queries import MeetingLine
from engage.partners.agreements import files as agreements_files
from engage.partners.contacts.service import ContactOf
from engage.partners.exports import table as partners_table
from engage.partners.exports.queries import organizations_here
from engage.partners.imports.target import target
from engage.partners.labels import PLACE_LABELS, commit_words
from engage.plan.exports import table as exports_table
from engage.plan.exports.queries import whole_of
from engage.reports.handover.queries import HandoverPerson, Pack
from engage.web.csv_files import Column, Table, csv_text, table

ZIP = "application/zip"
PAGE = "handover.pdf"
README = "README.txt"


def tables(membership: Membership, pack: Pack) -> dict[str, Table]:
    """Returns each file's table by name. Other exports write the same files, so they can be imported again."""
    found: dict[str, Table] = {}
    if pack.plan is not None:
        found["actions.csv"] = ([*exports_table.HEAD], exports_table.rows_of(whole_of(pack.plan)))
    found["partners.csv"] = partners_table.table(target(), organizations_here(membership))
    found["contacts.csv"] = _contacts(pack)
    found["agreements.csv"] = agreements_files.table(pack.agreements)
    found["decisions.csv"] = _decisions(pack)
    found["meetings.csv"] = _meetings(pack, membership.coalition.time_zone)
    found["people.csv"] = _people(pack)
    return found


def _contacts(pack: Pack) -> Table:
    columns: list[Column[ContactOf]] = [
        (_("Organization"), lambda each: each.organization),
        (_("Contact"), lambda each: str(PLACE_LABELS[each.contact.place])),
        (_("Name"), lambda each: each.contact.name),
        (_("Job"), lambda each: each.contact.job),
        (_("Phone"), lambda each: each.contact.phone),
        (_("E-mail"), lambda each: each.contact.email),
        (_("May commit the organization"), lambda each: commit_words(each.contact.may_commit)),
    ]
    return table(columns, pack.contacts)


def _decisions(pack: Pack) -> Table:
    columns: list[Column[DecisionLine]] = [
        (_("Number"), lambda each: each.number),
        (_("Decision"), lambda each: each.text),
        (_("Decided on"), lambda each: each.decided_on),
        (_("Meeting"), lambda each: each.meeting),
        (_("Agenda item"), lambda each: each.item),
        (_("Person responsible"), lambda each: each.owner_words),
        (_("Review on"), lambda each: each.review_on),
    ]
    return table(columns, pack.decisions)


def _meetings(pack: Pack, time_zone: str) -> Table:
    yes, no = _("yes"), _("no")
    columns: list[Column[MeetingLine]] = [
        (_("Day"), lambda each: local_day(each.starts_at, time_zone)),
        (_("Time"), lambda each: local_time(each.starts_at, time_zone).isoformat("minutes")),
        (_("Minutes"), lambda each: each.minutes),
        (_("Title"), lambda each: each.title),
        (_("Kind"), lambda each: str(KIND_LABELS[each.kind])),
        (_("Group"), lambda each: each.group),
        (_("Place"), lambda each: each.place),
        (_("Agenda items"), lambda each: each.items),
        (_("People present"), lambda each: each.here),
        (_("Decisions"), lambda each: each.decisions),
        (_("Closed"), lambda each: yes if each.closed_at is not None else no),
    ]
    return table(columns, pack.meetings)


def _people(pack: Pack) -> Table:
    columns: list[Column[HandoverPerson]] = [
        (_("Name"), lambda each: each.name),
        (_("Role"), lambda each: str(ROLE_LABELS[each.role])),
        (_("Positions"), lambda each: "; ".join(each.positions)),
        (_("Organization"), lambda each: each.organization),
        (_("Groups"), lambda each: "; ".join(each.groups)),
        (_("E-mail"), lambda each: each.email),
        (_("Phone"), lambda each: each.phone),
    ]
    return table(columns, pack.people)


def readme(coalition: Coalition, note: str, names: Sequence[str], made_at: datetime) -> str:
    """Returns a text that explains in plain words which files are in the zip."""
    about = {
        PAGE: _(
            "The page to read and print: what is open, what was promised, who to call, what is coming up."
        ),
        "actions.csv": _("The whole plan: goals, objectives, and actions. Engage can import it again."),
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
            "These files contain people's names, phone numbers, and addresses. Give them only to the next "
            "coordinator, and delete them once they are no longer needed. They contain nothing about any case, and "
            "should not."
        ),
        "",
    ]
    return "\r\n".join(str(line) for line in lines)


def zipped(files: Mapping[str, str | bytes], made_at: datetime) -> bytes:
    """Returns the zip, made in memory, since it has only a few megabytes."""
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
