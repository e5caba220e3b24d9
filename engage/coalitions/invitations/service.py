"""Handles invitations by link: making them, showing them again, counting their uses.

A link's token is derived from the row's nonce and the installation's key, so that a coordinator can copy the
link again but the database alone does not reveal it.
"""

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct, field
from sqlalchemy.orm import joinedload

from engage import clock, history, tokens
from engage.accounts.models import User
from engage.accounts.service import folded_email
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.models import Coalition, Invitation, Membership
from engage.coalitions.rules import (
    QUEUED_LONGEST,
    InvitationKind,
    InvitationProgress,
    InvitationState,
    Role,
    expiry,
    invitation_progress,
    invitation_state,
)
from engage.coalitions.service import lock
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.i18n import gettext as _

TABLE = "coalitions_invitation"
COORDINATOR_LINK_DAYS = 30


def token_of(invitation: Invitation) -> str | None:
    """Returns the link's token; None if it was made with an earlier key and cannot be shown again."""
    token = tokens.derived(current_app.config["SECRET_KEY"], "invitation", invitation.nonce)
    return token if tokens.hashed(token) == invitation.token_hash else None


def mailed_token_of(invitation: Invitation) -> str | None:
    """Returns the token for a mail to the invitation's own address, which no page shows.

    What follows the dot proves that whoever has it could read that mail: the coordinator who made the link, or
    someone to whom they gave it, has only the part before.
    """
    token = token_of(invitation)
    return f"{token}.{_proof(invitation)}" if token is not None else None


def came_by_mail(invitation: Invitation, token: str) -> bool:
    """Returns whether this token was in a mail to the address for which the invitation was made."""
    is_bound = invitation.kind is InvitationKind.BOUND
    return is_bound and hmac.compare_digest(token.partition(".")[2].encode(), _proof(invitation).encode())


def _proof(invitation: Invitation) -> str:
    return tokens.derived(current_app.config["SECRET_KEY"], "mailed invitation", invitation.nonce)


def state_of(invitation: Invitation) -> InvitationState:
    """Returns the invitation's current state, derived from its columns."""
    return invitation_state(invitation.uses_left, invitation.expires_at, invitation.revoked_at, clock.now())


def progress_of(invitation: Invitation) -> InvitationProgress:
    """Returns how far the person has come for whom a bound link was made."""
    return invitation_progress(
        is_used=invitation.uses_left == 0,
        has_started=invitation.started_at is not None,
        was_sent=invitation.sent_at is not None,
        is_queued=invitation.queued_at is not None and invitation.queued_at > clock.now() - QUEUED_LONGEST,
    )


def by_token(token: str) -> Invitation | None:
    """Returns the invitation with this token, mailed or not, in any state, with its coalition and its maker."""
    row = (
        sa.select(Invitation)
        .options(joinedload(Invitation.coalition), joinedload(Invitation.created_by))
        .where(Invitation.token_hash == tokens.hashed(token.partition(".")[0]))
    )
    return db.session.scalar(row)


def invitation_of(membership: Membership, invitation_id: int) -> Invitation | None:
    """Returns one of this coalition's invitations."""
    row = sa.select(Invitation).where(
        Invitation.coalition_id == membership.coalition_id, Invitation.id == invitation_id
    )
    return db.session.scalar(row)


def invitations_of(membership: Membership) -> list[Invitation]:
    """Returns the coalition's invitations, newest first, each with its maker."""
    rows = (
        sa.select(Invitation)
        .options(joinedload(Invitation.created_by))
        .where(Invitation.coalition_id == membership.coalition_id)
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )
    return list(db.session.scalars(rows))


def usable_of(membership: Membership, ids: Sequence[int]) -> list[Invitation]:
    """Returns the invitations with these ids that can still be used, in the order in which they were made."""
    if not ids:
        return []
    rows = (
        sa.select(Invitation)
        .where(
            Invitation.coalition_id == membership.coalition_id,
            Invitation.id.in_(ids),
            *usable(),
        )
        .order_by(Invitation.id)
    )
    return list(db.session.scalars(rows))


def usable() -> tuple[sa.ColumnElement[bool], ...]:
    """Returns the SQL conditions for invitations that can still be used."""
    return (
        Invitation.uses_left > 0,
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > clock.now(),
    )


def unsent_of(membership: Membership) -> list[Invitation]:
    """Returns the usable bound links that no one has sent, in the order in which they were made."""
    rows = sa.select(Invitation).where(Invitation.coalition_id == membership.coalition_id, *unsent())
    return list(db.session.scalars(rows.order_by(Invitation.id)))


def unsent_count(membership: Membership) -> int:
    rows = sa.select(sa.func.count(Invitation.id))
    return db.session.scalar(rows.where(Invitation.coalition_id == membership.coalition_id, *unsent())) or 0


