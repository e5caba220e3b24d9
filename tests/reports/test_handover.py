"""The handover pack: its page, its files, and the note of the person handing over."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from engage import clock
from engage.coalitions.models import Group, Membership
from engage.coalitions.rules import GroupKind, Role
from engage.database import folded
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Decision, Meeting
from engage.meetings.rules import MeetingKind
from engage.partners.agreements.models import Agreement
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.models import Contact
from engage.partners.rules import AgreementKind, AgreementState, ContactPlace
from engage.plan.models import Action
from engage.plan.rules import ActionStatus
from engage.reports.handover import routes as handover_routes
from engage.reports.models import HandoverNote
from engage.web.csv_files import MARK
from engage.web.paper.pdf import PdfFailed
from tests.client import EngageClient
from tests.coalitions.about.rows import make_position
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_affiliation,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    make_reading,
    saved,
    the_coalition,
)
from tests.html import Page

PACK = "/c/riverbend/reports/handover"
TODAY = clock.today("America/Chicago")
SOON = TODAY + timedelta(days=20)
FILES = {
    "README.txt", "actions.csv", "agreements.csv", "contacts.csv", "decisions.csv", "handover.pdf", "meetings.csv",
    "partners.csv", "people.csv",
}  # fmt: skip


def make_meeting(title: str, day: date, **overrides: Any) -> Meeting:
    starts_at = clock.now().replace(year=day.year, month=day.month, day=day.day, hour=20)
    values = {
        "coalition_id": the_coalition().id,
        "kind": MeetingKind.GENERAL,
        "title": title,
        "starts_at": starts_at,
        "created_at": clock.now(),
    }
    return saved(Meeting(**{**values, **overrides}))


def make_everything(count: int = 1, tag: str = "") -> None:
    """Makes a coalition at work: `count` of each kind of thing."""
    coalition = the_coalition()
    plan = make_plan(ends_on=TODAY + timedelta(days=200), starts_on=TODAY - timedelta(days=100))
    for number in range(count):
        place = {"coalition_id": coalition.id}
        owner = make_membership(name=f"Dan Reyes {tag}{number}", user=None)
        church = make_organization(name=f"Grace Church {tag}{number}")
        make_affiliation(owner, church)
        goal = make_goal(plan)
        measure = make_measure(make_objective(goal), title=f"Beds for boys {number}", target_on=SOON)
        make_reading(measure, 12, TODAY - timedelta(days=10))
        make_action(
            plan,
            goal,
            title=f"Find a house {number}",
            owner_id=owner.id,
            organization_id=church.id,
            status=ActionStatus.STUCK,
            reason="Somebody who knows zoning",
            due_on=TODAY - timedelta(days=3),
        )
        make_action(plan, goal, title=f"Already done {number}", status=ActionStatus.DONE)
        meeting = make_meeting(f"Spring meeting {number}", SOON)
        saved(
            Decision(
                **place, number=number + 1, meeting_id=meeting.id, text=f"We meet monthly {number}",
                owner_id=owner.id, review_on=SOON, decided_on=TODAY,
            )
        )  # fmt: skip
        saved(
            Agreement(
                **place, number=number + 1, organization_id=church.id, kind=AgreementKind.MOU,
                state=AgreementState.SIGNED, signed_on=TODAY - timedelta(days=30), ends_on=SOON,
                we_promised="A recruitment at the table", they_promised=f"Two beds {number}", created_at=clock.now(),
            )
        )  # fmt: skip
        saved(
            Contact(
                **place, organization_id=church.id, place=ContactPlace.MAIN, name=f"Ruth Vale {number}",
                sort_key=f"ruth vale {number}", phone="555-0100", email="ruth@example.org",
            )
        )  # fmt: skip
        saved(Recruitment(**place, sector=church.sector, inviter_id=owner.id, created_at=clock.now()))
        name = f"Housing {tag}{number}"
        saved(
            Group(
                **place,
                kind=GroupKind.WORKGROUP,
                name=name,
                sort_key=folded(name),
                lead_id=owner.id,
                review_on=SOON,
            )
        )


def files_of(client: EngageClient) -> dict[str, str]:
    """Returns the zip's files by name, opened; the PDF as its first letters."""
    answer = client.get(f"{PACK}.zip")
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {
            name: archive.read(name)[:5].decode() if name.endswith(".pdf") else archive.read(name).decode()
            for name in archive.namelist()
        }


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix(MARK))))


