"""Tests that two rounds that were open at the same time say no more together than their releases do.

One is for members; the other one, for anyone, is answered by slip and on paper. Some people answer both, and say the
same in both. They close in either order, or only one of them does. Two worlds are built in which other things are
said and each round's releases come out alike: no page or file may tell them apart. Because no one knows who
answered the round for anyone, each world of one round goes with each world of the other, so what the releases hide
one by one stays hidden beside one another.
"""

from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from engage.assessment.models import Round
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import Asked, WayIn
from engage.coalitions.rules import Role
from engage.extensions import db
from tests import databases
from tests.assessment.reading import addresses, differences, reading, worth_reading
from tests.assessment.results import test_reading
from tests.assessment.results.test_reading import (
    AREAS,
    FIRST_ID,
    KEYS,
    QUESTIONS,
    SAID,
    SECTORS,
    K,
    Person,
    attack,
    changed,
)
from tests.client import EngageClient
from tests.factories import make_response, make_round, signed_in_client

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

_one_moment = test_reading._one_moment

# Which rounds close, in which order: "m" is the round for members, "a" the one for anyone.
ENDS = ("", "m", "a", "ma", "am")


@st.composite
def two_crowds(draw: st.DrawFn) -> tuple[list[Person], list[Person]]:
    """Draws members and others; some of the members also answer the round for anyone, and say the same."""
    drawn = [
        [
            Person(
                draw(st.sampled_from(SECTORS)),
                0,
                draw(st.dictionaries(st.sampled_from(KEYS), SAID, min_size=1)),
                way=way,
            )
            for _number in range(draw(st.integers(1, most)))
        ]
        for way, most in ((WayIn.ACCOUNT, 8), (WayIn.PAPER, 7))
    ]
    members, others = drawn
    both = [Person(each.sector, 0, dict(each.said), way=WayIn.PAPER) for each in members]
    return members, others + both[: draw(st.integers(0, len(both)))]


def build(
    app: Flask, crowds: tuple[list[Person], list[Person]], ends: str
) -> tuple[list[Round], dict[Role, EngageClient]]:
    db.session.rollback()
    databases.clear()
    readers = {
        role: test_reading._person(number, f"Reader {role}", role=role) for number, role in enumerate(Role)
    }
    boss = readers[Role.COORDINATOR]
    rounds = [
        make_round(id=FIRST_ID + at, title=f"Round {at}", asked=asked, questions=QUESTIONS.to_json(), k=K)
        for at, asked in enumerate((Asked.EVERYONE, Asked.ANYONE))
    ]
    for at, people in enumerate(crowds):
        for number, person in enumerate(people):
            writer = test_reading._person(100 * (at + 1) + number, f"Person {at} {number}")
            mine: dict[str, Any] = {} if at == 0 else {"respondent_id": None, "started_at": None}
            make_response(rounds[at], writer, person.said, sector=person.sector, **mine)
    for end in ends:
        rounds_service.close_round(boss, rounds["ma".index(end)])
        db.session.commit()
    return rounds, {role: signed_in_client(app, reader) for role, reader in readers.items()}


_worth: dict[tuple[Role, str], list[str]] = {}


def pages_of(app: Flask, role: Role, ends: str) -> list[str]:
    if (role, ends) not in _worth:
        everything = {key: number % 5 for number, key in enumerate(KEYS)}
        crowds = [
            [Person(SECTORS[number % 2], 0, dict(everything), way=way) for number in range(12)]
            for way in (WayIn.ACCOUNT, WayIn.PAPER)
        ]
        rounds, clients = build(app, (crowds[0], crowds[1]), ends)
        keys = [*KEYS, *(area.key for area in AREAS)]
        paths = [path for each in rounds for path in addresses(app, each.id, keys)]
        _worth[role, ends] = worth_reading(clients[role], paths)
    return _worth[role, ends]


def test_both_rounds_and_their_comparison_are_read(app: Flask) -> None:
    """A check of the checker."""
    shown = pages_of(app, Role.MEMBER, "am")
    here = "/c/riverbend/assessment/"
    for at in (0, 1):
        assert f"{here}rounds/{FIRST_ID + at}/results/" in shown
    assert f"{here}compare" in shown


@attack
@given(crowds=two_crowds(), ends=st.sampled_from(ENDS), role=st.sampled_from(Role), data=st.data())
def test_no_one_can_tell_two_worlds_of_two_rounds_apart_whose_releases_are_alike(
    app: Flask,
    crowds: tuple[list[Person], list[Person]],
    ends: str,
    role: Role,
    data: st.DataObject,
) -> None:
    other = [
        changed(data.draw, deepcopy(people), closings=int(end in ends))
        for end, people in zip("ma", crowds, strict=True)
    ]
    read, paths = [], pages_of(app, role, ends)
    for world in (crowds, (other[0], other[1])):
        _rounds, clients = build(app, world, ends)
        read.append(reading(clients[role], paths))
    assert differences(*read) == []
