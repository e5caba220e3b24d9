"""Tests which organizations may be the same."""

import pytest

from engage.partners.rules import are_alike


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("grace church", "the grace church"),
        ("grace church", "grace church of riverbend"),
        ("riverbend hospital", "riverbend hosptial"),
        ("rape crisis center", "rcc"),
        ("hope house", "hope house inc"),
        ("st. mary's", "st mary's"),
        ("the county", "county"),
    ],
)
def test_likely_the_same(first: str, second: str) -> None:
    assert are_alike(first, second)
    assert are_alike(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [("grace church", "hope house"), ("riverbend county sheriff", "riverbend schools"), ("", "hope house")],
)
def test_not_the_same(first: str, second: str) -> None:
    assert not are_alike(first, second)
