"""Reads the referral list, within one coalition."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import active
from engage.coalitions.readers import Reader, in_place
from engage.coalitions.rules import Role
from engage.database import Selection, along, folded
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.models import Organization, Service
from engage.partners.rules import Help, needs_a_look, year_before
from engage.partners.services.rules import split
from engage.web.lists import ListFilters, asked, enum_asked, one_line, text_asked


class Listed(StrEnum):
    """The services that a list shows: listed ones, those to check, or those whose organization has not agreed."""

    LISTED = "listed"
    OLD = "old"
    NOT_AGREED = "not_agreed"


class ServiceLine(Struct, frozen=True):
    """A service with its organization's name, and the name of the person who last checked it, as of a day."""

    service: Service
    organization: str
    checker: str
    today: date

    @property
    def is_old(self) -> bool:
        return needs_a_look(self.service.checked_on, self.today)

    @property
    def whom(self) -> str:
        service = self.service
        return " · ".join(filter(None, (service.for_whom, service.ages, service.genders)))

    @property
    def _before(self) -> list[tuple[str, str]]:
        service = self.service
        return _known((_("How to refer someone"), service.refer), (_("Who can get it"), service.eligibility))

    @property
    def _hurry(self) -> list[tuple[str, str]]:
        service = self.service
        return _known(
            (_("Opening hours"), service.hours),
            (_("Cost"), service.cost),
            (_("Languages"), service.languages),
        )

    @property
    def _after(self) -> list[tuple[str, str]]:
        return _known((_("Counties"), self.service.counties))

    @property
    def at_once(self) -> str:
        """Returns what people in a hurry need: when it is open, what it costs, in which languages."""
        return " · ".join(words for _label, words in self._hurry)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Returns everything that is known, as (label, words)."""
        return [*self._before, *self._hurry, *self._after]

    @property
    def rest(self) -> list[tuple[str, str]]:
        """Returns the facts that `at_once` leaves out."""
        return [*self._before, *self._after]

    def is_shown(self, show: Listed) -> bool:
        if self.service.agreed_on is None:
            return show is Listed.NOT_AGREED
        return show is Listed.LISTED or (show is Listed.OLD and self.is_old)


def _known(*facts: tuple[str, str]) -> list[tuple[str, str]]:
    return [each for each in facts if each[1]]


def _key() -> Any:
    return asked("", lambda text: folded(one_line(text)[:100]))


class ServiceFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored. A service without counties serves all of them."""

    text: str = text_asked()
    kind: Help | None = enum_asked(Help)
    county: str = _key()
    language: str = _key()
    show: Listed = enum_asked(Listed, Listed.LISTED)

    @property
    def is_narrow(self) -> bool:
        """Returns whether any filter is set, apart from which services are shown."""
        return bool(self.args().keys() - {"show"})

    def only(self, lines: Collection[ServiceLine]) -> list[ServiceLine]:
        words = folded(self.text).split()
        return [
            each
            for each in lines
            if each.is_shown(self.show)
            and (self.kind is None or each.service.kind is self.kind)
            and (not self.county or self.county in _keys(each.service.counties, self.county))
            and (not self.language or self.language in _keys(each.service.languages))
            and (not words or _holds(each, words))
        ]


def _keys(text: str, without: str = "") -> list[str]:
    return [folded(each) for each in split(text)] or [without]


def _holds(line: ServiceLine, words: list[str]) -> bool:
    service = line.service
    texts = (service.title, service.for_whom, service.eligibility, service.counties, service.languages)
    text = folded(" ".join((line.organization, *texts)))
    return all(word in text for word in words)


_ORDER = sa.case({kind: place for place, kind in enumerate(Help)}, value=Service.kind)
_LINES: Selection = (
    sa.select(
        Service,
        Organization.name.label("organization"),
        sa.func.coalesce(Membership.name, "").label("checker"),
    )
    .join(Organization, along(Service.organization_id, Organization))
    .outerjoin(Membership, along(Service.checked_by_id, Membership))
    .order_by(_ORDER, Organization.sort_key, Service.title, Service.id)
)


def _lines(today: date, *where: sa.ColumnElement[bool]) -> list[ServiceLine]:
    return [
        ServiceLine(row.Service, row.organization, row.checker, today)
        for row in db.session.execute(_LINES.where(*where))
    ]


def services_of(coalition_id: int, today: date) -> list[ServiceLine]:
    """Returns all services of the coalition, by the kind of help and the organization's name, in one query."""
    return _lines(today, Service.coalition_id == coalition_id)


def services_with(organization: Organization, today: date) -> list[ServiceLine]:
    """Returns the services of one organization."""
    return _lines(
        today, Service.coalition_id == organization.coalition_id, Service.organization_id == organization.id
    )


def line_of(membership: Membership, service_id: int, today: date) -> ServiceLine | None:
    """Returns one of the coalition's services."""
    found = _lines(today, Service.coalition_id == membership.coalition_id, Service.id == service_id)
    return found[0] if found else None


class CountedServices(Struct, frozen=True):
    """The number of listed services, of their organizations, and of services checked within a year."""

    services: int
    organizations: int
    checked: int


def counted(membership: Membership, today: date) -> CountedServices:
    """Counts the listed services in one query."""
    recent = sa.case((Service.checked_on >= year_before(today), Service.id))
    counts = sa.select(
        sa.func.count(Service.id).label("services"),
        sa.func.count(Service.organization_id.distinct()).label("organizations"),
        sa.func.count(recent).label("checked"),
    ).where(Service.coalition_id == membership.coalition_id, Service.agreed_on.is_not(None))
    return CountedServices(**db.session.execute(counts).one()._mapping)


def old_count(membership: Membership, today: date) -> int:
    """Counts the listed services that this person should check, because no one did so for a year.

    They are assigned to the person who checked them last, or to coordinators if that person has left.
    """
    given = {**in_place(membership), "year_ago": year_before(today)}
    return db.session.scalar(_old(membership.role), given) or 0


# The statement is built once for each role, because every visit to Home runs it.
@cache
def _old(role: Role) -> sa.Select[int]:
    reader = Reader(role)
    here = sa.exists().where(along(Service.checked_by_id, Membership), *active())
    mine = Service.checked_by_id == reader.id
    return sa.select(sa.func.count(Service.id)).where(
        Service.coalition_id == reader.coalition_id,
        Service.agreed_on.is_not(None),
        Service.checked_on < sa.bindparam("year_ago"),
        sa.or_(mine, ~here) if may(role, Permission.MANAGE_PEOPLE) else mine,
    )
