"""Help lines that a coalition adds: chosen from those Engage knows, or its own; shown under *Who to call*."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from engage.coalitions.help_lines.models import HelpLine
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_membership

LINES = "/c/riverbend/settings/help-lines"
NEW = f"{LINES}/new"
OWN = {
    "name": "Riverbend Legal Aid",
    "phone": "555-0199",
    "for_whom": "Workers",
    "hours": "Weekdays 9 to 5",
    "checked_on": "2026-03-01",
}


def lines() -> list[HelpLine]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(HelpLine).order_by(HelpLine.id)))


def test_no_line_is_shown_until_a_coordinator_adds_it(coordinator: EngageClient) -> None:
    page = coordinator.page("/help")
    assert not any(page.has(each.name) for each in content().help_lines)


def test_an_offered_line_comes_filled_in_with_its_source_and_day_and_is_offered_once(
    coordinator: EngageClient, member: EngageClient
) -> None:
    link = coordinator.page(LINES).one("#coalitions-help-offered a[href$='from=runaway']")
    page = coordinator.page(link.attributes["href"] or "")
    assert page.value("phone") == "1-800-786-2929"
    assert page.has("Engage read this on December 2, 2026") and page.has("No one has called it.")
    action = page.one("main form").attributes["action"] or ""
    fields = {name: page.value(name) for name in ("name", "phone", "website", "for_whom", "hours")}
    assert coordinator.send(action, **fields).location == LINES
    page = coordinator.page(LINES)
    assert not page.all("#coalitions-help-offered a[href$='from=runaway']")
    shown = member.page("/help")
    assert shown.has("National Runaway Safeline") and shown.has("ask in which languages. Not checked yet.")


def test_a_line_of_its_own_says_for_whom_when_and_when_it_was_checked(
    coordinator: EngageClient, member: EngageClient
) -> None:
    coordinator.send(NEW, **OWN)
    text = member.page("/help").text("main")
    for words in ("Riverbend Legal Aid", "555-0199", "Workers", "Weekdays 9 to 5. Last checked Mar 1, 2026."):
        assert words in text


def test_others_do_not_see_it(
    coordinator: EngageClient, client: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    coordinator.send(NEW, **OWN)
    assert not client.page("/help").has("Riverbend Legal Aid")
    member = client_of(make_membership(role=Role.MEMBER))
    assert member.get(NEW).status_code == 403


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Name the help line."),
        ({"phone": ""}, "Give a number or a website."),
        ({"phone": "call us"}, "Enter the number people call."),
        ({"website": "javascript:alert(1)"}, "https://"),
        ({"checked_on": "2031-01-01"}, "in the future"),
        ({"hours": "x" * 121}, "too long: at most 120"),
    ],
)
def test_a_refused_line_says_why_and_keeps_what_was_typed(
    coordinator: EngageClient, changed: dict[str, str], words: str
) -> None:
    page = coordinator.send(NEW, **{**OWN, **changed})
    assert page.status == 422 and any(words in error for error in page.errors), page.errors
    assert page.value("for_whom") == "Workers"
    assert lines() == []


def test_a_line_is_changed_by_one_of_two_and_removed_with_a_way_back(coordinator: EngageClient) -> None:
    coordinator.send(NEW, **OWN)
    [line] = lines()
    path = f"{LINES}/{line.id}"
    assert coordinator.send(path, **{**OWN, "phone": "555-0142"}, version="1").location == LINES
    page = coordinator.send(path, **OWN, version="1")
    assert page.status == 409 and page.has("555-0142")
    coordinator.send(f"{path}/delete")
    assert lines() == []
    undo = coordinator.page(LINES).one(".flash-undo form").attributes["action"] or ""
    coordinator.send(undo)
    assert [each.phone for each in lines()] == ["555-0142"]


def test_a_line_whose_only_number_was_removed_for_good_is_still_shown_and_can_be_corrected(
    coordinator: EngageClient,
) -> None:
    coordinator.send(NEW, **OWN)
    [line] = lines()
    db.session.execute(sa.update(HelpLine).values(phone=""))
    db.session.commit()
    assert coordinator.page("/help").has("Riverbend Legal Aid")
    assert coordinator.send(f"{LINES}/{line.id}", **OWN, version=str(lines()[0].version)).status == 303


def test_the_page_asks_as_much_for_ten_lines_as_for_one(coordinator: EngageClient) -> None:
    coordinator.send(NEW, **OWN)
    with counted_queries() as one:
        coordinator.page("/help")
    for number in range(9):
        coordinator.send(NEW, **{**OWN, "name": f"Line {number}"})
    with counted_queries() as ten:
        coordinator.page("/help")
    assert len(one) == len(ten)
