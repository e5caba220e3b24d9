"""A file is read while everyone else writes: no view that takes one holds the database for it."""

import csv
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, g, request
from werkzeug.test import TestResponse

from engage.assessment.questions import frozen
from engage.assessment.sets import files
from engage.assessment.sets.rules import SetDraft
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.content.nodes import _Loader
from engage.extensions import db
from engage.imports import hidden_file
from engage.web import incoming
from tests import databases
from tests.client import EngageClient
from tests.factories import make_membership, signed_in_client
from tests.html import Page
from tests.isolation.forms_read import Form, read
from tests.test_every_route import looks

PLAN = (
    b'{"format": "engage-plan", "version": 1, "goals": [], "objectives": [], "actions":'
    b' [{"goal": null, "objective": null, "title": "Call the shelter", "status": "not_started"}]}'
)
TABLE = f"Name,Sector\nHarbor House,{content().sectors[0].name}\n".encode()
ANSWERS = f"Timestamp,{content().indicators[0].title}\n1/2/2025 9:00:00,Agree\n".encode()
QUESTIONS = files.write("Ours", SetDraft(frozen(content(), "en"))).encode()
# It is asked for the file, the columns, the rows.
STEPS = 3


class Watch:
    """What was read in each view, and where that held the one writing transaction."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.holding: set[str] = set()

    def note(self) -> None:
        self.read.add(request.endpoint or "")
        reading = request.method != "POST" or g.get("committed", False)
        if db.session().in_transaction() and not reading:
            self.holding.add(request.endpoint or "")

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            self.note()
            return function(*arguments, **named)

        return watched


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()

    class Uploaded(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            watch.note()
            return super().read(size)

    monkeypatch.setattr(incoming, "in_memory", lambda *_of, **_named: Uploaded())
    monkeypatch.setattr(_Loader, "get_single_node", watch.around(_Loader.get_single_node))
    monkeypatch.setattr(csv, "reader", watch.around(csv.reader))
    monkeypatch.setattr(hidden_file, "unpacked", watch.around(hidden_file.unpacked))
    return watch


def taking(app: Flask) -> list[str]:
    """Returns the addresses of the pages with a form that takes a file."""
    pages = [look.answer for look in looks(app) if look.answer.mimetype == "text/html"]
    return [page.request.path for page in pages if b'type="file"' in page.data]


def uploads(client: EngageClient, paths: list[str]) -> list[Form]:
    """Returns every form that takes a file."""
    answers = {path: client.get(path) for path in paths}
    return [
        form
        for path, answer in answers.items()
        if answer.status_code == 200
        for form in read(Page(answer), path)
        if "file" in form.kinds.values()
    ]


def sent(client: EngageClient, form: Form, file: bytes | None = None) -> TestResponse:
    data: dict[str, Any] = dict(form.sent) | {"csrf_token": client.csrf_token()}
    if "was_told" in form.names:
        data["was_told"] = "y"
    if "do" in form.names:
        data["do"] = "save" if file is None else ""
    for name, kind in form.kinds.items():
        if kind == "file" and file is not None:
            data[name] = (BytesIO(file), "file")
    if file is not None:  # the box beside the file stays empty
        data |= {name: "" for name, kind in form.kinds.items() if kind == "textarea"}
    return client.post(form.action, data=data, content_type="multipart/form-data")


def test_no_view_reads_a_file_while_it_holds_the_database(app: Flask, watch: Watch) -> None:
    paths = taking(app)
    db.session.remove()
    databases.clear()
    coordinator = signed_in_client(app, make_membership(role=Role.COORDINATOR))
    forms = uploads(coordinator, paths)
    saved = set()
    for form in forms:
        for file in (PLAN, TABLE, ANSWERS, QUESTIONS):
            answer = sent(coordinator, form, file)
            for _step in range(STEPS):
                if answer.status_code != 200:
                    break
                following = [each for each in read(Page(answer), form.action) if form.action in each.action]
                answer = sent(coordinator, following[-1])
            if answer.status_code == 303:
                saved.add(form.action)
    assert watch.holding == set()
    assert saved == {form.action for form in forms}, "each was read to the end"
    assert watch.read >= {"plan.save_rows", "partners.save_rows", "assessment.check_questions"}
