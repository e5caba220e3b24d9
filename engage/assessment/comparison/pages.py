"""Builds the page that compares two rounds: a line for each area and indicator, with what was done in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from flask_babel import gettext as _
from msgspec import Struct

from engage.assessment.results.pages import bars
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.rules.changes import (
    AreaChange,
    Change,
    SideBySide,
    options_of_both,
    side_by_side,
)
from engage.assessment.results.rules.releases import Release, word_for
from engage.assessment.results.words import RESULT_WORDS, apart_words, difference_words, number_words, way


class Done(Protocol):
    """An action that was done in between, as the plan describes it."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def done_on(self) -> date: ...
    @property
    def indicator(self) -> str: ...
    @property
    def area(self) -> str: ...


class Number(Struct, frozen=True):
    """A round's number for All with its word.

    `agreed` says that the group settled on it; `url` is the page that shows it.
    """

    number: str | None
    word: str
    kind: str
    agreed: bool = False
    url: str | None = None


class ComparedIndicator(Struct, frozen=True):
    """An indicator then and now, its change in words, and what was done about it in between."""

    key: str
    label: str
    before: Number
    after: Number
    way: str
    moved: str
    note: str
    done: Sequence[Done]


class AreaPart(Struct, frozen=True):
    """A focus area's own line and the lines of its indicators."""

    name: str
    line: ComparedIndicator
    indicators: Sequence[ComparedIndicator]


class ComparedOptions(Struct, frozen=True):
    """A question with options in both rounds. `rows` are (option, then, now), each as people read it."""

    title: str
    statement: str
    rows: Sequence[tuple[str, str, str]]


class ComparisonPage(Struct, frozen=True):
    """The page; `elsewhere` are actions done in between that belong to none of these areas."""

    before: Results
    after: Results
    parts: Sequence[AreaPart]
    options: Sequence[ComparedOptions]
    elsewhere: Sequence[Done]
    up: int
    down: int
    same: int
    apart: int


def comparison(
    before: Results, after: Results, done: Iterable[Done], url: Callable[[int, str], str] | None = None
) -> ComparisonPage:
    """Builds the page.

    `url` makes the address of an area's page from a round's id and the area's key, for readers who may see
    it.
    """
    found = side_by_side((before.questions, before.release), (after.questions, after.release))
    places = {
        key: area.key for results in (before, after) for key, (area, _question) in results.places.items()
    }
    by_area: dict[str, list[Done]] = {}
    for action in done:
        by_area.setdefault(places.get(action.indicator, action.area), []).append(action)
    writer = _Writer(before, after, found, by_area, url)
    moves = [change.difference for change in found.indicators.values()]
    known = [move for move in moves if move is not None]
    return ComparisonPage(
        before=before,
        after=after,
        parts=[writer.part(key) for key in found.areas],
        options=_options(before, after),
        elsewhere=[each for key, actions in by_area.items() if key not in found.areas for each in actions],
        up=sum(move > 0 for move in known),
        down=sum(move < 0 for move in known),
        same=sum(not move for move in known),
        apart=len(moves) - len(known),
    )


def _options(before: Results, after: Results) -> list[ComparedOptions]:
    """Returns what both rounds show of the same questions with options, in the later round's words."""
    then = {each.question.key: each for each in bars.bars(before)}
    now = {each.question.key: each for each in bars.bars(after)}
    found = []
    for pair in options_of_both(before.release, after.release):
        old, new = then[pair.after.key], now[pair.after.key]
        if old.question.kind is not new.question.kind:
            continue
        rows = [
            (bar.label, _of(earlier, old), _of(bar, new))
            for earlier, bar in zip(old.bars, new.bars, strict=True)
        ]
        found.append(ComparedOptions(new.question.title, new.question.statement, rows))
    return found


def _of(bar: bars.Bar, shown: bars.Bars) -> str:
    if bar.count is None:
        return _("not shown")
    return _("%(part)s of %(total)s", part=bar.count, total=shown.answered)


class _Writer:
    """Turns the comparison of two rounds into lines."""

    def __init__(
        self,
        before: Results,
        after: Results,
        found: SideBySide,
        done: Mapping[str, Sequence[Done]],
        url: Callable[[int, str], str] | None,
    ) -> None:
        self.before, self.after, self.found, self.done, self.url = before, after, found, done, url
        self.agreed_before, self.agreed_after = _agreed(before.release), _agreed(after.release)

    def part(self, key: str) -> AreaPart:
        areas = [area for results in (self.after, self.before) if (area := results.questions.area(key))]
        asked = {question.key: question for area in reversed(areas) for question in area.questions}
        # A statement that moved to another area is listed in the area of the later round.
        here = [each for each in self._in_order(key) if each in asked]
        change = self.found.areas[key]
        numbers = (
            _number(change.change.before, url=self._url(self.before, key)),
            _number(change.change.after, url=self._url(self.after, key)),
        )
        line = self._line(key, areas[0].short, change.change, numbers, self.done.get(key, ()), _on(change))
        return AreaPart(areas[0].name, line, [self._indicator(each, asked[each].title) for each in here])

    def _in_order(self, area: str) -> list[str]:
        later = self.after.questions.area(area)
        earlier = self.before.questions.area(area)
        now = [each.key for each in later.questions] if later else []
        then = [each.key for each in earlier.questions] if earlier else []
        moved = {each.key for part in self.after.questions.areas for each in part.questions}
        return now + [key for key in then if key not in moved]

    def _indicator(self, key: str, title: str) -> ComparedIndicator:
        change = self.found.indicators[key]
        done = [each for actions in self.done.values() for each in actions if each.indicator == key]
        numbers = (
            _number(change.before, key in self.agreed_before, self._indicator_url(self.before, key)),
            _number(change.after, key in self.agreed_after, self._indicator_url(self.after, key)),
        )
        return self._line(key, title, change, numbers, done)

    def _url(self, results: Results, area: str) -> str | None:
        return self.url(results.round.id, area) if self.url else None

    def _indicator_url(self, results: Results, key: str) -> str | None:
        """Returns the page of that round on which the statement is shown, in the area that it belonged to then."""
        place = results.places.get(key)
        area = self._url(results, place[0].key) if place else None
        return f"{area}#{key}" if area else None

    def _line(
        self,
        key: str,
        label: str,
        change: Change,
        numbers: tuple[Number, Number],
        done: Sequence[Done],
        note: str = "",
    ) -> ComparedIndicator:
        moved = change.difference
        why = apart_words(change, self.before.round.title, self.after.round.title)
        return ComparedIndicator(
            key=key,
            label=label,
            before=numbers[0],
            after=numbers[1],
            way=way(moved) if moved is not None else "",
            moved=difference_words(moved) if moved is not None else why,
            note=note,
            done=done,
        )


def _agreed(release: Release) -> set[str]:
    return {row.key for row in release.indicators if row.agreed is not None}


def _number(value: float | None, agreed: bool = False, url: str | None = None) -> Number:
    if value is None:
        return Number(None, _("not shown"), "hidden")
    word = word_for(value)
    return Number(number_words(value), str(RESULT_WORDS[word]), word.value, agreed, url)


def _on(area: AreaChange) -> str:
    """Says how many statements an area is compared on, unless it is compared on all."""
    if area.change.difference is None or area.compared == area.statements:
        return ""
    return _(
        "Based on the %(compared)s of %(all)s statements that both rounds show.",
        compared=area.compared,
        all=area.statements,
    )
