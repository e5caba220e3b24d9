"""Writes the funder report's data: texts of a period, the coalition's own order, copies of what was sent."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import url_for

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.service import lock
from engage.coalitions.trash import kinds
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.reports.funder.models import FunderCopy, FunderCopyText, FunderOrder, FunderText
from engage.reports.funder.queries import texts as texts_queries
from engage.reports.funder.rules import Layout, Part, forgotten
from engage.reports.rules import Period
from engage.snapshots import Snapshot
from engage.versions import claim_version
from engage.web.paper.rules import Paper, kept

COPIES = FunderCopy.__tablename__
TITLE_LONGEST = 120


class Typed(NamedTuple):
    """A text as it was typed, with the version that its box was opened with; 0 if there was none yet."""

    version: int
    text: str


def save_texts(membership: Membership, period: Period, typed: Mapping[Part, Typed]) -> dict[Part, FunderText]:
    """Saves the texts about a period.

    A text that someone else changed after the page was opened is not overwritten; returns these saved texts,
    by section.
    """
    lock(membership.coalition_id)
    saved = texts_queries.texts_of(membership, period)
    stale = {}
    for part, said in typed.items():
        row = saved.get(part)
        if row is not None and row.text == said.text:
            continue
        if row is not None and row.version != said.version:
            stale[part] = row
            continue
        if row is None:
            row = FunderText(
                coalition_id=membership.coalition_id,
                since=period.since,
                until=period.until,
                part=part,
                version=0,
            )
            db.session.add(row)
        row.text, row.version = said.text, row.version + 1
        row.written_at, row.written_by_id = clock.now(), membership.id
        db.session.flush()
        history.note(membership, row, "text")
    return stale


def save_order(membership: Membership, version: int, parts: Sequence[Part]) -> None:
    """Saves the coalition's own order; `version` is 0 if there was none yet. Raises StaleVersion."""
    lock(membership.coalition_id)
    order = texts_queries.order_of(membership)
    keys = [part.value for part in parts]
    if order is None:
        order = FunderOrder(coalition_id=membership.coalition_id, parts=keys)
        db.session.add(order)
        db.session.flush()
    else:
        claim_version(order, version)
        order.parts = keys
    history.note(membership, order, "parts")


def keep_copy(
    membership: Membership,
    title: str,
    period: Period,
    layout: Layout,
    paper: Paper,
    texts: Mapping[Part, str],
) -> FunderCopy:
    """Saves a report as it is now.

    `paper` has no texts: they are stored apart, so that they can be removed for good.
    """
    copy = FunderCopy(
        coalition_id=membership.coalition_id,
        title=title,
        since=period.since,
        until=period.until,
        layout=layout,
        made_at=clock.now(),
        made_by_id=membership.id,
        paper=kept(paper),
    )
    db.session.add(copy)
    db.session.flush()
    here = {"coalition_id": membership.coalition_id, "copy_id": copy.id}
    db.session.add_all(FunderCopyText(**here, part=part, text=text) for part, text in texts.items() if text)
    history.note(membership, copy, "added")
    return copy


def delete_copy(membership: Membership, copy: FunderCopy) -> Snapshot:
    """Moves a copy to the trash."""
    lock(membership.coalition_id)
    return trash_service.put(membership, copy)


def forget_texts(coalition_id: int, texts: Collection[str], word: str) -> None:
    """Replaces these texts in all texts of the funder report and in every copy, for redaction.

    A text that started from the computed facts contains names and titles.
    """
    places = ((FunderText, "text"), (FunderCopyText, "text"), (FunderCopy, "title"), (FunderCopy, "paper"))
    for model, column in places:
        table: Any = model.__table__
        held = sa.select(table.c.id, table.c[column]).where(table.c.coalition_id == coalition_id)
        for key, value in db.session.execute(held).all():
            if (without := forgotten(value, texts, word)) != value:
                values = {column: without[:TITLE_LONGEST] if column == "title" else without}
                if "version" in table.c:
                    values["version"] = table.c.version + 1
                db.session.execute(sa.update(table).where(table.c.id == key).values(values))
    in_trash = sa.select(Snapshot).where(
        Snapshot.coalition_id == coalition_id, Snapshot.thing == COPIES, Snapshot.ended_at.is_(None)
    )
    for copy in db.session.scalars(in_trash):
        copy.rows = forgotten(copy.rows, texts, word)


kinds.register(
    Kind(
        table=COPIES,
        word=_l("Saved funder report"),
        back=lambda row: _("“%(title)s” is back.", title=row["title"]),
        address=lambda row: url_for("reports.funder_copy", copy_id=row["id"]),
        permission=Permission.REPORT,
    )
)
