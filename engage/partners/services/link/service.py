"""Makes, finds and revokes the link to the referral list."""

from datetime import date

import sqlalchemy as sa
from flask import current_app

from engage import clock, tokens
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.service import lock
from engage.extensions import db
from engage.partners.services.models import ReferralLink
from engage.partners.services.rules import ends_on

PURPOSE = "referral list"


def link_of(membership: Membership) -> ReferralLink | None:
    """Returns the coalition's link to the referral list, even if it has expired."""
    return db.session.scalar(
        sa.select(ReferralLink).where(ReferralLink.coalition_id == membership.coalition_id)
    )


def token_of(link: ReferralLink) -> str | None:
    """Returns the link's token; None if it was made with an earlier key and cannot be shown."""
    token = tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, link.nonce)
    return token if tokens.hashed(token) == link.token_hash else None


def make(membership: Membership) -> ReferralLink:
    """Makes a link to the list that is valid for a year; an earlier link stops working."""
    lock(membership.coalition_id)
    link = link_of(membership)
    if link is None:
        link = ReferralLink(coalition_id=membership.coalition_id)
        db.session.add(link)
    link.nonce = tokens.new_token()
    link.token_hash = tokens.hashed(tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, link.nonce))
    link.ends_on = ends_on(clock.today(membership.coalition.time_zone))
    db.session.flush()
    audit_service.record(membership, AuditEvent.REFERRAL_LINK_MADE)
    return link


def revoke(membership: Membership) -> bool:
    """Ends the link at once. Returns False if there is none."""
    lock(membership.coalition_id)
    link = link_of(membership)
    if link is None:
        return False
    db.session.delete(link)
    audit_service.record(membership, AuditEvent.REFERRAL_LINK_REVOKED)
    return True


def coalition_by_token(token: str) -> Coalition | None:
    """Returns the coalition whose list the link opens; None for a link that opens none, or that has ended."""
    row = db.session.execute(
        sa.select(Coalition, ReferralLink.ends_on)
        .join(ReferralLink, ReferralLink.coalition_id == Coalition.id)
        .where(ReferralLink.token_hash == tokens.hashed(token), Coalition.closed_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    coalition, last = row
    return coalition if not is_over(last, coalition) else None


def is_over(last: date, coalition: Coalition) -> bool:
    return clock.today(coalition.time_zone) > last
