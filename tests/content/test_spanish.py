"""The Spanish content reads easily, by the measure that Fernández Huerta made for Spanish in 1959."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from engage import languages

FOLDER = languages.CONTENT / "es"
# Lists of names: what a person or an organization is called is as long as it is.
NAMES = {"disciplines.yaml", "sectors.yaml"}
PROSE = sorted(file for file in FOLDER.glob("*.yaml") if file.name not in NAMES)
EASY = 65
CODES = {"key", "ask", "source", "website", "phone"}
_STRONG = "aeoáéíóú"


def syllables(word: str) -> int:
    """Returns how many there are: each group of vowels is one, and one more where two strong ones meet."""
    plain = re.sub(r"gu(?=[eéií])", "g", re.sub(r"qu(?=[eéií])", "k", re.sub(r"y$", "i", word.lower())))
    groups = re.findall("[aeiouáéíóúü]+", plain)
    hiatuses = sum(one in _STRONG and other in _STRONG for group in groups for one, other in pairwise(group))
    return max(1, len(groups) + hiatuses)


def ease(text: str) -> float:
    """Returns 206.84 - 60 syllables a word - 1.02 words a sentence; 60 to 70 is ordinary, more is easier."""
    words = re.findall(r"[^\W\d_]+", text)
    sentences = len(re.findall(r"[.!?:;]+(?=\s|$)", text))
    return 206.84 - 60 * sum(map(syllables, words)) / len(words) - 1.02 * len(words) / sentences


def sentences(node: Any) -> Iterator[str]:
    if isinstance(node, str) and " " in node:
        yield node if re.search(r"[.!?:]$", node) else f"{node}."
    for key, value in node.items() if isinstance(node, dict) else ():
        if key not in CODES:
            yield from sentences(value)
    for value in node if isinstance(node, list) else ():
        yield from sentences(value)


@pytest.mark.parametrize(
    ("word", "number"),
    [("sol", 1), ("guía", 2), ("queso", 2), ("acción", 2), ("evaluación", 4), ("ley", 1), ("caer", 2)],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, number: int) -> None:
    assert syllables(word) == number


def test_a_hard_text_is_told_from_an_easy_one() -> None:
    assert ease("La gente viene. Habla y come. Todo va bien.") > 90
    assert ease("La interinstitucionalidad extraordinariamente burocratizada imposibilita resoluciones.") < 0


@pytest.mark.parametrize("file", PROSE, ids=lambda file: file.stem)
def test_spanish_prose_is_easy_to_read(file: Path) -> None:
    assert ease(" ".join(sentences(yaml.safe_load(file.read_text())))) >= EASY
