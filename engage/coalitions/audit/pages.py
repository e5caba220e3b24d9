"""Builds the page of the audit log and its file, with the text of each entry."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from msgspec import Struct

from engage.coalitions.audit import service
from engage.coalitions.audit.labels import EVENT_LABELS, GROUP_LABELS, THING_LABELS, details
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import AuditEvent, AuditFilters, AuditGroup
from engage.coalitions.models import Membership
from engage.i18n import gettext as _
from engage.web import csv_files
from engage.web.csv_files import Column, Table
from engage.web.lists import Option, Pages, filter_options, pages_of

ROWS_MOST = 200
# The page that an entry links to, by the table of the row that it is about.
_PAGES = {
    "coalitions_membership": ("coalitions.person", "person_id"),
    "assessment_round": ("assessment.show_round", "round_id"),
    "strengths_vote": ("strengths.vote", "vote_id"),
}
# The page does not show the ids of these rows, because they could reveal which notes are by the same person.
_WITHOUT_NUMBER = {"assessment_answer"}


class AuditLine(Struct, frozen=True):
    """An entry as text. `about` is the person or the kind of thing it is about, never a row's id."""

    happened_at: datetime
    who: str
    event: str
    about: str
    url: str | None
    details: str


class AuditPage(Struct, frozen=True):
    filters: AuditFilters
    kinds: Sequence[Option]
    people: Sequence[Option]
    found: int
    lines: Sequence[AuditLine]
    pages: Pages


def page_of(membership: Membership, filters: AuditFilters, asked: str) -> AuditPage:
    """Builds the page in three queries, however many entries it shows."""
    found = service.count_of(membership, filters)

    def page_url(number: int) -> str:
        return url_for("coalitions.audit_log", **{**filters.args(), "page": number})

    pages = pages_of(found, asked, page_url, ROWS_MOST)
    people = service.people_of(membership)
    entries = service.entries_of(membership, filters, ROWS_MOST, (pages.page - 1) * ROWS_MOST)
    kinds = ((each, GROUP_LABELS[each]) for each in AuditGroup)
    return AuditPage(
        filters=filters,
        kinds=filter_options(_("Everything"), kinds, filters.group),
        people=filter_options(_("Everyone"), people.items(), filters.person),
        found=found,
        lines=list(_lines(entries, people)),
        pages=pages,
    )


def _lines(entries: Iterable[AuditEntry], people: Mapping[int, str]) -> Iterator[AuditLine]:
    for each in entries:
        about, url = _about(each, people)
        words = details(each.event, each.thing, each.what, each.old, each.new, each.number)
        if each.event is AuditEvent.HANDED_OVER:  # `number` is the id of the membership that took over
            words = _("To %(name)s", name=_name(each.number, people))
        yield AuditLine(
            each.happened_at, _who(each, people), str(EVENT_LABELS[each.event]), about, url, words
        )


def _who(entry: AuditEntry, people: Mapping[int, str]) -> str:
    return _("The person who runs this site") if entry.actor_id is None else _name(entry.actor_id, people)


def _name(key: int | None, people: Mapping[int, str]) -> str:
    return people.get(key or 0, _("Former member"))


def _about(entry: AuditEntry, people: Mapping[int, str]) -> tuple[str, str | None]:
    """Returns what the entry is about, with its page; empty for the coalition itself or the actor."""
    person = entry.thing == Membership.__tablename__
    if entry.thing_id is None or entry.thing == "coalitions_coalition":
        return "", None
    if person and entry.thing_id == entry.actor_id:
        return "", None
    view, name = _PAGES.get(entry.thing, ("", ""))
    values: dict[str, Any] = {name: entry.thing_id}
    url = url_for(view, **values) if view else None
    return _name(entry.thing_id, people) if person else str(THING_LABELS.get(entry.thing, "")), url


def table(membership: Membership, filters: AuditFilters) -> Table:
    """Returns the heading and rows for a spreadsheet, with times in the coalition's time zone in a form that sorts."""
    zone = ZoneInfo(membership.coalition.time_zone)
    columns: list[Column[tuple[AuditEntry, AuditLine]]] = [
        (_("When"), lambda each: each[1].happened_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")),
        (_("Who"), lambda each: each[1].who),
        (_("What"), lambda each: each[1].event),
        (_("About"), lambda each: each[1].about),
        (_("Details"), lambda each: each[1].details),
        ("event", lambda each: each[0].event.value),
        ("thing", lambda each: each[0].thing),
        ("thing_id", lambda each: None if each[0].thing in _WITHOUT_NUMBER else each[0].thing_id),
    ]
    entries = service.entries_of(membership, filters)
    return csv_files.table(columns, zip(entries, _lines(entries, service.people_of(membership)), strict=True))
