"""The promise to the people whose answers were brought in from a file: there are two worlds for each of them, too.

They count as answers of the open link. Whoever has the file knows them, as readers know what they made up; all
others do not, also not from two releases of the same survey.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.assessment.results.rules.releases import OTHERS
from engage.assessment.rules import WayIn
from tests.assessment.results.possible_answers import (
    ANSWERS,
    Cell,
    Person,
    Question,
    Round,
    every_round,
    faults_among,
    one_world,
)
from tests.assessment.results.test_inference_check import a_round


@st.composite
def rounds_with_a_file(draw: st.DrawFn) -> Round:
    """Draws a round of people with accounts, into which a file was brought before one of its closings."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    people = a_round(rng)
    at, rows = rng.choice((0, *people.closings)), rng.randint(1, 30)
    from_file = tuple((rng.choice(("a", "b", None)), rng.choice("r?n-04")) for _row in range(rows))
    ways = [WayIn.ACCOUNT] * len(people.people)
    return Round(
        (*people.people[:at], *from_file, *people.people[at:]),
        (
            *tuple(size + rows if size > at or at == 0 else size for size in people.closings[:-1]),
            people.closings[-1] + rows,
        ),
        people.k,
        (*ways[:at], *[WayIn.LINK] * rows, *ways[at:]),
    )


@settings(max_examples=60, database=None)
@given(rounds_with_a_file())
def test_whoever_has_the_file_learns_nothing_of_the_others(round_: Round) -> None:
    assert one_world(round_, ANSWERS) is None


@dataclass(frozen=True)
class FromAFile(Round):
    """A round of a file alone, brought in once or again with more rows. Readers do not have the file."""

    @property
    def read(self) -> frozenset[int]:
        return frozenset()


def by_release(round_: Round) -> dict[Cell, list[int]]:
    """Returns the people by the release that first counts them; a file's round has no columns."""
    found: dict[Cell, list[int]] = {}
    counted = 0
    for number, released in enumerate(round_.releases()):
        if released.people.number > counted:
            found[number, OTHERS] = list(range(counted, released.people.number))
            counted = released.people.number
    return found


def unsure_and_open(people: Sequence[Person]) -> tuple[int, int]:
    said = [each for _group, each in people]
    return said.count("?"), sum(said.count(each) for each in "n-")


def surveys(*sizes: int) -> Iterator[Round]:
    for round_ in every_round([[(None, size)] for size in sizes], 3):
        yield FromAFile(round_.people, round_.closings, 3, (WayIn.LINK,) * len(round_.people))


@pytest.mark.parametrize("sizes", [(9,), (10,), (14,), (23,), (10, 1), (10, 9), (9, 2), (10, 10), (4, 8)])
def test_no_answer_of_few_follows_from_a_survey_however_often_it_is_brought_in(
    sizes: tuple[int, ...],
) -> None:
    _count, _told, faults = faults_among(surveys(*sizes), Question(by_release, unsure_and_open))
    assert faults == []


@pytest.mark.parametrize(
    ("sizes", "shown"), [((9,), [0]), ((10,), [10]), ((10, 9), [10, 10]), ((10, 10), [10, 20])]
)
def test_a_survey_shows_something_from_ten_on(sizes: tuple[int, ...], shown: list[int]) -> None:
    """A check of the test above, which would pass if nothing were shown."""
    first = next(surveys(*sizes))
    assert [each.respondents for each in first.releases()] == shown
