"""Tests that what a person has to read waits on home, in the reminder, and for the one who takes over."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from engage.extensions import db
from engage.toolkit import queries
from tests import factories
from tests.client import EngageClient

HOME = "/c/riverbend/"


@pytest.fixture(autouse=True)
def _on_a_wednesday(app: object) -> object:
    with time_machine.travel(datetime(2026, 11, 25, 15, 30, tzinfo=UTC), tick=False):
        yield


def test_what_i_am_to_read_waits_for_me_with_its_date_late_first(member: EngageClient) -> None:
    for title, due in (("Soon", date(2026, 12, 12)), ("Late", date(2026, 11, 22)), ("Some day", None)):
        factories.make_reader(factories.make_section(title=title, due_on=due), member.membership)
    factories.make_reader(factories.make_section(title="Done"), member.membership, read_on=date(2026, 11, 1))
    page = member.page(HOME)
    assert page.texts("#home-late .waiting-row") == ["3 days late Late Reading list. Due Nov 22."]
    assert page.texts("#home-waiting .waiting-row") == [
        "Read Soon Reading list. Due Dec 12.",
        "Read Some day Reading list. No due date.",
    ]
    links = [link.attributes["href"] or "" for link in page.all("#home-desk .waiting-row .row-link")]
    assert all(member.get(link).status_code == 200 for link in links)


def test_what_others_are_to_read_does_not_wait_for_me(member: EngageClient, viewer: EngageClient) -> None:
    section = factories.make_section(title="Our report")
    factories.make_reader(section, factories.make_membership())
    factories.make_reader(section, viewer.membership)
    assert not member.page(HOME).has("Our report")
    assert not viewer.page(HOME).has("Our report")


def test_a_reminder_names_what_there_is_to_read(coordinator: EngageClient) -> None:
    dan = factories.make_membership(name="Dan Reyes")
    for title, due in (("Late", date(2026, 11, 22)), ("Soon", date(2026, 12, 12)), ("Some day", None)):
        factories.make_reader(factories.make_section(title=title, due_on=due), dan)
    text = coordinator.page(f"{HOME}remind/{dan.id}").one("#home-remind-text").text()
    assert "- Late (to read): was due Nov 22\n" in text
    assert "- Soon (to read): due Dec 12\n" in text
    assert "- Some day (to read): no due date\n" in text


def test_reading_is_handed_over_with_everything_else(coordinator: EngageClient) -> None:
    dan, ana = factories.make_membership(name="Dan Reyes"), factories.make_membership(name="Ana Ruiz")
    factories.make_reader(factories.make_section(title="Our report"), dan)
    path = f"{HOME}people/{dan.id}/hand-over"
    page = coordinator.page(path)
    assert page.has("To read")
    assert page.has("Our report")
    assert coordinator.send(path, to=str(ana.id)).status == 303
    assert [task.name for task in queries.reading_of(ana)] == ["Our report"]
    assert queries.reading_of(db.session.get_one(type(dan), dan.id)) == []
