"""`engage plan import` and `engage plan export`, as a host runs them."""

import csv
import json
import os
import subprocess
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.config import ROOT
from engage.extensions import db
from engage.imports.days import DayOrder
from engage.plan import commands as plan_commands
from engage.plan.models import Action
from tests import warm
from tests.factories import make_action, make_coalition, make_membership, make_plan, the_coalition

Run = Callable[..., subprocess.CompletedProcess[bytes]]
PLAN = (
    "Goal,Objective,Action,Status,Lead,Partner,Due,Cost\n"
    "Beds,Six places,=Ask,Completed,Ann Lee,Nobody knows,3/15/2026,5\n"
    "Beds,Six places,Visit,On hold,ann lee,,2027-01-31,\n"
    "Law,,Count,No longer needed,,,,\n"
)


@pytest.fixture
def engage(tmp_path: Path) -> Run:
    """Runs the command, with a coalition that is called riverbend."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    environment = {**kept, "ENGAGE_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}

    def run(*words: str, sent: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return warm.run_in_bytes(*words, cwd=tmp_path, env=environment, sent=sent)

    assert run("init").returncode == 0
    assert run("coalition", "create", "riverbend", "--name", "Riverbend").returncode == 0
    return run


def error(done: subprocess.CompletedProcess[bytes]) -> str:
    """Returns the one line with which the command refused."""
    lines = done.stderr.decode().strip().splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (1, b"", 1), done.stderr
    return lines[0].removeprefix("Error: ")


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_plan_goes_in_and_out_and_in_again_without_a_change(engage: Run, tmp_path: Path) -> None:
    assert error(engage("plan", "export", "riverbend")) == "riverbend has no plan yet."
    (tmp_path / "plan.csv").write_text(PLAN)

    looked = engage("plan", "import", "riverbend", "plan.csv").stdout.decode()
    assert "new: 3 rows" in looked
    assert "Columns left out: Cost." in looked
    assert "left out of the column partner: Nobody knows" in looked
    assert "Nothing was written. Add --yes to import it." in looked
    assert engage("plan", "export", "riverbend").returncode == 1

    done = engage("plan", "import", "riverbend", "plan.csv", "--yes")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "3 actions added, 0 changed, 3 goals and objectives added" in done.stdout.decode()

    out = engage("plan", "export", "riverbend", "--format", "json")
    plan = json.loads(out.stdout)
    assert (plan["progress"]["done"], plan["progress"]["total"]) == (1, 2)
    assert plan["progress"]["by_status"] == {
        "not_started": 0,
        "under_way": 0,
        "stuck": 1,
        "done": 1,
        "no_longer_needed": 1,
    }
    said = [(each["title"], each["status"], each["owner"], each["reason"]) for each in plan["actions"]]
    assert said == [
        ("=Ask", "done", "Ann Lee", ""),
        ("Visit", "stuck", "Ann Lee", "imported"),
        ("Count", "no_longer_needed", None, "imported"),
    ]

    csv_out = engage("plan", "export", "riverbend", "--format", "csv").stdout
    rows = list(csv.DictReader(StringIO(csv_out.decode("utf-8-sig"), newline="")))
    assert [(row["ref"], row["action"]) for row in rows] == [("1", "'=Ask"), ("2", "Visit"), ("3", "Count")]
    assert engage("plan", "export", "riverbend", "--format", "xlsx").stdout.startswith(b"PK")
    for content, more in ((csv_out, ()), (out.stdout, ("--without-ref",))):
        again = engage("plan", "import", "riverbend", "-", "--yes", *more, sent=content)
        assert "already here: 3 rows" in again.stdout.decode(), again.stderr
        assert "0 actions added, 0 changed, 0 goals" in again.stdout.decode()


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_what_is_wrong_is_one_line_and_nothing_is_written(engage: Run) -> None:
    assert error(engage("plan", "export", "nowhere")) == "There is no coalition called nowhere."
    assert error(engage("plan", "import", "riverbend", "no.csv", "--yes")).startswith("no.csv cannot be read")
    wrong = engage("plan", "import", "riverbend", "-", "--yes", sent=b"Action\n" + b"a" * 400)
    assert error(wrong).startswith("Row 2, Action: “aaa")
    assert error(engage("plan", "export", "riverbend")) == "riverbend has no plan yet."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "There is nothing in it."),
        ("PK\x03\x04", "This workbook cannot be read."),
        ('{"a": 1}', "This JSON file is not a plan from Engage."),
        ("Wer,Was\na,b\n", "No column is called action or goal"),
        ("Action,Status\nAsk,simmering\n", "“simmering” in the column status is not known."),
        ("Action,Owner\nAsk,Ann Lee\n", "Ann Lee may be more than one person, or someone here."),
        (f"Action\n{'a' * 400}\n{'b' * 400}\n", "(And 1 more.) Nothing was written."),
        ("Action,Due\nAsk,03/04/2026\n", "03/04/2026 can be read in two ways."),
        ("Action,Due\nAsk,03/04/2026\nVisit,25/12/2026\n", "Add --dates month-first or --dates day-first."),
        ("Goal,Action\nBeds,Ask\n,Visit\n", "Row 3, Row: “Visit” Write the goal in each row"),
        ("Action\nAsk\nAsk\n", "Row 3, Ask, may be the same as: row 2 of this file."),
    ],
)
def test_what_a_page_would_ask_about_is_refused_in_words(app: Flask, content: str, words: str) -> None:
    for _each in range(2):
        make_membership(name="Ann Lee")
    with pytest.raises(plan_commands.CommandRefused) as refused:
        list(plan_commands.imported("riverbend", content.encode(), None, confirmed=True))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Action)) == 0


def test_what_stands_first_in_dates_can_be_said(app: Flask) -> None:
    the_coalition()
    content = b"Action,Due\nAsk,03/04/2026\n"
    list(plan_commands.imported("riverbend", content, DayOrder.DAY_FIRST, confirmed=True))
    assert db.session.scalars(sa.select(Action.due_on)).one() == date(2026, 4, 3)


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_what_came_out_goes_into_another_coalition_without_its_numbers(app: Flask, kind: str) -> None:
    the_coalition()
    other = make_coalition(slug="other")
    make_action(make_plan(coalition=other), title="Theirs")
    list(plan_commands.imported("riverbend", PLAN.encode(), None, confirmed=True))
    content = plan_commands.exported("riverbend", kind)
    with pytest.raises(plan_commands.CommandRefused) as refused:
        list(plan_commands.imported("other", content, None, confirmed=True))
    assert "If the numbers belong to another plan, add --without-ref." in str(refused.value)

    for added in (3, 0):
        lines = list(plan_commands.imported("other", content, None, confirmed=True, without_ref=True))
        assert f"{added} actions added, 0 changed" in lines[-1]
    theirs = sa.select(Action.title).where(Action.coalition_id == other.id).order_by(Action.number)
    assert list(db.session.scalars(theirs)) == ["Theirs", "=Ask", "Visit", "Count"]


def test_a_column_that_means_another_coalition_can_be_left_out(app: Flask) -> None:
    the_coalition()
    content = b"Action,Need it answers (number)\nAsk the county,12\n"
    with pytest.raises(plan_commands.CommandRefused):
        list(plan_commands.imported("riverbend", content, None, confirmed=True))
    with pytest.raises(plan_commands.CommandRefused, match="no column called nothing"):
        list(plan_commands.imported("riverbend", content, None, confirmed=True, without=["nothing"]))
    lines = list(plan_commands.imported("riverbend", content, None, confirmed=True, without=["need"]))
    assert "1 actions added" in lines[-1]
