"""Reports as PDF: text stays text, the file is tagged, one page is one page, and a failure is no crash."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.plan.rules import ActionStatus
from engage.web.paper import pdf as pdf_module
from engage.web.paper.pdf import PROCESS, PdfFailed, pdf_of, typeset
from engage.web.paper.rules import Column, Paper, PaperSection, Table, as_json
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_closed_round,
    make_coalition,
    make_goal,
    make_membership,
    make_objective,
    make_plan,
    signed_in_client,
)
from tests.reports.pdfs import read, words

REPORTS = "/c/riverbend/reports/"
MARKUP = [
    '#eval("1")',
    "*bold* and _lean_",
    "$x^2$ costs $5",
    "= heading",
    '#import "@preview/x:1.0.0"',
    "<label> @ref `raw` \\u{41} // gone",
    '#read("/etc/passwd")',
    '"}], "title": "x',
    "¿Dónde está la niña? Ángel, pingüino",
]


def paper(title: str, **more: Any) -> Paper:
    return Paper("Full plan", title, "Riverbend County", "", "as of today", **more)


@pytest.mark.parametrize("text", MARKUP)
def test_what_looks_like_markup_is_set_as_it_is(coordinator: EngageClient, text: str) -> None:
    plan = make_plan(title=f"T {text}"[:120])
    goal = make_goal(plan, title=f"G {text}", why=f"W {text}")
    make_action(plan, goal, title=f"A {text}", status=ActionStatus.STUCK, reason=f"R {text}")
    said = words(read(coordinator, f"{REPORTS}plan.pdf"))
    for letter in "TGWAR":
        assert f"{letter} {text}" in said


def test_it_is_tagged_titled_and_says_its_language_whose_it_is_and_which_page(
    coordinator: EngageClient,
) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    for number in range(80):
        make_action(plan, goal, title=f"Step {number}")
    found = read(coordinator, f"{REPORTS}plan.pdf")
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert found.metadata is not None
    assert found.metadata.title == "Plan of action: Plan of action 2026-27"
    assert found.xmp_metadata is not None
    assert "pdfuaid:part" in str(found.xmp_metadata.rdf_root.toxml())
    assert len(found.pages) > 1
    for number, page in enumerate(found.pages, 1):
        text = page.extract_text()
        assert f"Page {number} of {len(found.pages)}" in text
        assert "Riverbend County" in text
        assert "as of " in text
        # The heads of a table stand on each of its pages.
        assert "Status" in text


@pytest.mark.parametrize("path", ["one-page", "plan", "assessment", "partners", "funder"])
def test_each_report_has_its_pdf_with_the_same_words(coordinator: EngageClient, path: str) -> None:
    plan = make_plan()
    goal = make_goal(plan, area="prevention")
    make_action(plan, objective=make_objective(goal), title="Train the night clerks")
    for year in (2025, 2026):
        keys = [each.key for each in content().indicators]
        make_closed_round([("health", dict.fromkeys(keys, 2))] * 3, title=f"Assessment {year}")
    page = coordinator.page(f"{REPORTS}{path}")
    href = page.one(".head-tools .btn-primary").attributes["href"] or ""
    said = words(read(coordinator, href))
    for part in [
        page.text("h1"),
        *page.texts("#reports-paper h2"),
        *page.texts("#reports-paper tbody :is(th, td)"),
    ]:
        assert part in said, part


def test_a_viewers_pdf_names_no_person(app: Flask, coordinator: EngageClient) -> None:
    plan = make_plan()
    keisha = make_membership(name="Keisha Hall")
    make_action(plan, owner_id=keisha.id, title="Train families")
    viewer = signed_in_client(
        app, make_membership(coalition=coordinator.membership.coalition, role=Role.VIEWER)
    )
    assert "Keisha" in words(read(coordinator, f"{REPORTS}plan.pdf"))
    assert "Keisha" not in words(read(coordinator, f"{REPORTS}plan.pdf?names=no"))
    assert "Keisha" not in words(read(viewer, f"{REPORTS}plan.pdf?names=yes"))


@pytest.mark.parametrize(("goals", "objectives"), [(0, 0), (3, 2), (8, 6), (30, 4), (60, 0)])
def test_the_plan_on_one_page_is_one_page(coordinator: EngageClient, goals: int, objectives: int) -> None:
    plan = make_plan()
    for _goal in range(goals):
        goal = make_goal(
            plan, title="Every front-line agency trains its people each year, and new ones at once"
        )
        for _objective in range(objectives):
            make_action(plan, objective=make_objective(goal, title="Agreed steps that fit on one page " * 3))
    found = read(coordinator, f"{REPORTS}one-page.pdf")
    assert len(found.pages) == 1
    if goals == 60:
        assert "48 more goals are in the full plan." in words(found)


@pytest.mark.parametrize(
    "title", ["世界和平计划", "שלום רב", "مرحبا بالعالم", "🙂", "x" * 120, "Ünïcödé " * 14, "\x01\x7f"]
)
def test_letters_of_any_kind_and_endless_words_do_not_break_it(app: Flask, title: str) -> None:
    sections = [PaperSection("a", title, texts=[title])]
    with app.test_request_context():
        assert pdf_of(paper(title, sections=sections)).startswith(b"%PDF")


def test_it_is_set_in_spanish_with_its_language(app: Flask) -> None:
    data = as_json(paper("Plan de acción 2026"), "es", "Página {page} de {pages}")
    with app.test_request_context():
        found = PdfReader(BytesIO(typeset(data)))
    assert found.trailer["/Root"]["/Lang"] == "es"
    assert "Página 1 de 1" in words(found)


def test_what_cannot_be_set_is_said_in_words_and_nothing_of_it_is_logged(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_plan(title="A secret title")
    monkeypatch.setattr(pdf_module, "as_json", lambda *_: '{"paper": "A secret title"}')
    answer = coordinator.get(f"{REPORTS}plan.pdf")
    assert answer.status_code == 503
    assert "The PDF could not be made" in answer.get_data(as_text=True)
    assert "A secret title" not in caplog.text
    assert "could not be set" in caplog.text


def test_it_ends_when_it_takes_too_long(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "SECONDS", 0.001)
    with app.test_request_context(), pytest.raises(PdfFailed):
        typeset("{}")


def test_whoever_asks_for_report_after_report_does_not_hold_the_whole_server(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, refused = threading.Event(), threading.Event(), threading.Semaphore(0)

    def run(*_args: object, **_more: object) -> Any:
        begun.set()
        assert go_on.wait(20)
        return subprocess.CompletedProcess([], 0, b"%PDF", b"")

    def ask() -> str:
        with app.app_context():
            try:
                return typeset("{}").decode()
            except PdfFailed:
                refused.release()
                return "refused"

    monkeypatch.setattr(pdf_module.subprocess, "run", run)
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask) for _each in range(4)]
        assert begun.wait(20)
        # Both while the first is still being set.
        assert refused.acquire(timeout=20) and refused.acquire(timeout=20)
        go_on.set()
        assert sorted(each.result() for each in asked) == ["%PDF", "%PDF", "refused", "refused"]
        assert threads.submit(ask).result() == "%PDF"


def test_the_press_knows_no_secret_of_the_server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}

    def run(*_args: object, env: dict[str, str], **_more: object) -> Any:
        seen.update(env)
        return subprocess.CompletedProcess([], 0, b"%PDF", b"")

    monkeypatch.setenv("ENGAGE_SECRET_KEY", "hidden")
    monkeypatch.setattr(pdf_module.subprocess, "run", run)
    with app.test_request_context():
        typeset("{}")
    assert seen.keys() <= {"PATH", "HOME", "LANG"}


def test_the_server_never_loads_the_typesetter(coordinator: EngageClient) -> None:
    make_plan()
    read(coordinator, f"{REPORTS}plan.pdf")
    assert "typst" not in sys.modules
    assert PROCESS.is_file()
    assert (PROCESS.parent / "typst" / "report.typ").is_file()


def test_asking_for_its_head_sets_nothing(coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    make_plan()
    monkeypatch.setattr("engage.web.paper.answers.pdf_of", lambda _paper: pytest.fail("it was set"))
    assert coordinator.head(f"{REPORTS}plan.pdf").mimetype == "application/pdf"


def test_another_coalitions_plan_has_no_pdf(coordinator: EngageClient) -> None:
    elsewhere = make_plan(coalition=make_coalition())
    assert coordinator.get(f"{REPORTS}plan.pdf?plan={elsewhere.id}").status_code == 404


def test_five_hundred_actions_become_a_pdf_that_holds_each(coordinator: EngageClient) -> None:
    plan = make_plan()
    for _goal in range(10):
        goal = make_goal(plan)
        for _objective in range(5):
            objective = make_objective(goal)
            for number in range(10):
                make_action(plan, objective=objective, title=f"Train the front desk of hotel {number}")
    found = PdfReader(BytesIO(coordinator.get(f"{REPORTS}plan.pdf").data))
    assert words(found).count("Train the front desk of hotel") == 500


def test_a_report_of_many_rows_says_that_its_pdf_takes_a_while() -> None:
    def with_rows(count: int) -> Paper:
        table = Table("", [Column("What")], [["Ask"]] * count)
        return paper("Plan", sections=[PaperSection("one", "One", tables=[table])])

    assert [with_rows(count).is_long for count in (200, 1000, 1001)] == [False, False, True]
