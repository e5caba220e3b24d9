"""Builds what the pages of documents show."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from msgspec import Struct

from engage.clock import local_day
from engage.coalitions.permissions import Permission, may
from engage.dates import medium_day
from engage.documents import queries, rules, service, things, words
from engage.documents.models import Document
from engage.documents.queries import DocumentLine
from engage.documents.rules import DocumentKind, Readers, Thing
from engage.web.lists import (
    Choice,
    ListFilters,
    Option,
    Pages,
    enum_asked,
    filter_options,
    number_asked,
    page_of,
)


class Show(StrEnum):
    """The documents that a list shows, if not all of them."""

    MINE = "mine"
    OLD = "old"
    DEAD = "dead"


class DocumentFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored. `group` 0 means any."""

    show: Show | None = enum_asked(Show)
    kind: DocumentKind | None = enum_asked(DocumentKind)
    group: int = number_asked(0)


class DocumentRow(Struct, frozen=True):
    """A document as a row; `quiet` is the small text below its title, `state` is the result of the last check."""

    id: int
    title: str
    link: str
    kind: str
    quiet: str
    looked_at: str
    state: str
    state_tag: str


class DocumentsPage(Struct, frozen=True):
    rows: list[DocumentRow]
    total: int
    pages: Pages
    filters: DocumentFilters
    shows: list[Choice]
    kinds: list[Option]
    groups: list[Option]


def documents_page(filters: DocumentFilters, page: str, today: date) -> DocumentsPage:
    """Builds the list in one query."""
    lines = queries.documents(g.membership)

    def at(filters: DocumentFilters, **more: object) -> str:
        return url_for("documents.index", **{**filters.args(), **more})

    fitting = [each for each in lines if _fits(each, filters)]
    found = [each for each in fitting if _is_shown(each, filters.show, today)]
    shown, pages = page_of(found, page, lambda n: at(filters, page=n))
    groups = sorted({(each.group, each.group_id) for each in lines if each.group_id is not None})
    return DocumentsPage(
        rows=[document_row(each) for each in shown],
        total=len(lines),
        pages=pages,
        filters=filters,
        shows=_shows(fitting, filters, at, today),
        kinds=filter_options(_("All kinds"), words.KIND_WORDS.items(), filters.kind),
        groups=filter_options(_("All groups"), [(key, name) for name, key in groups], filters.group or None),
    )


def _shows(lines: Sequence[DocumentLine], filters: DocumentFilters, at: Any, today: date) -> list[Choice]:
    """Returns the row of filters, without filters that match nothing, except a chosen one."""
    labels: list[tuple[Show | None, str]] = [(None, _("All"))]
    if may(g.membership.role, Permission.WORK):
        labels += [
            (Show.MINE, _("Mine")),
            (Show.OLD, _("Not reviewed for a year")),
            (Show.DEAD, _("Broken links")),
        ]
    counted = [(each, label, sum(_is_shown(line, each, today) for line in lines)) for each, label in labels]
    return [
        Choice(label, at(filters.with_(show=each)), filters.show is each, count)
        for each, label, count in counted
        if count or each in {None, filters.show}
    ]


def _fits(line: DocumentLine, filters: DocumentFilters) -> bool:
    if filters.kind is not None and line.kind is not filters.kind:
        return False
    return not filters.group or line.group_id == filters.group


def _is_shown(line: DocumentLine, show: Show | None, today: date) -> bool:
    match show:
        case Show.MINE:
            return line.owner_id == g.membership.id
        case Show.OLD:
            return rules.is_old(line.looked_at_on, today)
        case Show.DEAD:
            return line.link_state in rules.DEAD
    return True


def document_row(line: DocumentLine) -> DocumentRow:
    names = may(g.membership.role, Permission.SEE_ALL)
    quiet = [
        line.group,
        str(words.READERS_WORDS[line.readers]) if line.readers is not Readers.EVERYONE else "",
        _("Owner: %(name)s", name=line.owner) if names and line.owner else "",
    ]
    is_told = line.link_state in rules.DEAD
    return DocumentRow(
        id=line.id,
        title=line.title,
        link=line.link,
        kind=str(words.KIND_WORDS[line.kind]),
        quiet=" · ".join(filter(None, quiet)),
        looked_at=medium_day(line.looked_at_on),
        state=str(words.STATE_WORDS[line.link_state]) if is_told and line.link_state else "",
        state_tag=words.STATE_TAGS[line.link_state] if line.link_state else "",
    )


# -- one document


class Fact(Struct, frozen=True):
    label: str
    text: str


class DocumentSheet(Struct, frozen=True):
    """A document's page; `lost_group` says that only its group could see it and that the group was deleted."""

    facts: list[Fact]
    uses: list[things.Used]
    may_edit: bool
    may_work: bool
    lost_group: bool


def sheet_of(document: Document) -> DocumentSheet:
    """Builds the page of a document that this person may see."""
    line = queries.documents(g.membership, Document.id == document.id)[0]
    sees_all = may(g.membership.role, Permission.SEE_ALL)
    facts = [
        Fact(_("Kind"), str(words.KIND_WORDS[line.kind])),
        Fact(_("Group"), line.group),
        Fact(_("Who sees it"), str(words.READERS_WORDS[line.readers])),
        Fact(_("Owner"), line.owner if sees_all else ""),
        Fact(_("Last reviewed"), medium_day(line.looked_at_on) or _("Not yet")),
        Fact(_("Link"), _checked(line)),
    ]
    return DocumentSheet(
        facts=[each for each in facts if each.text],
        uses=things.uses_of(g.membership, document.id) if sees_all else [],
        may_edit=service.may_edit(g.membership, document),
        may_work=may(g.membership.role, Permission.WORK),
        lost_group=line.readers is Readers.GROUP and line.group_id is None,
    )


def _checked(line: DocumentLine) -> str:
    if line.link_state is None or line.checked_at is None:
        return ""
    day = medium_day(local_day(line.checked_at, g.coalition.time_zone))
    return _("%(state)s, checked on %(day)s", state=words.STATE_WORDS[line.link_state], day=day)


# -- on other pages


class OfThing(Struct, frozen=True):
    """The documents of an agreement, a meeting or another thing, folded on its page."""

    rows: list[DocumentRow]
    add_url: str


def documents_of(thing: str, key: str | int) -> OfThing:
    """Reads the documents of one thing for its page; people who may not work cannot add any."""
    target: dict[str, Any] = {"for": f"{thing}:{key}"}
    adds = may(g.membership.role, Permission.WORK)
    return OfThing(
        [document_row(each) for each in queries.documents_of(g.membership, Thing(thing), key)],
        url_for("documents.new", **target) if adds else "",
    )
