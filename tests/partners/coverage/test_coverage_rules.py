"""Tests who is active, how firm a cell is, earlier coverage, and which recruitments are late or may be taken."""

from datetime import date

import pytest

from engage.partners.coverage import rules as coverage_rules
from engage.partners.coverage.rules import (
    CellState,
    Coverage,
    CoverageFact,
    CoverageMove,
    CoverageSpan,
    Somebody,
)
from engage.partners.rules import AgreementState

TODAY = date(2026, 11, 25)
SINCE = date(2026, 5, 25)


def org(key: str, sector: str = "health", *days: date, **more: object) -> Somebody:
    facts = list(map(CoverageFact, days))
    return Somebody(**{"key": key, "sector": sector, "organization_id": 1, "facts": facts, **more})  # type: ignore[arg-type]


def coverage(*everybody: Somebody, today: date = TODAY, months: int = 6) -> Coverage:
    return Coverage(
        everybody=everybody,
        sectors=("health", "faith", "media", "residents"),
        expected=frozenset({"health", "faith", "residents"}),
        areas=("prevention", "response"),
        today=today,
        months=months,
    )


@pytest.mark.parametrize(
    ("today", "months", "since"),
    [
        (date(2026, 11, 25), 6, date(2026, 5, 25)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 15), 24, date(2024, 1, 15)),
    ],
)
def test_active_counts_from_a_day_by_the_months_own_rule(today: date, months: int, since: date) -> None:
    assert coverage_rules.active_since(today, months) == since
    assert org("a", "health", since).is_active(since, today)
    assert not org("a", "health", date.fromordinal(since.toordinal() - 1)).is_active(since, today)


def test_what_comes_later_makes_no_one_active_yet() -> None:
    assert not org("a", "health", date(2026, 12, 1)).is_active(SINCE, TODAY)


def test_someone_who_joined_counts_until_they_left() -> None:
    left = Somebody("a", "health", facts=[CoverageFact(date(2026, 9, 1), until=date(2026, 10, 1))])
    assert left.is_active(SINCE, date(2026, 9, 30))
    assert not left.is_active(SINCE, date(2026, 10, 1))


def test_a_cell_says_who_is_active_and_how_firmly_and_who_is_not() -> None:
    new = org("new", "health", SINCE, areas={"response"}, level=2)
    firm = org("firm", "health", TODAY, areas={"response"}, level=3)
    old = org("old", "health", date(2026, 5, 24), areas={"prevention"}, level=5)
    health, faith, residents = coverage(new, firm, old).rows
    assert (health.whole.active, health.whole.inactive) == ((new, firm), (old,))
    assert (health.whole.standing, health.whole.level) == (CellState.FIRM, 3)
    prevention, response = health.areas
    assert (prevention.standing, prevention.known, prevention.level) == (CellState.EMPTY, 1, None)
    assert (response.standing, response.known) == (CellState.FIRM, 2)
    assert faith.whole.is_empty
    # People who come for themselves have no focus areas.
    assert {cell.standing for cell in residents.areas} == {CellState.NONE}


@pytest.mark.parametrize(
    ("level", "signed", "standing"),
    [
        (None, [], CellState.ACTIVE),
        (2, [], CellState.ACTIVE),
        (3, [], CellState.FIRM),
        (1, [CoverageSpan(date(2025, 1, 1), None)], CellState.FIRM),
        (1, [CoverageSpan(date(2025, 1, 1), TODAY)], CellState.FIRM),
        (1, [CoverageSpan(date(2025, 1, 1), date(2026, 11, 24))], CellState.ACTIVE),
    ],
)
def test_firm_is_a_level_from_three_or_an_agreement_that_holds_today(
    level: int | None, signed: list[CoverageSpan], standing: CellState
) -> None:
    somebody = org("a", "health", TODAY, level=level, signed=signed)
    assert coverage(somebody).rows[0].whole.standing is standing


def test_sectors_that_are_not_expected_have_a_row_only_where_someone_is_and_are_never_missing() -> None:
    assert [row.sector for row in coverage().rows] == ["health", "faith", "residents"]
    paper = org("paper", "media", TODAY)
    assert [row.sector for row in coverage(paper).rows] == ["health", "faith", "media", "residents"]
    assert coverage(paper).missing == ["health", "faith", "residents"]
    assert coverage(paper, org("church", "faith", TODAY)).now[1:] == (1, 0, 3)


def test_a_guest_is_no_one_on_the_list_once_they_are_not_active() -> None:
    guest = Somebody("guest", "residents", facts=[CoverageFact(date(2025, 1, 1))], listed=False)
    assert coverage(guest).rows[-1].whole.known == 0
    assert coverage(guest, today=date(2025, 2, 1)).rows[-1].whole.known == 1


