"""Measures of objectives and their readings, over HTTP."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.models import Measure, Reading
from engage.plan.measures.rules import Direction, MeasureKind, NumberKind
from engage.plan.models import Objective, Plan
from engage.plan.rules import PlanStatus
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_plan,
    make_reading,
    make_round,
)
from tests.html import Page

PLAN = "/c/riverbend/plan/"
NEW: dict[str, str] = {
    "title": "Trained host families",
    "unit": "families",
    "kind": "how_much",
    "number_kind": "count",
    "direction": "up",
    "baseline_value": "0",
    "baseline_on": "2026-01-05",
    "target_value": "6",
    "target_on": "2027-01-05",
}


@pytest.fixture
def objective(app: Any) -> Objective:
    return make_objective(make_goal(make_plan()), title="Places for young people")


def page_of(client: EngageClient, objective: Objective) -> Page:
    return client.page(f"{PLAN}objectives/{objective.id}")


def add(client: EngageClient, objective: Objective, **fields: str) -> Page:
    return client.send(f"{PLAN}objectives/{objective.id}/measures/new", **{**NEW, **fields})


def read(client: EngageClient, measure: Measure, value: str, day: str, **fields: str) -> Page:
    return client.send(f"{PLAN}measures/{measure.id}/readings/new", value=value, taken_on=day, **fields)


def the_measure() -> Measure:
    db.session.expire_all()
    return db.session.scalars(sa.select(Measure)).one()


def the_reading() -> Reading:
    db.session.expire_all()
    return db.session.scalars(sa.select(Reading)).one()


def the_plan() -> Plan:
    return db.session.scalars(sa.select(Plan)).one()


def history_of(field: str) -> list[tuple[str | None, str | None]]:
    rows = sa.select(HistoryEntry.old, HistoryEntry.new).where(HistoryEntry.field == field)
    return [tuple(row) for row in db.session.execute(rows.order_by(HistoryEntry.id))]


# -- measures


def test_a_coordinator_adds_a_measure_and_its_page_says_it(
    coordinator: EngageClient, objective: Objective
) -> None:
    assert page_of(coordinator, objective).has("No measures yet")
    form = coordinator.page(f"{PLAN}objectives/{objective.id}/measures/new")
    assert form.text("h1") == "Add a measure"

    page = add(coordinator, objective)

    measure = the_measure()
    assert page.location == f"{PLAN}objectives/{objective.id}#plan-measure-{measure.id}"
    assert (measure.kind, measure.number_kind, measure.direction) == (
        MeasureKind.HOW_MUCH,
        NumberKind.COUNT,
        Direction.UP,
    )
    shown = page_of(coordinator, objective)
    assert shown.text(f"#plan-measure-{measure.id}-title") == "Trained host families"
    assert shown.text(".measure-now") == "no reading yet; it starts at 0 of 6 families"
    assert shown.texts(".measure dd") == ["How much", "0 families, Jan 5", "6 families by Jan 5, 2027"]


def test_the_objectives_own_date_is_offered_as_the_targets(coordinator: EngageClient) -> None:
    objective = make_objective(make_goal(make_plan()), due_on=date(2027, 3, 1))
    form = coordinator.page(f"{PLAN}objectives/{objective.id}/measures/new")
    assert form.value("target_on") == "2027-03-01"
    # Left as it was, without a target, it asks for none.
    assert add(coordinator, objective, target_value="", target_on="2027-03-01").status == 303
    assert the_measure().target_on is None


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"title": ""}, "Say what is measured."),
        ({"baseline_value": "many"}, "Enter a number, such as 12 or 12.5."),
        ({"baseline_value": "-1"}, "This cannot be below zero."),
        ({"target_value": "1.5"}, "Enter a whole number."),
        ({"number_kind": "percent", "target_value": "120"}, "A percentage cannot be more than 100."),
        ({"target_value": "0.125"}, "Use at most two decimals."),
        ({"target_value": "9" * 12}, "That number is too large."),
        ({"baseline_on": ""}, "Enter the date of the starting value."),
        ({"baseline_value": ""}, "Enter the starting value for that date, or remove the date."),
        ({"target_value": ""}, "Enter the target for that date, or remove the date."),
        ({"target_on": "2026-01-05"}, "This is not after the starting date. Choose a later day."),
        ({"number_kind": "heaps"}, "Not a valid choice."),
        ({"unit": "x" * 41}, "This is too long: at most 40 characters. Nothing was cut; shorten it."),
    ],
)
def test_a_refused_measure_says_why_and_keeps_what_was_typed(
    coordinator: EngageClient, objective: Objective, field: dict[str, str], message: str
) -> None:
    page = add(coordinator, objective, **field)
    assert page.status == 422
    assert message in page.errors
    assert page.value("target_on") == field.get("target_on", NEW["target_on"])
    assert db.session.scalar(sa.select(Measure.id)) is None


def test_a_start_that_is_still_to_come_is_refused(coordinator: EngageClient, objective: Objective) -> None:
    tomorrow = clock.today("America/Chicago") + timedelta(days=1)
    page = add(coordinator, objective, baseline_on=tomorrow.isoformat(), target_on="2099-01-01")
    assert page.errors == ["This day is in the future. Enter the day the number was read."]


def test_a_measure_needs_neither_start_nor_target(coordinator: EngageClient, objective: Objective) -> None:
    empty = dict.fromkeys(("baseline_value", "baseline_on", "target_value", "target_on", "unit"), "")
    assert add(coordinator, objective, **empty).status == 303
    read(coordinator, the_measure(), "1,250", "2026-05-03")
    assert page_of(coordinator, objective).text(".measure-now") == "1,250, May 3"


def test_a_number_like_a_phone_number_in_the_name_is_asked_about(
    coordinator: EngageClient, objective: Objective
) -> None:
    page = add(coordinator, objective, title="Calls to 555-201-3344")
    assert page.status == 422
    assert page.has("This looks like it contains a phone number.")


def test_the_second_of_two_who_edit_a_measure_sees_both(
    coordinator: EngageClient, objective: Objective
) -> None:
    measure = make_measure(objective, title="Beds")
    address = f"{PLAN}measures/{measure.id}/edit"
    assert coordinator.page(address).value("target_value") == "20"
    same = {**NEW, "title": "Beds", "unit": "beds"}
    assert coordinator.send(address, version=1, **{**same, "target_value": "24"}).status == 303

    page = coordinator.send(address, version=1, **{**same, "target_value": "30"})

    assert page.status == 409
    assert page.texts(".conflict-text")[:2] == ["24", "30"]
    assert history_of("target_value") == [("20.0", "24.0")]


def test_a_measure_keeps_a_kind_of_number_that_its_readings_fit(
    coordinator: EngageClient, objective: Objective
) -> None:
    measure = make_measure(objective, number_kind=NumberKind.AMOUNT)
    make_reading(measure, 2.5, date(2026, 5, 3))
    page = coordinator.send(f"{PLAN}measures/{measure.id}/edit", version=1, **NEW)
    assert page.status == 422
    assert page.errors == ["A reading of this measure does not fit. Enter a whole number."]
    assert the_measure().number_kind is NumberKind.AMOUNT


def test_a_measure_goes_to_the_trash_with_its_readings_and_comes_back_with_them(
    coordinator: EngageClient, objective: Objective
) -> None:
    measure = make_measure(objective)
    make_reading(measure, 12, date(2026, 5, 3))
    address, key = f"{PLAN}measures/{measure.id}/delete", measure.id
    page = coordinator.page(address)
    assert page.has(measure.title)
    assert page.has("You can restore it from there for 30 days.")
    assert coordinator.send(address).location == f"{PLAN}objectives/{objective.id}"
    assert db.session.scalar(sa.select(Measure.id)) is None
    assert db.session.scalar(sa.select(Reading.id)) is None
    page = coordinator.page(f"{PLAN}objectives/{objective.id}")
    assert page.has("The measure is in the trash, with its readings.")
    restored = coordinator.send(page.one(".undo").attributes["action"] or "")
    assert restored.location == f"{PLAN}objectives/{objective.id}#plan-measure-{key}"
    assert db.session.scalar(sa.select(Reading.value)) == 12


def test_a_measure_does_not_come_back_into_a_closed_plan(
    coordinator: EngageClient, objective: Objective
) -> None:
    measure = make_measure(objective)
    plan = measures_queries.plan_of(measure)
    coordinator.send(f"{PLAN}measures/{measure.id}/delete")
    undo = coordinator.page(f"{PLAN}objectives/{objective.id}").one(".undo").attributes["action"] or ""
    plan.status = PlanStatus.CLOSED
    db.session.commit()
    assert coordinator.send(undo).has("A closed plan keeps its measures as they were.")
    assert db.session.scalar(sa.select(Measure.id)) is None


# -- readings


def test_a_member_adds_a_reading_in_two_taps(member: EngageClient, objective: Objective) -> None:
    measure = make_measure(objective, title="Beds")
    (link,) = page_of(member, objective).all(".measure .panel-head a")
    form = member.page(link.attributes["href"] or "")
    assert form.value("taken_on") == clock.today("America/Chicago").isoformat()
    assert form.has("The number, in beds")

    page = read(member, measure, "12", "2026-05-03", source="Monthly count")

    assert page.location == f"{PLAN}objectives/{objective.id}#plan-measure-{measure.id}"
    shown = page_of(member, objective)
    assert shown.text(".measure-now strong") == "12 of 20 beds, May 3"
    assert shown.texts(".measure-table tbody tr") == [
        "May 3, 2026 12 beds Monthly count Dan Reyes Edit May 3, 2026"
    ]
    # Where the last number came from is offered again.
    assert member.page(link.attributes["href"] or "").value("source") == "Monthly count"
    assert history_of("created")[-1] == (None, "12.0")


@pytest.mark.parametrize(
    ("value", "day", "message"),
    [
        ("", "2026-05-03", "Enter the number."),
        ("a dozen", "2026-05-03", "Enter a number, such as 12 or 12.5."),
        ("-1", "2026-05-03", "This cannot be below zero."),
        ("1.5", "2026-05-03", "Enter a whole number."),
        ("12", "", "Enter the date of the reading."),
        ("12", "2026-02-31", "Enter the date as year-month-day, such as 2026-03-15."),
        ("12", "2099-01-01", "This day is in the future. Enter the day the number was read."),
    ],
)
def test_a_refused_reading_says_why_and_keeps_what_was_typed(
    member: EngageClient, objective: Objective, value: str, day: str, message: str
) -> None:
    page = read(member, make_measure(objective), value, day, source="Monthly count")
    assert (page.status, page.errors) == (422, [message])
    assert (page.value("value"), page.value("source")) == (value, "Monthly count")
    assert db.session.scalar(sa.select(Reading.id)) is None


def test_where_it_makes_sense_a_number_is_below_zero(member: EngageClient, objective: Objective) -> None:
    measure = make_measure(objective, number_kind=NumberKind.AMOUNT, unit="points")
    assert read(member, measure, "-2.5", "2026-05-03").status == 303
    assert the_reading().value == -2.5


def test_a_second_reading_of_a_day_is_asked_about(member: EngageClient, objective: Objective) -> None:
    measure = make_measure(objective)
    read(member, measure, "12", "2026-05-03")

    page = read(member, measure, "13", "2026-05-03")

    assert page.status == 422
    assert page.errors == ["This day already has a reading. Choose another day, or change that one."]
    assert page.value("value") == "13"
    reading = the_reading()
    assert page.one("main .banner a").attributes["href"] == f"{PLAN}readings/{reading.id}/edit"
    assert reading.value == 12


def test_a_day_that_someone_else_read_is_not_offered_to_change(
    member: EngageClient, objective: Objective
) -> None:
    measure = make_measure(objective)
    make_reading(measure, 12, date(2026, 5, 3), written_by_id=make_membership().id)
    page = read(member, measure, "13", "2026-05-03")
    assert page.status == 422
    assert not page.all("main .banner a")


def test_a_reading_is_edited_and_history_keeps_the_numbers(
    member: EngageClient, objective: Objective
) -> None:
    measure = make_measure(objective)
    read(member, measure, "12", "2026-05-03", source="Count")
    address = f"{PLAN}readings/{the_reading().id}/edit"
    assert member.page(address).value("value") == "12"

    assert member.send(address, version=1, value="14", taken_on="2026-05-04", source="Recount").status == 303

    reading = the_reading()
    assert (reading.value, reading.taken_on, reading.source) == (14, date(2026, 5, 4), "Recount")
    assert history_of("value") == [("12.0", "14.0")]
    assert history_of("taken_on") == [("2026-05-03", "2026-05-04")]
    assert history_of("source") == [(None, None)]


def test_a_reading_does_not_move_onto_another_ones_day(member: EngageClient, objective: Objective) -> None:
    measure = make_measure(objective)
    read(member, measure, "12", "2026-05-03")
    first = the_reading().id
    read(member, measure, "13", "2026-06-03")
    page = member.send(f"{PLAN}readings/{first}/edit", version=1, value="12", taken_on="2026-06-03")
    assert page.status == 422
    assert page.errors == ["This day already has a reading. Choose another day, or change that one."]


def test_the_second_of_two_who_edit_a_reading_sees_both(
    coordinator: EngageClient, member: EngageClient, objective: Objective
) -> None:
    read(member, make_measure(objective), "12", "2026-05-03")
    address = f"{PLAN}readings/{the_reading().id}/edit"
    coordinator.send(address, version=1, value="13", taken_on="2026-05-03")
    page = member.send(address, version=1, value="14", taken_on="2026-05-03")
    assert page.status == 409
    assert page.texts(".conflict-text") == ["13", "14"]


def test_a_member_changes_their_own_readings_and_a_coordinator_all(
    coordinator: EngageClient, member: EngageClient, objective: Objective
) -> None:
    measure = make_measure(objective)
    read(coordinator, measure, "12", "2026-05-03")
    for verb in ("edit", "delete"):
        assert member.get(f"{PLAN}readings/{the_reading().id}/{verb}").status_code == 404
    assert not page_of(member, objective).all(".measure-table a")
    read(member, measure, "13", "2026-06-03")
    own = measures_queries.reading_on(measure, date(2026, 6, 3))
    assert own is not None
    assert coordinator.page(f"{PLAN}readings/{own.id}/delete").has("June 3, 2026")
    assert coordinator.send(f"{PLAN}readings/{own.id}/delete").status == 303
    assert the_reading().value == 12


def deleted(client: EngageClient, reading: Reading) -> str:
    """Deletes the reading; returns the address that undoes it."""
    page = client.page(client.send(f"{PLAN}readings/{reading.id}/delete").location or "")
    assert page.has("The reading is in the trash.")
    return page.one("form.undo").attributes["action"] or ""


def test_a_deleted_reading_comes_back(member: EngageClient, objective: Objective) -> None:
    read(member, make_measure(objective, title="Beds"), "13", "2026-06-03")
    undo = deleted(member, the_reading())
    assert member.page("/c/riverbend/settings/trash").has("Beds, June 3, 2026")
    back = member.send(undo)
    assert member.page(back.location or "").has("The reading is restored.")
    assert the_reading().value == 13


def test_a_deleted_reading_stays_where_its_day_has_another_or_its_plan_is_closed(
    member: EngageClient, objective: Objective
) -> None:
    measure = make_measure(objective)
    read(member, measure, "13", "2026-06-03")
    undo = deleted(member, the_reading())
    read(member, measure, "14", "2026-06-03")
    assert member.send(undo).has("That day now has another reading.")
    assert the_reading().value == 14
    undo = deleted(member, the_reading())
    the_plan().status = PlanStatus.CLOSED
    db.session.commit()
    assert member.send(undo).status == 409
    assert db.session.scalar(sa.select(Reading.id)) is None


# -- what it says


def test_whether_it_is_on_track_is_said_with_the_rule(
    coordinator: EngageClient, objective: Objective
) -> None:
    measure = make_measure(objective, baseline_on=date(2026, 1, 1), target_on=date(2099, 12, 31))
    make_reading(measure, 12, date(2026, 5, 3))
    page = page_of(coordinator, objective)
    assert page.text(".measure .tag") == "On track"
    assert page.has("The straight line from the start to the target is at 4.1 on May 3; the reading is 12.")


def test_the_picture_says_in_words_what_it_shows(coordinator: EngageClient, objective: Objective) -> None:
    measure = make_measure(objective, title="Beds")
    make_reading(measure, 8, date(2026, 3, 3))
    make_reading(measure, 12, date(2026, 5, 3))
    page = page_of(coordinator, objective)
    assert page.one("svg.over-time").attributes["aria-label"] == (
        "Beds over time, from 4 beds, Jan 5, latest 12 beds, May 3, target 20 beds by Dec 31"
    )
    assert len(page.all("svg.over-time > circle.over-time-dot")) == 2
    assert page.texts(".measure-table th[scope=row]") == ["May 3, 2026", "Mar 3, 2026"]


def test_a_viewer_sees_totals_without_sources_people_and_small_counts(
    viewer: EngageClient, objective: Objective
) -> None:
    writer = make_membership(name="Dan Reyes")
    measure = make_measure(objective, baseline_value=2, title="Beds")
    make_reading(measure, 3, date(2026, 3, 3), source="Harbor House", written_by_id=writer.id)
    make_reading(measure, 12, date(2026, 5, 3), source="Harbor House", written_by_id=writer.id)
    make_round(k=5)
    page = page_of(viewer, objective)
    assert page.text(".measure-now strong") == "12 of 20 beds, May 3"
    assert page.texts(".measure-table tbody tr") == ["May 3, 2026 12 beds", "Mar 3, 2026 too few to show"]
    assert "too few to show, Jan 5" in page.texts(".measure dd")
    assert len(page.all("svg.over-time > circle.over-time-dot")) == 1
    assert not page.all("svg.over-time > circle.over-time-start")
    assert not page.has("Harbor House") and not page.has("Dan Reyes")
    assert not page.all(".measure a")


def test_a_closed_plan_takes_no_readings(coordinator: EngageClient, objective: Objective) -> None:
    measure = make_measure(objective)
    the_plan().status = PlanStatus.CLOSED
    assert read(coordinator, measure, "12", "2026-05-03").status == 409
    assert add(coordinator, objective).status == 409
    assert not page_of(coordinator, objective).all(".measure a")


@pytest.mark.parametrize(
    "address",
    [
        lambda measure: f"objectives/{measure.objective_id}/measures/new",
        lambda measure: f"measures/{measure.id}/edit",
        lambda measure: f"measures/{measure.id}/delete",
    ],
)
def test_members_add_readings_and_no_measures(
    member: EngageClient, objective: Objective, address: Callable[[Measure], str]
) -> None:
    assert member.send(PLAN + address(make_measure(objective)), version=1, **NEW).status == 403


def test_another_coalitions_measure_does_not_exist(
    client_of: Callable[[Membership], EngageClient], objective: Objective
) -> None:
    measure = make_measure(objective)
    make_reading(measure, 12, date(2026, 5, 3))
    client = client_of(make_membership(coalition=make_coalition(slug="elsewhere")))
    for path in (f"measures/{measure.id}/readings/new", f"readings/{the_reading().id}/edit"):
        assert client.get(f"/c/elsewhere/plan/{path}").status_code == 404


def test_an_objectives_page_asks_the_same_however_many_readings_there_are(
    coordinator: EngageClient, objective: Objective
) -> None:
    counts = []
    for _round in range(2):
        for _n in range(3):
            measure = make_measure(objective)
            for month in range(1, 7):
                make_reading(measure, month, date(2026, month, 3))
        with databases.counted_queries() as queries:
            page_of(coordinator, objective)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# -- in the plan's list


def test_the_list_says_each_measure_beside_its_objective(member: EngageClient, objective: Objective) -> None:
    measure = make_measure(objective, title="Beds", target_on=date(2099, 12, 31))
    make_measure(
        objective, title="Days", baseline_value=None, baseline_on=None, target_value=None, target_on=None
    )
    make_reading(measure, 12, date(2026, 5, 3))
    page = member.page(PLAN)
    assert page.texts(".plan-measures li") == ["Beds: 12 of 20 beds, May 3 On track", "Days: no reading yet"]
    assert len(page.all(".plan-measures svg")) == 1


def test_a_start_that_is_withheld_is_not_said_to_be_one(viewer: EngageClient, objective: Objective) -> None:
    make_measure(objective, title="Businesses", baseline_value=1, target_on=date(2099, 12, 31))
    assert viewer.page(PLAN).texts(".plan-measures li") == ["Businesses: no reading yet"]


@pytest.mark.parametrize("role", Role)
def test_the_list_asks_the_same_however_many_measures_and_readings_there_are(
    client_of: Callable[[Membership], EngageClient], objective: Objective, role: Role
) -> None:
    client = client_of(make_membership(role=role))
    client.page(PLAN)
    counts = []
    for _round in range(3):
        with databases.counted_queries() as queries:
            client.page(PLAN)
        counts.append(len(queries))
        for _n in range(3):
            measure = make_measure(objective)
            for month in range(1, 10):
                make_reading(measure, month, date(2026, month, 3))
    assert counts == [counts[0]] * 3


def test_the_list_draws_no_more_than_the_latest_readings(member: EngageClient, objective: Objective) -> None:
    measure = make_measure(objective)
    for day in range(1, 29):
        make_reading(measure, day, date(2026, 2, day))
    found = measures_queries.measures_of_plan(member.membership, the_plan().id)
    assert [each.value for each in found[objective.id][0].points] == list(range(21, 29))


def test_a_measure_begins_on_the_day_that_the_coalitions_clock_showed(
    member: EngageClient, objective: Objective
) -> None:
    evening = datetime(2026, 2, 2, 3, tzinfo=UTC)  # it is still the first of February in Chicago
    make_measure(objective, created_at=evening)
    found = measures_queries.measures_of_plan(member.membership, the_plan().id)
    assert found[objective.id][0].since == date(2026, 2, 1)
