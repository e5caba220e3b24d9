"""Opens doors, and brings phones that answer by them."""

from typing import Any

from flask import Flask

from engage.assessment.channels import queries as channels_queries
from engage.assessment.channels import service as channels_service
from engage.assessment.models import Channel, Round
from engage.assessment.rules import ChannelKind
from engage.coalitions.models import Membership
from engage.extensions import db
from tests.client import EngageClient
from tests.html import Page


def open_channel(by: Membership, round_: Round, kind: ChannelKind = ChannelKind.LINK) -> Channel:
    channel = channels_service.open_channel(by, round_, kind)
    db.session.commit()
    return channel


def token(channel: Channel) -> str:
    found = channels_queries.token_of(channel)
    assert found is not None
    return found


def slip_codes(by: Membership, channel: Channel, count: int) -> list[str]:
    channels_service.make_slips(by, channel, count)
    db.session.commit()
    return channels_queries.slips_of(channel).codes


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
