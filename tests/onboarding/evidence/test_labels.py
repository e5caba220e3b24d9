"""Every line of evidence has its sentence, whatever its numbers."""

from itertools import product

import pytest
from flask import Flask

from engage.onboarding.evidence.rules import EvidenceLine, LineKey, Thresholds
from engage.onboarding.evidence_labels import line_words


@pytest.mark.parametrize("key", LineKey)
def test_a_line_says_its_numbers_in_a_whole_sentence(app: Flask, key: LineKey) -> None:
    with app.test_request_context():
        said = [
            line_words(EvidenceLine(key, *numbers), Thresholds())
            for numbers in product((0, 1, 2, 5), repeat=2)
        ]
    assert all(each.endswith(".") and "%(" not in each for each in said)


@pytest.mark.parametrize(
    ("key", "have", "need", "words"),
    [
        (LineKey.NEEDS, 1, 3, "1 of 3 needs are chosen."),
        (LineKey.NEEDS, 1, 1, "1 of 1 need is chosen."),
        (LineKey.NEEDS, 5, 1, "5 needs are chosen; 1 is enough."),
        (LineKey.NEEDS, 5, 3, "5 needs are chosen; 3 are enough."),
        (LineKey.GOALS_MEASURED, 5, 3, "5 of 3 goals have a measure."),
        (LineKey.SESSIONS, 0, 1, "No planning session is closed yet."),
        (LineKey.SESSIONS, 2, 1, "2 planning sessions were held."),
        (LineKey.SECTORS_TALKED, 0, 0, "No expected sector has an organization on the list yet."),
    ],
)
def test_more_than_is_asked_for_is_said_to_be_enough(
    app: Flask, key: LineKey, have: int, need: int, words: str
) -> None:
    with app.test_request_context():
        assert line_words(EvidenceLine(key, have, need), Thresholds()) == words
