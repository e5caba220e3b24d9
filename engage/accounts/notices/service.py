"""Tells people about events of their account: on their pages until dismissed, and by mail if mail is set up.

The mail is only recorded here; `messages.account.letters` sends it after the answer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app, g, has_request_context, request

from engage import clock
from engage.accounts.browsers.rules import Browser, browser_of
from engage.accounts.models import KnownBrowser, Notice, User
from engage.accounts.rules import MAILS_ALONE, LetterState, NoticeKind
from engage.extensions import db
from engage.tokens import hashed

KEPT = timedelta(days=90)
BROWSER_KEPT = timedelta(days=365)
SHOWN_MOST = 20


def tell(user: User, kind: NoticeKind, *, address: str = "") -> None:
    """Adds a notice in the view's transaction. `address` is where the mail goes, by default the account's own."""
    mails = current_app.config["MAIL"] is not None
    browser = browser_of(request.headers.get("User-Agent", "")) if has_request_context() else Browser()
    now = clock.now()
    notice = Notice(
        user_id=user.id,
        kind=kind,
        happened_at=now,
        browser=browser.name,
        system=browser.system,
        letter=LetterState.WAITING if mails else LetterState.NONE,
        address=(address or user.email) if mails else "",
    )
    if kind in MAILS_ALONE:
        notice.dismissed_at = now
    else:
        user.notice_at = now
    db.session.add(notice)
    if mails and has_request_context():
        g.letters_waiting = True


def open_notices(user: User) -> Sequence[Notice]:
    """Returns the notices that the person has not dismissed, newest first."""
    rows = sa.select(Notice).where(Notice.user_id == user.id, Notice.dismissed_at.is_(None))
    return db.session.scalars(
        rows.order_by(Notice.happened_at.desc(), Notice.id.desc()).limit(SHOWN_MOST)
    ).all()


def dismiss(user: User) -> None:
    user.notice_at = None
    rows = sa.update(Notice).where(Notice.user_id == user.id, Notice.dismissed_at.is_(None))
    db.session.execute(rows.values(dismissed_at=clock.now()))


def knows(user_id: int, token: str) -> bool:
    """Returns whether this person signed in before with the browser that has this token."""
    row = KnownBrowser.token_hash == _hash_of(user_id, token)
    return bool(db.session.scalar(sa.select(sa.exists().where(KnownBrowser.user_id == user_id, row))))


def _hash_of(user_id: int, token: str) -> str:
    """Returns the hash of a browser's token and an account, so that nothing links two people who share a computer."""
    return hashed(f"{user_id}|{token}")


def note_browser(user: User, token: str, *, expected: bool) -> None:
    """Remembers that this person signed in with this browser.

    The person is told about a new browser, unless it is their first, or `expected`.
    """
    mine = KnownBrowser.user_id == user.id
    token_hash = _hash_of(user.id, token)
    seen = sa.update(KnownBrowser).where(mine, KnownBrowser.token_hash == token_hash)
    if db.session.execute(seen.values(seen_at=clock.now())).rowcount:  # type: ignore[attr-defined]
        return
    has_others = db.session.scalar(sa.select(sa.exists().where(mine)))
    db.session.add(KnownBrowser(user_id=user.id, token_hash=token_hash, seen_at=clock.now()))
    if has_others and not expected:
        tell(user, NoticeKind.NEW_SIGN_IN)


def prune(now: datetime) -> int:
    """Deletes notices that were seen and sent long ago, and browsers not used for a year. Returns how many."""
    old = sa.delete(Notice).where(Notice.happened_at < now - KEPT, Notice.dismissed_at.is_not(None))
    unused = sa.delete(KnownBrowser).where(KnownBrowser.seen_at < now - BROWSER_KEPT)
    gone = [db.session.execute(each) for each in (old, unused)]
    return sum(result.rowcount for result in gone)  # type: ignore[attr-defined]
