"""An import of answers is taken back whole, and what was shown of it counts for what is shown later."""

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.assessment.imports import service
from engage.assessment.models import Answer, AnswersImport, Guest, Response, Round, StoredRelease
from engage.assessment.rules import Asked, BroughtIn
from engage.errors import WrongState
from engage.extensions import db
from tests.assessment.guests.rows import answered, open_channel, token
from tests.assessment.imports.files import ASKED, as_csv, google, microsoft
from tests.assessment.imports.steps import bring_in, only_round, preview, stored, tags
from tests.client import EngageClient
from tests.factories import make_round

HERE = "/c/riverbend/assessment/"


def only_import() -> AnswersImport:
    db.session.expire_all()
    rows = sa.select(AnswersImport).where(AnswersImport.taken_back_at.is_(None))
    return db.session.scalars(rows).one()


def take_back(client: EngageClient) -> None:
    service.take_back(client.membership, only_import())
    db.session.commit()


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_round_made_by_an_import_goes_whole(coordinator: EngageClient) -> None:
    bring_in(coordinator, as_csv(google(20)))
    take_back(coordinator)
    assert [count(each) for each in (Round, Response, Answer, StoredRelease, Guest)] == [0] * 5


def test_of_an_open_round_exactly_the_responses_of_the_file_go(app: Flask, coordinator: EngageClient) -> None:
    round_ = make_round(asked=Asked.ANYONE)
    channel = open_channel(coordinator.membership, round_)
    answered(app, token(channel), {ASKED[0].key: 1})
    bring_in(coordinator, as_csv(google(20)), into=str(round_.id))
    bring_in(coordinator, as_csv(microsoft(12)), into=str(round_.id), scale_to_5="1-5")
    assert count(Response) == 33
    first = db.session.scalars(sa.select(AnswersImport).order_by(AnswersImport.id)).first()
    assert first is not None
    service.take_back(coordinator.membership, first)
    db.session.commit()
    assert count(Response) == 13
    take_back(coordinator)
    assert stored() == [("residents", "1")]
    assert only_round().brought_in is BroughtIn.NONE


def test_after_closing_no_one_knows_which_answers_of_an_open_round_came_from_the_file(
    coordinator: EngageClient,
) -> None:
    round_ = make_round(asked=Asked.ANYONE)
    bring_in(coordinator, as_csv(google(20)), into=str(round_.id))
    coordinator.send(f"{HERE}rounds/{round_.id}/close", losing="99")
    assert not service.may_be_taken_back(only_import())
    with pytest.raises(WrongState):
        service.take_back(coordinator.membership, only_import())


def test_what_was_taken_back_can_be_brought_in_again_as_it_was(coordinator: EngageClient) -> None:
    bring_in(coordinator, as_csv(google(20)))
    before = db.session.scalars(sa.select(StoredRelease.results)).one()
    take_back(coordinator)
    assert bring_in(coordinator, as_csv(google(20))).status == 303
    assert db.session.scalars(sa.select(StoredRelease.results)).one() == before


def test_a_scale_read_the_wrong_way_can_be_put_right(coordinator: EngageClient) -> None:
    bring_in(coordinator, as_csv(microsoft(20)), scale_to_5="5-1")
    wrong = stored()
    take_back(coordinator)
    assert bring_in(coordinator, as_csv(microsoft(20)), scale_to_5="1-5").status == 303
    assert stored() != wrong


@pytest.mark.parametrize("people", [21, 29, 19])
def test_a_few_people_more_or_fewer_are_not_told_apart(coordinator: EngageClient, people: int) -> None:
    """Beside the first results, the second ones would be about the one or two people between them."""
    bring_in(coordinator, as_csv(google(20)))
    take_back(coordinator)
    answer = bring_in(coordinator, as_csv(google(people)))
    assert answer.status == 409
    assert answer.has("together could reveal what one person said")
    assert count(Round) == 0


def test_one_answer_read_in_another_way_is_not_told_apart(coordinator: EngageClient) -> None:
    table = google(20)
    table[4][3] = "Purple"
    purple = "meant_scale_" + next(
        name
        for name in _names(coordinator, table)
        if name.startswith("meant_scale_") and _names(coordinator, table)[name] == ""
    ).removeprefix("meant_scale_")
    bring_in(coordinator, as_csv(table), **{purple: "1"})
    take_back(coordinator)
    assert bring_in(coordinator, as_csv(table), **{purple: "-"}).status == 409


def _names(client: EngageClient, table: list[list[str]]) -> dict[str, str]:
    from tests.assessment.imports.steps import choose
    from tests.partners.steps import sent

    return sent(choose(client, as_csv(table)))


def test_ten_people_more_make_a_new_release(coordinator: EngageClient) -> None:
    bring_in(coordinator, as_csv(google(20)))
    take_back(coordinator)
    assert bring_in(coordinator, as_csv(google(30))).status == 303
    assert db.session.scalars(sa.select(StoredRelease)).one().respondents == 30


def test_what_showed_nothing_binds_nothing(coordinator: EngageClient) -> None:
    bring_in(coordinator, as_csv(google(4)))
    take_back(coordinator)
    assert bring_in(coordinator, as_csv(google(15))).status == 303


def test_what_was_shown_cannot_be_mixed_with_an_open_round(coordinator: EngageClient) -> None:
    bring_in(coordinator, as_csv(google(20)))
    take_back(coordinator)
    round_ = make_round(asked=Asked.ANYONE)
    answer = bring_in(coordinator, as_csv(google(20)), into=str(round_.id))
    assert answer.status == 409
    assert count(Response) == 0


def test_a_longer_file_brings_in_only_what_is_new(coordinator: EngageClient) -> None:
    """Otherwise a second round of the same people and one more would be about that one."""
    bring_in(coordinator, as_csv(google(20)))
    shown = preview(coordinator, as_csv(google(21)))
    assert list(tags(shown).values()).count("new") == 1
