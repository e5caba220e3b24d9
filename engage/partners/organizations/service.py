"""Writes the directory: adding, editing, checking and deleting an organization."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.service import Held
from engage.database import Base, sort_key
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import queries, service
from engage.partners.models import Contact, Organization, OrganizationTag, Service
from engage.partners.rules import TagKind
from engage.snapshots import Snapshot
from engage.versions import claim_version

TABLE = Organization.__tablename__
# These tables hold parts of an organization, which are deleted with it.
PARTS = frozenset(model.__tablename__ for model in (OrganizationTag, Contact, Service))


def add(
    membership: Membership, fields: Mapping[str, Any], tags: Mapping[TagKind, Iterable[str]]
) -> Organization:
    """Adds an organization, which counts as checked today.

    Raises FieldRefused on `name` if the coalition has an organization of this name.
    """
    try:
        organization = service.add_organization(membership, fields["name"], fields["sector"])
    except FieldRefused:
        raise _name_is_taken() from None
    for field, value in fields.items():
        setattr(organization, field, value)
    for kind, values in tags.items():
        _set_tags(organization, kind, values)
    _mark_verified(organization, membership)
    refresh_search(organization.coalition_id, organization.id)
    return organization


def edit(
    membership: Membership,
    organization: Organization,
    version: int,
    fields: Mapping[str, object],
    tags: Mapping[TagKind, Iterable[str]],
) -> None:
    """Edits an organization.

    Raises StaleVersion if someone saved it in between, and FieldRefused for a name that another one has.
    """
    claim_version(organization, version)
    try:
        with db.session.begin_nested():
            history.set_fields(membership, organization, fields)
            organization.sort_key = sort_key(organization.name, Organization)
    except IntegrityError:
        raise _name_is_taken() from None
    for kind, values in tags.items():
        if _set_tags(organization, kind, values):
            history.note(membership, organization, f"{kind}_tags")
    refresh_search(organization.coalition_id, organization.id)


def verify(membership: Membership, organization: Organization) -> None:
    """Records that someone checked the organization and that the whole entry is still right."""
    old = organization.verified_on
    new = _mark_verified(organization, membership)
    history.note(membership, organization, "verified_on", old=old, new=new)


def may_delete(membership: Membership, organization: Organization) -> bool:
    """Returns whether this person may delete the organization: members their own, coordinators any."""
    return organization.added_by_id == membership.id or may(membership.role, Permission.MERGE)


def delete(membership: Membership, organization: Organization) -> Snapshot:
    """Moves an organization to the trash with its contacts.

    Raises WrongState if something refers to it, or if it is someone else's.
    """
    lock(membership.coalition_id)
    if not may_delete(membership, organization):
        raise WrongState(_("Only a coordinator can delete what someone else added."))
    held = _("Other records refer to this organization, so it cannot be deleted. Merge it instead.")
    if pointing(organization):
        raise WrongState(held)
    try:
        return trash_service.put(membership, organization)
    except Held:
        raise WrongState(held) from None


def pointing_columns() -> list[sa.Column[object]]:
    """Returns every column of any table that refers to an organization, by the tables' foreign keys."""
    return [
        key.columns[column]
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table is Organization.__table__
        for column in key.column_keys
        if column != "coalition_id"
    ]


def pointing(organization: Organization, *, with_parts: bool = False) -> dict[str, int]:
    """Counts the rows of each table that refer to this organization, without empty tables.

    `with_parts` includes its own parts.
    """
    counts = [
        sa.select(sa.func.count())
        .select_from(column.table)
        .where(column.table.c.coalition_id == organization.coalition_id, column == organization.id)
        .scalar_subquery()
        .label(f"{column.table.name}.{column.name}")
        for column in pointing_columns()
        if with_parts or column.table.name not in PARTS
    ]
    found: dict[str, int] = {}
    for name, number in db.session.execute(sa.select(*counts)).mappings().one().items():
        if number:
            table = name.split(".")[0]
            found[table] = found.get(table, 0) + number
    return found


def refresh_search(coalition_id: int, organization_id: int | None = None) -> None:
    """Updates the search text of one organization, or of all, after names, services or counties changed."""
    db.session.flush()
    found = (
        sa.select(sa.func.aggregate_strings(OrganizationTag.sort_key, " "))
        .where(
            OrganizationTag.organization_id == Organization.id,
            OrganizationTag.kind.in_([TagKind.SERVICE, TagKind.COUNTY]),
        )
        .scalar_subquery()
    )
    rows = sa.update(Organization).where(Organization.coalition_id == coalition_id)
    if organization_id is not None:
        rows = rows.where(Organization.id == organization_id)
    key = Organization.sort_key + " " + sa.func.coalesce(found, "")
    db.session.execute(rows.values(search_key=key).execution_options(synchronize_session=False))


def _mark_verified(organization: Organization, membership: Membership) -> Any:
    organization.verified_on = clock.today(membership.coalition.time_zone)
    organization.verified_by_id = membership.id
    return organization.verified_on


def _set_tags(organization: Organization, kind: TagKind, values: Iterable[str]) -> bool:
    """Replaces an organization's tags of one kind, in this order; returns whether that changed anything."""
    wanted: dict[str, str] = {}
    for value in values:
        wanted.setdefault(sort_key(value, OrganizationTag), value)
    stored = [row for row in queries.tag_rows(organization) if row.kind is kind]
    if [row.value for row in stored] == list(wanted.values()):
        return False
    for row in stored:
        db.session.delete(row)
    db.session.flush()
    of = {"coalition_id": organization.coalition_id, "organization_id": organization.id, "kind": kind}
    db.session.add_all(OrganizationTag(**of, value=value, sort_key=key) for key, value in wanted.items())
    return True


def _name_is_taken() -> FieldRefused:
    return FieldRefused(
        "name",
        _(
            "Another organization already has this name. If yours is a different one, add its "
            "town to the name."
        ),
    )
