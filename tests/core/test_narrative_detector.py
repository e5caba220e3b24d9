"""Tests that stories about a person are noticed, and that minutes, plans and small talk are not.

The lists were written before the weights and without an eye on them. The lines of `kept-back` were never looked at
while phrases and weights were chosen from those of `practice`; docs/security.md says how many of each warn.
"""

import re
import time
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from engage import narrative_detector
from engage.narrative_detector import story_in
from engage.personal_details import DetailKind, Finding, findings

LISTS = Path(__file__).with_name("narratives")
STORY = "Her uncle drives her to the motel on Route 9 and keeps the money. She is 15."
HISTORIA = "Su tío la lleva a un motel y se queda con el dinero. Tiene 15 años."
PARTS = pytest.mark.parametrize("part", ["practice", "kept-back"])


def lines_of(kind: str, part: str, language: str) -> list[str]:
    return (LISTS / f"{language}-{kind}-{part}.txt").read_text(encoding="utf-8").splitlines()


@PARTS
@pytest.mark.parametrize("language", narrative_detector.LANGUAGES)
def test_of_a_hundred_stories_at_least_ninety_are_noticed(language: str, part: str) -> None:
    lines = lines_of("harmful", part, language)
    missed = [line for line in lines if not story_in(line)]

    assert len(lines) >= 50
    assert len(missed) <= len(lines) / 10, "\n".join(missed)


@PARTS
@pytest.mark.parametrize("language", narrative_detector.LANGUAGES)
def test_of_a_hundred_harmless_lines_at_most_three_warn(language: str, part: str) -> None:
    lines = lines_of("harmless", part, language)
    warned = [line for line in lines if story_in(line)]

    assert len(lines) >= 50
    assert len(warned) <= len(lines) * 3 / 100, "\n".join(warned)


@PARTS
@pytest.mark.parametrize("language", narrative_detector.LANGUAGES)
def test_dictated_stories_without_accents_and_punctuation_are_noticed(language: str, part: str) -> None:
    lines = [dictated(line) for line in lines_of("harmful", part, language)]
    missed = [line for line in lines if not story_in(line)]

    assert len(missed) <= len(lines) * 15 / 100, "\n".join(missed)


def dictated(line: str) -> str:
    """Returns the line as a telephone writes it down."""
    words = " ".join(re.sub(r"[.,:;?!¿¡()\"]", " ", line.lower()).split())
    return "".join(each for each in unicodedata.normalize("NFD", words) if not unicodedata.combining(each))


def test_accents_may_be_letters_of_their_own() -> None:
    decomposed = unicodedata.normalize("NFD", HISTORIA)
    assert len(decomposed) == len(HISTORIA) + 2
    assert story_in(HISTORIA) == (0, HISTORIA.index(" Tiene"))
    assert story_in(decomposed) == (0, decomposed.index(" Tiene"))


@pytest.mark.parametrize(
    "text",
    [
        "La girl del drop in me dijo que su boyfriend la vende on the weekends.",
        "She told me que el patrón le quitó el pasaporte and he won't let her leave.",
    ],
)
def test_a_story_in_two_languages_is_noticed(text: str) -> None:
    assert story_in(text)


def test_a_word_weighs_what_it_does_in_one_language() -> None:
    # In English, "he", "me", "van", "has" and "once" are words of stories; here they are have, to me, go and eleven.
    assert not story_in(
        "A las once van los de la clínica; he visto la lista y me has de decir quién trae las mesas."
    )


def test_a_story_is_noticed_where_it_stands_among_minutes() -> None:
    minutes = f"The sheriff opened the meeting.\n{STORY}\nPosters will be printed by May."
    start, end = minutes.index(STORY), minutes.index(" She is 15.")

    assert findings(minutes, date(2026, 11, 28)) == (Finding(DetailKind.STORY, start, end),)


def test_a_story_may_take_three_sentences_and_no_more() -> None:
    parts = ["A nurse told me.", "The owner locked the door.", "He sleeps in a trailer."]
    told = " ".join(parts)

    assert story_in(told) == (0, len(told))
    assert not any(map(story_in, [*parts, " ".join(parts[:2]), " ".join(parts[1:])]))
    assert not story_in(" ".join([parts[0], parts[1], "Lunch is at noon.", parts[2]]))


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


def test_a_gap_in_a_phrase_holds_four_words_and_no_more() -> None:
    told = "The owner keeps {} passports in a box."

    assert "Pay" in narrative_detector.hints_in(told.format("each of our boys'"))
    assert "Pay" not in narrative_detector.hints_in(told.format("each of our three boys'"))


def test_a_dictated_text_without_periods_is_read_in_pieces() -> None:
    apart = (
        "she is fifteen and comes from honduras "
        + "we talk about chairs and lunch " * 8
        + "the boss keeps pay"
    )
    assert len(apart) > narrative_detector.LONGEST_SENTENCE
    assert [begin for begin, _ in narrative_detector._sentences(apart)] == [0, apart.index("chairs", 230)]


def test_the_work_grows_with_the_text_and_not_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0
    follows = narrative_detector._follows

    def counted(*given: object) -> bool:
        nonlocal tried
        tried += 1
        return follows(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(narrative_detector, "_follows", counted)
    line = "takes the keeps a holds my of at in on the was were her a the an his "
    counts = []
    for times in (100, 400):
        tried = 0
        story_in(line * times)
        counts.append(tried)

    assert counts[1] < 4.2 * counts[0]


@pytest.mark.real_clock
@pytest.mark.parametrize(
    "text", [". ", "e" + "\u0301" * 99, "a" * 100, ",", "la tiene a un el la mujer que lo "]
)
def test_no_text_takes_the_square_of_its_length(text: str) -> None:
    took = []
    for size in (20_000, 80_000):
        long = (text * size)[:size]
        runs = []
        for _run in range(3):
            began = time.process_time()
            story_in(long)
            runs.append(time.process_time() - began)
        took.append(min(runs))
    assert took[1] < 9 * took[0]  # four times as long; its square would be sixteen


def test_phrases_share_what_they_have_in_common() -> None:
    phrases = [
        each
        for those in narrative_detector._BY_RAREST_WORD.values()
        for _kind, many in those
        for each in many
    ]
    parts = [part for _before, parts in phrases for part in parts]
    assert len(set(map(id, phrases))) < len(phrases) / 5
    assert (
        len(set(map(id, narrative_detector._BY_RAREST_WORD.values())))
        < len(narrative_detector._BY_RAREST_WORD) / 4
    )
    assert len(set(map(id, parts))) < len(set(parts)) + 10
