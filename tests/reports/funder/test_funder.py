"""What is written for a funder, the order of its sections, and copies of what was sent."""

import json
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from engage.coalitions.rules import Role
from engage.extensions import db
from engage.meetings.models import Attendance
from engage.meetings.rules import Mode
from engage.operations.redaction import service as redaction_service
from engage.operations.redaction.service import RedactionTarget
from engage.partners.models import OrganizationTag
from engage.partners.rules import AgreementKind, TagKind
from engage.plan.activities.models import ActivityPartner
from engage.plan.activities.rules import ActivityKind
from engage.plan.rules import ActionStatus
from engage.reports.funder.models import FunderCopy, FunderCopyText, FunderText
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_activity,
    make_goal,
    make_membership,
    make_organization,
    make_plan,
    saved,
    signed_in_client,
)
from tests.html import Page
from tests.meetings.rows import make_meeting
from tests.partners.agreements.rows import make_agreement
from tests.reports.pdfs import read, words

FUNDER = "/c/riverbend/reports/funder"
SPRING = "?since=2026-03-01&until=2026-05-31"


def rows(page: Page, part: str) -> list[str]:
    return page.texts(f"#reports-{part} tbody tr")


def typed(page: Page) -> dict[str, str]:
    """Returns what the page of texts would send as it stands."""
    return {
        field.attributes["name"] or "": page.value(field.attributes["name"] or "")
        for field in page.all("form.form-wide textarea, form.form-wide .record-state > input")
    }


def write(client: EngageClient, **texts: str) -> Any:
    page = client.page(f"{FUNDER}/texts{SPRING}")
    return client.send(f"{FUNDER}/texts{SPRING}", **{**typed(page), **texts})


def an_mou(client: EngageClient, name: str, day: date, **values: Any) -> None:
    make_agreement(client.membership, make_organization(name=name), since=day, **values)


# -- numbers


def came(client: EngageClient, day: datetime, **values: Any) -> None:
    meeting = make_meeting(client.membership, starts_at=day)
    coalition_id = client.membership.coalition_id
    saved(Attendance(coalition_id=coalition_id, meeting_id=meeting.id, mode=Mode.HERE, **values))


def test_people_and_organizations_are_counted_once_and_guests_each_time(coordinator: EngageClient) -> None:
    person, there = make_membership(), make_organization()
    for month in (3, 4, 5):
        day = datetime(2026, month, 4, 15, tzinfo=UTC)
        came(coordinator, day, membership_id=person.id, organization_id=there.id)
        came(coordinator, day, guest="A guest", organization_id=there.id)
    held = make_activity(reached=30)
    for organization in (there, make_organization(name="Grace Church")):
        row = {"activity_id": held.id, "organization_id": organization.id}
        saved(ActivityPartner(coalition_id=held.coalition_id, **row))
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert rows(page, "once") == [
        "People with a record here 1 each counted once for these dates",
        "Organizations 2 each counted once for these dates",
        "Guests at meetings 3 attendances: someone who comes twice counts twice",
        "Guests at events 30 attendances: someone who comes twice counts twice",
    ]
    assert page.has("They count as attendances and are not added to people.")


def test_guests_at_events_are_only_those_who_came_to_one(coordinator: EngageClient) -> None:
    begins = datetime(2026, 3, 4, 15, tzinfo=UTC)
    make_activity(reached=30)
    make_activity(reached=50, kind=ActivityKind.POLICY)
    make_activity(reached=40, kind=ActivityKind.OTHER)
    make_activity(reached=8, kind=ActivityKind.OTHER, starts_at=begins)
    make_activity(reached=2, kind=ActivityKind.OUTREACH)
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert "Guests at events 38 attendances: someone who comes twice counts twice" in rows(page, "once")
    assert page.has("Events are trainings, outreach, fundraising, and other activities with a start time.")
    assert "People reached by activities, as attendances 0 128" in rows(page, "before")
    assert "Guests at events 38 attendances" in words(read(coordinator, f"{FUNDER}.pdf{SPRING}"))
    with ZipFile(BytesIO(coordinator.get(f"{FUNDER}.xlsx{SPRING}").data)) as book:
        held = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert held.count("<v>38.0</v>") == 1


