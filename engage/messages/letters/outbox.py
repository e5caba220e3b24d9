"""Sends waiting letters: from a thread after the button was pressed, and from `engage remind` on a timer.

A letter to one person is claimed before it is sent, in a transaction of its own that also makes their link;
it is sent with no transaction open, and then the result is recorded. A crash in between leaves the row
claimed: the page lists its result as unknown, and it is never sent again automatically.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from threading import Lock, Thread

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request
from msgspec import Struct, field

from engage import clock
from engage.coalitions.models import Coalition, Invitation, Membership
from engage.coalitions.rules import first_name
from engage.config import MailServer
from engage.database import short_transaction
from engage.extensions import db
from engage.languages import ENGLISH, first_known
from engage.messages.digest import pages as digest_pages
from engage.messages.letters import links, posting, queries, wishes
from engage.messages.letters.models import Letter, LetterTo
from engage.messages.letters.posting import Ready
from engage.messages.letters.rules import (
    AGAIN_AFTER,
    TRIED_FOR,
    TRIES_MOST,
    LetterKind,
    LetterState,
    Way,
    is_temporary,
    pause,
)
from engage.messages.mail.post import NoServer, NotSent, Post, Unknown
from engage.plan.signups.models import Signup
from engage.web.answers import trace_of


class Sent(Struct):
    """The result of a run; `words` are the server's, each of them once, without addresses."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    words: list[str] = field(default_factory=list)

    def note(self, words: str) -> None:
        if words and words not in self.words:
            self.words.append(words)


def run(server: MailServer, *, wait: Callable[[float], None] = time.sleep) -> Sent:
    """Sends everything that waits, no faster than the server's settings allow."""
    done = Sent()
    _give_up()
    with Post(server, digest_pages.hello()) as post:
        while True:
            _keep_pace(server, wait)
            claimed = _claim()
            if claimed is None:
                return done
            if not _sent(post, server, claimed, done):
                return done


def waiting() -> int:
    """Returns how many letters wait."""
    rows = sa.select(sa.func.count(LetterTo.id)).where(*_waits())
    with short_transaction(db.engine) as session:
        return session.scalar(rows) or 0


def _waits() -> tuple[sa.ColumnElement[bool], ...]:
    now = clock.now()
    rested = sa.or_(LetterTo.claimed_at.is_(None), LetterTo.claimed_at <= now - AGAIN_AFTER)
    return LetterTo.state == LetterState.WAITING, LetterTo.way == Way.MAIL, rested


def _give_up() -> None:
    """Marks letters that have waited for days as not sent, so that no agenda arrives after its meeting."""
    late = sa.update(LetterTo).where(
        LetterTo.state == LetterState.WAITING,
        LetterTo.way == Way.MAIL,
        LetterTo.queued_at < clock.now() - TRIED_FOR,
    )
    with short_transaction(db.engine) as session:
        session.execute(late.values(state=LetterState.FAILED))


def _keep_pace(server: MailServer, wait: Callable[[float], None]) -> None:
    """Waits until the next letter may be sent. It reads the latest from the database, whichever process sent it."""
    latest = sa.select(sa.func.max(LetterTo.claimed_at)).where(LetterTo.way == Way.MAIL)
    with short_transaction(db.engine) as session:
        sent_at = session.scalar(latest)
    if seconds := pause(sent_at, clock.now(), server.per_minute):
        wait(seconds)


