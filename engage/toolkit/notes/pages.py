"""Builds notes for pages: their marks in words, where they are, and what was made of them."""

from collections.abc import Collection

from flask import g, url_for
from flask_babel import gettext as _
from msgspec import Struct

from engage.coalitions.permissions import Permission, may
from engage.plan.actions.queries import origins
from engage.plan.words import STATUS_WORDS
from engage.toolkit import note_queries, service, words
from engage.toolkit.forms import OPEN
from engage.toolkit.note_queries import NoteLine, ReplyLine


class Became(Struct, frozen=True):
    """The result of an idea; `url` is its page, if there is one."""

    label: str
    url: str | None


class ReplyView(Struct, frozen=True):
    """A reply below its note."""

    line: ReplyLine
    may_delete: bool


class NoteView(Struct, frozen=True):
    """A note as a row; `place` is the area or section that it is about."""

    line: NoteLine
    mark: str
    tag: str
    place: str
    place_url: str
    is_mine: bool
    may_delete: bool
    may_become: bool
    standing: str
    standing_tag: str
    decisions: list[tuple[str, str]]
    became: Became | None
    may_reply: bool
    replies: list[ReplyView]


def shown(lines: list[NoteLine]) -> list[NoteView]:
    """Returns notes with what became of them and their replies, in three queries, however many there are."""
    keys = [each.id for each in lines]
    became, replies = became_of(keys), note_queries.replies_to(g.membership, keys)
    return [_view(each, became.get(each.id), replies.get(each.id, [])) for each in lines]


def became_of(note_ids: Collection[int]) -> dict[int, Became]:
    """Returns results by note, without notes that have none yet."""
    found = {
        note_id: _of_outcome(ref) for note_id, ref in note_queries.outcomes_of(g.membership, note_ids).items()
    }
    for note_id, action in origins.actions_of_notes(g.membership, note_ids).items():
        label = _("Action %(number)s: %(status)s", number=action.number, status=STATUS_WORDS[action.status])
        found[note_id] = Became(label, url_for("plan.action", number=action.number))
    return found


def _of_outcome(ref: note_queries.OutcomeRef) -> Became:
    if ref.need is not None:
        label = _("Need %(number)s: %(title)s", number=ref.need, title=ref.title)
        return Became(label, url_for("strengths.need", number=ref.need))
    return Became(_("Strength: %(title)s", title=ref.title), None)


def _decisions(line: NoteLine) -> list[tuple[str, str]]:
    """Returns the buttons that decide about an idea, as (value, words), without the current decision."""
    found = [
        (each.value, str(said)) for each, said in words.DECIDE_WORDS.items() if each is not line.standing
    ]
    return [*found, (OPEN, _("Reopen the idea"))] if line.standing else found


def _view(line: NoteLine, became: Became | None, replies: list[ReplyLine]) -> NoteView:
    works = may(g.membership.role, Permission.WORK)
    return NoteView(
        line=line,
        mark=str(words.MARK_WORDS[line.mark]),
        tag=words.MARK_TAGS[line.mark],
        place=words.note_place(line),
        place_url=words.place_url(line.area, line.section, line.id),
        is_mine=line.author_id == g.membership.id,
        may_delete=service.may_delete_note(g.membership, line),
        may_become=works and became is None and service.may_become(line),
        standing=str(words.STANDING_WORDS[line.standing]) if line.standing else "",
        standing_tag=words.STANDING_TAGS[line.standing] if line.standing else "",
        decisions=_decisions(line) if works and service.may_become(line) else [],
        became=became,
        may_reply=works and line.is_shared,
        replies=[ReplyView(each, works and service.may_delete_reply(g.membership, each)) for each in replies],
    )
