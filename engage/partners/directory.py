"""The list of organizations: what the address asks for, and the rows that fit. Reads, owner first."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.coalitions.quiet_rules import quiet_since
from engage.content.loader import content
from engage.database import folded
from engage.extensions import db
from engage.lists import ListFilters, asked, enum_asked, key_asked, one_line, text_asked
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.rules import ContactPlace, Level, TagKind, year_before

PAGE_ROWS = 50
# The filter on levels: those that nobody has said yet.
NO_LEVEL = "none"
_TAGS = {
    "discipline": TagKind.DISCIPLINE,
    "area": TagKind.AREA,
    "county": TagKind.COUNTY,
    "language": TagKind.LANGUAGE,
}


class Order(StrEnum):
    NAME = "name"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Filters(ListFilters):
    """What the address asks for; what it says wrongly is left out."""

    text: str = text_asked()
    group: str = key_asked(lambda: {each.key for each in content().sector_groups})
    sector: str = key_asked(lambda: {each.key for each in content().sectors})
    discipline: str = key_asked(lambda: {each.key for each in content().person_disciplines()})
    area: str = key_asked(lambda: {each.key for each in content().areas})
    level: str = key_asked(lambda: {NO_LEVEL, *(str(each.value) for each in Level)})
    county: str = asked("", lambda text: folded(one_line(text)[:100]))
    language: str = asked("", lambda text: folded(one_line(text)[:100]))
    # Not looked at for a year; without a main contact.
    old: str = key_asked(lambda: {"yes"})
    alone: str = key_asked(lambda: {"yes"})
    # Nothing was heard of them, or of somebody of theirs, for the coalition's number of days.
    quiet: str = key_asked(lambda: {"yes"})
    sort: Order = enum_asked(Order, Order.NAME)

    def without_people(self) -> "Filters":
        """What may be asked by somebody who may not be told who has no contact."""
        return self.with_(alone="", quiet="")

    @property
    def is_open(self) -> bool:
        """Whether more is asked for than words."""
        return bool(self.args().keys() - {"text"})

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked for beyond an order."""
        return bool(self.args().keys() - {"sort"})


class Row(NamedTuple):
    """An organization in the list. `contact` is its main contact's name, `counties` stand with `BETWEEN`."""

    id: int
    name: str
    sector: str
    level: int | None
    verified_on: date | None
    created_at: datetime
    contact: str | None
    counties: str | None


# What stands between the counties that the database puts together; no text of a form holds it.
BETWEEN = "\x1f"


# -- statements, built once for each set of filters: building one takes longer than running it

_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
# So many organizations that every page an address can ask for is there.
_ENOUGH = 10**9
# From so many conditions on, counting and cutting a page apart took longer than both at once (measured at 5,000).
_SEVERAL = 3


def _tags(kind: TagKind, name: str) -> sa.Select[Any]:
    """Whose tag of this kind the filter names."""
    return sa.select(OrganizationTag.organization_id).where(
        OrganizationTag.coalition_id == _HERE,
        OrganizationTag.kind == kind,
        OrganizationTag.sort_key == sa.bindparam(name),
    )


# Said as the index on places says it, so that SQLite answers from that index alone.
_IN_A_PLACE = Contact.place != sa.literal_column(f"'{ContactPlace.OTHER}'")


def _in_turn(asked: frozenset[str]) -> list[sa.ColumnElement[bool]]:
    """The conditions, the one that looks into another table for each organization last."""
    return [_condition(name) for name in sorted(asked, key=lambda name: (name == "alone", name))]


