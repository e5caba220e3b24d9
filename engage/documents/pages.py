"""Builds what the pages of documents show."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from flask import g, url_for
from msgspec import Struct

from engage.clock import local_day
from engage.coalitions.permissions import Permission, may
from engage.dates import medium_day
from engage.documents import labels, queries, rules, service, targets
from engage.documents.models import Document
from engage.documents.queries import DocumentLine
from engage.documents.rules import DocumentKind, Readers, TargetKind
from engage.i18n import gettext as _
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


class DocumentShow(StrEnum):
    """The ways to limit the list: the reader's own documents, old ones, or those whose link does not work."""

    MINE = "mine"
    OLD = "old"
    DEAD = "dead"


class DocumentFilters(ListFilters, frozen=True):
    """The filters in the query string; invalid values are ignored. `group` 0 means any."""

    show: DocumentShow | None = enum_asked(DocumentShow)
    kind: DocumentKind | None = enum_asked(DocumentKind)
    group: int = number_asked(0)


class DocumentsPage(Struct, frozen=True):
    rows: Sequence[DocumentLine]
    total: int
    pages: Pages
    filters: DocumentFilters
    shows: list[Choice]
    kinds: list[Option]
    groups: list[Option]


def documents_page(filters: DocumentFilters, page: str, today: date) -> DocumentsPage:
    """Builds the list of documents in one query."""
    lines = queries.documents(g.membership)

    def at(filters: DocumentFilters, **more: object) -> str:
        return url_for("documents.index", **{**filters.args(), **more})

    fitting = [each for each in lines if _fits(each, filters)]
    found = [each for each in fitting if _is_shown(each, filters.show, today)]
    shown, pages = page_of(found, page, lambda n: at(filters, page=n))
    groups = sorted({(each.group, each.group_id) for each in lines if each.group_id is not None})
    return DocumentsPage(
        rows=shown,
        total=len(lines),
        pages=pages,
        filters=filters,
        shows=_shows(fitting, filters, at, today),
        kinds=filter_options(_("All kinds"), labels.KIND_LABELS.items(), filters.kind),
        groups=filter_options(_("All groups"), [(key, name) for name, key in groups], filters.group or None),
    )


def _shows(lines: Sequence[DocumentLine], filters: DocumentFilters, at: Any, today: date) -> list[Choice]:
    """Returns the row of filters, without those that would show nothing, unless one is chosen."""
    labels: list[tuple[DocumentShow | None, str]] = [(None, _("All"))]
    if may(g.membership.role, Permission.WORK):
        labels += [
            (DocumentShow.MINE, _("Mine")),
            (DocumentShow.OLD, _("Not reviewed for a year")),
            (DocumentShow.DEAD, _("Broken links")),
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


def _is_shown(line: DocumentLine, show: DocumentShow | None, today: date) -> bool:
    match show:
        case DocumentShow.MINE:
            return line.owner_id == g.membership.id
        case DocumentShow.OLD:
            return rules.is_old(line.looked_at_on, today)
        case DocumentShow.DEAD:
            return line.is_dead
    return True


# -- one document


class DocumentSheet(Struct, frozen=True):
    """A document's page, with facts as (label, text).

    `lost_group` says that only one group could see it, and that group was deleted.
    """

    facts: list[tuple[str, str]]
    uses: list[targets.Used]
    may_edit: bool
    may_work: bool
    lost_group: bool


def sheet_of(document: Document) -> DocumentSheet:
    """Builds the page of a document that this person may see."""
    line = queries.documents(g.membership, Document.id == document.id)[0]
    sees_all = may(g.membership.role, Permission.SEE_ALL)
    facts = [
        (_("Kind"), line.kind_words),
        (_("Group"), line.group),
        (_("Who sees it"), line.readers_words),
        (_("Owner"), line.owner if sees_all else ""),
        (_("Last reviewed"), medium_day(line.looked_at_on) or _("Not yet")),
        (_("Link"), _checked(line)),
    ]
    return DocumentSheet(
        facts=[(label, text) for label, text in facts if text],
        uses=targets.uses_of(g.membership, document.id) if sees_all else [],
        may_edit=service.may_edit(g.membership, document),
        may_work=may(g.membership.role, Permission.WORK),
        lost_group=line.readers is Readers.GROUP and line.group_id is None,
    )


def _checked(line: DocumentLine) -> str:
    if line.link_state is None or line.checked_at is None:
        return ""
    day = medium_day(local_day(line.checked_at, g.coalition.time_zone))
    return _("%(state)s, checked on %(day)s", state=line.state_words, day=day)


# -- the documents of a thing, for its own page


class OfThing(Struct, frozen=True):
    """The documents of an agreement, a meeting or another thing, as a collapsed section of its page."""

    rows: list[DocumentLine]
    add_url: str


def documents_of(thing: str, key: str | int) -> OfThing:
    """Reads the documents of one thing for its page; people who may not work cannot add any."""
    target: dict[str, Any] = {"for": f"{thing}:{key}"}
    adds = may(g.membership.role, Permission.WORK)
    return OfThing(
        queries.documents_of(g.membership, TargetKind(thing), key),
        url_for("documents.new", **target) if adds else "",
    )
