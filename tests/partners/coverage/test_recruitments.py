"""Sectors to recruit: the list, opening, editing, their outcome, reopening, and the way to an invitation."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.coverage.rules import RecruitmentOutcome
from engage.partners.rules import ContactPlace
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_affiliation,
    make_coalition,
    make_membership,
    make_organization,
    signed_in_client,
)
from tests.html import Page
from tests.partners.organizations.test_directory import contact
from tests.partners.recruitments import TODAY, make_conversation, make_recruitment

RECRUITMENTS = "/c/riverbend/partners/recruitments/"
HEALTH = content().sector("health").name
FILLED = {
    "sector": "health",
    "area": "response",
    "organization_id": "0",
    "whom": "The clinic by the river",
    "inviter_id": "0",
    "ask_by": "2027-01-15",
}
LONG_AGO = datetime(2026, 1, 5, 18, tzinfo=UTC)


def at(recruitment: Recruitment, more: str = "") -> str:
    return f"{RECRUITMENTS}{recruitment.id}/{more}"


def only_recruitment() -> Recruitment:
    db.session.expire_all()
    return db.session.scalars(sa.select(Recruitment)).one()


def post(client: EngageClient, recruitment: Recruitment, what: str, **fields: Any) -> Page:
    """Posts with the version that the recruitment's page holds."""
    version = (
        client.page(at(recruitment, "edit" if what == "edit" else ""))
        .all("[name=version]")[0]
        .attributes["value"]
    )
    return client.send(at(recruitment, what), **{"version": version, **fields})


# -- opening


def test_a_member_opens_a_recruitment_in_one_press(member: EngageClient) -> None:
    page = member.page(f"{RECRUITMENTS}new?sector=health&area=response")
    names = ("version", "sector", "area", "organization_id", "whom", "inviter_id", "ask_by")
    page = member.send(f"{RECRUITMENTS}new", **{name: page.value(name) for name in names})
    recruitment = only_recruitment()
    assert (page.status, page.location) == (303, at(recruitment))
    assert (recruitment.sector, recruitment.area, recruitment.inviter_id) == (
        "health",
        "response",
        member.membership.id,
    )
    assert recruitment.ask_by == TODAY + timedelta(days=14)
    shown = member.page(RECRUITMENTS)
    assert shown.has(f"{HEALTH}: Leaving and immediate response")
    assert shown.has("Dan Reyes")


def test_an_address_proposes_only_what_there_is(member: EngageClient) -> None:
    theirs = make_organization(coalition=make_coalition(slug="elsewhere"))
    page = member.page(f"{RECRUITMENTS}new?sector=nothing&area=%00&organization={theirs.id}")
    assert [page.value(name) for name in ("sector", "area", "organization_id")] == ["", "", "0"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("sector", "", "Choose the sector."),
        ("sector", "nothing", "Not a valid choice"),
        ("area", "nothing", "Not a valid choice"),
        ("ask_by", "soon", "Enter the date"),
        ("whom", "x" * 201, "too long"),
        ("inviter_id", "999999", "Not a valid choice"),
        ("organization_id", "999999", "Not a valid choice"),
    ],
)
def test_a_recruitment_is_refused_with_its_message_and_nothing_typed_is_lost(
    member: EngageClient, field: str, value: str, message: str
) -> None:
    page = member.send(f"{RECRUITMENTS}new", **{**FILLED, field: value})
    assert page.status == 422
    assert any(message in error for error in page.errors)
    kept = "whom" if field != "whom" else "ask_by"
    assert page.value(kept) == FILLED[kept]
    assert db.session.scalar(sa.select(sa.func.count(Recruitment.id))) == 0


def test_personal_details_in_whom_to_ask_are_asked_about_first(member: EngageClient) -> None:
    page = member.send(f"{RECRUITMENTS}new", **{**FILLED, "whom": "Call 555-867-5309 at night"})
    assert page.status == 422
    box = page.one("[name='whom-accepted']")
    accepted = {**FILLED, "whom": page.value("whom"), "whom-accepted": box.attributes["value"] or ""}
    assert member.send(f"{RECRUITMENTS}new", **accepted).status == 303


# -- the list


