"""Tests that no text says "1 people": a number beside a noun in the plural has a form for one, or is never one."""

import re

from babel.messages.pofile import read_po

from engage.languages import TEXTS

PLURALS = "people|members|guests|spots|questions|answers|actions|meetings|needs|organizations|codes|links|hours|minutes"
COUNTED = re.compile(rf"%\((\w+)\)s (?:[\w-]+ ){{0,2}}(?:{PLURALS})\b")
# These stand for a limit, or for a count that is never shown below the smallest group.
NEVER_ONE = {"k", "n", "most", "many", "least"}
# These are shown only where the number is more than one.
SAFE = {
    "%(writer)s wrote this to people in %(coalition)s.": "a name",
    "All %(count)s questions on one page": "an area with one question has no such page",
    "Next: %(number)s people want to join": "one person is named",
    "Now: %(round)s, closed on %(day)s, %(people)s people.": "a release has at least k people",
    "Then: %(round)s, closed on %(day)s, %(people)s people.": "a release has at least k people",
    "%(who)s: %(round)s, %(since)s to %(day)s, %(people)s people.": "a release has at least k people",
    "This set is full: at most %(questions)s questions in %(areas)s focus areas.": "limits",
    "the lines for %(part)s and a coalition that is %(stage)s take %(total)s minutes, more than %(length)s; "
    "shorten some": "minutes of a meeting",
    "With %(num)s people, an assessment starts to mean something.": "a number of the content",
}


def test_a_number_beside_several_things_has_words_for_one_thing() -> None:
    with (TEXTS / "messages.pot").open("rb") as file:
        texts = [each.id for each in read_po(file) if isinstance(each.id, str)]
    assert set(texts) >= set(SAFE)
    found = [
        text
        for text in texts
        if text not in SAFE and {each[1] for each in COUNTED.finditer(text)} - NEVER_ONE
    ]
    assert found == []
