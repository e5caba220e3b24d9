"""Closes a round: computes once, as a release, what its submitted responses may show.

Respondents are promised that no page shows a value of a few people, directly or by subtraction. A value is
what a set of people said: a median, a distribution, or a number of don't knows. It is shown only if that set,
and each set left over when shown sets are subtracted from one another, is empty or large enough: `people.py`
says when. The number of ratings and the number of respondents are shown with every value of All, and are not
values themselves.

Answers of the open link count everywhere, but they do not help to make a set large enough, because readers
may have made them up. Where the other people are too few, only the open link's answers are counted, and those
of the others are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from engage.assessment.results.rules.inference_check import Unrated, may_show_dont_know, needs_its_dont_know
from engage.assessment.results.rules.options import options_result
from engage.assessment.results.rules.people import NOBODY, People, none_or_all, none_or_part, together
from engage.assessment.results.rules.releases import (
    OTHERS,
    AreaCell,
    AreaResult,
    IndicatorResult,
    OptionsResult,
    Release,
    ReleasedCell,
    Sets,
    one_decimal,
)
from engage.assessment.rules import Answer, AnswerKind, Area, Indicator, Rating, WayIn

SMALLEST_K: Final = 3
# An area is shown when three fifths of its applicable indicators are.
ENOUGH_OF_AN_AREA: Final = Fraction(3, 5)


class ClosedResponse(Struct, frozen=True):
    """One respondent's answers by indicator key. `group` is None if the sector is in none of the sector groups."""

    sector: str
    group: str | None
    answers: Mapping[str, Answer]
    submitted: bool = True
    way: WayIn = WayIn.ACCOUNT


def release(
    questions: Sequence[Area],
    responses: Iterable[ClosedResponse],
    groups: Sequence[str],
    k: int,
    previous: Release | None = None,
    spoken: Mapping[str, People] | None = None,
) -> Release:
    """Computes what a round shows, from its frozen questions and its submitted responses.

    A response counts if it was submitted (that is when its author agreed to be counted) with at least one
    answer. If the people who count are too few for All, only the open link's answers count; the same holds
    for each line.

    Columns: `groups` are the sector groups in display order; a group has a column if it is large enough
    without the open link. The others form OTHERS; if OTHERS is too small, the smallest shown group joins it
    (of equals, the first in order). The same rule applies to each indicator, by its ratings. A column that
    would only repeat All is left out.

    Reopened rounds: `responses` are all of them, old and new. `previous` stays unchanged until enough
    responses were added. After that a line never shows a group that it did not show before, and each new
    number is based on no added ratings or on enough; a line for which that is impossible stays as it was. So
    neither the new release, nor both releases together, reveal anything about a few people.

    Languages: `spoken` has the people who answered in each language; see `told_languages`.

    The group's agreed values of `previous` are kept.
    """
    if k < SMALLEST_K:
        raise ValueError(f"k is {k}, but must be at least {SMALLEST_K}")
    if OTHERS in groups or len(set(groups)) != len(groups):
        raise ValueError("sector groups must have different keys, none of them 'others'")
    if previous is not None and previous.k > k:
        raise ValueError("the k of a round is never lowered")
    old_rows = previous.indicators if previous is not None else ()
    agreed = {row.key: row.agreed for row in old_rows if row.agreed is not None}
    asked = {indicator.key for area in questions for indicator in area.indicators}
    counted = [response for response in responses if response.submitted and asked & response.answers.keys()]
    for crowd in _alternatives(counted):
        if may_show(People.of(each.way for each in crowd), k, previous):
            made = _release_of(questions, crowd, groups, k, previous)
            return with_agreed(_with_languages(made, spoken or {}, previous), agreed)
    return previous or Release(k=k, respondents=0, groups=(), areas=())


def may_show(people: People, k: int, previous: Release | None = None) -> bool:
    """Returns whether a release may count exactly these people, given the previous release if it showed anything."""
    if previous is None or not previous.respondents:
        return bool(people.number) and none_or_all(people, k)
    since = people - previous.people
    return bool(since.number) and none_or_part(since, k)


