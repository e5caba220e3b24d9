"""Frozen questions: what two sets share."""

import json

import pytest
from msgspec.structs import replace

from engage.assessment.questions import (
    AreaWording,
    Question,
    QuestionArea,
    QuestionComparison,
    QuestionSet,
    QuestionWording,
    comparable,
    frozen,
)
from engage.content.loader import content

SCALE = ("Absent", "Starting", "Partial", "Established", "Sustained")


def asking(key: str, meaning: int = 1) -> Question:
    levels = tuple(f"{key} at {level}" for level in range(5))
    return Question(key, meaning, key.title(), f"There is {key}.", "Because.", (), levels)


def set_of(**areas: list[Question]) -> QuestionSet:
    made = (QuestionArea(key, key.title(), key, "?", tuple(each)) for key, each in areas.items())
    return QuestionSet("en", SCALE, tuple(made))


def test_a_set_compares_whole_with_itself() -> None:
    ours = frozen(content(), "en")
    keys = tuple(each.key for area in ours.areas for each in area.questions)
    areas = tuple(area.key for area in ours.areas)
    assert comparable(ours, ours) == QuestionComparison(keys, (), (), (), areas)


def test_each_question_is_compared_or_says_why_not() -> None:
    before = set_of(a=[asking("beds"), asking("vans")], b=[asking("work"), asking("laws")])
    after = set_of(a=[asking("beds"), asking("vans", 2)], c=[asking("food")], b=[asking("laws")])
    found = comparable(before, after)
    assert found == QuestionComparison(
        both=("beds", "laws"), changed=("vans",), only_before=("work",), only_after=("food",), areas=()
    )


def test_clearer_words_and_another_order_are_still_the_same_question() -> None:
    before = set_of(a=[asking("beds"), asking("vans")])
    clearer = replace(asking("beds"), title="Beds for everybody", statement="Anyone finds a bed.")
    found = comparable(before, set_of(a=[asking("vans"), clearer]))
    assert (found.both, found.areas) == (("vans", "beds"), ("a",))


def test_a_question_that_moved_is_compared_and_its_areas_are_not() -> None:
    before = set_of(a=[asking("beds"), asking("vans")], b=[asking("laws")])
    found = comparable(before, set_of(a=[asking("beds")], b=[asking("laws"), asking("vans")]))
    assert (found.both, found.areas) == (("beds", "laws", "vans"), ())


SPANISH = QuestionWording("Camas", "Hay camas.", "Porque sí.", ("nada", "poco", "algo", "casi", "todo"))


def test_texts_of_other_languages_are_frozen_with_the_set() -> None:
    stored = set_of(a=[replace(asking("beds"), texts={"es": SPANISH}), asking("vans")])
    assert QuestionSet.from_json(json.loads(json.dumps(stored.to_json()))) == stored
    assert stored.languages == ("en", "es")


def test_a_set_speaks_another_language_where_it_has_its_words() -> None:
    stored = set_of(a=[replace(asking("beds"), texts={"es": SPANISH}), asking("vans")])
    named = replace(stored.areas[0], texts={"es": AreaWording("Techo", "Techo", "¿Hay techo?")})
    area = replace(stored, areas=(named,)).in_language("es").areas[0]
    assert (area.name, area.asks) == ("Techo", "¿Hay techo?")
    beds, vans = area.questions
    assert (beds.title, beds.statement, beds.why, beds.levels) == (
        "Camas",
        "Hay camas.",
        "Porque sí.",
        SPANISH.levels,
    )
    assert (beds.key, beds.meaning, vans.title) == ("beds", 1, "Vans")
    lacking = stored.in_language("fr")
    assert (lacking.language, [each.title for each in lacking.areas[0].questions]) == ("en", ["Beds", "Vans"])
    assert stored.in_language("en") is stored


def test_rounds_of_the_first_format_are_still_read() -> None:
    old = frozen(content(), "en").to_json()
    old["format"] = 1
    for area in old["areas"]:
        del area["texts"]
        for each in area["questions"]:
            del each["texts"]
    assert QuestionSet.from_json(old) == frozen(content(), "en")


def test_a_format_of_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="format 4"):
        QuestionSet.from_json({**frozen(content(), "en").to_json(), "format": 4})
