"""Builds the page that compares two rounds: a line for each area and indicator, with what was done in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct

from engage.assessment.results.labels import (
    RESULT_LABELS,
    apart_words,
    difference_words,
    distance_words,
    number_words,
    way,
)
from engage.assessment.results.pages import bars
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.rules.changes import (
    AreaChange,
    ResultChange,
    SideBySide,
    options_of_both,
    side_by_side,
)
from engage.assessment.results.rules.releases import Release, word_for
from engage.i18n import gettext as _


class DoneBetween(Protocol):
    """An action that was done between the two rounds, as the plan provides it."""

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


class ComparedNumber(Struct, frozen=True):
    """A round's number for All with its word, such as "need".

    `agreed` says that the group settled on it; `url` is the page that shows it.
    """

    number: str | None
    word: str
    kind: str
    agreed: bool = False
    url: str | None = None


class ComparedIndicator(Struct, frozen=True):
    """An indicator in the earlier and the later round, its change as a text, and actions done in between for it."""

    key: str
    label: str
    before: ComparedNumber
    after: ComparedNumber
    way: str
    moved: str
    note: str
    done: Sequence[DoneBetween]


class ComparedArea(Struct, frozen=True):
    """A focus area's own line and the lines of its indicators."""

    name: str
    line: ComparedIndicator
    indicators: Sequence[ComparedIndicator]


class ComparedOptions(Struct, frozen=True):
    """A question with options in both rounds. `rows` are texts: (option, earlier count, later count)."""

    title: str
    statement: str
    rows: Sequence[tuple[str, str, str]]


class ComparisonPage(Struct, frozen=True):
    """The page that compares two rounds; `elsewhere` are actions done in between that belong to none of the areas.

    Of a round for members and one for anyone, `before` is that for members, whichever was closed first.
    """

    before: Results
    after: Results
    parts: Sequence[ComparedArea]
    options: Sequence[ComparedOptions]
    elsewhere: Sequence[DoneBetween]
    up: int
    down: int
    same: int
    apart: int

    @property
    def is_of_two_kinds(self) -> bool:
        """Returns whether one round was for members and the other for anyone, so that no difference is a change."""
        return self.before.round.is_for_anyone != self.after.round.is_for_anyone


def comparison(
    before: Results, after: Results, done: Iterable[DoneBetween], url: Callable[[int, str], str] | None = None
) -> ComparisonPage:
    """Builds the page that compares two rounds.

    `url` returns the address of an area's page for a round's id and the area's key; None if the reader may
    not see it.
    """
    found = side_by_side((before.questions, before.release), (after.questions, after.release))
    places = {
        key: area.key for results in (before, after) for key, (area, _question) in results.places.items()
    }
    by_area: dict[str, list[DoneBetween]] = {}
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
    """Returns what both rounds show of the questions with options that they share, in the later round's words."""
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


def _of(bar: bars.ResultBar, shown: bars.Bars) -> str:
    if bar.count is None:
        return _("not shown")
    return _("%(part)s of %(total)s", part=bar.count, total=shown.answered)


class _Writer:
    """Builds the lines of the comparison of two rounds."""

    def __init__(
        self,
        before: Results,
        after: Results,
        found: SideBySide,
        done: Mapping[str, Sequence[DoneBetween]],
        url: Callable[[int, str], str] | None,
    ) -> None:
        self.before, self.after, self.found, self.done, self.url = before, after, found, done, url
        self.agreed_before, self.agreed_after = _agreed(before.release), _agreed(after.release)
        is_same_kind = before.round.is_for_anyone == after.round.is_for_anyone
        self.moved_words = difference_words if is_same_kind else distance_words

    def part(self, key: str) -> ComparedArea:
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
        return ComparedArea(areas[0].name, line, [self._indicator(each, asked[each].title) for each in here])

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
        """Returns the page of this round that shows the statement, in the area to which it belonged in that round."""
        place = results.places.get(key)
        area = self._url(results, place[0].key) if place else None
        return f"{area}#{key}" if area else None

    def _line(
        self,
        key: str,
        label: str,
        change: ResultChange,
        numbers: tuple[ComparedNumber, ComparedNumber],
        done: Sequence[DoneBetween],
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
            moved=self.moved_words(moved) if moved is not None else why,
            note=note,
            done=done,
        )


def _agreed(release: Release) -> set[str]:
    return {row.key for row in release.indicators if row.agreed is not None}


def _number(value: float | None, agreed: bool = False, url: str | None = None) -> ComparedNumber:
    if value is None:
        return ComparedNumber(None, _("not shown"), "hidden")
    word = word_for(value)
    return ComparedNumber(number_words(value), str(RESULT_LABELS[word]), word.value, agreed, url)


def _on(area: AreaChange) -> str:
    """Returns a text on how many statements an area's comparison is based on; empty if on all of them."""
    if area.change.difference is None or area.compared == area.statements:
        return ""
    return _(
        "Based on the %(compared)s of %(all)s statements that both rounds show.",
        compared=area.compared,
        all=area.statements,
    )
