"""The reports as pages: what each shows to whom, without doubling what the features' own pages know."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engage.chain.routes import PAGE_ROWS
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from engage.plan.models import Plan
from engage.plan.rules import ActionStatus, PlanStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_affiliation,
    make_closed_round,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    make_reading,
    signed_in_client,
)
from tests.html import Page
from tests.partners.agreements.rows import make_agreement

REPORTS = "/c/riverbend/reports/"
PAGES = ["one-page", "plan", "assessment", "partners", "funder"]
KEYS = [each.key for each in content().indicators]


@pytest.fixture
def reader(app: Any, coordinator: EngageClient) -> EngageClient:
    """Returns a viewer of the coordinator's coalition."""
    place = make_membership(coalition=coordinator.membership.coalition, role=Role.VIEWER)
    return signed_in_client(app, place)


def a_plan() -> Plan:
    """Makes two goals; Keisha of Grace Church leads what is late, no one the rest."""
    plan = make_plan(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    keisha = make_membership(name="Keisha Hall")
    make_affiliation(keisha, make_organization(name="Grace Church"))
    goal = make_goal(plan, title="Nobody waits for a safe bed", why="Most of us said so.")
    objective = make_objective(goal, title="Places within a day")
    measure = make_measure(
        objective, title="Host families", unit="families", baseline_value=0, target_value=6
    )
    make_reading(measure, 2, date(2026, 3, 1))
    make_action(
        plan,
        objective=objective,
        title="Train host families",
        owner_id=keisha.id,
        due_on=date(2026, 2, 1),
        status=ActionStatus.STUCK,
        reason="We need a trainer.",
    )
    make_action(plan, goal, title="Ask the motels", status=ActionStatus.DONE)
    make_goal(plan, title="A coalition that lasts")
    make_action(plan, title="Thank the volunteers")
    return plan


def closed(year: int, rating: int, people: int = 3) -> None:
    round_ = make_closed_round([("health", dict.fromkeys(KEYS, rating))] * people, title=f"Assessment {year}")
    round_.closed_at = datetime(year, 11, 30, 18, tzinfo=UTC)
    db.session.commit()


# -- under one roof


def test_the_index_says_what_each_report_is_for_and_of_when(coordinator: EngageClient) -> None:
    make_plan(title="Plan 2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    page = coordinator.page(REPORTS)
    assert page.texts(".report-entry h2") == [
        "Funder report",
        "Plan on one page",
        "Full plan",
        "Charter",
        "Community assessment",
        "Tips for Success",
        "Partners and agreements",
        "Why we do each thing",
        "Handover pack",
        "Public page",
        "Live tables",
        "Guide for coordinators",
        "Card for members",
    ]
    assert "Plan 2026, January 1, 2026 to December 31, 2026" in page.text("#reports-plan")
    assert "No round is closed yet." in page.text("#reports-assessment")
    assert page.texts("#reports-plan .report-forms a") == ["Open"]


def files(page: Page) -> list[str]:
    return page.texts(".head-tools > a, .head-tools .more-list a")


def test_a_report_offers_its_file_formats_on_its_own_page(
    coordinator: EngageClient, reader: EngageClient
) -> None:
    a_plan()
    closed(2025, 1)
    table = ["Download as PDF", "Download as CSV"]
    assert files(coordinator.page(f"{REPORTS}plan")) == [*table, "Download as XLSX"]
    assert files(coordinator.page(f"{REPORTS}partners")) == table
    for client in (coordinator, reader):
        assert files(client.page(f"{REPORTS}assessment")) == table
    assert (
        files(reader.page(f"{REPORTS}plan"))
        == files(reader.page(f"{REPORTS}partners"))
        == ["Download as PDF"]
    )
    for path in ("plan", "partners", "assessment"):
        for link in coordinator.page(f"{REPORTS}{path}").all(".head-tools .more-list a"):
            assert coordinator.get(link.attributes["href"]).status_code == 200


def test_every_report_that_the_index_offers_opens(coordinator: EngageClient, reader: EngageClient) -> None:
    a_plan()
    closed(2025, 1)
    for client in (coordinator, reader):
        links = [link.attributes["href"] for link in client.page(REPORTS).all(".report-entry a")]
        assert len(links) > 15
        for link in links:
            assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("path", PAGES)
def test_it_opens_on_an_empty_coalition_and_says_what_will_be_there(
    coordinator: EngageClient, reader: EngageClient, path: str
) -> None:
    for client in (coordinator, reader):
        page = client.page(f"{REPORTS}{path}")
        assert page.text("h1")
        assert page.all(".empty, #reports-paper")


def test_a_plan_without_goals_and_actions_says_so(coordinator: EngageClient) -> None:
    make_plan()
    assert coordinator.page(f"{REPORTS}one-page").has("This plan has no goals and no actions yet.")
    assert coordinator.page(f"{REPORTS}plan").has("This plan has no goals and no actions yet.")


@pytest.mark.parametrize("path", ["plan.pdf", "one-page.pdf", "assessment.pdf"])
def test_there_is_no_pdf_of_what_does_not_exist(coordinator: EngageClient, path: str) -> None:
    assert coordinator.get(f"{REPORTS}{path}").status_code == 404


# -- the plan


def test_the_full_plan_has_every_goal_objective_measure_and_action(coordinator: EngageClient) -> None:
    a_plan()
    page = coordinator.page(f"{REPORTS}plan")
    assert page.text("h1") == "Plan of action 2026-27"
    assert "January 1, 2026 to December 31, 2026, as of " in page.text("#reports-of")
    assert page.texts(".report-figures li") == [
        "1 of 3 actions done",
        "1 late",
        "1 stuck",
        "0 no longer needed",
    ]
    assert page.has("Goal 1. Nobody waits for a safe bed")
    assert page.has("Most of us said so.")
    assert page.has("1.1 Places within a day")
    assert page.has("Host families: 2 of 6 families, Mar 1")
    assert page.has("Goal 2. A coalition that lasts")
    stuck = next(row for row in page.texts(".report-table tbody tr") if "Train host families" in row)
    assert "Needs: We need a trainer. Keisha Hall" in stuck
    # Who moves down a column hears of which action each cell is.
    heads = page.texts(".report-table tbody th[scope=row]")
    assert len(heads) == len(page.all(".report-table tbody tr"))
    assert any("Train host families" in each for each in heads)
    assert page.texts("#reports-loose th a") == ["Thank the volunteers"]


def test_without_names_of_people_it_is_what_a_viewer_sees(
    coordinator: EngageClient, reader: EngageClient
) -> None:
    a_plan()
    handed_out = coordinator.page(f"{REPORTS}plan?names=no")
    for page in (handed_out, reader.page(f"{REPORTS}plan"), reader.page(f"{REPORTS}plan?names=yes")):
        assert not page.has("Keisha")
        assert not page.has("We need a trainer.")
        assert page.has("Grace Church")
        # A count of two is too small to be shown outside.
        assert page.has("Host families: too few to show, Mar 1")
    assert reader.page(f"{REPORTS}plan").texts(".pills a") == []


def test_the_one_page_goes_out_without_names_unless_asked(coordinator: EngageClient) -> None:
    a_plan()
    page = coordinator.page(f"{REPORTS}one-page")
    assert page.has("Next steps")
    assert page.has("Train host families")
    assert not page.has("Keisha")
    assert page.texts(".pills a[aria-current]") == ["Without names of people"]
    named = coordinator.page(f"{REPORTS}one-page?names=yes")
    assert named.has("Keisha Hall")
    assert named.one(".head-tools .btn-primary").attributes["href"] == f"{REPORTS}one-page.pdf?names=yes"


def test_the_plans_page_leads_to_its_reports(coordinator: EngageClient, reader: EngageClient) -> None:
    plan = a_plan()
    for client in (coordinator, reader):
        links = client.page("/c/riverbend/plan/").all("#plan-reports a")
        paths = [link.attributes["href"] for link in links]
        assert paths == [f"{REPORTS}one-page?plan={plan.id}", f"{REPORTS}plan?plan={plan.id}"]


def test_an_earlier_plan_can_be_chosen_and_anothers_does_not_exist(coordinator: EngageClient) -> None:
    make_plan(title="This year")
    old = make_plan(title="Last year", status=PlanStatus.CLOSED, closed_on=date(2025, 12, 31))
    page = coordinator.page(f"{REPORTS}plan?plan={old.id}")
    assert page.text("h1") == "Last year"
    assert page.one(".head-tools .btn-primary").attributes["href"] == f"{REPORTS}plan.pdf?plan={old.id}"
    elsewhere = make_plan(coalition=make_coalition())
    for path in ("plan", "one-page", "plan.pdf", "one-page.pdf"):
        assert coordinator.get(f"{REPORTS}{path}?plan={elsewhere.id}").status_code == 404


def test_all_actions_stand_in_it_however_many(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    for number in range(205):
        make_action(plan, goal, title=f"Step {number}")
    assert len(coordinator.page(f"{REPORTS}plan").all(".report-table tbody tr")) == 205


# -- the assessment


def test_the_assessment_report_has_the_areas_what_stands_out_and_what_changed(
    coordinator: EngageClient,
) -> None:
    closed(2025, 1)
    closed(2026, 3)
    page = coordinator.page(f"{REPORTS}assessment")
    assert page.text("h1") == "Assessment 2026"
    assert page.text(".report-lead").startswith("3 people answered.")
    first = content().areas[0]
    assert page.texts("#reports-areas tbody tr")[0].startswith(f"{first.short} 3.0 strong")
    assert page.has("Greatest strengths")
    assert page.texts("#reports-changes tbody tr")[0] == f"{first.name} 1.0 low 3.0 strong up 2.0"
    assert page.has("A group of fewer than 3 people")


def test_a_viewer_reads_areas_and_no_statement(coordinator: EngageClient, reader: EngageClient) -> None:
    closed(2026, 3)
    alone = coordinator.page(f"{REPORTS}assessment?detail=areas")
    for page in (alone, reader.page(f"{REPORTS}assessment")):
        assert page.all("#reports-areas")
        assert not page.all("#reports-gaps, #reports-strengths, #reports-differ")
        assert not page.has(content().indicator(KEYS[0]).title)


def test_an_open_round_one_with_too_few_and_anothers_have_no_report(coordinator: EngageClient) -> None:
    round_ = make_closed_round([("health", dict.fromkeys(KEYS, 1))] * 2)
    assert coordinator.get(f"{REPORTS}assessment?round={round_.id}").status_code == 404
    other = make_coalition()
    theirs = make_closed_round([("health", dict.fromkeys(KEYS, 1))] * 3, coalition=other)
    assert coordinator.get(f"{REPORTS}assessment?round={theirs.id}").status_code == 404
    assert coordinator.get(f"{REPORTS}assessment.pdf?round={theirs.id}").status_code == 404


# -- partners


def test_partners_with_their_agreements_name_no_person(
    coordinator: EngageClient, reader: EngageClient
) -> None:
    church = make_organization(name="Grace Church", sector="faith")
    make_organization(name="Aurora Clinic", sector="health")
    make_agreement(coordinator.membership, church, title="Rooms at night")
    page = coordinator.page(f"{REPORTS}partners")
    rows = page.texts("#reports-organizations tbody tr")
    assert [row.split(" ")[0] for row in rows] == ["Aurora", "Grace"]
    assert rows[1].endswith("1")
    assert page.texts("#reports-agreements tbody tr")[0].startswith(
        "1 Grace Church Rooms at night MOU Signed"
    )
    # What someone wrote stays inside.
    assert not reader.page(f"{REPORTS}partners").has("Rooms at night")


# -- on paper


@pytest.mark.parametrize("path", ["plan/", "checklist/", "assessment/", "chain/", "partners/"])
def test_every_page_of_a_coalition_says_on_paper_whose_it_is_and_of_when(
    member: EngageClient, path: str
) -> None:
    head = member.page(f"/c/riverbend/{path}").text(".print-head")
    assert head.startswith("Riverbend County")
    assert head.rstrip()[-4:].isdecimal()


def test_the_whole_chain_stands_on_one_page_to_print(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    for _number in range(PAGE_ROWS + 5):
        make_action(plan, goal)
    chain = "/c/riverbend/chain/"
    assert len(member.page(chain).all(".chain-table tbody tr")) == PAGE_ROWS
    assert member.page(chain).all(f".button-row a[href='{chain}?page=all']")
    whole = member.page(f"{chain}?page=all")
    assert len(whole.all(".chain-table tbody tr")) == PAGE_ROWS + 5
    assert not whole.all(".pages")


# -- how much it asks the database


@pytest.mark.parametrize("path", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    coordinator: EngageClient, client_of: Callable[[Membership], EngageClient], path: str
) -> None:
    def filled() -> int:
        a_plan_of = make_plan(status=PlanStatus.CLOSED, closed_on=date(2026, 1, 1))
        for _number in range(3):
            goal = make_goal(db.session.merge(current), area="prevention")
            objective = make_objective(goal)
            make_reading(make_measure(objective), 9, date(2026, 6, 1))
            make_action(db.session.merge(current), objective=objective, due_on=date(2099, 1, 1))
            organization = make_organization()
            make_agreement(coordinator.membership, organization)
        assert a_plan_of
        with counted_queries() as statements:
            coordinator.page(f"{REPORTS}{path}")
        return len(statements)

    current = make_plan()
    closed(2025, 1)
    closed(2026, 2)
    first = filled()
    assert filled() == first
    # The funder report reads two periods.
    assert first < (40 if path == "funder" else 30)
