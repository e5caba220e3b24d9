"""The report for a funder: every number, over any dates, and none that tells of a person."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import combinations
from typing import Any
from zipfile import ZipFile

import pytest

from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Attendance
from engage.meetings.rules import MeetingKind, Mode
from engage.partners.rules import AgreementKind
from engage.plan.activities.models import Activity, ActivityAudience
from engage.plan.activities.rules import ActivityKind, ActivityState
from engage.plan.rules import ActionStatus
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_activity,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    make_reading,
    saved,
    signed_in_client,
)
from tests.html import Page
from tests.meetings.rows import make_meeting
from tests.partners.agreements.rows import make_agreement

FUNDER = "/c/riverbend/reports/funder"
SPRING = "?since=2026-03-01&until=2026-05-31"


def came(by: Membership, day: datetime, sectors: list[str], **values: Any) -> None:
    """Makes a meeting and its attendance, each person a guest; one more sent word."""
    meeting = make_meeting(by, starts_at=day, **values)
    for mode, sector in [*((Mode.HERE, each) for each in sectors), (Mode.EXCUSED, "schools")]:
        saved(
            Attendance(
                coalition_id=by.coalition_id, meeting_id=meeting.id, guest="A guest", sector=sector, mode=mode
            )
        )


def rows(page: Page, part: str) -> list[str]:
    return page.texts(f"#reports-{part} tbody tr")


def test_meetings_that_were_held_are_counted_by_kind_and_by_the_sectors_that_came(
    coordinator: EngageClient,
) -> None:
    by = coordinator.membership
    came(by, datetime(2026, 3, 4, 0, tzinfo=UTC), ["health", "health", "faith"])
    came(by, datetime(2026, 4, 4, 0, tzinfo=UTC), ["health", ""], kind=MeetingKind.CORE_TEAM)
    # In UTC it is June already, and where the coalition is the last evening of May.
    came(by, datetime(2026, 6, 1, 2, tzinfo=UTC), ["faith"])
    came(by, datetime(2026, 6, 1, 9, tzinfo=UTC), ["faith"])
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert rows(page, "meetings") == ["General meeting 2 4", "Core team 1 2", "Total 3 6"]
    assert rows(page, "attendance") == [
        "Faith-based 2 2",
        "Health care and public health 3 2",
        "Sector not given 1 1",
    ]
    assert page.has("6 attendances, from 0 organizations in 2 sectors.")


def test_a_meeting_to_come_was_not_held(coordinator: EngageClient) -> None:
    make_meeting(coordinator.membership)
    # Its sign-in sheet was filled in ahead of time.
    came(coordinator.membership, datetime(2098, 3, 4, tzinfo=UTC), ["health"])
    page = coordinator.page(f"{FUNDER}?since=2026-01-01&until=2099-12-31")
    assert page.has("No meeting was held during these dates.")


def test_a_meeting_that_no_one_recorded_is_named_and_not_counted_as_held(coordinator: EngageClient) -> None:
    by, day = coordinator.membership, datetime(2026, 3, 4, tzinfo=UTC)
    came(by, day, [])
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert page.has("No meeting was held during these dates. 1 meeting not recorded yet.")
    came(by, day, ["health"])
    make_meeting(by, starts_at=day, closed_at=day)
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert rows(page, "meetings") == ["General meeting 2 1"]
    assert page.texts("#reports-figures li")[0] == "2 meetings held"
    assert page.texts("#reports-meetings .report-words") == ["1 meeting not recorded yet."]


def test_members_who_joined_and_left_are_totals_and_viewers_are_none(coordinator: EngageClient) -> None:
    def person(joined: datetime, **values: Any) -> None:
        make_membership(joined_at=joined, **values)

    person(datetime(2025, 1, 1, 12, tzinfo=UTC))
    person(datetime(2025, 1, 1, 12, tzinfo=UTC), left_on=date(2026, 3, 1))
    person(datetime(2025, 1, 1, 12, tzinfo=UTC), left_on=date(2026, 2, 28))
    person(datetime(2026, 4, 1, 12, tzinfo=UTC))
    person(datetime(2026, 4, 1, 12, tzinfo=UTC), left_on=date(2026, 5, 1))
    person(datetime(2026, 4, 1, 12, tzinfo=UTC), role=Role.VIEWER)
    person(datetime(2026, 4, 1, 12, tzinfo=UTC), approved_at=None)
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert rows(page, "people") == [
        "Members before March 1, 2026 2",
        "Joined 2",
        "Left 2",
        "Members on May 31, 2026 2",
    ]


def test_who_left_on_the_last_day_is_no_member_after_it(coordinator: EngageClient) -> None:
    make_membership(joined_at=datetime(2025, 1, 1, 12, tzinfo=UTC), left_on=date(2026, 5, 31))
    said = rows(coordinator.page(f"{FUNDER}{SPRING}"), "people")
    assert said == ["Members before March 1, 2026 1", "Joined 0", "Left 1", "Members on May 31, 2026 0"]


def changed(back: Membership, *changes: tuple[int, int, str | None, str]) -> None:
    """Writes changes of this person's state, each with its year and month, into the history."""
    for year, month, old, new in changes:
        saved(
            HistoryEntry(
                coalition_id=back.coalition_id,
                happened_at=datetime(year, month, 10, 12, tzinfo=UTC),
                thing=Membership.__tablename__,
                thing_id=back.id,
                field="state",
                old=old,
                new=new,
            )
        )


