"""Reads and writes a question set as a YAML file; errors name their line.

docs/content.md describes the format.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import yaml
from flask_babel import gettext as _

from engage.assessment.questions import AreaWording, Question, QuestionArea, QuestionSet, Wording
from engage.assessment.sets.rules import MOST_AREAS, MOST_QUESTIONS, Draft
from engage.content.loader import content
from engage.content.nodes import Keys, Value, document
from engage.limits import MOST_QUESTION_BYTES

FORMAT: Final = 1
# Texts in these languages may stand beside the English ones.
BESIDE: Final = ("es",)
LONGEST_TITLE: Final = 120
LONGEST_NAME: Final = 80
LONGEST_SHORT: Final = 24
LONGEST_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Loaded:
    """The set in a file; `title` is empty if it has none."""

    title: str
    draft: Draft


def read(text: str, ours: QuestionSet) -> Loaded:
    """Reads the set that a file describes. Raises ContentError, which names the line.

    An area with a key of `ours` may leave out its texts. Questions that are left out are not asked.
    """
    return _Reader(ours).read(document(text, ""))


def write(title: str, draft: Draft) -> str:
    """Returns a file for which `read` gives the same set."""
    rows = {
        "format": FORMAT,
        "title": title,
        "areas": [_area_row(area, draft) for area in draft.questions.areas if area.questions],
    }
    return yaml.dump(rows, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def fits(draft: Draft) -> bool:
    """Returns whether the draft's file can be loaded again, whatever title it has."""
    # Writing hundreds of questions takes a second. YAML never needs three times as much as JSON does.
    if len(_json(draft)) * 3 <= MOST_QUESTION_BYTES:
        return True
    return len(write("T" * LONGEST_TITLE, draft).encode()) <= MOST_QUESTION_BYTES


def _json(draft: Draft) -> bytes:
    return json.dumps(draft.questions.to_json(), ensure_ascii=False).encode()


class _Reader:
    """A reader of one file, with the keys that it has met and what comes with Engage."""

    def __init__(self, ours: QuestionSet) -> None:
        self.ours = ours
        groups = content().discipline_groups
        self.disciplines = {each.key for group in groups for each in group.disciplines}
        self.areas = Keys(_("focus area"), {})
        self.keys = Keys(_("question"), {})
        self.hidden: set[str] = set()

    def read(self, top: Value) -> Loaded:
        field = top.fields("areas", optional="format title")
        if "format" in field and field["format"].number(at_least=1) != FORMAT:
            raise field["format"].error(_("this version reads format %(format)s", format=FORMAT))
        title = field["title"].text(LONGEST_TITLE) if "title" in field else ""
        areas = tuple(map(self._area, field["areas"].items()))
        questions = QuestionSet(self.ours.language, self.ours.scale, areas)
        return Loaded(title, Draft(questions, frozenset(self.hidden)))

    def _area(self, row: Value) -> QuestionArea:
        field = row.fields("key questions", optional=f"name short asks {' '.join(BESIDE)}")
        key = self.areas.claim(field["key"])
        if len(self.areas.lines) > MOST_AREAS:
            raise row.error(_("a set holds at most %(most)s focus areas", most=MOST_AREAS))
        ours = self.ours.area(key)
        if ours is None and "name" not in field:
            row.fields("key questions name", optional=" ".join(field))
        name = field["name"].text(LONGEST_NAME) if "name" in field else ours.name if ours else ""
        short = self._short(field, name, ours)
        asks = field["asks"].text(LONGEST_TEXT) if "asks" in field else ours.asks if ours else ""
        texts = {
            language: self._area_wording(field[language], short, asks)
            for language in BESIDE
            if language in field
        }
        questions = tuple(map(self._question, field["questions"].items()))
        return QuestionArea(key, name, short, asks, questions, texts or (ours.texts if ours else {}))

    @staticmethod
    def _short(field: dict[str, Value], name: str, ours: QuestionArea | None) -> str:
        if "short" in field:
            return field["short"].text(LONGEST_SHORT)
        if "name" not in field and ours:
            return ours.short
        if len(name) > LONGEST_SHORT:
            raise field["name"].error(
                _(
                    "this name is too long for tables; add a short one of at most %(longest)s "
                    "characters: short: ...",
                    longest=LONGEST_SHORT,
                )
            )
        return name

    @staticmethod
    def _area_wording(value: Value, short: str, asks: str) -> AreaWording:
        field = value.fields("name", optional="short asks")
        return AreaWording(
            name=(name := field["name"].text(LONGEST_NAME)),
            short=field["short"].text(LONGEST_SHORT)
            if "short" in field
            else (name if len(name) <= LONGEST_SHORT else short),
            asks=field["asks"].text(LONGEST_TEXT) if "asks" in field else asks,
        )

    def _question(self, row: Value) -> Question:
        field = row.fields(
            "key title statement levels", optional=f"meaning why ask hidden {' '.join(BESIDE)}"
        )
        key = self.keys.claim(field["key"])
        if len(self.keys.lines) > MOST_QUESTIONS:
            raise row.error(
                _(
                    "this is question %(number)s; a set holds at most %(most)s",
                    number=len(self.keys.lines),
                    most=MOST_QUESTIONS,
                )
            )
        if "hidden" in field and field["hidden"].flag():
            self.hidden.add(key)
        wording = self._wording(field)
        return Question(
            key=key,
            meaning=field["meaning"].number(at_least=1) if "meaning" in field else 1,
            title=wording.title,
            statement=wording.statement,
            why=wording.why,
            ask=self._ask(field["ask"]) if "ask" in field else (),
            levels=wording.levels,
            texts={
                language: self._wording(
                    field[language].fields("title statement levels", optional="why"), wording.why
                )
                for language in BESIDE
                if language in field
            },
        )

    @staticmethod
    def _wording(field: dict[str, Value], why: str = "") -> Wording:
        return Wording(
            title=field["title"].text(LONGEST_TITLE),
            statement=field["statement"].text(LONGEST_TEXT),
            why=field["why"].text(LONGEST_TEXT) if "why" in field else why,
            levels=tuple(each.text(LONGEST_TEXT) for each in field["levels"].five(_("levels"))),
        )

    def _ask(self, values: Value) -> tuple[str, ...]:
        named = Keys(_("discipline"), {})
        for value in values.items():
            value.one_of(self.disciplines, _("discipline"))
            named.claim(value)
        return tuple(named.lines)


class _Dumper(yaml.SafeDumper):
    """A YAML writer that writes every text in full, even one that occurs twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _area_row(area: QuestionArea, draft: Draft) -> dict[str, Any]:
    return {
        "key": area.key,
        "name": area.name,
        "short": area.short,
        **({"asks": area.asks} if area.asks else {}),
        **{
            language: {name: text for name, text in _fields(texts, "name short asks") if text}
            for language, texts in area.texts.items()
        },
        "questions": [_question_row(each, each.key in draft.hidden) for each in area.questions],
    }


def _question_row(question: Question, hidden: bool) -> dict[str, Any]:
    return {
        "key": question.key,
        "meaning": question.meaning,
        **({"hidden": True} if hidden else {}),
        **_words(question),
        **({"ask": list(question.ask)} if question.ask else {}),
        "levels": list(question.levels),
        **{
            language: {**_words(texts), "levels": list(texts.levels)}
            for language, texts in question.texts.items()
        },
    }


def _words(texts: Question | Wording) -> dict[str, str]:
    return {name: text for name, text in _fields(texts, "title statement why") if text}


def _fields(texts: object, names: str) -> list[tuple[str, str]]:
    return [(name, getattr(texts, name)) for name in names.split()]
