"""Sends waiting letters, each with the recipient's own link. They are queued when the button is pressed."""

from collections.abc import Sequence
from email.message import EmailMessage

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import Session

from engage import clock
from engage.coalitions.models import Coalition, Invitation, Membership
from engage.coalitions.rules import first_name
from engage.database import short_transaction
from engage.extensions import db
from engage.languages import ENGLISH, first_known
from engage.messages.action_links import service as action_links
from engage.messages.action_links.rules import ACTIONS_MOST
from engage.messages.action_links.service import AskedAction
from engage.messages.digest import pages as digest_pages
from engage.messages.letters import links, opt_outs, posting, queries, service
from engage.messages.letters.models import Letter, LetterTo
from engage.messages.letters.posting import Ready
from engage.messages.letters.rules import (
    AGAIN_AFTER,
    TRIED_FOR,
    LetterKind,
    LetterState,
    Way,
    is_temporary,
    pause,
)
from engage.messages.mail.queue import Result, Rows, Sent
from engage.messages.rules import TRIES_MOST
from engage.plan.actions.queries import waiting
from engage.plan.labels import title_as_read
from engage.plan.signups.models import Signup


class Letters(Rows):
    """The queue of letters."""

    table, mark = LetterTo.__table__, "letters_wait"

    def run(self, *, dry: bool = False) -> Sent:
        if not dry:
            _give_up()
        return super().run(dry=dry)

    def waits(self) -> Sequence[sa.ColumnElement[bool]]:
        now = clock.now()
        rested = sa.or_(LetterTo.claimed_at.is_(None), LetterTo.claimed_at <= now - AGAIN_AFTER)
        may_send = LetterTo.coalition_id.not_in(queries.sent_enough())
        return LetterTo.state == LetterState.WAITING, LetterTo.way == Way.MAIL, rested, may_send

    def keep_pace(self) -> None:
        """Waits until the next letter may be sent, whichever process sent the last one."""
        latest = sa.select(sa.func.max(LetterTo.claimed_at)).where(LetterTo.way == Way.MAIL)
        with short_transaction(db.engine) as session:
            sent_at = session.scalar(latest)
        if seconds := pause(sent_at, clock.now(), self.server.per_minute):
            self.wait(seconds)

    def claimed_with(self) -> dict[str, object]:
        return {"claimed_at": clock.now()}

    def mail(self, key: int) -> EmailMessage | None:
        with digest_pages.speaking(ENGLISH, writes=True):
            row = db.session.get(LetterTo, key)
            # The recipient's own link is made in this transaction.
            ready = _ready(row) if row is not None else None
            db.session.commit()
        if ready is None:
            return None
        with digest_pages.speaking(ready.language):
            return posting.mail(ready, self.server, clock.now())

    def settle(self, session: Session, key: int, result: Result, words: str) -> None:
        """Records the result. A letter that the server refused temporarily fails after several tries."""
        if result is Result.SENT:
            service.note_invitations(session, LetterTo.id == key, sent_at=clock.now(), queued_at=None)
            self.record(session, key, state=LetterState.SENT, sent_at=clock.now(), words="")
        elif result is Result.NO_SERVER:
            self.record(session, key, state=LetterState.WAITING, tries=LetterTo.tries - 1, words=words)
        elif result is Result.REFUSED and is_temporary(words):
            often = LetterTo.tries >= TRIES_MOST
            again = sa.case((often, LetterState.FAILED.value), else_=LetterState.WAITING.value)
            self.record(session, key, state=again, words=words)
        elif result is not Result.NOT_NEEDED:  # otherwise the row already has the reason
            state = LetterState.UNKNOWN if result is Result.UNKNOWN else LetterState.FAILED
            self.record(session, key, state=state, words=words)
        service.note_settled(session, LetterTo.id == key)


