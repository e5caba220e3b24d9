"""Finds mistakes in a translated text."""

import re
from collections import Counter
from collections.abc import Sequence

_BLANKS = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
_TAGS = re.compile(r"</?\w+[^>]*>")


def problems(english: Sequence[str], translated: Sequence[str], forms: int) -> list[str]:
    """Returns what is wrong with a translation; if the text has a plural, `forms` are all of its forms.

    A form for exactly one thing may omit the number, as in English.
    """
    wanted = forms if len(english) > 1 else 1
    if len(translated) != wanted or not all(each.strip() for each in translated):
        return ["is not translated"]
    found = []
    allowed = Counter(_BLANKS.findall(english[-1])) | Counter(_BLANKS.findall(english[0]))
    for number, text in enumerate(translated):
        blanks = Counter(_BLANKS.findall(text))
        is_whole = blanks == allowed if number or wanted == 1 else blanks <= allowed
        if not is_whole:
            found.append("has other blanks than English")
    if any(sorted(_TAGS.findall(text)) != sorted(_TAGS.findall(english[-1])) for text in translated):
        found.append("has other markup than English")
    if any(_edges(text) != _edges(english[-1]) for text in translated):
        found.append("begins or ends with another space than English")
    return found


def _edges(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()
