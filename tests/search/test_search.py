"""Searching as a person does: what is found, by whom, and what is said when nothing is."""

from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.announcements import service as announcements_service
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.extensions import db
from engage.plan.rules import PlanStatus
from engage.search import index
from engage.search.rules import SearchKind
from engage.search.table import SOURCES
from tests import rows
from tests.calendar.rows import make_group
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_membership,
    make_note,
    make_objective,
    make_organization,
    make_plan,
    signed_in_client,
    the_coalition,
)
from tests.html import Page
from tests.meetings.rows import make_item, make_meeting

HERE = "/c/riverbend/search/"


def search(client: EngageClient, typed: str, kind: str = "") -> Page:
    return client.page(HERE, query_string={"q": typed, **({"kind": kind} if kind else {})})


def found(client: EngageClient, typed: str) -> list[str]:
    """Returns what was found of the coalition's own words; Engage's speak of the same things."""
    found_by_kind = search(client, typed).all("main section")
    ours = [
        each for each in found_by_kind if each.attributes.get("id") not in {"search-tips", "search-learn"}
    ]
    return [" ".join(hit.text(separator=" ").split()) for each in ours for hit in each.css(".search-hit")]


def test_it_finds_beginnings_of_words_whatever_their_case_and_accents(coordinator: EngageClient) -> None:
    make_action(make_plan(), title="Pedir CAMAS para niñas", details="Ask Ana <b>first</b>")
    assert (
        found(coordinator, "niña")
        == found(coordinator, "NINAS cam")
        == ["Pedir CAMAS para niñas Action · Plan of action 2026-27"]
    )
    assert found(coordinator, "zzz") == []
    page = search(coordinator, "ana fir", "actions")
    assert page.texts(".search-around") == ["Ask Ana <b> first </b>"]
    assert page.texts("mark") == ["Ana", "first"]


def test_of_a_mistyped_word_what_comes_close_is_shown(coordinator: EngageClient) -> None:
    make_organization(name="Harbor House")
    page = search(coordinator, "hrabor")
    assert page.has("Nothing is spelled exactly this way. These come close:")
    assert page.texts(".search-hit mark") == ["Harbor"]
    assert not search(coordinator, "harbor").has("These come close")


def test_results_stand_by_kind_titles_first_and_a_kind_alone_shows_the_rest(
    coordinator: EngageClient,
) -> None:
    plan = make_plan()
    make_action(plan, title="Beds for boys")
    for n in range(6):
        make_action(plan, title=f"Call number {n}", details="beds")
    make_organization(name="House of beds")
    page = search(coordinator, "beds")
    assert page.texts("#search-organizations .row-link") == ["House of beds"]
    assert len(page.all("#search-actions .search-hit")) == 5
    assert page.texts("#search-actions .row-link")[0] == "Beds for boys"
    more = page.one("#search-actions > p a")
    assert more.text() == "Show more: Actions"
    page = coordinator.page(str(more.attributes["href"]))
    assert len(page.all(".search-hit")) == 7
    assert page.texts(".panel-title") == ["Found"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("%", "Type a word or a number."),
        ('"*"', "Type a word or a number."),
        ("a" * 300, "Use at most 120 characters."),
        ("q", "Nothing found"),
        ("'; DROP TABLE plan_action; --", "Nothing found"),
        ("NEAR( ^title:x", "Nothing found"),
        ("\x00", "The beginning of a word is enough."),
        ("", "The beginning of a word is enough."),
    ],
)
def test_whatever_is_typed_the_page_says_what_it_means(
    coordinator: EngageClient, typed: str, said: str
) -> None:
    page = search(coordinator, typed)
    assert page.has(said)
    assert page.one("#search-q").attributes["value"] == typed.replace("\x00", "")


def test_tips_and_areas_are_found_in_the_content(viewer: EngageClient) -> None:
    page = search(viewer, "identification")
    assert "Identification Focus area" in page.texts("#search-learn .search-hit")[0]
    page = search(viewer, "measure")
    assert page.texts("#search-tips .search-hit")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.table)