def test_who_was_declined_at_first_was_no_member_before_they_were_let_in(coordinator: EngageClient) -> None:
    back = make_membership(joined_at=datetime(2026, 6, 10, 12, tzinfo=UTC))
    changed(back, (2025, 1, None, "waiting"), (2026, 4, "waiting", "left"), (2026, 6, "left", "active"))
    said = rows(coordinator.page(f"{FUNDER}?since=2026-06-01&until=2026-06-30"), "people")
    assert said == ["Members before June 1, 2026 0", "Joined 1", "Left 0", "Members on June 30, 2026 1"]
    assert "Left 0" in rows(coordinator.page(f"{FUNDER}?since=2026-01-01&until=2026-06-30"), "people")


def test_someone_who_came_back_still_counts_where_they_were_before(coordinator: EngageClient) -> None:
    back = make_membership(joined_at=datetime(2026, 6, 10, 12, tzinfo=UTC))
    changed(back, (2025, 1, None, "active"), (2026, 4, "active", "left"), (2026, 6, "left", "active"))
    said = rows(coordinator.page(f"{FUNDER}{SPRING}"), "people")
    assert said == ["Members before March 1, 2026 1", "Joined 0", "Left 1", "Members on May 31, 2026 0"]
    said = rows(coordinator.page(f"{FUNDER}?since=2026-06-01&until=2026-06-30"), "people")
    assert said == ["Members before June 1, 2026 0", "Joined 1", "Left 0", "Members on June 30, 2026 1"]


def test_agreements_signed_ending_and_in_force(coordinator: EngageClient) -> None:
    def agreement(since: date, **values: Any) -> None:
        make_agreement(coordinator.membership, make_organization(), since=since, **values)

    agreement(date(2026, 3, 1))
    agreement(date(2025, 3, 1), ends_on=date(2026, 5, 1))
    agreement(date(2025, 3, 1), ends_on=date(2099, 5, 1), kind=AgreementKind.PLEDGE)
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert rows(page, "agreements") == ["MOU 1 1 1", "Pledge 0 0 1", "Total 1 1 2"]


def test_actions_by_area_and_status_and_what_was_done_in_these_dates(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan, area="prevention")
    make_action(plan, goal, status=ActionStatus.DONE, done_on=date(2026, 3, 1))
    make_action(plan, goal, status=ActionStatus.DONE, done_on=date(2026, 6, 1))
    make_action(plan, goal, status=ActionStatus.STUCK)
    make_action(plan)
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert rows(page, "actions") == [
        "Prevention 0 0 1 2 0 1",
        "Several areas, or none 1 0 0 0 0 0",
        "Total 1 0 1 2 0 1",
    ]


