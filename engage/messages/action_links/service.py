"""Makes the links of a mail, finds what one opens, and writes what a person says by it.

A link holds 256 random bits, of which only the hash is stored. Pressing its button uses it up.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct
from sqlalchemy.orm import Session, joinedload

from engage import clock, snapshots, tokens
from engage.accounts.models import User
from engage.accounts.service import folded_email
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import active
from engage.coalitions.service import lock
from engage.database import along
from engage.extensions import db, in_language
from engage.languages import first_known
from engage.messages.action_links.labels import SAID_LABELS
from engage.messages.action_links.rules import ACTIONS_MOST, KEPT, SAYABLE
from engage.messages.models import ActionLink
from engage.plan.actions import service as actions_service
from engage.plan.actions.queries.waiting import WaitingAction
from engage.plan.models import Action, Plan, Update
from engage.plan.rules import PlanStatus, QuickAnswer, status_said
from engage.plan.undo.rules import What
from engage.plan.undo.service import steps
from engage.web import links

PURPOSE = "action link"


# -- making the links of a mail


class AskedAction(Struct, frozen=True):
    """An action about which a mail asks, with the token of its links as long as the mail is being made."""

    coalition_id: int
    membership_id: int
    action_id: int
    version: int
    token: str

    def choices(self) -> list[tuple[str, str]]:
        """Returns the words and the address of each link, in the reader's language."""
        return [
            (str(SAID_LABELS[each]), links.external(url_for("say.ask", token=self.token, answer=each.value)))
            for each in SAYABLE
        ]


def asked(person: Membership, action: WaitingAction) -> AskedAction:
    """Returns the question about an action of this person. Its links work once `keep` stored it."""
    return AskedAction(person.coalition_id, person.id, action.id, action.version, tokens.new_token())


def asked_about(person: Membership, actions: Sequence[WaitingAction]) -> list[AskedAction]:
    """Returns the questions of a mail about these actions; none to a person who may only read."""
    if not may(person.role, Permission.WORK):
        return []
    return [asked(person, action) for action in actions[:ACTIONS_MOST]]


def keep(session: Session, questions: Sequence[AskedAction], address: str) -> None:
    """Stores the links of one mail to this address, in one INSERT and in the transaction that claims the mail."""
    if not questions:
        return
    now, key = clock.now(), _address_key(address)
    rows = [
        {
            "coalition_id": each.coalition_id,
            "membership_id": each.membership_id,
            "action_id": each.action_id,
            "action_version": each.version,
            "address_key": key,
            "token_hash": tokens.hashed(each.token),
            "made_at": now,
        }
        for each in questions
    ]
    session.execute(sa.insert(ActionLink).values(rows))


def _address_key(address: str) -> str:
    return tokens.hashed(f"{PURPOSE}|{folded_email(address)}")


# -- what a link opens


class OpenedLink(Struct, frozen=True):
    """A link that still works, the person for whom it was made, and their action."""

    link: ActionLink
    person: Membership
    action: Action


def opened(token: str, now: datetime) -> OpenedLink | None:
    """Returns what this link opens; None if it is unknown, too old, or the person, action or address changed."""
    row = db.session.execute(
        sa.select(ActionLink, Membership, Action)
        .options(joinedload(Membership.coalition), joinedload(Membership.user))
        .join(Membership, along(ActionLink.membership_id, Membership))
        .join(Action, along(ActionLink.action_id, Action))
        .join(Plan, along(Action.plan_id, Plan))
        .join(Coalition, Coalition.id == ActionLink.coalition_id)
        .outerjoin(User, User.id == Membership.user_id)
        .where(
            ActionLink.token_hash == tokens.hashed(token),
            ActionLink.made_at > now - KEPT,
            Action.version == ActionLink.action_version,
            Action.owner_id == Membership.id,
            Plan.status != PlanStatus.CLOSED,
            Coalition.closed_at.is_(None),
            User.disabled_at.is_(None),
            *active(),
        )
    ).one_or_none()
    if row is None:
        return None
    link, person, action = row
    address = person.user.email if person.user is not None else person.email
    if link.address_key != _address_key(address) or not may(person.role, Permission.WORK):
        return None
    return OpenedLink(link, person, action)


# -- saying how an action is going, and taking it back


def say(found: OpenedLink, answer: QuickAnswer) -> None:
    """Uses the link up, sets the action's status and adds an update; a link that was used changes nothing.

    Raises WrongState and StaleVersion.
    """
    person, action = found.person, found.action
    lock(person.coalition_id)  # the coalition is locked before any row, to avoid deadlocks
    mine = sa.update(ActionLink).where(ActionLink.id == found.link.id, ActionLink.used_at.is_(None))
    if not db.session.execute(mine.values(used_at=clock.now())).rowcount:  # type: ignore[attr-defined]
        return
    before = steps.before([action])
    to = status_said(answer, action.status)
    actions_service.change(person, action, action.version, to, asks_why=False)
    step = steps.record(person, What.MOVED, before)
    with in_language(first_known(person.coalition.language)):
        words = str(SAID_LABELS[answer])
    update = actions_service.add_update(person, action, words, is_by_mail=True)
    found.link.said, found.link.used_at = answer, update.written_at
    found.link.action_version = action.version
    found.link.copy_id = step.id if step is not None else None


def take_back(found: OpenedLink) -> None:
    """Undoes what the link said: the action is as before and the update goes. The link stays used up.

    Raises WrongState and NotAsItWas.
    """
    person, action, link = found.person, found.action, found.link
    lock(person.coalition_id)
    said = sa.update(ActionLink).where(ActionLink.id == link.id, ActionLink.said.is_not(None))
    if not db.session.execute(said.values(said=None)).rowcount:  # type: ignore[attr-defined]
        return
    copy = snapshots.copy_of(person.coalition_id, link.copy_id) if link.copy_id is not None else None
    if copy is not None:
        steps.take_back(person, copy)
    db.session.execute(
        sa.delete(Update).where(
            Update.action_id == action.id,
            Update.author_id == person.id,
            Update.is_by_mail,
            Update.written_at == link.used_at,
        )
    )
    link.action_version, link.copy_id = action.version, None


def prune(now: datetime) -> int:
    """Deletes links that are dead by their age. Returns how many."""
    old = sa.delete(ActionLink).where(ActionLink.made_at <= now - KEPT)
    gone = db.session.execute(old.execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]
