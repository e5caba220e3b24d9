"""Builds an organization's page in words."""

from collections.abc import Sequence
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from engage.clock import local_day
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.dates import long_day
from engage.partners import queries
from engage.partners.agreements.list import AgreementLine, AgreementRow, agreement_rows
from engage.partners.contacts import service as contacts_service
from engage.partners.conversations import service as conversations_service
from engage.partners.models import Organization
from engage.partners.rules import Level, TagKind, needs_a_look
from engage.partners.words import (
    LEVEL_WHY,
    PARTNERSHIP_WORDS,
    PLACE_WORDS,
    TAG_WORDS,
    commit_words,
    level_words,
)
from engage.web.lists import Pages, pages_of

CONVERSATIONS_ON_A_PAGE = 10
LEVELS_MOST = 10


class OrganizationPage(Struct, frozen=True):
    sector: str
    level: str
    level_why: str
    # It holds (level, day since when), latest first.
    levels: list[tuple[str, str]]
    # It holds (label, words), for known facts only.
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


class ContactRow(Struct, frozen=True):
    """A contact on the page; `member_id` is set for one of the coalition's people, and links the name."""

    id: int
    name: str
    place: str
    job: str
    may_commit: str
    phone: str
    email: str
    member_id: int | None


def contact_rows(organization: Organization) -> list[ContactRow]:
    return [
        ContactRow(
            id=each.id,
            name=each.name,
            place=str(PLACE_WORDS[each.place]),
            job=each.job,
            may_commit=commit_words(each.may_commit),
            phone=each.phone,
            email=each.email,
            member_id=each.member_id,
        )
        for each in contacts_service.contacts_of(organization)
    ]


class WithIt(Struct, frozen=True):
    """An agreement with the organization; `dates` say when it was signed, when it ends and how far away the end is."""

    number: int
    name: str
    standing: str
    tag: str
    dates: str


def agreement_lines(lines: Sequence[AgreementLine], today: date) -> list[WithIt]:
    return [
        WithIt(row.number, row.name, row.standing, row.tag, _dates(row))
        for row in agreement_rows(lines, today)
    ]


def _dates(row: AgreementRow) -> str:
    """Returns words such as "signed on Mar 1, 2026, until Dec 31, 2026 (in 40 days)"."""
    ends = _("until %(day)s (%(when)s)", day=row.ends, when=row.ends_in) if row.ends_in else ""
    if row.ends and not ends:
        ends = _("until %(day)s", day=row.ends)
    return ", ".join(filter(None, (_("signed on %(day)s", day=row.signed) if row.signed else "", ends)))


class ConversationRow(Struct, frozen=True):
    """A conversation; `level` is empty if it gave none."""

    id: int
    day: str
    whom: str
    level: str
    note: str
    writer: str
    is_mine: bool
    may_delete: bool


class Conversations(Struct, frozen=True):
    """A page of the conversations with one organization."""

    rows: list[ConversationRow]
    found: int
    pages: Pages

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
        lines = conversations_service.conversations_with(
            organization, most=CONVERSATIONS_ON_A_PAGE, skip=skip
        )
        deletes_all = conversations_service.deletes_all(membership)
        rows = [
            ConversationRow(
                id=each.id,
                day=long_day(each.happened_on),
                whom=each.whom,
                level=level_words(each.level),
                note=each.note,
                writer=each.writer or "",
                is_mine=each.written_by_id == membership.id,
                may_delete=deletes_all or each.written_by_id == membership.id,
            )
            for each in lines
        ]
        return cls(rows, found, pages)


def _several(tags: dict[TagKind, list[str]]) -> list[tuple[str, str]]:
    words = content()
    known = {
        TagKind.DISCIPLINE: {each.key: each.name for each in words.organization_disciplines()},
        TagKind.AREA: {each.key: each.name for each in words.areas},
        TagKind.PARTNERSHIP: {each.value: str(label) for each, label in PARTNERSHIP_WORDS.items()},
    }
    return [
        (str(label), ", ".join(known.get(kind, {}).get(value, value) for value in tags[kind]))
        for kind, label in TAG_WORDS.items()
        if kind in tags
    ]
