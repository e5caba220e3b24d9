"""Sends waiting mail of every kind, with two guarantees.

No mail is sent twice. One statement, committed before connecting to the mail server, claims a mail for one
run. If a run is killed after that, the mail stays claimed. Such a mail, and a mail that the server had when
it stopped answering, may have been sent: neither is ever sent again automatically.

No mail is lost. Waiting mail is in the database, and so is each result. If the server certainly did not
accept a mail, the next runs try again, as often as its kind says. If the server cannot be used, the run ends
and all other mail keeps waiting.

No transaction is open while the mail server is used.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from email.message import EmailMessage
from enum import Enum, auto
from functools import partial
from threading import Lock, Thread
from typing import Any, ClassVar, Generic, TypeVar

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request
from msgspec import Struct, field
from sqlalchemy.orm import Session

from engage.config import MailServer
from engage.database import short_transaction
from engage.extensions import db
from engage.messages.digest import pages as digest_pages
from engage.messages.mail.post import NoServer, NotSent, Post, Unknown
from engage.messages.rules import TRIES_MOST
from engage.web.answers import trace_of


class Result(Enum):
    """The results of a claimed mail."""

    SENT = auto()
    # The server refuses this mail, but may accept others.
    REFUSED = auto()
    # The server cannot be used now. It was given no mail.
    NO_SERVER = auto()
    # The server stopped answering after it got the mail, which may have been sent.
    UNKNOWN = auto()
    # The mail could not be made, because of an error in Engage.
    NOT_MADE = auto()
    # The mail is not needed any more since it was queued.
    NOT_NEEDED = auto()


class Sent(Struct):
    """The counts of a run; `words` are the server's distinct answers, without addresses."""

    due: int = 0
    sent: int = 0
    nothing_to_say: int = 0
    failed: int = 0
    unknown: int = 0
    words: list[str] = field(default_factory=list)

    def note(self, result: Result, words: str) -> None:
        self.sent += result is Result.SENT
        self.unknown += result is Result.UNKNOWN
        self.failed += result in {Result.REFUSED, Result.NO_SERVER, Result.NOT_MADE}
        if words and words not in self.words:
            self.words.append(words)


Key = TypeVar("Key")


class Queue(ABC, Generic[Key]):
    """One run through the mail of one kind. Each kind defines what is due, and where its state is stored."""

    # A request that queues such mail sets this name in `g`; after the response, the mail is sent.
    mark: ClassVar[str] = ""
    # In each process one thread sends and at most one more waits, which then sends everything queued since.
    turn: ClassVar[Lock]
    next_turn: ClassVar[Lock]

    def __init_subclass__(cls) -> None:
        cls.turn, cls.next_turn = Lock(), Lock()

    def __init__(self, server: MailServer, wait: Callable[[float], None] = time.sleep) -> None:
        self.server, self.wait, self.done = server, wait, Sent()

    @abstractmethod
    def due(self) -> Iterable[Key]:
        """Returns the keys of the mail that is due. No transaction is open between two keys."""

    def keep_pace(self) -> None:
        """Waits until the next mail may be sent."""

    @abstractmethod
    def claim(self, session: Session, key: Key) -> bool:
        """Claims a mail in one statement. Returns False if another run claimed it or it is no longer due."""

    @abstractmethod
    def mail(self, key: Key) -> EmailMessage | None:
        """Makes a claimed mail; None if it is no longer needed."""

    @abstractmethod
    def settle(self, session: Session, key: Key, result: Result, words: str) -> None:
        """Records the result of a claimed mail: sent, to be tried again, or unknown."""

    def run(self, *, dry: bool = False) -> Sent:
        """Sends everything that is due now. With `dry`, it only counts, and claims or sends nothing."""
        with Post(self.server, digest_pages.hello()) as post:
            for key in self.due():
                self.done.due += 1
                if not dry and not self._take(post, key):
                    break
        return self.done

    def _take(self, post: Post, key: Key) -> bool:
        """Claims, sends and settles one mail. Returns False if the server cannot be used now."""
        self.keep_pace()
        with short_transaction(db.engine) as session:
            if not self.claim(session, key):
                return True
        result, words = self._sent(post, key)
        self.done.note(result, words)
        with short_transaction(db.engine) as session:
            self.settle(session, key, result, words)
        return result not in {Result.NO_SERVER, Result.UNKNOWN}

    def _sent(self, post: Post, key: Key) -> tuple[Result, str]:
        address = ""
        try:
            message = self.mail(key)
            if message is None:
                return Result.NOT_NEEDED, ""
            address = str(message["To"])
            post.send(message, address)
        except NotSent as error:
            kinds = {Unknown: Result.UNKNOWN, NoServer: Result.NO_SERVER}
            return kinds.get(type(error), Result.REFUSED), error.words.replace(address, "…")
        except Exception as error:  # so that an error for one person does not stop the others' mail
            return Result.NOT_MADE, self.not_made(error)
        return Result.SENT, ""

    def not_made(self, error: Exception) -> str:
        """Logs why a mail could not be made. Returns a text to show, without anything that people wrote."""
        kind = type(self).__name__
        current_app.logger.error("a mail of %s could not be made:\n%s", kind, "\n".join(trace_of(error)))
        return type(error).__name__


