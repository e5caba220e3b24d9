"""Leaving: everything that someone else has to take over is listed, and goes to one person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.checklist.models import Item
from engage.coalitions.models import Group, Membership
from engage.coalitions.rules import GroupKind, PersonState
from engage.content.loader import content
from engage.database import Base
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.meetings.rules import MeetingKind
from engage.partners.agreements.models import Agreement
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.coverage.rules import RecruitmentOutcome
from engage.partners.models import Contact
from engage.partners.rules import AgreementState, ContactPlace
from engage.plan.models import Action
from engage.strengths.models import Match
from engage.strengths.rules import MatchState
from engage.toolkit.models import Reader
from tests import factories
from tests.client import EngageClient
from tests.coalitions.about.rows import make_position
from tests.factories import make_affiliation, make_membership, make_organization, saved
from tests.partners.agreements.rows import make_agreement
from tests.strengths.rows import make_match

PEOPLE = "/c/riverbend/people/"

# What one person holds for all: it goes to whoever takes over.
HANDED_OVER = {
    "coalitions_group.lead_id",
    "coalitions_position.membership_id",
    "coalitions_position.stand_in_id",
    "checklist_item.owner_id",
    "plan_action.owner_id",
    "toolkit_reader.reader_id",
    "meetings_decision.owner_id",
    "meetings_agenda_item.lead_id",
    "partners_agreement.owner_id",
    "partners_seat.inviter_id",
    "partners_contact.membership_id",
    "strengths_match.ask_id",
    "documents_document.owner_id",
}
# What stays with the one who left, and why.
STAYS = {
    # Who did or wrote something, once.
    "history_entry.actor_id": "did it",
    "coalitions_audit.actor_id": "did it",
    "coalitions_reported.reported_by_id": "did it",
    "coalitions_reported.closed_by_id": "did it",
    "coalitions_membership.approved_by_id": "did it",
    "coalitions_invitation.created_by_id": "did it",
    "partners_organization.added_by_id": "did it",
    "partners_organization.verified_by_id": "did it",
    "partners_conversation.written_by_id": "did it",
    "partners_agreement.created_by_id": "did it",
    "partners_agreement_move.written_by_id": "did it",
    "partners_seat.created_by_id": "did it",
    "meetings_meeting.created_by_id": "did it",
    "meetings_agenda_item.created_by_id": "did it",
    "meetings_prepared.done_by_id": "did it",
    "assessment_draft_set.created_by_id": "did it",
    "assessment_round.opened_by_id": "did it",
    "assessment_reopening.reopened_by_id": "did it",
    "assessment_talking_point.added_by_id": "did it",
    "assessment_paper.keyed_by_id": "did it",
    "assessment_door.opened_by_id": "did it",
    "assessment_effort.added_by_id": "did it",
    "assessment_agreed_value.set_by_id": "did it",
    "strengths_strength.created_by_id": "did it",
    "strengths_need.created_by_id": "did it",
    "strengths_match.created_by_id": "did it",
    "strengths_vote.created_by_id": "did it",
    "toolkit_section.added_by_id": "did it",
    "toolkit_note.author_id": "did it",
    "toolkit_reply.author_id": "did it",
    "messages_announcement.posted_by_id": "did it",
    "messages_letter.written_by_id": "did it",
    "messages_letter_to.membership_id": "got it",
    "messages_letter_wish.membership_id": "their own wish",
    "meetings_reply.membership_id": "their own answer",
    "checklist_item.changed_by_id": "did it",
    "plan_action.created_by_id": "did it",
    "plan_update.author_id": "did it",
    "plan_reading.written_by_id": "did it",
    "plan_activity.created_by_id": "did it",
    "plan_signup_page.opened_by_id": "did it",
    "plan_feedback.opened_by_id": "did it",
    "partners_service.added_by_id": "did it",
    "partners_service.checked_by_id": "did it",
    "reports_funder_text.written_by_id": "did it",
    "reports_funder_copy.made_by_id": "did it",
    "assessment_import.brought_by_id": "did it",
    "coalitions_group_ask.membership_id": "their own wish",
    "plan_activity_hours.membership_id": "their own hours",
    "plan_review.created_by_id": "did it",
    "kept_copy.made_by_id": "did it; undo is theirs",
    "reports_handover_note.written_by_id": "did it",
    "onboarding_step_override.decided_by_id": "did it",
    "messages_told.told_by_id": "did it",
    # Who someone is, or what they take part in.
    "messages_told.membership_id": "was told of what they held then",
    "messages_approval.membership_id": "was told of their own approval",
    "messages_look.membership_id": "what is new to them",
    "coalitions_membership_discipline.membership_id": "what they do",
    "coalitions_group_member.membership_id": "takes part; the lead is handed over",
    "coalitions_invitation.claims_id": "the place that an invitation is for",
    "partners_affiliation.membership_id": "where they come from",
    "meetings_attendance.membership_id": "was there",
    "toolkit_areas_read.reader_id": "has read it",
    "assessment_participant.membership_id": "was asked for their own answers",
    "assessment_response.respondent_id": "their own answers",
    "plan_action_helper.membership_id": "helps; the lead is handed over",
    # A gift is the giver's: no one else can promise it. The list of strengths says that they left.
    "strengths_strength.giver_id": "their own to give",
}


def pointing_columns() -> set[str]:
    return {
        f"{table.name}.{column}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table is Membership.__table__
        for column in key.column_keys
        if column != "coalition_id"
    }


def test_every_column_that_names_a_person_is_handed_over_or_has_its_reason_to_stay(app: Any) -> None:
    assert app  # it has all tables, whatever else this process has imported
    assert pointing_columns() == HANDED_OVER | set(STAYS)
    assert not HANDED_OVER & set(STAYS)


def holder_of(column: str) -> Any:
    table, name = column.split(".")
    return Base.metadata.tables[table].c[name]


def still_names(person: Membership) -> list[str]:
    return sorted(
        column
        for column in HANDED_OVER
        if db.session.scalar(
            sa.select(sa.func.count()).where(holder_of(column) == person.id, *_only_places(column))
        )
    )


def _only_places(column: str) -> list[Any]:
    """Returns the columns of places.

    A former main contact stays a contact of the organization; only the place moves.
    """
    return [Contact.place != ContactPlace.OTHER] if column == "partners_contact.membership_id" else []


@dataclass
class Held:
    person: Membership
    to: Membership
    words: list[str]


@pytest.fixture
def everything(coordinator: EngageClient) -> Held:
    """Makes someone who holds one of each, and someone else of the same church."""
    person = make_membership(name="Ann Lee")
    to = make_membership(name="Bob Ray")
    church = make_organization(name="Grace Church")
    make_affiliation(to, church)
    here = {"coalition_id": person.coalition_id}
    group = saved(
        Group(**here, kind=GroupKind.WORKGROUP, name="Schools", sort_key="schools", lead_id=person.id)
    )
    make_position(person.coalition_id, "Treasurer", membership_id=person.id, stand_in_id=person.id)
    tip = content().tips[0].items[0]
    factories.make_item(key=tip.key, owner_id=person.id)
    action = factories.make_action(factories.make_plan(), owner_id=person.id, title="Train host families")
    section = factories.make_section(title="The toolkit, part one")
    factories.make_reader(section, person)
    meeting = saved(
        Meeting(
            **here,
            kind=MeetingKind.GENERAL,
            title="General",
            starts_at=clock.now(),
            created_at=clock.now(),
        )
    )
    saved(
        Decision(
            **here,
            number=1,
            meeting_id=meeting.id,
            text="Ask the county",
            owner_id=person.id,
            decided_on=date(2026, 5, 1),
            review_on=date(2027, 5, 1),
        )
    )
    saved(
        AgendaItem(**here, meeting_id=meeting.id, position=1, title="News of the shelter", lead_id=person.id)
    )
    make_agreement(coordinator.membership, church, owner_id=person.id)
    sector = content().sectors[0]
    saved(
        Recruitment(
            **here,
            sector=sector.key,
            whom="The sheriff",
            inviter_id=person.id,
            created_at=clock.now(),
        )
    )
    make_match(coordinator.membership, ask_id=person.id)
    saved(
        Contact(
            **here,
            organization_id=church.id,
            membership_id=person.id,
            place=ContactPlace.MAIN,
            name="Ann Lee",
            sort_key="ann lee",
        )
    )
    factories.make_document(person, owner_id=person.id)
    words = [
        f"Leads the group: {group.name}",
        "Position: Treasurer",
        f"Tip: {tip.text}",
        f"Action {action.number}: Train host families",
        "To read: The toolkit, part one",
        "Decision 1: Ask the county",
        "Agenda item: News of the shelter",
        "Document: Charter",
        "Agreement 1: MOU with Grace Church",
        f"Sector to recruit: {sector.name}, The sheriff",
        "Still to ask for need 1: No bed for boys",
        "Main contact: Grace Church (only someone from there can take this over)",
    ]
    assert still_names(person) == sorted(HANDED_OVER)
    return Held(person, to, words)


def test_a_coordinator_sees_all_that_is_held_and_hands_it_to_one_person(
    coordinator: EngageClient, everything: Held
) -> None:
    address = f"{PEOPLE}{everything.person.id}/remove"
    assert coordinator.page(address).texts("#coalitions-held li") == everything.words
    assert coordinator.send(address, to=str(everything.to.id)).status == 303
    db.session.expire_all()
    assert still_names(everything.person) == []
    assert still_names(everything.to) == sorted(HANDED_OVER)


def test_who_leaves_hands_over_the_same(app: Any, everything: Held) -> None:
    leaver = factories.signed_in_client(app, everything.person)
    page = leaver.page(f"{PEOPLE}me/leave")
    assert page.texts("#coalitions-held li") == everything.words
    assert leaver.send(f"{PEOPLE}me/leave", to=str(everything.to.id)).status == 303
    db.session.expire_all()
    assert still_names(everything.person) == []


@pytest.mark.parametrize("own", [False, True], ids=["a coordinator for another", "for oneself"])
def test_all_is_handed_over_by_one_who_stays(
    app: Any, coordinator: EngageClient, everything: Held, own: bool
) -> None:
    client = factories.signed_in_client(app, everything.person) if own else coordinator
    address = f"{PEOPLE}me/leave" if own else f"{PEOPLE}{everything.person.id}/remove"
    assert client.page(address).one("button[name=stays]").attributes["value"] == "yes"

    refused = client.send(address, to="0", stays="yes")
    assert refused.status == 422
    assert "Choose who takes it over." in refused.text(".error-summary")
    assert still_names(everything.person) == sorted(HANDED_OVER)

    page = client.send(address, to=str(everything.to.id), stays="yes")
    assert page.status == 303
    db.session.expire_all()
    assert still_names(everything.person) == []
    assert still_names(everything.to) == sorted(HANDED_OVER)
    assert everything.person.state is PersonState.ACTIVE
    assert client.page(page.location or "").has("No one's access has changed.")
    assert client.page(address).all("button[name=stays]") == []


def test_what_one_held_who_left_earlier_is_handed_over_later(
    coordinator: EngageClient, everything: Held
) -> None:
    address = f"{PEOPLE}{everything.person.id}/remove"
    coordinator.send(address, to="0")
    assert still_names(everything.person) == sorted(HANDED_OVER)
    assert coordinator.page(address).texts("#coalitions-held li") == everything.words
    coordinator.send(address, to=str(everything.to.id))
    db.session.expire_all()
    assert still_names(everything.person) == []
    assert coordinator.page(address).all("#coalitions-held li") == []


def test_history_says_who_held_it_before(coordinator: EngageClient, everything: Held) -> None:
    coordinator.send(f"{PEOPLE}{everything.person.id}/remove", to=str(everything.to.id))
    people = (str(everything.person.id), str(everything.to.id))
    rows = sa.select(HistoryEntry.thing, HistoryEntry.field).where(
        HistoryEntry.old == people[0],
        HistoryEntry.new == people[1],
        HistoryEntry.actor_id == coordinator.membership.id,
    )
    said = {f"{thing}.{field}" for thing, field in db.session.execute(rows)}
    for model, field in (
        (Agreement, "owner_id"),
        (Recruitment, "inviter_id"),
        (Match, "ask_id"),
        (Action, "owner_id"),
        (Item, "owner_id"),
        (Group, "lead_id"),
        (Decision, "owner_id"),
        (AgendaItem, "lead_id"),
    ):
        assert f"{model.__tablename__}.{field}" in said
    placed = sa.select(sa.func.count()).where(
        HistoryEntry.thing == Contact.__tablename__, HistoryEntry.field == "place"
    )
    assert db.session.scalar(placed) == 2
    assert db.session.scalar(sa.select(Reader.reader_id)) == everything.to.id


def test_what_is_over_stays_with_whoever_held_it(coordinator: EngageClient) -> None:
    person, to = make_membership(), make_membership()
    agreement = make_agreement(coordinator.membership, state=AgreementState.DECLINED, owner_id=person.id)
    recruitment = saved(
        Recruitment(
            coalition_id=person.coalition_id,
            sector=content().sectors[0].key,
            inviter_id=person.id,
            created_at=clock.now(),
            closed_on=date(2026, 5, 1),
            outcome=RecruitmentOutcome.GIVEN_UP,
        )
    )
    match = make_match(coordinator.membership, ask_id=person.id, state=MatchState.AGREED)
    address = f"{PEOPLE}{person.id}/remove"
    assert coordinator.page(address).all("#coalitions-held li") == []
    coordinator.send(address, to=str(to.id))
    db.session.expire_all()
    assert [agreement.owner_id, recruitment.inviter_id, match.ask_id] == [person.id] * 3


def test_someone_from_elsewhere_cannot_be_an_organizations_contact(
    coordinator: EngageClient, everything: Held
) -> None:
    stranger = make_membership(name="Cy Doe")
    make_affiliation(stranger, make_organization(name="Riverbend Hospital"))
    coordinator.send(f"{PEOPLE}{everything.person.id}/remove", to=str(stranger.id))
    db.session.expire_all()
    assert still_names(everything.person) == ["partners_contact.membership_id"]


def test_taking_over_a_contacts_place_twice_keeps_one_contact_each(
    coordinator: EngageClient, everything: Held
) -> None:
    church = db.session.scalars(sa.select(Contact.organization_id)).one()
    alternate = Contact(
        coalition_id=everything.to.coalition_id,
        organization_id=church,
        membership_id=everything.to.id,
        place=ContactPlace.ALTERNATE,
        name="Bob Ray",
        sort_key="bob ray",
    )
    saved(alternate)
    coordinator.send(f"{PEOPLE}{everything.person.id}/remove", to=str(everything.to.id))
    db.session.expire_all()
    rows = sa.select(Contact.name, Contact.place).order_by(Contact.name)
    assert list(db.session.execute(rows)) == [
        ("Ann Lee", ContactPlace.OTHER),
        ("Bob Ray", ContactPlace.MAIN),
    ]
