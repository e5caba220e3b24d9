"""Names sites that may show public pages in a frame, and removes them at once."""

from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import ngettext
from engage.reports.framing import queries
from engage.reports.framing.rules import MOST_SITES
from engage.reports.models import FramingSite


def name_site(membership: Membership, origin: str) -> bool:
    """Lets a site show the pages. Returns False if it was named before.

    Raises FieldRefused if there are as many sites as there may be.
    """
    lock(membership.coalition_id)
    named = queries.origins_of(membership.coalition_id)
    if origin in named:
        return False
    if len(named) >= MOST_SITES:
        message = ngettext(
            "At most %(num)s site can be named. Remove one first.",
            "At most %(num)s sites can be named. Remove one first.",
            MOST_SITES,
        )
        raise FieldRefused("origin", message)
    site = FramingSite(coalition_id=membership.coalition_id, origin=origin)
    db.session.add(site)
    db.session.flush()
    audit_service.record(membership, AuditEvent.SITE_NAMED, site)
    return True


def remove_site(membership: Membership, site: FramingSite) -> None:
    """Removes a site; browsers refuse the frames there from the next request on."""
    audit_service.record(membership, AuditEvent.SITE_REMOVED, site)
    db.session.delete(site)
