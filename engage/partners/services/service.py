"""Writes the referral list: adding, editing, checking and deleting a service."""

from collections.abc import Mapping

from engage import clock, history, versions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.errors import WrongState
from engage.i18n import gettext as _
from engage.partners.models import Organization, Service
from engage.snapshots import Snapshot

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
    return history.add(membership, service)


def edit(membership: Membership, service: Service, version: int, fields: Mapping[str, object]) -> None:
    """Edits a service. Raises StaleVersion if someone saved it in between."""
    versions.change(membership, service, version, fields, kept=("agreed_on",))


def check(membership: Membership, service: Service) -> None:
    """Records that someone called the organization, and that the whole entry is still right."""
    old = service.checked_on
    _mark_checked(membership, service)
    history.note(membership, service, "checked_on", old=old, new=service.checked_on)


def may_delete(membership: Membership, service: Service) -> bool:
    """Returns whether this person may delete the service: members their own, coordinators any."""
    return service.added_by_id == membership.id or may(membership.role, Permission.MERGE)


def delete(membership: Membership, service: Service) -> Snapshot:
    """Moves a service to the trash. Raises WrongState for someone else's."""
    lock(membership.coalition_id)
    if not may_delete(membership, service):
        raise WrongState(_("Only a coordinator can delete what someone else added."))
    return trash_service.put(membership, service)


def _mark_checked(membership: Membership, service: Service) -> None:
    service.checked_on = clock.today(membership.coalition.time_zone)
    service.checked_by_id = membership.id