def unsent() -> tuple[sa.ColumnElement[bool], ...]:
    """Returns the SQL conditions for usable bound links that were not sent and are not being sent."""
    kind = Invitation.kind == InvitationKind.BOUND
    return kind, Invitation.sent_at.is_(None), Invitation.started_at.is_(None), ~is_queued(), *usable()


def is_queued() -> sa.ColumnElement[bool]:
    """Returns the SQL condition for links whose e-mail waits to be sent."""
    return sa.and_(Invitation.queued_at.is_not(None), Invitation.queued_at > clock.now() - QUEUED_LONGEST)


def _new(
    coalition_id: int,
    made_by: Membership | None,
    kind: InvitationKind,
    role: Role,
    days: int,
    *,
    uses: int = 1,
    email: str = "",
    label: str = "",
    claims_id: int | None = None,
) -> Invitation:
    now = clock.now()
    nonce = tokens.new_token()
    token = tokens.derived(current_app.config["SECRET_KEY"], "invitation", nonce)
    invitation = Invitation(
        coalition_id=coalition_id,
        kind=kind,
        role=role,
        needs_approval=kind is InvitationKind.OPEN and made_by is not None,
        email=email,
        label=label,
        nonce=nonce,
        token_hash=tokens.hashed(token),
        created_at=now,
        created_by_id=made_by.id if made_by else None,
        claims_id=claims_id,
        expires_at=expiry(now, days),
        uses_left=uses,
    )
    db.session.add(invitation)
    db.session.flush()
    actor_id = made_by.id if made_by else None
    history.record(coalition_id, actor_id, TABLE, invitation.id, "role", new=role)
    audit_service.record(
        made_by or audit_service.Server(coalition_id), AuditEvent.INVITATION_MADE, invitation, new=role
    )
    return invitation


def invite_coordinator(coalition: Coalition) -> str:
    """Makes the link that a command on the server prints: one use, 30 days, no approval. Returns its token."""
    invitation = _new(
        coalition.id, None, InvitationKind.OPEN, Role.COORDINATOR, COORDINATOR_LINK_DAYS, label=""
    )
    token = token_of(invitation)
    assert token is not None
    return token


def invite_openly(made_by: Membership, role: Role, days: int, uses: int, label: str = "") -> Invitation:
    """Makes a link that anyone can use; a coordinator approves each person. Raises FieldRefused on `role`."""
    if role is Role.COORDINATOR:
        raise FieldRefused(
            "role", _("An open link cannot make coordinators. Invite them by their address instead.")
        )
    return _new(made_by.coalition_id, made_by, InvitationKind.OPEN, role, days, uses=uses, label=label)


class Invited(Struct):
    """The result of inviting a list of addresses: the new links, and the people who need none."""

    invitations: list[Invitation] = field(default_factory=list)
    already_here: list[str] = field(default_factory=list)


def invite_people(made_by: Membership, people: Iterable[Addressee], role: Role, days: int) -> Invited:
    """Makes a bound link for each address.

    A person with an open link for this role keeps that link, so that printed sheets stay valid. Members get
    no link. A person with this address who is listed without an account takes over their place with the link.
    """
    invited = Invited()
    here, claims = _people_by_email(made_by.coalition_id)
    open_links = _bound_links(made_by.coalition_id)
    for person in people:
        claims_id = claims.get(person.email)
        earlier = open_links.get(person.email)
        if person.email in here:
            invited.already_here.append(person.email)
        elif earlier is not None and earlier.role is role and earlier.claims_id == claims_id:
            invited.invitations.append(earlier)
        else:
            if earlier is not None:
                revoke(earlier, made_by)
            invited.invitations.append(_bound(made_by, person, role, days, claims_id))
    return invited


def invite_to_claim(made_by: Membership, place: Membership, email: str, days: int) -> Invitation:
    """Makes a bound link with which a person who is listed without an account takes over their place.

    Raises WrongState if someone has already taken the place over, and FieldRefused on `email` if they are a
    member.
    """
    if place.user_id is not None or place.left_on is not None:
        raise WrongState(_("This person has already joined."))
    here = _people_by_email(made_by.coalition_id)[0]
    if folded_email(email) in here:
        raise FieldRefused("email", _("Someone with this address is already a member."))
    for earlier in db.session.scalars(
        sa.select(Invitation).where(Invitation.claims_id == place.id, *usable())
    ):
        revoke(earlier, made_by)
    return _bound(made_by, Addressee(folded_email(email), place.name), place.role, days, place.id)


def _bound(
    made_by: Membership, person: Addressee, role: Role, days: int, claims_id: int | None
) -> Invitation:
    return _new(
        made_by.coalition_id,
        made_by,
        InvitationKind.BOUND,
        role,
        days,
        email=person.email,
        label=person.name,
        claims_id=claims_id,
    )


