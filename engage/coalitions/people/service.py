"""Writes people: joining, roles, pausing, leaving. The last coordinator cannot leave."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from engage import clock, history
from engage.accounts.models import User
from engage.accounts.service import (
    end_links_made_by,
    end_links_of_coordinators,
    end_sessions,
    folded_email,
)
from engage.coalitions import queries, service
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.audit.service import Actor
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Coalition, Invitation, Membership, MembershipDiscipline
from engage.coalitions.rules import CONTACT_MONTHS_OFFERED, PersonState, Role, months_before
from engage.database import sort_key, text_is_gone
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _

TABLE = "coalitions_membership"


def rename_person(user: User, name: str) -> None:
    """Changes the name of the account and of its memberships in every coalition."""
    user.name = name
    places = sa.update(Membership).where(Membership.user_id == user.id)
    db.session.execute(places.values(name=name, sort_key=sort_key(name, Membership)))
    text_is_gone()


def join(user: User, invitation: Invitation) -> Membership:
    """Admits this person by an invitation whose use was just counted.

    A person who left gets their old place back. A bound link approves a person who is waiting, or hands over
    the place of a person without an account. Raises WrongState with a message for the person; the view then
    rolls the counted use back.
    """
    service.lock(invitation.coalition_id)
    place = queries.place_in(invitation.coalition_id, user.id)
    if invitation.claims_id is not None and place is None:
        place = _claimed(user, invitation.claims_id)
    elif place is not None:
        _come_back(place, invitation)
    else:
        place = _admit(user, invitation)
    end_links_of_coordinators(user)
    audit_service.record(place, AuditEvent.INVITATION_USED, invitation, new=invitation.role)
    return place


def _admit(user: User, invitation: Invitation) -> Membership:
    now = clock.now()
    place = Membership(
        coalition_id=invitation.coalition_id,
        user_id=user.id,
        name=user.name,
        sort_key=sort_key(user.name, Membership),
        role=invitation.role,
        understood_at=now,
        joined_at=now,
        approved_at=None if invitation.needs_approval else now,
        came_by=invitation.kind,
    )
    db.session.add(place)
    db.session.flush()
    _note_state(place, place.id, None)
    return place


def _come_back(place: Membership, invitation: Invitation) -> None:
    old = place.state
    if old is PersonState.ACTIVE:
        raise WrongState(_("You are already a member of this coalition."))
    if old is PersonState.DISABLED:
        raise WrongState(_("Your access to this coalition is paused. Ask a coordinator."))
    if old is PersonState.WAITING and invitation.needs_approval:
        raise WrongState(_("You have already asked to join. A coordinator still has to approve you."))
    now = clock.now()
    place.left_on = None
    place.understood_at = place.joined_at = now
    place.approved_at = None if invitation.needs_approval else now
    place.approved_by_id = None
    place.came_by = invitation.kind
    _set_role(place, invitation.role, place)
    _note_state(place, place.id, old)


def _claimed(user: User, place_id: int) -> Membership:
    """Gives the place without an account to this user, in one UPDATE, so that two users cannot both get it."""
    taken = (
        sa.update(Membership)
        .where(Membership.id == place_id, Membership.user_id.is_(None), Membership.left_on.is_(None))
        .values(
            user_id=user.id,
            name=user.name,
            sort_key=sort_key(user.name, Membership),
            email="",
            understood_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(taken).rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState(_("This invitation has been used or closed. Ask a coordinator for a new one."))
    place = db.session.get_one(Membership, place_id, populate_existing=True)
    history.note(place, place, "claimed")
    return place


class NewPerson(Struct, frozen=True):
    """A person without an account, as a coordinator enters them."""

    name: str
    email: str = ""
    phone: str = ""


def add_person(actor: Actor, name: str, email: str = "", phone: str = "") -> Membership:
    """Adds a person without an account, who can own actions and may take over the place later."""
    return add_people(actor, [NewPerson(name, email, phone)])[0]


def add_people(actor: Actor, people: Iterable[NewPerson], role: Role = Role.MEMBER) -> list[Membership]:
    """Adds people without an account."""
    now = clock.now()
    places = [
        Membership(
            coalition_id=actor.coalition_id,
            name=each.name,
            sort_key=sort_key(each.name, Membership),
            role=role,
            email=folded_email(each.email),
            phone=each.phone,
            joined_at=now,
            approved_at=now,
            approved_by_id=actor.id,
        )
        for each in people
    ]
    db.session.add_all(places)
    db.session.flush()
    states = ((place.id, "state", None, place.state) for place in places)
    history.record_changes(actor.coalition_id, actor.id, TABLE, states)
    for place in places:
        audit_service.record(actor, AuditEvent.PERSON_ADDED, place)
    return places


def change_person(place: Membership, name: str, email: str, phone: str, actor: Membership) -> None:
    """Changes name, address and number of a person without an account. Raises WrongState if they have one now."""
    if place.user_id is not None:
        raise WrongState(_("This person now has an account and keeps their own name and address up to date."))
    for field, value in {"name": name, "email": folded_email(email), "phone": phone}.items():
        if getattr(place, field) != value:
            setattr(place, field, value)
            history.note(actor, place, field)
            text_is_gone()
    place.sort_key = sort_key(name, Membership)


def note_password_link(place: Membership, actor: Membership) -> None:
    """Records who made a password link for which person."""
    history.note(actor, place, "password_link")
    audit_service.record(actor, AuditEvent.PASSWORD_LINK_MADE, place)


def approve(place: Membership, actor: Membership) -> None:
    """Approves a waiting person. Raises WrongState if they are no longer waiting."""
    _must_be(place, PersonState.WAITING)
    place.approved_at = clock.now()
    place.approved_by_id = actor.id
    _note_state(place, actor.id, PersonState.WAITING)
    audit_service.record(actor, AuditEvent.PERSON_APPROVED, place, new=place.role)


def decline(place: Membership, actor: Membership) -> None:
    """Declines a waiting person. The row stays with a date, so that another request by them is recognized."""
    _must_be(place, PersonState.WAITING)
    place.left_on = clock.today(actor.coalition.time_zone)
    _note_state(place, actor.id, PersonState.WAITING)
    audit_service.record(actor, AuditEvent.PERSON_DECLINED, place)


def set_role(place: Membership, role: Role, actor: Membership) -> None:
    """Changes the role. Raises WrongState for the last coordinator, and for a coordinator without an account."""
    if role is not Role.COORDINATOR:
        _keep_a_coordinator(place)
    elif place.user_id is None:
        raise WrongState(_("A coordinator needs an account. Invite this person first."))
    if place.state is PersonState.LEFT:
        raise WrongState(_("This person has left. Invite them again to give them a role."))
    if role is not Role.COORDINATOR:
        _take_keys(place, actor)
    _set_role(place, role, actor)


def disable(place: Membership, actor: Membership) -> None:
    """Pauses a person's access from the next request on. Raises WrongState for the last coordinator."""
    _must_be(place, PersonState.ACTIVE)
    _keep_a_coordinator(place)
    _take_keys(place, actor)
    place.disabled_at = clock.now()
    _note_state(place, actor.id, PersonState.ACTIVE)
    audit_service.record(actor, AuditEvent.ACCESS_PAUSED, place)


