"""Runs Engage to be measured: seeded, served by its own command, and used as a signed-in coordinator."""

import hashlib
import http.client
import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from itsdangerous import Signer, URLSafeTimedSerializer
from sqlalchemy import event

from bench import answering, phones, processes, seed, signing_up, texts, voting
from bench.load import Request, measure
from engage import create_app
from engage.coalitions.models import Coalition
from engage.config import Config, prepare
from engage.content import loader
from engage.extensions import db
from engage.plan.models import Action, Plan

RAW_TOKEN = "0123456789abcdef0123456789abcdef01234567"

# Each kind of filter of the directory, as an address asks for it.
DIRECTORY_FILTERS = (
    "text=grace+county",
    "text=nobody+at+all",
    "sector=health",
    "group=care",
    "discipline=nurses",
    "area=response",
    "level=3",
    "level=none",
    "county=county+7",
    "language=language+3",
    "old=yes",
    "alone=yes",
    "sort=level",
    "text=service&area=response",
    "area=response&discipline=nurses&county=county+7",
    "group=care&area=response&level=3&old=yes",
    "alone=yes&old=yes&sort=level",
    "area=response&page=30",
)


class Engage:
    """An installation in a folder of its own."""

    def __init__(self, folder: Path, database: str | None = None) -> None:
        self.folder = folder
        os.environ.pop("ENGAGE_DATABASE_URL", None)
        if database is not None:  # its servers read it, too
            os.environ["ENGAGE_DATABASE_URL"] = database
        os.environ.pop("ENGAGE_URL", None)
        prepare(folder)
        self.app: Flask = create_app(Config.from_environment(folder))
        self.coalitions = 5
        with self.app.app_context():
            upgrade()
            small, large = seed.coalition("small", actions=200), seed.coalition("large", actions=5000)
            self.large_plan = db.session.scalars(
                sa.select(Plan.id).where(Plan.coalition_id == large.id)
            ).one()
            closed = seed.closed_round(small, responses=300)
            self.round_id = closed.id
            full = seed.coalition("directory", actions=200)
            seed.directory(full, organizations=5000)
            seed.strengths_and_needs(small, closed, each=300)
            self.open_id = seed.open_round(small).id
            self.door = answering.open_door(self.open_id)
            self.vote, self.room = voting.open_vote(small), voting.open_vote(small)
            self.event = signing_up.open_event(small)
            month = seed.coalition("month", actions=200)
            seed.calendar(month, entries=500)
            archive = seed.coalition("archive", actions=texts.EACH)
            seed.searched(archive)
            made = (small, large, full, month, archive)
            self.cookies = {each.slug: self._cookie(seed.signed_in(each)) for each in made}
            db.session.commit()

    def _cookie(self, token: str) -> str:
        # As after signing in, with Flask-Login's mark of the browser: an answer then sets no cookie.
        browser = hashlib.sha512(b"127.0.0.1|None").hexdigest()
        return self._session({"_user_id": token, "_fresh": True, "_id": browser, "csrf_token": RAW_TOKEN})

    def _session(self, content: dict[str, object]) -> str:
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return f"{self.app.config['SESSION_COOKIE_NAME']}={serializer.dumps(content)}"

    @property
    def _token(self) -> str:
        return str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(RAW_TOKEN))

    def requests(self) -> dict[str, Callable[[int], Request]]:
        """Returns the requests by the name of their row."""
        slugs = ("small", "large", "directory", "month", "archive")
        small, large, directory, month, archive = (self.cookies[slug] for slug in slugs)
        words = urlencode({"q": texts.ASKED})
        token = self._token
        item = loader.content().tips[0].items[0].key
        indicators = [indicator.key for indicator in loader.content().indicators]

        def answer(number: int) -> Request:
            path = (
                f"/c/small/assessment/rounds/{self.open_id}/questions/{indicators[number % len(indicators)]}"
            )
            return Request.post(path, small, {"csrf_token": token, "answer": str(number % 5)})

        versions = itertools.count(self._version_of_seventh())

        def status_change(*, htmx: bool) -> Request:
            version = next(versions)
            fields = {"version": str(version), "status": ("under_way", "not_started")[version % 2]}
            path = "/c/small/plan/actions/7/change"
            return Request.post(path, small, {"csrf_token": token, "owner_id": "0", **fields}, htmx=htmx)

        signer = Signer(self.app.config["SECRET_KEY"], salt="ballot")
        stranger = self._session({"csrf_token": RAW_TOKEN})

        def ballot(number: int) -> Request:
            browser = f"{stranger}; ballot={signer.sign(f'phone-{number}').decode()}"
            fields = self.vote.marks(voting.NEEDS, 1 + number % 5)
            return Request.post(self.vote.path, browser, {"csrf_token": token, **fields})

        def sign_up(number: int) -> Request:
            fields = {"name": f"Person {number}", "phone": "555-0100", "press": f"press-{number}"}
            return Request.post(self.event, stranger, {"csrf_token": token, **fields})

        return {
            "one vote": ballot,
            "one sign-up": sign_up,
            "sign-in page": lambda _n: Request.get("/sign-in"),
            "list of 200 actions": lambda _n: Request.get("/c/small/plan/", small),
            "board of 200 actions": lambda _n: Request.get("/c/small/plan/?view=board", small),
            "one action's page": lambda _n: Request.get("/c/small/plan/actions/7", small),
            # Answered as the floor's write is, with a redirect; then with the new row, counts and progress.
            "one status change": lambda _n: status_change(htmx=False),
            "one status change, drawn anew": lambda _n: status_change(htmx=True),
            "one small write": lambda _n: Request.post(
                f"/c/small/checklist/items/{item}/tick", small, {"csrf_token": token}, htmx=True
            ),
            "home": lambda _n: Request.get("/c/large/", large),
            "first page of 5,000 actions": lambda _n: Request.get("/c/large/plan/", large),
            **{
                f"all 5,000 actions as {kind.upper()}": (
                    lambda _n, kind=kind: Request.get(f"/c/large/plan/{self.large_plan}/plan.{kind}", large)
                )
                for kind in ("csv", "xlsx", "json")
            },
            "all 5,000 actions as a report": lambda _n: Request.get("/c/large/reports/plan", large),
            "5,000 actions as PDF": lambda _n: Request.get("/c/large/reports/plan.pdf", large),
            "200 actions as PDF": lambda _n: Request.get("/c/small/reports/plan.pdf", small),
            "search in 20,000 texts": lambda _n: Request.get(f"/c/archive/search/?{words}", archive),
            "calendar of 500 entries": lambda _n: Request.get("/c/month/calendar/", month),
            "report of counts": lambda _n: Request.get("/c/large/reports/funder", large),
            "results of a round, 300 responses": lambda _n: Request.get(
                f"/c/small/assessment/rounds/{self.round_id}/results/", small
            ),
            "explorer, 300 needs by 300 strengths": lambda _n: Request.get("/c/small/strengths/", small),
            "saving one answer": answer,
            "first page of 5,000 organizations": lambda _n: Request.get("/c/directory/partners/", directory),
        }

    def read(self) -> dict[str, Request]:
        """Returns pages that people read in their language, by name."""
        small = self.cookies["small"]
        indicator = loader.content().indicators[0].key
        return {
            "home": Request.get("/c/small/", small),
            "list of 200 actions": Request.get("/c/small/plan/", small),
            "wizard": Request.get(f"/c/small/assessment/rounds/{self.open_id}/questions/{indicator}", small),
            "tips": Request.get("/c/small/checklist/", small),
            "sign-in page": Request.get("/sign-in"),
        }

    def _version_of_seventh(self) -> int:
        with self.app.app_context():
            rows = (
                sa.select(Action.version).join(Coalition).where(Coalition.slug == "small", Action.number == 7)
            )
            return db.session.scalars(rows).one()

    def filtered(self) -> dict[str, Callable[[int], Request]]:
        """Returns requests of the directory by each kind of its filters, alone and together."""
        cookie = self.cookies["directory"]
        return {
            asked: lambda _n, path=f"/c/directory/partners/?{asked}": Request.get(path, cookie)
            for asked in DIRECTORY_FILTERS
        }

    def together(self, port: int) -> tuple[phones.Room, int, int]:
        """Runs two minutes of a room that votes; returns the room, ballots miscounted, ballots in the result."""
        room = voting.together(port, self.room, self.cookies[self.room.slug])
        with self.app.app_context():
            return room, voting.miscounted(self.room), voting.close(self.room)

    def answering(self, port: int) -> tuple[phones.Room, int]:
        """Runs a meeting that answers by a poster; returns the room, and phones whose answers are not as sent."""
        room = answering.together(port, self.door)
        with self.app.app_context():
            return room, answering.miscounted(self.door)

    @contextmanager
    def serving(self, other: Mapping[str, str] | None = None) -> Iterator[processes.Running]:
        """Runs Engage by its own `serve`, with the settings we recommend and these instead of its own."""
        port = processes.free_port()
        command = ["-c", "from engage.cli import main; main()", "serve", "--port", str(port)]
        settings = {"ENGAGE_DATA": str(self.folder), "ENGAGE_LIMITS": "off", **(other or {})}
        with processes.serving(command, port, "/healthz", settings) as server:
            yield server

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
        client.open(
            request.path,
            method=request.method,
            headers=request.headers,
            data=request.body or None,
        )
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    def first_visit(self, port: int) -> int:
        """Returns the bytes of the sign-in page and every file it names, compressed."""
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/sign-in")
        page = connection.getresponse().read().decode()
        files = {part.split('"')[0] for part in page.split('"/static/')[1:]}
        paths = ["/sign-in", *(f"/static/{name}" for name in sorted(files))]
        return sum(measure(port, lambda _n, p=path: Request.get(p), requests=1).size for path in paths)

    def toggle(self, port: int) -> int:
        """Returns the number of bytes in the answer to one tick."""
        return measure(port, self.requests()["one small write"], requests=1).size

    def grow_to(self, many: int) -> None:
        """Fills up to so many coalitions with 200 actions and 30 people each."""
        with self.app.app_context():
            for number in range(self.coalitions, many):
                seed.coalition(f"other-{number}", actions=200, people=30)
                db.session.commit()
                db.session.expunge_all()
        self.coalitions = max(self.coalitions, many)
