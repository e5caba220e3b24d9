"""Coverage: the sentence, the grid as a picture and as a table, who sees what, the file, the setting."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engage import clock
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.extensions import db
from engage.meetings.rules import Mode
from engage.partners.models import Organization
from engage.partners.rules import AgreementState, TagKind, plus_months
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_affiliation, make_coalition, make_membership, make_organization
from tests.html import Page
from tests.meetings.rows import make_meeting
from tests.partners.agreements.rows import make_agreement
from tests.partners.organizations.test_directory import tag
from tests.partners.recruitments import TODAY, attend, make_conversation, make_recruitment

COVERAGE = "/c/riverbend/partners/coverage/"
SINCE = plus_months(TODAY, -6)
EXPECTED = [sector for sector in content().sectors if sector.expected]


def grid(page: Page) -> dict[str, list[str]]:
    """Returns the cells of each sector, in words."""
    return {
        row.css_first("th").text(strip=True): [
            " ".join(td.text(separator=" ").split()) for td in row.css("td")
        ]
        for row in page.all("#partners-coverage tbody tr")
    }


def active(page: Page) -> int:
    return int(page.text(".lead").split(" of ")[0])


def yesterday_noon() -> datetime:
    return clock.now() - timedelta(days=1)


# -- what makes someone active


def _talk(hospital: Organization, by: Membership, day: date) -> None:
    make_conversation(hospital, day)


def _meeting(hospital: Organization, by: Membership, day: date) -> None:
    meeting = make_meeting(by, starts_at=datetime(day.year, day.month, day.day, 18, tzinfo=UTC))
    attend(meeting, organization_id=hospital.id, sector="health")


def _signature(hospital: Organization, by: Membership, day: date) -> None:
    make_agreement(by, hospital, since=day)


def _joined(hospital: Organization, by: Membership, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    make_affiliation(make_membership(approved_at=noon, joined_at=noon), hospital)


@pytest.mark.parametrize("fact", [_talk, _meeting, _signature, _joined])
def test_each_kind_of_fact_makes_an_organization_active_from_its_first_day_on(
    coordinator: EngageClient, fact: Callable[[Organization, Membership, date], None]
) -> None:
    hospital = make_organization(name="Mercy Hospital", sector="health")
    assert active(coordinator.page(COVERAGE)) == 0
    fact(hospital, coordinator.membership, SINCE - timedelta(days=1))
    assert active(coordinator.page(COVERAGE)) == 0
    fact(hospital, coordinator.membership, SINCE)
    assert active(coordinator.page(COVERAGE)) == 1


@pytest.mark.parametrize(
    ("what", "values"),
    [("excused", {"mode": Mode.EXCUSED}), ("to come", {"starts_at": datetime(2094, 3, 3, tzinfo=UTC)})],
)
def test_who_did_not_come_to_a_meeting_is_not_active(
    coordinator: EngageClient, what: str, values: dict[str, Any]
) -> None:
    hospital = make_organization(sector="health")
    meeting = make_meeting(coordinator.membership, starts_at=values.get("starts_at", yesterday_noon()))
    attend(meeting, organization_id=hospital.id, sector="health", mode=values.get("mode", Mode.HERE))
    assert active(coordinator.page(COVERAGE)) == 0, what


def test_an_agreement_that_is_only_drafted_makes_no_one_active(coordinator: EngageClient) -> None:
    hospital = make_organization(sector="health")
    make_agreement(coordinator.membership, hospital, since=TODAY, state=AgreementState.DRAFTING)
    assert active(coordinator.page(COVERAGE)) == 0


@pytest.mark.parametrize("gone", ["left_on", "disabled_at"])
def test_whoever_left_makes_no_one_active_by_having_joined(member: EngageClient, gone: str) -> None:
    value = {"left_on": TODAY, "disabled_at": clock.now()}[gone]
    make_affiliation(make_membership(**{gone: value}), make_organization(sector="health"))
    make_affiliation(make_membership(**{gone: value}))
    assert active(member.page(COVERAGE)) == 0


def test_the_page_says_what_coverage_is(member: EngageClient) -> None:
    assert member.page(COVERAGE).has(
        "Coverage shows how many organizations work here, by sector and focus area."
    )


def test_people_who_come_for_themselves_fill_their_sector(member: EngageClient) -> None:
    residents = content().sector("residents").name
    make_affiliation(member.membership)
    attend(make_meeting(member.membership, starts_at=yesterday_noon()), sector="residents")
    page = member.page(COVERAGE)
    assert active(page) == 1
    assert grid(page)[residents][0] == "2 of 2 taking part"
    assert grid(page)[residents][1] == "– people, no organizations"
    table = member.page(f"{COVERAGE}?show=table")
    assert table.has("2 people on their own")


def test_the_setting_says_how_far_back_active_reaches(coordinator: EngageClient) -> None:
    make_conversation(make_organization(sector="health"), plus_months(TODAY, -8))
    assert active(coordinator.page(COVERAGE)) == 0
    page = coordinator.page("/c/riverbend/settings/")
    assert page.value("active_months") == "6"
    fields = {name: page.value(name) for name in ("name", "community", "time_zone", "version")}
    for wrong in ("0", "25", "six", ""):
        answer = coordinator.send("/c/riverbend/settings/", **fields, active_months=wrong)
        assert answer.status == 422 and answer.errors
    assert coordinator.send("/c/riverbend/settings/", **fields, active_months="9").status == 303
    page = coordinator.page(COVERAGE)
    assert active(page) == 1
    assert page.has("in the last 9 months")


# -- the page


def test_the_sentence_says_how_many_expected_sectors_have_someone_active(member: EngageClient) -> None:
    make_conversation(make_organization(sector="health"), level=3)
    make_conversation(make_organization(sector="faith"), level=2)
    make_conversation(make_organization(sector="media"))
    page = member.page(COVERAGE)
    assert page.text(".lead").startswith(f"2 of {len(EXPECTED)} expected sectors have been active since")
    assert page.has("In 1 of them the relationship is strong")


def test_a_square_says_number_and_word_and_what_is_chosen_leads_to_the_directory(
    member: EngageClient,
) -> None:
    hospital = make_organization(name="Mercy Hospital", sector="health")
    clinic = make_organization(name="Free Clinic", sector="health")
    for organization in (hospital, clinic):
        tag(organization, TagKind.AREA, "response")
    make_conversation(hospital, level=3)
    make_agreement(member.membership, hospital)
    page = member.page(COVERAGE)
    whole, *areas = grid(page)[content().sector("health").name]
    assert whole == "1 of 2 Coordination agreement signed"
    assert areas[2] == "1 of 2 Coordination agreement signed"
    assert areas[0].startswith("0 no one")
    links = [node.attributes["href"] for node in page.all(".heat-strength .heat-link")]
    assert links == [
        f"{COVERAGE}?sector=health#partners-chosen",
        f"{COVERAGE}?sector=health&area=response#partners-chosen",
    ]
    chosen = member.page((links[1] or "").split("#")[0])
    directory = (
        chosen.one("#partners-chosen .cover-ways a[href^='/c/riverbend/partners/?']").attributes["href"] or ""
    )
    assert directory == "/c/riverbend/partners/?sector=health&area=response"
    assert member.page(directory).texts(".partner-table .row-link") == ["Free Clinic", "Mercy Hospital"]


def test_an_empty_square_leads_to_the_forms_filled_in(member: EngageClient) -> None:
    clinic = make_organization(name="Free Clinic", sector="health")
    tag(clinic, TagKind.AREA, "response")
    # Nothing but what was chosen says what to do: the picture itself is one stop a sector.
    assert not member.page(COVERAGE).all(".cover-picture .btn, .cover-picture td a:not([tabindex='-1'])")
    page = member.page(f"{COVERAGE}?sector=health&area=response")
    health = content().sector("health").name
    place = f"{health}: {next(area.name for area in content().areas if area.key == 'response')}"
    invite = page.one(f"#partners-chosen a[aria-label='Invite someone: {place}']").attributes["href"] or ""
    form = member.page(invite)
    assert [form.value(name) for name in ("sector", "area", "organization_id", "inviter_id")] == [
        "health",
        "response",
        str(clinic.id),
        str(member.membership.id),
    ]
    assert form.value("ask_by") == (TODAY + timedelta(days=14)).isoformat()
    page = member.page(f"{COVERAGE}?sector=health")
    outreach = page.one(f"#partners-chosen a[aria-label='Reach out: {health}']").attributes["href"] or ""
    form = member.page(outreach)
    assert form.value("title") == f"Reach out to Free Clinic ({health})"
    assert form.value("organization_id") == str(clinic.id)


@pytest.mark.parametrize("asked", ["?sector=nothing", "?sector=health&area=nothing", "?area=response"])
def test_what_no_cell_has_chooses_nothing(member: EngageClient, asked: str) -> None:
    assert not member.page(COVERAGE + asked).all("#partners-chosen")


def test_where_a_recruitment_is_open_the_square_leads_to_it(member: EngageClient) -> None:
    recruitment = make_recruitment("health", ask_by=TODAY - timedelta(days=1))
    assert "To recruit, late since" in grid(member.page(COVERAGE))[content().sector("health").name][0]
    page = member.page(f"{COVERAGE}?sector=health")
    link = page.one("#partners-chosen a[href*='/recruitments/']")
    assert member.page(link.attributes["href"] or "").has(content().sector("health").name)
    assert link.attributes["href"] == f"/c/riverbend/partners/recruitments/{recruitment.id}/"
    assert link.text().startswith("To recruit, late since")
    health = content().sector("health").name
    assert not page.all(f"a[aria-label='Invite someone: {health}']")


def test_the_table_names_who_is_active_and_who_is_not(member: EngageClient) -> None:
    hospital = make_organization(name="Mercy Hospital", sector="health")
    tag(hospital, TagKind.AREA, "response")
    make_conversation(hospital, level=3)
    make_conversation(make_organization(name="Free Clinic", sector="health"), date(2020, 1, 2))
    page = member.page(f"{COVERAGE}?show=table")
    rows = {row.css_first("th").text(strip=True): row for row in page.all("#partners-coverage tbody tr")}
    row = " ".join(rows[content().sector("health").name].text(separator=" ").split())
    assert "Mercy Hospital 3: Coordination · Leaving and immediate response" in row
    assert "Free Clinic level not given · no focus area given · last on Jan 2, 2020" in row
    assert "no one in 5 focus areas" in row
    assert page.texts(".pills a[aria-current=true]") == ["As a table"]


def test_the_table_asks_once_for_a_sector_with_no_one_and_not_where_a_recruitment_is_open(
    member: EngageClient,
) -> None:
    make_recruitment("labor")
    page = member.page(f"{COVERAGE}?show=table")
    health = page.one("#partners-sector-health")
    assert [node.text() for node in health.css("td a")] == ["Invite someone", "Reach out"]
    assert [node.text() for node in page.one("#partners-sector-labor").css("td a")] == ["Sector to recruit"]


def test_a_viewer_sees_organizations_and_no_form(viewer: EngageClient) -> None:
    hospital = make_organization(name="Mercy Hospital", sector="health")
    make_affiliation(make_membership(name="Rosa Diaz"), hospital)
    for path in (COVERAGE, f"{COVERAGE}?show=table"):
        page = viewer.page(path)
        assert active(page) == 1
        assert not page.has("Rosa") and not page.all("main a[href*='/new']") and not page.has("CSV")
    assert viewer.page(f"{COVERAGE}?show=table").has("Mercy Hospital")


def test_another_coalitions_records_are_not_counted(member: EngageClient) -> None:
    other = make_coalition(slug="elsewhere")
    make_conversation(make_organization(coalition=other, sector="health", name="Theirs"))
    make_recruitment("faith", coalition=other)
    page = member.page(f"{COVERAGE}?show=table")
    assert active(page) == 0
    assert not page.has("Theirs") and not page.has("To recruit,")
    assert member.get("/c/elsewhere/partners/coverage/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_rows(member: EngageClient) -> None:
    def fill(number: int) -> None:
        for n in range(number):
            organization = make_organization(sector=EXPECTED[n % len(EXPECTED)].key)
            tag(organization, TagKind.AREA, "response")
            make_conversation(organization, level=2)
            make_recruitment(EXPECTED[n % len(EXPECTED)].key)

    fill(1)
    with counted_queries() as few:
        member.page(COVERAGE)
    fill(12)
    with counted_queries() as many:
        member.page(COVERAGE)
    assert len(many) == len(few)


# -- over time


def test_what_coverage_was_stands_as_a_picture_with_its_table(coordinator: EngageClient) -> None:
    assert not coordinator.page(COVERAGE).all(".cover-time")
    last_month = TODAY.replace(day=1) - timedelta(days=1)
    make_conversation(make_organization(sector="faith"), plus_months(last_month, -8))
    hospital = make_organization(sector="health")
    make_conversation(hospital, last_month, level=2)
    make_agreement(coordinator.membership, hospital, since=TODAY)
    page = coordinator.page(COVERAGE)
    rows = [row.text(separator=" ").split() for row in page.all(".cover-numbers tbody tr")]
    total = f"of {len(EXPECTED)}"
    assert len(rows) == 10
    # Today, firm by the agreement; at the end of last month active only; eight months ago it was another sector.
    assert [" ".join(row[3:]) for row in (rows[0], rows[1], rows[2], rows[-1])] == [
        f"1 {total} 1",
        f"1 {total} 0",
        f"0 {total} 0",
        f"1 {total} 0",
    ]
    assert page.texts(".cover-count")[-2:] == ["1", "1"]
    label = page.one(".cover-time").attributes["aria-label"] or ""
    assert label.startswith(f"Active expected sectors: from 1 of {len(EXPECTED)}") and "to 1 on" in label


# -- the file


def test_the_file_has_a_line_a_sector_and_area_and_runs_no_formula(coordinator: EngageClient) -> None:
    hospital = make_organization(name="=cmd()", sector="health")
    tag(hospital, TagKind.AREA, "response")
    make_conversation(hospital, level=3)
    answer = coordinator.get(f"{COVERAGE}file")
    assert answer.mimetype == "text/csv"
    lines = answer.get_data(as_text=True).splitlines()
    health = content().sector("health").name
    assert f'"{health}","yes","All focus areas","1","1","3","no","\'=cmd()","",""' in lines
    assert f'"{health}","yes","Prevention","0","0","","no","","",""' in lines


def test_only_coordinators_take_the_file_along(member: EngageClient) -> None:
    assert member.get(f"{COVERAGE}file").status_code == 403
    assert not member.page(COVERAGE).has("CSV")


# -- which sectors are expected here

CHOICE = f"{COVERAGE}expected"


def keys_without(*left_out: str) -> list[str]:
    return [each.key for each in EXPECTED if each.key not in left_out]


def test_a_coordinator_says_which_sectors_are_expected_and_everything_counts_by_it(
    coordinator: EngageClient,
) -> None:
    page = coordinator.page(CHOICE)
    assert {box.attributes["value"] for box in page.all("[name=sectors][checked]")} == set(keys_without())
    page = coordinator.send(CHOICE, sectors=[*keys_without("labor", "health"), "tribal"], version="1")
    assert (page.status, page.location) == (303, COVERAGE)
    page = coordinator.page(COVERAGE)
    assert page.text(".lead").startswith(f"0 of {len(EXPECTED) - 1} expected sectors")
    assert "Tribal government or organization" in grid(page)
    assert not any(name.startswith("Labor") for name in grid(page))
    missing = coordinator.page("/c/riverbend/partners/recruitments/").text("#partners-missing")
    assert "Tribal government" in missing and "Health care" not in missing
    start = coordinator.page("/c/riverbend/start/")
    assert start.has(f"0 of {len(EXPECTED) - 1} expected sectors are filled")


def test_what_the_content_expects_is_not_kept_as_a_choice(coordinator: EngageClient) -> None:
    coordinator.send(CHOICE, sectors=keys_without("labor"), version="1")
    assert "labor" not in (coordinator.membership.coalition.expected_sectors or [])
    coordinator.send(CHOICE, sectors=keys_without(), version="2")
    db.session.expire_all()
    assert coordinator.membership.coalition.expected_sectors is None


def test_without_a_tick_or_with_an_unknown_sector_the_choice_is_refused(coordinator: EngageClient) -> None:
    page = coordinator.send(CHOICE, version="1")
    assert page.status == 422 and page.has("Check the sectors that belong at your table, at least one.")
    assert coordinator.send(CHOICE, sectors=["health", "circus"], version="1").status == 422
    assert coordinator.membership.coalition.expected_sectors is None


def test_of_two_choices_of_sectors_the_second_sees_the_first(coordinator: EngageClient) -> None:
    coordinator.send(CHOICE, sectors=keys_without("labor"), version="1")
    page = coordinator.send(CHOICE, sectors=["tribal", "health"], version="1")
    assert page.status == 409 and page.has("Expected right now: Business and employers")
    assert page.value("version") == "2"
    assert {box.attributes["value"] for box in page.all("[name=sectors][checked]")} == {"tribal", "health"}
    assert coordinator.send(CHOICE, sectors=["tribal", "health"], version="2").status == 303


def test_only_coordinators_choose_the_expected_sectors(
    coordinator: EngageClient, member: EngageClient
) -> None:
    assert member.get(CHOICE).status_code == 403
    assert member.send(CHOICE, sectors=["health"], version="1").status == 403
    assert coordinator.membership.coalition.expected_sectors is None
    assert coordinator.page(COVERAGE).all(f"a[href='{CHOICE}']")
    assert not member.page(COVERAGE).all(f"a[href='{CHOICE}']")
    assert coordinator.send(CHOICE, sectors=["health"], version="1").status == 303
    assert coordinator.membership.coalition.expected_sectors == ["health"]
