"""Merges two entries of one organization: what moves, what differs, and the merge itself."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engage import history
from engage.coalitions.models import Membership
from engage.coalitions.trash import kinds
from engage.database import sort_key
from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners.contacts.service import set_places
from engage.partners.conversations import service as conversations_service
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.organizations import service as organizations_service
from engage.partners.organizations.service import TABLE
from engage.partners.rules import places_joined
from engage.versions import claim_version

# If both entries have one of these texts, a coordinator chooses one.
FIELDS = ("name", "sector", "about", "website", "phone", "email")
_HISTORY_LONGEST = 20


def differing(kept: Organization, other: Organization) -> list[str]:
    """Returns the fields that both entries have, with different values."""
    pairs = ((name, getattr(kept, name), getattr(other, name)) for name in FIELDS)
    return [name for name, ours, theirs in pairs if ours and theirs and ours != theirs]


def merge(
    membership: Membership,
    kept: Organization,
    other: Organization,
    versions: tuple[int, int],
    chosen: Mapping[str, object],
) -> None:
    """Makes everything that refers to the other organization refer to the kept one, and deletes the other.

    `chosen` holds the values of fields that differ. Values that only the other one has are copied. Raises
    StaleVersion if someone saved one of the two in between.
    """
    _hold(kept, other)
    claim_version(kept, versions[0])
    claim_version(other, versions[1])
    values = {name: getattr(kept, name) or getattr(other, name) for name in FIELDS} | dict(chosen)
    looked = max((day for day in (kept.verified_on, other.verified_on) if day is not None), default=None)
    if looked != kept.verified_on:
        kept.verified_on, kept.verified_by_id = looked, other.verified_by_id
    kept.created_at = min(kept.created_at, other.created_at)
    level = kept.level if kept.level is not None else other.level
    _join_tags(kept, other)
    _join_contacts(kept, other)
    _move(kept, other)
    for thing, field, id_ in ((kept.id, "merged_from", other.id), (other.id, "merged_into", kept.id)):
        history.record(kept.coalition_id, membership.id, TABLE, thing, field, new=id_)
    db.session.delete(other)
    db.session.flush()  # frees the name for the kept organization
    history.set_fields(membership, kept, values)
    kept.sort_key, kept.level = sort_key(kept.name, Organization), level
    if conversations_service.levels_of(kept):
        conversations_service.follow_level(membership, kept)
    organizations_service.refresh_search(kept.coalition_id, kept.id)


def became(membership: Membership, organization_id: int) -> int | None:
    """Returns the id of the organization this one was merged into, also through later merges; None if it was not."""
    found = None
    for _step in range(_HISTORY_LONGEST):
        step = sa.select(HistoryEntry.new).where(
            HistoryEntry.coalition_id == membership.coalition_id,
            HistoryEntry.thing == TABLE,
            HistoryEntry.thing_id == (found or organization_id),
            HistoryEntry.field == "merged_into",
        )
        into = db.session.scalar(step.order_by(HistoryEntry.id.desc()).limit(1))
        if into is None:
            break
        found = int(into)
    return found


def _hold(kept: Organization, other: Organization) -> None:
    """Locks both organizations, so that nothing can be linked to either until the merge is committed."""
    rows = sa.select(Organization.id).where(Organization.id.in_([kept.id, other.id]))
    db.session.execute(rows.order_by(Organization.id).with_for_update())


def _join_tags(kept: Organization, other: Organization) -> None:
    """Gives the kept organization the tags of both, each tag once."""
    same = sa.select(OrganizationTag.kind, OrganizationTag.sort_key).where(
        OrganizationTag.organization_id == kept.id
    )
    there = {tuple(row) for row in db.session.execute(same)}
    for row in db.session.scalars(
        sa.select(OrganizationTag).where(OrganizationTag.organization_id == other.id)
    ):
        if (row.kind, row.sort_key) in there:
            db.session.delete(row)
    db.session.flush()


def _join_contacts(kept: Organization, other: Organization) -> None:
    """Keeps the main and alternate contact of the kept organization; the other's contacts take free places."""

    def of(organization: Organization) -> list[Contact]:
        rows = sa.select(Contact).where(Contact.organization_id == organization.id).order_by(Contact.id)
        return list(db.session.scalars(rows))

    ours, theirs = of(kept), of(other)
    places = places_joined({row.id: row.place for row in ours}, {row.id: row.place for row in theirs})
    # The contacts get free places first, while they still belong to the organization that goes away.
    set_places(theirs, places)


def _move(kept: Organization, other: Organization) -> None:
    """Moves every reference to the other organization, in any table."""
    db.session.flush()
    for column in organizations_service.pointing_columns():
        table: Any = column.table
        db.session.execute(
            sa.update(table)
            .where(table.c.coalition_id == kept.coalition_id, column == other.id)
            .values({column.name: kept.id})
        )
    db.session.expire_all()


kinds.register_merging(TABLE, became)
