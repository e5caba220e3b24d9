"""Releases of before: a migration takes out what, with the columns, gives away what few people said."""

import importlib.util
import json
import random
from typing import Any

import pytest
from msgspec.structs import replace

from engage.assessment.results.rules import closing
from engage.assessment.results.rules.inference_check import Unrated, may_show_dont_know
from engage.assessment.results.rules.people import NOBODY
from engage.assessment.results.rules.releases import Release, Sets
from engage.assessment.rules import WayIn
from engage.config import ROOT
from tests.assessment.results import possible_answers
from tests.assessment.results.possible_answers import Round, every_round, faults_among, one_world
from tests.assessment.results.test_inference_check import SYSTEMS, a_round

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def migration(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, ROOT / "migrations" / "versions" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MIGRATION = migration("0050_dont_knows")
CLOSED_ANEW = Round.releases


def stored(round_: Round) -> list[dict[str, Any]]:
    """Returns the releases of a round as they were stored before, shown ones alone."""
    counted = possible_answers._responses
    return [
        {
            **each.to_json(),
            "people": closing.column_sizes(each, counted(round_.people[:size], round_.came[:size])),
        }
        for each, size in zip(CLOSED_ANEW(round_), round_.closings, strict=True)
        if each.respondents
    ]


@pytest.fixture
def of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closes rounds by the rule of before, and reads their releases as the migration leaves them."""

    def for_all(now: Unrated, k: int, old: Sets | None) -> bool:
        return may_show_dont_know(replace(now, cells=(), settled=NOBODY), k, old)

    def left(round_: Round) -> list[Release]:
        releases = json.loads(json.dumps(stored(round_)))
        MIGRATION.withhold(releases)
        return [Release.from_json(each).assuming(WayIn.ACCOUNT) for each in releases]

    monkeypatch.setattr(closing, "may_show_dont_know", for_all)
    monkeypatch.setattr(closing, "needs_its_dont_know", lambda _old: False)
    monkeypatch.setattr(Round, "releases", left)


@pytest.mark.usefixtures("of_before")
@pytest.mark.parametrize("sizes", SYSTEMS)
def test_what_the_migration_leaves_gives_no_answer_of_few_away(sizes: list[list[tuple[str, int]]]) -> None:
    assert faults_among(every_round(sizes, 3))[2] == []


@pytest.mark.usefixtures("of_before")
def test_what_the_migration_leaves_of_larger_rounds_can_be_exchanged() -> None:
    assert [round_ for seed in range(60) if one_world(round_ := a_round(random.Random(seed)))] == []


def test_the_migration_leaves_what_singles_no_one_out() -> None:
    for seed in range(200):
        releases = stored(a_round(random.Random(seed)))
        before = json.dumps(releases)
        MIGRATION.withhold(releases)
        if len(releases) < 2:  # of later ones less is known than at closing
            assert json.dumps(releases) == before
