"""Names as people write them into one cell of a table."""

import pytest

from engage.imports import names


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Lee, Ann", "Ann Lee"),
        ("Lee, Ann, MSW", "Ann Lee"),
        ("De Leon, Ann M.", "Ann M. De Leon"),
        ("Ann Lee", ""),
        ("Ann Lee, PhD", ""),
        ("Safe Harbor, Inc.", ""),
        ("Lee, Ann, Bob", ""),
        ("Department of Public Safety, Columbus", ""),
    ],
)
def test_a_last_name_first_is_turned(name: str, said: str) -> None:
    assert names.turned(name) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Dr. Ann Lee", "Ann Lee"),
        ("Rev. Dr. Ann Lee", "Ann Lee"),
        ("Ann Lee, LISW-S, Ph.D.", "Ann Lee"),
        ("Ann Lee (chair)", "Ann Lee"),
        ("Ann Lee, Co-Chair", "Ann Lee"),
        ("Sheriff Lee", "Sheriff Lee"),
        ("Lee, Ann", "Lee, Ann"),
        ("", ""),
        (",", ""),
    ],
)
def test_a_name_has_no_titles_or_degrees(name: str, said: str) -> None:
    assert names.plain(name) == said


@pytest.mark.parametrize(
    ("short", "is_short"),
    [
        ("Ann", True),
        ("Lee", True),
        ("Ann L.", True),
        ("A. Lee", True),
        ("A", False),
        ("Anna", False),
        ("Ann K.", False),
        ("Jo Lee", False),
        ("", False),
    ],
)
def test_a_first_name_or_an_initial_may_stand_for_someone(short: str, is_short: bool) -> None:
    assert names.is_short_for(names.words_of(short), names.words_of("Ann Maria Lee")) is is_short


@pytest.mark.parametrize(
    ("text", "are_full"),
    [
        ("Ann Lee, Bob Ray, and Jo Fox", True),
        ("Lee, Ann", False),
        ("Ann Lee, Chair", False),
        ("Ann Lee", False),
        ("Train staff, then call each of them once more", False),
    ],
)
def test_whole_names_between_commas_are_several(text: str, are_full: bool) -> None:
    assert names.are_full(names.commas(text)) is are_full