# -- the page


def test_the_end_of_a_term_is_a_date_coming_up(coordinator: EngageClient) -> None:
    today = clock.today("America/Chicago")
    make_position(coordinator.membership.coalition_id, "Chair", until=today + timedelta(days=30))
    make_position(coordinator.membership.coalition_id, "Recorder", until=today - timedelta(days=30))
    dates = coordinator.page(PACK).text("#reports-dates")
    assert "End of a term: Chair" in dates
    assert "Recorder" not in dates


def test_the_page_says_what_the_next_coordinator_has_to_know(coordinator: EngageClient) -> None:
    make_everything()
    page = coordinator.page(PACK)
    actions = page.text("#reports-actions")
    assert "Find a house 0" in actions
    assert "Needs: Somebody who knows zoning" in actions
    assert "Dan Reyes 0" in actions
    assert "3 days late" in actions
    assert "Already done" not in actions
    promises = page.text("#reports-promises")
    assert "Two beds 0" in promises
    assert "A recruitment at the table" in promises
    assert "Ruth Vale 0" in page.text("#reports-contacts")
    assert "555-0100" in page.text("#reports-contacts")
    assert "We meet monthly 0" in page.text("#reports-decisions")
    dates = page.text("#reports-dates")
    for words in (
        "Meeting: Spring meeting 0",
        "Agreement 1 with Grace Church 0 ends",
        "Review decision 1",
        "Review the group Housing 0",
        "The plan of action ends",
    ):
        assert words in dates
    assert "Dan Reyes 0" in page.text("#reports-recruitments")
    assert "Beds for boys 0" in page.text("#reports-measures")
    people = page.text("#reports-people")
    maria = coordinator.membership.user
    assert maria is not None and people.startswith("People and roles")
    assert f"Maria Santos Coordinator {maria.email}" in people
    assert "Dan Reyes 0 Grace Church 0 Member" in people
    assert "Housing 0: led by Dan Reyes 0, 0 people" in people
    assert "1 open action" in page.text(".report-figures")


def test_an_empty_coalition_gets_a_page_and_a_zip_all_the_same(coordinator: EngageClient) -> None:
    page = coordinator.page(PACK)
    assert page.has("No open actions.")
    assert page.has("No agreement is in force or being drafted.")
    files = files_of(coordinator)
    assert "actions.csv" not in files
    assert "actions.csv" not in files["README.txt"]
    assert table(files["people.csv"])[0]["Name"] == "Maria Santos"


def test_its_rows_lead_to_what_they_name(coordinator: EngageClient) -> None:
    make_everything()
    page = coordinator.page(PACK)
    for part in ("actions", "promises", "decisions"):
        link = page.one(f"#reports-{part} tbody a").attributes["href"]
        assert link is not None
        assert coordinator.get(link).status_code == 200


def test_what_is_too_much_for_the_page_is_counted_and_stands_in_the_files(coordinator: EngageClient) -> None:
    plan = make_plan()
    for _number in range(45):
        make_action(plan)
    page = coordinator.page(PACK)
    assert len(page.all("#reports-actions tbody tr")) == 25
    assert "20 more are in actions.csv in the zip file." in page.text("#reports-actions")
    assert len(table(files_of(coordinator)["actions.csv"])) == 45