def test_numbers_stand_beside_those_of_the_period_before(coordinator: EngageClient) -> None:
    an_mou(coordinator, "Grace Church", date(2026, 3, 4))
    an_mou(coordinator, "Blue Medical", date(2026, 2, 27))
    an_mou(coordinator, "Oak House", date(2025, 12, 1))
    page = coordinator.page(f"{FUNDER}{SPRING}")
    heads = page.texts("#reports-before thead th")
    assert heads[1:] == ["December 1, 2025 to February 28, 2026", "March 1, 2026 to May 31, 2026"]
    assert "Agreements signed 2 1" in rows(page, "before")


def test_partnerships_by_type_and_by_what_binds_them(coordinator: EngageClient) -> None:
    by = coordinator.membership

    def partner(*types: str, **values: Any) -> Any:
        made = make_organization(**values)
        for each in types:
            of = {"coalition_id": by.coalition_id, "organization_id": made.id, "kind": TagKind.PARTNERSHIP}
            saved(OrganizationTag(**of, value=each, sort_key=each))
        return made

    formal = partner("referral", "joint_programs")
    for kind in (AgreementKind.MOU, AgreementKind.MOU, AgreementKind.SUBAWARD):
        make_agreement(by, formal, since=date(2026, 3, 1), kind=kind)
    make_agreement(by, partner("referral"), since=date(2026, 6, 1))
    partner(level=2)
    partner(level=0)
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert rows(page, "partnerships") == [
        "Referrals 1 1 2",
        "Joint programs 1 0 1",
        "Type not recorded 0 1 1",
        "MOU 1",
        "Subaward 1",
        "Any agreement 1",
        "No agreement: informal 2",
    ]
    assert page.has("A partnership is formal if an agreement was in force on May 31, 2026.")


def test_what_was_done_on_an_unknown_day_is_said_and_counts_in_no_period(coordinator: EngageClient) -> None:
    plan = make_plan()
    make_action(plan, make_goal(plan), status=ActionStatus.DONE, done_on=None)
    page = coordinator.page(f"{FUNDER}?since=2000-01-01&until=2099-12-31")
    assert page.has("1 action was done on an unknown day, so it is not counted in any period.")
    assert page.texts("#reports-figures li")[3] == "0 actions done"


@pytest.mark.parametrize("form", ["", ".pdf", ".xlsx"])
def test_the_reports_earlier_addresses_lead_to_it(coordinator: EngageClient, form: str) -> None:
    answer = coordinator.get(f"/c/riverbend/reports/counts{form}{SPRING}&small=yes")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{FUNDER}{form}{SPRING}&small=yes"


def test_a_layout_chooses_sections_and_the_dates_it_is_asked_for(coordinator: EngageClient) -> None:
    page = coordinator.page(FUNDER)
    (federal,) = [each for each in page.all(".pills a") if each.text() == "Federal half-year"]
    page = coordinator.page(federal.attributes["href"] or "")
    shown = [each.attributes["id"] for each in page.all("#reports-paper > [id]")]
    assert shown[:4] == ["reports-figures", "reports-before", "reports-once", "reports-partnerships"]
    assert "reports-attendance" not in shown
    since = date.fromisoformat(page.value("since"))
    assert (since.month, since.day) in {(4, 1), (10, 1)}


# -- what is written


def test_a_box_begins_with_the_facts_and_is_then_the_writers(coordinator: EngageClient) -> None:
    an_mou(coordinator, "Grace Church", date(2026, 3, 4))
    an_mou(coordinator, "Blue Medical", date(2026, 4, 2))
    page = coordinator.page(f"{FUNDER}/texts{SPRING}")
    fact = "Two MOUs were signed: Blue Medical (Apr 2, 2026), Grace Church (Mar 4, 2026)."
    assert page.value("agreements-text") == fact
    assert not coordinator.page(f"{FUNDER}{SPRING}").has(fact)
    ours = "Two clinics now screen every patient."
    assert write(coordinator, **{"agreements-text": ours}).status == 303
    an_mou(coordinator, "Oak House", date(2026, 5, 2))
    page = coordinator.page(f"{FUNDER}/texts{SPRING}")
    assert page.value("agreements-text") == ours
    assert page.has("The numbers now say: Three MOUs were signed:")
    assert coordinator.page(f"{FUNDER}{SPRING}").text("#reports-agreements .report-words") == ours
    assert not coordinator.page(f"{FUNDER}?since=2026-03-01&until=2026-05-30").has(ours)