class Rows(Queue[int]):
    """A kind of mail that is queued in a table, with a state and the number of tries in each row."""

    table: ClassVar[Any]
    state: ClassVar[str] = "state"

    def waits(self) -> Sequence[sa.ColumnElement[bool]]:
        columns = self.table.c
        return columns[self.state].in_(["waiting", "failed"]), columns.tries < TRIES_MOST

    def due(self) -> Iterable[int]:
        rows = sa.select(self.table.c.id).where(*self.waits()).order_by(self.table.c.id)
        with short_transaction(db.engine) as session:
            return session.scalars(rows).all()

    def claim(self, session: Session, key: int) -> bool:
        values = {self.state: "claimed", "tries": self.table.c.tries + 1, **self.claimed_with()}
        claim = sa.update(self.table).where(self.table.c.id == key, *self.waits()).values(**values)
        return session.scalar(claim.returning(self.table.c.id)) is not None

    def claimed_with(self) -> dict[str, object]:
        """Returns the values of other columns that a claim sets."""
        return {}

    def settle(self, session: Session, key: int, result: Result, words: str) -> None:
        if result is not Result.UNKNOWN:  # an unknown result leaves the row claimed
            kinds = {Result.SENT: "sent", Result.NOT_NEEDED: "none"}
            self.record(session, key, **{self.state: kinds.get(result, "failed")})

    def record(self, session: Session, key: int, **values: object) -> None:
        """Updates the row of a mail that this run has claimed."""
        mine = self.table.c.id == key, self.table.c[self.state] == "claimed"
        session.execute(sa.update(self.table).where(*mine).values(**values))


# -- sending after requests


def begin(app: Flask, server: MailServer, kind: type[Queue[object]]) -> None:
    """Starts a thread that sends the waiting mail of one kind."""
    Thread(target=send_quietly, args=(app, server, kind), daemon=True, name=f"mail: {kind.__name__}").start()


def send_quietly(app: Flask, server: MailServer, kind: type[Queue[object]]) -> None:
    if not kind.next_turn.acquire(blocking=False):
        return
    with kind.turn:
        kind.next_turn.release()
        with app.app_context():
            try:
                kind(server).run()
            except Exception as error:  # the mail keeps waiting for the next run
                app.logger.error("waiting mail was not sent:\n%s", "\n".join(trace_of(error)))


def init_app(app: Flask, kinds: Sequence[type[Queue[Any]]]) -> None:
    """Sends queued mail after each response; after the first POST also mail queued by an earlier process."""
    fresh = [True] if app.config["DAILY"] else []

    @app.after_request
    def send(response: Response) -> Response:
        queued = [kind for kind in kinds if g.pop(kind.mark, False)]
        if request.method == "POST" and fresh:
            fresh.clear()
            queued = list(kinds)
        if queued and (server := app.config["MAIL"]) is not None:
            for kind in queued:
                response.call_on_close(partial(begin, app, server, kind))
        return response
