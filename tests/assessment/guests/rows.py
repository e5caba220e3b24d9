"""Opens doors, and brings phones that answer by them."""

from typing import Any

from flask import Flask

from engage.assessment.doors import queries as doors_queries
from engage.assessment.doors import service as doors_service
from engage.assessment.models import Door, Round
from engage.assessment.rules import DoorKind
from engage.coalitions.models import Membership
from engage.extensions import db
from tests.client import EngageClient
from tests.html import Page


def open_door(by: Membership, round_: Round, kind: DoorKind = DoorKind.LINK) -> Door:
    door = doors_service.open_door(by, round_, kind)
    db.session.commit()
    return door


def token(door: Door) -> str:
    found = doors_queries.token_of(door)
    assert found is not None
    return found


def slip_codes(by: Membership, door: Door, count: int) -> list[str]:
    doors_service.make_slips(by, door, count)
    db.session.commit()
    return doors_queries.slips_of(door).codes


class Phone:
    """A browser without an account, at one door."""

    def __init__(self, app: Flask, token: str, address: str = "127.0.0.1") -> None:
        client = app.test_client()
        assert isinstance(client, EngageClient)
        self.client, self.token = client, token
        client.environ_base["REMOTE_ADDR"] = address

    def at(self, path: str = "") -> str:
        return f"/answer/{self.token}{'/' + path if path else ''}"

    def page(self, path: str = "") -> Page:
        return self.client.page(self.at(path))

    def send(self, path: str, **fields: Any) -> Page:
        return self.client.send(self.at(path), **fields)

    def start(self, sector: str = "residents", code: str = "", **fields: str) -> Page:
        """Opens the door's page, or the slip's, and begins."""
        self.client.get(self.at(code))
        return self.send("start", sector=sector, code=code, **fields)

    def answers(self, said: dict[str, Any], *, submit: bool = True) -> "Phone":
        for key, answer in said.items():
            assert self.send(f"questions/{key}", answer=str(answer)).status == 303
        if submit:
            assert self.send("submit").status == 303
        return self


def answered(
    app: Flask, token: str, said: dict[str, Any], sector: str = "residents", code: str = ""
) -> Phone:
    """Returns a phone that began, answered and submitted."""
    phone = Phone(app, token)
    assert phone.start(sector, code).status == 303
    return phone.answers(said)
