"""The plan as files: what is where, and what a spreadsheet must not run."""

import csv
import json
from datetime import date
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from engage import clock
from engage.config import ROOT
from engage.extensions import db
from engage.plan.actions import service as actions_service
from engage.plan.measures.models import Measure, Reading
from engage.plan.models import ActionHelper, GoalNeed, Plan
from engage.plan.rules import ActionStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_goal,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    saved,
)
from tests.strengths.rows import make_need

PLAN = "/c/riverbend/plan/"


def csv_rows(client: EngageClient, plan: Plan) -> list[dict[str, str]]:
    text = client.get(f"{PLAN}{plan.id}/plan.csv").get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(StringIO(text, newline="")))


class Workbook:
    """The first sheet of an XLSX file, as its parts say it."""

    def __init__(self, raw: bytes) -> None:
        with ZipFile(BytesIO(raw)) as parts:
            self.sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
            strings = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
            book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
            styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
        self._texts = ["".join(each.itertext()) for each in strings.findall("{*}si")]
        self.names = [each.attrib["name"] for each in book.findall(".//{*}sheet")]
        days = {each.attrib["numFmtId"] for each in styles.findall(".//{*}numFmt")}
        formats = styles.findall(".//{*}cellXfs/{*}xf")
        self._days = {str(n) for n, each in enumerate(formats) if each.attrib["numFmtId"] in days}

    def rows(self) -> list[dict[str, tuple[str, str]]]:
        """Returns the filled cells of each row: address -> (kind, content)."""
        return [
            {cell.attrib["r"]: self._cell(cell) for cell in row.findall("{*}c") if "".join(cell.itertext())}
            for row in self.sheet.findall(".//{*}row")
        ]

    def _cell(self, cell: ElementTree.Element) -> tuple[str, str]:
        value = "".join(cell.itertext())
        if cell.get("t") == "s":
            return "text", self._texts[int(value)]
        return "date" if cell.get("s") in self._days else "number", f"{float(value):g}"

    def width(self, letter: str) -> float:
        number = ord(letter) - ord("A") + 1
        columns = self.sheet.findall(".//{*}col")
        return next(float(each.attrib["width"]) for each in columns if int(each.attrib["min"]) == number)


def said(row: dict[str, str]) -> dict[str, str]:
    """Returns only the filled cells."""
    return {name: cell for name, cell in row.items() if cell}


def test_a_row_an_action_in_the_order_of_the_page_with_every_field(coordinator: EngageClient) -> None:
    plan = make_plan()
    need = make_need(coordinator.membership)
    beds, law = (
        make_goal(plan, title="Beds", why="Nobody has one.", area="response"),
        make_goal(plan, title="Law"),
    )
    saved(GoalNeed(coalition_id=plan.coalition_id, goal_id=beds.id, need_id=need.id))
    six = make_objective(beds, title="Six places", measure="0 to 6", due_on=date(2027, 6, 30))
    maria, dan = make_membership(name="Maria; Ann"), make_membership(name="Dan Reyes", user=None)
    loose = make_action(plan, title="Print", number=1)
    full = make_action(
        plan,
        objective=six,
        number=9,
        title="=Ask",
        status=ActionStatus.STUCK,
        reason="A key",
        owner_id=maria.id,
        organization_id=make_organization(name="Grace Church").id,
        start_on=date(2026, 12, 1),
        due_on=date(2027, 1, 31),
        details="Two\nlines",
        resources_had="Van",
        resources_needed="Keys",
        barriers="'Rules",
        inform="Board",
        need_id=need.id,
    )
    for person in (dan, maria):
        saved(ActionHelper(coalition_id=plan.coalition_id, action_id=full.id, membership_id=person.id))
    make_action(plan, goal=beds, number=3, title="Call", status=ActionStatus.DONE, done_on=date(2026, 11, 2))
    make_action(plan, objective=six, number=10, title="Visit")
    assert loose.goal_id is None and law.id

    rows = [said(row) for row in csv_rows(coordinator, plan)]

    assert rows == [
        {
            "ref": "9",
            "goal": "Beds",
            "objective": "Six places",
            "action": "'=Ask",
            "status": "Stuck",
            "owner": '"Maria; Ann"',
            "partner": "Grace Church",
            "start": "2026-12-01",
            "due": "2027-01-31",
            "note": "Two\nlines",
            "reason": "A key",
            "helpers": 'Dan Reyes; "Maria; Ann"',
            "resources_had": "Van",
            "resources_needed": "Keys",
            "barriers": "'Rules",
            "inform": "Board",
            "need": "1. No bed for boys",
            "focus_area": "Leaving and immediate response",
            "goal_why": "Nobody has one.",
            "goal_needs": "1. No bed for boys",
            "objective_measure": "0 to 6",
            "objective_due": "2027-06-30",
        },
        {"ref": "10", "goal": "Beds", "objective": "Six places", "action": "Visit", "status": "Not started"},
        {"ref": "3", "goal": "Beds", "action": "Call", "status": "Done", "done": "2026-11-02"},
        {"goal": "Law"},
        {"ref": "1", "action": "Print", "status": "Not started"},
    ]


