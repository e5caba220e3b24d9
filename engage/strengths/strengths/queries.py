"""Reads the list of strengths."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.coalitions.models import Membership
from engage.database import SelectedRow, Selection, along, folded
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.models import Affiliation, Organization
from engage.strengths.labels import KIND_LABELS
from engage.strengths.models import Match, Strength, StrengthArea
from engage.strengths.queries import is_listed
from engage.strengths.rules import MatchState, StrengthKind
from engage.web.lists import ListFilters, enum_asked, key_asked, text_asked

# The filter on kinds uses this value for strengths without a kind.
NO_KIND = "none"


class StrengthLine(Struct, frozen=True):
    """A strength in a list.

    `organization` is the strength's own, or else its giver's; with neither giver nor organization the
    strength is the community's. `matched` counts needs with a match that was not declined.
    """

    id: int
    title: str
    kind: StrengthKind | None
    giver_id: int | None
    giver: str
    giver_left: bool
    organization: str
    areas: tuple[str, ...]
    indicator: str
    limits: str
    matched: int
    withdrawn_on: date | None
    created_at: datetime
    organization_id: int | None

    @property
    def is_offered(self) -> bool:
        return self.withdrawn_on is None

    @property
    def kind_words(self) -> str:
        return str(KIND_LABELS[self.kind]) if self.kind is not None else _("Kind not given yet")

    @property
    def whose(self) -> str:
        """Returns whose strength it is; empty if it is the community's."""
        return self.giver or self.organization


class StrengthsShown(StrEnum):
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"


class StrengthOrder(StrEnum):
    TITLE = "title"
    GIVER = "giver"
    NEWEST = "newest"


class StrengthFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored."""

    show: StrengthsShown = enum_asked(StrengthsShown, StrengthsShown.OFFERED)
    kind: str = key_asked(lambda: {NO_KIND, *StrengthKind})
    area: str = text_asked(60)
    text: str = text_asked()
    sort: StrengthOrder = enum_asked(StrengthOrder, StrengthOrder.TITLE)

    def fits(self, strength: StrengthLine) -> bool:
        if strength.is_offered is not (self.show is StrengthsShown.OFFERED):
            return False
        if self.kind and (strength.kind or NO_KIND) != self.kind:
            return False
        if self.area and self.area not in strength.areas:
            return False
        words = f"{strength.title} {strength.giver} {strength.organization}"
        return not self.text or folded(self.text) in folded(words)


class Strengths(Struct, frozen=True):
    """All strengths of a coalition."""

    lines: tuple[StrengthLine, ...]

    def only(self, filters: StrengthFilters) -> list[StrengthLine]:
        """Returns the strengths that match the filters, in the chosen order."""
        found = [each for each in self.lines if filters.fits(each)]
        if filters.sort is StrengthOrder.NEWEST:
            return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)
        if filters.sort is StrengthOrder.GIVER:
            # The community's strengths come last, because they have no giver's name.
            found.sort(key=lambda each: folded(each.title))
            return sorted(found, key=lambda each: (not each.whose, folded(each.whose)))
        return sorted(found, key=lambda each: (folded(each.title), each.id))


_OWN, _ORIGIN = aliased(Organization), aliased(Organization)


def _rows(coalition_id: int) -> Selection:
    matched = (
        sa.select(Match.strength_id, sa.func.count(Match.id).label("matched"))
        .where(Match.coalition_id == coalition_id, Match.state != MatchState.DECLINED)
        .group_by(Match.strength_id)
        .subquery()
    )
    return (
        sa.select(
            Strength.id,
            Strength.title,
            Strength.kind,
            Strength.giver_id,
            sa.func.coalesce(Membership.name, "").label("giver"),
            sa.or_(Membership.left_on.is_not(None), Membership.disabled_at.is_not(None)).label("giver_left"),
            sa.func.coalesce(_OWN.name, _ORIGIN.name, "").label("organization"),
            Strength.indicator,
            Strength.limits,
            sa.func.coalesce(matched.c.matched, 0).label("matched"),
            Strength.withdrawn_on,
            Strength.created_at,
            sa.func.coalesce(_OWN.id, _ORIGIN.id).label("organization_id"),
        )
        .outerjoin(Membership, along(Strength.giver_id, Membership))
        .outerjoin(_OWN, along(Strength.organization_id, _OWN))
        .outerjoin(Affiliation, along(Affiliation.membership_id, Membership))
        .outerjoin(_ORIGIN, along(Affiliation.organization_id, _ORIGIN))
        .outerjoin(matched, matched.c.strength_id == Strength.id)
        .where(Strength.coalition_id == coalition_id, is_listed())
    )


def _areas(coalition_id: int) -> sa.Select[int, str]:
    return (
        sa.select(StrengthArea.strength_id, StrengthArea.area)
        .where(StrengthArea.coalition_id == coalition_id)
        .order_by(StrengthArea.id)
    )


def strengths_of(membership: Membership) -> Strengths:
    """Returns every strength, including withdrawn ones, in two queries."""
    areas: dict[int, list[str]] = defaultdict(list)
    for strength_id, area in db.session.execute(_areas(membership.coalition_id)):
        areas[strength_id].append(area)
    rows = db.session.execute(_rows(membership.coalition_id))
    return Strengths(tuple(_line(row, areas.get(row.id, ())) for row in rows))


def strength_line(strength: Strength) -> StrengthLine:
    """Returns one strength in the form of the list."""
    areas = _areas(strength.coalition_id).where(StrengthArea.strength_id == strength.id)
    row = db.session.execute(_rows(strength.coalition_id).where(Strength.id == strength.id)).one()
    return _line(row, [area for _strength_id, area in db.session.execute(areas)])


def _line(row: SelectedRow, areas: Iterable[str]) -> StrengthLine:
    return StrengthLine(**row._mapping, areas=tuple(areas))