def test_an_emptied_box_stays_empty(coordinator: EngageClient) -> None:
    an_mou(coordinator, "Grace Church", date(2026, 3, 4))
    write(coordinator, **{"agreements-text": ""})
    assert coordinator.page(f"{FUNDER}/texts{SPRING}").value("agreements-text") == ""


def test_of_two_people_who_write_no_text_is_lost(coordinator: EngageClient) -> None:
    page = coordinator.page(f"{FUNDER}/texts{SPRING}")
    write(coordinator, **{"agreements-text": "Theirs", "meetings-text": "Theirs too"})
    sent = {**typed(page), "agreements-text": "Mine", "people-text": "Mine alone"}
    answer = coordinator.send(f"{FUNDER}/texts{SPRING}", **{**sent, "meetings-text": "Theirs too"})
    assert answer.status == 409
    assert answer.has("Theirs") and answer.value("agreements-text") == "Mine"
    found = dict(db.session.execute(sa.select(FunderText.part, FunderText.text)).all())
    assert (found["agreements"], found["people"]) == ("Theirs", "Mine alone")
    assert coordinator.send(f"{FUNDER}/texts{SPRING}", **typed(answer)).status == 303
    again = coordinator.page(f"{FUNDER}/texts{SPRING}")
    assert again.value("agreements-text") == "Mine"


def test_a_text_with_personal_details_is_kept_in_its_box_until_someone_looks(
    coordinator: EngageClient,
) -> None:
    answer = write(coordinator, **{"agreements-text": "Call 555-123-4567", "people-text": "Fine"})
    assert answer.status == 422
    assert answer.value("agreements-text") == "Call 555-123-4567" and answer.value("people-text") == "Fine"
    assert texts_now() == {"people": "Fine"}  # what is refused keeps no other from being saved
    again = coordinator.send(f"{FUNDER}/texts{SPRING}", **{**typed(answer), "agreements-text": "Call us"})
    assert again.status == 303 and texts_now() == {"people": "Fine", "agreements": "Call us"}


def texts_now() -> dict[str, str]:
    """Returns what was saved, by section; what the figures say at a glance is saved with every press."""
    found = db.session.execute(sa.select(FunderText.part, FunderText.text)).all()
    return {part: text for part, text in found if part != "figures"}


def by_itself(client: EngageClient, sent: dict[str, str], **texts: str) -> Any:
    """Sends what the page sends by itself when a box is left."""
    return client.send(f"{FUNDER}/texts{SPRING}", htmx=True, **{**sent, **texts})


def test_a_box_that_is_left_saves_itself_and_no_box_that_no_one_changed(coordinator: EngageClient) -> None:
    an_mou(coordinator, "Grace Church", date(2026, 3, 4))
    page = coordinator.page(f"{FUNDER}/texts{SPRING}")
    answer = by_itself(coordinator, typed(page), **{"people-text": "Nine were new."})
    assert answer.text("#form-saved") == "✓ Saved. You can leave and come back."
    assert answer.text("#people-text-state [data-said]") == "✓ Saved"
    assert texts_now() == {"people": "Nine were new."}  # the facts of the others are no one's text yet
    # The page goes on from what it got back: a letter's case alone is a change, and no clash with itself.
    went_on = {"people-version": answer.value("people-version"), "people-was": answer.value("people-was")}
    answer = by_itself(coordinator, {**typed(page), **went_on}, **{"people-text": "nine were new."})
    assert answer.status == 200 and texts_now() == {"people": "nine were new."}
    # The button takes the facts as they are shown, too.
    assert write(coordinator).status == 303
    assert texts_now()["agreements"].startswith("One MOU was signed: Grace Church")


