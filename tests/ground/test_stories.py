"""Tests that stories about a person are noticed, and that minutes, plans and small talk are not.

The lists were written before the weights and without an eye on them. Half of each was kept back and run once, when
the weights were done: 45 of 50 stories warned, and none of the 50 harmless lines.
"""

from datetime import date
from pathlib import Path

import pytest

from engage import stories
from engage.personal_details import Finding, Kind, findings
from engage.stories import story_in

LISTS = Path(__file__).with_name("stories")
STORY = "Her uncle drives her to the motel on Route 9 and keeps the money. She is 15."


def lines_of(kind: str) -> list[str]:
    parts = (LISTS / f"{kind}-{part}.txt" for part in ("practice", "kept-back"))
    return [line for part in parts for line in part.read_text(encoding="utf-8").splitlines()]


def test_of_a_hundred_stories_at_least_ninety_are_noticed() -> None:
    missed = [line for line in lines_of("harmful") if not story_in(line)]

    assert len(lines_of("harmful")) == 100
    assert len(missed) <= 10, "\n".join(missed)


def test_of_a_hundred_harmless_lines_at_most_three_warn() -> None:
    warned = [line for line in lines_of("harmless") if story_in(line)]

    assert len(lines_of("harmless")) == 100
    assert len(warned) <= 3, "\n".join(warned)


def test_a_story_is_noticed_where_it_stands_among_minutes() -> None:
    minutes = f"The sheriff opened the meeting.\n{STORY}\nPosters will be printed by May."
    start, end = minutes.index(STORY), minutes.index(" She is 15.")

    assert findings(minutes, date(2026, 11, 28)) == (Finding(Kind.STORY, start, end),)


def test_lines_that_follow_each_other_are_not_read_as_one_story() -> None:
    apart = STORY.replace(". ", ".\n").replace(" and keeps", "\nand keeps")

    assert story_in(STORY)
    assert not story_in(apart)


def test_without_someone_in_particular_there_is_no_story() -> None:
    assert not story_in(
        "Part 2 covers withheld passports, unpaid wages, locked doors and threats of deportation."
    )


@pytest.mark.parametrize(
    "told", ["An initial ends no sentence: Jane D. is", "Ms. T is", "J.T. is", "Pt, 17 y/o F, is"]
)
def test_initials_and_ages_in_shorthand_are_someone_in_particular(told: str) -> None:
    assert story_in(f"{told} kept at the farm, he takes her pay and won't let her call home.")


def test_the_work_grows_with_the_text_and_not_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0
    follows = stories._follows

    def counted(*given: object) -> bool:
        nonlocal tried
        tried += 1
        return follows(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(stories, "_follows", counted)
    line = "takes the keeps a holds my of at in on the was were her a the an his "
    counts = []
    for times in (100, 400):
        tried = 0
        story_in(line * times)
        counts.append(tried)

    assert counts[1] < 4.2 * counts[0]


def test_phrases_share_what_they_have_in_common() -> None:
    phrases = [phrase for each in stories._BY_RAREST_WORD.values() for phrase in each]
    parts = [part for _kind, _before, parts in phrases for part in parts]
    assert (
        len({id(phrase) for phrase in phrases}) == len({id(parts) for _kind, _before, parts in phrases}) > 100
    )
    assert len({id(part) for part in parts}) < len(set(parts)) + 10