def test_the_pdf_says_the_same(coordinator: EngageClient) -> None:
    make_everything()
    answer = coordinator.get(f"{PACK}.pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
    pages = PdfReader(io.BytesIO(answer.data)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in (
        "Find a house",
        "Two beds",
        "Ruth Vale",
        "We meet monthly",
        "Spring meeting",
        "Beds for boys",
    ):
        assert words in text
    assert len(pages) <= 2


# -- the zip


def test_the_zip_holds_the_page_the_tables_and_a_word_on_them(coordinator: EngageClient) -> None:
    make_everything()
    files = files_of(coordinator)
    assert set(files) == FILES
    assert "What to change" not in files["README.txt"]
    assert files["handover.pdf"] == "%PDF-"
    assert next(iter(files)) == "README.txt"
    for name in FILES - {"README.txt"}:
        assert f"{name}: " in files["README.txt"]
    assert [(row["action"], row["owner"]) for row in table(files["actions.csv"]) if row["owner"]] == [
        ("Find a house 0", "Dan Reyes 0")
    ]
    assert table(files["contacts.csv"])[0]["E-mail"] == "ruth@example.org"
    assert table(files["agreements.csv"])[0]["What they promised"] == "Two beds 0"
    assert table(files["decisions.csv"])[0]["Decision"] == "We meet monthly 0"
    assert table(files["meetings.csv"])[0]["Title"] == "Spring meeting 0"
    assert table(files["partners.csv"])[0]["Name of the organization"] == "Grace Church 0"


def test_what_a_spreadsheet_would_run_is_led_by_an_apostrophe(coordinator: EngageClient) -> None:
    make_everything()
    db.session.execute(sa.update(Action).values(title="=cmd|' /C calc'!A0"))
    db.session.execute(sa.update(Contact).values(name="+1+1", job="@SUM(A1)"))
    db.session.execute(sa.update(Decision).values(text="-2+3"))
    db.session.execute(sa.update(Meeting).values(title="=1+1"))
    db.session.commit()
    files = files_of(coordinator)
    assert {row["action"] for row in table(files["actions.csv"])} == {"", "'=cmd|' /C calc'!A0"}
    assert table(files["contacts.csv"])[0]["Name"] == "'+1+1"
    assert table(files["contacts.csv"])[0]["Job"] == "'@SUM(A1)"
    assert table(files["decisions.csv"])[0]["Decision"] == "'-2+3"
    assert table(files["meetings.csv"])[0]["Title"] == "'=1+1"


def test_names_of_files_are_safe_whatever_the_coalition_is_called(coordinator: EngageClient) -> None:
    the_coalition().name = '../../Rückblick "2026"\r\nX: y'
    db.session.commit()
    answer = coordinator.get(f"{PACK}.zip")
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f"attachment; filename=ruckblick-2026-x-y-handover-pack-{TODAY}.zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert all("/" not in name and ".." not in name for name in archive.namelist())


def test_without_its_pdf_the_zip_still_comes(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_paper: object) -> bytes:
        raise PdfFailed

    make_everything()
    monkeypatch.setattr("engage.web.paper.answers.pdf_of", fail)
    monkeypatch.setattr(handover_routes, "pdf_of", fail)
    files = files_of(coordinator)
    assert set(files) == FILES - {"handover.pdf"}
    assert "could not be made into a PDF" in files["README.txt"]
    assert coordinator.get(f"{PACK}.pdf").status_code == 503


# -- what should change


def test_a_coordinator_writes_what_should_change(coordinator: EngageClient) -> None:
    edit = f"{PACK}/note"
    assert not coordinator.page(PACK).all("#reports-note")
    version = coordinator.page(edit).value("version")
    assert coordinator.send(edit, version=version, text="Meet at noon.").status == 303
    page = coordinator.page(PACK)
    assert "Meet at noon." in page.text("#reports-note")
    assert "Maria Santos" in page.text("#reports-note")
    assert "To change:\r\nMeet at noon.\r\n" in files_of(coordinator)["README.txt"]
    entry = db.session.scalars(
        sa.select(HistoryEntry).where(HistoryEntry.thing == "reports_handover_note").order_by(HistoryEntry.id)
    ).one()
    assert (entry.field, entry.old, entry.new) == ("text", None, None)
    assert coordinator.send(edit, version="1", text="").status == 303
    assert not coordinator.page(PACK).all("#reports-note")


def test_the_note_is_checked_for_personal_details(coordinator: EngageClient) -> None:
    page = coordinator.send(f"{PACK}/note", version="0", text="Case number 24-CR-1187, born 3/4/2009")
    assert page.status == 422
    assert page.has("This looks like it contains")
    assert db.session.scalar(sa.select(HandoverNote)) is None


def test_too_long_a_note_is_refused_and_kept(coordinator: EngageClient) -> None:
    page = coordinator.send(f"{PACK}/note", version="0", text="word " * 500)
    assert page.status == 422
    assert page.has("This is too long")
    assert page.value("text").startswith("word word")


def test_two_who_write_it_at_once_see_both_texts(coordinator: EngageClient) -> None:
    coordinator.send(f"{PACK}/note", version="0", text="Meet at noon.")
    page = coordinator.send(f"{PACK}/note", version="0", text="Meet at night.")
    assert page.status == 409
    assert page.has("Meet at noon.")
    assert page.has("Meet at night.")
    assert db.session.scalars(sa.select(HandoverNote.text)).one() == "Meet at noon."


# -- who, and how quick


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER])
def test_only_coordinators_get_it(client_of: Callable[[Membership], EngageClient], role: Role) -> None:
    browser = client_of(make_membership(role=role))
    for path in (PACK, f"{PACK}.pdf", f"{PACK}.zip", f"{PACK}/note"):
        assert browser.get(path).status_code == 403
    assert browser.send(f"{PACK}/note", version="0", text="x").status == 403
    assert not browser.page("/c/riverbend/reports/").all("#reports-handover, #reports-public")


