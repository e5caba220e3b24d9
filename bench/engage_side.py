"""Runs Engage to be measured: seeded, served by its own command, and used as a signed-in coordinator."""

import itertools
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer

from bench import processes
from bench.floor import ASKED, TEXTS, texts
from bench.load import Asked, Make, client, get, post
from engage import clock, create_app
from engage.accounts import service as accounts
from engage.accounts.models import User
from engage.assessment.answering import service as answering
from engage.assessment.channels import queries as channels_queries
from engage.assessment.channels import service as channels
from engage.assessment.rounds import service as rounds
from engage.assessment.rules import ChannelKind
from engage.coalitions.models import Coalition, Membership
from engage.config import Config, prepare
from engage.content import loader
from engage.extensions import db
from engage.operations import seeding
from engage.plan.models import Action, Plan, Update

ENGAGE = ["-c", "from engage.cli import main; main()"]
RAW_TOKEN = "0123456789abcdef0123456789abcdef01234567"
# The coalitions that are there from the start, with so many actions.
ACTIONS = {"small": 200, "large": 5000, "month": 500, "archive": TEXTS}


class Row(NamedTuple):
    """A request to measure: what the floor does beside it, if anything, and how many times as long it may take."""

    make: Make
    floor: str = ""
    limit: float = 0


