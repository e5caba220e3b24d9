"""Selects the list of organizations: the filters in the address, and the matching rows."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from engage.clock import start_of_day
from engage.coalitions.models import Membership
from engage.coalitions.quiet_rules import quiet_since
from engage.content.loader import content
from engage.database import Selection, UtcDateTime, along, folded
from engage.extensions import db
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.rules import ContactPlace, Level, TagKind, year_before
from engage.web.lists import ListFilters, asked, enum_asked, key_asked, one_line, text_asked

PAGE_ROWS = 50
# The filter on levels uses this value for organizations without a level.
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


class Filters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored."""

    text: str = text_asked()
    group: str = key_asked(lambda: {each.key for each in content().sector_groups})
    sector: str = key_asked(lambda: {each.key for each in content().sectors})
    discipline: str = key_asked(lambda: {each.key for each in content().organization_disciplines()})
    area: str = key_asked(lambda: {each.key for each in content().areas})
    level: str = key_asked(lambda: {NO_LEVEL, *(str(each.value) for each in Level)})
    county: str = asked("", lambda text: folded(one_line(text)[:100]))
    language: str = asked("", lambda text: folded(one_line(text)[:100]))
    # These select organizations that no one has checked for a year, and those without a main contact.
    old: str = key_asked(lambda: {"yes"})
    alone: str = key_asked(lambda: {"yes"})
    # This selects organizations that were not heard from, by their people or otherwise, for the coalition's
    # number of days.
    quiet: str = key_asked(lambda: {"yes"})
    sort: Order = enum_asked(Order, Order.NAME)

    def without_people(self) -> "Filters":
        """Returns the filters without those that reveal who has no contact, for readers who may not see people."""
        return self.with_(alone="", quiet="")

    @property
    def is_open(self) -> bool:
        """Returns whether there is any filter besides words."""
        return bool(self.args().keys() - {"text"})

    @property
    def is_narrow(self) -> bool:
        """Returns whether there is any filter besides an order."""
        return bool(self.args().keys() - {"sort"})


class OrganizationRow(NamedTuple):
    """An organization in the list. `contact` is its main contact's name; `counties` are joined with `BETWEEN`."""

    id: int
    name: str
    sector: str
    level: int | None
    verified_on: date | None
    created_at: datetime
    contact: str | None
    counties: str | None


# This separates the counties that the database joins; no form accepts it in a text.
BETWEEN = "\x1f"


# -- the filters as conditions of one statement

# With this many organizations, every page number in an address exists.
_ENOUGH = 10**9
# From this many conditions on, two queries for count and page took longer than one (measured at 5,000).
_SEVERAL = 3
# The expression is the same as in the index on places, so that SQLite answers from that index alone.
_IN_A_PLACE = Contact.place != sa.literal_column(f"'{ContactPlace.OTHER}'")
_Condition = sa.ColumnElement[bool]


def _tagged(coalition_id: int, filters: Filters) -> list[Selection]:
    """Returns a subquery of organization ids for each tag in the filters."""
    return [
        sa.select(OrganizationTag.organization_id).where(
            OrganizationTag.coalition_id == coalition_id,
            OrganizationTag.kind == kind,
            OrganizationTag.sort_key == value,
        )
        for name, kind in _TAGS.items()
        if (value := getattr(filters, name))
    ]


def _conditions(
    membership: Membership, filters: Filters, today: date, lively: Collection[int] = ()
) -> list[_Condition]:
    """Returns the filters' conditions. The one that looks into another table for each organization is last."""
    found: list[_Condition] = [
        Organization.id.in_(tagged) for tagged in _tagged(membership.coalition_id, filters)
    ]
    if filters.group:
        sectors = [each.key for each in content().sectors if each.group == filters.group]
        found.append(Organization.sector.in_(sectors))
    if filters.sector:
        found.append(Organization.sector == filters.sector)
    if filters.level:
        level = None if filters.level == NO_LEVEL else int(filters.level)
        found.append(Organization.level.is_(None) if level is None else Organization.level == level)
    if filters.old:
        day = year_before(today)
        found.append(_is_old(day, start_of_day(day, membership.coalition.time_zone)))
    if filters.quiet:
        found.append(_is_quiet(membership, today, lively))
    for word in folded(filters.text).split()[:8]:
        found.append(Organization.search_key.contains(word, autoescape=True))
    if filters.alone:
        main = sa.exists().where(
            Contact.organization_id == Organization.id, Contact.place == ContactPlace.MAIN, _IN_A_PLACE
        )
        found.append(~main)
    return found


def _is_old(day: date | sa.BindParameter[date], begins: datetime | sa.BindParameter[datetime]) -> _Condition:
    """Returns the condition that it was last checked before this day; without a check, its day of entry counts."""
    return sa.or_(
        Organization.verified_on < day,
        sa.and_(Organization.verified_on.is_(None), Organization.created_at < begins),
    )


def _is_quiet(membership: Membership, today: date, lively: Collection[int]) -> _Condition:
    """Returns the condition that it was not heard from; organizations added since the first quiet day do not count."""
    first = quiet_since(today, membership.coalition.quiet_days) + timedelta(days=1)
    return sa.and_(
        Organization.created_at < start_of_day(first, membership.coalition.time_zone),
        Organization.id.not_in(lively),
    )


