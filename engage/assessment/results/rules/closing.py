"""Closes a round: computes once, as a release, what its submitted responses may show.

Respondents are promised that no page shows a value of fewer than k people, directly or by subtraction. A
value is what a set of people said: a median, a distribution, or a number of don't knows. It is shown only if
that set, and each set left over when shown sets are subtracted from one another, is empty or holds at least k
people. The number of ratings and the number of respondents are shown with every value of All, and are not
values themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from engage.assessment.results.rules.options import options_result
from engage.assessment.results.rules.releases import (
    OTHERS,
    AreaCell,
    AreaResult,
    Cell,
    IndicatorResult,
    OptionsResult,
    Release,
    one_decimal,
)
from engage.assessment.results.rules.worlds import (
    Unrated,
    needs_its_dont_know,
    none_or_enough,
    shown_dont_know,
)
from engage.assessment.rules import Answer, AnswerKind, Area, Indicator, Rating

SMALLEST_K: Final = 3
# An area is shown when three fifths of its applicable indicators are.
ENOUGH_OF_AN_AREA: Final = Fraction(3, 5)


class Response(Struct, frozen=True):
    """One respondent's answers by indicator key. `group` is None for a sector outside the sector groups."""

    sector: str
    group: str | None
    answers: Mapping[str, Answer]
    submitted: bool = True


def release(
    questions: Sequence[Area],
    responses: Iterable[Response],
    groups: Sequence[str],
    k: int,
    previous: Release | None = None,
    spoken: Mapping[str, int] | None = None,
) -> Release:
    """Compute what a round shows, from its frozen questions and its submitted responses.

    A response counts when it was submitted (that is when its author agreed to be counted) with at least
    one answer.

    Columns: `groups` are the sector groups in display order; a group has a column if it has k respondents or
    more. Smaller ones form OTHERS; if that pool would hold 1 to k-1 people, the smallest shown group joins it
    (of equals, the first in order). The same rule applies to each indicator, by number of ratings. A column
    that would only repeat All is left out.

    Reopened rounds: `responses` are all of them, old and new. `previous` stays whole until k responses were
    added. After that a line never shows a group that it did not show before, and each new number is based on
    0 or at least k added ratings; a line for which that is impossible stays as it was. So neither the new
    release nor the two side by side reveal anything about fewer than k people.

    Languages: `spoken` counts the people who answered in each language; see `told_languages`.

    The group's agreed values of `previous` are kept.
    """
    if k < SMALLEST_K:
        raise ValueError(f"k is {k}, but must be at least {SMALLEST_K}")
    if OTHERS in groups or len(set(groups)) != len(groups):
        raise ValueError("sector groups must have different keys, none of them 'others'")
    if previous is not None and previous.k != k:
        raise ValueError("a reopened round keeps its k")
    old_rows = previous.indicators if previous is not None else ()
    agreed = {row.key: row.agreed for row in old_rows if row.agreed is not None}
    made = _release_of_answers(questions, responses, groups, k, previous)
    if made is not previous and made.respondents:
        made = replace(made, languages=told_languages(spoken or {}, made.respondents, k, previous))
    return with_agreed(made, agreed)


def may_replace(previous: Release, respondents: int) -> bool:
    """Returns whether at least k responses were added. A release that showed nothing counts as having no responses."""
    return respondents - previous.respondents >= previous.k


def with_agreed(released: Release, agreed: Mapping[str, float]) -> Release:
    """Returns the release with exactly these agreed values. They count for All only; sector groups do not change.

    The group may also agree on a value where All shows no median, so that it can settle what no one knew
    alone.
    """
    if any(not 0 <= value <= 4 for value in agreed.values()):
        raise ValueError("an agreed value lies between 0 and 4")
    if not agreed and all(row.agreed is None for row in released.indicators):
        return released
    areas = []
    for area in released.areas:
        rows = tuple(replace(row, agreed=agreed.get(row.key)) for row in area.indicators)
        areas.append(replace(area, all=_area_of_all(rows, area.applicable), indicators=rows))
    return replace(released, areas=tuple(areas))


def notes_are_enough(fresh: Iterable[str], k: int) -> bool:
    """Returns whether an indicator's unreleased notes may be shown, which takes k notes.

    `fresh` holds at most one note per respondent. Fewer than k, beside the notes of an earlier release, would
    stand out as coming from the newcomers.
    """
    return sum(bool(note.strip()) for note in fresh) >= k


