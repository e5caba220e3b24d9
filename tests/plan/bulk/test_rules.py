"""Tests what one change of several actions does to each."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from engage.plan.bulk.rules import BulkChange, Effects, effect
from engage.plan.rules import ActionStatus, Reason

TODAY = date(2026, 11, 25)
S = ActionStatus


def action(**overrides: Any) -> SimpleNamespace:
    values = {
        "status": S.NOT_STARTED,
        "reason": "",
        "done_on": None,
        "owner_id": 3,
        "start_on": None,
        "due_on": None,
        "goal_id": 7,
        "objective_id": 70,
    }
    return SimpleNamespace(**{**values, **overrides})


def changes(row: SimpleNamespace, reason: str = "", **values: Any) -> dict[str, Any]:
    return dict(effect(row, BulkChange(values, reason), TODAY).changes)


def test_what_is_not_named_stays() -> None:
    assert changes(action()) == {}


def test_only_what_differs_changes() -> None:
    assert changes(action(), owner_id=3, due_on=date(2026, 12, 1)) == {"due_on": date(2026, 12, 1)}


def test_done_gets_its_day_and_loses_it_again() -> None:
    assert changes(action(), status=S.DONE) == {"status": S.DONE, "done_on": TODAY}
    done = action(status=S.DONE, done_on=date(2026, 1, 1))
    assert changes(done, "It broke again", status=S.UNDER_WAY) == {
        "status": S.UNDER_WAY,
        "reason": "It broke again",
        "done_on": None,
    }


def test_what_is_done_already_keeps_its_day_and_what_is_stuck_already_keeps_its_words() -> None:
    assert changes(action(status=S.DONE, done_on=date(2026, 1, 1)), status=S.DONE) == {}
    assert changes(action(status=S.STUCK, reason="A van"), "Money", status=S.STUCK) == {}


def test_leaving_stuck_takes_the_old_words_off() -> None:
    stuck = action(status=S.STUCK, reason="A van")
    assert changes(stuck, status=S.UNDER_WAY) == {"status": S.UNDER_WAY, "reason": ""}


@pytest.mark.parametrize(
    ("from_", "to", "asked"),
    [
        (S.UNDER_WAY, S.STUCK, Reason.HELP),
        (S.UNDER_WAY, S.NO_LONGER_NEEDED, Reason.WHY_DROPPED),
        (S.DONE, S.UNDER_WAY, Reason.WHY_REOPENED),
        (S.NOT_STARTED, S.UNDER_WAY, None),
        (S.STUCK, S.STUCK, None),
    ],
)
def test_a_move_asks_what_a_single_one_asks(from_: S, to: S, asked: Reason | None) -> None:
    assert effect(action(status=from_), BulkChange({"status": to}), TODAY).asks is asked
    assert effect(action(status=from_), BulkChange({"status": to}, "Said"), TODAY).asks is None
    assert effect(action(status=from_), BulkChange({"status": to}, "  "), TODAY).asks is asked


def test_a_date_before_the_start_is_in_the_way_and_the_start_itself_is_not() -> None:
    row = action(start_on=date(2026, 12, 2))
    assert effect(row, BulkChange({"due_on": date(2026, 12, 1)}), TODAY).is_before_start
    assert not effect(row, BulkChange({"due_on": date(2026, 12, 2)}), TODAY).is_before_start
    assert not effect(row, BulkChange({"due_on": None}), TODAY).is_before_start
    assert not effect(row, BulkChange({"owner_id": 4}), TODAY).is_before_start


def test_another_goal_takes_the_objective_off_and_the_same_goal_does_not() -> None:
    moved = effect(action(), BulkChange({"goal_id": 8}), TODAY)
    assert dict(moved.changes) == {"goal_id": 8, "objective_id": None}
    assert moved.objective_goes
    assert changes(action(), goal_id=7) == {}
    assert not effect(action(objective_id=None), BulkChange({"goal_id": 8}), TODAY).objective_goes


def test_effects_part_what_changes_from_what_is_so_already() -> None:
    found = Effects.of([action(owner_id=4), action()], BulkChange({"owner_id": 4}), TODAY)
    assert [each.action.owner_id for each in found.changing] == [3]
    assert [each.action.owner_id for each in found.staying] == [4]
