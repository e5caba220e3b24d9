"""Writes names as a list within a sentence, by CLDR's rules for the language."""

from collections.abc import Iterable

from babel.lists import format_list
from flask_babel import get_locale


def listed(names: Iterable[str]) -> str:
    """Returns words such as "A, B, and C"; outside a sentence, names are separated by commas only."""
    return format_list(list(names), locale=get_locale())


def either(names: Iterable[str]) -> str:
    """Returns words such as "A, B, or C"."""
    return format_list(list(names), style="or", locale=get_locale())