def test_open_recruitments_stand_by_their_date_and_late_ones_are_marked(member: EngageClient) -> None:
    make_recruitment("faith")
    make_recruitment("labor", ask_by=TODAY + timedelta(days=5), inviter_id=make_membership(name="Ann Lee").id)
    make_recruitment("health", ask_by=TODAY - timedelta(days=1))
    make_recruitment("media", closed_on=TODAY, outcome=RecruitmentOutcome.GIVEN_UP)
    page = member.page(RECRUITMENTS)
    keys = ("health", "labor", "faith")
    assert page.texts("#partners-open-recruitments .row-link") == [content().sector(key).name for key in keys]
    assert page.texts("#partners-open-recruitments .tag") == ["Late"]
    assert page.texts("#partners-closed-recruitments .row-link") == [content().sector("media").name]
    assert page.has("no one is asking yet") and page.has("Ann Lee will ask")


def test_expected_sectors_with_no_one_active_and_no_recruitment_are_listed_with_the_form(
    member: EngageClient,
) -> None:
    make_recruitment("labor")
    make_conversation(make_organization(sector="faith"))
    make_organization(sector="legal")
    names = member.page(RECRUITMENTS).texts("#partners-missing strong")
    assert {HEALTH, content().sector("legal").name} < set(names)
    assert not {content().sector(key).name for key in ("labor", "faith", "media")} & set(names)
    link = member.page(RECRUITMENTS).one(f"a[aria-label='Invite someone: {HEALTH}']").attributes["href"] or ""
    assert member.page(link).value("sector") == "health"


def test_an_empty_list_says_what_a_recruitment_is_for(member: EngageClient, viewer: EngageClient) -> None:
    assert member.page(RECRUITMENTS).text(".empty h2") == "No sectors to recruit"
    assert not viewer.page(RECRUITMENTS).all("main a.btn")


def test_a_viewer_sees_where_the_inviter_comes_from_and_nothing_in_words(
    app: Flask, member: EngageClient
) -> None:
    viewer = signed_in_client(app, make_membership(role=Role.VIEWER))
    make_affiliation(member.membership, make_organization(name="Grace Church", sector="faith"))
    recruitment = make_recruitment(whom="Pastor Jim Lane", inviter_id=member.membership.id)
    closed = make_recruitment(
        closed_on=TODAY, outcome=RecruitmentOutcome.GIVEN_UP, note="Ask Jim again in spring."
    )
    for path in (RECRUITMENTS, at(recruitment), at(closed)):
        page = viewer.page(path)
        assert not page.has("Jim") and not page.has("Dan Reyes")
        assert not page.all("main form")
        assert not page.all("main a.btn[href*='recruitments'], main a[href*='invitations']")
    assert viewer.page(at(recruitment)).has("Grace Church")
    for what in ("edit", "close", "reopen"):
        assert viewer.send(at(recruitment, what)).status == 403
    assert viewer.get(f"{RECRUITMENTS}new").status_code == 403


def test_the_list_asks_as_much_for_many_recruitments_as_for_one(member: EngageClient) -> None:
    def fill(number: int) -> None:
        for _n in range(number):
            organization = make_organization(sector="health")
            make_recruitment(
                organization_id=organization.id, inviter_id=member.membership.id, created_at=LONG_AGO
            )
            make_conversation(organization)

    fill(1)
    with counted_queries() as few:
        member.page(RECRUITMENTS)
    fill(9)
    with counted_queries() as many:
        member.page(RECRUITMENTS)
    assert len(many) == len(few)


def test_another_coalitions_recruitment_does_not_exist(member: EngageClient) -> None:
    theirs = make_recruitment(coalition=make_coalition(slug="elsewhere"))
    assert member.get(at(theirs)).status_code == 404
    assert member.get(at(theirs, "edit")).status_code == 404
    for what in ("edit", "close", "reopen"):
        assert member.send(at(theirs, what)).status == 404
    assert not member.page(RECRUITMENTS).all("#partners-open-recruitments")


# -- editing


def test_editing_keeps_who_asked_before_although_they_left(member: EngageClient) -> None:
    left = make_membership(name="Lea Left", left_on=date(2026, 3, 1))
    recruitment = make_recruitment(inviter_id=left.id, ask_by=TODAY)
    page = member.page(at(recruitment, "edit"))
    assert page.value("inviter_id") == str(left.id) and page.has("Lea Left")
    page = post(member, recruitment, "edit", **{**FILLED, "inviter_id": str(left.id)})
    assert (page.status, page.location) == (303, at(recruitment))
    recruitment = only_recruitment()
    assert (recruitment.area, recruitment.whom, recruitment.ask_by) == (
        "response",
        "The clinic by the river",
        date(2027, 1, 15),
    )
    changed = db.session.scalars(sa.select(HistoryEntry).where(HistoryEntry.thing == "partners_seat")).all()
    told = {row.field: (row.old, row.new) for row in changed}
    assert told["ask_by"] == (TODAY.isoformat(), "2027-01-15")
    assert told["whom"] == (None, None)


