"""The coalition's settings: what is refused, and two coordinators at once."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from engage.coalitions.models import Coalition
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_membership

SETTINGS = "/c/riverbend/settings/"
HELP_LINES = f"{SETTINGS}help-lines"
FIELDS = {
    "name": "Riverbend County Coalition",
    "community": "Riverbend County",
    "time_zone": "America/Chicago",
    "active_months": "9",
    "quiet_days": "60",
    "fiscal_month": "10",
    "version": "1",
}
HELP = {
    "help_name": "Harbor House",
    "help_number": "(555) 010-2030",
    "help_checked_on": "2026-03-01",
    "leave_url": "https://www.weather.gov/",
    "version": "1",
}
PAGES = [(SETTINGS, FIELDS), (HELP_LINES, HELP)]


def coalition() -> Coalition:
    return db.session.scalars(sa.select(Coalition).where(Coalition.slug == "riverbend")).one()


@pytest.mark.parametrize(("path", "fields"), PAGES)
def test_a_coordinator_saves_the_settings(
    coordinator: EngageClient, path: str, fields: dict[str, str]
) -> None:
    page = coordinator.send(path, **fields)
    assert (page.status, page.location) == (303, path)
    page = coordinator.page(path)
    assert page.has("The settings are saved.")
    assert {name: page.value(name) for name in fields if name != "version"} == {
        name: value for name, value in fields.items() if name != "version"
    }


def test_four_pages_have_one_head_and_lead_to_each_other(coordinator: EngageClient) -> None:
    pages = [SETTINGS, f"{SETTINGS}access", HELP_LINES, f"{SETTINGS}data"]
    for path in pages:
        page = coordinator.page(path)
        assert page.text("h1") == "Settings"
        assert [link.attributes["href"] for link in page.all(".sections a")] == pages
        assert page.one(".sections a[aria-current=page]").attributes["href"] == path
    refused = coordinator.send(HELP_LINES, **{**HELP, "help_number": "call us"})
    assert refused.one(".sections a[aria-current=page]").attributes["href"] == HELP_LINES


@pytest.mark.parametrize(("old", "new"), [("kept", "data"), ("second-factor", "access")])
def test_an_old_address_leads_to_the_page_that_holds_its_setting(
    coordinator: EngageClient, old: str, new: str
) -> None:
    assert coordinator.get(f"{SETTINGS}{old}").headers["Location"] == f"{SETTINGS}{new}"


def test_a_page_saves_its_own_settings_alone(coordinator: EngageClient) -> None:
    coordinator.send(HELP_LINES, **HELP)
    assert coordinator.send(SETTINGS, **{**FIELDS, "version": "2"}).status == 303
    assert (coalition().help_name, coalition().active_months) == ("Harbor House", 9)


def test_history_keeps_that_a_text_changed_but_not_the_text(coordinator: EngageClient) -> None:
    coordinator.send(HELP_LINES, **HELP)
    entries = db.session.scalars(sa.select(HistoryEntry).where(HistoryEntry.field == "help_name")).all()
    assert [(entry.old, entry.new) for entry in entries] == [(None, None)]


def test_the_local_help_line_stands_on_every_page_and_under_help(coordinator: EngageClient) -> None:
    coordinator.send(HELP_LINES, **HELP)
    assert coordinator.page(SETTINGS).one("footer a[href='tel:5550102030']")
    page = coordinator.page("/help")
    assert page.has("Harbor House") and page.has("Last checked Mar 1, 2026")
    assert page.one("main a[href='tel:5550102030']")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_only_coordinators_open_them(client_of: Callable[..., EngageClient], role: Role) -> None:
    client = client_of(make_membership(role=role))
    page = client.send(HELP_LINES, **HELP)
    assert page.status == 403
    assert page.has("This is for coordinators")
    for path in (SETTINGS, HELP_LINES, f"{SETTINGS}access", f"{SETTINGS}data"):
        assert client.get(path).status_code == 403
    assert coalition().help_name == ""


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Give the coalition a name."),
        ("name", "  ", "Give the coalition a name."),
        ("community", "x" * 201, "too long: at most 200"),
        ("help_name", "null\x00byte", "cannot be seen"),
        ("community", "turned \u202eround", "cannot be seen"),
        ("time_zone", "Mars/Olympus", "Not a valid choice"),
        ("fiscal_month", "13", "Not a valid choice"),
        ("help_checked_on", "yesterday", "year-month-day"),
        ("help_checked_on", "2026-02-30", "year-month-day"),
        ("help_checked_on", "0001-01-01", "between 2000 and 2100"),
        ("help_number", "call us", "Enter the number"),
        ("help_number", "5" * 41, "too long: at most 40"),
        ("leave_url", "javascript:alert(1)", "https://"),
        ("leave_url", "//evil.example", "https://"),
        ("leave_url", "https://user:word@evil.example/", "https://"),
    ],
)
def test_a_refused_field_says_what_to_change_and_keeps_the_rest(
    coordinator: EngageClient, field: str, value: str, words: str
) -> None:
    path, fields = next((path, fields) for path, fields in PAGES if field in fields)
    page = coordinator.send(path, **{**fields, field: value})
    assert page.status == 422
    assert any(words in error for error in page.errors), page.errors
    assert page.text("title").startswith("Error:")
    assert page.one(f".error-summary a[href='#{field}']")
    assert all(page.value(kept) == fields[kept] for kept in fields if kept not in {field, "version"})
    if field not in {"time_zone", "name", "fiscal_month"} and "\x00" not in value:
        assert page.value(field) == value
    assert coalition().help_number == "" and coalition().version == 1


def test_a_post_with_fields_missing_is_refused_not_broken(coordinator: EngageClient) -> None:
    assert coordinator.send(SETTINGS).status == 422
    page = coordinator.send(SETTINGS, name="Only a name", community="Here", version="1")
    assert page.status in {303, 422}


@pytest.mark.parametrize("version", ["0", "-1", "", "x", "9" * 40, "2", "1.0", "1 OR 1=1"])
def test_a_version_that_is_not_the_rows_is_a_lost_race(coordinator: EngageClient, version: str) -> None:
    page = coordinator.send(HELP_LINES, **{**HELP, "version": version})
    assert page.status == 409
    assert coalition().help_name == ""


def test_the_second_of_two_coordinators_sees_both_texts_and_chooses(
    coordinator: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    second = client_of(make_membership(role=Role.COORDINATOR, name="Ana Ruiz"))
    opened = second.page(HELP_LINES).value("version")
    coordinator.send(HELP_LINES, **HELP)
    mine = {**HELP, "help_name": "Open Door", "version": opened}
    page = second.send(HELP_LINES, **mine)
    assert page.status == 409
    assert page.has("Harbor House") and page.has("Open Door")
    assert page.value("help_name") == "Open Door"
    assert coalition().help_name == "Harbor House"
    assert second.send(HELP_LINES, **{**mine, "version": page.value("version")}).status == 303
    assert coalition().help_name == "Open Door"


def test_saving_the_settings_of_a_coalition_one_is_not_in_is_a_404(
    coordinator: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    assert coordinator.send("/c/elsewhere/settings/", **FIELDS).status == 404


def test_a_page_of_settings_takes_few_queries(coordinator: EngageClient) -> None:
    with counted_queries() as statements:
        coordinator.page(SETTINGS)
    assert len(statements) <= 3, statements