def test_of_two_who_write_by_themselves_nothing_is_saved_over_until_both_texts_were_read(
    coordinator: EngageClient,
) -> None:
    page = typed(coordinator.page(f"{FUNDER}/texts{SPRING}"))
    write(coordinator, **{"people-text": "Theirs", "meetings-text": "Theirs too"})
    answer = by_itself(coordinator, page, **{"people-text": "Mine", "places-text": "Mine alone"})
    assert answer.status == 409
    assert answer.text("#form-saved") == "1 box is not saved yet: please check it."
    assert answer.texts("#people-text-state .conflict-text") == ["Theirs", "Mine"]
    assert answer.text("#places-text-state [data-said]") == "✓ Saved"
    # What this page never changed keeps what someone else wrote, and what both changed is asked about again.
    assert texts_now() == {"people": "Theirs", "meetings": "Theirs too", "places": "Mine alone"}
    assert by_itself(coordinator, page, **{"people-text": "Mine"}).status == 409
    settled = answer.value("people-settled")
    both = {"people-text": "Theirs and mine", "people-settled": settled}
    assert by_itself(coordinator, page, **both).status == 200
    assert texts_now()["people"] == "Theirs and mine"


def test_a_page_that_is_left_sends_its_unsaved_boxes_alone(coordinator: EngageClient) -> None:
    an_mou(coordinator, "Grace Church", date(2026, 3, 4))
    page = coordinator.page(f"{FUNDER}/texts{SPRING}")
    sent = {name: value for name, value in typed(page).items() if name.startswith("people-")}
    assert by_itself(coordinator, sent, **{"people-text": "Nine were new."}).status == 200
    assert texts_now() == {"people": "Nine were new."}


def test_a_viewer_reads_numbers_and_no_texts(app: Any, coordinator: EngageClient) -> None:
    write(coordinator, **{"agreements-text": "Our own words"})
    coalition = coordinator.membership.coalition
    viewer = signed_in_client(app, make_membership(coalition=coalition, role=Role.VIEWER))
    member = signed_in_client(app, make_membership(coalition=coalition))
    assert member.page(f"{FUNDER}{SPRING}").has("Our own words")
    assert not viewer.page(f"{FUNDER}{SPRING}").has("Our own words")
    assert "Our own words" not in words(read(viewer, f"{FUNDER}.pdf{SPRING}"))


# -- the coalition's own order


def test_the_coalitions_own_order_leaves_out_and_puts_first(coordinator: EngageClient) -> None:
    page = coordinator.page(f"{FUNDER}/order")
    parts = {each.attributes["name"] or "": "0" for each in page.all(".report-order select")}
    sent = {**parts, "measures": "1", "figures": "2", "version": page.value("version")}
    assert coordinator.send(f"{FUNDER}/order", **sent).status == 303
    page = coordinator.page(f"{FUNDER}{SPRING}")
    assert page.texts("#reports-paper h2") == ["Measures with readings", "At a glance"]
    assert "Your own order" in page.texts(".pills a")
    assert coordinator.send(f"{FUNDER}/order", **{**sent, "figures": "3"}).status == 409
    none = {**parts, "version": coordinator.page(f"{FUNDER}/order").value("version")}
    assert coordinator.send(f"{FUNDER}/order", **none).has("Leave at least one section in.")


# -- copies


def keep(client: EngageClient, title: str = "State Office, spring") -> FunderCopy:
    assert client.send(f"{FUNDER}/copies/new{SPRING}", title=title).status == 303
    return db.session.scalars(sa.select(FunderCopy).order_by(FunderCopy.id.desc()).limit(1)).one()


