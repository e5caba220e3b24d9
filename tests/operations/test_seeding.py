"""`engage seed`: so many coalitions, whole ones, and never among those that people made."""

import re

import sqlalchemy as sa
from flask import Flask

from engage.coalitions.models import Coalition, Membership
from engage.extensions import db
from engage.plan.models import Action
from tests.factories import make_coalition

SIZE = ("--coalitions", "3", "--actions", "12", "--members", "4")


def _run(app: Flask, *arguments: str) -> tuple[int, str]:
    from engage.cli import main

    done = app.test_cli_runner().invoke(main.commands["seed"], [*SIZE, *arguments])
    return done.exit_code, done.output


def _many(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_it_writes_whole_coalitions_whose_coordinator_signs_in(app: Flask) -> None:
    code, said = _run(app)
    assert (code, "Written: 3. Already there: 0." in said) == (0, True)
    assert [_many(each) for each in (Coalition, Membership, Action)] == [3, 12, 36]
    found = re.search(r"Sign in as (\S+) \(and so on\) with (\S+)", said)
    assert found is not None
    client = app.test_client()
    form = client.get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token is not None
    answer = client.post("/sign-in", data={"email": found[1], "password": found[2], "csrf_token": token[1]})
    assert answer.status_code == 303
    assert client.get("/c/seed-1/plan/").text.count("Ask the county about bed number") >= 12


def test_a_coalition_can_be_without_actions(app: Flask) -> None:
    assert _run(app, "--actions", "0")[0] == 0
    assert [_many(each) for each in (Coalition, Action)] == [3, 0]


def test_it_goes_on_where_it_stopped(app: Flask) -> None:
    _run(app, "--coalitions", "1")
    assert "Written: 2. Already there: 1." in _run(app)[1]
    assert "Written: 0. Already there: 3." in _run(app)[1]
    assert _many(Action) == 36


def test_it_writes_nothing_beside_coalitions_that_people_made(app: Flask) -> None:
    make_coalition()
    code, said = _run(app)
    assert code == 1
    assert "People made coalitions here (1); nothing was written." in said
    assert _many(Coalition) == 1
    assert _run(app, "--yes")[0] == 0
