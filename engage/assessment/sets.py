"""The coalition's own question sets: reads and writes. Ours is the one that comes with Engage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from engage import clock, history
from engage.assessment.drafts import (
    MOST_AREAS,
    MOST_QUESTIONS,
    Draft,
    TooMany,
    next_meaning,
    own_key,
    same_words,
)
from engage.assessment.models import DraftSet, Round
from engage.assessment.questions import Comparison, Question, QuestionArea, QuestionSet, comparable, frozen
from engage.coalitions import service as coalitions
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import folded
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.versions import claim_version

LANGUAGE = "en"
MOST_SETS = 10


def ours() -> QuestionSet:
    """The questions that come with Engage, as they stand now."""
    return frozen(content(LANGUAGE), LANGUAGE)


# -- reading


def set_of(membership: Membership, set_id: int) -> DraftSet | None:
    return db.session.scalar(
        sa.select(DraftSet).where(DraftSet.coalition_id == membership.coalition_id, DraftSet.id == set_id)
    )


def sets_of(membership: Membership) -> list[DraftSet]:
    """The one that was changed last comes first; there are at most ten."""
    rows = sa.select(DraftSet).where(DraftSet.coalition_id == membership.coalition_id)
    return list(db.session.scalars(rows.order_by(DraftSet.changed_at.desc(), DraftSet.id.desc())))


def draft_of(set_: DraftSet) -> Draft:
    return Draft.from_json(set_.questions)


@dataclass(frozen=True, slots=True)
class Since:
    """A set beside the last round: what both ask, what not, and which of both have new words."""

    round_title: str
    before: QuestionSet
    comparison: Comparison
    clearer: tuple[str, ...]


def since_last_round(membership: Membership, asked: QuestionSet) -> Since | None:
    """None where there was no round yet."""
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
    old, new = _by_key(before), _by_key(asked)
    clearer = tuple(key for key in found.both if not same_words(old[key], new[key]))
    return Since(row.title, before, found, clearer)


def may_be_answered(membership: Membership, question: Question) -> bool:
    """Whether there may be answers to this very question: it is one of ours, or a round has asked it."""
    mine = ours().find(question.key)
    if mine is not None and mine[1].meaning == question.meaning:
        return True
    rows = sa.select(Round.questions).where(Round.coalition_id == membership.coalition_id)
    return any(
        (each["key"], each["meaning"]) == (question.key, question.meaning)
        for questions in db.session.scalars(rows)
        for area in questions["areas"]
        for each in area["questions"]
    )


def _meanings(membership: Membership, key: str) -> set[int]:
    """Every meaning number that a question of this key has had here: in rounds, in sets, and ours."""
    mine = Round.coalition_id == membership.coalition_id
    theirs = DraftSet.coalition_id == membership.coalition_id
    stored = [
        *db.session.scalars(sa.select(Round.questions).where(mine)),
        *db.session.scalars(sa.select(DraftSet.questions).where(theirs)),
        ours().to_json(),
    ]
    return {
        each["meaning"]
        for questions in stored
        for area in questions["areas"]
        for each in area["questions"]
        if each["key"] == key
    }


# -- sets


def create(membership: Membership, title: str, draft: Draft) -> DraftSet:
    """Raises WrongState where there are ten already."""
    coalitions.lock(membership.coalition_id)
    many = sa.select(sa.func.count(DraftSet.id)).where(DraftSet.coalition_id == membership.coalition_id)
    if (db.session.scalar(many) or 0) >= MOST_SETS:
        raise WrongState(
            _("There are %(most)s question sets already. Delete one that you do not need.", most=MOST_SETS)
        )
    set_ = DraftSet(
        coalition_id=membership.coalition_id,
        title=title,
        questions=draft.to_json(),
        created_by_id=membership.id,
        changed_at=clock.now(),
    )
    db.session.add(set_)
    db.session.flush()
    _note(membership, set_, "added")
    return set_


def rename(set_: DraftSet, version: int, title: str, actor: Membership) -> None:
    """Raises StaleVersion when somebody renamed it meanwhile."""
    claim_version(set_, version)
    set_.title = title
    _note(actor, set_, "title")


def delete(set_: DraftSet, actor: Membership) -> None:
    """The set alone: rounds keep the questions that they asked."""
    _note(actor, set_, "deleted")
    db.session.delete(set_)


def arrange(set_: DraftSet, draft: Draft, actor: Membership) -> None:
    """Keep a draft whose order or hidden questions changed."""
    _keep(set_, draft, actor, "order")


# -- one question


@dataclass(frozen=True, slots=True)
class Words:
    """What a form says of a question."""

    area: str
    title: str
    statement: str
    why: str
    ask: tuple[str, ...]
    levels: tuple[str, ...]


def add_question(set_: DraftSet, words: Words, actor: Membership) -> Question:
    """Raises WrongState where the set is full."""
    draft = held(set_)
    taken = draft.keys | set(_by_key(ours()))
    question = Question(
        key=own_key(folded(words.title), taken),
        meaning=1,
        title=words.title,
        statement=words.statement,
        why=words.why,
        ask=words.ask,
        levels=words.levels,
    )
    if known := _meanings(actor, question.key):
        # Such a question was deleted before: this one is another.
        question = replace(question, meaning=next_meaning(known))
    _put(set_, draft, words.area, question, actor)
    return question


def reword(set_: DraftSet, key: str, edit: int, words: Words, *, new: bool, actor: Membership) -> None:
    """Change a question's words; `new` makes it a new question, which is not compared with the old one.

    Raises StaleVersion when somebody changed this question meanwhile.
    """
    draft = held(set_)
    found = draft.questions.find(key)
    if found is None or draft.edit_of(key) != edit:
        raise _stale(set_)
    question = replace(
        found[1],
        title=words.title,
        statement=words.statement,
        why=words.why,
        ask=words.ask,
        levels=words.levels,
    )
    if new:
        # Texts of other languages would go on asking the old question.
        question = replace(question, meaning=next_meaning(_meanings(actor, key)), texts={})
    _put(set_, draft, words.area, question, actor)


def reset_question(set_: DraftSet, key: str, actor: Membership) -> None:
    """Our own words again, with our meaning number. Raises WrongState where it is not one of ours."""
    draft = held(set_)
    here, mine = draft.questions.find(key), ours().find(key)
    if here is None or mine is None:
        raise WrongState(_("This question does not come with Engage, so there is nothing to go back to."))
    _put(set_, draft, here[0].key, mine[1], actor)


def take_out(set_: DraftSet, key: str, actor: Membership) -> None:
    _keep(set_, held(set_).take_out(key), actor, "question")


# -- areas


@dataclass(frozen=True, slots=True)
class AreaWords:
    name: str
    short: str
    asks: str


def add_area(set_: DraftSet, words: AreaWords, actor: Membership) -> QuestionArea:
    """Raises WrongState where the set is full."""
    draft = held(set_)
    taken = {area.key for area in (*draft.questions.areas, *ours().areas)}
    area = QuestionArea(own_key(folded(words.name), taken), words.name, words.short, words.asks, ())
    _keep(set_, _fitting(lambda: draft.put_area(area)), actor, "area")
    return area


def reword_area(set_: DraftSet, key: str, edit: int, words: AreaWords, actor: Membership) -> None:
    """Raises StaleVersion when somebody changed this area meanwhile."""
    draft = held(set_)
    area = draft.questions.area(key)
    if area is None or draft.edit_of_area(key) != edit:
        raise _stale(set_)
    changed = replace(area, name=words.name, short=words.short, asks=words.asks)
    _keep(set_, draft.put_area(changed), actor, "area")


def take_out_area(set_: DraftSet, key: str, actor: Membership) -> None:
    """Raises WrongState while it holds questions."""
    draft = held(set_)
    area = draft.questions.area(key)
    if area is not None and area.questions:
        raise WrongState(_("This area still has questions. Hide it, or move its questions first."))
    _keep(set_, draft.take_out_area(key), actor, "area")


# -- together


def held(set_: DraftSet) -> Draft:
    """The draft as it is now, kept from others until the commit."""
    rows = sa.select(DraftSet).where(DraftSet.coalition_id == set_.coalition_id, DraftSet.id == set_.id)
    now = db.session.scalar(rows.with_for_update().execution_options(populate_existing=True))
    if now is None:
        raise NotFound  # somebody deleted it meanwhile
    return draft_of(now)


def _stale(set_: DraftSet) -> StaleVersion:
    """The view answers with both texts and writes nothing: let go of the lock before it reads on."""
    db.session.rollback()
    db.session.refresh(set_)
    return StaleVersion()


def _put(set_: DraftSet, draft: Draft, area: str, question: Question, actor: Membership) -> None:
    _keep(set_, _fitting(lambda: draft.put(area, question)), actor, "question")


def _fitting(change: Callable[[], Draft]) -> Draft:
    try:
        return change()
    except TooMany:
        raise WrongState(
            _(
                "This set is full: at most %(questions)s questions in %(areas)s focus areas.",
                questions=MOST_QUESTIONS,
                areas=MOST_AREAS,
            )
        ) from None


def _keep(set_: DraftSet, draft: Draft, actor: Membership, field: str) -> None:
    set_.questions = draft.to_json()
    set_.changed_at = clock.now()
    _note(actor, set_, field)


def _by_key(questions: QuestionSet) -> Mapping[str, Question]:
    return {each.key: each for area in questions.areas for each in area.questions}


def _note(actor: Membership, set_: DraftSet, field: str) -> None:
    history.record(set_.coalition_id, actor.id, DraftSet.__tablename__, set_.id, field)
