"""Holds the floor: a bare Flask app that does the same amount of work with nothing else around it.

It has a session, a current user, a CSRF token, one query and Jinja, with the same SQLite settings as Engage.
Ratios are measured against it, since absolute times change from machine to machine.
"""

import itertools
import os
import random
import sqlite3
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, g, redirect, render_template_string, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.wrappers import Response

from bench.load import Make, client, get, post
from engage.search.rules import as_fts5

# So many titles, and as many texts below them, are searched; some eight hundred contain both words.
TEXTS, ASKED = 10_000, "harbor bea"
_OFTEN = ["the county hospital", "asks for", "beds", "rides", "after school", "with a nurse", "and"]
_SELDOM = ["beacon", "bear", "court", "dental", "food", "grant", "harbor", "legal", "river", "shelter"]
PAGE = """<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1>
<form method="post" action="/write"><input type="hidden" name="csrf_token" value="{{ token }}"></form>"""
LIST = """<table>{% for row in rows %}<tr><td>{{ row.number }}</td><td><a href="/item/{{ row.id }}">{{ row.title }}
</a></td><td>{{ row.owner }}</td><td>{{ row.due }}</td><td>{{ row.status }}</td></tr>{% endfor %}</table>"""
FOUND = """<ul>{% for row in rows %}<li><a href="/item/{{ row.id }}">{{ row.title }}</a>
<p>{{ row.text }}</p></li>{% endfor %}</ul>"""
TEMPLATES = {
    "sign-in": '<input name="email"><input name="password">',
    "list": LIST,
    "first": LIST,
    "item": "{% for row in rows %}<p>{{ row.title }} {{ row.owner }} {{ row.due }}</p>{% endfor %}",
    "counts": "{% for row in rows %}<p>{{ row[0] }}: {{ row[1] }}</p>{% endfor %}",
    "search": FOUND,
}
OF_USER = "SELECT a.*, u.name AS owner FROM action a JOIN user u ON u.id = a.owner"
# This is the same index as Engage's, searched for the same words; five results of each kind are shown.
OF_KIND = """SELECT * FROM (SELECT t.id, t.title, t.text FROM found JOIN text t ON t.id = found.rowid
  AND t.kind = {} ORDER BY t.id DESC LIMIT 6)"""
STATEMENTS = {
    "sign-in": ("SELECT 1 WHERE ?",),
    "list": (f"{OF_USER} WHERE plan = ? ORDER BY number",),
    "first": (f"{OF_USER} WHERE plan = ? ORDER BY number LIMIT 50",),
    "item": (f"{OF_USER} WHERE a.id = ?",),
    "counts": tuple(f"SELECT {it}, count(*) FROM action WHERE ? GROUP BY {it}" for it in ("status", "owner")),
    "search": (
        "WITH found AS MATERIALIZED (SELECT rowid FROM word WHERE word MATCH ?) "
        + " UNION ALL ".join(map(OF_KIND.format, (1, 2))),
    ),
}
SCHEMA = """
CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE action (id INTEGER PRIMARY KEY, plan INTEGER, number INTEGER, title TEXT,
  owner INTEGER REFERENCES user(id), due TEXT, status TEXT);
CREATE INDEX ix_action_plan ON action (plan, number);
CREATE TABLE text (id INTEGER PRIMARY KEY, kind INTEGER, title TEXT, text TEXT);
CREATE VIRTUAL TABLE word USING fts5(scope, title, open, text, tokenize = 'unicode61 remove_diacritics 2');
"""


def texts(half: int) -> list[str]:
    """Returns so many texts, always the same: titles in the first half, what was written about them in the second."""
    chance = random.Random(half)

    def text() -> str:
        rare = [chance.choice(_SELDOM), f"{chance.choice(_SELDOM)}{chance.randrange(500)}"]
        return " ".join([*chance.choices(_OFTEN, k=6), *rare]).capitalize()

    return [text() for _number in range(TEXTS)]


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

    def ask_who() -> None:
        connection().execute("SELECT * FROM user WHERE id = ?", (session.get("user", 1),)).fetchone()

    @app.get("/<kind>")
    def page(kind: str) -> str:
        rows = []
        if kind != "sign-in":
            ask_who()
            for statement in STATEMENTS[kind]:
                rows += connection().execute(statement, (request.args["q"],))
        return render_template_string(PAGE + TEMPLATES[kind], title=kind, rows=rows, token=generate_csrf())

    @app.post("/write")
    def write() -> Response:
        connection().execute("BEGIN IMMEDIATE")
        ask_who()
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
    connection.executescript(SCHEMA)
    people = [(n, f"Person {n}") for n in range(1, 51)]
    connection.executemany("INSERT INTO user VALUES (?, ?)", people)
    actions = [
        (plan, n, f"Ask the county about bed number {n}", n % 50 + 1, "2027-03-01", "under_way")
        for plan, many in ((1, 200), (2, 5000))
        for n in range(1, many + 1)
    ]
    connection.executemany("INSERT INTO action VALUES (NULL, ?, ?, ?, ?, ?, ?)", actions)
    written = [(1, text, "") for text in texts(0)] + [(2, "", text) for text in texts(1)]
    connection.executemany("INSERT INTO text VALUES (NULL, ?, ?, ?)", written)
    copied = "INSERT INTO word (rowid, scope, title, open, text) SELECT id, 'c1', title, '', text FROM text"
    connection.execute(copied)
    connection.commit()
    connection.close()


def requests(port: int) -> dict[str, Make]:
    """Returns the requests of a browser of the floor, by the kind of work."""
    with client(port) as asking:
        answer = asking.request(**get("/sign-in"))
    token = answer.text.split('name="csrf_token" value="')[1].split('"')[0]
    cookie = answer.headers["Set-Cookie"].split(";")[0]

    def page(kind: str, asked: object = 1) -> Make:
        return lambda _number: get(f"/{kind}?{urlencode({'q': asked})}", cookie)

    found = as_fts5([[word] for word in ASKED.split()], "c1", "title open text")
    return {
        "sign-in": page("sign-in"),
        "list": page("list"),
        "item": page("item", 7),
        "counts": page("counts"),
        "first": page("first", 2),
        "whole list": page("list", 2),
        "search": page("search", found),
        "write": lambda _number: post("/write", cookie, {"csrf_token": token, "id": "7"}),
    }