@contextmanager
def _writing(language: str = ENGLISH) -> Iterator[None]:
    """Acts like a request that may write, with texts in this language; no transaction is left open."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    headers = [("Accept-Language", language)]
    asked = app.test_request_context("/", base_url=digest_pages.site(), method="POST", headers=headers)
    # It has an app context of its own, so that what this transaction notes in `g` ends with it.
    with app.app_context(), asked:
        try:
            yield
        finally:
            db.session.rollback()
            db.session.remove()


def _claim() -> Ready | None:
    """Claims the next letter for this run alone and returns what it takes to send it.

    A letter that need not be sent any more (its person stopped letters, left, or has no address) is settled
    at once, and the next one is taken.
    """
    while True:
        with _writing():
            row = db.session.scalar(
                sa.select(LetterTo)
                .where(*_waits())
                .order_by(LetterTo.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if row is None:
                return None
            row_id = row.id
            row.state, row.claimed_at, row.tries = LetterState.CLAIMED, clock.now(), row.tries + 1
            try:
                ready = _ready(row)
            except Exception as error:  # whatever fails for one person, the others get theirs
                db.session.rollback()
                current_app.logger.error("a letter could not be made:\n%s", "\n".join(trace_of(error)))
                ready = None
                _settle_waiting(row_id, type(error).__name__)
            else:
                db.session.commit()
        if ready is not None:
            return ready


def _ready(row: LetterTo) -> Ready | None:
    """Returns what is sent; None if the row was settled without sending."""
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
    if state := _settled(letter, writer, row, coalition, address, is_test=is_test):
        row.state = state
        return None
    about = links.about(coalition, letter.about)
    reader = links.Reader(coalition, row.membership_id, row.invitation_id, row.signup_id)
    if about is None:
        row.state = LetterState.CANCELED
        return None
    named = person or signup
    name = named.name if named is not None else (invitation.label if invitation is not None else "")
    return Ready(
        row_id=row.id,
        invitation_id=row.invitation_id,
        address=address,
        name=first_name(name) if name else "",
        subject=letter.subject,
        text=letter.text,
        link=about.shown(coalition) if is_test else about.for_reader(reader),
        coalition=coalition.name,
        writer=writer.name if writer is not None else "",
        reply_to=_own_address(writer),
        stop_url=wishes.address_to_stop(coalition.id, address, row.membership_id),
        language=_language_of(person, signup, coalition),
        files=tuple(about.files(coalition)),
        is_test=is_test,
    )


def _settled(
    letter: Letter,
    writer: Membership | None,
    row: LetterTo,
    coalition: Coalition,
    address: str,
    *,
    is_test: bool,
) -> LetterState | None:
    """Returns the state of a letter that need not be sent any more; None for others."""
    gone = writer is not None and not queries.is_here(writer)
    if letter.emptied_at is not None or coalition.closed_at is not None or gone:
        return LetterState.CANCELED
    if not address:
        return LetterState.NO_ADDRESS
    if not is_test and wishes.stopped(coalition.id).holds(address, row.membership_id):
        return LetterState.STOPPED
    return None


def _own_address(person: Membership | None) -> str:
    """Returns the address with which the person signs in."""
    return person.user.email if person is not None and person.user is not None else ""


def _language_of(person: Membership | None, signup: Signup | None, coalition: Coalition) -> str:
    own = person.user.language if person is not None and person.user is not None else ""
    return first_known(own, signup.language if signup is not None else "", coalition.language)


def _sent(post: Post, server: MailServer, ready: Ready, done: Sent) -> bool:
    """Sends one letter and records the result. Returns False if the server no longer answers."""
    try:
        with _writing(ready.language):
            message = posting.mail(ready, server, clock.now())
        post.send(message, ready.address)
    except NotSent as error:
        return _failed(ready, error, done)
    except Exception as error:  # whatever fails for one person, the others get theirs
        current_app.logger.error("a letter could not be made:\n%s", "\n".join(trace_of(error)))
        done.failed += 1
        done.note(type(error).__name__)
        _settle(ready.row_id, LetterState.FAILED, type(error).__name__)
        return True
    done.sent += 1
    _note_invitation(ready.invitation_id)
    _settle(ready.row_id, LetterState.SENT, "", sent_at=clock.now())
    return True


def _note_invitation(invitation_id: int | None) -> None:
    """Notes on an invitation that it was sent, as its own page would."""
    if invitation_id is not None:
        row = sa.update(Invitation).where(Invitation.id == invitation_id)
        with short_transaction(db.engine) as session:
            session.execute(row.values(sent_at=clock.now()))


def _failed(ready: Ready, error: NotSent, done: Sent) -> bool:
    words = error.words.replace(ready.address, "…")
    done.note(words)
    if isinstance(error, Unknown):
        done.unknown += 1
        _settle(ready.row_id, LetterState.UNKNOWN, words)
        return False
    done.failed += 1
    if isinstance(error, NoServer):
        _settle(ready.row_id, LetterState.WAITING, words, comes_back=True)
        return False
    if is_temporary(words):
        _settle(ready.row_id, LetterState.WAITING, words, comes_back=True, counts=True)
    else:
        _settle(ready.row_id, LetterState.FAILED, words)
    return True


def _settle(
    row_id: int,
    state: LetterState,
    words: str,
    *,
    sent_at: datetime | None = None,
    comes_back: bool = False,
    counts: bool = False,
) -> None:
    """Records the result; a letter that would wait again has failed if it was tried often enough (`counts`)."""
    mine = sa.update(LetterTo).where(LetterTo.id == row_id, LetterTo.state == LetterState.CLAIMED)
    values: dict[str, object] = {"state": state, "words": words, "sent_at": sent_at}
    if comes_back and counts:
        often = LetterTo.tries >= TRIES_MOST
        values["state"] = sa.case((often, LetterState.FAILED.value), else_=LetterState.WAITING.value)
    elif comes_back:
        values["tries"] = LetterTo.tries - 1
    with short_transaction(db.engine) as session:
        session.execute(mine.values(**values))


def _settle_waiting(row_id: int, words: str) -> None:
    """Records that a letter that could not be made was not sent; its claim was rolled back."""
    mine = sa.update(LetterTo).where(LetterTo.id == row_id, LetterTo.state == LetterState.WAITING)
    with short_transaction(db.engine) as session:
        session.execute(mine.values(state=LetterState.FAILED, words=words))


# -- beside the server

# In each process one thread sends and at most one waits for its turn, which finds everything queued by then.
_turn, _next = Lock(), Lock()


def _send_quietly(app: Flask, server: MailServer) -> None:
    if not _next.acquire(blocking=False):
        return
    with _turn:
        _next.release()
        with app.app_context():
            try:
                run(server)
            except Exception as error:  # the next run sends the rest
                app.logger.error("letters were not sent:\n%s", "\n".join(trace_of(error)))


def begin(app: Flask, server: MailServer) -> None:
    Thread(target=_send_quietly, args=(app, server), daemon=True, name="letters to people").start()


def init_app(app: Flask) -> None:
    """Sends queued letters after the request's answer, and those of an earlier process after the first POST."""
    fresh = [True]

    @app.after_request
    def send(response: Response) -> Response:
        queued = g.pop("people_wait", False)
        if app.config["DAILY"] and request.method == "POST" and fresh:
            queued = fresh.pop()
        if queued and (server := app.config["MAIL"]) is not None:
            response.call_on_close(partial(begin, app, server))
        return response
