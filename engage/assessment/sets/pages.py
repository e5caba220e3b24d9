"""Builds the pages of question sets: a set's areas and questions, and how it compares to the last round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from engage.assessment.models import DraftSet
from engage.assessment.questions import Question, QuestionArea, QuestionSet
from engage.assessment.sets import service
from engage.assessment.sets.rules import Change, Draft, change
from engage.assessment.sets.service import Since

CHANGE_TAGS = {
    Change.CLEARER: (_l("Reworded"), "underway"),
    Change.NEW_MEANING: (_l("New question"), "next"),
    Change.ADDED: (_l("Added"), "done"),
}


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question in the list of its area."""

    key: str
    title: str
    statement: str
    tag: tuple[str, str] | None
    is_hidden: bool
    for_insiders: bool


@dataclass(frozen=True, slots=True)
class AreaPart:
    key: str
    name: str
    count: str
    rows: tuple[QuestionLine, ...]
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason why questions cannot be compared with the last round, and which ones."""

    text: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A set in sentences. `reasons` say why some of it is not compared."""

    counts: str
    compared: str
    clearer: Reason | None
    reasons: tuple[Reason, ...]


def area_parts(draft: Draft, ours: QuestionSet) -> list[AreaPart]:
    mine = {each.key: each for area in ours.areas for each in area.questions}
    return [_area_part(area, draft, mine) for area in draft.questions.areas]


def area_part(draft: Draft, key: str) -> AreaPart | None:
    return next((part for part in area_parts(draft, service.ours()) if part.key == key), None)


def _area_part(area: QuestionArea, draft: Draft, ours: dict[str, Question]) -> AreaPart:
    insiders = service.insiders()
    rows = tuple(
        QuestionLine(
            key=each.key,
            title=each.title,
            statement=each.statement,
            tag=CHANGE_TAGS.get(change(each, ours.get(each.key))),
            is_hidden=each.key in draft.hidden,
            for_insiders=each.key in insiders,
        )
        for each in area.questions
    )
    shown = sum(not row.is_hidden for row in rows)
    return AreaPart(area.key, area.name, _counts(shown, len(rows)), rows, is_hidden=bool(rows) and not shown)


def _counts(shown: int, total: int) -> str:
    if not total:
        return _("No question yet")
    if shown == total:
        return ngettext("%(num)s question", "%(num)s questions", total)
    return _("%(shown)s of %(total)s questions are asked", shown=shown, total=total)


def counts_of(draft: Draft) -> str:
    """Says in a sentence how much a set asks."""
    asked = draft.asked
    many = sum(len(area.questions) for area in asked.areas)
    said = _(
        "%(questions)s in %(areas)s.",
        questions=ngettext("%(num)s question", "%(num)s questions", many),
        areas=ngettext("%(num)s focus area", "%(num)s focus areas", len(asked.areas)),
    )
    if not draft.hidden:
        return said
    hidden = ngettext("%(num)s is hidden.", "%(num)s are hidden.", len(draft.hidden))
    return f"{said} {hidden}"


def summary(draft: Draft) -> Summary:
    since = service.since_last_round(g.membership, draft.asked)
    if since is None:
        return Summary(counts_of(draft), _("There was no round yet to compare with."), None, ())
    found = since.comparison
    titles = _titles(since.before, draft.questions)
    hidden = [key for key in found.only_before if key in draft.keys]
    gone = [key for key in found.only_before if key not in draft.keys]
    compared = _(
        "%(both)s of %(total)s questions ask the same as in “%(round)s” and can be compared with it.",
        both=len(found.both),
        total=len(found.both) + len(found.changed) + len(found.only_after),
        round=since.round_title,
    )
    reasons = (
        _reason(_("New question with an old name"), found.changed, titles),
        _reason(_("Not asked in the last round"), found.only_after, titles),
        _reason(_("Asked in the last round, hidden here"), hidden, titles),
        _reason(_("Asked in the last round, not in this set"), gone, titles),
    )
    return Summary(
        counts_of(draft),
        compared,
        _clearer(since, titles),
        tuple(reason for reason in reasons if reason is not None),
    )


def _clearer(since: Since, titles: dict[str, str]) -> Reason | None:
    return _reason(_("Compared, though reworded since the last round"), since.clearer, titles)


def _reason(text: str, keys: Iterable[str], titles: dict[str, str]) -> Reason | None:
    named = tuple(titles[key] for key in keys)
    return Reason(_("%(reason)s: %(count)s", reason=text, count=len(named)), named) if named else None


def _titles(*sets_: QuestionSet) -> dict[str, str]:
    """Returns titles by key; if both sets know a key, the later set's words."""
    return {each.key: each.title for set_ in sets_ for area in set_.areas for each in area.questions}


@dataclass(frozen=True, slots=True)
class SetRow:
    """A set in the list of sets."""

    title: str
    counts: str
    url: str


def set_rows() -> list[SetRow]:
    return [
        SetRow(
            set_.title, counts_of(service.draft_of(set_)), url_for("assessment.question_set", set_id=set_.id)
        )
        for set_ in service.sets_of(g.membership)
    ]


def choices(rows: Iterable[DraftSet]) -> list[tuple[int, str]]:
    """Returns the sets as a new round offers them."""
    return [
        (set_.id, _("%(title)s: %(counts)s", title=set_.title, counts=counts_of(service.draft_of(set_))))
        for set_ in rows
    ]
