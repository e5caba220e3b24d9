"""Tests that no page, file or picture says more than the releases do, whatever people answer, close and reopen.

Two worlds are built in which the same people take part and other things are said, so that the releases come
out alike. A reader of every page, file and picture must not be able to tell these worlds apart: then what is
shown is a function of the releases alone, and `test_release_properties.py` proves that those single out no
one, by themselves or by difference.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engage.assessment.models import Round
from engage.assessment.questions import QuestionArea, QuestionSet, frozen
from engage.assessment.results.rules import closing
from engage.assessment.results.rules.releases import Release
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import Answer, AnswerKind, WayIn
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from engage.strengths import service as strengths
from tests import databases
from tests.assessment.reading import addresses, differences, reading, worth_reading
from tests.assessment.results.test_release_properties import singled_out
from tests.client import EngageClient
from tests.factories import make_membership, make_response, make_round, make_user, signed_in_client
from tests.files import told_to_the_typesetter
from tests.html import Page

# Together, because which pages are worth reading is found once.
pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

K = 3
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
LATER = date(2026, 12, 20)
# Far from what a sequence of the database gives, and the same in every world.
FIRST_ID = 900_001
WHOLE = frozen(content(), "en")
AREAS = tuple(
    QuestionArea(area.key, area.name, area.short, area.asks, area.questions[:2]) for area in WHOLE.areas[:2]
)
QUESTIONS = QuestionSet(WHOLE.language, WHOLE.scale, AREAS)
KEYS = [question.key for area in AREAS for question in area.questions]
SECTORS = ["health", "schools", "justice", "other"]
GROUPS = [group.key for group in content().sector_groups]
NAMES = {group.key: group.name for group in content().sector_groups}

SAID = st.one_of(st.integers(0, 4), st.integers(0, 4), st.sampled_from(["dont_know", "does_not_apply"]))


@dataclass
class Person:
    """A person who answers before the first closing (part 0) or after it (part 1)."""

    sector: str
    part: int
    said: dict[str, Any]
    notes: dict[str, str] = field(default_factory=dict)
    way: WayIn = WayIn.ACCOUNT

    @property
    def for_rules(self) -> closing.ClosedResponse:
        answers = {
            key: Answer.rated(code) if isinstance(code, int) else Answer(AnswerKind(code))
            for key, code in self.said.items()
        }
        group = content().sector(self.sector).group
        return closing.ClosedResponse(self.sector, group, answers, way=self.way)


@st.composite
def crowds(draw: st.DrawFn) -> list[Person]:
    """Draws two parts with sizes around k, where hidden and shown lie close together."""
    people = []
    for part, most in ((0, 8), (1, 5)):
        for number in range(draw(st.integers(1, most))):
            said = draw(st.dictionaries(st.sampled_from(KEYS), SAID, min_size=1))
            noted = draw(st.sets(st.sampled_from(sorted(said)), max_size=2))
            notes = {key: f"note {part} {number} {key}" for key in sorted(noted)}
            people.append(Person(draw(st.sampled_from(SECTORS)), part, said, notes))
    return people


def chain(people: list[Person], closings: int) -> list[tuple[Release, dict[str, list[str]]]]:
    """Returns the releases of so many closings and the notes that coordinators may read after each, by the rules."""
    found: list[tuple[Release, dict[str, list[str]]]] = []
    previous: Release | None = None
    shown: dict[str, list[str]] = {key: [] for key in KEYS}
    for number in range(closings):
        counted = [person for person in people if person.part <= number]
        result = closing.release(
            QUESTIONS.for_rules, [each.for_rules for each in counted], GROUPS, K, previous
        )
        if result.respondents and (previous is None or result.respondents > previous.respondents):
            for key in KEYS:
                written = [person.notes[key] for person in counted if key in person.notes]
                if len(written) - len(shown[key]) >= K:
                    shown[key] = sorted(written)
        found.append((result, deepcopy(shown)))
        previous = result
    return found


def changed(draw: Callable[[Any], Any], people: list[Person], closings: int) -> list[Person]:
    """Draws other answers of the same people to the same statements that leave these closings' releases alike."""
    wanted = chain(people, closings)
    kept = deepcopy(people)
    for number in range(10):
        tried = deepcopy(kept)
        one, two = draw(st.sampled_from(tried)), draw(st.sampled_from(tried))
        key = draw(st.sampled_from(sorted(one.said)))
        match draw(st.sampled_from(["level", "kind", "swap", "note"])):
            case "level" if isinstance(one.said[key], int):
                one.said[key] = draw(st.integers(0, 4))
            case "kind" if not isinstance(one.said[key], int):
                one.said[key] = draw(st.sampled_from(["dont_know", "does_not_apply"]))
            case "swap" if key in two.said:
                one.said[key], two.said[key] = two.said[key], one.said[key]
            case "note" if key in one.notes:
                one.notes[key] = f"other words {number}"
        if chain(tried, closings) == wanted:
            kept = tried
    return kept


