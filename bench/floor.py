"""Holds the floor: a bare Flask app that does the same amount of work with nothing else around it.

It has a session, a current user, a CSRF token, one query and Jinja, with the same SQLite settings as Engage.
Ratios are measured against it, since absolute times change from machine to machine.
"""

import http.client
import itertools
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, redirect, render_template_string, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.wrappers import Response

from bench import texts
from bench.load import Request
from engage.search.rules import as_fts5

LIST = """<!doctype html><title>List</title><h1>{{ title }}</h1>
<form method="post" action="/write"><input type="hidden" name="csrf_token" value="{{ token }}"></form>
<table>{% for row in rows %}<tr><td>{{ row.number }}</td><td><a href="/item/{{ row.id }}">{{ row.title }}</a></td>
<td>{{ row.owner }}</td><td>{{ row.due }}</td><td>{{ row.status }}</td></tr>{% endfor %}</table>"""
SIGN_IN = """<!doctype html><title>Sign in</title><h1>Sign in</h1><form method="post">
<input type="hidden" name="csrf_token" value="{{ token }}"><input name="email"><input name="password"></form>"""
ITEM = """<!doctype html><title>{{ row.title }}</title><h1>{{ row.title }}</h1><p>{{ row.owner }} {{ row.due }}</p>
<form method="post" action="/write"><input type="hidden" name="csrf_token" value="{{ token }}"></form>"""
COUNTS = """<!doctype html><title>Counts</title><h1>Counts</h1>{% for row in rows %}
<p>{{ row[0] }}: {{ row[1] }}</p>{% endfor %}<form method="post" action="/write">
<input type="hidden" name="csrf_token" value="{{ token }}"></form>"""
SEARCH = """<!doctype html><title>Search</title><h1>{{ asked }}</h1><form><input name="q" value="{{ asked }}"></form>
<ul>{% for row in rows %}<li><a href="/item/{{ row.id }}">{{ row.title }}</a> <p>{{ row.text }}</p></li>
{% endfor %}</ul>
<form method="post" action="/write"><input type="hidden" name="csrf_token" value="{{ token }}"></form>"""
# This is the same index as Engage's, searched for the same words; five results of each kind are shown.
FOUND = """
WITH found AS MATERIALIZED (SELECT rowid FROM word WHERE word MATCH ?)
SELECT * FROM (SELECT t.id, t.title, t.text FROM found JOIN text t ON t.id = found.rowid AND t.kind = 1
  ORDER BY t.id DESC LIMIT 6)
UNION ALL SELECT * FROM (SELECT t.id, t.title, t.text FROM found JOIN text t ON t.id = found.rowid AND t.kind = 2
  ORDER BY t.id DESC LIMIT 6)
"""