def audience(activity: Activity, discipline: str, people: int | None = None) -> None:
    row = ActivityAudience(coalition_id=activity.coalition_id, activity_id=activity.id, discipline=discipline)
    row.people = people
    saved(row)


def test_activities_by_kind_audience_county_and_language(coordinator: EngageClient) -> None:
    make_activity(reached=23, hours=9.5, discipline="hospitality_lodging", county="Riverbend", materials=40)
    both = make_activity(reached=20, hours=2, county="riverbend ", language="Spanish")
    audience(both, "hospitality_lodging", 12)
    audience(both, "immigration_lawyers", 8)
    make_activity(kind=ActivityKind.OUTREACH, reached=None, hours=None)
    make_activity(happened_on=date(2026, 6, 1))
    make_activity(state=ActivityState.PLANNED, county="Oak")
    make_activity(state=ActivityState.CALLED_OFF, county="Oak")
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert rows(page, "activities") == ["Training 2 43 11.5 40", "Outreach 1 0 0 0", "Total 3 43 11.5 40"]
    assert rows(page, "audiences") == [
        "Hotels, motels, and restaurants 2 35",
        "Immigration lawyers 1 8",
        "Not given, or the public 1 0",
    ]
    assert rows(page, "places") == [
        "Riverbend 2 43",
        "County not given 1 0",
        "Spanish 1 20",
        "Language not given 2 23",
    ]


def test_what_was_given_nowhere_makes_no_table(coordinator: EngageClient) -> None:
    make_activity(discipline="")
    make_organization(level=2)
    came(coordinator.membership, datetime(2026, 3, 4, tzinfo=UTC), ["", ""])
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert [rows(page, part) for part in ("audiences", "places", "attendance")] == [[], [], []]
    assert page.has("No audience is given.") and page.has("No county or language is given.")
    assert page.has("2 attendances, from 0 organizations in 0 sectors.")
    assert not page.has("Type not recorded")


@pytest.mark.parametrize(("first", "second", "total"), [(2, 30, "30"), (1, 0, "too few to show")])
def test_activities_that_reached_few_people_add_none_to_what_is_handed_out(
    coordinator: EngageClient, first: int, second: int, total: str
) -> None:
    make_activity(reached=first, hours=1)
    make_activity(kind=ActivityKind.OUTREACH, reached=second, hours=1)
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert rows(page, "activities") == [
        "Training 1 too few to show 1 0",
        f"Outreach 1 {second} 1 0",
        f"Total 2 {total} 2 0",
    ]
    assert page.has("Activities that reached fewer than 3 people are not added to people reached")
    inside = coordinator.page(f"{FUNDER}{SPRING}&small=yes")
    assert rows(inside, "activities")[0] == f"Training 1 {first} 1 0"
    assert inside.has("not to hand out")


def test_no_dates_tell_by_their_difference_what_a_small_activity_reached(
    app: Any, coordinator: EngageClient
) -> None:
    """Whatever two periods a viewer subtracts, people reached differ by no one or by three at least."""
    for day, reached in enumerate((319, 2, 1, 1, 40, 2, 3), start=1):
        make_activity(reached=reached, happened_on=date(2026, 3, day), discipline="")
    viewer = signed_in_client(
        app, make_membership(coalition=coordinator.membership.coalition, role=Role.VIEWER)
    )
    told = set[int]()
    for since, until in combinations(range(1, 9), 2):
        page = viewer.page(f"{FUNDER}?since=2026-03-0{since}&until=2026-03-0{until - 1}")
        for table in ("activities", "audiences", "places"):
            for row in rows(page, table):
                said = re.fullmatch(r"\D+ \d+ (too few to show|\d+)(?: [\d.]+ 0)?", row)
                assert said is not None, row
                told.add(0 if said[1] == "too few to show" else int(said[1]))
    assert min(abs(one - other) for one, other in combinations(told, 2)) >= 3, told


