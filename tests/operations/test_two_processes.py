"""Two processes on two ports behind a real nginx serve one installation: whatever one knows, the other knows.

Each request of a browser goes to the other process than the one before. On PostgreSQL it runs as a large
installation does; on SQLite two processes share the file.
"""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from selectolax.lexbor import LexborHTMLParser

from bench.processes import free_port
from engage.accounts import service
from engage.accounts.models import User
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.plan.models import Action
from engage.plan.rules import ActionStatus
from tests import databases, factories
from tests.faults.browsers import Browser
from tests.faults.installations import Installation, installation, people
from tests.faults.proxies import SITE, nginx
from tests.partners.steps import fields_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_clock,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx: .ci/run installs it"),
]

PLAN = "/c/riverbend/plan/"
CSV = "goal,action,status\nNobody waits for a bed,Ask the county about the eleventh bed,Completed\n"


@dataclass(frozen=True)
class Twins:
    """An installation's two processes and the nginx in front of them. `email` signs in as a coordinator."""

    first: Installation
    second: Installation
    port: int
    email: str

    def browser(self, like: Browser | None = None, port: int | None = None) -> Browser:
        made = self.first.browser(
            like, Host=SITE, Referer=f"https://{SITE}/", **{"X-Forwarded-Proto": "https"}
        )
        made.port = port or self.port
        return made

    def signed_in(self) -> Browser:
        made = self.browser()
        assert made.sign_in(self.email).status == 303
        return made


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    folder = tmp_path_factory.mktemp("twins")
    with databases.with_tables(folder, "twins") as url:
        shared = None if url.startswith("sqlite") else url
        with installation(database=shared, url=f"https://{SITE}") as first:
            second = replace(first, port=free_port(), process=None, browsers=[])
            try:
                with first.app.app_context():
                    email = _coordinator(first)
                first.start()
                second.start()
                with nginx(first.port, second.port) as port:
                    yield Twins(first, second, port, email)
            finally:
                second.kill()


def _coordinator(made: Installation) -> str:
    members = people(made, 2)
    members[0][0].role = Role.COORDINATOR
    factories.make_action(factories.make_plan(), number=1)
    db.session.commit()
    return members[0][1]


def test_who_signed_in_at_one_is_signed_in_at_both_until_they_sign_out_at_either(twins: Twins) -> None:
    person = twins.signed_in()
    assert [person.get(PLAN).status for _request in range(6)] == [200] * 6
    stolen = [twins.browser(person, port) for port in (twins.first.port, twins.second.port)]
    assert [each.get("/account/").status for each in stolen] == [200, 200]
    person.post("/sign-out")
    assert [each.get("/account/").status for each in stolen] == [303, 303]


def test_guesses_are_counted_over_both(twins: Twins) -> None:
    with twins.first.app.app_context():
        email = people(twins.first, 1)[0][1]
    stranger = twins.browser()
    stranger.get("/sign-in")
    said = [
        stranger.post("/sign-in", email=email, password="wrong but long enough").status for _try in range(12)
    ]
    assert said[:10] == [422] * 10
    assert said[10:] == [429] * 2


def test_what_one_reads_of_a_file_the_other_takes_in(twins: Twins) -> None:
    person = twins.signed_in()
    person.get(f"{PLAN}import/")
    page = person.post(f"{PLAN}import/", table=CSV)
    assert page.status == 200
    assert "Ask the county about the eleventh bed" in page.text
    form = next(each for each in LexborHTMLParser(page.text).css("form") if each.css_first("[name=carried]"))
    fields = {name: value for name, value in fields_of(form).items() if name != "csrf_token"}
    saved = person.post(f"{PLAN}import/save", **fields)
    assert saved.status == 303, saved.text
    with twins.first.app.app_context():
        titles = db.session.scalars(sa.select(Action.title).where(Action.status == ActionStatus.DONE)).all()
    assert titles == ["Ask the county about the eleventh bed"]


def test_a_link_that_works_once_works_once_for_both(twins: Twins) -> None:
    with twins.first.app.app_context():
        user = db.session.scalars(sa.select(User).where(User.email == twins.email)).one()
        token = service.make_password_link(user, made_by=None)
        db.session.commit()
    strangers = [twins.browser(port=port) for port in (twins.first.port, twins.second.port)]
    for each in strangers:
        each.get(f"/reset/{token}")
    with ThreadPoolExecutor(2) as pool:
        said = list(
            pool.map(lambda each: each.post(f"/reset/{token}", password=factories.PASSWORD).status, strangers)
        )
    assert sorted(said) == [303, 410]


def test_a_change_at_one_is_taken_back_at_the_other(twins: Twins) -> None:
    person = twins.signed_in()
    page = person.get(f"{PLAN}actions/1/change")
    version = re.search(r'name="version"[^>]* value="(\d+)"', page.text)
    assert version is not None
    answer = person.post(f"{PLAN}actions/1/change", version=version[1], owner_id="0", status="under_way")
    assert answer.status == 303
    undo = re.search(r'action="([^"]*/undo/\d+)"', person.get(PLAN).text)
    assert undo is not None
    assert person.post(undo[1]).status == 303
    with twins.first.app.app_context():
        first = sa.select(Action.status).where(Action.number == 1)
        assert db.session.scalars(first).one() is ActionStatus.NOT_STARTED


def test_the_days_work_of_two_at_once_is_done_once(twins: Twins) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda made: made.command("tick"), (twins.first, twins.second)))
    assert [each.returncode for each in done] == [0, 0], [each.stderr for each in done]