def test_an_agreement_is_signed_from_move_to_move_and_until_its_end() -> None:
    signed, ended = AgreementState.SIGNED, AgreementState.ENDED
    moves = [
        CoverageMove(date(2025, 1, 1), AgreementState.DRAFTING, None),
        CoverageMove(date(2025, 2, 1), signed, date(2025, 12, 31)),
        CoverageMove(date(2025, 11, 1), signed, date(2026, 12, 31)),
        CoverageMove(date(2026, 3, 1), ended, None),
    ]
    assert coverage_rules.signed_spans(moves) == [
        CoverageSpan(date(2025, 2, 1), date(2025, 10, 31)),
        CoverageSpan(date(2025, 11, 1), date(2026, 2, 28)),
    ]
    assert coverage_rules.signed_spans(moves[:3])[-1] == CoverageSpan(date(2025, 11, 1), date(2026, 12, 31))
    assert coverage_rules.signed_spans([CoverageMove(date(2025, 2, 1), signed, None)]) == [
        CoverageSpan(date(2025, 2, 1), None)
    ]


def test_what_coverage_was_follows_from_the_dated_facts_alone() -> None:
    clinic = org(
        "clinic",
        "health",
        date(2026, 2, 10),
        level=4,
        levels=[(date(2026, 2, 10), 2), (date(2026, 8, 3), 4)],
    )
    church = org("church", "faith", date(2026, 9, 30), signed=[CoverageSpan(date(2026, 10, 15), None)])
    points = {point.day: point[1:3] for point in coverage(clinic, church).over_time()}
    # Nothing is known of January and before; each month by its last day.
    assert next(iter(points)) == date(2026, 2, 28)
    assert points[date(2026, 2, 28)] == (1, 0)
    # Six months on it is over, and the level that came later makes no one active.
    assert points[date(2026, 8, 31)] == (0, 0)
    assert points[date(2026, 9, 30)] == (1, 0)
    assert points[date(2026, 10, 31)] == (1, 1)
    assert points[TODAY] == (1, 1)


def test_months_end_on_their_last_days_also_across_a_leap_year() -> None:
    assert coverage_rules.month_ends(date(2024, 4, 30), 3) == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
    ]
    assert coverage_rules.month_ends(date(2026, 1, 1), 1) == [date(2025, 12, 31)]


def test_a_recruitment_is_late_the_day_after_it_was_to_be_asked_for() -> None:
    assert not coverage_rules.is_late(TODAY, None, TODAY)
    assert coverage_rules.is_late(date(2026, 11, 24), None, TODAY)
    assert not coverage_rules.is_late(date(2026, 11, 24), TODAY, TODAY)
    assert not coverage_rules.is_late(None, None, TODAY)


def test_a_recruitment_may_be_taken_by_who_became_active_after_it_was_opened() -> None:
    opened = date(2026, 10, 1)
    always = org("always", "health", date(2026, 9, 30), TODAY)
    after = org("after", "health", date(2026, 2, 1), date(2026, 10, 1), areas={"response"})
    elsewhere = org("elsewhere", "faith", TODAY)
    resident = Somebody("person", "health", facts=[CoverageFact(TODAY)])
    found = coverage(always, after, elsewhere, resident)
    assert coverage_rules.may_have_taken("health", "", opened, found) == [after]
    assert coverage_rules.may_have_taken("health", "response", opened, found) == [after]
    assert coverage_rules.may_have_taken("health", "prevention", opened, found) == []


# -- what to fill first


def first(*everybody: Somebody, sought: tuple[tuple[str, str], ...] = ()) -> tuple[str, str] | None:
    cell = coverage(*everybody).first_to_fill(sought)
    return None if cell is None else (cell.sector, cell.area)


def test_an_expected_sector_with_no_one_active_is_filled_first_unless_someone_is_asked() -> None:
    nurse = org("a", "health", TODAY, areas={"prevention", "response"})
    neighbor = Somebody("b", "residents", facts=[CoverageFact(TODAY)])
    assert first(nurse, neighbor) == ("faith", "")
    assert first(nurse, neighbor, sought=(("faith", ""),)) is None


def test_else_it_is_the_weakest_focus_area_of_the_sector_with_most_to_ask() -> None:
    neighbor = Somebody("n", "residents", facts=[CoverageFact(TODAY)])
    everybody = (
        neighbor,
        org("a", "health", TODAY, areas={"prevention"}),
        org("b", "faith", TODAY, areas={"prevention"}),
        org("c", "faith", TODAY, areas={"prevention"}),
    )
    assert first(*everybody) == ("faith", "response")
    assert first(*everybody, sought=(("faith", "response"),)) == ("health", "response")
    full = org("d", "faith", TODAY, areas={"response"}), org("e", "health", TODAY, areas={"response"})
    assert first(*everybody, *full) is None
