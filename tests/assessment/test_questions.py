"""Frozen questions: what two sets share."""

from dataclasses import replace

from engage.assessment.questions import Comparison, Question, QuestionArea, QuestionSet, comparable, frozen
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
    assert comparable(ours, ours) == Comparison(keys, (), (), (), areas)


def test_each_question_is_compared_or_says_why_not() -> None:
    before = set_of(a=[asking("beds"), asking("vans")], b=[asking("work"), asking("laws")])
    after = set_of(a=[asking("beds"), asking("vans", 2)], c=[asking("food")], b=[asking("laws")])
    found = comparable(before, after)
    assert found == Comparison(
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