def _person(number: int, name: str, **overrides: Any) -> Membership:
    """Makes someone with the same ids and address in every world."""
    user = make_user(id=FIRST_ID + number, name=name, email=f"{name.replace(' ', '.').lower()}@example.org")
    return make_membership(id=FIRST_ID + number, name=name, user=user, **overrides)


def build(app: Flask, people: list[Person], stage: int) -> tuple[Round, dict[Role, EngageClient]]:
    """Builds a world of its own: 0 open, 1 closed, 2 reopened and answered, 3 closed again. No reader has answered."""
    db.session.rollback()
    databases.clear()
    readers = {role: _person(number, f"Reader {role}", role=role) for number, role in enumerate(Role)}
    boss = readers[Role.COORDINATOR]
    round_ = make_round(id=FIRST_ID, questions=QUESTIONS.to_json(), k=K, opened_by_id=boss.id)
    for number, person in enumerate(people):
        if person.part == 1 and stage < 2:
            continue
        if person.part == 1 and round_.closed_at is None:
            _close(boss, round_)
            rounds_service.reopen_round(boss, round_, "Was someone late", LATER)
            db.session.commit()
        member = _person(100 + number, f"Person {number}")
        said = {key: (code, person.notes.get(key, "")) for key, code in person.said.items()}
        make_response(round_, member, said, sector=person.sector)
    if stage in {1, 3}:
        _close(boss, round_)
    return round_, {role: signed_in_client(app, reader) for role, reader in readers.items()}


def _close(boss: Membership, round_: Round) -> None:
    rounds_service.close_round(boss, round_)
    if round_.version == 2:
        # Something that hangs on a statement, so that the pages of needs tell of it too.
        strengths.create_need(boss, title="A need", round_=round_, indicator=KEYS[0])
    db.session.commit()


# Found once: which pages rest on answers depends on the code, and not on the answers.
_worth: dict[tuple[Role, bool], list[str]] = {}


