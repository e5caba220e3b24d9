"""Builds the page of the audit log and its file: each line with its words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from engage.coalitions.audit import service
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import AuditEvent, AuditFilters, AuditGroup
from engage.coalitions.audit.words import EVENT_WORDS, GROUP_WORDS, THING_WORDS, details
from engage.coalitions.models import Membership
from engage.web.csv_files import Field
from engage.web.lists import Option, Pages, filter_options, pages_of

ROWS_MOST = 200
# A line links to these, by the table of what it is about.
_PAGES = {
    "coalitions_membership": ("coalitions.person", "person_id"),
    "assessment_round": ("assessment.show_round", "round_id"),
    "strengths_vote": ("strengths.vote", "vote_id"),
}
# The page does not show the numbers of these rows, because they could show which notes came from one person.
_WITHOUT_NUMBER = {"assessment_answer"}


class AuditLine(Struct, frozen=True):
    """One entry in words. `about` is the person or the kind of thing it is about, never a row's id."""

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
    """Builds the page in three queries, however many entries it holds."""
    found = service.count_of(membership, filters)

    def page_url(number: int) -> str:
        return url_for("coalitions.audit_log", **{**filters.args(), "page": number})

    pages = pages_of(found, asked, page_url, ROWS_MOST)
    people = service.people_of(membership)
    entries = service.entries_of(membership, filters, ROWS_MOST, (pages.page - 1) * ROWS_MOST)
    kinds = ((each, GROUP_WORDS[each]) for each in AuditGroup)
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
        if each.event is AuditEvent.HANDED_OVER:  # its number is that of the membership that took over
            words = _("To %(name)s", name=_name(each.number, people))
        yield AuditLine(each.happened_at, _who(each, people), str(EVENT_WORDS[each.event]), about, url, words)


def _who(entry: AuditEntry, people: Mapping[int, str]) -> str:
    return _("The person who runs this site") if entry.actor_id is None else _name(entry.actor_id, people)


def _name(key: int | None, people: Mapping[int, str]) -> str:
    return people.get(key or 0, _("Former member"))


def _about(entry: AuditEntry, people: Mapping[int, str]) -> tuple[str, str | None]:
    """Returns what the entry is about, and its page; empty if that is the coalition itself or the actor."""
    person = entry.thing == Membership.__tablename__
    if entry.thing_id is None or entry.thing == "coalitions_coalition":
        return "", None
    if person and entry.thing_id == entry.actor_id:
        return "", None
    view, name = _PAGES.get(entry.thing, ("", ""))
    values: dict[str, Any] = {name: entry.thing_id}
    url = url_for(view, **values) if view else None
    return _name(entry.thing_id, people) if person else str(THING_WORDS.get(entry.thing, "")), url


def table(membership: Membership, filters: AuditFilters) -> tuple[list[str], Iterator[list[Field]]]:
    """Returns the heading and rows for a spreadsheet, with moments in the coalition's time zone that it can sort."""
    zone = ZoneInfo(membership.coalition.time_zone)
    head = [_("When"), _("Who"), _("What"), _("About"), _("Details"), "event", "thing", "thing_id"]
    entries = service.entries_of(membership, filters)
    lines = _lines(entries, service.people_of(membership))
    rows: Iterator[list[Field]] = (
        [
            line.happened_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
            line.who,
            line.event,
            line.about,
            line.details,
            entry.event.value,
            entry.thing,
            None if entry.thing in _WITHOUT_NUMBER else entry.thing_id,
        ]
        for entry, line in zip(entries, lines, strict=True)
    )
    return head, rows
