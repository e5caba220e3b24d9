"""An import suggests the sector that a list means by its own word."""

import pytest

from engage.content.import_words import import_words
from engage.content.loader import content
from engage.partners.imports.target import SectorField


@pytest.mark.parametrize(
    ("word", "sector"),
    [
        ("Law enforcement", "justice"),
        ("NGO", "nonprofit"),
        ("Non-profit", "nonprofit"),
        ("501(c)(3)", "nonprofit"),
        ("Hospitals", "health"),
        ("Circus", None),
    ],
)
def test_what_lists_call_a_sector_is_suggested(word: str, sector: str | None) -> None:
    field = SectorField(
        key="sector", label="Sector", choices={each.key: each.name for each in content().sectors}
    )
    assert field.suggests(word) == sector


def test_each_word_is_of_a_sector_that_is_there() -> None:
    assert import_words("sectors").keys() <= {each.key for each in content().sectors}
