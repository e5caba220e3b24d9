"""What coordinators see of answers puts no respondent together, and shows nothing before its time."""

import csv
import random
from io import StringIO
from itertools import groupby, pairwise

import pytest
import sqlalchemy as sa

from engage import tokens
from engage.assessment.efforts.own import service as own_service
from engage.assessment.efforts.service import Said
from engage.assessment.models import Answer, Effort, Response
from engage.assessment.questions import frozen
from engage.assessment.rounds import service as rounds_service
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import AuditEvent
from engage.content.loader import content
from engage.extensions import db
from engage.operations.redaction import service as redaction_service
from engage.operations.redaction.service import RedactionTarget
from tests import rows
from tests.client import EngageClient
from tests.factories import make_membership, make_response, make_round

HERE = "/c/riverbend/"
STATEMENTS = [each.key for area in frozen(content(), "en").areas for each in area.questions][:6]
PEOPLE = ("Ann", "Ben", "Cal", "Dee", "Eve")


@pytest.fixture
def closed(coordinator: EngageClient) -> str:
    """Closes a round in which five people wrote six notes each; returns its page's address in the coalition."""
    round_ = make_round()
    for name in PEOPLE:
        notes = {key: (2, f"{random.random()} {name}") for key in STATEMENTS}
        make_response(round_, make_membership(), notes)
    rounds_service.close_round(coordinator.membership, round_)
    db.session.commit()
    return f"assessment/rounds/{round_.id}/results/"


def runs(names: list[str]) -> int:
    """Returns how often another name follows: 5 where each person's notes stand together."""
    return len(list(groupby(names)))


def chosen(coordinator: EngageClient, on: str) -> dict[str, str]:
    """Returns the notes that may be removed on a page, by the value of their checkbox."""
    page = coordinator.page(f"{HERE}settings/texts?page={on}")
    boxes = page.all("main input[type=checkbox]")
    values = [str(node.attributes["value"]) for node in boxes]
    found = {value: RedactionTarget.of(value) for value in values if value.startswith("assessment_answer")}
    notes = dict(list(db.session.execute(sa.select(Answer.id, Answer.note))))
    return {value: notes[target.id] for value, target in found.items() if target is not None}


def test_rows_of_a_closed_round_do_not_stand_by_who_wrote_them(closed: str) -> None:
    assert closed
    by_number = db.session.scalars(sa.select(Answer.note).order_by(Answer.id))
    assert runs([note.split()[1] for note in by_number]) > 10


def test_notes_to_choose_from_stand_by_their_words_and_without_their_number(
    coordinator: EngageClient, closed: str
) -> None:
    shown = chosen(coordinator, closed)
    assert len(shown) == len(PEOPLE) * len(STATEMENTS)
    assert list(shown.values()) == sorted(shown.values())
    numbers = {int(value.split("-")[1]) for value in shown}
    assert not numbers & set(db.session.scalars(sa.select(Answer.id)))
    assert not numbers & set(db.session.scalars(sa.select(Response.id)))


def test_a_note_is_removed_by_what_stands_for_its_number(coordinator: EngageClient, closed: str) -> None:
    value, note = next(iter(chosen(coordinator, closed).items()))
    assert coordinator.page(f"{HERE}settings/texts/remove?page={closed}&text={value}").has(note)
    answer = coordinator.send(f"{HERE}settings/texts/remove", page=closed, text=value)
    assert answer.status == 303
    assert note not in set(db.session.scalars(sa.select(Answer.note)))


def test_the_audit_file_tells_no_number_of_a_note(coordinator: EngageClient, closed: str) -> None:
    value, _note = next(iter(chosen(coordinator, closed).items()))
    coordinator.send(f"{HERE}settings/texts/remove", page=closed, text=value)
    # One of before.
    old = {"event": AuditEvent.TEXT_REDACTED, "thing": "assessment_answer", "thing_id": 17, "what": "note"}
    rows.insert(AuditEntry.__table__, old, coalition=coordinator.membership.coalition_id)
    db.session.commit()
    text = coordinator.get(f"{HERE}settings/audit.csv").get_data(as_text=True)
    lines = [
        line
        for line in csv.DictReader(StringIO(text.lstrip("\ufeff")))
        if line["thing"] == "assessment_answer"
    ]
    assert [line["thing_id"] for line in lines] == ["", ""]


def test_a_number_that_is_veiled_comes_back_and_says_nothing_of_its_neighbors() -> None:
    veiled = [tokens.veiled(number, "a key", "a table") for number in range(200)]
    assert [tokens.unveiled(number, "a key", "a table") for number in veiled] == list(range(200))
    assert all(abs(one - other) > 1 for one, other in pairwise(veiled))
    assert veiled != [tokens.veiled(number, "another key", "a table") for number in range(200)]


@pytest.fixture
def held_back(coordinator: EngageClient) -> Effort:
    """An effort that a newcomer named after a reopening, closed again before three had come."""
    round_ = make_round()
    for _each in range(3):
        make_response(round_, make_membership(), {STATEMENTS[0]: 2})
    rounds_service.close_round(coordinator.membership, round_)
    rounds_service.reopen_round(coordinator.membership, round_, "One was late.", None)
    late = make_membership()
    make_response(round_, late, {STATEMENTS[0]: 2})
    own_service.name_effort(late, round_, Said("prevention", "Canary House", "Beds"))
    rounds_service.close_round(coordinator.membership, round_)
    db.session.commit()
    return db.session.scalars(sa.select(Effort)).one()


@pytest.mark.parametrize(
    "path",
    ["assessment/efforts/", "settings/texts?page=assessment/efforts/", "settings/coalition.json"],
)
def test_an_effort_that_no_release_has_shared_is_read_nowhere(
    coordinator: EngageClient, held_back: Effort, path: str
) -> None:
    assert (held_back.response_id, held_back.shared) == (None, False)
    answer = coordinator.get(f"{HERE}{path}")
    assert answer.status_code == 200
    assert "Canary House" not in answer.get_data(as_text=True)


def test_an_effort_that_no_release_has_shared_cannot_be_removed_by_its_number(
    coordinator: EngageClient, held_back: Effort
) -> None:
    text = f"assessment_effort-{held_back.id}-who"
    page = coordinator.page(f"{HERE}settings/texts/remove?page=assessment/efforts/&text={text}")
    assert not page.has("Canary House")
    target = RedactionTarget.of(text)
    assert target is not None
    assert redaction_service.redact(coordinator.membership, [target]) == []
