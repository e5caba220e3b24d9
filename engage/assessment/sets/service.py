"""Reads and writes the coalition's own question sets. "Ours" in names is the set that comes with Engage.

`questions/service.py` changes the questions and areas in a set.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from msgspec import Struct

from engage import clock, history
from engage.assessment.models import DraftSet, Round
from engage.assessment.questions import (
    Question,
    QuestionArea,
    QuestionComparison,
    QuestionSet,
    comparable,
    frozen,
    short,
)
from engage.assessment.sets.rules import OWN_KEY, SetDraft, same_words
from engage.coalitions import service as coalitions
from engage.coalitions.models import Membership
from engage.coalitions.trash import service as trash_service
from engage.content.loader import content
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.snapshots import Snapshot
from engage.versions import claim_version

LANGUAGE = "en"
MOST_SETS = 10


def ours(*, earlier: bool = False) -> QuestionSet:
    """Returns the questions that come with Engage, in their current wording or in the one before."""
    return frozen(content(LANGUAGE), LANGUAGE, earlier=earlier)


def everything(*, earlier: bool = False) -> SetDraft:
    """Returns the set that comes with Engage, plus its hidden questions that only a coalition's own set can ask."""
    extras = frozenset(each.key for each in content(LANGUAGE).extras)
    return SetDraft(frozen(content(LANGUAGE), LANGUAGE, extras=True, earlier=earlier), extras)


def short_ours(*, earlier: bool = False) -> QuestionSet:
    """Returns the short set that comes with Engage, with questions that any resident can answer."""
    return short(content(LANGUAGE), LANGUAGE, earlier=earlier)


def reworded() -> frozenset[str]:
    """Returns the keys of Engage's questions that have an earlier wording."""
    return frozenset(each.key for each in content(LANGUAGE).indicators if each.earlier)


def asks_earlier_wording(membership: Membership) -> bool:
    """Returns whether the last closed round asked some question in its earlier wording.

    The next round is then compared with it as far as it asks the same.
    """
    asked = db.session.scalar(
        sa.select(Round.questions)
        .where(Round.coalition_id == membership.coalition_id, Round.closed_at.is_not(None))
        .order_by(Round.opened_at.desc(), Round.id.desc())
        .limit(1)
    )
    if asked is None:
        return False
    before = {(each.key, each.before.meaning) for each in content(LANGUAGE).indicators if each.earlier}
    return any(
        (each["key"], each["meaning"]) in before for area in asked["areas"] for each in area["questions"]
    )


def ours_beside(questions: QuestionSet) -> dict[str, Question]:
    """Returns Engage's question for each key, in the earlier wording where these questions have its meaning."""
    wordings = _wordings()
    asked = ((each.key, each.meaning) for each in by_key(questions).values())
    return {
        **by_key(everything().questions),
        **{each[0]: wordings[each] for each in asked if each in wordings},
    }


def _wordings() -> dict[tuple[str, int], Question]:
    """Returns Engage's questions in both wordings, by key and meaning number."""
    sets = (everything(earlier=earlier).questions for earlier in (True, False))
    return {(each.key, each.meaning): each for questions in sets for each in by_key(questions).values()}


def nothing_yet() -> QuestionSet:
    """Returns a set without questions, with one area to add them to."""
    area = QuestionArea(f"{OWN_KEY}questions", _("Our questions"), _("Our questions"), "", ())
    return QuestionSet(LANGUAGE, ours().scale, (area,))


def short_keys() -> frozenset[str]:
    """Returns the keys of Engage's questions that the short set asks."""
    return frozenset(each.key for each in content(LANGUAGE).indicators if each.short)


def insiders() -> frozenset[str]:
    """Returns the keys of Engage's questions that only insiders can answer.

    A question that a coalition reworded keeps its key.
    """
    return content(LANGUAGE).insiders


def set_of(membership: Membership, set_id: int) -> DraftSet | None:
    return db.session.scalar(
        sa.select(DraftSet).where(DraftSet.coalition_id == membership.coalition_id, DraftSet.id == set_id)
    )


def sets_of(membership: Membership) -> list[DraftSet]:
    """Returns the coalition's own sets, the last changed first; there are at most ten."""
    rows = sa.select(DraftSet).where(DraftSet.coalition_id == membership.coalition_id)
    return list(db.session.scalars(rows.order_by(DraftSet.changed_at.desc(), DraftSet.id.desc())))


def draft_of(set_: DraftSet) -> SetDraft:
    return SetDraft.from_json(set_.questions)


class SetSince(Struct, frozen=True):
    """A set compared with the last round: what both ask, what only one of them asks, and which texts changed."""

    round_title: str
    before: QuestionSet
    comparison: QuestionComparison
    clearer: tuple[str, ...]


def since_last_round(membership: Membership, asked: QuestionSet) -> SetSince | None:
    """Compares a set with the coalition's last round; None if there was no round yet."""
    row = db.session.execute(
        sa.select(Round.title, Round.questions)
        .where(Round.coalition_id == membership.coalition_id)
        .order_by(Round.opened_at.desc(), Round.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    before = QuestionSet.from_json(row.questions)
    found = comparable(before, asked)
    old, new = by_key(before), by_key(asked)
    clearer = tuple(key for key in found.both if not same_words(old[key], new[key]))
    return SetSince(row.title, before, found, clearer)


def may_be_answered(membership: Membership, question: Question) -> bool:
    """Returns whether this very question may have answers: it is one of Engage's, or a round has asked it."""
    if (question.key, question.meaning) in _wordings():
        return True
    rows = sa.select(Round.questions).where(Round.coalition_id == membership.coalition_id)
    return any(
        (each["key"], each["meaning"]) == (question.key, question.meaning)
        for questions in db.session.scalars(rows)
        for area in questions["areas"]
        for each in area["questions"]
    )


def room_for_one_more(coalition_id: int) -> None:
    """Locks the coalition until the commit. Raises WrongState if there are already ten sets."""
    coalitions.lock(coalition_id)
    many = sa.select(sa.func.count(DraftSet.id)).where(DraftSet.coalition_id == coalition_id)
    if (db.session.scalar(many) or 0) >= MOST_SETS:
        raise WrongState(
            _("You already have %(most)s question sets. Delete one you do not need.", most=MOST_SETS)
        )


def create(membership: Membership, title: str, draft: SetDraft) -> DraftSet:
    """Creates a set. Raises WrongState if there are already ten."""
    room_for_one_more(membership.coalition_id)
    set_ = DraftSet(
        coalition_id=membership.coalition_id,
        title=title,
        questions=draft.to_json(),
        created_by_id=membership.id,
        changed_at=clock.now(),
    )
    return history.add(membership, set_)


def rename(set_: DraftSet, version: int, title: str, actor: Membership) -> None:
    """Renames a set. Raises StaleVersion if someone else renamed it in between."""
    claim_version(set_, version)
    set_.title = title
    history.note(actor, set_, "title")


def delete(set_: DraftSet, actor: Membership) -> Snapshot:
    """Moves the set to the trash; rounds keep the questions that they asked."""
    return trash_service.put(actor, set_)


def by_key(questions: QuestionSet) -> Mapping[str, Question]:
    return {each.key: each for area in questions.areas for each in area.questions}
