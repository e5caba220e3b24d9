"""Agreed values: set, changed, withdrawn, and what they change in what a round shows."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engage.assessment.agreed_values import service as agreed_values_service
from engage.assessment.models import AgreedValue, Round
from engage.assessment.results.queries.agreed import agreed_of
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.queries.released import latest_results, latest_shown
from engage.assessment.results.rules.releases import Release
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from tests.client import EngageClient
from tests.factories import make_agreed, make_closed_round, make_coalition, make_membership, make_round

KEYS = [each.key for each in content().indicators]
KEY = KEYS[0]
TODAY = date(2026, 11, 25)


@pytest.fixture
def maria(client: EngageClient) -> Membership:
    return make_membership(role=Role.COORDINATOR, name="Maria Santos")


def closed(rating: int | str = 1, **overrides: Any) -> Round:
    return make_closed_round([("health", dict.fromkeys(KEYS, rating))] * 3, **overrides)


def shown(round_: Round) -> Release:
    results = Results.newest(round_, content())
    assert results is not None
    return results.release


def agree(person: Membership, round_: Round, version: int = 0, value: float = 2.5, reason: str = "") -> None:
    agreed_values_service.agree(
        person, round_, KEY, version, value=value, reason=reason or "One program began.", agreed_on=TODAY
    )
    db.session.commit()


def test_an_agreed_value_replaces_the_median_of_all_in_every_reader(maria: Membership) -> None:
    round_ = closed()
    agree(maria, round_)
    latest_release = latest_shown(maria)
    assert latest_release is not None
    for release in (shown(round_), latest_release[1]):
        row = next(row for row in release.indicators if row.key == KEY)
        assert (row.value, row.agreed, row.all and row.all.value) == (2.5, 2.5, 1.0)
    agreed = agreed_of(round_)[KEY]
    assert (agreed.value, agreed.reason, agreed.agreed_on, agreed.set_by) == (
        2.5,
        "One program began.",
        TODAY,
        "Maria Santos",
    )
    # All were equally low and this one came first; now it is the last gap, and its area the strongest.
    latest = latest_results(maria, gaps=len(KEYS))
    assert latest is not None
    assert [gap.key for gap in latest.gaps] == [*KEYS[1:], KEY]
    assert latest.gaps[-1].value == 2.5
    assert latest.strongest == content().areas[0].name != latest.weakest


def test_a_value_can_be_agreed_where_no_one_knew(maria: Membership) -> None:
    round_ = closed("dont_know")
    agree(maria, round_, value=0.5)
    release = shown(round_)
    row = next(row for row in release.indicators if row.key == KEY)
    assert (row.value, row.all) == (0.5, None)


def test_an_agreed_value_is_changed_and_taken_back_with_its_reason_gone(maria: Membership) -> None:
    round_ = closed()
    agree(maria, round_)
    agree(maria, round_, 1, value=3.0, reason="Two programs.")
    assert agreed_of(round_)[KEY].reason == "Two programs."
    agreed_values_service.take_back(maria, round_, KEY, 2)
    db.session.commit()
    assert agreed_of(round_) == {}
    row = db.session.scalars(sa.select(AgreedValue)).one()
    assert (row.value, row.reason, row.agreed_on, row.version) == (None, "", None, 3)
    changes = db.session.execute(
        sa.select(HistoryEntry.old, HistoryEntry.new)
        .where(HistoryEntry.thing == "assessment_agreed_value")
        .order_by(HistoryEntry.id)
    )
    assert [tuple(change) for change in changes] == [(None, "2.5"), ("2.5", "3.0"), ("3.0", None)]


@pytest.mark.parametrize("version", [0, 1, 3])
def test_the_second_of_two_coordinators_changes_nothing(maria: Membership, version: int) -> None:
    round_ = closed()
    agree(maria, round_)
    agree(maria, round_, 1)
    with pytest.raises(StaleVersion):
        agreed_values_service.agree(maria, round_, KEY, version, value=0, reason="Mine.", agreed_on=TODAY)
    with pytest.raises(StaleVersion):
        agreed_values_service.take_back(maria, round_, KEY, version)
    db.session.rollback()
    assert agreed_of(round_)[KEY].value == 2.5


def test_a_form_from_before_it_was_taken_back_is_stale_too(maria: Membership) -> None:
    round_ = closed()
    agree(maria, round_)
    agreed_values_service.take_back(maria, round_, KEY, 1)
    db.session.commit()
    for version in (0, 1):
        with pytest.raises(StaleVersion):
            agreed_values_service.agree(maria, round_, KEY, version, value=0, reason="Mine.", agreed_on=TODAY)
    agree(maria, round_, 2)
    assert agreed_of(round_)[KEY].value == 2.5


def test_nothing_is_agreed_while_a_round_takes_answers(maria: Membership) -> None:
    with pytest.raises(WrongState):
        agree(maria, make_round())


def test_another_rounds_agreed_values_change_nothing_here(maria: Membership) -> None:
    ours, earlier = closed(), closed(title="Earlier")
    theirs = closed(coalition=make_coalition())
    make_agreed(earlier, KEY, 4)
    make_agreed(theirs, KEY, 4)
    assert agreed_of(ours) == {}
    release = shown(ours)
    assert {row.value for row in release.indicators} == {1.0}


@pytest.mark.parametrize(
    "broken",
    [{"value": 2.2}, {"value": 5}, {"reason": ""}, {"value": None}, {"agreed_on": None}],
)
def test_the_database_refuses_half_an_agreed_value(maria: Membership, broken: dict[str, Any]) -> None:
    round_ = closed()
    with pytest.raises(sa.exc.IntegrityError):
        make_agreed(round_, KEY, **{"value": 2.5, **broken})
    db.session.rollback()
