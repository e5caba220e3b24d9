"""Moves and dates of agreements: month ends, leap days, what has expired, when a renewal is due."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.partners.agreements.rules import (
    CURRENT,
    FIRST,
    MOVES,
    RENEWAL_DAYS,
    AgreementDates,
    AgreementOrder,
    CurrentState,
    asks_why,
    current_state,
    months_before,
    plus_years,
    renewal_begins,
    renewal_is_due,
    runs_out,
    years_after,
)
from engage.partners.rules import AgreementState, plus_months

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(-120, 120)
DRAFTING, WITH_BOARD, SIGNED, DECLINED, ENDED = AgreementState


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2027-01-31", 2, "2027-03-31"),
        ("2027-01-31", 3, "2027-04-30"),
        ("2027-12-31", 1, "2028-01-31"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2027-03-31", -1, "2027-02-28"),
        ("2028-03-31", -1, "2028-02-29"),
        ("2027-01-15", -1, "2026-12-15"),
        ("2027-05-31", -3, "2027-02-28"),
        ("2028-08-31", -6, "2028-02-29"),
        ("2027-02-28", 1, "2027-03-28"),
        ("2100-01-31", 1, "2100-02-28"),
        ("2027-06-30", 0, "2027-06-30"),
    ],
)
def test_months_are_counted_by_the_calendar(day: str, months: int, then: str) -> None:
    assert plus_months(date.fromisoformat(day), months) == date.fromisoformat(then)


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        ("2028-02-29", 1, "2029-02-28"),
        ("2028-02-29", 2, "2030-02-28"),
        ("2028-02-29", 4, "2032-02-29"),
        ("2096-02-29", 4, "2100-02-28"),
        ("2027-02-28", 1, "2028-02-28"),
        ("2026-12-31", 3, "2029-12-31"),
    ],
)
def test_years_are_counted_by_the_calendar(day: str, years: int, then: str) -> None:
    assert plus_years(date.fromisoformat(day), years) == date.fromisoformat(then)


@given(DAYS, MONTHS)
def test_the_month_is_the_one_meant_and_the_day_the_same_or_its_last(day: date, months: int) -> None:
    then = plus_months(day, months)
    assert then.year * 12 + then.month == day.year * 12 + day.month + months
    last = monthrange(then.year, then.month)[1]
    assert then.day == min(day.day, last)


@given(DAYS, DAYS, MONTHS)
def test_the_earlier_of_two_days_is_never_the_later_afterwards(
    first: date, second: date, months: int
) -> None:
    first, second = sorted((first, second))
    assert plus_months(first, months) <= plus_months(second, months)


@given(DAYS.filter(lambda day: day.day <= 28), MONTHS)
def test_there_and_back_is_the_same_day_where_every_month_has_it(day: date, months: int) -> None:
    assert plus_months(plus_months(day, months), -months) == day


@given(DAYS, st.integers(1, 24))
def test_a_day_counted_back_is_known_again_by_its_months(end: date, months: int) -> None:
    assert months_before(end, plus_months(end, -months)) == months


@given(DAYS, st.integers(1, 10))
def test_a_day_counted_on_is_known_again_by_its_years(start: date, years: int) -> None:
    assert years_after(start, plus_years(start, years)) == years


@given(DAYS, DAYS)
def test_a_number_is_only_named_where_the_rule_gives_that_very_day(first: date, second: date) -> None:
    months = months_before(first, second)
    assert months is None or plus_months(first, -months) == second
    years = years_after(first, second)
    assert years is None or plus_years(first, years) == second


def test_a_day_that_no_rule_gives_has_no_number() -> None:
    assert months_before(date(2027, 3, 31), date(2027, 2, 27)) is None
    assert months_before(date(2027, 3, 31), date(2027, 4, 30)) is None
    assert years_after(date(2027, 3, 31), date(2028, 3, 30)) is None
    assert years_after(date(2027, 3, 31), date(2026, 3, 31)) is None


# -- where it stands


def test_every_state_has_its_moves_and_none_leads_to_itself() -> None:
    assert MOVES.keys() == set(AgreementState)
    assert all(state not in moves for state, moves in MOVES.items())
    assert ENDED not in FIRST
    assert {DRAFTING, WITH_BOARD, SIGNED} == CURRENT


@given(st.sampled_from(AgreementState), st.sampled_from(AgreementState))
def test_from_every_state_there_is_a_way_to_every_other(start: AgreementState, end: AgreementState) -> None:
    reached = {start}
    for _step in AgreementState:
        reached |= {to for state in reached for to in MOVES[state]}
    assert end in reached


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (SIGNED, DRAFTING, True),
        (SIGNED, WITH_BOARD, True),
        (SIGNED, ENDED, False),
        (ENDED, SIGNED, True),
        (ENDED, DRAFTING, False),
        (DRAFTING, SIGNED, False),
        (WITH_BOARD, DECLINED, False),
    ],
)
def test_what_was_signed_goes_back_only_with_a_reason(
    before: AgreementState, after: AgreementState, why: bool
) -> None:
    assert after in MOVES[before]
    assert asks_why(before, after) is why


def test_a_signed_agreement_has_expired_from_the_day_after_its_end() -> None:
    end = date(2027, 2, 28)
    assert current_state(SIGNED, end, end) is CurrentState.SIGNED
    assert current_state(SIGNED, end, end + timedelta(days=1)) is CurrentState.EXPIRED
    assert current_state(SIGNED, None, date(2099, 1, 1)) is CurrentState.SIGNED
    assert current_state(ENDED, end, end + timedelta(days=1)) is CurrentState.ENDED
    assert current_state(DRAFTING, end, end + timedelta(days=1)) is CurrentState.DRAFTING


def test_running_out_counts_both_ends_and_signed_ones_alone() -> None:
    today = date(2026, 11, 25)
    for days, yes in ((-1, False), (0, True), (60, True), (61, False)):
        assert runs_out(SIGNED, today + timedelta(days=days), today, 60) is yes
    assert not runs_out(ENDED, today, today, 60)
    assert not runs_out(SIGNED, None, today, 60)


# -- renewing


def test_a_renewal_begins_on_its_day_else_so_many_days_before_the_end() -> None:
    end = date(2027, 3, 1)
    assert renewal_begins(date(2027, 1, 15), end) == date(2027, 1, 15)
    assert renewal_begins(None, end) == end - timedelta(days=RENEWAL_DAYS) == date(2026, 12, 31)
    assert renewal_begins(None, None) is None


def test_a_renewal_is_due_once_for_each_end() -> None:
    end, begins = date(2027, 3, 1), date(2027, 1, 15)
    before = begins - timedelta(days=1)
    assert not renewal_is_due(SIGNED, begins, end, None, before)
    assert renewal_is_due(SIGNED, begins, end, None, begins)
    assert renewal_is_due(SIGNED, begins, end, None, end + timedelta(days=30))
    assert not renewal_is_due(SIGNED, begins, end, end, begins)
    assert renewal_is_due(SIGNED, begins, end, date(2026, 3, 1), begins)
    assert not renewal_is_due(WITH_BOARD, begins, end, None, begins)
    assert not renewal_is_due(SIGNED, None, None, None, begins)


@pytest.mark.parametrize(
    ("signed", "review", "notice", "ends", "wrong"),
    [
        (None, None, None, None, None),
        ("2026-11-25", "2026-11-25", "2026-11-25", "2026-11-25", None),
        ("2026-11-26", None, None, None, AgreementOrder.SIGNED_LATER),
        ("2026-11-25", None, None, "2026-11-24", AgreementOrder.ENDS_BEFORE_SIGNING),
        ("2026-11-25", "2026-11-24", None, None, AgreementOrder.REVIEW_BEFORE_SIGNING),
        (None, None, "2026-11-25", None, AgreementOrder.NOTICE_WITHOUT_END),
        (None, None, "2026-11-26", "2026-11-25", AgreementOrder.NOTICE_AFTER_END),
        (None, "2020-01-01", None, "2020-01-01", None),
    ],
)
def test_dates_in_the_wrong_order_are_known(
    signed: str | None, review: str | None, notice: str | None, ends: str | None, wrong: AgreementOrder | None
) -> None:
    days = [date.fromisoformat(each) if each else None for each in (signed, review, notice, ends)]
    assert AgreementDates(*days).wrong(date(2026, 11, 25)) is wrong
