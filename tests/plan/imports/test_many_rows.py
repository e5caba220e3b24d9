"""Takes in as many rows as a table may hold, as a plan and as organizations."""

import pytest
import sqlalchemy as sa

from engage.extensions import db
from engage.limits import MOST_ROWS
from engage.partners.models import Organization
from engage.plan.models import Action
from tests.client import EngageClient
from tests.html import Page
from tests.partners import steps
from tests.partners.steps import table

# A file over 500 KB would be kept on disk by the tests' client.
ACTIONS = [
    (
        f"Goal {number // 100}",
        f"Objective {number // 20}",
        f"Action {number}",
        "done" if number % 3 else "in progress",
        f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}",
        f"About {number}",
    )
    for number in range(MOST_ROWS)
]
ORGANIZATIONS = [
    (f"Organization {number * 7919}", "Churches", f"555-{number:04d}", "English, Spanish")
    for number in range(MOST_ROWS)
]


def taken_in(client: EngageClient, rows: str, at: str) -> None:
    page = steps.preview(client, rows, at=at)
    assert page.status == 200, page.errors
    asked = {"alike": "add"} if page.all('[name="alike"]') else {}
    answer = Page(client.post(f"{at}save", data={**steps.sent(page), **asked}))
    assert answer.status == 303, answer.errors


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_plan_of_as_many_rows_as_a_file_may_hold_is_taken_in(coordinator: EngageClient) -> None:
    rows = table(("Goal", "Objective", "Action", "Status", "Due", "Note"), *ACTIONS)
    taken_in(coordinator, rows, "/c/riverbend/plan/import/")
    assert db.session.scalar(sa.select(sa.func.count(Action.id))) == MOST_ROWS


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_as_many_organizations_as_a_file_may_hold_are_taken_in(coordinator: EngageClient) -> None:
    rows = table(("Organization", "Type", "Phone", "Languages"), *ORGANIZATIONS)
    taken_in(coordinator, rows, steps.IMPORT)
    assert db.session.scalar(sa.select(sa.func.count(Organization.id))) == MOST_ROWS
