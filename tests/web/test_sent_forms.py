"""A form that is sent once more, because its answer was lost, is carried out once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import Client

from engage import clock
from engage.coalitions.models import Coalition
from engage.extensions import db
from engage.operations.daily import retention
from engage.partners.models import Organization
from engage.web.lost_connections import MARK, MARKS_KEPT, SentForm
from tests.client import EngageClient
from tests.databases import counted_queries

ADD = "/c/riverbend/partners/new"
MARKED = {MARK: "0123456789abcdef0123"}
ONCE = "This was saved the first time it was sent. Nothing was done twice."
WORDS = "/c/riverbend/about/edit/words"


def fields(name: str = "Hope Clinic") -> dict[str, str]:
    return {"name": name, "sector": "health", "state": "prospect", "sure": name.lower()}


def organizations() -> int:
    return db.session.scalars(sa.select(sa.func.count()).select_from(Organization)).one()


def marks() -> int:
    return db.session.scalars(sa.select(sa.func.count()).select_from(SentForm)).one()


def test_a_form_sent_again_is_carried_out_once_and_says_so(coordinator: EngageClient) -> None:
    assert coordinator.send(ADD, **fields(), **MARKED).status == 303
    again = coordinator.send(ADD, **fields(), **MARKED)
    assert (again.status, organizations(), marks()) == (303, 1, 1)
    assert ONCE in coordinator.get(again.location or "", follow_redirects=True).text


def test_a_form_without_a_mark_or_with_another_one_is_checked_as_ever(coordinator: EngageClient) -> None:
    for mark, status in (({}, 303), ({}, 422), ({MARK: "no mark"}, 422), (MARKED, 422)):
        assert coordinator.send(ADD, **fields(), **mark).status == status
    assert (organizations(), marks()) == (1, 0)


def test_what_was_changed_before_it_was_sent_again_is_not_dropped(coordinator: EngageClient) -> None:
    for name in ("Hope Clinic", "Hope Clinic of the North"):
        assert coordinator.send(ADD, **fields(name), **MARKED).status == 303
    assert organizations() == 2


def test_a_refused_form_leaves_no_mark(coordinator: EngageClient) -> None:
    assert coordinator.send(ADD, **fields(""), **MARKED).status == 422
    assert marks() == 0


def test_htmx_is_told_to_load_the_page_again(coordinator: EngageClient) -> None:
    assert coordinator.send(ADD, **fields(), **MARKED).status == 303
    headers = {"HX-Request": "true"}
    typed = {**fields(), **MARKED, "csrf_token": coordinator.csrf_token()}
    again = coordinator.post(ADD, data=typed, headers=headers)
    assert (again.status_code, again.headers["HX-Trigger"], organizations()) == (204, "carriedOut", 1)


def test_two_at_once_are_carried_out_once(app: Flask, coordinator: EngageClient) -> None:
    """The second waits for the first one's commit, or finds on PostgreSQL that the name is taken by then."""
    token, both = coordinator.csrf_token(), Barrier(2)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = coordinator.get_cookie(name)
    assert cookie is not None
    answers: list[int] = []

    def send() -> None:
        client = Client(app)
        client.set_cookie(name, cookie.value)
        both.wait()
        answers.append(client.post(ADD, data={**fields(), **MARKED, "csrf_token": token}).status_code)

    db.session.remove()
    threads = [Thread(target=send) for _time in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(answers)[0], organizations(), marks()) == (303, 1, 1)


def test_the_mark_costs_one_look_and_one_insert(coordinator: EngageClient) -> None:
    typed = {"mission": "A door.", "vision": "", "definitions": ""}
    coordinator.send(WORDS, **typed, version="0")
    for version, mark, cost in (("1", {}, 0), ("2", MARKED, 2)):
        with counted_queries() as statements:
            sent = coordinator.send(
                WORDS, **{**typed, "mission": f"{version} doors."}, version=version, **mark
            )
        assert sent.status == 303
        assert sum("web_sent_form" in each for each in statements) == cost
    assert db.session.scalars(sa.select(Coalition.mission)).one() == "2 doors."


def test_someone_who_may_not_send_it_learns_nothing(client: EngageClient, coordinator: EngageClient) -> None:
    coordinator.send(ADD, **fields(), **MARKED)
    assert client.send(ADD, **fields(), **MARKED).status == 401


@pytest.mark.parametrize(("age", "left"), [(MARKS_KEPT - timedelta(hours=1), 1), (MARKS_KEPT * 1.1, 0)])
def test_old_marks_are_deleted_by_the_daily_work(app: Flask, age: timedelta, left: int) -> None:
    db.session.add(SentForm(mark="0" * 64, sent_at=clock.now() - age))
    db.session.commit()
    failed: list[Exception] = []
    assert retention.prune(clock.now(), failed)["sent_forms"] == 1 - left
    assert (failed, marks()) == ([], left)