def with_agreed(released: Release, agreed: Mapping[str, float]) -> Release:
    """Returns the release with exactly these agreed values. They count for All only; sector groups do not change.

    The group may also agree on a value where All shows no median, for example where individual respondents
    did not know.
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


def notes_to_show(writers: Sequence[WayIn], k: int, *, more: bool) -> Collection[WayIn]:
    """Returns the ways of the authors whose notes on one indicator may be shown.

    `writers` has the way of each author of a note that no release has shown. `more` says that a release has
    shown other notes: beside those, a few new notes would stand out as coming from the people added since.
    """
    enough = none_or_part if more else none_or_all
    for ways in (frozenset(WayIn), frozenset({WayIn.LINK})):
        people = People.of(way for way in writers if way in ways)
        if people.number and enough(people, k):
            return ways
    return ()


def separate_groups(
    sizes: Mapping[str, People],
    total: People,
    k: int,
    before: tuple[Mapping[str, People], People] | None = None,
) -> tuple[str, ...]:
    """Returns the groups that may be shown separately, beside a column with everyone else.

    `sizes` are the candidates' people, `total` is everyone. `before` holds the sizes and the total of an
    earlier release, whose shown groups are the candidates. The result is empty if the groups would only
    repeat All.
    """
    old_sizes, old_total = before or ({}, NOBODY)

    # What was shown before was large enough, so only the people added since have to be checked.
    since = {group: size - old_sizes.get(group, NOBODY) for group, size in sizes.items()}
    shown = [group for group, size in sizes.items() if size.number and none_or_part(since[group], k)]
    while shown:
        pool = total - together(sizes[group] for group in shown)
        if none_or_part(total - old_total - together(since[group] for group in shown), k):
            return tuple(shown) if len(shown) > 1 or pool.number else ()
        shown.remove(min(shown, key=lambda group: sizes[group].number))
    return ()


def column_sizes(made: Release, responses: Iterable[ClosedResponse]) -> dict[str, int]:
    """Returns how many people each column of the release holds.

    After a reopening, an unchanged line may show a group that is part of OTHERS in new lines. If the people
    of OTHERS are then too few, their number is left out.
    """
    members = [response for response in responses if response.answers]
    sizes = {
        group: People.of(each.way for each in members if each.group == group)
        for group in made.groups
        if group != OTHERS
    }
    others = made.people - together(sizes.values())
    shown = {group: size.number for group, size in sizes.items()}
    if OTHERS in made.groups and others.number and none_or_part(others, made.k):
        shown[OTHERS] = others.number
    return shown


def told_languages(
    spoken: Mapping[str, People], people: People, k: int, previous: Release | None = None
) -> list[str]:
    """Returns the languages for which it may be said how many people answered in them.

    A language is shown beside the others by the rule for sector groups: it and the rest must be enough
    people. A language that an earlier release did not show stays hidden. No language is shown if everyone
    since then answered in the same one, because a column may have gained only a few of them.
    """
    before = None
    if previous is not None and previous.respondents:
        before = (previous.language_sets, previous.people)
        spoken = {language: size for language, size in spoken.items() if language in previous.languages}
    shown = separate_groups(spoken, people, k, before)
    # Sorted by their codes, because the order of the answers would reveal who came first.
    told = sorted(shown)
    old_spoken, old_people = before or ({}, NOBODY)
    since = [spoken[language] - old_spoken.get(language, NOBODY) for language in told]
    kinds = [*since, people - old_people - together(since)]
    # Readers may have made up the open link's answers, so those do not count as a second language beside the
    # others.
    if together(kinds).known:
        kinds = [each for each in kinds if each.known]
    several = sum(each.number > 0 for each in kinds) > 1
    return told if several or not together(kinds).number else []


def may_share_efforts(made: Release, previous: Release | None) -> bool:
    """Returns whether the efforts that respondents named may be shown. Only people with an account can name some."""
    before = previous.people if previous is not None else NOBODY
    return (made.people - before).account >= made.k


def told_by_link(people: People, k: int, previous: Release | None = None) -> int | None:
    """Returns how many of these people came by the open link; None if they, or all the others, are too few."""
    old = previous.people if previous is not None else NOBODY
    for each in (people, people - old):
        if not none_or_part(People(link=each.link), k) or not none_or_part(
            People(each.account, each.hand), k
        ):
            return None
    return people.link


def median(ratings: Collection[int]) -> Fraction:
    """Returns the middle rating, or the mean of the two middle ones."""
    ordered = sorted(ratings)
    below, above = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return Fraction(below + above, 2)


class _Crowd(Struct, frozen=True):
    """Everyone who counts. `columns` holds the people of each group that may have a column; OTHERS holds the rest."""

    k: int
    everybody: Sequence[ClosedResponse]
    columns: Mapping[str, Sequence[ClosedResponse]]

    @property
    def people(self) -> People:
        return _people(self.everybody)

    def alternatives(self) -> Iterator[_Crowd]:
        """Yields everyone, then only those who came by the open link, without columns, in case everyone is too few."""
        yield self
        alone = _by_link(self.everybody)
        yield _Crowd(self.k, alone, {OTHERS: alone})

    def raters(self, key: str) -> dict[str, list[ClosedResponse]]:
        return {
            column: [each for each in members if _has(each, key, AnswerKind.RATING)]
            for column, members in self.columns.items()
        }

    def rated(self, key: str) -> People:
        return _people(each for each in self.everybody if _has(each, key, AnswerKind.RATING))

    def dont_know(self, key: str) -> People:
        return _people(each for each in self.everybody if _has(each, key, AnswerKind.DONT_KNOW))

    def settled(self, key: str) -> People:
        """Returns the people in columns in which everyone said that the indicator does not apply."""
        kind = AnswerKind.DOES_NOT_APPLY
        return together(
            _people(members)
            for members in self.columns.values()
            if all(_has(each, key, kind) for each in members)
        )


def _people(responses: Iterable[ClosedResponse]) -> People:
    return People.of(each.way for each in responses)


def _by_link(responses: Iterable[ClosedResponse]) -> list[ClosedResponse]:
    return [each for each in responses if each.way is WayIn.LINK]


def _alternatives(responses: Sequence[ClosedResponse]) -> Iterator[Sequence[ClosedResponse]]:
    """Yields everyone, then only those who came by the open link, in case everyone is too few."""
    yield responses
    yield _by_link(responses)


def _has(response: ClosedResponse, key: str, kind: AnswerKind) -> bool:
    answer = response.answers.get(key)
    return answer is not None and answer.kind is kind


def _release_of(
    questions: Sequence[Area],
    counted: Sequence[ClosedResponse],
    groups: Sequence[str],
    k: int,
    previous: Release | None,
) -> Release:
    old_rows = {row.key: row for row in previous.indicators} if previous is not None else {}
    crowd = _crowd(counted, groups, k)
    areas = tuple(_area(area, crowd, old_rows) for area in _rated(questions))
    filled = {group for area in areas for row in area.indicators for group in row.groups}
    shown = tuple(group for group in (*groups, OTHERS) if group in filled)
    options = _options(questions, counted, k, previous)
    return Release(k, len(counted), shown, areas, options, people=crowd.people)


def _with_languages(made: Release, spoken: Mapping[str, People], previous: Release | None) -> Release:
    if made.by_link_alone:
        spoken = {key: People(link=each.link) for key, each in spoken.items()}
    told = told_languages(spoken, made.people, made.k, previous)
    return replace(
        made,
        languages={key: spoken[key].number for key in told},
        language_sets={key: spoken[key] for key in told},
    )


def _rated(questions: Sequence[Area]) -> list[Area]:
    """Returns the areas with only the statements that people rate, without areas that have none."""
    areas = (
        Area(area.key, tuple(each for each in area.indicators if not each.options)) for area in questions
    )
    return [area for area in areas if area.indicators]


def _options(
    questions: Sequence[Area], counted: Sequence[ClosedResponse], k: int, previous: Release | None
) -> tuple[OptionsResult, ...]:
    """Returns the counts to show for questions with options: for All only, never by sector group."""
    old = {each.key: each for each in previous.options} if previous is not None else {}
    return tuple(
        options_result(
            each,
            [response.answers.get(each.key) for response in counted],
            k,
            old.get(each.key),
            [response.way for response in counted],
        )
        for area in questions
        for each in area.indicators
        if each.options
    )


def _crowd(counted: Sequence[ClosedResponse], groups: Sequence[str], k: int) -> _Crowd:
    members = {group: [response for response in counted if response.group == group] for group in groups}
    sizes = _beyond_the_link({group: _people(people) for group, people in members.items()})
    shown = separate_groups(sizes, _people(counted), k)
    columns: dict[str, Sequence[ClosedResponse]] = {group: members[group] for group in shown}
    columns[OTHERS] = [response for response in counted if response.group not in shown]
    return _Crowd(k, counted, columns)


def _area(area: Area, crowd: _Crowd, old_rows: Mapping[str, IndicatorResult]) -> AreaResult:
    rows = tuple(_line(indicator, crowd, old_rows.get(indicator.key)) for indicator in area.indicators)
    applicable = _applicable(area, crowd.everybody)
    cells: dict[str, AreaCell] = {}
    for column, members in crowd.columns.items():
        shown = [row.groups[column] for row in rows if column in row.groups]
        # In a reopened round a group may have gained a single person. Then the answers of All, which gained k
        # people, decide whether an indicator applies to the group, so that this person's "does not apply"
        # cannot be inferred.
        here = applicable if old_rows or not members else _applicable(area, members)
        cell = _area_cell([cell.value for cell in shown], sum(cell.n for cell in shown), here)
        if cell is not None:
            cells[column] = cell
    return AreaResult(area.key, applicable, _area_of_all(rows, applicable), cells, rows)


def _applicable(area: Area, people: Sequence[ClosedResponse]) -> int:
    """Returns how many indicators apply to these people; one does not if each of them said that it does not apply."""
    return sum(
        not all(_has(response, indicator.key, AnswerKind.DOES_NOT_APPLY) for response in people)
        for indicator in area.indicators
    )


def _area_of_all(rows: Sequence[IndicatorResult], applicable: int) -> AreaCell | None:
    values = [row.value for row in rows if row.value is not None]
    return _area_cell(values, sum(row.all.n for row in rows if row.all is not None), applicable)


def _area_cell(values: Sequence[float], n: int, applicable: int) -> AreaCell | None:
    # The group may agree on a value for an indicator that every respondent found not applicable.
    applicable = max(applicable, len(values))
    if not values or Fraction(len(values), applicable) < ENOUGH_OF_AN_AREA:
        return None
    mean = sum((Fraction(str(value)) for value in values), Fraction()) / len(values)
    return AreaCell(one_decimal(mean), n, len(values), applicable)


def _line(indicator: Indicator, crowd: _Crowd, old: IndicatorResult | None) -> IndicatorResult:
    before = old.sets.all if old is not None else NOBODY
    for each in crowd.alternatives():
        rated = each.rated(indicator.key)
        enough = none_or_part(rated - before, crowd.k) if before.number else none_or_all(rated, crowd.k)
        if rated.number and enough:
            return _line_of(indicator, each, old, rated)
    return old if old is not None and before.number else _line_of(indicator, crowd, old, NOBODY)


def _line_of(
    indicator: Indicator, crowd: _Crowd, old: IndicatorResult | None, rated: People
) -> IndicatorResult:
    """Returns an indicator's line for these people.

    `rated` are all who rated it, NOBODY if they are too few to show.
    """
    raters = crowd.raters(indicator.key) if rated.number else {}
    ratings = _ratings([each for column in raters.values() for each in column], indicator.key)
    groups = _separate(raters, crowd.k, old)
    unrated = _unrated(crowd, indicator.key, crowd.people - rated, groups)
    shows_dont_know = may_show_dont_know(unrated, crowd.k, old.sets if old is not None else None)
    if not shows_dont_know and old is not None and needs_its_dont_know(old.sets):
        return old
    return IndicatorResult(
        key=indicator.key,
        meaning=indicator.meaning,
        respondents=len(crowd.everybody),
        all=_cell(ratings) if ratings else None,
        groups=_cells(indicator.key, raters, groups),
        counts=tuple(ratings.count(level) for level in Rating) if ratings else None,
        dont_know=unrated.dont_know.number if shows_dont_know else None,
        by_link=bool(rated.number) and not rated.known,
        stored_sets=Sets(crowd.people, rated, groups, unrated.dont_know if shows_dont_know else NOBODY),
    )


def _ratings(raters: Iterable[ClosedResponse], key: str) -> list[int]:
    ratings = (each.answers[key].rating for each in raters)
    return [rating for rating in ratings if rating is not None]


def _cell(ratings: Collection[int]) -> ReleasedCell:
    return ReleasedCell(one_decimal(median(ratings)), len(ratings))


def _cells(
    key: str, raters: Mapping[str, Sequence[ClosedResponse]], groups: Collection[str]
) -> dict[str, ReleasedCell]:
    """Returns the cells of these groups, and of everyone else together."""
    if not groups:
        return {}
    pool = [each for column, people in raters.items() if column not in groups for each in people]
    cells = {column: _cell(_ratings(raters[column], key)) for column in groups}
    return cells | {OTHERS: _cell(_ratings(pool, key))} if pool else cells


def _separate(
    raters: Mapping[str, Sequence[ClosedResponse]], k: int, old: IndicatorResult | None
) -> dict[str, People]:
    """Returns the groups that have a cell on this line, each with its people who rated the indicator."""
    everyone = {column: _people(people) for column, people in raters.items()}
    sizes = _beyond_the_link({column: size for column, size in everyone.items() if column != OTHERS})
    before = None
    if old is not None and old.all is not None:
        before = (old.sets.groups, old.sets.all)
        sizes = {column: size for column, size in sizes.items() if column in old.groups}
    return {
        column: sizes[column] for column in separate_groups(sizes, together(everyone.values()), k, before)
    }


def _beyond_the_link(sizes: Mapping[str, People]) -> dict[str, People]:
    """Returns the groups that may have a column: those with people who did not come by the open link."""
    return {group: size for group, size in sizes.items() if size.known}


def _unrated(crowd: _Crowd, key: str, people: People, groups: Mapping[str, People]) -> Unrated:
    cells = [_people(crowd.columns[group]) - rated for group, rated in groups.items()]
    settled = crowd.settled(key)
    return Unrated(people, crowd.dont_know(key), (*cells, people - settled - together(cells)), settled)
