"""Writes names as a list within a sentence, as CLDR has it for the language."""

from collections.abc import Iterable

from babel.lists import format_list
from flask_babel import get_locale


def listed(names: Iterable[str]) -> str:
    """Returns words such as "A, B, and C"; the names alone, without a sentence around them, stand with commas."""
    return format_list(list(names), locale=get_locale())


def either(names: Iterable[str]) -> str:
    """Returns words such as "A, B, or C"."""
    return format_list(list(names), style="or", locale=get_locale())
