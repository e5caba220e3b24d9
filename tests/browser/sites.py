"""Provides an installation whose people a journey makes itself, and a mail server that keeps what is sent to them."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from engage.coalitions.rules import Role
from engage.config import Config
from engage.extensions import db
from engage.plan.models import Plan
from tests import databases, factories
from tests.browser import servers
from tests.browser.servers import Server
from tests.factories import PASSWORD
from tests.messages import smtp

MAIL_SECONDS = 20


@dataclass(frozen=True)
class Site:
    """A running Engage, the same installation from within, and the mail server it sends to."""

    server: Server
    app: Flask
    mail: smtp.Taken

    def person(self, name: str, role: Role = Role.MEMBER, **account: Any) -> str:
        """Returns the address of a new person of Riverbend County; their password is PASSWORD."""
        with self.app.app_context():
            user = factories.make_user(name=name, **account)
            factories.make_membership(name=name, role=role, user=user)
            return str(user.email)

    def action(self, **values: Any) -> str:
        """Returns the address of a new action's page."""
        with self.app.app_context():
            plan = db.session.scalar(sa.select(Plan)) or factories.make_plan()
            action = factories.make_action(plan, **values)
            return f"/c/riverbend/plan/actions/{action.number}"

    def mail_to(self, address: str, *, after: EmailMessage | None = None) -> EmailMessage:
        """Returns the latest mail to this address, one that came later if `after` is given.

        A thread of the server sends it after its answer.
        """
        until = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < until:
            for mail in reversed(self.mail.mails):
                if mail is after:
                    break
                if mail["To"] == address:
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address}; there are mails to {self.mail.recipients}")

    def link_in(self, mail: EmailMessage) -> str:
        """Returns the path of the link in a mail."""
        found = re.search(re.escape(self.server.url) + r"(/\S+)", str(mail.get_content()))
        assert found is not None, mail.get_content()
        return found[1]


@contextmanager
def running(folder: Path, host: str = "127.0.0.1") -> Iterator[Site]:
    """Serve this data folder of a new installation at this host name, and take its mail."""
    port = servers.free_port()
    app = databases.app_of(Config.from_environment(folder, port=port))
    with smtp.taking() as mail:
        settings = {
            "ENGAGE_SMTP_HOST": "127.0.0.1",
            "ENGAGE_SMTP_PORT": str(mail.port),
            "ENGAGE_SMTP_FROM": "engage@example.org",
            "ENGAGE_SMTP_TLS": "none",
            "ENGAGE_URL": f"http://{host}:{port}",
        }
        with servers.running(["serve", "--port", str(port)], folder, port, **settings) as server:
            yield Site(replace(server, url=f"http://{host}:{port}"), app, mail)
    databases.close(app)


def sign_in(page: Page, email: str) -> None:
    """Sign in and see the coalition's home."""
    give_password(page, email)
    page.wait_for_url("**/c/**")


def give_password(page: Page, email: str) -> None:
    """Only the first step: a refusal may follow, or the question for a second factor."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in (my own").click()


def sign_out(page: Page) -> None:
    page.goto("/account/")
    page.locator("#main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
