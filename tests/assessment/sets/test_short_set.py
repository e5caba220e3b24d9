"""The short set: what it asks, how long it takes, and a round that is opened with it."""

import pytest
import sqlalchemy as sa

from engage.assessment.languages import in_all_languages
from engage.assessment.models import DraftSet, Round
from engage.assessment.questions import QuestionSet, frozen, short
from engage.assessment.rules import minutes_to_answer
from engage.content.loader import content
from engage.extensions import db
from tests.assessment.sets.test_sets import HERE, OURS, ROUND, SETS, draft
from tests.client import EngageClient
from tests.factories import make_affiliation, make_closed_round

SHORT = short(content(), "en")


def asked(questions: QuestionSet) -> dict[str, int]:
    return {each.key: each.meaning for area in questions.areas for each in area.questions}


# What happens inside agencies, courts, and the coalition, which no resident can know.
UNSEEN = {
    "training-for-front-line-staff",
    "emergency-places-for-young-people",
    "rights-in-the-justice-process",
    "policies-of-institutions",
    "breadth-of-members",
}


def test_it_asks_eleven_of_our_statements_and_none_that_a_resident_cannot_know() -> None:
    counts = {area.key: len(area.questions) for area in SHORT.areas}
    assert counts == {"prevention": 4, "identification": 1, "response": 2, "restoration": 4}
    assert not UNSEEN & asked(SHORT).keys()
    assert asked(SHORT).items() <= asked(OURS).items()
    assert not content().insiders & asked(SHORT).keys()


@pytest.mark.parametrize(
    ("words", "questions", "minutes"),
    [(0, 1, 1), (200, 6, 2), (1382, 14, 10), (2000, 6, 15), (4002, 43, 30), (2010, 0, 15), (0, 61, 15)],
)
def test_time_is_counted_from_words_and_statements(words: int, questions: int, minutes: int) -> None:
    assert minutes_to_answer(words, questions) == minutes


def test_a_round_may_ask_it_and_says_the_time_of_its_own_frozen_copy(
    coordinator: EngageClient, member: EngageClient
) -> None:
    page = coordinator.page(f"{HERE}rounds/new")
    assert page.has(f"11 questions in 4 focus areas. It takes about {SHORT.minutes} minutes.")
    assert page.has(f"43 questions in 6 focus areas. It takes about {OURS.minutes} minutes.")
    assert coordinator.send(f"{HERE}rounds/new", **ROUND, questions="short").status == 303
    round_ = db.session.scalars(sa.select(Round)).one()
    assert QuestionSet.from_json(round_.questions) == in_all_languages(SHORT)
    make_affiliation(member.membership)
    start = f"{HERE}rounds/{round_.id}/"
    assert member.page(start).has(f"It takes about {SHORT.minutes} minutes.")
    round_.questions = SHORT.without(list(asked(SHORT))[1:]).to_json()
    db.session.commit()
    assert member.page(start).has("It takes about 1 minute.")
    assert SHORT.minutes < OURS.minutes / 2


def test_a_copy_of_it_can_be_edited_and_a_set_can_start_empty(coordinator: EngageClient) -> None:
    assert coordinator.page(f"{SETS}ours/").texts(".tag").count("In the short set") == 11
    page = coordinator.send(f"{SETS}copy", start="short")
    assert (page.status, draft().questions) == (303, SHORT)
    db.session.execute(sa.delete(DraftSet))
    page = coordinator.send(f"{SETS}copy", start="nothing")
    assert (draft().keys, [area.name for area in draft().questions.areas]) == (set(), ["Our questions"])
    assert coordinator.page(page.location or "").has("No questions yet")
    assert coordinator.send(f"{SETS}copy", start="else").status == 422


def test_a_short_round_after_a_whole_one_is_compared_on_every_statement_it_asks(
    coordinator: EngageClient,
) -> None:
    keys = list(asked(frozen(content(), "en")))
    make_closed_round([("health", dict.fromkeys(keys, 1))] * 3, title="Whole")
    make_closed_round(
        [("other", dict.fromkeys(asked(SHORT), 2))] * 3, title="Short", questions=SHORT.to_json()
    )
    page = coordinator.page(f"{HERE}compare")
    assert page.text("#assessment-moves").startswith("11 statements are up.")
    moves = [row.text() for row in page.all("#assessment-compared tbody .compare-moved")]
    assert [each for each in moves if "up 1.0" not in each and "not asked in “Short”" not in each] == []
    assert sum("up 1.0" in each for each in moves) == 4
    assert page.has("Based on the 1 of 6 statements that both rounds show.")
