"""Makes, keeps and revokes links to live tables, lets titles through, and keeps each table for a minute.

Every request looks up the link, so that revoking it takes effect at once. A table is computed by at most one
request a minute, whichever process of the server it comes to: the request claims the table's row first.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app

from engage import clock, tokens
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.service import lock
from engage.database import insert, short_transaction
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.reports.tables import queries
from engage.reports.tables.models import LiveCopy, LiveLink, LiveTitle
from engage.reports.tables.rules import (
    FRESH,
    MOST_LINKS,
    STILL_GOOD,
    LiveTable,
    Title,
    asks_on,
    ends_on,
    fingerprint,
    is_fresh,
)

PURPOSE = "live tables"


def is_open() -> bool:
    """Returns whether the host of this installation allows live tables."""
    return bool(current_app.config["LIVE_TABLES"])


# -- links


def links_of(membership: Membership) -> list[LiveLink]:
    rows = sa.select(LiveLink).where(LiveLink.coalition_id == membership.coalition_id)
    return list(db.session.scalars(rows.order_by(LiveLink.made_at, LiveLink.id)))


def link_of(membership: Membership, link_id: int) -> LiveLink | None:
    rows = sa.select(LiveLink).where(LiveLink.coalition_id == membership.coalition_id)
    return db.session.scalar(rows.where(LiveLink.id == link_id))


def token_of(link: LiveLink) -> str | None:
    """Returns the link's token; None if it was made with an earlier key and cannot be shown."""
    token = tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, link.nonce)
    return token if tokens.hashed(token) == link.token_hash else None


def make(membership: Membership, name: str, seen: str) -> LiveLink:
    """Makes a link, and lets all titles through that the coordinator saw listed.

    Raises WrongState if the titles are others meanwhile, FieldRefused if there are as many links as there may be.
    """
    if not is_open():
        raise WrongState(_("Nothing was made: live tables are turned off here."))
    lock(membership.coalition_id)
    if len(links_of(membership)) >= MOST_LINKS:
        message = ngettext(
            "There can be at most %(num)s link. Revoke one first.",
            "There can be at most %(num)s links. Revoke one first.",
            MOST_LINKS,
        )
        raise FieldRefused("name", message)
    titles = queries.titles_of(membership)
    if fingerprint(titles) != seen:
        raise WrongState(
            _("Nothing was made yet: a title changed while you were reading. Look at the list again.")
        )
    _let_through(membership, titles)
    nonce = tokens.new_token()
    link = LiveLink(
        coalition_id=membership.coalition_id,
        name=name,
        nonce=nonce,
        token_hash=tokens.hashed(tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, nonce)),
        made_at=clock.now(),
        ends_on=ends_on(clock.today(membership.coalition.time_zone)),
    )
    db.session.add(link)
    db.session.flush()
    _note_asking(membership)
    audit_service.record(membership, AuditEvent.LIVE_LINK_MADE, link)
    return link


def keep(membership: Membership, link: LiveLink) -> None:
    """Makes the link good for a year from today, also if it has ended."""
    lock(membership.coalition_id)
    link.ends_on = ends_on(clock.today(membership.coalition.time_zone))
    db.session.flush()
    _note_asking(membership)
    audit_service.record(membership, AuditEvent.LIVE_LINK_KEPT, link)


def revoke(membership: Membership, link: LiveLink) -> None:
    """Ends the link at once. With the last one go the list of titles and the copies of tables."""
    lock(membership.coalition_id)
    audit_service.record(membership, AuditEvent.LIVE_LINK_REVOKED, link)
    db.session.delete(link)
    db.session.flush()
    if not links_of(membership):
        db.session.execute(sa.delete(LiveTitle).where(LiveTitle.coalition_id == membership.coalition_id))
        forget_copies(membership.coalition_id)
    _note_asking(membership)


def _note_asking(membership: Membership) -> None:
    """Stores the day from which Home asks whether a link is kept, so that Home need not look for it."""
    last = min((each.ends_on for each in links_of(membership)), default=None)
    db.session.execute(
        sa.update(Coalition)
        .where(Coalition.id == membership.coalition_id)
        .values(live_tables_ask_on=asks_on(last) if last is not None else None)
    )


# -- titles


def let_titles_through(membership: Membership, seen: str) -> int:
    """Lets the titles through that waited, and returns their number.

    Raises WrongState if others wait meanwhile than those that the coordinator saw.
    """
    lock(membership.coalition_id)
    titles = queries.titles_of(membership)
    waiting = queries.waiting(titles, queries.let_through(membership))
    if fingerprint(waiting) != seen:
        raise WrongState(
            _("Nothing was let through: a title changed while you were reading. Look at the list again.")
        )
    _let_through(membership, titles)
    audit_service.record(membership, AuditEvent.LIVE_TITLES_LET_THROUGH, number=len(waiting))
    return len(waiting)


