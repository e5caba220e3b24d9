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
