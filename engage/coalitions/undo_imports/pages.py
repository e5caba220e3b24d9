"""Builds the list of imports, and the page that asks before one is undone."""

from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct

from engage import clock, snapshots
from engage.coalitions.models import Membership
from engage.coalitions.trash import kinds as trash_kinds
from engage.coalitions.trash.kinds import LastStep
from engage.coalitions.trash.notice import address_of
from engage.coalitions.undo_imports import labels, queries
from engage.coalitions.undo_imports.kinds import ImportKind
from engage.coalitions.undo_imports.recording import CHANGED
from engage.coalitions.undo_imports.service import Staying, UndoneImport, kind_and_file
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.imports.hidden_file import FileKind
from engage.snapshots import Snapshot
from engage.web.labels import listed
from engage.web.lists import Pages, pages_of

AT_ONCE = 50
# The page names at most this many rows that stay, because no one would read more.
SHOWN = 100
# The message after an import was undone names this many.
SAID = 5


class ImportLine(Struct, frozen=True):
    """An import in the list. `undo_url` is empty if it was undone."""

    word: str
    file: str
    added: str
    changed: str
    who: str
    made_at: datetime
    left: str
    undo_url: str


class ImportsPage(Struct, frozen=True):
    lines: list[ImportLine]
    pages: Pages


class StayingLine(Struct, frozen=True):
    """A row that stays, and why."""

    kind: str
    title: str
    why: str


class UndoPage(Struct, frozen=True):
    """What undoing an import would do; `more` is the number of staying rows that are not shown."""

    word: str
    is_any: bool
    deleted: str
    restored: str
    stays: list[StayingLine]
    count: int
    more: int


def page_of(membership: Membership, asked: str) -> ImportsPage:
    """Builds the list, newest first; the number of queries does not grow with the imports."""
    rows = queries.imports_of(membership.coalition_id)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(rows.order_by(None).subquery())) or 0
    pages = pages_of(count, asked, lambda n: url_for("coalitions.imports", page=n), AT_ONCE)
    shown = db.session.execute(rows.limit(AT_ONCE).offset((pages.page - 1) * AT_ONCE)).all()
    now = clock.now()
    return ImportsPage([_line_of(copy, who, now) for copy, who in shown], pages)


def _line_of(copy: Snapshot, who: str | None, now: datetime) -> ImportLine:
    kind, file = kind_and_file(copy)
    is_undone = copy.ended is not None
    days = snapshots.days_left(copy.made_at, now)
    return ImportLine(
        word=str(kind.word),
        file=str(labels.FILE_LABELS.get(FileKind(file)) if file else ""),
        added=_counted(kind, {name: len(copy.holds.get(name, ())) for name in kind.counted}),
        changed=_counted(kind, {name: len(copy.holds.get(CHANGED + name, ())) for name in kind.counted}),
        who=(who or _("Former member"))
        if copy.made_by_id is not None
        else _("The person who runs this site"),
        made_at=copy.made_at,
        left=_("Undone") if is_undone else ngettext("%(num)s day left", "%(num)s days left", days),
        undo_url="" if is_undone else address_of(copy),
    )


def undo_page(found: UndoneImport) -> UndoPage:
    """Builds the page that asks before undoing."""
    return UndoPage(
        word=str(found.kind.word),
        is_any=bool(found.free),
        deleted=_undone(found, added=True),
        restored=_undone(found, added=False),
        stays=[_staying_line(each) for each in found.stays[:SHOWN]],
        count=len(found.stays),
        more=max(0, len(found.stays) - SHOWN),
    )


def undone_words(found: UndoneImport) -> str:
    """Says what was undone, and names what stays."""
    said = [_("The import is undone.")]
    if deleted := _undone(found, added=True):
        said.append(_("Deleted: %(what)s.", what=deleted))
    if restored := _undone(found, added=False):
        said.append(_("Changed back: %(what)s.", what=restored))
    if found.stays:
        named = [labels.title_of(each) for each in found.stays[:SAID]]
        more = len(found.stays) - len(named)
        named += [ngettext("%(num)s more", "%(num)s more", more)] if more else []
        said.append(_("These stay: %(what)s.", what=listed(named)))
    return " ".join(said)


def _undone(found: UndoneImport, *, added: bool) -> str:
    return _counted(found.kind, {name: found.count(name, added=added) for name in found.kind.counted})


def _counted(kind: ImportKind, counts: dict[str, int]) -> str:
    """Returns a text such as "2 goals and 42 actions", or an empty one."""
    return listed(said(counts[name]) for name, said in kind.counted.items() if counts[name])


def _staying_line(each: Staying) -> StayingLine:
    what = listed(labels.word_of(name) for name in each.held_by)
    why = each.reason or _("Since then, someone added or changed: %(what)s.", what=what)
    return StayingLine(labels.word_of(each.table), labels.title_of(each), why)


def _last(membership: Membership) -> LastStep | None:
    """Returns this person's latest import, if it can be undone."""
    rows = queries.imports_of(membership.coalition_id).where(
        Snapshot.ended.is_(None), Snapshot.made_by_id == membership.id
    )
    found = db.session.execute(rows.limit(1)).first()
    if found is None:
        return None
    kind, _file = kind_and_file(found[0])
    return LastStep(_("Import: %(what)s", what=kind.word), found[0].made_at, address_of(found[0]))


trash_kinds.register_steps(_last)
