"""Builds the trash page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from engage import clock, kept
from engage.coalitions.models import Membership
from engage.errors import Link
from engage.extensions import db
from engage.kept import KeptCopy
from engage.plan.undo.pages import steps as steps_pages
from engage.plan.undo.service import steps, trash
from engage.plan.undo.service.restoring import Restored
from engage.plan.undo.service.trash import ACTIONS, GOALS, MEASURES, NUMBERS, OBJECTIVES
from engage.web.lists import Pages, pages_of

AT_ONCE = 50
_KINDS = {ACTIONS: _l("Action"), OBJECTIVES: _l("Objective"), GOALS: _l("Goal")}


@dataclass(frozen=True, slots=True)
class TrashLine:
    kind: str
    title: str
    along: str
    who: str
    deleted_at: datetime
    left: str
    restore_url: str
    delete_url: str


@dataclass(frozen=True, slots=True)
class LastStep:
    """The last step of this person that can be undone."""

    words: str
    made_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class TrashPage:
    lines: list[TrashLine]
    pages: Pages
    last: LastStep | None


def page_of(membership: Membership, asked: str) -> TrashPage:
    """Builds the page, newest first; the number of queries does not grow with the trash."""
    rows = trash.copies_for(membership)
    found = db.session.scalar(sa.select(sa.func.count()).select_from(rows.order_by(None).subquery())) or 0
    pages = pages_of(found, asked, lambda n: url_for("plan.trash", page=n), AT_ONCE)
    shown = list(db.session.scalars(rows.limit(AT_ONCE).offset((pages.page - 1) * AT_ONCE)))
    names = _names(membership.coalition_id, {copy.made_by_id for copy in shown})
    now = clock.now()
    return TrashPage([line_of(copy, names, now) for copy in shown], pages, _last(membership))


def line_of(copy: KeptCopy, names: Mapping[int | None, str], now: datetime) -> TrashLine:
    days = kept.days_left(copy.made_at, now)
    return TrashLine(
        kind=str(_KINDS.get(copy.thing, "")),
        title=title_of(copy),
        along=along_words({name: len(ids) for name, ids in copy.holds.items()}, copy.thing),
        who=names.get(copy.made_by_id) or _("Former member"),
        deleted_at=copy.made_at,
        left=ngettext("%(num)s day left", "%(num)s days left", days),
        restore_url=url_for("plan.restore", copy_id=copy.id),
        delete_url=url_for("plan.delete_for_good", copy_id=copy.id),
    )


def title_of(copy: KeptCopy) -> str:
    return f"{copy.number}. {copy.title}" if copy.thing == ACTIONS else copy.title


def along_words(counts: Mapping[str, int], thing: str = "") -> str:
    """Returns words such as "2 objectives, 1 measure, 7 actions" for what is deleted with a thing, or nothing."""
    own = {name: counts.get(name, 0) - (name == thing) for name in (OBJECTIVES, MEASURES, ACTIONS)}
    said = [
        ngettext("%(num)s objective", "%(num)s objectives", own[OBJECTIVES]) if own[OBJECTIVES] > 0 else "",
        ngettext("%(num)s measure", "%(num)s measures", own[MEASURES]) if own[MEASURES] > 0 else "",
        ngettext("%(num)s action", "%(num)s actions", own[ACTIONS]) if own[ACTIONS] > 0 else "",
    ]
    return ", ".join(each for each in said if each)


def restored_words(restored: Restored) -> str:
    """Says what was restored."""
    if restored.table == ACTIONS:
        said = _("Action %(number)s is back.", number=restored.number)
    elif restored.table == OBJECTIVES:
        said = _("The objective is back.")
    else:
        said = _("The goal is back.")
    return " ".join([said, *restored.notes])


def gone_words(membership: Membership, copy: KeptCopy, key: int, name: str) -> str:
    """Tells a person that what they work on is in the trash."""
    who = _names(membership.coalition_id, {copy.made_by_id}).get(copy.made_by_id) or _("Former member")
    what = _("Action %(number)s", number=key) if name == NUMBERS else _("This")
    said = _("%(what)s was deleted by %(who)s and is in the trash.", what=what, who=who)
    if trash.may_restore(membership, copy):
        said += " " + _("Restore it, then try again.")
    else:
        said += " " + _("Ask them or a coordinator to restore it, then try again.")
    return said


def link_to(membership: Membership, copy: KeptCopy) -> Link | None:
    """Returns a link to where it can be restored, for those who may restore it."""
    if not trash.may_restore(membership, copy):
        return None
    return Link(_("Look into the trash"), url_for("plan.trash"))


def _names(coalition_id: int, ids: Collection[int | None]) -> dict[int | None, str]:
    rows = sa.select(Membership.id, Membership.name).where(
        Membership.coalition_id == coalition_id, Membership.id.in_([key for key in ids if key is not None])
    )
    return dict(db.session.execute(rows).all())


def _last(membership: Membership) -> LastStep | None:
    """Returns the later of the person's last change and last deletion."""
    changed, deleted = steps.last_step(membership), trash.last_of(membership)
    if deleted is not None and (changed is None or deleted.made_at >= changed.made_at):
        what, url = _("Deleted"), url_for("plan.restore", copy_id=deleted.id)
        words = _said(what, deleted.number if deleted.thing == ACTIONS else None)
        return LastStep(words, deleted.made_at, url)
    if changed is None:
        return None
    what, url = steps_pages.what_words(changed.what), url_for("plan.undo", copy_id=changed.id)
    return LastStep(_said(what, changed.number), changed.made_at, url)


def _said(what: str, number: int | None) -> str:
    return _("Action %(number)s: %(what)s", number=number, what=what) if number else what
