"""Writes letters: queues them, marks them as sent by hand, retries, cancels and deletes texts.

Nothing is sent here: `outbox` sends waiting letters.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage import clock
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.service import lock
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.messages.letters.models import Letter, LetterTo
from engage.messages.letters.queries import Recipient
from engage.messages.letters.rules import (
    LETTERS_KEPT,
    PORTION,
    SENDING_LONGEST,
    TESTS_KEPT,
    TESTS_MOST,
    TESTS_WITHIN,
    TEXTS_KEPT,
    TWIN_WITHIN,
    LetterKind,
    LetterState,
    Way,
)


class LetterContent(Struct, frozen=True):
    """A letter's text, audience and subject; `audience` and `about` are keys as in the query string."""

    subject: str
    text: str
    audience: str
    about: str


class SentAlready(Exception):
    """Someone sent the same letter a moment ago; the view shows it and asks."""

    def __init__(self, letter: Letter, writer: str) -> None:
        super().__init__()
        self.letter = letter
        self.writer = writer


def send(
    writer: Membership,
    content: LetterContent,
    people: Sequence[Recipient],
    press: str,
    *,
    anyway: bool = False,
) -> Letter:
    """Stores a letter to these people and returns it; those with `Way.MAIL` are sent automatically.

    `press` is unique to the page, so that pressing its button again returns the same letter. Raises
    SentAlready if one of these people got the same letter within the hour, unless `anyway`.
    """
    lock(writer.coalition_id)
    if (before := _by_press(writer, press)) is not None:
        return before
    if not anyway and (twin := _twin(writer, content, people)) is not None:
        raise SentAlready(twin, _name_of(twin))
    if not any(each.way is not Way.NONE for each in people):
        raise WrongState(_("No one can be reached. Choose other people."))
    letter = _kept(writer, LetterKind.WRITTEN, content, people, press)
    reached = sum(each.way is not Way.NONE for each in people)
    audit_service.record(writer, AuditEvent.LETTER_WRITTEN, letter, number=reached)
    return letter


def test(writer: Membership, content: LetterContent, press: str) -> Letter:
    """Stores a test, which goes only to its writer. Raises WrongState after too many tests."""
    lock(writer.coalition_id)
    since = clock.now() - TESTS_WITHIN
    made = sa.select(sa.func.count(Letter.id)).where(
        Letter.coalition_id == writer.coalition_id,
        Letter.written_by_id == writer.id,
        Letter.kind == LetterKind.TEST,
        Letter.made_at > since,
    )
    if (db.session.scalar(made) or 0) >= TESTS_MOST:
        raise WrongState(_("You sent many tests within the hour. Wait a little before you send another."))
    me = Recipient(writer.id, None, writer.name, "", "", Way.MAIL, LetterState.WAITING)
    return _kept(writer, LetterKind.TEST, content, [me], press)


def was_sent(writer: Membership, press: str) -> bool:
    return _by_press(writer, press) is not None


def _by_press(writer: Membership, press: str) -> Letter | None:
    return db.session.scalar(
        sa.select(Letter).where(Letter.coalition_id == writer.coalition_id, Letter.press == press)
    )


def _twin(writer: Membership, content: LetterContent, people: Sequence[Recipient]) -> Letter | None:
    """Returns the latest letter with the same text to one of these people within the hour."""
    same = (
        sa.select(Letter)
        .where(
            Letter.coalition_id == writer.coalition_id,
            Letter.kind == LetterKind.WRITTEN,
            Letter.made_at > clock.now() - TWIN_WITHIN,
            Letter.about == content.about,
            sa.or_(Letter.about != "", Letter.subject == content.subject),
        )
        .order_by(Letter.id.desc())
    )
    mine = {
        (each.membership_id, each.invitation_id, each.signup_id)
        for each in people
        if each.way is not Way.NONE
    }
    for letter in db.session.scalars(same):
        got = sa.select(LetterTo.membership_id, LetterTo.invitation_id, LetterTo.signup_id).where(
            *_of(letter), LetterTo.way != Way.NONE
        )
        if any(tuple(row) in mine for row in db.session.execute(got)):
            return letter
    return None


def _name_of(letter: Letter) -> str:
    named = sa.select(Membership.name).where(
        Membership.coalition_id == letter.coalition_id, Membership.id == letter.written_by_id
    )
    return db.session.scalar(named) or ""


def _kept(
    writer: Membership, kind: LetterKind, content: LetterContent, people: Iterable[Recipient], press: str
) -> Letter:
    now = clock.now()
    letter = Letter(
        coalition_id=writer.coalition_id,
        kind=kind,
        subject=content.subject,
        text=content.text,
        audience=content.audience,
        about=content.about,
        press=press,
        written_by_id=writer.id,
        made_at=now,
    )
    db.session.add(letter)
    db.session.flush()
    in_program = count()
    for each in people:
        portion = next(in_program) // PORTION + 1 if each.way is Way.PROGRAM else 0
        row = LetterTo(
            coalition_id=writer.coalition_id,
            letter_id=letter.id,
            membership_id=each.membership_id,
            invitation_id=each.invitation_id,
            signup_id=each.signup_id,
            way=each.way,
            state=each.state,
            portion=portion,
            queued_at=now,
        )
        db.session.add(row)
    db.session.flush()
    note_invitations(db.session, *_of(letter), *_WAITS, queued_at=now)
    return letter


