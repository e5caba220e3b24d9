"""Reads what makers of forms write: names of columns, words and numbers of scales, and times. Plain Python.

Only what is certain is read. What a number or a word means is asked; `meaning_of` only suggests it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from contextlib import suppress
from datetime import date
from math import log
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from engage.database import folded
from engage.imports.columns import ImportColumn, normal
from engage.imports.days import DayOrder, NoDate, day_of
from engage.imports.reading import ReadFile, Record

DONT_KNOW: Final = "dont_know"
DOES_NOT_APPLY: Final = "does_not_apply"


# -- columns

# Google Forms, SurveyMonkey and Microsoft Forms name these columns so, in English and Spanish. A time is that of
# the beginning where there are two, because editing an answer changes the other one.
IDS: Final = (
    "respondent id,respondentid,response id,responseid,submission id,id,identificador,id de respuesta,"
    "id de encuestado,id del encuestado,id de la respuesta,numero de respuesta"
).split(",")
TIMES: Final = (
    "timestamp,start time,date created,startdate,start date,submitted at,submission date,submit date,"
    "marca temporal,hora de inicio,fecha de creacion,fecha de inicio,fecha y hora"
).split(",")
# Columns with these names are about the person who answered, so they are not read.
_PERSONAL: Final = frozenset(
    "name names nombre nombres apellido apellidos username user usuario email mail correo phone telephone telefono cell"
    " celular mobile movil ip address addresses direccion calle street zip postal latitude longitude latitud longitud"
    " location ubicacion device dispositivo browser navegador birth birthday dob nacimiento signature firma contact"
    " custom collector recopilador points puntos feedback score puntuacion".split()
)
_LONGEST_PERSONAL: Final = 6
_NEVER: Final = re.compile(r"@|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){4,7}\b|https?:", re.IGNORECASE)
_MANY_DIGITS: Final = re.compile(r"(?:\d[\s().+-]*){7,}")
# A column with more different texts, or longer ones, than these does not hold choices.
_MOST_CHOICES: Final = 20
_MOST_OF_A_STATEMENT: Final = 40
_LONGEST_CHOICE: Final = 300


class Holds(StrEnum):
    """What a column seems to hold: choices, texts that people wrote, or what is never read."""

    CHOICES = "choices"
    TEXTS = "texts"
    NOTHING_TO_READ = "nothing"


def holds(heading: str, cells: Sequence[str], *, is_a_statement: bool) -> Holds:
    """Returns what a column holds. `is_a_statement` says that its name is one of the statements' words."""
    said = normal(heading).split()
    if said[:1] in (["points"], ["feedback"], ["puntos"], ["comentarios"]):  # Microsoft Forms adds these to a quiz
        return Holds.NOTHING_TO_READ
    if not is_a_statement and len(said) <= _LONGEST_PERSONAL and _PERSONAL & set(said):
        return Holds.NOTHING_TO_READ
    if any(_NEVER.search(cell) or _MANY_DIGITS.search(cell) for cell in cells):
        return Holds.NOTHING_TO_READ
    texts = {folded(cell) for cell in cells}
    longest = max(map(len, texts), default=0)
    numbers = [number_in(each) for each in texts]
    if all(each is not None for each in numbers):
        return Holds.CHOICES if max(each or 0 for each in numbers) <= 10 else Holds.NOTHING_TO_READ
    if all(meaning_of(each) is not None for each in texts):
        return Holds.CHOICES
    if is_a_statement and len(texts) <= _MOST_OF_A_STATEMENT and longest <= _LONGEST_CHOICE:
        return Holds.CHOICES
    repeats = len(texts) * 2 <= len(cells) and len(texts) <= _MOST_CHOICES
    return Holds.CHOICES if repeats and longest <= _LONGEST_CHOICE else Holds.TEXTS


# SurveyMonkey writes one of these below a question, in a second row of names.
_NO_NAME: Final = frozenset(("response", "open ended response", "respuesta", "respuesta abierta"))


def with_one_heading(sheet: ReadFile, heading: int) -> ReadFile:
    """Returns the file with one row of names, if it has two, as SurveyMonkey's files have.

    There the first row names a question, and the second row each of its parts, in columns that have no name of
    their own in the first. The first column has a name in the first row only.
    """
    at = next((n for n, record in enumerate(sheet.records) if record.number == heading), None)
    if at is None or at + 1 == len(sheet.records):
        return sheet
    first, second = sheet.records[at : at + 2]
    is_known = normal(first.cell(0)) in IDS
    if not is_known or second.cell(0) or second.number != heading + 1:
        return sheet
    names, last = [], ""
    for column in range(max(len(first.cells), len(second.cells))):
        said, part = (" ".join(each.cell(column).split()) for each in (first, second))
        last = said or last
        is_part = part and normal(part) not in _NO_NAME
        names.append(f"{last}: {part}" if is_part and last else part if is_part else said)
    joined = Record(first.number, tuple(names))
    return replace(sheet, records=(*sheet.records[:at], joined, *sheet.records[at + 2 :]))


