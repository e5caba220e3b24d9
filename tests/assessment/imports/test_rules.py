"""Each person's answers count once."""

import pytest

from engage.assessment.imports.rules import FileRow, moment, told_apart


@pytest.mark.parametrize(
    "text",
    ["10/23/2025 14:05:09", "10/23/2025 2:05:09 PM", "2025-10-23 14:05:09", "2025/10/23 2:05:09 PM GMT+3"],
)
def test_a_time_is_the_same_however_a_program_writes_it(text: str) -> None:
    assert moment(text) == moment("2025-10-23 14:05:09")


def test_other_times_are_others() -> None:
    texts = ["2025-10-23 14:05:09", "2025-10-23 14:05:08", "2025-10-23 2:05:09", "2025-10-24 14:05:09", ""]
    assert len({moment(each) for each in texts}) == len(texts)


def test_an_edited_answer_replaces_the_one_before() -> None:
    told = told_apart([FileRow(2, "7", "t", "a"), FileRow(3, "8", "t", "a"), FileRow(4, "7", "t", "b")])
    assert (told[2].replaced_by, told[3].replaced_by, told[4].replaced_by) == (4, None, None)
    assert told[2].name == told[4].name != told[3].name


def test_the_same_id_at_another_time_may_be_another_person() -> None:
    told = told_apart([FileRow(2, "1", "monday", "a"), FileRow(3, "1", "tuesday", "b")])
    assert (told[2].doubted, told[3].doubted) == (3, 2)
    assert told[2].replaced_by is None


def test_two_people_may_answer_in_the_same_second() -> None:
    told = told_apart([FileRow(2, "", "now", "a"), FileRow(3, "", "now", "a"), FileRow(4, "", "", "a")])
    assert len({each.name for each in told.values()}) == 3
    assert not any(each.replaced_by or each.doubted for each in told.values())
