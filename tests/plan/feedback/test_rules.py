"""Rules of feedback: who is asked when, and what is told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engage.assessment.rules import Answer, Indicator
from engage.plan.feedback.rules import (
    AskedWhen,
    FeedbackSummary,
    Moment,
    moment_of,
    packed,
    summary,
    unpacked,
)

DAY = date(2026, 5, 3)
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
BOTH = (Moment.BEFORE, Moment.AFTER)
BEFORE, AFTER = Moment.BEFORE, Moment.AFTER
YES, NO = Answer.chose(0), Answer.chose(1)
CAME = Indicator("1", options=2)


@pytest.mark.parametrize(
    ("days", "starts_in", "asked", "moment"),
    [
        (-7, None, BOTH, BEFORE),
        (-7, None, (AFTER,), None),
        (0, None, BOTH, AFTER),
        (0, None, (BEFORE,), None),
        # In the room, until it begins, people still answer what is asked before.
        (0, timedelta(hours=1), BOTH, BEFORE),
        (0, timedelta(hours=1), (AFTER,), AFTER),
        (0, timedelta(0), BOTH, AFTER),
        (0, timedelta(hours=-1), BOTH, AFTER),
        (14, timedelta(0), BOTH, AFTER),
        (15, timedelta(0), BOTH, None),
    ],
)
def test_the_day_decides_what_is_asked(
    days: int, starts_in: timedelta | None, asked: tuple[Moment, ...], moment: Moment | None
) -> None:
    now = NOON + timedelta(days=days)
    starts_at = NOON + starts_in if starts_in is not None else None
    assert moment_of(DAY, starts_at, asked, now.date(), now) is moment


@pytest.mark.parametrize(
    ("asked", "moments"),
    [(AskedWhen.BEFORE, [BEFORE]), (AskedWhen.AFTER, [AFTER]), (AskedWhen.BOTH, [*BOTH])],
)
def test_a_question_is_asked_before_after_or_both_times(asked: AskedWhen, moments: list[Moment]) -> None:
    assert [moment for moment in Moment if asked.has(moment)] == moments


@pytest.mark.parametrize(("k", "people"), [(3, 9), (10, 9), (12, 11)])
def test_of_fewer_than_ten_people_not_even_their_number_is_told(k: int, people: int) -> None:
    assert summary([CAME], [{"1": YES}] * people, k) is None
    found = summary([CAME], [{"1": YES}] * (people + 1), k)
    assert found is not None
    assert (found.people, found.options[0].answered) == (people + 1, people + 1)


def test_an_option_that_few_chose_is_held_back_with_a_second_one() -> None:
    helped = Indicator("1", options=3)
    answers = [{"1": Answer.chose(place)} for place in (0, 0, 0, 0, 0, 0, 1, 1, 1, 2)]
    found = summary([helped], answers, 3)
    assert found is not None
    assert found.people == 10
    assert found.options[0].counts == (6, None, None)


def test_a_question_that_fewer_than_ten_answered_tells_nothing_while_another_one_does() -> None:
    asked = [CAME, Indicator("2", options=2)]
    found = summary(asked, [{"1": YES}, *[{"1": YES, "2": NO}] * 9], 3)
    assert found is not None
    assert found.options[0].answered == 10
    assert found.options[1].answered is None
    assert (found.of("2"), found.of("3")) == (found.options[1], None)


def test_answers_and_results_are_read_back_as_they_were_stored() -> None:
    given = {"1": Answer.chose(0, 2), "2": YES}
    assert unpacked(packed(given)) == given
    found = summary([CAME], [{"1": YES}] * 10, 3)
    assert found is not None
    assert FeedbackSummary.from_json(found.to_json()) == found
