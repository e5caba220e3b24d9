"""Lists agreements: filters from the address, rows from one query, and their words."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct
from msgspec.structs import replace

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.content import loader
from engage.database import along
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.agreements import labels, rules
from engage.partners.agreements.models import Agreement
from engage.partners.agreements.rules import CurrentState
from engage.partners.models import Organization
from engage.partners.rules import AgreementKind, AgreementState
from engage.web.lists import (
    Choice,
    ListFilters,
    Option,
    Pages,
    enum_asked,
    filter_options,
    key_asked,
    number_asked,
    page_of,
)

# The filter *runs out within* offers these numbers of days.
WITHIN = (30, 60, 90, 180, 365)


class AgreementLine(Struct, frozen=True):
    """An agreement in a list; `sector` is a key of the content."""

    id: int
    number: int
    organization_id: int
    organization: str
    sector: str
    kind: AgreementKind
    title: str
    state: AgreementState
    standing: CurrentState
    signed_on: date | None
    review_on: date | None
    ends_on: date | None
    we_promised: str
    they_promised: str
    named_on: date | None
    named_by: str
    may_be_named: bool

    @property
    def name(self) -> str:
        return labels.name_of(self.kind, self.title, self.organization)

    @property
    def sector_name(self) -> str:
        return loader.content().sector(self.sector).name

    @property
    def kind_words(self) -> str:
        return str(labels.KIND_LABELS[self.kind])

    @property
    def standing_words(self) -> str:
        return str(labels.CURRENT_STATE_LABELS[self.standing])

    @property
    def tag(self) -> str:
        return labels.CURRENT_STATE_TAGS[self.standing]

    def ends_in(self, today: date) -> str:
        """Returns how far away the end of a signed agreement is, if it is near or past."""
        near = today + timedelta(days=rules.RUNNING_OUT_DAYS)
        if self.ends_on is None or self.state is not AgreementState.SIGNED or self.ends_on > near:
            return ""
        return labels.until(self.ends_on, today)

    def review_is_due(self, today: date) -> bool:
        if self.standing is not CurrentState.SIGNED or self.review_on is None:
            return False
        return self.review_on <= today

    def for_viewers(self) -> "AgreementLine":
        """Returns the line with organization, kind, state and dates, and without texts that people wrote."""
        hidden = {"title": "", "we_promised": "", "they_promised": "", "named_by": ""}
        return replace(self, **hidden, review_on=None, named_on=None, may_be_named=False)


class NamedAgreement(StrEnum):
    YES = "yes"
    NO = "no"


class AgreementFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored. `within` 0 means any end."""

    state: CurrentState | None = enum_asked(CurrentState)
    kind: AgreementKind | None = enum_asked(AgreementKind)
    group: str = key_asked(lambda: {each.key for each in loader.content().sector_groups})
    within: int = number_asked(0, digits=4)
    named: NamedAgreement | None = enum_asked(NamedAgreement)

    def fits(self, line: AgreementLine, today: date) -> bool:
        if self.state is not None and line.standing is not self.state:
            return False
        if self.kind is not None and line.kind is not self.kind:
            return False
        if self.group and loader.content().sector(line.sector).group != self.group:
            return False
        if self.within and not rules.runs_out(line.state, line.ends_on, today, self.within):
            return False
        return self.named is None or line.may_be_named is (self.named is NamedAgreement.YES)


def agreements_of(membership: Membership, today: date) -> list[AgreementLine]:
    """Returns every agreement as this person may see it, by organization, in one query."""
    return _lines(membership, today)


def agreements_with(membership: Membership, organization_id: int, today: date) -> list[AgreementLine]:
    """Returns the agreements with one organization, oldest first."""
    return _lines(membership, today, Agreement.organization_id == organization_id)


class AgreementRef(Struct, frozen=True):
    """The short form of an agreement that other pages link to."""

    number: int
    name: str


