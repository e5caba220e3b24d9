"""Reads the recipients of letters, the letters, and their results."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import joinedload

from engage import clock
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.queries import active
from engage.coalitions.ready_texts import mail_address, phone_number
from engage.coalitions.rules import InvitationState, PersonState
from engage.database import along
from engage.extensions import db
from engage.messages.letters import opt_outs
from engage.messages.letters.audiences import LetterAudience
from engage.messages.letters.models import Letter, LetterTo
from engage.messages.letters.rules import MOST_AN_HOUR, LetterKind, LetterState, Way, is_lost
from engage.messages.models import ApprovalMail
from engage.plan.signups.models import Signup
from engage.web.lists import nearest_page

PAGE_ROWS = 50


class Recipient(Struct, frozen=True):
    """A person of an audience, how a letter reaches them, and the first state of that letter.

    Exactly one of the three ids is set. `name` is empty for someone invited without a name.
    """

    membership_id: int | None
    invitation_id: int | None
    name: str
    address: str
    phone: str
    way: Way
    state: LetterState
    signup_id: int | None = None


def sent_enough() -> sa.Select[object]:
    """Returns the coalitions that have sent as many letters and mails about approvals as they may in an hour."""
    since = clock.now() - timedelta(hours=1)
    letters = sa.select(LetterTo.coalition_id).where(LetterTo.way == Way.MAIL, LetterTo.claimed_at > since)
    approvals = sa.select(ApprovalMail.coalition_id).where(ApprovalMail.claimed_at > since)
    sent = sa.union_all(letters, approvals).subquery()
    return (
        sa.select(sent.c.coalition_id).group_by(sent.c.coalition_id).having(sa.func.count() >= MOST_AN_HOUR)
    )


def recipients(membership: Membership, audience: LetterAudience, *, by_mail: bool) -> list[Recipient]:
    """Returns the people of an audience by name, including those whom no letter reaches.

    `by_mail` means that this installation sends mail. Otherwise coordinators use their own mail programs.
    """
    stopped = opt_outs.stopped(membership.coalition_id)
    found = [
        _recipient(
            person.id,
            None,
            person.name,
            address_of(person, None, membership.id),
            phone_number(person),
            stopped,
            by_mail,
        )
        for person in _people(membership, audience.people)
    ]
    found += [
        _recipient(None, each.id, each.label, each.email, "", stopped, by_mail) for each in audience.outside
    ]
    return found + [
        replace(
            _recipient(None, None, each.name, confirmed(each), each.phone, stopped, by_mail),
            signup_id=each.id,
        )
        for each in audience.signups
    ]


def confirmed(signup: Signup) -> str:
    """Returns the address of a person who signed up, if they confirmed it; an unconfirmed address gets no letters."""
    return signup.email if signup.confirmed_at is not None else ""


def _people(membership: Membership, ids: Collection[int] | None) -> list[Membership]:
    if ids is not None and not ids:
        return []
    rows = (
        sa.select(Membership)
        .options(joinedload(Membership.user))
        .where(Membership.coalition_id == membership.coalition_id, *active())
        .order_by(Membership.sort_key, Membership.id)
    )
    # Filtered here, to avoid an IN with thousands of numbers.
    return [each for each in db.session.scalars(rows) if ids is None or each.id in ids]


def _recipient(
    membership_id: int | None,
    invitation_id: int | None,
    name: str,
    address: str,
    phone: str,
    stopped: opt_outs.Stopped,
    by_mail: bool,
) -> Recipient:
    way, state = Way.NONE, LetterState.NO_ADDRESS
    if stopped.holds(address, membership_id):
        state = LetterState.STOPPED
    elif address:
        way, state = (Way.MAIL if by_mail else Way.PROGRAM), LetterState.WAITING
    elif phone:
        way, state = Way.PHONE, LetterState.WAITING
    return Recipient(membership_id, invitation_id, name, address, phone, way, state)


class LetterLine(Struct, frozen=True):
    """One recipient of a stored letter. `address` and `phone` are set if the letter goes out by hand."""

    id: int
    name: str
    person_id: int | None
    way: Way
    state: LetterState
    portion: int
    claimed_at: datetime | None
    sent_at: datetime | None
    words: str
    address: str
    phone: str

    def is_lost(self, now: datetime) -> bool:
        return is_lost(self.state, self.claimed_at, now)


def letter_of(membership: Membership, letter_id: int) -> Letter | None:
    """Returns one of the coalition's letters; a test is returned only to its writer."""
    row = sa.select(Letter).where(
        Letter.coalition_id == membership.coalition_id,
        Letter.id == letter_id,
        sa.or_(Letter.kind != LetterKind.TEST, Letter.written_by_id == membership.id),
    )
    return db.session.scalar(row)


