"""Writes the referral list: adding, editing, checking and deleting a service."""

from collections.abc import Mapping

from flask_babel import gettext as _

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.errors import WrongState
from engage.extensions import db
from engage.history import Value
from engage.kept import KeptCopy
from engage.partners.models import Organization, Service
from engage.versions import claim_version

TABLE = Service.__tablename__


def add(membership: Membership, organization: Organization, fields: Mapping[str, object]) -> Service:
    """Adds a service, which counts as checked today."""
    service = Service(
        coalition_id=organization.coalition_id,
        organization_id=organization.id,
        added_by_id=membership.id,
        **fields,
    )
    _mark_checked(membership, service)
    db.session.add(service)
    db.session.flush()
    _note(membership, service, "added")
    return service


def edit(membership: Membership, service: Service, version: int, fields: Mapping[str, object]) -> None:
    """Edits it. Raises StaleVersion if someone saved it in between."""
    claim_version(service, version)
    for field, value in fields.items():
        old = getattr(service, field)
        if old != value:
            values = {"old": old, "new": value} if field == "agreed_on" else {}
            _note(membership, service, field, **values)
            setattr(service, field, value)


def check(membership: Membership, service: Service) -> None:
    """Records that someone called, and that everything in it is still right."""
    old = service.checked_on
    _mark_checked(membership, service)
    _note(membership, service, "checked_on", old=old, new=service.checked_on)


def may_delete(membership: Membership, service: Service) -> bool:
    """Returns whether this person may delete it: members their own, coordinators any."""
    return service.added_by_id == membership.id or may(membership.role, Permission.MERGE)


def delete(membership: Membership, service: Service) -> KeptCopy:
    """Moves it to the trash. Raises WrongState for someone else's."""
    lock(membership.coalition_id)
    if not may_delete(membership, service):
        raise WrongState(_("Only a coordinator can delete what someone else added."))
    return trash_service.put(membership, service)


def _mark_checked(membership: Membership, service: Service) -> None:
    service.checked_on = clock.today(membership.coalition.time_zone)
    service.checked_by_id = membership.id


def _note(actor: Membership, service: Service, field: str, **values: Value) -> None:
    history.record(service.coalition_id, actor.id, TABLE, service.id, field, **values)