# -- the state of invitations that are sent as letters

_WAITS = (
    LetterTo.way == Way.MAIL,
    LetterTo.state.in_([LetterState.WAITING, LetterState.CLAIMED]),
)


def note_invitations(session: Any, *of_letters: sa.ColumnElement[bool], **values: object) -> None:
    """Sets columns of the invitations to which these letters are addressed."""
    invited = sa.select(LetterTo.invitation_id).where(*of_letters, LetterTo.invitation_id.is_not(None))
    rows = sa.update(Invitation).where(Invitation.id.in_(invited)).values(**values)
    session.execute(rows.execution_options(synchronize_session=False))


def note_settled(session: object, *of_letters: sa.ColumnElement[bool]) -> None:
    """Records at the invitations of these letters that no mail waits any more, unless one still does."""
    note_invitations(session, *of_letters, sa.not_(sa.and_(*_WAITS)), queued_at=None)


# -- letters sent by hand


def mark_sent(letter: Letter, ids: Collection[int]) -> None:
    """Records that a coordinator sent the letter to these people by hand."""
    _move(letter, ids, {LetterState.WAITING}, {Way.PROGRAM, Way.PHONE}, LetterState.SENT, sent_at=clock.now())


def unmark_sent(letter: Letter, ids: Collection[int]) -> None:
    _move(letter, ids, {LetterState.SENT}, {Way.PROGRAM, Way.PHONE}, LetterState.WAITING, sent_at=None)


# -- letters that were not sent


def try_again(letter: Letter) -> None:
    """Queues letters again that were not sent, or that wait for an unavailable server."""
    values = {"queued_at": clock.now(), "claimed_at": None, "tries": 0, "words": ""}
    states = {LetterState.FAILED, LetterState.WAITING}
    _move(letter, None, states, {Way.MAIL}, LetterState.WAITING, **values)


def send_again(letter: Letter) -> None:
    """Queues letters again that may have been sent; a person decided to risk sending twice."""
    now = clock.now()
    lost = sa.or_(
        LetterTo.state == LetterState.UNKNOWN,
        sa.and_(LetterTo.state == LetterState.CLAIMED, LetterTo.claimed_at < now - SENDING_LONGEST),
    )
    rows = sa.update(LetterTo).where(*_of(letter), lost)
    values = {"state": LetterState.WAITING, "queued_at": now, "claimed_at": None, "tries": 0, "words": ""}
    db.session.execute(rows.values(**values))
    note_invitations(db.session, *_of(letter), *_WAITS, queued_at=now)


def cancel(letter: Letter) -> None:
    """Cancels the letters that were not sent yet."""
    _move(letter, None, {LetterState.WAITING}, {Way.MAIL}, LetterState.CANCELED)


def cancel_rest(coalition_id: int, letter_ids: Collection[int]) -> None:
    """Cancels the rest of several letters, by mail and by hand."""
    if letter_ids:
        mine = LetterTo.coalition_id == coalition_id, LetterTo.letter_id.in_(letter_ids)
        rows = sa.update(LetterTo).where(*mine, LetterTo.state == LetterState.WAITING)
        db.session.execute(rows.values(state=LetterState.CANCELED))
        note_settled(db.session, *mine)


def _of(letter: Letter) -> tuple[sa.ColumnElement[bool], ...]:
    return LetterTo.coalition_id == letter.coalition_id, LetterTo.letter_id == letter.id


def _move(
    letter: Letter,
    ids: Collection[int] | None,
    states: Collection[LetterState],
    ways: Collection[Way],
    to: LetterState,
    **more: object,
) -> None:
    rows = sa.update(LetterTo).where(*_of(letter), LetterTo.state.in_(states), LetterTo.way.in_(ways))
    if ids is not None:
        rows = rows.where(LetterTo.id.in_(ids))
    db.session.execute(rows.values(state=to, **more))
    if to is LetterState.WAITING:
        note_invitations(db.session, *_of(letter), *_WAITS, queued_at=clock.now())
    else:
        note_settled(db.session, *_of(letter))


# -- deleting old texts and letters


def empty_old(now: datetime) -> int:
    """Deletes the texts of letters after 30 days; deletes tests, and whole letters after a year.

    Returns the number of rows.
    """
    quiet = {"synchronize_session": False}
    old = sa.or_(
        Letter.made_at < now - LETTERS_KEPT,
        sa.and_(Letter.kind == LetterKind.TEST, Letter.made_at < now - TESTS_KEPT),
    )
    gone = db.session.execute(sa.delete(Letter).where(old).execution_options(**quiet))
    due = Letter.made_at < now - TEXTS_KEPT, Letter.emptied_at.is_(None)
    ids = sa.select(Letter.id).where(*due)
    # A letter that still waits after a month is canceled.
    waits = sa.update(LetterTo).where(LetterTo.letter_id.in_(ids), LetterTo.state == LetterState.WAITING)
    db.session.execute(waits.values(state=LetterState.CANCELED).execution_options(**quiet))
    words = sa.update(LetterTo).where(LetterTo.letter_id.in_(ids), LetterTo.words != "")
    db.session.execute(words.values(words="").execution_options(**quiet))
    emptied = db.session.execute(
        sa.update(Letter).where(*due).values(subject="", text="", emptied_at=now).execution_options(**quiet)
    )
    return int(gone.rowcount) + int(emptied.rowcount)  # type: ignore[attr-defined]