def separate_groups(
    sizes: Mapping[str, int], total: int, k: int, before: tuple[Mapping[str, int], int] | None = None
) -> tuple[str, ...]:
    """Returns the groups that may be shown by themselves beside a pool of everyone else.

    `sizes` are the candidates' numbers of people, `total` is everyone's. `before` holds the sizes and the
    total of an earlier release, whose shown groups are the candidates. The result is empty if the groups
    would only repeat All.
    """
    old_sizes, old_total = before or ({}, 0)

    # Numbers that were shown before were 0 or at least k, so it is enough to look at what was added since.
    since = {group: size - old_sizes.get(group, 0) for group, size in sizes.items()}
    shown = [group for group, size in sizes.items() if size and none_or_enough(since[group], k)]
    while shown:
        pool = total - sum(sizes[group] for group in shown)
        if none_or_enough(total - old_total - sum(since[group] for group in shown), k):
            return tuple(shown) if len(shown) > 1 or pool else ()
        shown.remove(min(shown, key=sizes.__getitem__))
    return ()


def told_languages(
    spoken: Mapping[str, int], people: int, k: int, previous: Release | None = None
) -> dict[str, int]:
    """Returns how many people answered in each language, if these and everyone else are k people or more.

    A language is shown beside the others by the rule for sector groups. A language that an earlier release
    held back stays hidden. No language is shown if everyone since then answered in the same one, because a
    column may have gained only a few of them.
    """
    before = None
    if previous is not None and previous.respondents:
        before = (previous.languages, previous.respondents)
        spoken = {language: size for language, size in spoken.items() if language in previous.languages}
    shown = separate_groups(spoken, people, k, before)
    # They are in the order of their codes, because the order of the answers would reveal who came first.
    told = {language: spoken[language] for language in sorted(shown)}
    if before is None or people == before[1]:
        return told
    since = {language: size - before[0][language] for language, size in told.items()}
    kinds = [*since.values(), people - before[1] - sum(since.values())]
    return told if sum(map(bool, kinds)) > 1 else {}


def median(ratings: Collection[int]) -> Fraction:
    """Returns the middle rating, or the mean of the two middle ones."""
    ordered = sorted(ratings)
    below, above = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return Fraction(below + above, 2)


class _Crowd(Struct, frozen=True):
    """Everyone who counts. `columns` holds the people of each group that may have a column; OTHERS holds the rest."""

    k: int
    everybody: Sequence[Response]
    columns: Mapping[str, Sequence[Response]]

    def ratings(self, key: str) -> dict[str, list[int]]:
        return {column: _ratings(members, key) for column, members in self.columns.items()}

    def dont_know(self, key: str) -> int:
        return sum(_has(response, key, AnswerKind.DONT_KNOW) for response in self.everybody)

    def settled(self, key: str) -> int:
        """Returns the number of people in columns in which everyone said that it does not apply."""
        kind = AnswerKind.DOES_NOT_APPLY
        return sum(
            len(members)
            for members in self.columns.values()
            if all(_has(each, key, kind) for each in members)
        )


def _ratings(responses: Iterable[Response], key: str) -> list[int]:
    answers = (response.answers.get(key) for response in responses)
    return [answer.rating for answer in answers if answer is not None and answer.rating is not None]


def _has(response: Response, key: str, kind: AnswerKind) -> bool:
    answer = response.answers.get(key)
    return answer is not None and answer.kind is kind


def _release_of_answers(
    questions: Sequence[Area],
    responses: Iterable[Response],
    groups: Sequence[str],
    k: int,
    previous: Release | None,
) -> Release:
    asked = {indicator.key for area in questions for indicator in area.indicators}
    counted = [response for response in responses if response.submitted and asked & response.answers.keys()]
    if previous is not None and not may_replace(previous, len(counted)):
        return previous
    if len(counted) < k:
        return Release(k=k, respondents=0, groups=(), areas=())
    old_rows = {row.key: row for row in previous.indicators} if previous is not None else {}
    crowd = _crowd(counted, groups, k)
    areas = tuple(_area(area, crowd, old_rows) for area in _rated(questions))
    filled = {group for area in areas for row in area.indicators for group in row.groups}
    shown = tuple(group for group in (*groups, OTHERS) if group in filled)
    return Release(k, len(counted), shown, areas, _options(questions, counted, k, previous))


def _rated(questions: Sequence[Area]) -> list[Area]:
    """Returns the areas with the statements that people rate, without areas that only have questions with options."""
    areas = (
        Area(area.key, tuple(each for each in area.indicators if not each.options)) for area in questions
    )
    return [area for area in areas if area.indicators]


def _options(
    questions: Sequence[Area], counted: Sequence[Response], k: int, previous: Release | None
) -> tuple[OptionsResult, ...]:
    """Returns the shown counts of the questions with options: for All only, never by sector group."""
    old = {each.key: each for each in previous.options} if previous is not None else {}
    return tuple(
        options_result(each, [response.answers.get(each.key) for response in counted], k, old.get(each.key))
        for area in questions
        for each in area.indicators
        if each.options
    )


