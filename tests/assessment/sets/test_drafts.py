"""A draft set: what each change does to it."""

import pytest
from msgspec.structs import replace

from engage.assessment.questions import QuestionArea, QuestionSet, QuestionWording
from engage.assessment.sets.rules import (
    MOST_AREAS,
    MOST_QUESTIONS,
    QuestionChange,
    SetDraft,
    TooMany,
    change,
    next_meaning,
    own_key,
)
from tests.assessment.test_questions import asking, set_of


@pytest.fixture
def draft() -> SetDraft:
    return SetDraft(set_of(a=[asking("beds"), asking("vans"), asking("food")], b=[asking("laws")]))


def order(draft: SetDraft | QuestionSet) -> dict[str, list[str]]:
    questions = draft.questions if isinstance(draft, SetDraft) else draft
    return {area.key: [each.key for each in area.questions] for area in questions.areas}


def test_what_is_hidden_is_not_asked_and_comes_back(draft: SetDraft) -> None:
    hidden = draft.hide(["vans", "laws", "nothing-here"])
    assert hidden.hidden == {"vans", "laws"}
    assert order(hidden.asked) == {"a": ["beds", "food"]}, "an area that asks nothing is left out"
    assert order(hidden.show(["laws"]).asked) == {"a": ["beds", "food"], "b": ["laws"]}
    assert order(hidden) == order(draft)


def test_a_question_is_reworded_in_its_place(draft: SetDraft) -> None:
    changed = draft.put("a", replace(asking("vans"), title="Vans at night"))
    assert order(changed) == order(draft)
    assert changed.questions.areas[0].questions[1].title == "Vans at night"
    assert (changed.edit_of("vans"), changed.edit_of("beds"), draft.edit_of("vans")) == (2, 1, 1)


def test_a_question_that_changes_its_area_stands_last_there(draft: SetDraft) -> None:
    assert order(draft.put("b", asking("beds"))) == {"a": ["vans", "food"], "b": ["laws", "beds"]}


def test_a_new_question_stands_last(draft: SetDraft) -> None:
    assert order(draft.put("a", asking("maps")))["a"] == ["beds", "vans", "food", "maps"]


def test_a_question_taken_out_is_gone_and_no_longer_hidden(draft: SetDraft) -> None:
    gone = draft.hide(["vans"]).take_out("vans")
    assert (order(gone)["a"], gone.hidden) == (["beds", "food"], frozenset())


@pytest.mark.parametrize(
    ("key", "steps", "expected"),
    [
        ("beds", 1, ["vans", "beds", "food"]),
        ("food", -1, ["beds", "food", "vans"]),
        ("beds", -1, ["beds", "vans", "food"]),
        ("food", 1, ["beds", "vans", "food"]),
        ("laws", 1, ["beds", "vans", "food"]),
        ("gone", 1, ["beds", "vans", "food"]),
    ],
)
def test_moving_goes_one_place_and_stops_at_the_ends(
    draft: SetDraft, key: str, steps: int, expected: list[str]
) -> None:
    assert order(draft.move(key, steps)) == {"a": expected, "b": ["laws"]}


def test_areas_move_change_their_words_and_are_added(draft: SetDraft) -> None:
    assert list(order(draft.move_area("b", -1))) == ["b", "a"]
    water = QuestionArea("own-water", "Water", "Water", "", ())
    more = draft.put_area(water)
    assert list(order(more)) == ["a", "b", "own-water"]
    renamed = more.put_area(replace(more.questions.areas[0], name="Beds and vans", questions=()))
    assert order(renamed)["a"] == ["beds", "vans", "food"], "its questions stay"
    assert (renamed.questions.areas[0].name, renamed.edit_of_area("a")) == ("Beds and vans", 2)
    assert list(order(renamed.take_out_area("own-water"))) == ["a", "b"]


def test_a_set_has_500_questions_in_30_areas_at_most() -> None:
    full = SetDraft(set_of(a=[asking(f"q{number}") for number in range(MOST_QUESTIONS)]))
    with pytest.raises(TooMany):
        full.put("a", asking("one-more"))
    assert len(full.put("a", asking("q7", 2)).keys) == MOST_QUESTIONS
    wide = SetDraft(set_of(**{f"a{number}": [] for number in range(MOST_AREAS)}))
    with pytest.raises(TooMany):
        wide.put_area(QuestionArea("one-more", "More", "More", "", ()))


def test_a_draft_is_stored_and_read_back_whole(draft: SetDraft) -> None:
    spanish = QuestionWording("Camas", "Hay camas.", "", ("0", "1", "2", "3", "4"))
    changed = draft.put("a", replace(asking("beds"), texts={"es": spanish})).hide(["food"]).move_area("b", -1)
    assert SetDraft.from_json(changed.to_json()) == changed
    assert SetDraft.from_json(draft.questions.to_json()) == draft, "a round's copy is a draft too"


def test_how_a_question_differs_from_ours() -> None:
    ours = asking("beds")
    assert change(ours, ours) is QuestionChange.NONE
    assert change(replace(ours, why="Another reason."), ours) is QuestionChange.NONE
    assert change(replace(ours, statement="There are beds."), ours) is QuestionChange.CLEARER
    assert change(replace(ours, meaning=101), ours) is QuestionChange.NEW_MEANING
    assert change(ours, None) is QuestionChange.ADDED


@pytest.mark.parametrize(("known", "expected"), [([], 101), ([1], 101), ([2, 101, 104], 105)])
def test_a_new_meaning_is_none_that_there_was_and_none_of_ours_to_come(
    known: list[int], expected: int
) -> None:
    assert next_meaning(known) == expected


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("dock workers", set(), "own-dock-workers"),
        ("dock workers!", {"own-dock-workers", "own-dock-workers-2"}, "own-dock-workers-3"),
        ("水", set(), "own-2"),
        ("水", {"own-2"}, "own-3"),
        ("a" * 200, set(), "own-" + "a" * 51),
    ],
)
def test_a_key_comes_from_the_name(name: str, taken: set[str], expected: str) -> None:
    assert own_key(name, taken) == expected
