"""Builds the trash page, and the messages that say where a deleted thing is."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct

from engage import clock, snapshots
from engage.coalitions.models import Membership
from engage.coalitions.trash import queries
from engage.coalitions.trash.kinds import LastStep, along_words, kind_of, last_steps
from engage.coalitions.trash.restoring import Restored
from engage.errors import Link
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.snapshots import Snapshot
from engage.web.lists import Pages, pages_of

AT_ONCE = 50


class TrashLine(Struct, frozen=True):
    kind: str
    title: str
    along: str
    who: str
    deleted_at: datetime
    left: str
    restore_url: str
    delete_url: str


class TrashPage(Struct, frozen=True):
    lines: list[TrashLine]
    pages: Pages
    last: LastStep | None


def page_of(membership: Membership, asked: str) -> TrashPage:
    """Builds the trash page, newest first; the number of queries does not grow with the trash."""
    rows = queries.copies_for(membership)
    found = db.session.scalar(sa.select(sa.func.count()).select_from(rows.order_by(None).subquery())) or 0
    pages = pages_of(found, asked, lambda n: url_for("coalitions.trash", page=n), AT_ONCE)
    shown = list(db.session.scalars(rows.limit(AT_ONCE).offset((pages.page - 1) * AT_ONCE)))
    names = _names(membership.coalition_id, {copy.made_by_id for copy in shown})
    now = clock.now()
    return TrashPage([_line_of(copy, names, now) for copy in shown], pages, _last(membership))


def _line_of(copy: Snapshot, names: Mapping[int | None, str], now: datetime) -> TrashLine:
    days = snapshots.days_left(copy.made_at, now)
    return TrashLine(
        kind=str(kind_of(copy.thing).word),
        title=title_of(copy),
        along=along_words({name: len(ids) for name, ids in copy.holds.items()}, copy.thing),
        who=names.get(copy.made_by_id) or _("Former member"),
        deleted_at=copy.made_at,
        left=ngettext("%(num)s day left", "%(num)s days left", days),
        restore_url=url_for("coalitions.restore", copy_id=copy.id),
        delete_url=url_for("coalitions.delete_for_good", copy_id=copy.id),
    )


def title_of(copy: Snapshot) -> str:
    return f"{copy.number}. {copy.title}" if kind_of(copy.thing).has_number else copy.title


def restored_words(restored: Restored) -> str:
    """Returns the message on what was restored."""
    return " ".join([restored.kind.back(restored.row), *restored.notes])


def gone_words(membership: Membership, copy: Snapshot, what: str) -> str:
    """Returns the message that the thing on which a person works is in the trash."""
    who = _names(membership.coalition_id, {copy.made_by_id}).get(copy.made_by_id) or _("Former member")
    said = _("%(what)s was deleted by %(who)s and is in the trash.", what=what, who=who)
    if queries.may_restore(membership, copy):
        said += " " + _("Restore it, then try again.")
    else:
        said += " " + _("Ask them or a coordinator to restore it, then try again.")
    return said


def link_to(membership: Membership, copy: Snapshot) -> Link | None:
    """Returns a link to the trash for people who may restore the thing; else None."""
    if not queries.may_restore(membership, copy):
        return None
    return Link(_("Open the trash"), url_for("coalitions.trash"))


def _names(coalition_id: int, ids: Collection[int | None]) -> dict[int | None, str]:
    rows = sa.select(Membership.id, Membership.name).where(
        Membership.coalition_id == coalition_id, Membership.id.in_([key for key in ids if key is not None])
    )
    return dict(db.session.execute(rows).all())


def _last(membership: Membership) -> LastStep | None:
    """Returns the person's last undoable change or last deletion, whichever is later."""
    deleted = queries.last_of(membership)
    steps = ([_deleted(deleted)] if deleted is not None else []) + last_steps(membership)
    return max(steps, key=lambda step: step.made_at, default=None)


def _deleted(copy: Snapshot) -> LastStep:
    kind = kind_of(copy.thing)
    name = str(copy.number) if kind.has_number else f"“{copy.title}”"
    what = f"{kind.word} {name}"
    words = _("%(what)s: Deleted", what=what)
    return LastStep(words, copy.made_at, url_for("coalitions.restore", copy_id=copy.id))
