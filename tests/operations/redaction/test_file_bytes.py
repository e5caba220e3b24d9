"""Tests that a person who is deleted or renamed is not in the bytes of SQLite's file or of its log.

PostgreSQL clears its pages by VACUUM, which is the host's.
"""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from engage.extensions import db
from engage.meetings.models import Attendance
from tests import databases
from tests.client import EngageClient
from tests.factories import make_membership, make_user, signed_in_client
from tests.meetings.rows import MEETINGS, PAST, make_meeting
from tests.plan.signups.test_signups import make_event, sign_up

NAME, ADDRESS = "Ottoline Quist", "ottoline@quist.example.org"


def sent(client: EngageClient, path: str, **fields: Any) -> None:
    """Posts a form and closes its answer, as a server does; then the log is emptied."""
    answer = client.post(path, data={**fields, "csrf_token": client.csrf_token()})
    assert answer.status_code in {200, 303}
    answer.close()


def test_a_deleted_account(app: Flask) -> None:
    if not databases.is_one_file():
        return
    user = make_user(name=NAME, email=ADDRESS)
    client = signed_in_client(app, make_membership(user=user, name=NAME))
    assert databases.hold(NAME) and databases.hold(ADDRESS)
    sent(client, "/account/delete")
    assert not databases.hold(NAME)
    assert not databases.hold(ADDRESS)


def test_the_earlier_address_and_the_earlier_name_of_an_account(app: Flask) -> None:
    if not databases.is_one_file():
        return
    user = make_user(name=NAME, email=ADDRESS)
    client = signed_in_client(app, make_membership(user=user, name=NAME))
    sent(client, "/account/email", email="new@example.org")
    assert databases.hold(NAME)
    assert not databases.hold(ADDRESS)
    sent(client, "/account/", name="Ada Moss")
    assert not databases.hold(NAME)


def test_the_earlier_name_and_address_of_a_person_without_an_account(coordinator: EngageClient) -> None:
    if not databases.is_one_file():
        return
    person = make_membership(name=NAME, user=None, email=ADDRESS).id
    assert databases.hold(NAME) and databases.hold(ADDRESS)
    sent(coordinator, f"/c/riverbend/people/{person}/details", name="Ada Moss", email="")
    assert not databases.hold(NAME)
    assert not databases.hold(ADDRESS)


def test_a_guest_who_is_taken_off_a_meetings_sheet(member: EngageClient) -> None:
    if not databases.is_one_file():
        return
    sheet = f"{MEETINGS}{make_meeting(member.membership, starts_at=PAST).id}/attendance"
    sent(member, sheet, guest=NAME, guest_sector="media", guest_mode="here")
    key = f"g{db.session.scalars(sa.select(Attendance.id)).one()}"
    assert databases.hold(NAME)
    sent(member, sheet, **{f"was-{key}": "here", f"now-{key}": ""})
    assert not databases.hold(NAME)


def test_a_sign_up_that_its_person_cancels(client: EngageClient) -> None:
    if not databases.is_one_file():
        return
    own = sign_up(client, make_event(), name=NAME, email=ADDRESS).location
    assert databases.hold(NAME) and databases.hold(ADDRESS)
    sent(client, f"{own}/cancel")
    assert not databases.hold(NAME)
    assert not databases.hold(ADDRESS)
