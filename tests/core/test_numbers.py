"""Numbers as people write them."""

import pytest

from engage.numbers import NumberRefused, Problem, number_of, text_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        (" 12.5 ", 12.5),
        ("1,234", 1234),
        ("1,234,567.25", 1234567.25),
        ("45%", 45),
        ("45 %", 45),
        ("$1,200", 1200),
        ("-2", -2),
        ("\u22122.5", -2.5),
        ("0", 0),
        ("12.500", 12.5),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, value: float) -> None:
    assert number_of(text) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem.NO_NUMBER),
        ("twelve", Problem.NO_NUMBER),
        ("12,5", Problem.NO_NUMBER),
        ("1,23,456", Problem.NO_NUMBER),
        ("12 of 20", Problem.NO_NUMBER),
        ("1e9", Problem.NO_NUMBER),
        ("nan", Problem.NO_NUMBER),
        ("\u0661\u0662", Problem.NO_NUMBER),
        ("9" * 400, Problem.NO_NUMBER),
        ("1000000000", Problem.TOO_LARGE),
        ("0.125", Problem.TOO_FINE),
    ],
)
def test_what_is_no_plain_number_is_refused_with_its_reason(text: str, problem: Problem) -> None:
    with pytest.raises(NumberRefused) as refused:
        number_of(text)
    assert refused.value.problem is problem


@pytest.mark.parametrize(
    ("value", "text"),
    [(12.0, "12"), (12.5, "12.5"), (0.0, "0"), (-0.0, "0"), (-2.25, "-2.25"), (1200.0, "1200")],
)
def test_a_form_holds_a_value_so_that_it_reads_the_same_again(value: float, text: str) -> None:
    assert text_of(value) == text
    assert number_of(text) == value