def test_the_second_of_two_who_edit_a_recruitment_sees_both_texts(app: Flask, member: EngageClient) -> None:
    recruitment = make_recruitment(whom="Before")
    second = signed_in_client(app, make_membership())
    opened = second.page(at(recruitment, "edit")).value("version")
    post(member, recruitment, "edit", **FILLED)
    page = second.send(at(recruitment, "edit"), **{**FILLED, "whom": "Mine", "version": opened})
    assert page.status == 409
    assert page.has("The clinic by the river") and page.value("whom") == "Mine"
    assert only_recruitment().whom == "The clinic by the river"
    again = second.send(
        at(recruitment, "edit"), **{**FILLED, "whom": "Mine", "version": page.value("version")}
    )
    assert again.status == 303 and only_recruitment().whom == "Mine"


# -- what came of it


def test_a_recruitment_is_taken_by_an_organization_and_is_open_again_with_what_was_written(
    member: EngageClient,
) -> None:
    hospital = make_organization(name="Mercy Hospital", sector="health")
    recruitment = make_recruitment()
    fields = {"outcome": "taken", "taken_by_id": str(hospital.id), "note": "From January on."}
    page = post(member, recruitment, "close", **fields)
    assert (page.status, page.location) == (303, RECRUITMENTS)
    recruitment = only_recruitment()
    assert (recruitment.closed_on, recruitment.outcome, recruitment.taken_by_id) == (
        TODAY,
        RecruitmentOutcome.TAKEN,
        hospital.id,
    )
    listed = member.page(RECRUITMENTS).text("#partners-closed-recruitments li")
    assert "Filled" in listed and "Mercy Hospital" in listed and "From January on." in listed
    assert member.get(at(recruitment, "edit")).status_code == 409
    assert post(member, recruitment, "reopen").status == 303
    recruitment = only_recruitment()
    assert (recruitment.closed_on, recruitment.outcome, recruitment.taken_by_id, recruitment.note) == (
        None,
        None,
        None,
        "From January on.",
    )


def test_a_recruitment_that_is_given_up_was_taken_by_no_one(member: EngageClient) -> None:
    hospital = make_organization(sector="health")
    recruitment = make_recruitment(organization_id=hospital.id)
    assert member.page(at(recruitment)).value("taken_by_id") == str(hospital.id)
    assert post(member, recruitment, "close", outcome="given_up", taken_by_id=str(hospital.id)).status == 303
    recruitment = only_recruitment()
    assert (recruitment.outcome, recruitment.taken_by_id) == (RecruitmentOutcome.GIVEN_UP, None)


@pytest.mark.parametrize("fields", [{}, {"outcome": "lost"}, {"outcome": "taken", "taken_by_id": "999999"}])
def test_closing_asks_what_came_of_it_and_keeps_the_note(
    member: EngageClient, fields: dict[str, str]
) -> None:
    recruitment = make_recruitment()
    page = post(member, recruitment, "close", **fields, note="They said no.")
    assert page.status == 422 and page.errors
    assert page.value("note") == "They said no."
    assert only_recruitment().closed_on is None


def test_closing_twice_and_opening_an_open_one_are_answered_in_words(
    app: Flask, member: EngageClient
) -> None:
    recruitment = make_recruitment()
    second = signed_in_client(app, make_membership())
    assert post(second, recruitment, "reopen").status == 409
    post(member, recruitment, "close", outcome="given_up")
    page = second.send(at(recruitment, "close"), version="1", outcome="taken")
    assert page.status == 409 and page.has("This is closed.")
    assert only_recruitment().outcome is RecruitmentOutcome.GIVEN_UP


def test_closing_what_someone_changed_meanwhile_shows_it_first(app: Flask, member: EngageClient) -> None:
    recruitment = make_recruitment()
    second = signed_in_client(app, make_membership())
    post(member, recruitment, "edit", **FILLED)
    page = second.send(at(recruitment, "close"), version="1", outcome="given_up", note="Nobody is there.")
    assert page.status == 409
    assert page.has("Someone saved this after you opened it") and page.has("The clinic by the river")
    assert page.one("textarea[name=note]").text().strip() == "Nobody is there."
    version = page.all("[name=version]")[0].attributes["value"]
    assert second.send(at(recruitment, "close"), version=version, outcome="given_up").status == 303


