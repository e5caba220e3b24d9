"""Deletes a person's own account: removes name and address everywhere, and leaves their work.

A membership becomes a *former member*: it keeps its dates, and someone else can take over what it was
responsible for.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from engage import snapshots
from engage.accounts import admins, throttle
from engage.accounts.models import User
from engage.coalitions import queries, service
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.people import service as people_service
from engage.coalitions.rules import PersonState, Role
from engage.database import text_is_gone
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.messages.models import Look
from engage.partners.contacts import service as contacts_service
from engage.partners.models import Contact
from engage.toolkit.models import Note


def coordinated_alone(places: Sequence[Membership]) -> list[Membership]:
    """Returns the person's memberships of coalitions in which no one else could admit people."""
    return [
        place
        for place in places
        if place.role is Role.COORDINATOR
        and place.state is PersonState.ACTIVE
        and not queries.another_coordinator_exists(place)
    ]


def delete(user: User) -> None:
    """Deletes the account in one transaction. Raises WrongState for the last coordinator and for the last admin."""
    places = sorted(queries.places_of(user.id), key=lambda place: place.coalition_id)
    for place in places:
        service.lock(place.coalition_id)  # so that two coordinators cannot leave at once
        db.session.refresh(place)
    if coordinated_alone(places):
        raise WrongState(
            _("You are the only coordinator of a coalition. Make someone else a coordinator there first.")
        )
    admins.keep_an_admin(user)
    _forget_invitations(user, [place.id for place in places])
    for place in places:
        _forget_own(place)
        people_service.become_former(place)
    throttle.forget(user.email, user.id)
    text_is_gone()
    db.session.flush()
    user_id = user.id
    db.session.expunge(user)
    # Foreign keys delete the account's sessions, links, calendar and mails.
    db.session.execute(sa.delete(User).where(User.id == user_id))


def _forget_invitations(user: User, place_ids: list[int]) -> None:
    """Deletes invitations to this address, which contain it and a name."""
    theirs = sa.or_(Invitation.email == user.email, Invitation.claims_id.in_(place_ids))
    db.session.execute(sa.delete(Invitation).where(theirs).execution_options(synchronize_session=False))


def _forget_own(place: Membership) -> None:
    """Deletes what only this person can read and what identifies them, also in the trash."""
    private = sa.delete(Note).where(Note.author_id == place.id, Note.is_shared.is_(False))
    looked = sa.delete(Look).where(Look.membership_id == place.id)
    for rows in (private, looked):
        db.session.execute(rows.execution_options(synchronize_session=False))
    snapshots.forget_where(
        place.coalition_id, Note.__tablename__, {"author_id": place.id, "is_shared": False}
    )
    snapshots.forget_where(place.coalition_id, Contact.__tablename__, {"membership_id": place.id})
    # An import that changed these rows holds what they said before.
    theirs = db.session.scalars(sa.select(Contact.id).where(Contact.membership_id == place.id)).all()
    snapshots.forget(place.coalition_id, Contact.__tablename__, theirs)
    snapshots.forget(place.coalition_id, Membership.__tablename__, [place.id])
    contacts_service.forget_person(place, people_service.former_name(place))
