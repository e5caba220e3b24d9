"""Answering questions with options: on a page of their own, on the area's page, and on paper."""

import pytest
import sqlalchemy as sa

from engage.assessment.models import Answer, Response, Round
from engage.assessment.rules import Answer as Given
from engage.assessment.rules import AnswerKind, keyed_choice
from engage.extensions import db
from tests.assessment.options import HEARD, HELPED, MIXED, RATED, WEBSITE
from tests.client import EngageClient
from tests.factories import make_affiliation, make_round

HERE = "/c/riverbend/assessment/rounds"


@pytest.fixture
def at(member: EngageClient) -> str:
    """Returns the address of a round that the member has begun."""
    make_affiliation(member.membership)
    root = f"{HERE}/{make_round(questions=MIXED.to_json()).id}"
    member.send(f"{root}/start")
    return root


def stored(key: str) -> Given | None:
    row = db.session.scalar(sa.select(Answer).where(Answer.indicator == key))
    return None if row is None else Given.stored(row.kind, row.rating, row.chosen)


def test_one_option_is_chosen_by_radio_and_shown_again(member: EngageClient, at: str) -> None:
    page = member.page(f"{at}/questions/{HEARD}")
    values = [node.attributes["value"] for node in page.all("input[type=radio][name=answer]")]
    assert values == ["option-0", "option-1", "option-2", "dont_know", "does_not_apply"]
    assert not page.all("textarea"), "no free text beside options"
    assert not page.has("Choose the highest level")
    sent = member.send(f"{at}/questions/{HEARD}", answer="option-1")
    assert (sent.status, stored(HEARD)) == (303, Given.chose(1))
    page = member.page(f"{at}/questions/{HEARD}")
    assert page.one("[name=answer][checked]").attributes["value"] == "option-1"
    assert member.page(f"{at}/areas/own-feedback/check").has("At work")


def test_several_options_are_check_boxes_and_a_second_answer_replaces_the_first(
    member: EngageClient, at: str
) -> None:
    page = member.page(f"{at}/questions/{HELPED}")
    assert len(page.all("input[type=checkbox][name=answer]")) == 5
    assert page.has("Check all that apply.")
    member.send(f"{at}/questions/{HELPED}", answer=["option-2", "option-0"])
    assert stored(HELPED) == Given.chose(0, 2)
    assert member.page(f"{at}/areas/own-feedback/check").has("Talks; Stories")
    member.send(f"{at}/questions/{HELPED}", answer=["dont_know"])
    assert stored(HELPED) == Given(AnswerKind.DONT_KNOW)


@pytest.mark.parametrize(
    ("key", "answer", "message"),
    [
        (HEARD, [], "Choose one of the answers."),
        (HEARD, ["option-0", "option-1"], "Choose one answer only."),
        (HEARD, ["option-3"], "Not a valid choice"),
        (HEARD, ["3"], "Not a valid choice"),
        (WEBSITE, ["option-2"], "Not a valid choice"),
        (HELPED, ["option-0", "dont_know"], "Choose one or more answers, or"),
        (RATED.key, ["option-0"], "Not a valid choice"),
        (RATED.key, ["0", "1"], "Choose one answer only."),
    ],
)
def test_what_is_no_answer_is_refused_beside_the_field(
    member: EngageClient, at: str, key: str, answer: list[str], message: str
) -> None:
    page = member.send(f"{at}/questions/{key}", answer=answer)
    assert page.status == 422
    assert [error for error in page.errors if error.startswith(message)], page.errors
    assert stored(key) is None


def test_a_whole_area_is_answered_and_answered_is_counted_as_with_statements(
    member: EngageClient, coordinator: EngageClient, at: str
) -> None:
    answers = {
        f"{HEARD}-answer": "option-0",
        f"{HELPED}-answer": ["option-1"],
        f"{WEBSITE}-answer": "does_not_apply",
    }
    assert member.send(f"{at}/areas/own-feedback", **answers).status == 303
    assert member.page(f"{at}/").has("3 of 4 questions")
    member.send(f"{at}/questions/{RATED.key}", answer="2", note="Seen at school.")
    assert member.page(f"{at}/").has("You have answered all 4 questions.")
    round_id = db.session.scalars(sa.select(Round.id)).one()
    coordinator.send(f"{HERE}/{round_id}/close", losing="0")
    assert db.session.scalars(sa.select(Response.submitted)).all() == [True]
    assert (stored(HEARD), stored(HELPED)) == (Given.chose(0), Given.chose(1))


# on paper


def test_paper_numbers_the_options_and_the_grid_takes_these_numbers(coordinator: EngageClient) -> None:
    root = f"{HERE}/{make_round(questions=MIXED.to_json()).id}"
    blank = coordinator.page(f"{root}/paper")
    assert blank.has("Check all that apply.") and blank.has("3 In the news") and blank.has("2 No")
    assert len(blank.all(".paper-note")) == 1, "only the statement leaves room for a reason"
    grid = coordinator.page(f"{root}/key")
    assert grid.has("If both 1 and 3 are checked, type 13.")
    assert not grid.all(f"[name='{HEARD}-note']")
    wrong = coordinator.send(f"{root}/key", number="1", sector="health", **{f"{HEARD}-answer": "12"})
    assert (wrong.status, wrong.errors) == (422, ["2.1: press 1 to 3, d or n, or leave it empty."])
    sheet = {
        f"{HEARD}-answer": "3",
        f"{HELPED}-answer": "13",
        f"{WEBSITE}-answer": "2",
        f"{RATED.key}-answer": "0",
    }
    assert coordinator.send(f"{root}/key", number="1", sector="health", **sheet).status == 303
    assert [stored(key) for key in (HEARD, HELPED, WEBSITE)] == [
        Given.chose(2),
        Given.chose(0, 2),
        Given.chose(1),
    ]


@pytest.mark.parametrize(
    ("code", "several", "chosen"),
    [
        ("1", False, (0,)),
        ("31", True, (0, 2)),
        ("1, 3", True, (0, 2)),
        ("31", False, None),
        ("11", True, None),
        ("4", True, None),
        ("0", False, None),
        ("1d", True, None),
        ("", True, None),
    ],
)
def test_keys_of_a_sheet(code: str, several: bool, chosen: tuple[int, ...] | None) -> None:
    answer = keyed_choice(code, 3, several=several)
    assert (answer.chosen if answer else None) == chosen
    assert keyed_choice("D", 3, several=several) == Given(AnswerKind.DONT_KNOW)