# -- which statement a column is

_SHORT_WORDS: Final = frozenset(
    "a an and are as at be by for from has have here how i in is it of on or our that the their them they this to we"
    " what with you your how well do does de del el en es la las los lo que se son su sus un una y o con para por".split()
)
# This share of a statement's words, weighed by how rare they are, has to be in a column's name.
_ENOUGH: Final = 0.6
# And no other statement may be as close as this.
_CLEARLY: Final = 0.12


def suggested(columns: Iterable[ImportColumn], statements: Mapping[str, Collection[str]]) -> dict[int, str]:
    """Returns the statement that each column's name seems to be, by the column's index; each at most once.

    `statements` holds the texts of each statement by its key: title and statement, in each language.
    """
    texts = [(key, _stems(text)) for key, each in statements.items() for text in each if text]
    common = Counter(word for _key, words in texts for word in words)
    weight = {word: log(1 + len(texts) / number) for word, number in common.items()}
    found = []
    for column in columns:
        said = _stems(column.heading)
        scores: dict[str, float] = {}
        for key, words in texts:
            whole = sum(weight[word] for word in words)
            score = sum(weight[word] for word in words & said) / whole if whole else 0
            # Of two titles that are both in the name, the longer one says more.
            scores[key] = max(scores.get(key, 0), score + len(words & said) / 1000 if score else 0)
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])[:2]
        if not ranked or ranked[0][1] < _ENOUGH:
            continue
        lead = ranked[0][1] - ranked[1][1] if len(ranked) > 1 else 1
        if lead >= _CLEARLY or _is_whole(column.heading, statements[ranked[0][0]]):
            found.append((ranked[0][1], column.index, ranked[0][0]))
    chosen: dict[int, str] = {}
    for _score, index, key in sorted(found, key=lambda each: (-each[0], each[1])):
        if key not in chosen.values():
            chosen[index] = key
    return chosen


def _is_whole(heading: str, texts: Collection[str]) -> bool:
    return normal(heading) in map(normal, texts)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in normal(text).split() if word not in _SHORT_WORDS)


# -- what an answer means

_NUMBER: Final = re.compile(r"(\d{1,2})(?:\.0+)?(?:\s*/\s*(?:4|5)|\s*(?:stars?|estrellas?))?", re.IGNORECASE)
_STARS: Final = re.compile("[★⭐\ufe0f]+[☆\ufe0f]*")
_WORDS: Final = {
    "4": "strongly agree,totally agree,completely agree,agree strongly,always,excellent,very good,extremely well,"
    "very satisfied,to a great extent,totalmente de acuerdo,muy de acuerdo,completamente de acuerdo,siempre,excelente,"
    "muy bueno,muy satisfecho,muy satisfecha",
    "3": "agree,somewhat agree,mostly agree,mostly,often,usually,good,very well,satisfied,de acuerdo,"
    "algo de acuerdo,a menudo,frecuentemente,casi siempre,bueno,satisfecho,satisfecha",
    "2": "neutral,neither agree nor disagree,neither,sometimes,fair,average,somewhat,somewhat well,"
    "ni de acuerdo ni en desacuerdo,a veces,regular,neutro",
    "1": "disagree,somewhat disagree,mostly disagree,rarely,seldom,poor,not so well,dissatisfied,en desacuerdo,"
    "algo en desacuerdo,rara vez,casi nunca,malo,insatisfecho,insatisfecha",
    "0": "strongly disagree,totally disagree,completely disagree,disagree strongly,never,very poor,not at all,"
    "not at all well,very dissatisfied,totalmente en desacuerdo,muy en desacuerdo,completamente en desacuerdo,nunca,"
    "muy malo,en absoluto,muy insatisfecho,muy insatisfecha",
}
_OTHERS: Final = {
    DONT_KNOW: "i don't know,don't know,i do not know,do not know,dont know,dk,not sure,i'm not sure,unsure,unknown,"
    "no opinion,no se,no lo se,no sabe,no estoy seguro,no estoy segura,sin opinion",
    DOES_NOT_APPLY: "n/a,na,not applicable,does not apply,does not apply here,no aplica,no corresponde,n/c",
}
_RANK_BEFORE: Final = re.compile(r"\d\s*[-–—.:)=]\s*|\d\s+(?=[^\W\d])")  # noqa: RUF001 - people type these
_APOSTROPHES: Final = str.maketrans("’‘ʼ", "'''")  # noqa: RUF001 - people type these


def words_for(kind: str) -> tuple[str, ...]:
    """Returns the words that certainly say *don't know* or *does not apply*."""
    return tuple(folded(each) for each in _OTHERS[kind].split(","))


_MEANINGS: Final = {
    folded(word): key for key, words in {**_WORDS, **_OTHERS}.items() for word in words.split(",")
}


def plain(word: str) -> str:
    """Returns the form in which words of scales are compared: "1 - Strongly agree." is "strongly agree"."""
    said = folded(word).translate(_APOSTROPHES).strip(" .!")
    return _RANK_BEFORE.sub("", said, count=1) if _RANK_BEFORE.match(said) else said


