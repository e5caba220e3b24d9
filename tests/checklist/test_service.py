"""Writing items: rows made when first touched, the tick, details, handing over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.checklist import service
from engage.checklist.models import Item
from engage.checklist.rules import ItemState
from engage.coalitions.models import Membership
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.models import Action
from tests.client import EngageClient
from tests.factories import make_coalition, make_item, make_membership

KEY = "core-team-named"
PEOPLE = 4


def states() -> list[ItemState]:
    return list(db.session.scalars(sa.select(Item.state)))


def test_an_items_row_appears_when_it_is_first_touched_and_only_once(app: Flask) -> None:
    membership = make_membership()
    first = service.item_for(membership, KEY)
    assert (first.state, first.version) == (ItemState.NOT_YET, 1)
    assert service.item_for(membership, KEY) is first
    db.session.commit()
    assert states() == [ItemState.NOT_YET]


def test_each_coalition_has_its_own_row_of_an_item(app: Flask) -> None:
    here, there = make_membership(), make_membership(coalition=make_coalition())
    service.tick(here, KEY)
    service.item_for(there, KEY)
    db.session.commit()
    assert sorted(states()) == [ItemState.DONE, ItemState.NOT_YET]


@pytest.mark.parametrize("start", [ItemState.NOT_YET, ItemState.IN_PROGRESS])
def test_the_tick_goes_to_done_and_back_to_what_it_was(app: Flask, start: ItemState) -> None:
    membership = make_membership()
    make_item(state=start)
    assert service.tick(membership, KEY).state is ItemState.DONE
    assert service.tick(membership, KEY).state is start
    db.session.commit()
    entries = db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id))
    assert [(entry.field, entry.old, entry.new) for entry in entries] == [
        ("state", start, "done"),
        ("state", "done", start),
    ]


def test_a_second_tick_of_what_is_done_already_changes_nothing(app: Flask) -> None:
    first, second = make_membership(), make_membership()
    service.tick(first, KEY, wanted=True)
    item = service.tick(second, KEY, wanted=True)
    db.session.commit()
    assert (item.state, item.changed_by_id, item.version) == (ItemState.DONE, first.id, 2)


def test_what_is_not_for_us_is_not_ticked(app: Flask) -> None:
    make_item(state=ItemState.NOT_FOR_US)
    with pytest.raises(WrongState):
        service.tick(make_membership(), KEY)


def test_saving_without_a_change_leaves_no_history(app: Flask) -> None:
    membership = make_membership()
    item = make_item()
    service.save_details(membership, KEY, 1, service.Details(item.state, None, None, "", ""))
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(HistoryEntry.id))) == 0


def test_history_keeps_people_and_dates_but_no_text(app: Flask) -> None:
    membership = make_membership()
    details = service.Details(
        ItemState.NOT_YET, membership.id, date(2031, 5, 4), "https://example.org/", "Asked the mayor"
    )
    service.save_details(membership, KEY, 1, details)
    db.session.commit()
    entries = db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id))
    assert [(entry.field, entry.old, entry.new) for entry in entries] == [
        ("owner_id", None, str(membership.id)),
        ("due_on", None, "2031-05-04"),
        ("proof", None, None),
        ("note", None, None),
    ]


def test_handing_over_moves_what_is_open_and_says_who_did_it(app: Flask) -> None:
    leaving, staying, actor = make_membership(), make_membership(), make_membership()
    waiting = make_item(owner_id=leaving.id)
    done = make_item(key="host-chosen", owner_id=leaving.id, state=ItemState.DONE)
    others = make_item(key="agency-heads-asked", owner_id=actor.id)
    every = [waiting.id, done.id, others.id]
    assert service.hand_over(leaving, staying, actor, []) == 0
    assert service.hand_over(leaving, staying, actor, every) == 1
    db.session.commit()
    assert [item.owner_id for item in (waiting, done, others)] == [staying.id, leaving.id, actor.id]
    entry = db.session.scalars(sa.select(HistoryEntry)).one()
    assert (entry.actor_id, entry.old, entry.new) == (actor.id, str(leaving.id), str(staying.id))


def test_nothing_is_handed_over_into_another_coalition(app: Flask) -> None:
    leaving = make_membership()
    item = make_item(owner_id=leaving.id)
    with pytest.raises(ValueError, match="stay inside"):
        service.hand_over(leaving, make_membership(coalition=make_coalition()), leaving, [item.id])


def at_once(app: Flask, clients: list[EngageClient], path: str, **fields: str) -> list[int]:
    """Returns what each browser is answered when all post at the same moment."""
    start = Barrier(len(clients))

    def post(client: EngageClient) -> int:
        # The context of a thread of its own: sessions are not shared between them.
        with app.app_context():
            token = client.csrf_token()
            start.wait(timeout=10)
            return client.post(path, data={"csrf_token": token, **fields}).status_code

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(post, clients))


@pytest.fixture
def crowd(client_of: Callable[[Membership], EngageClient]) -> list[EngageClient]:
    clients = [client_of(make_membership()) for _number in range(PEOPLE)]
    db.session.commit()
    return clients


@pytest.mark.parametrize("touched", [False, True])
def test_people_ticking_one_item_at_once_all_succeed(
    app: Flask, crowd: list[EngageClient], touched: bool
) -> None:
    if touched:
        make_item()
    path = f"/c/riverbend/checklist/items/{KEY}/tick"
    assert at_once(app, crowd, path, wanted="done") == [303] * PEOPLE
    assert states() == [ItemState.DONE]
    assert db.session.scalar(sa.select(sa.func.count(HistoryEntry.id))) == 1


@pytest.mark.parametrize("touched", [False, True])
def test_people_making_one_item_an_action_at_once_make_one(
    app: Flask, crowd: list[EngageClient], touched: bool
) -> None:
    if touched:
        make_item()
    assert at_once(app, crowd, f"/c/riverbend/checklist/items/{KEY}/action") == [303] * PEOPLE
    assert db.session.scalar(sa.select(sa.func.count(Action.id))) == 1


def test_of_people_saving_one_item_at_once_one_wins_and_the_others_are_told(
    app: Flask, crowd: list[EngageClient]
) -> None:
    fields = {"version": "1", "state": "in_progress", "owner": "0", "due_on": "", "proof": "", "note": "x"}
    answers = at_once(app, crowd, f"/c/riverbend/checklist/items/{KEY}", **fields)
    assert sorted(answers) == [303] + [409] * (PEOPLE - 1)
    assert clock.now() > db.session.scalars(sa.select(Item)).one().changed_at
