"""Writes the questions and areas of a coalition's own question set, and their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from msgspec import Struct, field
from msgspec.structs import replace
from werkzeug.exceptions import NotFound

from engage import clock, history
from engage.assessment.models import DraftSet, Round
from engage.assessment.questions import AreaWording, Question, QuestionArea, QuestionWording
from engage.assessment.rules import QuestionKind
from engage.assessment.sets import files
from engage.assessment.sets.rules import (
    MOST_AREAS,
    MOST_QUESTIONS,
    SetDraft,
    TooMany,
    next_meaning,
    other_answers,
    own_key,
)
from engage.assessment.sets.service import by_key, draft_of, everything, may_be_answered, ours, ours_beside
from engage.coalitions.models import Membership
from engage.database import folded
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.i18n import gettext as _


def arrange(set_: DraftSet, draft: SetDraft, actor: Membership) -> None:
    """Saves a draft whose order or hidden questions changed."""
    _keep(set_, draft, actor, "order")


class QuestionWords(Struct, frozen=True):
    """The texts of a question from a form."""

    area: str
    title: str
    statement: str
    why: str
    ask: tuple[str, ...]
    levels: tuple[str, ...]
    kind: QuestionKind = QuestionKind.LEVELS
    options: tuple[str, ...] = ()
    # Texts in other languages; languages that the form did not send are missing.
    texts: Mapping[str, QuestionWording] = field(default_factory=dict)

    def of(self, question: Question) -> Question:
        """Returns the question with these texts."""
        texts = {**question.texts, **self.texts}
        return replace(
            question,
            texts={language: each for language, each in texts.items() if each != QuestionWording()},
            title=self.title,
            statement=self.statement,
            why=self.why,
            ask=self.ask,
            levels=self.levels,
            kind=self.kind,
            options=self.options,
        )


def add_question(set_: DraftSet, words: QuestionWords, actor: Membership) -> Question:
    """Adds a question. Raises WrongState if the set is full."""
    draft = held(set_)
    taken = draft.keys | set(by_key(ours()))
    question = words.of(Question.blank(own_key(folded(words.title), taken)))
    if known := _meanings(actor, question.key):
        # An earlier, deleted question had this key, so this one gets a new meaning number.
        question = replace(question, meaning=next_meaning(known))
    _put(set_, draft, words.area, question, actor)
    return question


def reword(
    set_: DraftSet, key: str, edit: int, words: QuestionWords, *, new: bool, actor: Membership
) -> None:
    """Changes a question's texts; `new` makes it a new question that is not compared with the old one.

    Different options also make it a new question, if the old ones may have been answered.

    Raises StaleVersion if someone changed this question in between.
    """
    draft = held(set_)
    found = draft.questions.find(key)
    if found is None or draft.edit_of(key) != edit:
        raise _stale(set_)
    question = words.of(found[1])
    others = other_answers(question, found[1])
    if new or others:
        # Translations that were not changed with it would still ask the old question.
        old = found[1].texts
        texts = {language: each for language, each in question.texts.items() if old.get(language) != each}
        question = replace(question, texts=texts)
    if new or (others and may_be_answered(actor, found[1])):
        question = replace(question, meaning=next_meaning(_meanings(actor, key)))
    _put(set_, draft, words.area, question, actor)


def reset_question(set_: DraftSet, key: str, actor: Membership) -> None:
    """Restores Engage's texts and meaning number. Raises WrongState if the question is not one of Engage's."""
    draft = held(set_)
    here, mine = draft.questions.find(key), ours_beside(draft.questions).get(key)
    if here is None or mine is None:
        raise WrongState(_("This question does not come with Engage, so there is nothing to go back to."))
    _put(set_, draft, here[0].key, mine, actor)


def take_out(set_: DraftSet, key: str, actor: Membership) -> None:
    _keep(set_, held(set_).take_out(key), actor, "question")


class AreaWords(Struct, frozen=True):
    name: str
    short: str
    asks: str
    # Texts in other languages; languages that the form did not send are missing.
    texts: Mapping[str, AreaWording] = field(default_factory=dict)

    def of(self, area: QuestionArea) -> QuestionArea:
        """Returns the area with these texts."""
        texts = {**area.texts, **self.texts}
        return replace(
            area,
            name=self.name,
            short=self.short,
            asks=self.asks,
            texts={language: each for language, each in texts.items() if each != AreaWording()},
        )


def add_area(set_: DraftSet, words: AreaWords, actor: Membership) -> QuestionArea:
    """Adds an area. Raises WrongState if the set is full."""
    draft = held(set_)
    taken = {area.key for area in (*draft.questions.areas, *ours().areas)}
    area = words.of(QuestionArea(own_key(folded(words.name), taken), "", "", "", ()))
    _keep(set_, _fitting(lambda: draft.put_area(area)), actor, "area")
    return area


def reword_area(set_: DraftSet, key: str, edit: int, words: AreaWords, actor: Membership) -> None:
    """Changes an area's texts. Raises StaleVersion if someone changed this area in between."""
    draft = held(set_)
    area = draft.questions.area(key)
    if area is None or draft.edit_of_area(key) != edit:
        raise _stale(set_)
    changed = words.of(area)
    _keep(set_, _fitting(lambda: draft.put_area(changed)), actor, "area")