def enable(place: Membership, actor: Membership) -> None:
    """Restores paused access."""
    _must_be(place, PersonState.DISABLED)
    place.disabled_at = None
    _note_state(place, actor.id, PersonState.DISABLED)
    audit_service.record(actor, AuditEvent.ACCESS_RESTORED, place)


def remove(place: Membership, actor: Membership) -> None:
    """Records that the person left or was removed today. Their responsibilities stay until they are handed over.

    Raises WrongState for the last coordinator.
    """
    old = place.state
    if old is PersonState.LEFT:
        raise WrongState(_("This person has already left."))
    _keep_a_coordinator(place)
    _take_keys(place, actor)
    place.left_on = clock.today(actor.coalition.time_zone)
    place.disabled_at = None
    _note_state(place, actor.id, old)
    own = place.id == actor.id
    if not own:
        _sign_out(place)
    audit_service.record(actor, AuditEvent.PERSON_LEFT if own else AuditEvent.PERSON_REMOVED, place)


def _sign_out(place: Membership) -> None:
    """Signs a removed person out everywhere, unless another coalition or the site's administration needs them."""
    user = place.user
    if user is not None and not user.is_admin and not queries.memberships_of(user.id):
        end_sessions(user)


def former_name(place: Membership) -> str:
    """Returns the name shown for a person whose account was deleted; only a number tells such people apart."""
    return _("Former member %(number)s", number=place.id)