def _count(membership: Membership, filters: Filters, asked: list[_Condition]) -> int:
    count = sa.select(sa.func.count(Organization.id)).where(
        Organization.coalition_id == membership.coalition_id, *asked
    )
    match _tagged(membership.coalition_id, filters):
        case [tagged] if len(asked) == 1:
            # Each organization has a tag only once, so the tags' index alone gives the count.
            count = sa.select(sa.func.count()).select_from(tagged.subquery())
    return db.session.scalar(count) or 0


# The columns of a row are built once, because building them takes longer than running the statement.
_LEVEL = sa.func.coalesce(Organization.level, -1).desc()
_COUNTIES = (
    sa.select(sa.func.aggregate_strings(OrganizationTag.value, BETWEEN))
    .where(OrganizationTag.organization_id == Organization.id, OrganizationTag.kind == TagKind.COUNTY)
    .scalar_subquery()
)
_ROWS: Selection = sa.select(
    Organization.id,
    Organization.name,
    Organization.sector,
    Organization.level,
    Organization.verified_on,
    Organization.created_at,
    Contact.name,
    _COUNTIES,
).outerjoin(
    Contact, sa.and_(along(Contact.organization_id, Organization), Contact.place == ContactPlace.MAIN)
)


def _rows(
    coalition_id: int,
    asked: list[_Condition],
    order: Order,
    place: tuple[int, int] = (_ENOUGH, 0),
    *,
    counted: bool = False,
) -> Any:
    """Returns the rows of `place`, how many and after how many; `counted` adds to each row how many fit, for what
    reads every organization anyway."""
    most, skip = place
    by: tuple[Any, ...] = (Organization.sort_key, Organization.id)
    if order is Order.LEVEL:
        by = (_LEVEL, *by)
    # The page is cut first, so that only its own rows look up their contacts and counties.
    page = (
        sa.select(Organization.id, *((sa.func.count().over().label("found"),) if counted else ()))
        .where(Organization.coalition_id == coalition_id, *asked)
        .order_by(*by)
        .limit(most)
        .offset(skip)
        .subquery()
    )
    rows = _ROWS.join(page, page.c.id == Organization.id).order_by(*by)
    return db.session.execute(rows.add_columns(page.c.found) if counted else rows)


# -- reads


def page_of(
    membership: Membership,
    filters: Filters,
    today: date,
    page: Callable[[int], int],
    lively: Collection[int] = (),
) -> tuple[int, list[OrganizationRow]]:
    """Returns how many organizations match, and those of one page; `page` gives the page for that number.

    `lively` holds the ids of organizations that were heard from, for the filter on quiet ones.
    """
    coalition_id, asked = membership.coalition_id, _conditions(membership, filters, today, lively)
    if asked and (len(asked) >= _SEVERAL or filters.sort is Order.LEVEL):
        # No index has this order, and few fit several conditions, so every organization is read anyway;
        # therefore the page and the count come from one query. Beyond the end there is no row that holds the
        # count.
        rows = _rows(coalition_id, asked, filters.sort, _place(page(_ENOUGH)), counted=True).all()
        if rows:
            return rows[0].found, [OrganizationRow(*row[:-1]) for row in rows]
    found = _count(membership, filters, asked)
    if not found:
        return 0, []
    rows = _rows(coalition_id, asked, filters.sort, _place(page(found)))
    return found, [OrganizationRow(*row) for row in rows]


def _place(page: int) -> tuple[int, int]:
    return PAGE_ROWS, (page - 1) * PAGE_ROWS


def everybody(membership: Membership) -> list[OrganizationRow]:
    """Returns every organization by name, for a printed list, in one query."""
    return [OrganizationRow(*row) for row in _rows(membership.coalition_id, [], Order.NAME)]


# Home's count is built once, too.
_OLD_COUNT = sa.select(sa.func.count(Organization.id)).where(
    Organization.coalition_id == sa.bindparam("coalition_id"),
    _is_old(sa.bindparam("day", type_=sa.Date), sa.bindparam("begins", type_=UtcDateTime)),
)


def old_count(membership: Membership, today: date) -> int:
    """Returns the number of organizations that no one has checked for more than a year."""
    day = year_before(today)
    asked = {
        "coalition_id": membership.coalition_id,
        "day": day,
        "begins": start_of_day(day, membership.coalition.time_zone),
    }
    return db.session.scalar(_OLD_COUNT, asked) or 0


def _values() -> Selection:
    """Selects each value once by jumping through the index; with thousands of tags, a DISTINCT would read them all."""
    of_kind = (
        OrganizationTag.coalition_id == sa.bindparam("coalition_id"),
        OrganizationTag.kind == sa.bindparam("kind"),
    )
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


_VALUES = _values()


def values_of(membership: Membership, kind: TagKind) -> list[tuple[str, str]]:
    """Returns every county, language and so on that some organization has: (key for the search, text as written)."""
    asked = {"coalition_id": membership.coalition_id, "kind": kind}
    return [(key, value) for key, value in db.session.execute(_VALUES, asked)]