def test_a_row_of_each_table_is_found_and_its_link_opens(coordinator: EngageClient, source) -> None:  # type: ignore[no-untyped-def]
    place = coordinator.membership
    column = (*source.titles, *source.open, *source.texts)[0]
    values = {column.key: "Quartermain", **_fit(source.table, place)}
    rows.insert(db.metadata.tables[source.table], values, coalition=place.coalition_id)
    db.session.commit()
    page = search(coordinator, "quartermain")
    assert len(page.all(".search-hit")) == 1, source.table
    assert page.texts("mark") == ["Quartermain"]
    coordinator.page(str(page.one(".search-hit a").attributes["href"]).split("#")[0])
    elsewhere = signed_in_client(
        coordinator.application, make_membership(coalition_id=make_coalition(slug="far").id)
    )
    assert not elsewhere.page("/c/far/search/?q=quartermain").all(".search-hit")


def _fit(table: str, place: Membership) -> dict[str, object]:
    match table:
        case "coalitions_membership":
            return {"approved_at": clock.now()}
        case "toolkit_note":
            return {"is_shared": True, "area": "response"}
        case "checklist_item":
            return {"key": "structure-in-one-line"}
    return {}


# -- who sees what


def test_a_viewer_finds_no_more_than_a_viewer_reads(viewer: EngageClient) -> None:
    plan, boss = make_plan(), make_membership(name="Beda Bedford")
    goal = make_goal(plan, title="A bed for everyone", why="Beds are few")
    make_action(plan, goal, title="Call about a bed", details="bed")
    make_action(plan, goal, title="Call the county", details="No bed for boys")
    make_organization(name="Bedrock", about="It has beds")
    make_note(boss, text="A bed is needed", is_shared=True)
    assert found(viewer, "bed") == [
        "Bedrock Organization It has beds",
        "A bed for everyone Goal · Plan of action 2026-27 Beds are few",
        "Call about a bed Action · Plan of action 2026-27",
    ]


def test_goals_objectives_and_actions_of_two_plans_with_one_title_name_their_plan(
    viewer: EngageClient,
) -> None:
    for title, status in (("First plan", PlanStatus.CLOSED), ("Second plan", PlanStatus.ADOPTED)):
        plan = make_plan(title=title, status=status)
        goal = make_goal(plan, title="Beds")
        make_objective(goal, title="Beds")
        make_action(plan, goal, title="Beds")
    assert found(viewer, "beds") == [
        f"Beds {kind} · {plan}"
        for kind in ("Goal", "Objective", "Action")
        for plan in ("Second plan", "First plan")
    ]
    assert found(viewer, "second") == ["Second plan Plan"]


def test_a_note_that_is_not_shared_is_found_by_its_writer_alone(
    member: EngageClient, coordinator: EngageClient
) -> None:
    make_note(member.membership, text="Ask about beds", is_shared=False)
    assert len(found(member, "beds")) == 1
    assert found(coordinator, "beds") == []
    # Nor does a mistyped word find it, or say that it comes close.
    assert found(coordinator, "bedds") == []


def test_an_announcement_is_found_by_those_it_was_for(
    member: EngageClient, viewer: EngageClient, coordinator: EngageClient
) -> None:
    group = make_group(coordinator.membership, "Housing", member.membership)
    other = make_group(coordinator.membership, "Schools")
    until = clock.today("UTC")
    for title, group_id in (
        ("Beds for all", None),
        ("Beds of housing", group.id),
        ("Beds of schools", other.id),
    ):
        values = {"title": title, "text": "Call us", "until_on": until, "group_id": group_id}
        announcements_service.post(coordinator.membership, values)
    db.session.commit()

    def titles(client: EngageClient) -> set[str]:
        return set(search(client, "beds").texts("#search-announcements .row-link"))

    assert titles(viewer) == {"Beds for all"}
    assert titles(member) == {"Beds for all", "Beds of housing"}
    assert titles(coordinator) == {"Beds for all", "Beds of housing", "Beds of schools"}


def test_whoever_left_is_not_found(coordinator: EngageClient) -> None:
    person = make_membership(name="Quartermain", user_id=None)
    assert len(found(coordinator, "quartermain")) == 1
    person.left_on = clock.today("UTC")
    assert found(coordinator, "quartermain") == []


def test_another_coalitions_words_change_nothing(coordinator: EngageClient) -> None:
    make_action(make_plan(), title="Beds")
    before = search(coordinator, "bedz").text("main")
    other = make_coalition(slug="far")
    for n in range(20):
        values = {"title": f"Bedz bedzz beds {n}"}
        rows.insert(db.metadata.tables["plan_goal"], values, coalition=other.id)
    db.session.commit()
    assert search(coordinator, "bedz").text("main") == before


