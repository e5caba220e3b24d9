"""Tests which columns are guessed, which action a row is about, and what its reason becomes."""

import json
from time import process_time

import msgspec
import pytest

from engage.imports.columns import ImportColumn
from engage.imports.reading import Trouble, Unreadable
from engage.limits import MOST_ROWS
from engage.plan.exports import json as exports_json
from engage.plan.exports.table import in_order
from engage.plan.imports.fields import PeopleField, PersonField, Title
from engage.plan.imports.rules import Asked, ExistingAction, ImportMatch, matched, numbers_are_of_another
from engage.plan.imports.target import PlanTarget
from engage.plan.rules import ActionStatus, reason_after


def test_of_two_columns_with_the_name_of_the_goal_none_is_taken_on_a_guess() -> None:
    def column(index: int, heading: str, *samples: str) -> ImportColumn:
        return ImportColumn(index, heading, samples, len(samples), holds_addresses=False)

    target = PlanTarget((Title(key="goal", label="Goal"), Title(key="action", label="Action")), "", "")
    beside = [column(0, "Goal #", "1", "2"), column(1, "Goal", "Beds"), column(2, "Action", "Ask")]
    assert target.guess(beside) == {2: "action"}
    ranked = [column(0, "Priority", "High", "low"), column(1, "Goal(s)", "Beds"), column(2, "Action", "Ask")]
    assert target.guess(ranked) == {1: "goal", 2: "action"}


# -- which action


def about(
    rows: list[Asked], there: list[ExistingAction], *same: tuple[int, int], **more: object
) -> dict[int, ImportMatch]:
    return matched(rows, there, lambda row, key: (row, key) in same, more.pop("decided", {}), **more)  # type: ignore[arg-type]


def test_a_ref_goes_before_goal_and_title() -> None:
    there = [ExistingAction(1, "ask", "beds"), ExistingAction(2, "visit", "law")]
    rows = [Asked(2, "", ref=2), Asked(3, "ask", "beds"), Asked(4, "visit", "law"), Asked(5, "", ref=2)]
    assert about(rows, there) == {
        2: ImportMatch(2),
        3: ImportMatch(1),
        4: ImportMatch(),
        5: ImportMatch(2, twice=2),
    }


def test_a_title_alone_finds_an_action_anywhere_where_the_file_names_no_goals() -> None:
    there = [ExistingAction(1, "ask", "beds")]
    assert about([Asked(2, "ask")], there, by_goal=False) == {2: ImportMatch(1)}
    assert about([Asked(2, "ask")], there) == {2: ImportMatch(alike=(1,))}


def test_of_several_alike_the_one_that_says_the_same_then_the_one_of_the_objective_then_the_last() -> None:
    there = [
        ExistingAction(1, "ask", "beds"),
        ExistingAction(2, "ask", "beds", "six"),
        ExistingAction(3, "ask", "beds"),
    ]
    rows = [Asked(2, "ask", "beds"), Asked(3, "ask", "beds", "six"), Asked(4, "ask", "beds")]
    assert about(rows, there, (4, 1)) == {2: ImportMatch(3), 3: ImportMatch(2), 4: ImportMatch(1)}


def test_what_is_left_on_both_sides_is_asked_about() -> None:
    there = [ExistingAction(1, "ask"), ExistingAction(2, "ask")]
    assert about([Asked(2, "ask")], there) == {2: ImportMatch(alike=(1, 2))}
    decided = about([Asked(2, "ask"), Asked(3, "ask")], there, decided={2: 2, 3: 2})
    assert decided == {2: ImportMatch(2, (1, 2)), 3: ImportMatch(2, (1, 2), twice=2)}
    assert about([Asked(2, "ask")], there, decided={2: 9}) == {2: ImportMatch(alike=(1, 2))}


def test_two_rows_that_say_the_same_are_asked_about_and_two_under_different_objectives_not() -> None:
    rows = [Asked(2, "ask", "beds", "a"), Asked(3, "ask", "beds", "b"), Asked(4, "ask", "beds", "a")]
    assert about(rows, []) == {2: ImportMatch(), 3: ImportMatch(), 4: ImportMatch(like_row=2)}


@pytest.mark.parametrize(
    ("numbered", "is_of_another"),
    [
        ({1: False, 2: False, 3: False}, True),
        ({1: False, 2: False, 3: True}, True),
        ({1: False, 2: True, 3: True}, False),
        ({1: False, 2: False, 3: True, 4: True}, False),
        ({1: False, 2: False}, False),
        ({}, False),
    ],
)
def test_numbers_are_of_another_plan_if_most_of_three_or_more_are(
    numbered: dict[int, bool], is_of_another: bool
) -> None:
    assert numbers_are_of_another(numbered) is is_of_another


# -- the reason


NOT_STARTED, UNDER_WAY, STUCK, DONE, DROPPED = ActionStatus


