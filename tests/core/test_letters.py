"""Tests that accents are taken off, and that no text makes that slow."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.database import folded
from engage.languages import plain
from engage.personal_details import fingerprint


@pytest.mark.parametrize(
    ("typed", "letters"),
    [("Peña", "Pena"), ("Pen\u0303a", "Pena"), ("ﬁn İ Ω", "fin I Ω"), ("ß ø", "ß ø"), ("\u0f73\u0301", "")],
)
def test_a_letter_stays_without_its_marks(typed: str, letters: str) -> None:
    assert plain(typed) == letters


@given(st.text(max_size=80))
def test_letter_by_letter_gives_what_unicode_gives_for_the_whole(text: str) -> None:
    whole = unicodedata.normalize("NFKD", text)
    assert plain(text) == "".join(c for c in whole if not unicodedata.combining(c))


@pytest.mark.real_clock
@pytest.mark.parametrize("use", [plain, folded, fingerprint])
@pytest.mark.parametrize("mark", ["\u0301", "\u0301\u0323", "\u0f73", "e\u0301"])
def test_eighty_thousand_marks_take_no_time(use: object, mark: str) -> None:
    assert callable(use)
    text = (mark * 80_000)[:80_000]
    began = time.process_time()
    use(text)
    # Unicode's own sorting of them takes some seconds.
    assert time.process_time() - began < 0.5
