"""Reads numbers as people write them: 1,234.5, 45% or -2."""

import re
from enum import StrEnum

LARGEST = 999_999_999
DECIMALS = 2
_WRITTEN = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?", re.ASCII)


class Problem(StrEnum):
    """The reasons why a text or a number is refused."""

    NO_NUMBER = "no_number"
    TOO_LARGE = "too_large"
    TOO_FINE = "too_fine"
    NEGATIVE = "negative"
    NOT_WHOLE = "not_whole"
    OVER_HUNDRED = "over_hundred"


class NumberRefused(ValueError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def number_of(text: str) -> float:
    """Returns the number in a text. Raises NumberRefused.

    A comma separates thousands, as in the United States: "12,5" is refused, because it might mean 12.5 or
    125.
    """
    bare = text.strip().replace("\u2212", "-").removeprefix("$").removesuffix("%").strip()
    if len(bare) > 40 or not (match := _WRITTEN.fullmatch(bare)):
        raise NumberRefused(Problem.NO_NUMBER)
    if len((match["decimals"] or "").rstrip("0")) > DECIMALS:
        raise NumberRefused(Problem.TOO_FINE)
    value = float(bare.replace(",", ""))
    if abs(value) > LARGEST:
        raise NumberRefused(Problem.TOO_LARGE)
    return value


def whole_number(text: str, least: int = 0, digits: int = 9) -> int | None:
    """Returns the whole number in an address or a hidden field; None for no number, too small or too long."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= digits
    return int(text) if is_number and int(text) >= least else None


def text_of(value: float) -> str:
    """Returns the number as a form shows it, "12" or "12.5", so that `number_of` can read it back."""
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
