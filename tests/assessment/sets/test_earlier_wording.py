"""Statements that were reworded: a coalition with closed rounds keeps the earlier words, or chooses the new ones."""

from typing import Any

import pytest
import sqlalchemy as sa

from engage.assessment.languages import in_all_languages
from engage.assessment.models import Round
from engage.assessment.questions import QuestionSet, frozen
from engage.content.loader import content
from engage.extensions import db
from tests.assessment.sets.test_sets import HERE, OURS, ROUND, SETS, draft
from tests.client import EngageClient
from tests.factories import make_closed_round

BEFORE = frozen(content(), "en", earlier=True)
REWORDED = [each for each in content().indicators if each.earlier]


def meanings(questions: QuestionSet) -> dict[str, int]:
    return {each.key: each.meaning for area in questions.areas for each in area.questions}


def closed_before(questions: QuestionSet = BEFORE, **said: Any) -> Round:
    return make_closed_round(
        [("health", dict.fromkeys(meanings(questions), 2))] * 3, questions=questions.to_json(), **said
    )


def offered(page: Any) -> list[str]:
    return [each.attributes["value"] for each in page.all("input[name=questions]")]


def opened(coordinator: EngageClient, **said: str) -> dict[str, int]:
    """Opens a round, with the set that its form has chosen already unless another one is named."""
    (chosen,) = coordinator.page(f"{HERE}rounds/new").all("input[name=questions][checked]")
    wanted = {"questions": chosen.attributes["value"], **said}
    assert coordinator.send(f"{HERE}rounds/new", **ROUND, **wanted).status == 303
    latest = sa.select(Round.questions).order_by(Round.id.desc()).limit(1)
    return meanings(QuestionSet.from_json(db.session.execute(latest).scalar_one()))


def test_each_reworded_statement_has_its_earlier_words_under_the_number_before() -> None:
    assert len(REWORDED) == 12
    for each in REWORDED:
        assert (each.before.meaning, each.before.key) == (each.meaning - 1, each.key)
        assert each.before.statement != each.statement


def test_a_coalition_without_rounds_is_offered_the_current_words_alone(coordinator: EngageClient) -> None:
    assert offered(coordinator.page(f"{HERE}rounds/new")) == ["0", "short"]
    assert opened(coordinator) == meanings(OURS)


def test_after_a_round_in_the_earlier_words_the_next_one_asks_them_unless_chosen_otherwise(
    coordinator: EngageClient,
) -> None:
    closed_before()
    page = coordinator.page(f"{HERE}rounds/new")
    assert offered(page) == ["before", "short-before", "0", "short"]
    assert page.has("Engage now words 12 statements differently")
    assert opened(coordinator) == meanings(BEFORE)


def test_the_short_set_keeps_the_earlier_words_too(coordinator: EngageClient) -> None:
    closed_before()
    page = coordinator.page(f"{HERE}rounds/new?asked=anyone")
    (chosen,) = page.all("input[name=questions][checked]")
    assert chosen.attributes["value"] == "short-before"
    assert opened(coordinator, questions="short-before").items() <= meanings(BEFORE).items()


def test_in_the_new_words_a_reworded_statement_starts_over(coordinator: EngageClient) -> None:
    closed_before(title="Last year")
    assert opened(coordinator, questions="0") == meanings(OURS)
    db.session.execute(sa.delete(Round).where(Round.closed_at.is_(None)))
    closed_before(OURS, title="This year")
    page = coordinator.page(f"{HERE}compare")
    assert page.text("main").count("asked as a new question in “This year”") == 12


def test_after_a_round_in_the_new_words_there_is_nothing_left_to_choose(coordinator: EngageClient) -> None:
    closed_before()
    closed_before(OURS)
    assert offered(coordinator.page(f"{HERE}rounds/new")) == ["0", "short"]


def test_a_round_in_the_earlier_words_is_read_in_spanish() -> None:
    spanish = in_all_languages(BEFORE).in_language("es")
    for each in REWORDED:
        found = spanish.find(each.key)
        assert found is not None
        assert found[1].statement == content("es").indicator(each.key).before.statement
        assert not found[1].lang_of("statement", "es")


@pytest.mark.parametrize("has_round", [True, False])
def test_an_own_set_is_copied_in_the_words_that_were_asked_and_counts_as_unchanged(
    coordinator: EngageClient, has_round: bool
) -> None:
    if has_round:
        closed_before()
    page = coordinator.send(f"{SETS}copy", start="whole")
    wanted = meanings(BEFORE if has_round else OURS)
    assert wanted.items() <= meanings(draft().questions).items()
    assert not coordinator.page(page.location or "").has("New question")