def _let_through(membership: Membership, titles: Iterable[Title]) -> None:
    """Lets exactly these titles through; a title that is no longer used has to be let through again."""
    here = membership.coalition_id
    wanted, there = {queries.hash_of(each.text) for each in titles}, queries.let_through(membership)
    if gone := there - wanted:
        db.session.execute(
            sa.delete(LiveTitle).where(LiveTitle.coalition_id == here, LiveTitle.title_hash.in_(gone))
        )
    if new := sorted(wanted - there):
        db.session.execute(sa.insert(LiveTitle), [{"coalition_id": here, "title_hash": each} for each in new])


# -- for spreadsheets


class Opened(NamedTuple):
    """What a link opens, as plain values: the request's transaction ends before a table is computed."""

    link_id: int
    coalition_id: int
    used_at: datetime | None


def opened(token: str) -> Opened | None:
    """Returns what the link opens; None for a link that opens nothing, or whose coalition is closed."""
    if not is_open():
        return None
    row = db.session.execute(
        sa.select(LiveLink.id, LiveLink.coalition_id, LiveLink.used_at, LiveLink.ends_on, Coalition.time_zone)
        .join(Coalition, LiveLink.coalition_id == Coalition.id)
        .where(LiveLink.token_hash == tokens.hashed(token), Coalition.closed_at.is_(None))
    ).one_or_none()
    if row is None or clock.today(row.time_zone) > row.ends_on:
        return None
    return Opened(row.id, row.coalition_id, row.used_at)


class Copy(NamedTuple):
    """A table as it was last computed, without its rows."""

    made_at: datetime | None
    etag: str


def _of(coalition_id: int, table: LiveTable) -> tuple[sa.ColumnElement[bool], ...]:
    return LiveCopy.coalition_id == coalition_id, LiveCopy.kind == table


def copy_of(coalition_id: int, table: LiveTable, within: timedelta = FRESH) -> Copy | None:
    """Returns the table's copy if it is fresh enough."""
    rows = sa.select(LiveCopy.made_at, LiveCopy.etag).where(*_of(coalition_id, table))
    row = db.session.execute(rows).one_or_none()
    return Copy(*row) if row is not None and is_fresh(row.made_at, clock.now(), within) else None


def body_of(coalition_id: int, table: LiveTable) -> str:
    return db.session.scalar(sa.select(LiveCopy.body).where(*_of(coalition_id, table))) or ""


def older_copy(coalition_id: int, table: LiveTable) -> Copy | None:
    """Returns what others get while one request computes the table anew."""
    return copy_of(coalition_id, table, STILL_GOOD)


def note_use(found: Opened) -> None:
    """Notes that the link was used, at most once a minute."""
    now = clock.now()
    if is_fresh(found.used_at, now):
        return
    db.session.rollback()
    with short_transaction(db.engine) as session:
        session.execute(sa.update(LiveLink).where(LiveLink.id == found.link_id).values(used_at=now))


def claim(coalition_id: int, table: LiveTable) -> bool:
    """Returns whether this request computes the table; for a minute, no other request gets True."""
    now = clock.now()
    db.session.rollback()
    with short_transaction(db.engine) as session:
        new = insert(LiveCopy, session.get_bind().dialect.name).values(
            coalition_id=coalition_id, kind=table, claimed_at=now, etag="", body=""
        )
        was_long_ago = sa.or_(LiveCopy.claimed_at <= now - FRESH, LiveCopy.claimed_at > now)
        done = session.execute(
            new.on_conflict_do_update(
                index_elements=["coalition_id", "kind"], set_={"claimed_at": now}, where=was_long_ago
            ).returning(LiveCopy.kind)
        )
        return done.one_or_none() is not None


def put(coalition_id: int, table: LiveTable, body: str) -> Copy:
    """Keeps the computed table for the minute."""
    made = Copy(clock.now(), sha256(body.encode()).hexdigest()[:32])
    db.session.rollback()
    with short_transaction(db.engine) as session:
        kept = sa.update(LiveCopy).where(*_of(coalition_id, table))
        session.execute(kept.values(made_at=made.made_at, etag=made.etag, body=body))
    return made


def forget_copies(coalition_id: int) -> None:
    """Deletes all copies, as when a text was removed for good."""
    db.session.execute(sa.delete(LiveCopy).where(LiveCopy.coalition_id == coalition_id))


def prune(now: datetime) -> int:
    """Deletes copies that no one may get any more."""
    over = sa.delete(LiveCopy).where(LiveCopy.claimed_at <= now - STILL_GOOD)
    return int(db.session.execute(over).rowcount)  # type: ignore[attr-defined]
