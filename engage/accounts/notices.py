"""Notifies people of events of their account: on their pages until dismissed, and by mail if the site sends mail.

The mail is only recorded here; it is sent after the response (`messages.account.letters`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app, g, has_request_context, request
from flask_login import current_user

from engage import clock
from engage.accounts.models import KnownBrowser, Notice, User
from engage.accounts.rules import ABOUT_OTHERS, MAILS_ALONE, Browser, LetterState, NoticeKind, browser_of
from engage.extensions import db, language
from engage.tokens import hashed

KEPT = timedelta(days=90)
BROWSER_KEPT = timedelta(days=365)
NO_CODE_FOR = timedelta(days=30)
SHOWN_MOST = 20
MAILS_AN_HOUR = 10


def tell(
    user: User,
    kind: NoticeKind,
    *,
    address: str = "",
    asked_in: str | None = None,
    about: User | None = None,
) -> None:
    """Adds a notice within the view's transaction.

    `address` is where the mail goes, by default the account's own. `asked_in` is the language of the page on
    which something was requested earlier, by default that of this request. `about` is the person whose
    account the notice is about, if that is not `user`.
    """
    mails = current_app.config["MAIL"] is not None and (kind in MAILS_ALONE or _may_mail(user, kind))
    browser = browser_of(request.headers.get("User-Agent", "")) if has_request_context() else Browser()
    now = clock.now()
    notice = Notice(
        user_id=user.id,
        kind=kind,
        about_id=about.id if about is not None else None,
        happened_at=now,
        browser="" if kind in ABOUT_OTHERS else browser.name,
        system="" if kind in ABOUT_OTHERS else browser.system,
        letter=LetterState.WAITING if mails else LetterState.NONE,
        address=(address or user.email) if mails else "",
        language=_page_language(user) if asked_in is None else asked_in,
    )
    if kind in MAILS_ALONE:
        notice.dismissed_at = now
    else:
        user.notice_at = now
    db.session.add(notice)
    if mails and has_request_context():
        g.account_letters_wait = True


def _may_mail(user: User, kind: NoticeKind) -> bool:
    """Returns whether another mail may be sent: the address may belong to someone else, who must not be flooded.

    The first notice of a kind within an hour is always sent, so that many small changes cannot suppress the
    mail about a new password.
    """
    recent = sa.select(Notice.kind).where(
        Notice.user_id == user.id,
        Notice.happened_at > clock.now() - timedelta(hours=1),
        Notice.letter != LetterState.NONE,
    )
    kinds = db.session.scalars(recent).all()
    return len(kinds) < MAILS_AN_HOUR or kind not in kinds


def _page_language(user: User) -> str:
    """Returns the language of the pages that this person reads now; empty if the request is someone else's."""
    if not has_request_context() or (current_user.is_authenticated and current_user.id != user.id):
        return ""
    return language()


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
    return bool(db.session.scalar(sa.select(sa.exists().where(*_is_browser(user_id, token)))))


def _is_browser(user_id: int, token: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Selects the browser with this token among those of one person."""
    return KnownBrowser.user_id == user_id, KnownBrowser.token_hash == _hash_of(user_id, token)


def needs_no_code(user_id: int, token: str) -> bool:
    """Returns whether this person chose, some days ago, not to be asked for the code in this browser."""
    trusted = KnownBrowser.code_not_asked_until.between(clock.now(), clock.now() + NO_CODE_FOR)
    return bool(db.session.scalar(sa.select(sa.exists().where(*_is_browser(user_id, token), trusted))))


def ask_no_code(user: User, token: str) -> None:
    """Records that this browser signs the person in without the code of two-step sign-in for 30 days."""
    until = clock.now() + NO_CODE_FOR
    browser = sa.update(KnownBrowser).where(*_is_browser(user.id, token))
    db.session.execute(browser.values(code_not_asked_until=until))


def ask_code_everywhere(user: User) -> None:
    """Makes every browser give the code of two-step sign-in at the next sign-in."""
    trusted = KnownBrowser.user_id == user.id, KnownBrowser.code_not_asked_until.is_not(None)
    db.session.execute(sa.update(KnownBrowser).where(*trusted).values(code_not_asked_until=None))


def _hash_of(user_id: int, token: str) -> str:
    """Returns the hash of a browser's token and an account, so that nothing links people who share a computer."""
    return hashed(f"{user_id}|{token}")


def note_browser(user: User, token: str, *, expected: bool) -> None:
    """Records that this person signed in with this browser.

    The person is notified of a new browser, unless it is their first one, or `expected`.
    """
    seen = sa.update(KnownBrowser).where(*_is_browser(user.id, token))
    if db.session.execute(seen.values(seen_at=clock.now())).rowcount:  # type: ignore[attr-defined]
        return
    has_others = db.session.scalar(sa.select(sa.exists().where(KnownBrowser.user_id == user.id)))
    db.session.add(KnownBrowser(user_id=user.id, token_hash=_hash_of(user.id, token), seen_at=clock.now()))
    if has_others and not expected:
        tell(user, NoticeKind.NEW_SIGN_IN)


def prune(now: datetime) -> int:
    """Deletes notices dismissed long ago, and browsers not used for a year. Returns how many."""
    old = sa.delete(Notice).where(Notice.happened_at < now - KEPT, Notice.dismissed_at.is_not(None))
    unused = sa.delete(KnownBrowser).where(KnownBrowser.seen_at < now - BROWSER_KEPT)
    gone = [db.session.execute(each) for each in (old, unused)]
    return sum(result.rowcount for result in gone)  # type: ignore[attr-defined]