def create_app() -> Flask:
    """Builds the floor's application; FLOOR_DATA names its folder."""
    app = Flask("floor")
    app.config.update(SECRET_KEY="x" * 40, WTF_CSRF_TIME_LIMIT=None)
    CSRFProtect(app)
    database = Path(os.environ["FLOOR_DATA"]) / "floor.db"

    # Held open beside those of the requests: closing the last one would fold the log into the file every time.
    app.extensions["keeper"] = keeper = sqlite3.connect(database, check_same_thread=False)
    keeper.execute("PRAGMA journal_mode=WAL")
    keeper.execute("SELECT id FROM user LIMIT 1").fetchone()  # the log exists only now
    statuses = itertools.cycle(("under_way", "done"))

    def connection() -> sqlite3.Connection:
        if "connection" not in g:
            g.connection = sqlite3.connect(database, isolation_level=None)
            g.connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
                g.connection.execute(f"PRAGMA {pragma}")
        return g.connection

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        if (made := g.pop("connection", None)) is not None:
            made.close()

    def user() -> Any:
        return connection().execute("SELECT * FROM user WHERE id = ?", (session.get("user", 1),)).fetchone()

    @app.get("/sign-in")
    def sign_in() -> str:
        return render_template_string(SIGN_IN, token=generate_csrf())

    @app.get("/list/<int:plan>")
    def rows(plan: int) -> str:
        user()
        limit = int(request.args.get("limit", 10_000))
        found = connection().execute(
            "SELECT a.id, a.number, a.title, a.due, a.status, u.name AS owner FROM action a"
            " JOIN user u ON u.id = a.owner WHERE plan = ? ORDER BY number LIMIT ?",
            (plan, limit),
        )
        return render_template_string(LIST, title=plan, rows=found.fetchall(), token=generate_csrf())

    @app.get("/item/<int:item>")
    def item(item: int) -> str:
        user()
        row = connection().execute(
            "SELECT a.*, u.name AS owner FROM action a JOIN user u ON u.id = a.owner WHERE a.id = ?", (item,)
        )
        return render_template_string(ITEM, row=row.fetchone(), token=generate_csrf())

    @app.get("/search")
    def search() -> str:
        user()
        found = connection().execute(FOUND, (request.args["q"],)).fetchall()
        return render_template_string(SEARCH, asked=request.args["q"], rows=found, token=generate_csrf())

    @app.get("/counts")
    def counts() -> str:
        user()
        both = [
            *connection().execute("SELECT status, count(*) FROM action GROUP BY status"),
            *connection().execute("SELECT owner, count(*) FROM action GROUP BY owner"),
        ]
        return render_template_string(COUNTS, rows=both, token=generate_csrf())

    @app.post("/write")
    def write() -> Response:
        connection().execute("BEGIN IMMEDIATE")
        user()
        # The value differs each time, because SQLite does not write an unchanged row, and nothing would reach
        # the disk.
        change = (next(statuses), int(request.form["id"]))
        connection().execute("UPDATE action SET status = ? WHERE id = ?", change)
        connection().execute("COMMIT")
        return redirect("/sign-in", 303)

    return app


def seed(folder: Path) -> None:
    """Writes 200 rows in plan 1, 5,000 in plan 2, 50 people, and the texts that are searched, with their index."""
    connection = sqlite3.connect(folder / "floor.db")
    connection.executescript(
        "CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT);"
        "CREATE TABLE action (id INTEGER PRIMARY KEY, plan INTEGER, number INTEGER, title TEXT,"
        " owner INTEGER REFERENCES user(id), due TEXT, status TEXT);"
        "CREATE INDEX ix_action_plan ON action (plan, number);"
        "CREATE TABLE text (id INTEGER PRIMARY KEY, kind INTEGER, title TEXT, text TEXT);"
        "CREATE VIRTUAL TABLE word USING fts5"
        "(scope, title, open, text, tokenize = 'unicode61 remove_diacritics 2');"
    )
    connection.executemany("INSERT INTO user VALUES (?, ?)", [(n, f"Person {n}") for n in range(1, 51)])
    for plan, many in ((1, 200), (2, 5000)):
        connection.executemany(
            "INSERT INTO action (plan, number, title, owner, due, status) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (plan, n, f"Ask the county about bed number {n}", n % 50 + 1, "2027-03-01", "under_way")
                for n in range(1, many + 1)
            ],
        )
    connection.executemany(
        "INSERT INTO text (kind, title, text) VALUES (?, ?, ?)",
        [(1, text, "") for text in texts.texts(0)] + [(2, "", text) for text in texts.texts(1)],
    )
    connection.execute(
        "INSERT INTO word (rowid, scope, title, open, text) SELECT id, 'c1', title, '', text FROM text"
    )
    connection.commit()
    connection.close()


class Session:
    """A browser of the floor: its cookie, its token, and the requests it makes."""

    def __init__(self, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        page = answer.read().decode()
        self.cookie = (answer.headers["Set-Cookie"] or "").split(";")[0]
        self.token = page.split('name="csrf_token" value="')[1].split('"')[0]

    def request(self, kind: str) -> Callable[[int], Request]:
        """Returns the request to the floor for a kind of work."""
        asked = as_fts5([[word] for word in texts.ASKED.split()], "c1", "title open text")
        paths = {
            "sign-in": "/sign-in",
            "list": "/list/1",
            "item": "/item/7",
            "counts": "/counts",
            "first page": "/list/2?limit=50",
            "whole list": "/list/2",
            "search": f"/search?{urlencode({'q': asked})}",
        }
        if kind == "write":
            fields = {"csrf_token": self.token, "id": "7"}
            return lambda _number: Request.post("/write", self.cookie, fields)
        return lambda _number: Request.get(paths[kind], self.cookie)
