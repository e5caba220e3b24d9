"""An import of answers is taken back whole, and what was shown of it counts for what is shown later."""

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.assessment.models import Answer, Guest, Response, Round, StoredRelease
from engage.assessment.rules import Asked, BroughtIn
from engage.coalitions.undo_imports import service as undo_service
from engage.errors import WrongState
from engage.extensions import db
from engage.snapshots import Snapshot, SnapshotFor
from tests.assessment.guests.rows import answered, open_channel, token
from tests.assessment.imports.files import ASKED, as_csv, google, microsoft
from tests.assessment.imports.steps import bring_in, only_round, preview, stored, tags
from tests.client import EngageClient
from tests.factories import make_agreed, make_round

HERE = "/c/riverbend/assessment/"


def copies() -> list[Snapshot]:
    """Returns the imports that can be undone, the first one first."""
    db.session.expire_all()
    rows = sa.select(Snapshot).where(Snapshot.kept_for == SnapshotFor.IMPORT, Snapshot.ended.is_(None))
    return list(db.session.scalars(rows.order_by(Snapshot.id)))


def address_of(copy: Snapshot) -> str:
    return f"/c/riverbend/settings/imports/{copy.id}/undo"


def take_back(client: EngageClient, at: int = -1) -> None:
    undo_service.undo(client.membership, copies()[at])
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
    take_back(coordinator, 0)
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
    page = coordinator.page(address_of(copies()[0]))
    assert page.has("This round is closed: no one can tell anymore which answers came from the file.")
    with pytest.raises(WrongState):
        take_back(coordinator)


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


def test_an_import_is_undone_by_its_button(coordinator: EngageClient) -> None:
    answer = bring_in(coordinator, as_csv(google(20)))
    page = coordinator.page(answer.location)
    assert address_of(copies()[0]) in page.response.text
    asked = coordinator.page(address_of(copies()[0]))
    assert asked.has("1 file of answers")
    assert coordinator.send(address_of(copies()[0])).status == 303
    assert count(Round) == 0


def test_what_was_built_on_the_results_keeps_the_round_and_is_named(coordinator: EngageClient) -> None:
    bring_in(coordinator, as_csv(google(20)))
    make_agreed(only_round(), ASKED[0].key, value=2)
    page = coordinator.page(address_of(copies()[0]))
    assert page.has("Since then, someone added or changed: Agreed value.")
    with pytest.raises(WrongState):
        take_back(coordinator)
    db.session.rollback()
    assert count(Round) == 1