def _give_up() -> None:
    """Marks letters that have waited for days as not sent, so that no agenda arrives after its meeting."""
    late = sa.update(LetterTo).where(
        LetterTo.state == LetterState.WAITING,
        LetterTo.way == Way.MAIL,
        LetterTo.queued_at < clock.now() - TRIED_FOR,
    )
    with short_transaction(db.engine) as session:
        session.execute(late.values(state=LetterState.FAILED))


def _ready(row: LetterTo) -> Ready | None:
    """Returns what to send; None if the row was settled without sending."""
    letter = db.session.get_one(Letter, row.letter_id)
    coalition = db.session.get_one(Coalition, row.coalition_id)
    g.slug, g.time_zone = coalition.slug, coalition.time_zone
    person = db.session.get(Membership, row.membership_id) if row.membership_id is not None else None
    invitation = db.session.get(Invitation, row.invitation_id) if row.invitation_id is not None else None
    signup = db.session.get(Signup, row.signup_id) if row.signup_id is not None else None
    writer = db.session.get(Membership, letter.written_by_id) if letter.written_by_id is not None else None
    is_test = letter.kind is LetterKind.TEST
    if is_test:
        address = _own_address(person)
    elif signup is not None:
        address = queries.confirmed(signup)
    else:
        address = queries.address_of(person, invitation, letter.written_by_id)
    state = _settled(letter, writer, row, coalition, address, is_test=is_test)
    about = links.about(coalition, letter.about) if state is None else None
    if about is None:
        # Unsent letters count neither for the pace nor for the hourly limit.
        row.state, row.claimed_at = state or LetterState.CANCELED, None
        return None
    questions = _questions(person, coalition) if letter.about == links.TASKS and not is_test else []
    action_links.keep(db.session(), [question for _title, question in questions], address)
    reader = links.Reader(coalition, row.membership_id, row.invitation_id, row.signup_id)
    named = person or signup
    name = named.name if named is not None else (invitation.label if invitation is not None else "")
    return Ready(
        address=address,
        name=first_name(name) if name else "",
        subject=letter.subject,
        text=letter.text,
        link=about.shown(coalition) if is_test else about.for_reader(reader),
        coalition=coalition.name,
        writer=writer.name if writer is not None else "",
        reply_to=_own_address(writer),
        stop_url=opt_outs.address_to_stop(coalition.id, address, row.membership_id),
        language=_language_of(person, signup, coalition),
        files=tuple(about.files(coalition)),
        is_test=is_test,
        questions=questions,
    )


def _questions(person: Membership | None, coalition: Coalition) -> list[tuple[str, AskedAction]]:
    """Returns this person's waiting actions by title, each with the question how it is going."""
    if person is None:
        return []
    actions = waiting.waiting_for(person, clock.today(coalition.time_zone), ACTIONS_MOST).shown
    asked = action_links.asked_about(person, actions)
    return [(title_as_read(action.title), question) for action, question in zip(actions, asked, strict=False)]


def _settled(
    letter: Letter,
    writer: Membership | None,
    row: LetterTo,
    coalition: Coalition,
    address: str,
    *,
    is_test: bool,
) -> LetterState | None:
    """Returns the final state of a letter that need not be sent any more; None for others."""
    gone = writer is not None and not queries.is_here(writer)
    if letter.emptied_at is not None or coalition.closed_at is not None or gone:
        return LetterState.CANCELED
    if not address:
        return LetterState.NO_ADDRESS
    if not is_test and opt_outs.stopped(coalition.id).holds(address, row.membership_id):
        return LetterState.STOPPED
    return None


def _own_address(person: Membership | None) -> str:
    """Returns the address with which the writer signs in."""
    return person.user.email if person is not None and person.user is not None else ""


def _language_of(person: Membership | None, signup: Signup | None, coalition: Coalition) -> str:
    own = person.user.language if person is not None and person.user is not None else ""
    return first_known(own, signup.language if signup is not None else "", coalition.language)
