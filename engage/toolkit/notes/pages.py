"""Prepares notes for pages: their marks in words, where they are, and what was made from them."""

from collections.abc import Collection

from flask import g, url_for
from msgspec import Struct

from engage.coalitions.permissions import Permission, may
from engage.i18n import gettext as _
from engage.plan.actions.pages import link_to
from engage.plan.actions.queries import origins
from engage.toolkit import labels, note_queries, service
from engage.toolkit.forms import OPEN
from engage.toolkit.note_queries import NoteLine, ReplyLine
from engage.web.lists import NamedLink


class ReplyView(Struct, frozen=True):
    """A reply below its note."""

    line: ReplyLine
    may_delete: bool


class NoteView(Struct, frozen=True):
    """A note as a row, with what this person may do with it."""

    line: NoteLine
    is_mine: bool
    may_delete: bool
    may_become: bool
    decisions: list[tuple[str, str]]
    became: NamedLink | None
    may_reply: bool
    replies: list[ReplyView]


def shown(lines: list[NoteLine]) -> list[NoteView]:
    """Returns notes as rows, with replies and what was made from them, in three queries."""
    keys = [each.id for each in lines]
    became, replies = became_of(keys), note_queries.replies_to(g.membership, keys)
    return [_view(each, became.get(each.id), replies.get(each.id, [])) for each in lines]


def became_of(note_ids: Collection[int]) -> dict[int, NamedLink]:
    """Returns what was made from notes, by note; notes from which nothing was made are missing."""
    found = {
        note_id: _of_outcome(ref) for note_id, ref in note_queries.outcomes_of(g.membership, note_ids).items()
    }
    for note_id, action in origins.actions_of_notes(g.membership, note_ids).items():
        found[note_id] = link_to(action)
    return found


def _of_outcome(ref: note_queries.OutcomeRef) -> NamedLink:
    if ref.need is not None:
        label = _("Need %(number)s: %(title)s", number=ref.need, title=ref.title)
        return NamedLink(label, url_for("strengths.need", number=ref.need))
    return NamedLink(_("Strength: %(title)s", title=ref.title), "")


def _decisions(line: NoteLine) -> list[tuple[str, str]]:
    """Returns the buttons that decide about an idea, as (value, words), without the current decision."""
    found = [
        (each.value, str(said)) for each, said in labels.DECIDE_LABELS.items() if each is not line.standing
    ]
    return [*found, (OPEN, _("Reopen the idea"))] if line.standing else found


def _view(line: NoteLine, became: NamedLink | None, replies: list[ReplyLine]) -> NoteView:
    works = may(g.membership.role, Permission.WORK)
    return NoteView(
        line=line,
        is_mine=line.author_id == g.membership.id,
        may_delete=service.may_delete_note(g.membership, line),
        may_become=works and became is None and service.may_become(line),
        decisions=_decisions(line) if works and service.may_become(line) else [],
        became=became,
        may_reply=works and line.is_shared,
        replies=[ReplyView(each, works and service.may_delete_reply(g.membership, each)) for each in replies],
    )