def _crowd(counted: Sequence[Response], groups: Sequence[str], k: int) -> _Crowd:
    members = {group: [response for response in counted if response.group == group] for group in groups}
    shown = separate_groups({group: len(people) for group, people in members.items()}, len(counted), k)
    columns: dict[str, Sequence[Response]] = {group: members[group] for group in shown}
    columns[OTHERS] = [response for response in counted if response.group not in shown]
    return _Crowd(k, counted, columns)


def _area(area: Area, crowd: _Crowd, old_rows: Mapping[str, IndicatorResult]) -> AreaResult:
    rows = tuple(_line(indicator, crowd, old_rows.get(indicator.key)) for indicator in area.indicators)
    applicable = _applicable(area, crowd.everybody)
    cells: dict[str, AreaCell] = {}
    for column, members in crowd.columns.items():
        shown = [row.groups[column] for row in rows if column in row.groups]
        # In a reopened round a group may have gained a single person. Then All, which gained k people,
        # decides whether an indicator applies to the group, so that this person's "does not apply" cannot be
        # inferred.
        here = applicable if old_rows or not members else _applicable(area, members)
        cell = _area_cell([cell.value for cell in shown], sum(cell.n for cell in shown), here)
        if cell is not None:
            cells[column] = cell
    return AreaResult(area.key, applicable, _area_of_all(rows, applicable), cells, rows)


def _applicable(area: Area, people: Sequence[Response]) -> int:
    """Returns how many indicators apply to these people; one does not apply if every person said so."""
    return sum(
        not all(_has(response, indicator.key, AnswerKind.DOES_NOT_APPLY) for response in people)
        for indicator in area.indicators
    )


def _area_of_all(rows: Sequence[IndicatorResult], applicable: int) -> AreaCell | None:
    values = [row.value for row in rows if row.value is not None]
    return _area_cell(values, sum(row.all.n for row in rows if row.all is not None), applicable)


def _area_cell(values: Sequence[float], n: int, applicable: int) -> AreaCell | None:
    # The group may agree on a value for an indicator that no one found applicable.
    applicable = max(applicable, len(values))
    if not values or Fraction(len(values), applicable) < ENOUGH_OF_AN_AREA:
        return None
    mean = sum((Fraction(str(value)) for value in values), Fraction()) / len(values)
    return AreaCell(one_decimal(mean), n, len(values), applicable)


def _line(indicator: Indicator, crowd: _Crowd, old: IndicatorResult | None) -> IndicatorResult:
    k, respondents = crowd.k, len(crowd.everybody)
    by_column = crowd.ratings(indicator.key)
    ratings = [rating for column in by_column.values() for rating in column]
    if old is not None and old.all is not None and not none_or_enough(len(ratings) - old.all.n, k):
        return old
    shown = len(ratings) >= k
    groups = _group_cells(by_column, k, old) if shown else {}
    unrated = _unrated(crowd, indicator.key, respondents - len(ratings) if shown else respondents, groups)
    dont_know = shown_dont_know(unrated, k, old)
    if dont_know is None and old is not None and needs_its_dont_know(old):
        return old
    return IndicatorResult(
        key=indicator.key,
        meaning=indicator.meaning,
        respondents=respondents,
        all=_cell(ratings) if shown else None,
        groups=groups,
        counts=tuple(ratings.count(level) for level in Rating) if shown else None,
        dont_know=dont_know,
    )


def _cell(ratings: Collection[int]) -> Cell:
    return Cell(one_decimal(median(ratings)), len(ratings))


def _group_cells(
    by_column: Mapping[str, Sequence[int]], k: int, old: IndicatorResult | None
) -> dict[str, Cell]:
    sizes = {column: len(ratings) for column, ratings in by_column.items() if column != OTHERS}
    total = sum(map(len, by_column.values()))
    before = None
    if old is not None and old.all is not None:
        before = ({column: cell.n for column, cell in old.groups.items()}, old.all.n)
        sizes = {column: size for column, size in sizes.items() if column in old.groups}
    shown = separate_groups(sizes, total, k, before)
    if not shown:
        return {}
    pool = [rating for column, ratings in by_column.items() if column not in shown for rating in ratings]
    cells = {column: _cell(by_column[column]) for column in shown}
    return cells | {OTHERS: _cell(pool)} if pool else cells


def _unrated(crowd: _Crowd, key: str, people: int, groups: Mapping[str, Cell]) -> Unrated:
    cells = [len(crowd.columns[group]) - cell.n for group, cell in groups.items() if group != OTHERS]
    settled = crowd.settled(key)
    return Unrated(people, crowd.dont_know(key), (*cells, people - settled - sum(cells)), settled)
