"""Tests who a row of an address book is about."""

import pytest

from engage.directory.imports.rules import named


@pytest.mark.parametrize(
    ("name", "email", "found"),
    [
        ("Ann Lee", "ann@example.org", ("Ann Lee", "ann@example.org")),
        ("Lee, Ann", "", ("Ann Lee", "")),
        ("Lee, Ann, MSW", "", ("Ann Lee", "")),
        ("Grace Church, Riverbend, Texas", "", ("Grace Church, Riverbend, Texas", "")),
        ("Ann Lee <ann@example.org>", "", ("Ann Lee", "ann@example.org")),
        ('"Lee, Ann" <ann@example.org>', "", ("Ann Lee", "ann@example.org")),
        ("ann@example.org", "", ("ann", "ann@example.org")),
        ("ann@home.example", "ann.b_lee+list@example.org", ("ann b lee list", "ann.b_lee+list@example.org")),
        ("", "office@example.org", ("office", "office@example.org")),
        ("@handle", "", ("@handle", "")),
        ("", "", ("", "")),
    ],
)
def test_a_row_names_one_person(name: str, email: str, found: tuple[str, str]) -> None:
    assert named(name, email) == found