class Engage:
    """An installation in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("ENGAGE_DATABASE_URL", "ENGAGE_URL"):
            os.environ.pop(name, None)
        prepare(folder)
        self.app = create_app(Config.from_environment(folder))
        self.tips = [item.key for item in loader.content().tips[0].items]
        self.keys = [indicator.key for indicator in loader.content().indicators]
        with self.app.app_context():
            upgrade()
            made = {slug: _seeded(slug, many, 50) for slug, many in ACTIONS.items()}
            _fill_month(made["month"])
            _fill_texts(made["archive"])
            people = {slug: _first(Membership, each) for slug, each in made.items()}
            self.round_id, self.poster = _open_round(people["small"])
            self.plan, self.version = _first(Plan, made["large"]).id, _actions(made["small"])[6].version
            self.cookies = {slug: self._signed_in(each) for slug, each in people.items()}
            db.session.commit()

    def _signed_in(self, person: Membership) -> str:
        """Returns the cookie after signing in."""
        token = accounts.start_session(db.session.get_one(User, person.user_id))
        content = {"_user_id": token, "csrf_token": RAW_TOKEN}
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        return f"{self.app.config['SESSION_COOKIE_NAME']}={serializer.dumps(content)!s}"

    def rows(self) -> dict[str, Row]:
        """Returns the rows by name; people use the first twelve most."""
        small, large = self.cookies["small"], self.cookies["large"]
        token = str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(RAW_TOKEN))
        questions = f"/c/small/assessment/rounds/{self.round_id}/questions"
        versions = itertools.count(self.version)

        def page(path: str, cookie: str = small) -> Make:
            return lambda _number: get(path, cookie)

        def status_change(_number: int) -> Asked:
            version = next(versions)
            status = ("under_way", "not_started")[version % 2]
            fields = {"csrf_token": token, "version": str(version), "status": status, "owner_id": "0"}
            return post("/c/small/plan/actions/7/change", small, fields, htmx=True)

        def tick(_number: int) -> Asked:
            path = f"/c/small/checklist/items/{self.tips[0]}/tick"
            return post(path, small, {"csrf_token": token}, htmx=True)

        def answer(number: int) -> Asked:
            fields = {"csrf_token": token, "answer": str(number % 5)}
            return post(f"{questions}/{self.keys[number % len(self.keys)]}", small, fields)

        exported, asked = f"/c/large/plan/{self.plan}/plan", urlencode({"q": ASKED})
        return {
            "sign-in page": Row(page("/sign-in", ""), "sign-in", 5),
            "list of 200 actions": Row(page("/c/small/plan/"), "list", 4),
            "board of 200 actions": Row(page("/c/small/plan/?view=board"), "list", 4),
            "home": Row(page("/c/large/", large), "counts", 4),
            "one action's page": Row(page("/c/small/plan/actions/7"), "item", 5),
            "first page of 5,000 actions": Row(page("/c/large/plan/", large), "first", 5),
            "one small write": Row(tick, "write", 4),
            "one status change": Row(status_change, "write", 5),
            "saving one answer": Row(answer, "write", 4),
            "a question": Row(page(f"{questions}/{self.keys[0]}")),
            "checklist": Row(page("/c/small/checklist/")),
            "meetings": Row(page("/c/small/meetings/")),
            "calendar of 500 entries": Row(page("/c/month/calendar/", self.cookies["month"]), "list", 5),
            "search in 20,000 texts": Row(
                page(f"/c/archive/search/?{asked}", self.cookies["archive"]), "search", 3
            ),
            "all 5,000 actions as CSV": Row(page(f"{exported}.csv", large), "whole list", 4),
            "all 5,000 actions as XLSX": Row(page(f"{exported}.xlsx", large), "whole list", 4),
            "all 5,000 actions as JSON": Row(page(f"{exported}.json", large), "whole list", 4),
        }

    @contextmanager
    def serving(self, folder: Path | None = None, group: Path | None = None) -> Iterator[processes.Running]:
        """Runs `engage serve`, with the settings we recommend, for its own folder or this one."""
        port = processes.free_port()
        command = [*ENGAGE, "serve", "--port", str(port)]
        with processes.serving(command, port, "/healthz", self._settings(folder), group) as server:
            yield server

    def command(self, name: str, group: Path) -> int:
        """Runs a command of Engage in this control group; returns its exit code."""
        return processes.start([*ENGAGE, name], self._settings(), group).wait()

    def _settings(self, folder: Path | None = None) -> dict[str, str]:
        return {"ENGAGE_DATA": str(folder or self.folder), "ENGAGE_LIMITS": "off"}

    def visit(self, port: int, path: str, cookie: str = "") -> float:
        """Returns the kilobytes of a page and every file that it names, compressed."""
        with client(port) as asking:
            page = asking.request(**get(path, cookie))
            files = set(re.findall(r'"(/static/[^"#]+)', page.text))
            answers = [page, *(asking.request(**get(file)) for file in files)]
        return sum(answer.num_bytes_downloaded for answer in answers) / 1024

    def grow_to(self, many: int) -> None:
        """Fills up to so many coalitions with 200 actions and 30 people each."""
        for number in range(len(ACTIONS), many):
            _seeded(f"other-{number}", 200, 30)
            db.session.commit()
            db.session.expunge_all()


def _seeded(slug: str, actions: int, people: int) -> Coalition:
    return seeding.coalition(slug, actions=actions, people=people, password_hash="-")


def _first(kind: type[Any], made: Coalition) -> Any:
    of = sa.select(kind).where(kind.coalition_id == made.id).order_by(kind.id)
    return db.session.scalars(of.limit(1)).one()


def _actions(made: Coalition) -> Sequence[Action]:
    of = sa.select(Action).where(Action.coalition_id == made.id)
    return db.session.scalars(of.order_by(Action.number)).all()


def _open_round(person: Membership) -> tuple[int, str]:
    """Opens a round that this person answers, and its link; returns its id and the link's path."""
    round_ = rounds.open_round(person, title="Open round", k=3, closes_on=None)
    answering.start(person, round_, "en")
    token = channels_queries.token_of(channels.open_channel(person, round_, ChannelKind.LINK))
    return round_.id, f"/answer/{token}"


def _fill_texts(made: Coalition) -> None:
    """Writes the texts that are searched into the coalition's actions and what is told below these."""
    for action, title, text in zip(_actions(made), texts(0), texts(1), strict=True):
        action.title = title
        db.session.add(Update(coalition_id=made.id, action_id=action.id, written_at=clock.now(), text=text))


def _fill_month(made: Coalition) -> None:
    """Moves the due dates of the coalition's actions to all days of the current month."""
    first = clock.today().replace(day=1)
    for number, action in enumerate(_actions(made)):
        action.start_on, action.due_on = None, first + timedelta(days=number % 28)
