"""Tests which passwords are refused: short, common in breaches, made of known names; no rules on kinds of letters."""

import tracemalloc

import pytest

from engage.accounts.passwords import LIST, any_common
from engage.accounts.rules import PASSWORD_LONGEST, weakness
from tests.client import EngageClient
from tests.factories import PASSWORD


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Sunshine2024!!!",
        "PASSWORDPASSWORD",
        "qwerty qwerty",
        "!!!jennifer1985",
        "123456123456",
        "aaaaaaaaaaaa",
        "correcthorsebatterystaple",
        "1q2w3e4r5t6y",
    ],
)
def test_what_a_guesser_tries_first_is_common(password: str) -> None:
    assert weakness(password, any_common) == "common"


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet herons",
        " leading and trailing ",
        "😀 kettle under the bridge",
        "x7" * 3 + "kq9zvw",
        "мост над рекой",
    ],
)
def test_any_other_is_taken_as_it_is(password: str) -> None:
    assert weakness(password, any_common, "Maria Santos", "maria@example.org") is None


@pytest.mark.parametrize(
    ("length", "reason"),
    [(11, "short"), (12, None), (PASSWORD_LONGEST, None), (PASSWORD_LONGEST + 1, "long")],
)
def test_length_alone_decides_at_its_bounds(length: int, reason: str | None) -> None:
    assert weakness(("kestrel under a copper moon " * 9)[:length], any_common) == reason


@pytest.mark.parametrize("password", ["engagecoalition1", "MariaSantos2026x", "maria santos maria"])
def test_names_and_words_of_the_site_are_not_enough(password: str) -> None:
    assert weakness(password, any_common, "Maria Santos") == "own_words"


def test_a_common_one_is_refused_in_words_where_a_password_is_chosen(member: EngageClient) -> None:
    page = member.send("/account/password", password=PASSWORD, new_password="Sunshine2024!!!")
    assert page.status == 422
    assert page.errors == [
        "Many people use this password, or one much like it. Choose one that is only yours."
    ]


def test_looking_one_up_leaves_nothing_in_memory() -> None:
    any_common({"warm up"})
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    assert not any_common({"nothing like it"})
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert after - before < 20_000
    assert LIST.stat().st_size < 100_000