def meaning_of(word: str) -> str | None:
    """Returns what a word of a scale usually means: a rating from 0 to 4, or another answer."""
    return _MEANINGS.get(plain(word))


def number_in(text: str) -> int | None:
    """Returns the number that an answer is: "4", "4.0", "4 stars", "4/5" and four stars are all 4."""
    said = text.strip()
    if _STARS.fullmatch(said):
        return sum(said.count(each) for each in "★⭐")
    match = _NUMBER.fullmatch(said)
    return int(match[1]) if match else None


class Direction(StrEnum):
    """What a scale of numbers means. Which end is the best one is asked, and never guessed."""

    ONE_TO_FIVE = "1-5"
    FIVE_TO_ONE = "5-1"
    ZERO_TO_FOUR = "0-4"
    FOUR_TO_ZERO = "4-0"

    @property
    def ratings(self) -> dict[str, str]:
        """Returns the rating for each number."""
        first, last = (int(each) for each in self.value.split("-"))
        step = 1 if first < last else -1
        return {str(number): str(rating) for rating, number in enumerate(range(first, last + step, step))}


def directions(numbers: Collection[int]) -> list[Direction]:
    """Returns what a scale with these numbers can mean; nothing if it is no scale of five."""
    return [each for each in Direction if {str(number) for number in numbers} <= each.ratings.keys()]


def scales(numbers: Mapping[str, Collection[int]]) -> dict[str, list[str]]:
    """Returns the columns (keys of `numbers`) that have the same scale, as far as their numbers tell.

    A column with neither 0 nor 5 may have either scale: it is asked about with the others if those all have the same.
    """
    kinds: dict[str, list[str]] = {"from_0": [], "to_5": [], "other": []}
    for key, found in numbers.items():
        kinds["from_0" if 0 in found else "to_5" if 5 in found else "other"].append(key)
    first = [kind for kind in ("from_0", "to_5") if kinds[kind]]
    if len(first) == 1:
        kinds[first[0]] += kinds.pop("other")
    return {kind: keys for kind, keys in kinds.items() if keys}


# -- which row is which

_AFTERNOON: Final = re.compile(r"\bp\.?\s?m\b", re.IGNORECASE)
_MORNING: Final = re.compile(r"\ba\.?\s?m\b", re.IGNORECASE)
_ZONE: Final = re.compile(r"\b(?:gmt|utc)\s*[+-]?\s*[\d:]*|\bz\b", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def moment(text: str) -> str:
    """Returns a time in a form that is the same in a CSV file and in a workbook, whatever order the date has.

    "10/23/2025 2:05:09 PM" and "2025-10-23 14:05:09" are the same.
    """
    said = _ZONE.sub("", folded(text))
    match = _CLOCK.search(said)
    if match is None:
        return said.strip()
    hour = int(match[1])
    if _AFTERNOON.search(said) and hour < 12:
        hour += 12
    if _MORNING.search(said) and hour == 12:
        hour = 0
    days = sorted(int(each) % 2000 for each in re.findall(r"\d+", said[: match.start()] + said[match.end() :]))
    return " ".join(map(str, (*days, hour, int(match[2]), int(match[3] or 0))))


def last_day(times: Iterable[str], today: date) -> date:
    """Returns the day of the last of these times, as a suggestion: where day and month could be either, US order."""
    days = []
    for text in times:
        said = _CLOCK.sub("", _ZONE.sub("", _AFTERNOON.sub("", _MORNING.sub("", text)))).strip(" ,tT")
        said = re.sub(r"\b[A-Z]{2,4}$", "", said).strip()
        with suppress(NoDate):
            days.append(day_of(said, DayOrder.MONTH_FIRST))
    return min(max(days, default=today), today)


class FileRow(Struct, frozen=True):
    """What tells a row from others: the id and the time that the file gives it, and else its answers."""

    number: int
    id: str
    time: str
    answers: str


class Told(Struct, frozen=True):
    """How a row is told from others. `replaced_by` is a later row with an edited answer of the same person.

    `doubted` is a row with the same id at another time: it may be another person.
    """

    name: str
    replaced_by: int | None = None
    doubted: int | None = None


def told_apart(rows: Sequence[FileRow]) -> dict[int, Told]:
    """Returns how each row is told from others, by its number."""
    by_id: dict[str, list[FileRow]] = {}
    for row in rows:
        if row.id:
            by_id.setdefault(row.id, []).append(row)
    found: dict[int, Told] = {}
    seen: Counter[str] = Counter()
    for row in rows:
        if row.id:
            same = by_id[row.id]
            other = next((each for each in same if each.time != row.time), None)
            later = [each.number for each in same if each.number > row.number]
            found[row.number] = Told(
                f"id {row.id} {row.time}",
                later[-1] if later and other is None else None,
                other.number if other is not None else None,
            )
            continue
        name = f"time {row.time}" if row.time else f"answers {row.answers}"
        seen[name] += 1
        found[row.number] = Told(f"{name} {seen[name]}")
    return found