def take_out_area(set_: DraftSet, key: str, actor: Membership) -> None:
    """Deletes an area. Raises WrongState while it has questions."""
    draft = held(set_)
    area = draft.questions.area(key)
    if area is not None and area.questions:
        raise WrongState(_("This area still has questions. Hide it, or move its questions first."))
    _keep(set_, draft.take_out_area(key), actor, "area")


def held(set_: DraftSet) -> SetDraft:
    """Returns the current draft, locked until the commit."""
    rows = sa.select(DraftSet).where(DraftSet.coalition_id == set_.coalition_id, DraftSet.id == set_.id)
    now = db.session.scalar(rows.with_for_update().execution_options(populate_existing=True))
    if now is None:
        raise NotFound  # someone deleted it in the meantime
    return draft_of(now)


def _stale(set_: DraftSet) -> StaleVersion:
    """Releases the lock and returns StaleVersion. The view then shows both texts and writes nothing."""
    db.session.rollback()
    db.session.refresh(set_)
    return StaleVersion()


def _put(set_: DraftSet, draft: SetDraft, area: str, question: Question, actor: Membership) -> None:
    _keep(set_, _fitting(lambda: draft.put(area, question)), actor, "question")


def _fitting(change: Callable[[], SetDraft]) -> SetDraft:
    try:
        changed = change()
    except TooMany:
        raise WrongState(
            _(
                "This set is full: at most %(questions)s questions in %(areas)s focus areas.",
                questions=MOST_QUESTIONS,
                areas=MOST_AREAS,
            )
        ) from None
    if not files.fits(changed):
        raise WrongState(
            _(
                "This set is full: all its words together would no longer fit in one file. Shorten "
                "or remove a question."
            )
        )
    return changed


def _keep(set_: DraftSet, draft: SetDraft, actor: Membership, field: str) -> None:
    set_.questions = draft.to_json()
    set_.changed_at = clock.now()
    history.note(actor, set_, field)


def _meanings(membership: Membership, key: str) -> set[int]:
    """Returns every meaning number that a question with this key has had: in rounds, sets, and Engage's own set."""
    mine = Round.coalition_id == membership.coalition_id
    theirs = DraftSet.coalition_id == membership.coalition_id
    stored = [
        *db.session.scalars(sa.select(Round.questions).where(mine)),
        *db.session.scalars(sa.select(DraftSet.questions).where(theirs)),
        everything().questions.to_json(),
    ]
    return {
        each["meaning"]
        for questions in stored
        for area in questions["areas"]
        for each in area["questions"]
        if each["key"] == key
    }