def test_a_word_like_the_indexs_own_finds_nothing(coordinator: EngageClient) -> None:
    make_action(make_plan(), title="Beds")
    here = the_coalition().id
    assert found(coordinator, f"c{here}") == found(coordinator, f"/{here}") == []


def test_the_number_of_statements_does_not_grow(coordinator: EngageClient) -> None:
    plan = make_plan()
    make_action(plan, title="Beds")

    def asked(typed: str) -> int:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            search(coordinator, typed)
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len([each for each in statements if each.startswith(("SELECT", "WITH"))])

    few, near = asked("beds"), asked("bedss")
    for n in range(30):
        make_action(plan, title=f"Beds {n}", details="beds")
        make_organization(name=f"House of beds {n}")
    assert (asked("beds"), asked("bedss")) == (few, near)
    # On PostgreSQL one more statement asks which of the words that may have been meant are there at all.
    assert near == few + (1 if db.engine.dialect.name == "sqlite" else 2)


# -- the box, the key, and an index that is not there


def test_the_box_is_beside_every_page_and_the_key_can_be_switched_off(coordinator: EngageClient) -> None:
    page = coordinator.page("/c/riverbend/")
    assert page.one(".side-search form").attributes["action"] == HERE
    assert len(page.all("[data-slash]")) == 1
    assert coordinator.page("/account/").has("The / key moves to the search box")
    assert coordinator.send("/account/keys").status == 303
    assert not coordinator.page("/c/riverbend/").all("[data-slash]")
    assert not coordinator.page(HERE).all("[data-slash]")
    coordinator.send("/account/keys", keys="slash")
    assert coordinator.page("/c/riverbend/").all("[data-slash]")


def test_without_an_index_the_page_says_what_to_do_and_keeps_the_words(coordinator: EngageClient) -> None:
    index.remove(db.session.connection())
    db.session.commit()
    try:
        answer = coordinator.get(f"{HERE}?q=beds")
        assert answer.status_code == 503
        assert Page(answer).has("engage upgrade")
        assert Page(answer).has("You looked for: beds")
    finally:
        index.build(db.session.connection())
        db.session.commit()
    assert search(coordinator, "beds").has("Search")


def test_another_fault_of_the_database_is_not_taken_for_a_missing_index(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_asked: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr("engage.search.queries.find", fail)
    assert coordinator.get(f"{HERE}?q=beds").status_code == 503
    assert not Page(coordinator.get(f"{HERE}?q=beds")).has("engage upgrade")


@pytest.mark.parametrize("kind", [*SearchKind, "nonsense"])
def test_any_kind_may_be_asked_for_by_anyone(viewer: EngageClient, kind: str) -> None:
    make_action(make_plan(), title="Beds")
    search(viewer, "beds", kind)


def test_what_was_found_is_looked_up_row_by_row_also_where_someone_ran_analyze(
    coordinator: EngageClient,
) -> None:
    plan, asked = make_plan(), list[tuple[str, Any]]()
    for n in range(30):
        make_action(plan, title=f"Beds {n}")
    connection = db.session.connection()
    if connection.dialect.name != "sqlite":
        # Rows that wait in a list beside the index are read one after the other, for each word that is asked for.
        options = sa.text(f"SELECT reloptions FROM pg_class WHERE relname = '{index.NAME}_words'")
        assert db.session.scalar(options) == ["fastupdate=off"]
        return
    connection.exec_driver_sql("ANALYZE")
    db.session.commit()

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        if "plan_action" in statement and index.NAME in statement:
            asked.append((statement, values))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        search(coordinator, "beds")
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    ((statement, values),) = asked
    connection = db.session.connection()
    steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert "SEARCH plan_action USING INTEGER PRIMARY KEY (rowid=?)" in steps
    assert not [step for step in steps if "AUTOMATIC" in step or "SCAN plan_action" in step]


def _mission(language: str) -> str:
    lines = content(language).agenda("planning_session").lines
    return next(each.title for each in lines if each.key == "mission")


def test_a_line_that_engage_drafted_is_named_in_the_readers_language(member: EngageClient) -> None:
    meeting = make_meeting(member.membership)
    about = "template:planning_session:mission"
    make_item(meeting, _mission("en"), about=about)
    asked = {"q": "aloud"}
    assert _mission("en") in member.page(HERE, query_string=asked).text("#search-meetings")
    spanish = member.page(HERE, query_string=asked, headers={"Accept-Language": "es-MX"})
    assert _mission("es") in spanish.text("#search-meetings")