def become_former(place: Membership) -> None:
    """Deletes the name, the address and the contact data of a person whose account is deleted.

    The place stays, with its dates, for what the person did and for what has to be handed over. The caller
    ensures that a coordinator remains.
    """
    old = place.state
    if old is not PersonState.LEFT:
        place.left_on = clock.today(place.coalition.time_zone)
        place.disabled_at = None
        _note_state(place, place.id, old)
    if place.role is Role.COORDINATOR:
        _set_role(place, Role.MEMBER, place)
    audit_service.record(place, AuditEvent.ACCOUNT_DELETED, place)
    place.user_id = None
    place.name = former_name(place)
    place.sort_key = sort_key(place.name, Membership)
    place.email = place.phone = ""
    place.shows_email = place.shows_phone = place.named_in_public = False
    place.understood_at = None
    does = sa.delete(MembershipDiscipline).where(MembershipDiscipline.membership_id == place.id)
    db.session.execute(does.execution_options(synchronize_session=False))


def forget_contacts(now: datetime) -> int:
    """Deletes contact data of people who left, after the months their coalition set. Returns the number of people."""
    held = sa.or_(Membership.email != "", Membership.phone != "")
    forgotten = 0
    for months in CONTACT_MONTHS_OFFERED:
        here = sa.select(Coalition.id).where(Coalition.contact_months == months)
        rows = (
            sa.update(Membership)
            .where(
                Membership.coalition_id.in_(here),
                Membership.left_on <= months_before(now.date(), months),
                held,
            )
            .values(email="", phone="", shows_email=False, shows_phone=False)
            .execution_options(synchronize_session=False)
        )
        forgotten += db.session.execute(rows).rowcount  # type: ignore[attr-defined]
    return forgotten


def _keep_a_coordinator(place: Membership) -> None:
    """Raises WrongState if this person is the last active coordinator.

    The coalition's row is locked, so that two coordinators who step down at once do not both succeed.
    """
    service.lock(place.coalition_id)
    db.session.refresh(place)
    if place.role is not Role.COORDINATOR or place.state is not PersonState.ACTIVE:
        return
    if not queries.another_coordinator_exists(place):
        raise WrongState(_("This is the only coordinator. Make someone else a coordinator first."))


def _take_keys(place: Membership, actor: Membership) -> None:
    """Ends the password links and coordinator invitations that this coordinator made and may still have copies of.

    The invitations stay if the person gives up the role themselves, since they may have invited a successor.
    """
    if place.role is not Role.COORDINATOR or place.user is None:
        return
    end_links_made_by(place.user)
    if place.id != actor.id:
        invitations_service.revoke_coordinators_of(place, actor)


def _must_be(place: Membership, state: PersonState) -> None:
    service.lock(place.coalition_id)
    db.session.refresh(place)
    if place.state is not state:
        raise WrongState(_("Someone else just changed this person’s membership. Check it again."))


def _set_role(place: Membership, role: Role, actor: Membership) -> None:
    if place.role is not role:
        audit_service.record(actor, AuditEvent.ROLE_CHANGED, place, old=place.role, new=role)
        history.note(actor, place, "role", old=place.role, new=role)
        place.role = role


def _note_state(place: Membership, actor_id: int | None, old: PersonState | None) -> None:
    history.record(place.coalition_id, actor_id, TABLE, place.id, "state", old=old, new=place.state)


def set_disciplines(place: Membership, disciplines: list[str], actor: Membership) -> None:
    """Sets a person's disciplines, as keys of the content. The form offers only disciplines that may be stored."""
    rows = sa.select(MembershipDiscipline).where(MembershipDiscipline.membership_id == place.id)
    stored = {row.discipline: row for row in db.session.scalars(rows)}
    for key in set(stored) - set(disciplines):
        db.session.delete(stored[key])
    for key in sorted(set(disciplines) - set(stored)):
        db.session.add(
            MembershipDiscipline(coalition_id=place.coalition_id, membership_id=place.id, discipline=key)
        )
    if set(stored) != set(disciplines):
        history.note(actor, place, "disciplines")


def understand(place: Membership) -> None:
    """Records that the person knows that coordinators see their address; from then on coordinators see it."""
    if place.understood_at is None:
        place.understood_at = clock.now()
        history.note(place, place, "understood")


def show_contact(
    place: Membership, phone: str, *, shows_email: bool, shows_phone: bool, named_in_public: bool
) -> None:
    """Sets which contact data members see, and whether the public page names the person.

    By default, nothing is shown.
    """
    values = {
        "phone": phone,
        "shows_email": shows_email,
        "shows_phone": shows_phone,
        "named_in_public": named_in_public,
    }
    history.set_fields(place, place, values)