def _people_by_email(coalition_id: int) -> tuple[set[str], dict[str, int]]:
    """Returns the addresses of members with an account, and the places that can be taken over, by address."""
    with_account = (
        sa.select(User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.coalition_id == coalition_id,
            Membership.left_on.is_(None),
            Membership.approved_at.is_not(None),
        )
    )
    without = sa.select(Membership.email, Membership.id).where(
        Membership.coalition_id == coalition_id,
        Membership.user_id.is_(None),
        Membership.left_on.is_(None),
        Membership.email != "",
    )
    places = {row.email: row.id for row in db.session.execute(without)}
    return set(db.session.scalars(with_account)), places


def _bound_links(coalition_id: int) -> dict[str, Invitation]:
    rows = sa.select(Invitation).where(
        Invitation.coalition_id == coalition_id, Invitation.kind == InvitationKind.BOUND, *usable()
    )
    return {row.email: row for row in db.session.scalars(rows)}


def revoke(invitation: Invitation, actor: Membership) -> None:
    """Makes the link stop working at once; revoking twice changes nothing."""
    if invitation.revoked_at is None:
        old = state_of(invitation)
        invitation.revoked_at = clock.now()
        _note_state(invitation, actor, old)
        audit_service.record(actor, AuditEvent.INVITATION_REVOKED, invitation)


def revoke_coordinators_of(maker: Membership, actor: Membership) -> None:
    """Revokes the links to become a coordinator that this person made."""
    rows = sa.select(Invitation).where(
        Invitation.coalition_id == maker.coalition_id,
        Invitation.created_by_id == maker.id,
        Invitation.role == Role.COORDINATOR,
        *usable(),
    )
    for invitation in db.session.scalars(rows).all():
        revoke(invitation, actor)


def note_sent(invitation: Invitation, actor: Membership, *, was_sent: bool = True) -> None:
    """Records that the link or a reminder was sent now, or that nothing was sent after all."""
    invitation.sent_at = clock.now() if was_sent else None
    history.note(actor, invitation, "sent" if was_sent else "not_sent")


def note_all_sent(invitations: Iterable[Invitation], actor: Membership) -> int:
    """Records for all of these links that were not sent before that they are now. Returns their number."""
    waiting = [each for each in invitations if progress_of(each) is InvitationProgress.NOT_SENT]
    for each in waiting:
        note_sent(each, actor)
    return len(waiting)


def start(invitation: Invitation) -> None:
    """Records that the person who opened a bound link pressed the button on its first page."""
    if invitation.kind is InvitationKind.BOUND and invitation.started_at is None:
        invitation.started_at = clock.now()


def give_back(invitation: Invitation, actor: Membership) -> None:
    """Makes a revoked link work again.

    Raises WrongState if it has expired, or if another link or member replaces it.
    """
    lock(invitation.coalition_id)
    db.session.refresh(invitation)
    if invitation.revoked_at is None:
        return
    _refuse_if_taken(invitation)
    invitation.revoked_at = None
    if state_of(invitation) is not InvitationState.USABLE:
        raise WrongState(_("This link has been used or has expired. Make a new one."))
    _note_state(invitation, actor, InvitationState.REVOKED)
    audit_service.record(actor, AuditEvent.INVITATION_MADE, invitation, new=invitation.role)


def _note_state(invitation: Invitation, actor: Membership, old: InvitationState) -> None:
    new = state_of(invitation)
    history.note(actor, invitation, "state", old=old, new=new)


def _refuse_if_taken(invitation: Invitation) -> None:
    """Raises WrongState if the person is already a member, or if there is another link for the address or the place."""
    if invitation.kind is not InvitationKind.BOUND:
        return
    here, claims = _people_by_email(invitation.coalition_id)
    if invitation.email in here:
        raise WrongState(_("Someone with this address is already a member."))
    if invitation.claims_id is not None and invitation.claims_id not in claims.values():
        raise WrongState(_("This person has already joined."))
    same = [Invitation.email == invitation.email]
    if invitation.claims_id is not None:
        same.append(Invitation.claims_id == invitation.claims_id)
    other = sa.select(Invitation.id).where(
        Invitation.coalition_id == invitation.coalition_id, sa.or_(*same), *usable()
    )
    if db.session.scalar(other.limit(1)) is not None:
        raise WrongState(_("A newer link works. This one stays revoked."))


def prune(over_since: datetime) -> int:
    """Deletes the invitations that were already unusable at that time. Returns the number of deleted rows."""
    used_up = sa.and_(Invitation.uses_left == 0, Invitation.last_used_at <= over_since)
    over = sa.or_(used_up, Invitation.expires_at <= over_since, Invitation.revoked_at <= over_since)
    gone = db.session.execute(sa.delete(Invitation).where(over).execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def take_use(invitation: Invitation) -> bool:
    """Counts one use if one is left; returns whether it did.

    A single UPDATE does this, so that if two people come at the same time, only one gets the last use.
    """
    now = clock.now()
    taken = (
        sa.update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.uses_left > 0,
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(uses_left=Invitation.uses_left - 1, last_used_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(db.session.execute(taken).rowcount == 1)  # type: ignore[attr-defined]