def test_when_an_organization_of_the_sector_becomes_active_the_recruitment_offers_itself(
    member: EngageClient,
) -> None:
    clinic = make_organization(name="Free Clinic", sector="health")
    make_conversation(clinic, date(2025, 1, 4))
    recruitment = make_recruitment(created_at=LONG_AGO)
    assert not member.page(at(recruitment)).all("#partners-taken")
    make_conversation(clinic)
    assert member.page(RECRUITMENTS).has("New since this was added: Free Clinic.")
    page = member.page(at(recruitment))
    form = page.one("#partners-taken form")
    fields = {node.attributes["name"]: node.attributes["value"] for node in form.css("input")}
    fields.pop("csrf_token")
    assert member.send(form.attributes["action"] or "", **fields).status == 303
    assert only_recruitment().taken_by_id == clinic.id


def test_whoever_accepts_an_invitation_is_offered_as_who_has_taken_the_recruitment(
    coordinator: EngageClient,
) -> None:
    """Also of an organization that was active before, and without one."""
    clinic = make_organization(name="Free Clinic", sector="health")
    make_conversation(clinic, TODAY - timedelta(days=20))
    opened = clock.now() - timedelta(days=10)
    recruitment, residents = (
        make_recruitment(created_at=opened),
        make_recruitment("residents", created_at=opened),
    )
    assert not coordinator.page(at(recruitment)).all("#partners-taken")
    before = make_membership(approved_at=opened - timedelta(days=5))
    make_affiliation(before, clinic)
    left = make_membership(approved_at=clock.now(), left_on=TODAY)
    make_affiliation(left, clinic)
    assert not coordinator.page(at(recruitment)).all("#partners-taken")
    make_affiliation(make_membership(approved_at=clock.now()), clinic)
    make_affiliation(make_membership(approved_at=clock.now()))
    assert coordinator.page(at(recruitment)).one("#partners-taken").text().count("Free Clinic") >= 1
    page = coordinator.page(at(residents))
    form = page.one("#partners-taken form")
    assert "Someone on their own" in form.text()
    fields = {node.attributes["name"]: node.attributes["value"] for node in form.css("input")}
    fields.pop("csrf_token")
    assert coordinator.send(form.attributes["action"] or "", **fields).status == 303
    db.session.expire_all()
    assert (residents.outcome, residents.taken_by_id) == (RecruitmentOutcome.TAKEN, None)


# -- on to an invitation, an action


def test_a_recruitment_leads_to_an_invitation_that_is_filled_in(coordinator: EngageClient) -> None:
    clinic = make_organization(name="Free Clinic", sector="health")
    recruitment = make_recruitment(area="response", organization_id=clinic.id)
    link = f"/c/riverbend/people/invitations/?recruitment={recruitment.id}"
    assert coordinator.page(at(recruitment)).one(f"a[href='{link}']").text() == "Invite by link"
    page = coordinator.page(link)
    assert page.value("label") == f"{HEALTH}: Leaving and immediate response"
    assert page.value("addresses") == ""
    assert page.all("#coalitions-open details[open]")
    contact(clinic, "Ann Lee", place=ContactPlace.ALTERNATE, email="ann@example.org")
    contact(clinic, "Keisha Hall", place=ContactPlace.MAIN, email="keisha@example.org")
    page = coordinator.page(link)
    assert page.value("addresses") == "Keisha Hall <keisha@example.org>"
    made = coordinator.send(
        "/c/riverbend/people/invitations/bound", addresses=page.value("addresses"), role="member", days="30"
    )
    assert made.status == 303
    theirs = make_recruitment(coalition=make_coalition(slug="elsewhere"))
    for other in (theirs.id, "x", "0"):
        assert coordinator.page(f"/c/riverbend/people/invitations/?recruitment={other}").value("label") == ""


def test_a_member_is_offered_no_invitation(member: EngageClient) -> None:
    assert not member.page(at(make_recruitment())).all("a[href*='invitations']")


def test_a_recruitment_leads_to_an_outreach_action_with_the_organization(member: EngageClient) -> None:
    clinic = make_organization(name="Free Clinic", sector="health")
    recruitment = make_recruitment(organization_id=clinic.id)
    link = member.page(at(recruitment)).one("a[href*='plan/actions/new']").attributes["href"] or ""
    page = member.page(link)
    assert page.value("title") == f"Reach out to Free Clinic ({HEALTH})"
    assert page.value("organization_id") == str(clinic.id)


def test_a_new_action_takes_no_other_coalitions_organization_and_no_nul_from_its_address(
    member: EngageClient,
) -> None:
    theirs = make_organization(coalition=make_coalition(slug="elsewhere"))
    page = member.page(f"/c/riverbend/plan/actions/new?title=Ask%00+them&organization={theirs.id}")
    assert (page.value("title"), page.value("organization_id")) == ("Ask them", "0")
