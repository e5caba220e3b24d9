"""Decides which counts of a question with options may be shown.

A reader knows how many people chose anything, every count that is shown, and this rule. An option is held
back if fewer than k people chose it, and a second one with it, so that the first cannot be computed from the
rest. Held-back options look alike, whether a few people chose them or no one did.

The rule looks only at how large the counts are, never at which option has which count. So if two held-back
options swapped their counts, everything that is shown would be the same, and no reader can know a held-back
count. The exception is when all held-back counts are equal, which is handled below.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engage.assessment.results.rules.releases import Counts, OptionsResult
from engage.assessment.results.rules.worlds import none_or_enough
from engage.assessment.rules import Answer, AnswerKind, Indicator


def options_result(
    question: Indicator, answers: Collection[Answer | None], k: int, old: OptionsResult | None = None
) -> OptionsResult:
    """Returns what may be shown of these answers, one for each person who counts; None if they left it open.

    `old` is what an earlier release of the round showed. It is returned unchanged if the newer counts beside
    it would reveal something about a few people.
    """
    chosen = [each.chosen for each in answers if each is not None and each.chosen]
    unsure = sum(each is not None and each.kind is AnswerKind.DONT_KNOW for each in answers)
    counts = [sum(option in each for each in chosen) for option in range(question.options)]
    if old is not None and old.answered is not None:
        if not _may_follow(old, counts, len(chosen), k, several=question.several):
            return old
    elif len(chosen) < k:
        return OptionsResult(question.key, question.meaning, len(answers))
    return OptionsResult(
        question.key,
        question.meaning,
        len(answers),
        len(chosen),
        told(counts, len(chosen), k, several=question.several),
        _told_dont_know(unsure, len(answers) - len(chosen), k, old),
    )


def told(counts: Sequence[int], people: int, k: int, *, several: bool) -> Counts:
    """Returns the counts that may be shown; None for one that is held back. `people` chose something, k or more."""
    held = _held_of_several(counts, people, k) if several else _held_of_one(counts, k)
    return tuple(None if option in held else count for option, count in enumerate(counts))


def _held_of_one(counts: Sequence[int], k: int) -> set[int]:
    """Holds back options until those held back are two or more, chosen by k people or more together.

    Anyone can compute how many people these are. So if there are none, nothing is held back.
    """
    held = {option for option, count in enumerate(counts) if count < k}
    while left := sum(counts[option] for option in held):
        # If every held-back count is k - 1, a reader could compute that each is: no other numbers below k add
        # up to the total.
        is_full = all(counts[option] == k - 1 for option in held)
        if (left >= k and not is_full) or len(held) == len(counts):
            return held
        held |= _smallest(counts, held)
    return set()


def _held_of_several(counts: Sequence[int], people: int, k: int) -> set[int]:
    """Holds back options that fewer than k people chose, or that all but fewer than k chose.

    If nothing is held back, a reader knows how many second choices people made, which may come from a few
    people.
    """

    def is_small(count: int) -> bool:
        return not (none_or_enough(count, k) and none_or_enough(people - count, k))

    if not any(map(is_small, counts)) and none_or_enough(sum(counts) - people, k):
        return set()
    held = {option for option, count in enumerate(counts) if count < k or is_small(count)}
    while len(held) < min(2, len(counts)):
        held |= _smallest(counts, held)
    return held


def _smallest(counts: Sequence[int], held: Collection[int]) -> set[int]:
    """Returns all options that share the smallest shown count, so that their order does not decide."""
    least = min(count for option, count in enumerate(counts) if option not in held)
    return {option for option, count in enumerate(counts) if option not in held and count == least}


def _told_dont_know(unsure: int, people: int, k: int, old: OptionsResult | None) -> int | None:
    """Returns how many did not know, of `people` who chose nothing; None if these or the rest are few."""
    if unsure < k or not none_or_enough(people - unsure, k):
        return None
    if old is None or old.answered is None:
        return unsure
    if old.dont_know is None:
        return None
    since = unsure - old.dont_know
    rest = people - unsure - (old.respondents - old.answered - old.dont_know)
    return unsure if none_or_enough(since, k) and none_or_enough(rest, k) else None


def _may_follow(old: OptionsResult, counts: Sequence[int], people: int, k: int, *, several: bool) -> bool:
    """Returns whether newer counts may stand beside those of an earlier release.

    They may if none of them is held back, and if every known difference is 0 or at least k people. Options
    that were held back then must stay open: any one of them may have been chosen by all the people who were
    not shown then.
    """
    assert old.answered is not None
    since = people - old.answered
    if since < k or None in told(counts, people, k, several=several):
        return False
    known = [count for count in old.counts if count is not None]
    left = old.answered if several else old.answered - sum(known)
    newcomers = 0
    for before, now in zip(old.counts, counts, strict=True):
        if before is None:
            if now < left or (several and now > since):
                return False
            newcomers += now - left
        else:
            newcomers += now - before
            if not none_or_enough(now - before, k):
                return False
            if several and not none_or_enough(since - (now - before), k):
                return False
    if several:
        return newcomers >= since and (not old.is_whole or none_or_enough(newcomers - since, k))
    return True