def lines_of(letter: Letter) -> list[LetterLine]:
    """Returns all recipients of the letter, by name."""
    rows = (
        sa.select(LetterTo, Membership, Invitation, Signup)
        .outerjoin(Membership, along(LetterTo.membership_id, Membership))
        .outerjoin(Invitation, along(LetterTo.invitation_id, Invitation))
        .outerjoin(Signup, along(LetterTo.signup_id, Signup))
        .options(joinedload(Membership.user))
        .where(LetterTo.coalition_id == letter.coalition_id, LetterTo.letter_id == letter.id)
        .order_by(Membership.sort_key, LetterTo.id)
    )
    return [
        _line(row.LetterTo, row.Membership, row.Invitation, row.Signup, letter.written_by_id)
        for row in db.session.execute(rows)
    ]


def _line(
    row: LetterTo,
    person: Membership | None,
    invitation: Invitation | None,
    signup: Signup | None,
    writer_id: int | None,
) -> LetterLine:
    return LetterLine(
        id=row.id,
        name=_name(person, invitation, signup),
        person_id=person.id if person is not None else None,
        way=row.way,
        state=row.state,
        portion=row.portion,
        claimed_at=row.claimed_at,
        sent_at=row.sent_at,
        words=row.words,
        address=address_of(person, invitation, writer_id) if signup is None else confirmed(signup),
        phone=signup.phone
        if signup is not None
        else (phone_number(person) if person is not None and is_here(person) else ""),
    )


def _name(person: Membership | None, invitation: Invitation | None, signup: Signup | None) -> str:
    if person is not None:
        return person.name
    if signup is not None:
        return signup.name
    return invitation.label or invitation.email if invitation is not None else ""


def is_here(person: Membership) -> bool:
    return person.state is PersonState.ACTIVE


def address_of(person: Membership | None, invitation: Invitation | None, writer_id: int | None) -> str:
    """Returns the current address for a letter; "" if a person has left or an invitation has ended.

    The writer always gets the letter, even if they do not show their address.
    """
    if person is not None and person.id == writer_id and is_here(person):
        return person.user.email if person.user is not None else ""
    if person is not None:
        return mail_address(person) if is_here(person) else ""
    if invitation is None or invitations_service.state_of(invitation) is not InvitationState.USABLE:
        return ""
    return invitation.email


class LetterRow(Struct, frozen=True):
    """A letter in the list, with the number of people who got it, still wait for it, or did not get it."""

    letter: Letter
    writer: str
    people: int
    sent: int
    waiting: int
    trouble: int


class LetterPage(Struct, frozen=True):
    """A page of letters, newest first."""

    rows: list[LetterRow]
    page: int
    pages: int


def letters_of(membership: Membership, page: int) -> LetterPage:
    own = (Letter.coalition_id == membership.coalition_id, Letter.kind != LetterKind.TEST)
    total = db.session.scalar(sa.select(sa.func.count(Letter.id)).where(*own)) or 0
    shown, pages = nearest_page(page, total, PAGE_ROWS)
    reached = sa.case((LetterTo.way != Way.NONE, 1))
    waiting = LetterTo.state.in_([LetterState.WAITING, LetterState.CLAIMED])
    trouble = LetterTo.state.in_([LetterState.FAILED, LetterState.UNKNOWN])
    rows = (
        sa.select(
            Letter,
            Membership.name.label("writer"),
            sa.func.count(reached).label("people"),
            sa.func.count(sa.case((LetterTo.state == LetterState.SENT, 1))).label("sent"),
            sa.func.count(sa.case((waiting, 1))).label("waiting"),
            sa.func.count(sa.case((trouble, 1))).label("trouble"),
        )
        .outerjoin(Membership, along(Letter.written_by_id, Membership))
        .outerjoin(LetterTo, along(LetterTo.letter_id, Letter))
        .where(*own)
        .group_by(Letter.id, Membership.name)
        .order_by(Letter.made_at.desc(), Letter.id.desc())
        .limit(PAGE_ROWS)
        .offset((shown - 1) * PAGE_ROWS)
    )
    found = [
        LetterRow(row.Letter, row.writer or "", row.people, row.sent, row.waiting, row.trouble)
        for row in db.session.execute(rows)
    ]
    return LetterPage(found, shown, pages)