def pages_of(app: Flask, role: Role, stage: int) -> list[str]:
    """Returns what is worth reading in an open round, or in a closed one."""
    is_open = stage in {0, 2}
    if (role, is_open) not in _worth:
        everything = {key: number % 5 for number, key in enumerate(KEYS)}
        people = [
            Person(SECTORS[number % 2], number // 6, dict(everything), {KEYS[0]: f"note {number}"})
            for number in range(12)
        ]
        round_, clients = build(app, people, 2 if is_open else 3)
        paths = addresses(app, round_.id, [*KEYS, *(area.key for area in AREAS)])
        _worth[role, is_open] = worth_reading(clients[role], paths)
    return _worth[role, is_open]


@pytest.fixture(autouse=True)
def _one_moment(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    told_to_the_typesetter(monkeypatch)
    with time_machine.travel(NOW, tick=False):
        yield


attack = settings(
    max_examples=12,
    deadline=None,
    database=None,
    # A failing pair of worlds is small enough to be read; making it smaller would take minutes.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_the_pages_that_are_read_are_those_that_hold_results(app: Flask) -> None:
    """A check of the checker: it finds what there is, by address and by link."""
    here = f"/c/riverbend/assessment/rounds/{FIRST_ID}/"
    shown = pages_of(app, Role.COORDINATOR, 3)
    for path in ("/c/riverbend/", f"{here}results/", f"{here}results.csv", f"{here}releases/1"):
        assert path in shown
    assert f"{here}results/{AREAS[0].key}" in shown
    assert "/c/riverbend/strengths/needs/" in shown
    assert f"{here}results/{AREAS[0].key}" not in pages_of(app, Role.VIEWER, 3)
    assert f"{here}respondents/" in pages_of(app, Role.COORDINATOR, 2)


def test_a_page_that_said_too_much_would_be_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of the checker: a note that one person alone wrote, shown by mistake."""
    everything = dict.fromkeys(KEYS, 2)
    people = [Person("health", 0, dict(everything)) for _number in range(4)]
    other = deepcopy(people)
    people[0].notes[KEYS[0]], other[0].notes[KEYS[0]] = "one text", "another text"
    paths = pages_of(app, Role.COORDINATOR, 1)

    def told_apart() -> list[str]:
        read = []
        for world in (people, other):
            _round, clients = build(app, world, 1)
            read.append(reading(clients[Role.COORDINATOR], paths))
        return differences(*read)

    assert chain(people, 1) == chain(other, 1)
    assert told_apart() == []
    monkeypatch.setattr(closing, "notes_to_show", lambda _writers, _k, **_more: frozenset(WayIn))
    assert any("one text" in line for line in told_apart())


@attack
@given(people=crowds(), stage=st.integers(0, 3), role=st.sampled_from(Role), data=st.data())
def test_no_one_can_tell_two_worlds_apart_whose_releases_are_alike(
    app: Flask, people: list[Person], stage: int, role: Role, data: st.DataObject
) -> None:
    # While a round is open, what came since the last closing may be anything at all.
    other = changed(data.draw, people, closings=(stage + 1) // 2)
    read, paths = [], pages_of(app, role, stage)
    for world in (people, other):
        _round, clients = build(app, world, stage)
        read.append(reading(clients[role], paths))
    assert differences(*read) == []


@attack
@given(people=crowds(), role=st.sampled_from([Role.MEMBER, Role.COORDINATOR]))
def test_shown_numbers_single_no_one_out_over_closings(app: Flask, people: list[Person], role: Role) -> None:
    """Read off the pages of an area: the people behind each number, taken from one another."""
    known: dict[str, list[frozenset[int]]] = {key: [] for key in KEYS}
    for stage in (1, 3):
        round_, clients = build(app, people, stage)
        for area in AREAS:
            path = f"/c/riverbend/assessment/rounds/{round_.id}/results/{area.key}"
            if clients[role].get(path).status_code == 200:
                read_off(clients[role].page(path), area, people, known)
    for sets in known.values():
        assert [one for one in sets if 0 < len(one) < K] == []
        if sets:
            assert singled_out(sets, K) == []


def read_off(
    page: Page, area: QuestionArea, people: list[Person], known: dict[str, list[frozenset[int]]]
) -> None:
    heads = [head.split(" (")[0] for head in page.texts("#assessment-groups thead th")][1:]
    titles = {question.title: question.key for question in area.questions}
    for question in area.questions:
        counts = [int(count) for count in page.texts(f"#{question.key} .spread-count")]
        if sum(counts[:5]):  # none and too few look alike, and say nothing
            known[question.key].append(_raters(people, question.key, sum(counts[:5])))
    for row in page.all("#assessment-groups tbody tr"):
        key = titles[" ".join(row.css_first("th").text().split())]
        numbers = [
            int(few.text().split()[0]) if (few := cell.css_first(".heat-few")) else None
            for cell in row.css("td")
        ]
        alone: frozenset[int] = frozenset()
        everybody = frozenset(_raters(people, key, numbers[0] or 0))
        for head, number in zip(heads, numbers, strict=True):
            group = next((key for key, name in NAMES.items() if name == head), None)
            if number and group:
                known[key].append(_raters(people, key, number, group))
                alone |= known[key][-1]
            elif number and head == "Others":
                known[key].append(everybody - alone)


def _raters(people: list[Person], key: str, number: int, group: str | None = None) -> frozenset[int]:
    """Returns who stands behind a number of so many ratings: all of them before the first closing, or all."""
    for parts in ({0}, {0, 1}):
        found = frozenset(
            at
            for at, person in enumerate(people)
            if person.part in parts
            and isinstance(person.said.get(key), int)
            and group in {None, content().sector(person.sector).group}
        )
        if len(found) == number:
            return found
    raise AssertionError(f"{number} ratings of {key} in {group or 'all'} are of nobody")
