"""Provides a provider of accounts on this machine, switched on in the installation."""

import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from engage.accounts.providers import protocol
from tests.accounts.providers import mock as mocks
from tests.accounts.providers.mock import Mock
from tests.client import EngageClient
from tests.html import Page

START = "/sign-in/with/1"
Go = Callable[..., Page]


@pytest.fixture(scope="session")
def served() -> Iterator[Mock]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with mocks.serving() as mock:
        yield mock


@pytest.fixture
def mock(served: Mock, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mock]:
    """Returns the provider *Lakeside*, honest and switched on."""
    served.honest()
    protocol.forget()
    monkeypatch.setitem(app.config, "PROVIDERS", (served.settings(),))
    yield served
    protocol.forget()


def address_on(page: Page) -> str:
    """Returns the provider's address to which the page leads."""
    assert page.status == 200, page.text("main")
    address = page.headers["Refresh"].removeprefix("0; url=")
    assert page.one("main a.btn-primary").attributes["href"] == address
    return address


@pytest.fixture
def go(mock: Mock) -> Go:
    """Returns a function that goes to the provider and comes back as this person."""

    def through(client: EngageClient, subject: str = "ann", start: str = START, **fields: str) -> Page:
        address = address_on(client.send(start, **fields))
        return Page(client.get(mock.approve(address, subject)))

    return through