@pytest.mark.parametrize(
    ("from_", "kept", "to", "said", "reason"),
    [
        (None, "", NOT_STARTED, "", ""),
        (None, "", STUCK, "", "imported"),
        (None, "", STUCK, "A key", "A key"),
        (None, "", DROPPED, "", "imported"),
        (None, "", DONE, "Because", ""),
        (None, "", UNDER_WAY, "Open again", "Open again"),
        (STUCK, "A key", STUCK, "", "A key"),
        (STUCK, "A key", STUCK, "A van", "A van"),
        (STUCK, "A key", UNDER_WAY, "A key", ""),
        (UNDER_WAY, "", UNDER_WAY, "A key", ""),
        (STUCK, "A key", DONE, "A key", ""),
        (DONE, "", UNDER_WAY, "", "imported"),
        (DONE, "", UNDER_WAY, "It broke", "It broke"),
        (UNDER_WAY, "It broke", UNDER_WAY, "It fell", "It fell"),
    ],
)
def test_a_reason_follows_from_the_status_and_the_file_twice_gives_it_once(
    from_: ActionStatus | None, kept: str, to: ActionStatus, said: str, reason: str
) -> None:
    once = reason_after(from_, kept, to, said, otherwise="imported")
    assert once == reason
    assert reason_after(to, once, to, said, otherwise="imported") == once


# -- JSON that Engage did not write


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        ("{", Trouble.OTHER_JSON),
        ("{}", Trouble.OTHER_JSON),
        ('{"format": "engage-plan", "version": 2}', Trouble.NEWER),
        ('{"format": "engage-plan", "version": 1}', Trouble.OTHER_JSON),
        (
            '{"format": "engage-plan", "version": 1, "goals": 3, "objectives": [], "actions": []}',
            Trouble.OTHER_JSON,
        ),
        (
            '{"format": "engage-plan", "version": 1, "goals": [], "objectives": [], "actions": [{"goal": 1}]}',
            Trouble.OTHER_JSON,
        ),
        ("{" * 100_000, Trouble.OTHER_JSON),
    ],
)
def test_other_json_is_refused(content: str, trouble: Trouble) -> None:
    with pytest.raises(Unreadable) as refused:
        exports_json.sheet_of(content.encode())
    assert refused.value.trouble is trouble


def test_half_a_character_in_json_does_no_harm_and_what_is_no_json_is_left_to_others() -> None:
    content = {"format": "engage-plan", "version": 1, "goals": [], "objectives": []}
    action = {"goal": None, "objective": None, "title": "a\ud800b"}
    sheet = exports_json.sheet_of(json.dumps({**content, "actions": [action]}).encode())
    assert sheet is not None
    assert sheet.records[1].cells[3] == "a?b"
    assert exports_json.sheet_of(b"Goal,Action\n") is None


class Goal(int):
    """A number that counts how often it was compared with another."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Goal.compared += 1
        return int(self) == other

    __hash__ = int.__hash__


def compared(goals: int) -> int:
    """Returns how many comparisons it takes to put so many goals with an objective each in order."""
    Goal.compared = 0
    objectives = {(Goal(n), f"{n}.1"): {"objective": str(n)} for n in range(goals)}
    rows = list(in_order({Goal(n): {"goal": str(n)} for n in range(goals)}, objectives, ()))
    assert len(rows) == goals
    return Goal.compared


def test_a_plan_of_twice_as_many_goals_takes_twice_the_work() -> None:
    assert compared(400) == 2 * compared(200) <= 400 * 20


@pytest.mark.parametrize("many", ["goals", "objectives", "actions"])
def test_a_plan_with_too_many_rows_is_refused_before_its_cells_are_made(
    many: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cells(**_values: object) -> None:
        raise AssertionError("a cell was made")

    monkeypatch.setattr(exports_json, "_cells", cells)
    content = {"format": "engage-plan", "version": 1, "goals": [], "objectives": [], "actions": []}
    with pytest.raises(Unreadable) as refused:
        exports_json.sheet_of(json.dumps({**content, many: [{}] * (MOST_ROWS + 1)}).encode())
    assert refused.value.trouble is Trouble.MANY_ROWS


def test_lists_in_lists_do_not_unfold_into_more_than_the_file_has() -> None:
    """Each would double the quotation marks of the one inside: fifty would fill the memory."""
    helpers: object = '";'
    for _depth in range(12):
        helpers = [helpers]
    action = {"goal": None, "objective": None, "title": "Call", "helpers": helpers}
    content = {"format": "engage-plan", "version": 1, "goals": [], "objectives": [], "actions": [action]}
    with pytest.raises(Unreadable) as refused:
        exports_json.sheet_of(json.dumps(content).encode())
    assert refused.value.trouble is Trouble.OTHER_JSON


def test_an_address_without_an_end_is_read_in_no_time() -> None:
    maria = PersonField(1, "Maria Santos", ("maria@example.org",), is_here=True)
    people = PeopleField(
        key="owner", label="Who", synonyms=(), people=[maria, msgspec.structs.replace(maria, id=2)]
    )
    began = process_time()
    assert people.unknown("<" + "a@" * 4_990) == []
    assert people.unknown("Santos, M. <Maria@example.org>") == ["Santos, M. <Maria@example.org>"]
    assert people.unknown(", " * 2_000) == [", " * 1_999 + ","]
    assert process_time() - began < 0.4
