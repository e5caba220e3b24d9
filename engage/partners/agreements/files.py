"""Writes the list for a grant file: agreements with what was promised, as a page to print and as CSV."""

from collections.abc import Iterable

from flask_babel import gettext as _
from msgspec import Struct

from engage.content import loader
from engage.dates import medium_day
from engage.partners.agreements import words
from engage.partners.agreements.list import AgreementLine
from engage.web.csv_files import Field


class AgreementCells(Struct, frozen=True):
    """One agreement of the list, in words."""

    number: int
    name: str
    organization: str
    sector: str
    kind: str
    standing: str
    signed: str
    ends: str
    we_promised: str
    they_promised: str
    named: str


def sheets(lines: Iterable[AgreementLine]) -> list[AgreementCells]:
    content = loader.content()
    return [
        AgreementCells(
            number=each.number,
            name=each.name,
            organization=each.organization,
            sector=content.sector(each.sector).name,
            kind=str(words.KIND_WORDS[each.kind]),
            standing=str(words.STANDING_WORDS[each.standing]),
            signed=medium_day(each.signed_on),
            ends=medium_day(each.ends_on),
            we_promised=each.we_promised,
            they_promised=each.they_promised,
            named=_named(each),
        )
        for each in lines
    ]


def _named(line: AgreementLine) -> str:
    if not line.may_be_named:
        return _("no")
    return _("yes: %(who)s, %(day)s", who=line.named_by, day=medium_day(line.named_on))


def table(lines: Iterable[AgreementLine]) -> tuple[list[str], list[list[Field]]]:
    """Returns one line for each agreement, with dates that a spreadsheet can sort."""
    content = loader.content()
    head = [
        _("Number"),
        _("Organization"),
        _("Sector"),
        _("Kind"),
        _("Title"),
        _("Status"),
        _("Signed on"),
        _("Ends on"),
        _("Review on"),
        _("What we promised"),
        _("What they promised"),
        _("May be named publicly"),
        _("Who gave permission"),
        _("Permission given on"),
    ]
    yes, no = _("yes"), _("no")
    rows: list[list[Field]] = [
        [
            each.number,
            each.organization,
            content.sector(each.sector).name,
            str(words.KIND_WORDS[each.kind]),
            each.title,
            str(words.STANDING_WORDS[each.standing]),
            each.signed_on.isoformat() if each.signed_on is not None else None,
            each.ends_on.isoformat() if each.ends_on is not None else None,
            each.review_on.isoformat() if each.review_on is not None else None,
            each.we_promised,
            each.they_promised,
            yes if each.may_be_named else no,
            each.named_by if each.may_be_named else None,
            each.named_on.isoformat() if each.may_be_named and each.named_on is not None else None,
        ]
        for each in lines
    ]
    return head, rows
