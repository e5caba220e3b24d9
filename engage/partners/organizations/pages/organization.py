"""Builds an organization's page in words."""

from collections.abc import Iterable
from datetime import date

from flask import url_for
from msgspec import Struct

from engage.clock import local_day
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.dates import long_day, medium_day
from engage.i18n import gettext as _
from engage.partners import queries
from engage.partners.agreements.list import AgreementLine
from engage.partners.conversations import service as conversations_service
from engage.partners.conversations.service import ConversationLine
from engage.partners.labels import (
    LEVEL_WHY,
    PARTNERSHIP_LABELS,
    TAG_LABELS,
    level_words,
)
from engage.partners.models import Organization
from engage.partners.rules import Level, TagKind, needs_a_look
from engage.web.lists import Pages, pages_of

CONVERSATIONS_ON_A_PAGE = 10
LEVELS_MOST = 10


class OrganizationPage(Struct, frozen=True):
    sector: str
    level: str
    level_why: str
    # Each item is (level, first day), latest first.
    levels: list[tuple[str, str]]
    # Each item is (label, words); unknown facts are left out.
    several: list[tuple[str, str]]
    looked: str
    is_old: bool

    @classmethod
    def of(cls, organization: Organization, today: date, time_zone: str) -> "OrganizationPage":
        level, looked = organization.level, organization.verified_on
        levels = conversations_service.levels_of(organization)[:LEVELS_MOST]
        return cls(
            sector=content().sector(organization.sector).name,
            level=level_words(level) or _("not given yet"),
            level_why=str(LEVEL_WHY[Level(level)]) if level is not None else "",
            levels=[(level_words(each.level), long_day(each.since)) for each in levels],
            several=_several(queries.tags_of(organization)),
            looked=long_day(looked) if looked is not None else _("never"),
            is_old=needs_a_look(looked or local_day(organization.created_at, time_zone), today),
        )


def agreement_lines(lines: Iterable[AgreementLine], today: date) -> list[tuple[AgreementLine, str]]:
    """Returns the agreements, each with its dates in words."""
    return [(each, _dates(each, today)) for each in lines]


def _dates(line: AgreementLine, today: date) -> str:
    """Returns words such as "signed on Mar 1, 2026, until Dec 31, 2026 (in 40 days)"."""
    signed = _("signed on %(day)s", day=medium_day(line.signed_on)) if line.signed_on else ""
    ends, ends_in = medium_day(line.ends_on), line.ends_in(today)
    if ends:
        ends = (
            _("until %(day)s (%(when)s)", day=ends, when=ends_in) if ends_in else _("until %(day)s", day=ends)
        )
    return ", ".join(filter(None, (signed, ends)))


class Conversations(Struct, frozen=True):
    """A page of the conversations with one organization."""

    reader: Membership
    rows: list[ConversationLine]
    found: int
    pages: Pages

    def is_mine(self, line: ConversationLine) -> bool:
        return line.written_by_id == self.reader.id

    def may_delete(self, line: ConversationLine) -> bool:
        return conversations_service.may_delete(self.reader, line)

    @classmethod
    def of(cls, membership: Membership, organization: Organization, asked: str) -> "Conversations":
        def at(page: int) -> str:
            key = organization.id
            return url_for(
                "partners.organization",
                organization_id=key,
                conversations=page,
                _anchor="partners-conversations",
            )

        found = conversations_service.count_of(organization)
        pages = pages_of(found, asked, at, CONVERSATIONS_ON_A_PAGE)
        skip = (pages.page - 1) * CONVERSATIONS_ON_A_PAGE
        rows = conversations_service.conversations_with(organization, most=CONVERSATIONS_ON_A_PAGE, skip=skip)
        return cls(membership, rows, found, pages)


def _several(tags: dict[TagKind, list[str]]) -> list[tuple[str, str]]:
    words = content()
    known = {
        TagKind.DISCIPLINE: {each.key: each.name for each in words.organization_disciplines()},
        TagKind.AREA: {each.key: each.name for each in words.areas},
        TagKind.PARTNERSHIP: {each.value: str(label) for each, label in PARTNERSHIP_LABELS.items()},
    }
    return [
        (str(label), ", ".join(known.get(kind, {}).get(value, value) for value in tags[kind]))
        for kind, label in TAG_LABELS.items()
        if kind in tags
    ]
