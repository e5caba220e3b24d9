"""Reads what the installation's admins may see: names of coalitions and people, dates and counts.

No query here reads any other text that a coalition wrote.
"""

import re
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from msgspec import Struct

from engage.accounts.models import SignedIn, User
from engage.accounts.queries import sessions_over
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
from engage.coalitions.rules import Role
from engage.database import Selection, folded
from engage.extensions import db
from engage.history import HistoryEntry
from engage.web.lists import ListFilters, enum_asked, text_asked

PAGE_ROWS = 200


class Only(StrEnum):
    """The ways to limit the list to coalitions for which an admin may have to do something."""

    NO_COORDINATOR = "no_coordinator"
    CLOSED = "closed"


class CoalitionFilters(ListFilters, frozen=True):
    """The filters in the query string; `text` is a part of a name or an address."""

    text: str = text_asked(120)
    only: Only | None = enum_asked(Only)


class CoalitionRow(Struct, frozen=True):
    """A coalition as admins see it; `changed_at` is when a person last changed something."""

    id: int
    name: str
    slug: str
    created_at: datetime
    closed_at: datetime | None
    people: int
    coordinators: int
    changed_at: datetime | None


def _people() -> Selection:
    return (
        sa.select(sa.func.count(Membership.id))
        .where(Membership.coalition_id == Coalition.id, *active())
        .correlate(Coalition)
    )


def _coordinators() -> Selection:
    return (
        sa.select(sa.func.count(Membership.id))
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.coalition_id == Coalition.id,
            Membership.role == Role.COORDINATOR,
            User.disabled_at.is_(None),
            *active(),
        )
        .correlate(Coalition)
    )


def _changed() -> Selection:
    """Ignores changes of the daily work, so that a coalition no one works in does not look active."""
    return (
        sa.select(sa.func.max(HistoryEntry.happened_at))
        .where(HistoryEntry.coalition_id == Coalition.id, HistoryEntry.actor_id.is_not(None))
        .correlate(Coalition)
    )


def _coalitions() -> Selection:
    return sa.select(
        Coalition.id,
        Coalition.name,
        Coalition.slug,
        Coalition.created_at,
        Coalition.closed_at,
        _people().label("people"),
        _coordinators().label("coordinators"),
        _changed().label("changed_at"),
    )


def coalition(coalition_id: int) -> Coalition | None:
    """Returns any coalition of the installation."""
    return db.session.get(Coalition, coalition_id)


def coalition_row(coalition_id: int) -> CoalitionRow | None:
    row = db.session.execute(_coalitions().where(Coalition.id == coalition_id)).one_or_none()
    return None if row is None else CoalitionRow(**row._mapping)


def number_of_coalitions(filters: CoalitionFilters) -> int:
    return db.session.scalar(sa.select(sa.func.count(Coalition.id)).where(*_asked(filters))) or 0


def coalitions(filters: CoalitionFilters, page: int) -> list[CoalitionRow]:
    """Returns the coalitions that the filters select, by name; `page` counts from 1."""
    rows = (
        _coalitions()
        .where(*_asked(filters))
        .order_by(sa.func.lower(Coalition.name), Coalition.id)
        .limit(PAGE_ROWS)
        .offset((page - 1) * PAGE_ROWS)
    )
    return [CoalitionRow(**row._mapping) for row in db.session.execute(rows)]


def _asked(filters: CoalitionFilters) -> list[sa.ColumnElement[bool]]:
    found = _called(filters.text)
    if filters.only is Only.CLOSED:
        found += [Coalition.closed_at.is_not(None)]
    elif filters.only is Only.NO_COORDINATOR:
        found += [Coalition.closed_at.is_(None), _coordinators().scalar_subquery() == 0]
    return found


def _called(text: str) -> list[sa.ColumnElement[bool]]:
    if not text:
        return []
    name, slug = (column.icontains(text, autoescape=True) for column in (Coalition.name, Coalition.slug))
    # The slug is usually made from the name, without accents.
    plain = "-".join(re.findall(r"[a-z0-9]+", folded(text)))
    return [sa.or_(name, slug, *([Coalition.slug.contains(plain)] if plain else []))]


class AccountRow(Struct, frozen=True):
    """An account as admins see it; `seen_at` is from a session that is still valid."""

    id: int
    name: str
    email: str
    created_at: datetime
    is_admin: bool
    disabled_at: datetime | None
    second_factor_at: datetime | None
    places: int
    coordinates: int
    sessions: int
    seen_at: datetime | None


def _places(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    rows = sa.select(sa.func.count(Membership.id)).where(
        Membership.user_id == User.id, *active(), *conditions
    )
    return rows.correlate(User).scalar_subquery()


def _accounts() -> Selection:
    return sa.select(
        User.id,
        User.name,
        User.email,
        User.created_at,
        User.is_admin,
        User.disabled_at,
        User.second_factor_at,
        _places().label("places"),
        _places(Membership.role == Role.COORDINATOR).label("coordinates"),
        sa.select(sa.func.count(SignedIn.id))
        .where(SignedIn.user_id == User.id)
        .correlate(User)
        .label("sessions"),
        sa.select(sa.func.max(SignedIn.last_seen_at))
        .where(SignedIn.user_id == User.id)
        .correlate(User)
        .label("seen_at"),
    )


def account_row(user_id: int) -> AccountRow | None:
    row = db.session.execute(_accounts().where(User.id == user_id)).one_or_none()
    return None if row is None else AccountRow(**row._mapping)


def number_of_accounts(text: str) -> int:
    return db.session.scalar(sa.select(sa.func.count(User.id)).where(*_named(text))) or 0


def accounts(text: str, page: int) -> list[AccountRow]:
    """Returns the accounts whose name or address contains the text, by name; `page` counts from 1."""
    by_name = _accounts().order_by(sa.func.lower(User.name), User.id)
    rows = by_name.where(*_named(text)).limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)
    return [AccountRow(**row._mapping) for row in db.session.execute(rows)]


def _named(text: str) -> list[sa.ColumnElement[bool]]:
    """Returns the condition for the accounts; case and accents are ignored."""
    if not text:
        return []
    name, email = (column.icontains(text, autoescape=True) for column in (User.name, User.email))
    # Only memberships store the name without accents, so their names are searched.
    plain = Membership.sort_key.contains(folded(text), autoescape=True)
    return [sa.or_(name, email, User.id.in_(sa.select(Membership.user_id).where(plain)))]


def live_sessions(now: datetime) -> int:
    """Counts browsers that are signed in."""
    rows = sa.select(sa.func.count(SignedIn.id)).where(sa.not_(sessions_over(now)))
    return db.session.scalar(rows) or 0


def coordinated_alone(user_id: int) -> int:
    """Counts the coalitions in which no coordinator other than this person can sign in."""
    other = sa.orm.aliased(Membership)
    others = (
        sa.select(other.id)
        .join(User, User.id == other.user_id)
        .where(
            other.coalition_id == Membership.coalition_id,
            other.user_id != user_id,
            other.role == Role.COORDINATOR,
            other.approved_at.is_not(None),
            other.disabled_at.is_(None),
            other.left_on.is_(None),
            User.disabled_at.is_(None),
        )
    )
    rows = sa.select(sa.func.count(Membership.id)).where(
        Membership.user_id == user_id, Membership.role == Role.COORDINATOR, *active(), ~others.exists()
    )
    return db.session.scalar(rows) or 0