def agreements_named(membership: Membership, ids: Collection[int]) -> list[AgreementRef]:
    """Returns the agreements with these ids, by number."""
    if not ids:
        return []
    rows = (
        sa.select(Agreement.number, Agreement.kind, Agreement.title, Organization.name)
        .join(Organization, along(Agreement.organization_id, Organization))
        .where(Agreement.coalition_id == membership.coalition_id, Agreement.id.in_(ids))
        .order_by(Agreement.number)
    )
    return [
        AgreementRef(number, labels.name_of(kind, title, name))
        for number, kind, title, name in db.session.execute(rows)
    ]


def _lines(membership: Membership, today: date, *conditions: sa.ColumnElement[bool]) -> list[AgreementLine]:
    rows = (
        sa.select(
            Agreement.id,
            Agreement.number,
            Agreement.organization_id,
            Organization.name.label("organization"),
            Organization.sector,
            Agreement.kind,
            Agreement.title,
            Agreement.state,
            Agreement.signed_on,
            Agreement.review_on,
            Agreement.ends_on,
            Agreement.we_promised,
            Agreement.they_promised,
            Agreement.named_on,
            Agreement.named_by,
            Agreement.unnamed_on,
        )
        .join(Organization, along(Agreement.organization_id, Organization))
        .where(Agreement.coalition_id == membership.coalition_id, *conditions)
        .order_by(Organization.sort_key, Organization.id, Agreement.number)
    )
    found = []
    for row in db.session.execute(rows):
        values = dict(row._mapping)
        named = values.pop("unnamed_on") is None and row.named_on is not None
        standing = rules.current_state(row.state, row.ends_on, today)
        found.append(AgreementLine(**values, standing=standing, may_be_named=named))
    return found if may(membership.role, Permission.SEE_ALL) else [each.for_viewers() for each in found]


def only(lines: Iterable[AgreementLine], filters: AgreementFilters, today: date) -> list[AgreementLine]:
    """Returns the lines that match; with a filter on the end, the first to end comes first."""
    found = [each for each in lines if filters.fits(each, today)]
    if filters.within:
        found.sort(key=lambda each: each.ends_on or date.max)
    return found


# -- for the page


class AgreementsPage(Struct, frozen=True):
    rows: Sequence[AgreementLine]
    today: date
    total: int
    found: int
    pages: Pages
    filters: AgreementFilters
    shows: list[Choice]
    kinds: list[Option]
    groups: list[Option]
    withins: list[Option]
    nameds: list[Option]

    @classmethod
    def of(
        cls, lines: Sequence[AgreementLine], filters: AgreementFilters, page: str, today: date
    ) -> "AgreementsPage":
        found = only(lines, filters, today)

        def at(filters: AgreementFilters, **more: object) -> str:
            return url_for("partners.agreements", **{**filters.args(), **more})

        shown, pages = page_of(found, page, lambda n: at(filters, page=n))
        counts = Counter(each.standing for each in only(lines, filters.with_(state=None), today))
        return cls(
            rows=shown,
            today=today,
            total=len(lines),
            found=len(found),
            pages=pages,
            filters=filters,
            shows=[
                Choice(_("All"), at(filters.with_(state=None)), filters.state is None, counts.total()),
                *(
                    Choice(str(label), at(filters.with_(state=each)), filters.state is each, counts[each])
                    for each, label in labels.CURRENT_STATE_LABELS.items()
                    if counts[each] or filters.state is each
                ),
            ],
            kinds=filter_options(_("All kinds"), labels.KIND_LABELS.items(), filters.kind),
            groups=filter_options(
                _("All sectors"),
                [(each.key, each.name) for each in loader.content().sector_groups],
                filters.group,
            ),
            withins=filter_options(_("Any date"), _within_words(filters.within), filters.within or None),
            nameds=filter_options(
                _("Any"),
                [(NamedAgreement.YES, _("May be named")), (NamedAgreement.NO, _("Not given"))],
                filters.named,
            ),
        )


def _within_words(asked: int) -> list[tuple[int, str]]:
    """Returns the usual choices of the filter *runs out within*, and the one in the address."""
    days = sorted({*WITHIN, *({asked} if asked else ())})
    return [(each, _("Within %(days)s days", days=each)) for each in days]