def test_the_list_of_reports_leads_to_it(coordinator: EngageClient) -> None:
    page: Page = coordinator.page("/c/riverbend/reports/")
    for part in ("handover", "public"):
        link = page.one(f"#reports-{part} h2 a").attributes["href"]
        assert link is not None
        coordinator.page(link)


def test_the_number_of_queries_does_not_grow(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover_routes, "pdf_of", lambda _paper: b"%PDF-")
    counts = []
    for count in (1, 5):
        make_everything(count, f"{count}-")
        found = []
        for path in (PACK, f"{PACK}.zip"):
            with counted_queries() as statements:
                assert coordinator.get(path).status_code == 200
            found.append(len(statements))
        counts.append(found)
        for model in (Decision, Agreement):
            db.session.execute(sa.delete(model))
        db.session.execute(sa.text("UPDATE plan_plan SET status = 'closed', closed_on = '2026-12-31'"))
        db.session.commit()
    assert counts[0] == counts[1]


def test_the_pack_says_who_holds_which_position(coordinator: EngageClient) -> None:
    ann = make_membership(name="Ann Lee")
    make_position(ann.coalition_id, "Treasurer", membership_id=ann.id)
    assert "Ann Lee Member Treasurer" in coordinator.page(PACK).text("#reports-people")
    people = table(files_of(coordinator)["people.csv"])
    assert {each["Name"]: each["Positions"] for each in people} == {
        "Ann Lee": "Treasurer",
        "Maria Santos": "",
    }


def test_the_next_coordinator_can_reach_the_people(coordinator: EngageClient) -> None:
    ann = make_membership(name="Ann Lee", phone="512 555 0143", shows_phone=True)
    make_membership(name="Ben Cho", phone="512 555 0144")
    make_membership(name="Uma Untold", understood_at=None)
    make_membership(name="Pat Paper", user=None, email="pat@example.org")
    assert ann.user is not None
    found = {
        each["Name"]: (each["E-mail"], each["Phone"]) for each in table(files_of(coordinator)["people.csv"])
    }
    assert found["Ann Lee"] == (ann.user.email, "512 555 0143")
    assert found["Ben Cho"][1] == "" and "@" in found["Ben Cho"][0]
    assert found["Uma Untold"] == ("", "")
    assert found["Pat Paper"] == ("pat@example.org", "")
    page = coordinator.page(PACK).text("#reports-people")
    assert f"Ann Lee Member 512 555 0143 · {ann.user.email}" in page
    assert "Uma Untold Member no address known" in page