def _condition(name: str) -> sa.ColumnElement[bool]:
    match name:
        case "group":
            return Organization.sector.in_(sa.bindparam("sectors", expanding=True))
        case "sector":
            return Organization.sector == sa.bindparam("sector")
        case "no_level":
            return Organization.level.is_(None)
        case "level":
            return Organization.level == sa.bindparam("level")
        case "old":
            return _is_old()
        case "quiet":
            return sa.and_(
                Organization.created_at < sa.bindparam("quiet_moment"),
                Organization.id.not_in(sa.bindparam("lively", expanding=True)),
            )
        case "alone":
            main = sa.exists().where(
                Contact.organization_id == Organization.id, Contact.place == ContactPlace.MAIN, _IN_A_PLACE
            )
            return ~main
        case _ if name.startswith("word_"):
            return Organization.search_key.like(sa.bindparam(name), escape="\\")
        case _:
            return Organization.id.in_(_tags(_TAGS[name], name))


def _is_old() -> sa.ColumnElement[bool]:
    return sa.or_(
        Organization.verified_on < sa.bindparam("old_day"),
        sa.and_(Organization.verified_on.is_(None), Organization.created_at < sa.bindparam("old_moment")),
    )


@cache
def _count(asked: frozenset[str]) -> sa.Select[Any]:
    match sorted(asked):
        case [name] if name in _TAGS:
            # Each organization has a tag once: the tags' index alone says how many.
            return sa.select(sa.func.count()).select_from(_tags(_TAGS[name], name).subquery())
    count = sa.select(sa.func.count(Organization.id))
    return count.where(Organization.coalition_id == _HERE, *_in_turn(asked))


@cache
def _rows(asked: frozenset[str], order: Order, *, counted: bool = False) -> Any:
    """One page; `counted` adds to each row how many fit, for what reads every organization anyway."""
    by: tuple[Any, ...] = (Organization.sort_key, Organization.id)
    if order is Order.LEVEL:
        by = (sa.func.coalesce(Organization.level, -1).desc(), *by)
    # The page is cut first; only its own rows look for their contacts and counties.
    page = (
        sa.select(Organization.id, *((sa.func.count().over().label("found"),) if counted else ()))
        .where(Organization.coalition_id == _HERE, *_in_turn(asked))
        .order_by(*by)
        .limit(sa.bindparam("most"))
        .offset(sa.bindparam("skip"))
        .subquery()
    )
    counties = (
        sa.select(sa.func.aggregate_strings(OrganizationTag.value, BETWEEN))
        .where(OrganizationTag.organization_id == Organization.id, OrganizationTag.kind == TagKind.COUNTY)
        .scalar_subquery()
    )
    columns = (
        Organization.id,
        Organization.name,
        Organization.sector,
        Organization.level,
        Organization.verified_on,
        Organization.created_at,
        Contact.name,
        counties,
        *((page.c.found,) if counted else ()),
    )
    main = sa.and_(Contact.organization_id == Organization.id, Contact.place == ContactPlace.MAIN)
    return sa.select(*columns).join(page, page.c.id == Organization.id).outerjoin(Contact, main).order_by(*by)


def _values(
    membership: Membership, filters: Filters, today: date, lively: Collection[int] = ()
) -> tuple[frozenset[str], dict[str, Any]]:
    """Which conditions are asked, and their values."""
    values: dict[str, Any] = {"coalition_id": membership.coalition_id}
    asked: set[str] = set()
    for name in ("sector", *_TAGS):
        if value := getattr(filters, name):
            asked.add(name)
            values[name] = value
    if filters.group:
        asked.add("group")
        values["sectors"] = [each.key for each in content().sectors if each.group == filters.group]
    if filters.level:
        asked.add("no_level" if filters.level == NO_LEVEL else "level")
        if filters.level != NO_LEVEL:
            values["level"] = int(filters.level)
    if filters.old:
        asked.add("old")
        values |= _old_values(membership, today)
    if filters.alone:
        asked.add("alone")
    if filters.quiet:
        asked.add("quiet")
        first = quiet_since(today, membership.coalition.quiet_days)
        # Whoever is on the list only since then is not quiet.
        begins = datetime.combine(first, time(), ZoneInfo(membership.coalition.time_zone))
        values |= {"quiet_moment": begins + timedelta(days=1), "lively": list(lively)}
    for number, word in enumerate(folded(filters.text).split()[:8]):
        asked.add(f"word_{number}")
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values[f"word_{number}"] = f"%{escaped}%"
    return frozenset(asked), values