def test_a_copy_keeps_numbers_and_texts_as_they_were(coordinator: EngageClient) -> None:
    an_mou(coordinator, "Grace Church", date(2026, 3, 4))
    make_activity(reached=23, hours=9.5)
    write(coordinator, **{"agreements-text": "As it was"})
    copy = keep(coordinator)
    before = coordinator.page(f"{FUNDER}{SPRING}")
    an_mou(coordinator, "Blue Medical", date(2026, 4, 2))
    write(coordinator, **{"agreements-text": "As it is"})
    page = coordinator.page(f"{FUNDER}/copies/{copy.id}")
    for part in ("agreements", "activities", "before", "people", "once"):
        assert rows(page, part) == rows(before, part)
    assert page.text("#reports-agreements .report-words") == "As it was"
    assert "Its numbers stay as they were then." in page.text("#reports-copy")
    assert "As it was" in words(read(coordinator, f"{FUNDER}/copies/{copy.id}.pdf"))
    with ZipFile(BytesIO(coordinator.get(f"{FUNDER}/copies/{copy.id}.xlsx").data)) as book:
        held = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "As it was" in held and "<v>9.5</v>" in held and "As it is" not in held
    assert "State Office, spring" in coordinator.page(FUNDER).text("#reports-copies")


def test_a_copy_needs_to_say_who_it_goes_to(coordinator: EngageClient) -> None:
    answer = coordinator.send(f"{FUNDER}/copies/new{SPRING}", title=" ")
    assert answer.status == 422 and answer.has("Write who it goes to")


def test_a_copy_that_is_deleted_comes_back_whole(coordinator: EngageClient) -> None:
    write(coordinator, **{"agreements-text": "As it was"})
    copy = keep(coordinator)
    assert coordinator.send(f"{FUNDER}/copies/{copy.id}/delete").status == 303
    page = coordinator.page(FUNDER)
    assert page.has("is in the trash") and not page.all("#reports-copies")
    (undo,) = [
        each.attributes["action"] or ""
        for each in page.all("form")
        if "trash" in (each.attributes["action"] or "")
    ]
    assert coordinator.send(undo).status == 303
    (back,) = db.session.scalars(sa.select(FunderCopy))
    assert coordinator.page(f"{FUNDER}/copies/{back.id}").has("As it was")


def test_what_is_removed_for_good_is_gone_from_texts_and_copies_also_within_a_sentence(
    coordinator: EngageClient,
) -> None:
    secret = "Shelter on Elm Street"
    plan = make_plan()
    action = make_action(
        plan, make_goal(plan), title=secret, status=ActionStatus.DONE, done_on=date(2026, 4, 1)
    )
    assert write(coordinator).status == 303
    copy = keep(coordinator, title=f"About the {secret}")
    gone = keep(coordinator)
    coordinator.send(f"{FUNDER}/copies/{gone.id}/delete")
    db.session.expire_all()
    redaction_service.redact(coordinator.membership, [RedactionTarget("plan_action", action.id, "title")])
    db.session.commit()
    told = [
        *db.session.scalars(sa.select(FunderText.text)),
        *db.session.scalars(sa.select(FunderCopyText.text)),
        *map(json.dumps, db.session.scalars(sa.select(FunderCopy.paper))),
        *db.session.scalars(sa.select(FunderCopy.title)),
        *map(str, db.session.scalars(sa.text("SELECT rows FROM kept_copy WHERE ended_at IS NULL"))),
    ]
    assert any("[removed" in each for each in told)
    assert not [each for each in told if secret in each]
    (text,) = db.session.scalars(
        sa.select(FunderCopyText).where(FunderCopyText.copy_id == copy.id, FunderCopyText.part == "actions")
    )
    redaction_service.redact(
        coordinator.membership, [RedactionTarget("reports_funder_copy_text", text.id, "text")]
    )
    db.session.commit()
    page = coordinator.page(f"{FUNDER}/copies/{copy.id}")
    assert page.texts("#reports-actions .report-words")[0].startswith("[removed")


def test_the_number_of_queries_does_not_grow_with_copies_and_texts(coordinator: EngageClient) -> None:
    def asked() -> int:
        with counted_queries() as statements:
            coordinator.page(f"{FUNDER}{SPRING}")
            coordinator.page(f"{FUNDER}/texts{SPRING}")
        return len(statements)

    keep(coordinator)
    write(coordinator, **{"agreements-text": "One"})
    first = asked()
    for day in range(1, 6):
        keep(coordinator)
        an_mou(coordinator, f"Organization {day}", date(2026, 3, day))
        make_activity(county=f"County {day}", happened_on=date(2026, 3, day))
    assert asked() == first
