"""Runs Engage to be measured: seeded, served by its own command, and used as a signed-in coordinator."""

import hashlib
import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event

from bench import phones, processes, seed
from bench.floor import ASKED, TEXTS
from bench.load import Make, Request, connect, one
from engage import create_app
from engage.coalitions.models import Coalition
from engage.config import Config, prepare
from engage.content import loader
from engage.extensions import db
from engage.plan.models import Action, Plan

ENGAGE = ["-c", "from engage.cli import main; main()"]
RAW_TOKEN = "0123456789abcdef0123456789abcdef01234567"


class Engage:
    """An installation in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("ENGAGE_DATABASE_URL", "ENGAGE_URL"):
            os.environ.pop(name, None)
        prepare(folder)
        self.app: Flask = create_app(Config.from_environment(folder))
        self.coalitions = 4
        with self.app.app_context():
            upgrade()
            actions = {"small": 200, "large": 5000, "month": 250, "archive": TEXTS}
            made = {slug: seed.coalition(slug, actions=many) for slug, many in actions.items()}
            seed.calendar(made["month"], entries=500)
            seed.searched(made["archive"])
            self.plan = db.session.scalars(
                sa.select(Plan.id).where(Plan.coalition_id == made["large"].id)
            ).one()
            around = seed.open_round(made["small"])
            self.round_id, self.poster = around.id, phones.open_door(around)
            self.cookies = {slug: self._cookie(seed.signed_in(each)) for slug, each in made.items()}
            db.session.commit()

    def _cookie(self, token: str) -> str:
        # As after signing in, with Flask-Login's mark of the browser: an answer then sets no cookie.
        browser = hashlib.sha512(b"127.0.0.1|None").hexdigest()
        content = {"_user_id": token, "_fresh": True, "_id": browser, "csrf_token": RAW_TOKEN}
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        return f"{self.app.config['SESSION_COOKIE_NAME']}={serializer.dumps(content)!s}"

    def requests(self) -> dict[str, Make]:
        """Returns the requests by the name of their row."""
        small, large = self.cookies["small"], self.cookies["large"]
        token = str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(RAW_TOKEN))
        item = loader.content().tips[0].items[0].key
        indicators = [indicator.key for indicator in loader.content().indicators]
        questions = f"/c/small/assessment/rounds/{self.round_id}/questions"
        versions = itertools.count(self._version_of_seventh())

        def page(path: str, cookie: str = small) -> Make:
            return lambda _number: Request.get(path, cookie)

        def status_change(_number: int) -> Request:
            version = next(versions)
            status = ("under_way", "not_started")[version % 2]
            fields = {"csrf_token": token, "version": str(version), "status": status, "owner_id": "0"}
            return Request.post("/c/small/plan/actions/7/change", small, fields, htmx=True)

        def answer(number: int) -> Request:
            fields = {"csrf_token": token, "answer": str(number % 5)}
            return Request.post(f"{questions}/{indicators[number % len(indicators)]}", small, fields)

        tick = f"/c/small/checklist/items/{item}/tick"
        exports = {kind: f"/c/large/plan/{self.plan}/plan.{kind.lower()}" for kind in ("CSV", "XLSX", "JSON")}
        found = f"/c/archive/search/?{urlencode({'q': ASKED})}"
        return {
            "sign-in page": page("/sign-in", ""),
            "home": page("/c/large/", large),
            "list of 200 actions": page("/c/small/plan/"),
            "board of 200 actions": page("/c/small/plan/?view=board"),
            "one action's page": page("/c/small/plan/actions/7"),
            "one status change": status_change,
            "one small write": lambda _n: Request.post(tick, small, {"csrf_token": token}, htmx=True),
            "first page of 5,000 actions": page("/c/large/plan/", large),
            "saving one answer": answer,
            "a question": page(f"{questions}/{indicators[0]}"),
            "checklist": page("/c/small/checklist/"),
            "meetings": page("/c/small/meetings/"),
            "search in 20,000 texts": page(found, self.cookies["archive"]),
            "calendar of 500 entries": page("/c/month/calendar/", self.cookies["month"]),
            **{f"all 5,000 actions as {kind}": page(path, large) for kind, path in exports.items()},
        }

    def _version_of_seventh(self) -> int:
        of = sa.select(Action.version).join(Coalition).where(Coalition.slug == "small", Action.number == 7)
        with self.app.app_context():
            return db.session.scalars(of).one()

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

    def queries(self, request: Request) -> int:
        """Counts the statements one such request sends to the database, in this process."""
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.lstrip()[:6].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
                statements.append(statement)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        client = self.app.test_client(use_cookies=False)
        client.open(request.path, method=request.method, headers=request.headers, data=request.body or None)
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    def visit(self, port: int, path: str, cookie: str = "") -> float:
        """Returns the kilobytes of a page and every file that it names, compressed."""
        page = one(connect(port), Request("GET", path, {"Cookie": cookie}))[1].decode()
        files = sorted(set(re.findall(r'"(/static/[^"#]+)', page)))
        asked = [Request.get(path, cookie), *map(Request.get, files)]
        return sum(len(one(connect(port), each)[1]) for each in asked) / 1024

    def grow_to(self, many: int) -> None:
        """Fills up to so many coalitions with 200 actions and 30 people each."""
        with self.app.app_context():
            for number in range(self.coalitions, many):
                seed.coalition(f"other-{number}", actions=200, people=30)
                db.session.commit()
                db.session.expunge_all()
        self.coalitions = max(self.coalitions, many)