def test_the_parts_are_folded_until_all_are_opened_in_the_same_dates(coordinator: EngageClient) -> None:
    page = coordinator.page("/c/riverbend/reports/funder?since=2026-01-01&until=2026-06-30&small=yes")
    assert page.all("details.report-fold") and not page.all("details.report-fold[open]")
    (opens,) = [link.attributes["href"] or "" for link in page.all("a") if link.text() == "Open all parts"]
    assert "since=2026-01-01" in opens and "small=yes" in opens
    page = coordinator.page(opens)
    assert len(page.all("details.report-fold")) == len(page.all("details.report-fold[open]"))


def test_a_viewer_never_gets_small_counts(app: Any, coordinator: EngageClient) -> None:
    make_activity(reached=2)
    measure = make_measure(make_objective(make_goal(make_plan())), baseline_value=0)
    make_reading(measure, 2, date(2026, 4, 1))
    viewer = signed_in_client(
        app, make_membership(coalition=coordinator.membership.coalition, role=Role.VIEWER)
    )
    for client, query in ((viewer, ""), (viewer, "&small=yes"), (coordinator, "")):
        page = client.page(f"{FUNDER}{SPRING}{query}")
        assert rows(page, "activities") == ["Training 1 too few to show 9.5 0"]
        assert "too few to show, Apr 1" in rows(page, "measures")[0]
    assert "2 beds, Apr 1" in rows(coordinator.page(f"{FUNDER}{SPRING}&small=yes"), "measures")[0]
    assert "With small counts" not in viewer.page(f"{FUNDER}{SPRING}").texts(".pills a")


def test_measures_that_were_read_in_these_dates(coordinator: EngageClient) -> None:
    objective = make_objective(make_goal(make_plan()), title="Beds within a day")
    read = make_measure(objective, title="Beds")
    make_reading(read, 7, date(2026, 4, 1))
    make_reading(read, 9, date(2026, 5, 1))
    make_reading(read, 11, date(2026, 6, 1))
    make_reading(make_measure(objective, title="Nights"), 5, date(2026, 2, 1))
    page = coordinator.page(f"{FUNDER}{SPRING}")
    (row,) = rows(page, "measures")
    assert row.startswith("Beds Beds within a day 4 beds, Jan 5 9 beds, May 1 20 beds by Dec 31")
    assert page.has("1 other measure has no reading for these dates.")


def test_the_fiscal_year_offered_is_the_coalitions_own(coordinator: EngageClient) -> None:
    assert "Fiscal year (from July 1)" in coordinator.page(FUNDER).texts(".pills a")
    coordinator.membership.coalition.fiscal_month = 1
    db.session.commit()
    assert not [label for label in coordinator.page(FUNDER).texts(".pills a") if "iscal" in label]


def test_the_dates_are_chosen_by_a_link_or_by_two_days(coordinator: EngageClient) -> None:
    page = coordinator.page(f"{FUNDER}?since=2026-05-31&until=2026-03-01")
    assert (page.value("since"), page.value("until")) == ("2026-03-01", "2026-05-31")
    assert "March 1, 2026 to May 31, 2026, as of " in page.text("#reports-of")
    for link in page.all(".pills a"):
        assert coordinator.page(link.attributes["href"] or "").text("h1") == "Funder report"
    for address in ("?since=nonsense", "?until=0000-00-00", "?since=0001-01-01&until=9999-12-31"):
        assert coordinator.page(f"{FUNDER}{address}").status == 200


def test_the_workbook_has_a_sheet_a_table_with_numbers_as_numbers(coordinator: EngageClient) -> None:
    make_activity(reached=23, hours=9.5)
    make_goal(make_plan(), title="=cmd")
    answer = coordinator.get(f"{FUNDER}.xlsx{SPRING}")
    assert "2026-03-01-2026-05-31.xlsx" in answer.headers["Content-Disposition"]
    with ZipFile(BytesIO(answer.data)) as book:
        names = book.read("xl/workbook.xml").decode()
        assert 'name="Activities by kind"' in names
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert any("<v>23.0</v>" in sheet and "<v>9.5</v>" in sheet for sheet in sheets)
    assert not any("<f>" in sheet for sheet in sheets)