def _old_values(membership: Membership, today: date) -> dict[str, Any]:
    day = year_before(today)
    zone = ZoneInfo(membership.coalition.time_zone)
    return {"old_day": day, "old_moment": datetime.combine(day, time(), zone)}


# -- reads


def count_of(membership: Membership, filters: Filters, today: date) -> int:
    """How many organizations fit."""
    asked, values = _values(membership, filters, today)
    return db.session.scalar(_count(asked), values) or 0


def page_of(
    membership: Membership,
    filters: Filters,
    today: date,
    page: Callable[[int], int],
    lively: Collection[int] = (),
) -> tuple[int, list[Row]]:
    """How many organizations fit, and those of one page; `page` says which, once it is known how many there are.

    `lively`: the ids of those of which something was heard, for the filter on quiet ones.
    """
    asked, values = _values(membership, filters, today, lively)
    if asked and (len(asked) >= _SEVERAL or filters.sort is Order.LEVEL):
        # No index has this order, and few fit several conditions: every organization is read in any case, so the
        # asked page and the count come at once. Beyond the end there is no row to say how many there are.
        at = {"most": PAGE_ROWS, "skip": (page(_ENOUGH) - 1) * PAGE_ROWS}
        rows = db.session.execute(_rows(asked, filters.sort, counted=True), values | at).all()
        if rows:
            return rows[0].found, [Row(*row[:-1]) for row in rows]
    found = db.session.scalar(_count(asked), values) or 0
    if not found:
        return 0, []
    values |= {"most": PAGE_ROWS, "skip": (page(found) - 1) * PAGE_ROWS}
    return found, [Row(*row) for row in db.session.execute(_rows(asked, filters.sort), values)]


def everybody(membership: Membership) -> list[Row]:
    """Every organization by name, for who lists them on paper. One query."""
    asked = {"coalition_id": membership.coalition_id, "most": _ENOUGH, "skip": 0}
    return [Row(*row) for row in db.session.execute(_rows(frozenset(), Order.NAME), asked)]


def old_count(membership: Membership, today: date) -> int:
    """How many nobody has looked at for more than a year."""
    return count_of(membership, Filters(old="yes"), today)


def _values_of_a_kind() -> sa.Select[Any]:
    """Each value once. From one to the next by the index: with thousands of tags a DISTINCT reads them all."""
    kind: sa.BindParameter[TagKind] = sa.bindparam("kind", type_=OrganizationTag.kind.type)
    of_kind = (OrganizationTag.coalition_id == _HERE, OrganizationTag.kind == kind)
    least = sa.func.min(OrganizationTag.sort_key)
    keys = sa.select(least.label("key")).where(*of_kind).cte("keys", recursive=True)
    following = sa.select(least).where(*of_kind, OrganizationTag.sort_key > keys.c.key).scalar_subquery()
    keys = keys.union_all(sa.select(following).where(keys.c.key.is_not(None)))
    as_written = (
        sa.select(OrganizationTag.value)
        .where(*of_kind, OrganizationTag.sort_key == keys.c.key)
        .limit(1)
        .scalar_subquery()
    )
    return sa.select(keys.c.key, as_written).where(keys.c.key.is_not(None)).order_by(keys.c.key).limit(300)


_VALUES = _values_of_a_kind()


def values_of(membership: Membership, kind: TagKind) -> list[tuple[str, str]]:
    """Every county, or language..., that some organization has: (what it is found by, as it is written)."""
    asked = {"coalition_id": membership.coalition_id, "kind": kind}
    return [(key, value) for key, value in db.session.execute(_VALUES, asked)]
