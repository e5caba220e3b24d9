"""Reads and writes a question set as a YAML file; errors name the line.

docs/content.md describes the format.
"""

from __future__ import annotations

import json
from typing import Final

import yaml
from msgspec import Struct

from engage.assessment.questions import AreaWording, Question, QuestionArea, QuestionSet, QuestionWording
from engage.assessment.rules import FEWEST_OPTIONS, MOST_OPTIONS, QuestionKind
from engage.assessment.sets.rules import MOST_AREAS, MOST_QUESTIONS, SetDraft
from engage.content.loader import content
from engage.content.nodes import Keys, Value, document
from engage.i18n import gettext as _
from engage.languages import ENGLISH, offered
from engage.limits import MOST_QUESTION_BYTES

FORMAT: Final = 1
# The languages in which a file may have texts besides English.
BESIDE: Final = tuple(each for each in offered() if each != ENGLISH)
LONGEST_TITLE: Final = 120
LONGEST_NAME: Final = 80
LONGEST_SHORT: Final = 24
LONGEST_TEXT: Final = 500
LONGEST_OPTION: Final = 120
# The values of `answers` for questions with options; a question without this field has levels.
ANSWERS: Final = [kind.value for kind in QuestionKind if kind is not QuestionKind.LEVELS]


class Loaded(Struct, frozen=True):
    """A set read from a file; `title` is empty if the file has none."""

    title: str
    draft: SetDraft


def read(text: str, ours: QuestionSet) -> Loaded:
    """Reads the set that a file describes. Raises ContentError, which names the line.

    An area with the key of an area in `ours` may leave out its texts. Questions that the file leaves out are
    not asked.
    """
    return _Reader(ours).read(document(text, ""))


def write(title: str, draft: SetDraft) -> str:
    """Returns the text of a file that `read` turns into the same set."""
    rows = {
        "format": FORMAT,
        "title": title,
        "areas": [_area_row(area, draft) for area in draft.questions.areas if area.questions],
    }
    return yaml.dump(rows, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def fits(draft: SetDraft) -> bool:
    """Returns whether the draft's file is small enough to be loaded again, whatever its title."""
    # Writing hundreds of questions as YAML takes a second, so JSON is tried first: YAML takes at most three
    # times its space.
    if len(_json(draft)) * 3 <= MOST_QUESTION_BYTES:
        return True
    return len(write("T" * LONGEST_TITLE, draft).encode()) <= MOST_QUESTION_BYTES


def _json(draft: SetDraft) -> bytes:
    return json.dumps(draft.questions.to_json(), ensure_ascii=False).encode()


class _Reader:
    """A reader of one file, with the keys found so far and the questions that come with Engage."""

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
        return Loaded(title, SetDraft(questions, frozenset(self.hidden)))

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
        texts = {language: self._area_wording(field[language]) for language in BESIDE if language in field}
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
    def _area_wording(value: Value) -> AreaWording:
        field = value.fields("", optional="name short asks")
        name = field["name"].text(LONGEST_NAME) if "name" in field else ""
        return AreaWording(
            name=name,
            short=field["short"].text(LONGEST_SHORT)
            if "short" in field
            else (name if len(name) <= LONGEST_SHORT else ""),
            asks=field["asks"].text(LONGEST_TEXT) if "asks" in field else "",
        )

    def _question(self, row: Value) -> Question:
        kind = self._kind(row)
        wanted = _wanted(kind)
        field = row.fields(
            f"key title statement {wanted}", optional=f"meaning why ask hidden answers {' '.join(BESIDE)}"
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
            kind=kind,
            options=wording.options,
            key=key,
            meaning=field["meaning"].number(at_least=1) if "meaning" in field else 1,
            title=wording.title,
            statement=wording.statement,
            why=wording.why,
            ask=self._ask(field["ask"]) if "ask" in field else (),
            levels=wording.levels,
            texts={
                language: self._beside(field[language], wanted, wording)
                for language in BESIDE
                if language in field
            },
        )

    def _beside(self, value: Value, wanted: str, wording: QuestionWording) -> QuestionWording:
        found = self._wording(value.fields("", optional=f"title statement why {wanted}"))
        if found.options and len(found.options) != len(wording.options):
            raise value.error(
                _(
                    "expected %(number)s options here, as many as in English; write one for each",
                    number=len(wording.options),
                )
            )
        return found

    @staticmethod
    def _kind(row: Value) -> QuestionKind:
        """Returns the kind of answers. It is read first, because it decides which other fields are allowed."""
        answers = row.field("answers")
        return QuestionKind.LEVELS if answers is None else QuestionKind(answers.one_of(ANSWERS, _("answer")))

    @staticmethod
    def _wording(field: dict[str, Value]) -> QuestionWording:
        return QuestionWording(
            title=field["title"].text(LONGEST_TITLE) if "title" in field else "",
            statement=field["statement"].text(LONGEST_TEXT) if "statement" in field else "",
            why=field["why"].text(LONGEST_TEXT) if "why" in field else "",
            levels=tuple(each.text(LONGEST_TEXT) for each in field["levels"].five(_("levels")))
            if "levels" in field
            else (),
            options=_options(field["options"]) if "options" in field else (),
        )

    def _ask(self, values: Value) -> tuple[str, ...]:
        named = Keys(_("discipline"), {})
        for value in values.items():
            value.one_of(self.disciplines, _("discipline"))
            named.claim(value)
        return tuple(named.lines)


def _wanted(kind: QuestionKind) -> str:
    """Returns the name of the field with the answers to choose from; "" for yes and no, which need no texts."""
    return {QuestionKind.LEVELS: "levels", QuestionKind.YES_NO: ""}.get(kind, "options")


def _options(value: Value) -> tuple[str, ...]:
    options = tuple(each.text(LONGEST_OPTION) for each in value.items())
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise value.error(
            _(
                "expected %(least)s to %(most)s options here, and found %(found)s",
                least=FEWEST_OPTIONS,
                most=MOST_OPTIONS,
                found=len(options),
            )
        )
    if len({each.casefold() for each in options}) < len(options):
        raise value.error(_("two options are alike; change one"))
    return options


class _Dumper(yaml.SafeDumper):
    """A YAML writer that writes every text in full, even one that occurs twice (YAML would use an alias)."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _area_row(area: QuestionArea, draft: SetDraft) -> dict[str, object]:
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


def _question_row(question: Question, hidden: bool) -> dict[str, object]:
    return {
        "key": question.key,
        "meaning": question.meaning,
        **({"hidden": True} if hidden else {}),
        **_words(question),
        **({"ask": list(question.ask)} if question.ask else {}),
        **({} if question.is_rated else {"answers": question.kind.value}),
        **_lists(question),
        **{language: {**_words(texts), **_lists(texts)} for language, texts in question.texts.items()},
    }


def _lists(texts: Question | QuestionWording) -> dict[str, list[str]]:
    return {name: list(found) for name in ("levels", "options") if (found := getattr(texts, name))}


def _words(texts: Question | QuestionWording) -> dict[str, str]:
    return {name: text for name, text in _fields(texts, "title statement why") if text}


def _fields(texts: object, names: str) -> list[tuple[str, str]]:
    return [(name, getattr(texts, name)) for name in names.split()]