def test_two_people_of_one_name_are_told_apart_by_their_addresses(coordinator: EngageClient) -> None:
    plan = make_plan()
    first = make_membership(name="Ann Lee", user=None, email="ann@x.example")
    make_membership(name="ANN LEE", user=None)
    make_action(plan, owner_id=first.id)
    assert csv_rows(coordinator, plan)[0]["owner"] == "Ann Lee <ann@x.example>"


def test_the_first_columns_are_called_as_published_plans_call_them(coordinator: EngageClient) -> None:
    plan = make_plan()
    answer = coordinator.get(f"{PLAN}{plan.id}/plan.csv")
    head = answer.get_data(as_text=True).splitlines()[0].removeprefix("\ufeff").replace('"', "").split(",")
    assert head[:10] == [
        "ref",
        "goal",
        "objective",
        "action",
        "status",
        "owner",
        "partner",
        "start",
        "due",
        "note",
    ]
    assert answer.headers["Content-Disposition"] == "attachment; filename=plan-of-action-2026-27.csv"


def test_a_workbook_has_texts_as_texts_numbers_as_numbers_and_dates_as_dates(
    coordinator: EngageClient,
) -> None:
    plan = make_plan(title="[Plan]: 'A/B' with a name that is longer than a sheet's may be")
    make_action(
        plan,
        number=14,
        title="=1+1",
        details="https://example.org",
        barriers="<r>a & b</r>",
        due_on=date(2027, 1, 31),
    )

    answer = coordinator.get(f"{PLAN}{plan.id}/plan.xlsx")
    book = Workbook(answer.get_data())

    assert answer.content_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert book.names == ["Plan A B with a name that is lo"]
    rows = book.rows()
    assert rows[0]["A1"] == ("text", "ref")
    day = str((date(2027, 1, 31) - date(1899, 12, 30)).days)
    assert rows[1] == {
        "A2": ("number", "14"),
        "D2": ("text", "=1+1"),
        "E2": ("text", "Not started"),
        "I2": ("date", day),
        "J2": ("text", "https://example.org"),
        "P2": ("text", "<r>a & b</r>"),
    }
    assert not book.sheet.findall(".//{*}f"), "no formula"
    assert not book.sheet.findall(".//{*}hyperlink")
    assert book.width("D") > book.width("A") > 0


