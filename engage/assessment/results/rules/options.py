"""Decides which counts of a question with options may be shown.

A reader knows how many people chose anything, every count that is shown, and this rule. A count is hidden if
too few people chose the option, and a second count with it, so that the first cannot be computed from the
rest. Hidden counts look the same, whether a few people chose the option or no one did.

Readers may have made up the open link's answers. So the rule looks only at how many other people chose each
option, and never at which option has which count. If two hidden counts were swapped, everything that is shown
would be the same, so no reader can know a hidden count. The exception is when all hidden counts are as large
as they can be, which is handled below.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engage.assessment.results.rules.people import (
    NOBODY,
    People,
    floor,
    none_or_all,
    none_or_part,
    together,
)
from engage.assessment.results.rules.releases import Counts, OptionSets, OptionsResult
from engage.assessment.rules import Answer, AnswerKind, Indicator, WayIn


def options_result(
    question: Indicator,
    answers: Sequence[Answer | None],
    k: int,
    old: OptionsResult | None = None,
    ways: Sequence[WayIn] | None = None,
) -> OptionsResult:
    """Returns what may be shown of these answers, one for each person who counts; None if the person gave none.

    `ways` has the way of each of them; without it, all count as if given with an account. If those who chose
    anything are too few, only the open link's answers count. `old` is what an earlier release of the round
    showed; it is returned unchanged if newer counts beside it would reveal something about a few people.
    """
    came = list(zip(answers, ways or [WayIn.ACCOUNT] * len(answers), strict=True))
    found = [_sets(question, came), _sets(question, [each for each in came if each[1] is WayIn.LINK])]
    if old is not None and old.answered is not None:
        for sets in found:
            if _may_follow(old, sets, k, several=question.several):
                return _shown(question, sets, k, old)
        return old
    for sets in found:
        if sets.answered.number and none_or_all(sets.answered, k):
            return _shown(question, sets, k, old)
    return OptionsResult(
        question.key, question.meaning, len(answers), stored_sets=OptionSets(found[0].people)
    )


def _sets(question: Indicator, came: Sequence[tuple[Answer | None, WayIn]]) -> OptionSets:
    given = [(each, way) for each, way in came if each is not None]
    chosen = [(each.chosen, way) for each, way in given if each.chosen]
    return OptionSets(
        People.of(way for _each, way in came),
        People.of(way for _options, way in chosen),
        tuple(
            People.of(way for options, way in chosen if option in options)
            for option in range(question.options)
        ),
        People.of(way for each, way in given if each.kind is AnswerKind.DONT_KNOW),
    )


def _shown(question: Indicator, sets: OptionSets, k: int, old: OptionsResult | None) -> OptionsResult:
    counts = shown_counts(sets.counts, sets.answered, k, several=question.several)
    says = _may_tell_dont_know(sets, k, old)
    return OptionsResult(
        question.key,
        question.meaning,
        sets.people.number,
        sets.answered.number,
        counts,
        sets.dont_know.number if says else None,
        OptionSets(
            sets.people,
            sets.answered,
            tuple(
                NOBODY if count is None else people for count, people in zip(counts, sets.counts, strict=True)
            ),
            sets.dont_know if says else NOBODY,
        ),
    )


def shown_counts(counts: Sequence[People], people: People, k: int, *, several: bool) -> Counts:
    """Returns the counts to show, None for one that is hidden. `people` are those who chose something."""
    held = _held_of_several(counts, people, k) if several else _held_of_one(counts, people, k)
    return tuple(None if option in held else count.number for option, count in enumerate(counts))


def _measured(count: People, people: People) -> int:
    """Returns the size that decides whether a count is shown: without the open link, if others chose something."""
    return count.known if people.known else count.number


def _held_of_one(counts: Sequence[People], people: People, k: int) -> set[int]:
    """Returns the options to hide: two or more, chosen by enough people together.

    Anyone can compute how many people the hidden counts have together. If each of these counts may be shown,
    and only people from the open link chose them, nothing is hidden.
    """
    held = {
        option
        for option, count in enumerate(counts)
        if not _measured(count, people) or not none_or_part(count, k)
    }
    while held:
        left = [counts[option] for option in held]
        if not _measured(together(left), people) and all(none_or_part(count, k) for count in left):
            return set()
        hides_each = none_or_part(together(left), k) and not _are_full(left, people, k)
        if hides_each or len(held) == len(counts):
            return held
        held |= _smallest(counts, people, held)
    return set()


def _are_full(counts: Sequence[People], people: People, k: int) -> bool:
    """Returns whether each of these hidden counts is as large as it can be.

    Then a reader could compute each of them: no other hidden counts add up to the same total.
    """
    most = floor(k).part if people.known else floor(k).link
    return all(count.account == k - 1 for count in counts) or all(
        _measured(count, people) == most - 1 for count in counts
    )


def _held_of_several(counts: Sequence[People], people: People, k: int) -> set[int]:
    """Returns the options to hide: those that too few people chose, or that all but a few chose.

    If nothing is hidden, a reader knows how many second choices people made, which may come from a few
    people.
    """

    def is_small(count: People) -> bool:
        return not (none_or_part(count, k) and none_or_part(people - count, k))

    if not any(map(is_small, counts)) and none_or_part(together(counts) - people, k):
        return set()
    held = {option for option, count in enumerate(counts) if not _measured(count, people) or is_small(count)}
    while len(held) < min(2, len(counts)):
        held |= _smallest(counts, people, held)
    return held


def _smallest(counts: Sequence[People], people: People, held: Collection[int]) -> set[int]:
    """Returns all options that share the smallest shown count, so that their order does not decide."""
    sizes = {option: _measured(count, people) for option, count in enumerate(counts) if option not in held}
    least = min(sizes.values())
    return {option for option, size in sizes.items() if size == least}


def _may_tell_dont_know(sets: OptionSets, k: int, old: OptionsResult | None) -> bool:
    """Returns whether to show how many did not know: not if these, or the others who chose nothing, are few."""
    rest = sets.people - sets.answered - sets.dont_know
    if not sets.dont_know.number or not (none_or_part(sets.dont_know, k) and none_or_part(rest, k)):
        return False
    if old is None or old.answered is None:
        return True
    if old.dont_know is None:
        return False
    before = old.sets
    old_rest = before.people - before.answered - before.dont_know
    return none_or_part(sets.dont_know - before.dont_know, k) and none_or_part(rest - old_rest, k)


def _may_follow(old: OptionsResult, now: OptionSets, k: int, *, several: bool) -> bool:
    """Returns whether newer counts may be shown after those of an earlier release.

    They may if none of them is hidden, and if every known difference is zero or enough people. Options that
    were hidden then must stay uncertain: any one of them may have been chosen by all the people who were not
    shown then.
    """
    before, people = old.sets, now.answered
    since = people - before.answered
    if not since.number or not none_or_part(since, k):
        return False
    if None in shown_counts(now.counts, people, k, several=several):
        return False
    left = before.answered if several else before.answered - together(before.counts)
    newcomers = NOBODY
    for is_known, then, count in zip(
        [each is not None for each in old.counts], before.counts, now.counts, strict=True
    ):
        more = count - (then if is_known else left)
        newcomers += more
        if is_known:
            if not none_or_part(more, k) or (several and not none_or_part(since - more, k)):
                return False
        elif _measured(more, people) < 0 or (several and _measured(count, people) > _measured(since, people)):
            return False
    if several:
        beyond = newcomers - since
        return _measured(beyond, people) >= 0 and (not old.is_whole or none_or_part(beyond, k))
    return True
