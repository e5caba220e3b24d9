"""Repeating actions: the next one, once for each date, by the first to mark one done and by the daily work."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.operations.daily import tick
from engage.plan import action_history
from engage.plan.actions import service as actions_service
from engage.plan.actions.agreements import link_action
from engage.plan.models import Action, ActionAgreement, Plan
from engage.plan.plans import service as plans_service
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.models import Repeat
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from engage.plan.rules import ActionStatus, PlanStatus
from engage.plan.undo.service import trash
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
)
from tests.partners.agreements.rows import make_agreement

UNDER_WAY, STUCK, DONE = ActionStatus.UNDER_WAY, ActionStatus.STUCK, ActionStatus.DONE
DROPPED = ActionStatus.NO_LONGER_NEEDED
MONTHLY = Rule(RepeatUnit.MONTH_DAY, 1, 31)
WEEKLY = Rule(RepeatUnit.WEEK)
JAN, FEB, MAR, APR = date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)


@pytest.fixture(autouse=True)
def time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2027, 1, 20, 18, tzinfo=UTC), tick=False) as travel:
        yield travel


def at(time: time_machine.Traveller, day: date) -> None:
    """Moves the time to noon in Chicago."""
    time.move_to(datetime(day.year, day.month, day.day, 18, tzinfo=UTC))


@pytest.fixture
def maria(app: Flask) -> Membership:
    return make_membership(role=Role.COORDINATOR, name="Maria Santos")


def make_repeating(
    actor: Membership, plan: Plan, rule: Rule = MONTHLY, *, due_on: date = JAN, **more: Any
) -> Action:
    ends = {name: more.pop(name) for name in ("times", "until") if name in more}
    action = make_action(plan, due_on=due_on, **{"title": "Send the numbers", **more})
    repeats_service.begin(actor, action, Series(rule, due_on, **ends))
    db.session.commit()
    return action


def dates() -> list[date | None]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Action.due_on).order_by(Action.repeat_on, Action.number)))


def only_repeat() -> Repeat:
    db.session.expire_all()
    return db.session.scalars(sa.select(Repeat)).one()


def move(actor: Membership, action: Action, to: ActionStatus, reason: str = "") -> Action | None:
    made = actions_service.change(actor, action, action.version, to, reason)
    db.session.commit()
    return made


# -- the next one


def test_done_brings_the_next_and_the_31st_comes_back_after_february(
    maria: Membership, time: time_machine.Traveller
) -> None:
    plan, ann = make_plan(), make_membership(name="Ann Lee")
    goal = make_goal(plan)
    objective = make_objective(goal)
    grace = make_organization(name="Grace Church")
    first = make_repeating(
        maria,
        plan,
        goal_id=goal.id,
        objective_id=objective.id,
        owner_id=ann.id,
        organization_id=grace.id,
        start_on=date(2027, 1, 21),
        details="Ask the shelter",
        resources_had="A sheet",
        resources_needed="Time",
        barriers="Holidays",
        inform="The board",
    )
    actions_service.set_helpers(maria, first, {maria.id})
    agreement = make_agreement(maria, grace)
    link_action(maria, agreement, first.id)
    db.session.commit()

    second = move(maria, first, DONE)

    assert second is not None and second.number == first.number + 1
    same = (*repeats_service.CARRIED, "plan_id", "goal_id", "objective_id", "owner_id", "repeat_id")
    assert {name for name in same if getattr(first, name) != getattr(second, name)} == set()
    assert (second.start_on, second.due_on, second.repeat_on) == (date(2027, 2, 18), FEB, FEB)
    assert (second.status, second.reason, second.done_on) == (ActionStatus.NOT_STARTED, "", None)
    assert action_history.helpers_of(second) == [(maria.id, "Maria Santos")]
    ties = db.session.scalars(sa.select(ActionAgreement.action_id).order_by(ActionAgreement.id))
    assert list(ties) == [first.id, second.id]
    at(time, FEB)
    assert (third := move(maria, second, DONE)) is not None
    assert third.due_on == MAR
    assert dates() == [JAN, FEB, MAR]


def test_no_longer_needed_and_deleted_do_not_stop_it(maria: Membership) -> None:
    first = make_repeating(maria, make_plan())
    second = move(maria, first, DROPPED, "The shelter is closed")
    assert second is not None and second.reason == ""
    assert (third := trash.delete_action(maria, second)[1]) is not None
    db.session.commit()
    assert dates() == [JAN, MAR]
    assert third.title == "Send the numbers"


@pytest.mark.parametrize("to", [UNDER_WAY, STUCK])
def test_what_is_still_open_brings_nothing(maria: Membership, to: ActionStatus) -> None:
    first = make_repeating(maria, make_plan())
    assert move(maria, first, to, "A trainer") is None
    assert dates() == [JAN]


def test_done_undone_and_done_again_brings_one(maria: Membership) -> None:
    first = make_repeating(maria, make_plan())
    assert move(maria, first, DONE) is not None
    move(maria, first, UNDER_WAY, "It was not")
    assert move(maria, first, DONE) is None
    assert dates() == [JAN, FEB]


def test_what_was_deleted_is_not_made_again(maria: Membership, time: time_machine.Traveller) -> None:
    first = make_repeating(maria, make_plan(), times=2)
    second = move(maria, first, DONE)
    assert second is not None
    trash.delete_action(maria, second)
    db.session.commit()
    move(maria, first, UNDER_WAY, "It was not")
    move(maria, first, DONE)
    at(time, APR)
    tick.run()
    assert dates() == [JAN]


def test_moving_the_date_of_one_moves_no_other(maria: Membership) -> None:
    first = make_repeating(maria, make_plan(), Rule(RepeatUnit.MONTH_DAY, 1, 15), due_on=date(2027, 1, 15))
    actions_service.edit_action(maria, first, first.version, {"due_on": date(2027, 1, 29)})
    db.session.commit()
    assert (second := move(maria, first, DONE)) is not None
    assert second.due_on == date(2027, 2, 15)


def test_it_ends_after_so_many_times_or_with_a_day(maria: Membership) -> None:
    plan = make_plan()
    twice = make_repeating(maria, plan, times=2)
    until = make_repeating(maria, plan, until=date(2027, 2, 27))
    assert (second := move(maria, twice, DONE)) is not None
    assert move(maria, second, DONE) is None
    assert move(maria, until, DONE) is None
    assert dates() == [JAN, JAN, FEB]


def test_stopped_nothing_follows_and_what_is_there_stays(
    maria: Membership, time: time_machine.Traveller
) -> None:
    first = make_repeating(maria, make_plan())
    repeats_service.stop(maria, first, date(2027, 1, 20))
    db.session.commit()
    assert move(maria, first, DONE) is None
    at(time, APR)
    assert tick.run().repeats == 0
    assert dates() == [JAN]
    assert only_repeat().stopped_on == date(2027, 1, 20)
    noted = db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id)).all()
    assert [(each.old, each.new) for each in noted if each.field == "repeats"] == [
        (None, "2027-02-28"),
        ("2027-02-28", None),
    ]


def test_who_has_left_leads_and_helps_no_more(maria: Membership) -> None:
    ann, bo = make_membership(name="Ann Lee"), make_membership(name="Bo Chen")
    first = make_repeating(maria, make_plan(), owner_id=ann.id)
    actions_service.set_helpers(maria, first, {bo.id, maria.id})
    ann.left_on = bo.left_on = date(2027, 1, 10)
    db.session.commit()
    second = move(maria, first, DONE)
    assert second is not None and second.owner_id is None
    assert action_history.helpers_of(second) == [(maria.id, "Maria Santos")]
    assert repeats_service.lead_left(second)
    assert not repeats_service.lead_left(first)


def test_one_date_has_one_action_in_the_database(maria: Membership) -> None:
    plan = make_plan()
    first = make_repeating(maria, plan)
    with pytest.raises(IntegrityError):
        make_action(plan, repeat_id=first.repeat_id, repeat_on=JAN)
    db.session.rollback()


# -- the day's work


def test_the_days_work_makes_the_next_on_its_day_once(
    maria: Membership, time: time_machine.Traveller
) -> None:
    first = make_repeating(maria, make_plan())
    at(time, date(2027, 2, 27))
    assert tick.run().repeats == 0
    at(time, FEB)
    assert (tick.run().repeats, tick.run().repeats) == (1, 0)
    assert dates() == [JAN, FEB]
    # The first is done only now: its next is there.
    assert move(maria, first, DONE) is None
    at(time, MAR)
    assert tick.run().repeats == 1
    assert dates() == [JAN, FEB, MAR]
    made = db.session.scalars(sa.select(Action).where(Action.repeat_on == MAR)).one()
    assert made.created_by_id is None


def test_the_day_is_the_coalitions(maria: Membership, time: time_machine.Traveller) -> None:
    east = make_membership(coalition=make_coalition(time_zone="Pacific/Auckland"))
    make_repeating(maria, make_plan())
    make_repeating(east, make_plan(coalition=east.coalition))
    time.move_to(datetime(2027, 2, 27, 12, tzinfo=UTC))  # the 28th in Auckland alone
    assert tick.run().repeats == 1
    db.session.expire_all()
    made = db.session.scalars(sa.select(Action).where(Action.repeat_on == FEB)).one()
    assert made.coalition_id == east.coalition_id


def test_one_coalition_whose_work_fails_keeps_no_other_from_theirs(
    maria: Membership, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_membership(coalition=make_coalition())
    make_repeating(maria, make_plan())
    make_repeating(other, make_plan(coalition=other.coalition))
    real, fails = repeats_service.make_next, maria.coalition_id

    def make_next(actor: Any, before: Action, *given: Any) -> Action | None:
        if before.coalition_id == fails:
            raise ArithmeticError
        return real(actor, before, *given)

    monkeypatch.setattr(repeats_service, "make_next", make_next)
    at(time, FEB)
    with pytest.raises(ArithmeticError):
        tick.run()
    assert db.session.scalars(sa.select(Action.coalition_id).where(Action.repeat_on == FEB)).all() == [
        other.coalition_id
    ]
    monkeypatch.undo()
    assert tick.run().repeats == 1


def test_of_weeks_that_no_one_was_there_for_only_the_latest_is_made(
    maria: Membership, time: time_machine.Traveller
) -> None:
    make_repeating(maria, make_plan(), WEEKLY, due_on=date(2027, 1, 25))
    at(time, date(2027, 4, 1))
    assert (tick.run().repeats, tick.run().repeats) == (1, 0)
    assert dates() == [date(2027, 1, 25), date(2027, 3, 29)]


def test_what_no_one_works_on_stops_at_two_and_goes_on_once_one_is_done(
    maria: Membership, time: time_machine.Traveller
) -> None:
    first = make_repeating(maria, make_plan())
    for day in (FEB, MAR, APR, date(2027, 8, 31)):
        at(time, day)
        tick.run()
    assert dates() == [JAN, FEB]
    # The earliest is done: of the dates that passed only the latest comes.
    move(maria, first, DONE)
    assert tick.run().repeats == 1
    assert dates() == [JAN, FEB, date(2027, 8, 31)]
    # So it does when the latest is done.
    at(time, date(2028, 1, 10))
    latest = db.session.scalars(sa.select(Action).where(Action.due_on == date(2027, 8, 31))).one()
    assert move(maria, latest, DONE) is not None
    assert dates() == [JAN, FEB, date(2027, 8, 31), date(2027, 12, 31)]


def test_what_an_import_marked_done_goes_on_with_the_days_work(maria: Membership) -> None:
    make_repeating(maria, make_plan())
    db.session.execute(sa.update(Action).values(status=DONE, done_on=date(2027, 1, 20)))
    db.session.commit()
    assert (tick.run().repeats, tick.run().repeats) == (1, 0)
    assert dates() == [JAN, FEB]


def test_several_workers_and_people_at_once_make_one(
    app: Flask, maria: Membership, time: time_machine.Traveller
) -> None:
    """Ticks, and presses of Done that come while they run."""
    first = make_repeating(maria, make_plan())
    key, maria_id = first.id, maria.id
    at(time, FEB)
    db.session.commit()

    def work(n: int) -> None:
        with app.app_context():
            try:
                if n % 2:
                    tick.run()
                    return
                person, action = db.session.get_one(Membership, maria_id), db.session.get_one(Action, key)
                with suppress(StaleVersion):  # the second of two people is shown what the first one saved
                    actions_service.change(person, action, action.version, DONE)
                    db.session.commit()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert dates() == [JAN, FEB]


# -- plans


def test_in_a_closed_plan_nothing_follows(maria: Membership, time: time_machine.Traveller) -> None:
    plan = make_plan()
    first = make_repeating(maria, plan)
    plans_service.close(maria, plan)
    db.session.commit()
    at(time, APR)
    assert tick.run().repeats == 0
    with pytest.raises(WrongState):
        actions_service.change(maria, first, first.version, DONE)
    db.session.rollback()
    assert dates() == [JAN]


def test_carried_over_it_goes_on_in_the_other_plan(maria: Membership) -> None:
    plan, draft = make_plan(), make_plan(status=PlanStatus.DRAFT)
    first = make_repeating(maria, plan)
    plans_service.close(maria, plan, [first.number])
    db.session.commit()
    assert (second := move(maria, first, DONE)) is not None
    assert second.plan_id == draft.id


# -- for calendars


def test_dates_to_come_are_those_without_an_action(maria: Membership) -> None:
    plan, ann = make_plan(), make_membership(name="Ann Lee")
    first = make_repeating(maria, plan, owner_id=ann.id)
    calls = {"owner_id": maria.id, "times": 2, "title": "Call the shelter"}
    make_repeating(maria, plan, WEEKLY, due_on=date(2027, 2, 1), **calls)
    stopped = make_repeating(maria, plan, title="Stopped", owner_id=maria.id)
    repeats_service.stop(maria, stopped, date(2027, 1, 20))
    db.session.commit()
    found = repeats_service.to_come(MAR, Action.owner_id.in_([maria.id, ann.id]))
    assert [(each.title, each.on) for each in found] == [
        ("Call the shelter", date(2027, 2, 8)),
        ("Send the numbers", FEB),
        ("Send the numbers", MAR),
    ]
    move(maria, first, DONE)
    assert [each.on for each in repeats_service.to_come(MAR, Action.owner_id == ann.id)] == [MAR]