def test_json_has_goals_objectives_actions_and_progress_with_its_counts(coordinator: EngageClient) -> None:
    plan = make_plan(starts_on=date(2026, 12, 1))
    goal = make_goal(plan, title="Béds", why="“Why”", area="response")
    objective = make_objective(goal, title="Six places", measure="0 to 6")
    action = make_action(
        plan,
        objective=objective,
        number=7,
        title="=Ask",
        owner_id=coordinator.membership.id,
        due_on=date(2027, 1, 2),
    )
    actions_service.add_update(coordinator.membership, action, "Called\ntwice")
    actions_service.change(coordinator.membership, action, action.version, ActionStatus.DONE)
    db.session.commit()
    make_action(plan, goal=goal, title="Visit", status=ActionStatus.NO_LONGER_NEEDED, reason="Moved")
    make_action(plan, title="Print")

    answer = coordinator.get(f"{PLAN}{plan.id}/plan.json")
    found = json.loads(answer.get_data())

    assert answer.content_type == "application/json"
    assert answer.headers["Content-Disposition"] == "attachment; filename=plan-of-action-2026-27.json"
    assert (found["format"], found["version"]) == ("engage-plan", 1)
    assert found["plan"]["title"] == "Plan of action 2026-27"
    assert (found["plan"]["status"], found["plan"]["starts"], found["plan"]["ends"]) == (
        "adopted",
        "2026-12-01",
        None,
    )
    counts = {"not_started": 1, "under_way": 0, "stuck": 0, "done": 1, "no_longer_needed": 1}
    assert found["progress"] == {
        "done": 1,
        "total": 2,
        "no_longer_needed": 1,
        "percent": 50,
        "by_status": counts,
    }
    one = {"done": 1, "total": 1, "no_longer_needed": 0, "percent": 100}
    assert found["goals"] == [
        {
            "number": 1,
            "title": "Béds",
            "why": "“Why”",
            "focus_area": "response",
            "needs": [],
            "progress": {**one, "no_longer_needed": 1},
        }
    ]
    assert found["objectives"] == [
        {
            "number": "1.1",
            "goal": 1,
            "title": "Six places",
            "measure": "0 to 6",
            "due": None,
            "measures": [],
            "progress": one,
        }
    ]
    ask, visit, loose = found["actions"]
    assert (ask["ref"], ask["goal"], ask["objective"], ask["title"]) == (7, 1, "1.1", "=Ask")
    assert (ask["status"], ask["owner"], ask["due"]) == ("done", "Maria Santos", "2027-01-02")
    assert [(each["author"], each["text"]) for each in ask["updates"]] == [("Maria Santos", "Called\ntwice")]
    assert (visit["goal"], visit["objective"], visit["reason"]) == (1, None, "Moved")
    assert (loose["goal"], loose["status"], loose["owner"]) == (None, "not_started", None)


def test_json_has_measures_with_their_readings(coordinator: EngageClient) -> None:
    plan = make_plan()
    objective = make_objective(make_goal(plan))
    of = {"coalition_id": plan.coalition_id}
    measure = saved(
        Measure(
            **of,
            objective_id=objective.id,
            title="Beds",
            unit="beds",
            baseline_value=1,
            baseline_on=date(2026, 1, 1),
            target_value=6,
            created_at=clock.now(),
        )
    )
    for value, day in ((4, date(2026, 9, 1)), (2.5, date(2026, 5, 1))):
        saved(
            Reading(
                **of, measure_id=measure.id, value=value, taken_on=day, source="Count", written_at=clock.now()
            )
        )

    content = json.loads(coordinator.get(f"{PLAN}{plan.id}/plan.json").get_data())
    (found,) = content["objectives"][0]["measures"]

    assert (found["title"], found["unit"], found["baseline"], found["baseline_on"]) == (
        "Beds",
        "beds",
        1,
        "2026-01-01",
    )
    assert (found["target"], found["target_on"], found["direction"]) == (6, None, "up")
    assert [(each["taken_on"], each["value"]) for each in found["readings"]] == [
        ("2026-05-01", 2.5),
        ("2026-09-01", 4),
    ]
    words = (ROOT / "docs" / "plan-files.md").read_text()
    assert [name for name in (*found, *found["readings"][0]) if f"`{name}`" not in words] == []


def test_every_name_of_the_json_is_documented(coordinator: EngageClient) -> None:
    plan = make_plan()
    make_action(plan, objective=make_objective(make_goal(plan)))
    found = json.loads(coordinator.get(f"{PLAN}{plan.id}/plan.json").get_data())
    words = (ROOT / "docs" / "plan-files.md").read_text()
    for part in (
        found,
        found["plan"],
        found["progress"],
        *found["goals"],
        *found["objectives"],
        *found["actions"],
    ):
        assert [name for name in part if f"`{name}`" not in words] == []
    head = csv_rows(coordinator, plan)[0]
    assert [name for name in head if f"`{name}`" not in words] == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_the_number_of_queries_does_not_grow_with_the_plan(coordinator: EngageClient, kind: str) -> None:
    plan = make_plan()

    def asked() -> int:
        with counted_queries() as statements:
            coordinator.get(f"{PLAN}{plan.id}/plan.{kind}")
        return len(statements)

    before = asked()
    for _each in range(3):
        goal = make_goal(plan)
        make_action(plan, objective=make_objective(goal), owner_id=make_membership().id)
    assert asked() == before


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_files_with_people_in_them_are_for_coordinators(member: EngageClient, kind: str) -> None:
    assert member.get(f"{PLAN}{make_plan().id}/plan.{kind}").status_code == 403
