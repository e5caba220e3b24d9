"""Handing over: everything that someone else has to take over is listed, and goes to one person or to several."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.checklist.models import Item
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import AuditEvent
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
from engage.plan.models import Action, Plan
from engage.strengths.models import Match
from engage.strengths.rules import MatchState
from engage.toolkit.models import Reader
from tests import databases, factories
from tests.client import EngageClient
from tests.coalitions.about.rows import make_position
from tests.factories import make_affiliation, make_membership, make_organization, saved
from tests.html import Page
from tests.messages.letters.posted import mailing, run, states
from tests.messages.smtp import Taken
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
    "messages_action_link.membership_id": "is asked about what they held then",
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


def held_words(page: Page) -> list[str]:
    """Returns the list of what is held, without the words for links that open another window."""
    return [
        re.sub(r" \(opens in a new window\) ?↗", "", each) for each in page.texts("#coalitions-held li p")
    ]


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

    @property
    def address(self) -> str:
        return f"{PEOPLE}{self.person.id}/hand-over"


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
        "Main contact: Grace Church Only someone from there can take this over.",
    ]
    assert still_names(person) == sorted(HANDED_OVER)
    return Held(person, to, words)


@pytest.mark.parametrize("own", [False, True], ids=["a coordinator for another", "for oneself"])
def test_all_that_is_held_is_listed_and_goes_to_one_person(
    app: Any, coordinator: EngageClient, everything: Held, own: bool
) -> None:
    client = factories.signed_in_client(app, everything.person) if own else coordinator
    address = f"{PEOPLE}me/hand-over" if own else everything.address
    page = client.page(address)
    assert held_words(page) == everything.words
    assert page.text("h1") == ("Hand over" if own else "Hand over what Ann Lee holds")

    refused = client.send(address, to="0")
    assert refused.status == 422
    assert "Choose who takes it over." in refused.text(".error-summary")
    assert still_names(everything.person) == sorted(HANDED_OVER)

    page = client.send(address, to=str(everything.to.id))
    assert page.status == 303
    db.session.expire_all()
    assert still_names(everything.person) == []
    assert still_names(everything.to) == sorted(HANDED_OVER)
    assert everything.person.state is PersonState.ACTIVE
    page = client.page(page.location or "")
    assert page.has("12 things went to Bob Ray. No one's access has changed.")
    assert page.has("You hold nothing" if own else "Ann Lee holds nothing")


def test_each_title_leads_to_the_thing(coordinator: EngageClient, everything: Held) -> None:
    for link in coordinator.page(everything.address).all("#coalitions-held li p a"):
        coordinator.page(str(link.attributes["href"]))


def test_pressing_twice_hands_over_once(coordinator: EngageClient, everything: Held) -> None:
    coordinator.send(everything.address, to=str(everything.to.id))
    again = coordinator.send(everything.address, to=str(everything.to.id))
    assert again.status == 303
    assert coordinator.page(again.location or "").has("Nothing is left to hand over.")


def test_each_thing_goes_to_whom_it_was_chosen_for(coordinator: EngageClient, everything: Held) -> None:
    cy = make_membership(name="Cy Doe")
    for column in sorted(HANDED_OVER - {"partners_contact.membership_id"}):
        rows = sa.select(sa.func.count()).where(holder_of(column) == cy.id)
        assert not db.session.scalar(rows)
    names = [
        str(each.attributes["name"])
        for each in coordinator.page(everything.address).all(".held-taker select")
    ]
    for name in names:
        if not name.startswith("place_"):
            coordinator.send(everything.address, to="0", **{name: str(cy.id)})
    db.session.expire_all()
    assert still_names(cy) == sorted(HANDED_OVER - {"partners_contact.membership_id"})
    assert still_names(everything.person) == ["partners_contact.membership_id"]


def test_one_thing_goes_to_one_and_the_rest_to_another_and_one_stays(coordinator: EngageClient) -> None:
    ann, bob, cy = (make_membership(name=name) for name in ("Ann Lee", "Bob Ray", "Cy Doe"))
    plan = factories.make_plan()
    first, second, third = (factories.make_action(plan, owner_id=ann.id) for _number in range(3))
    chosen = {f"action_{first.id}": str(cy.id), f"action_{third.id}": str(ann.id)}
    answer = coordinator.send(f"{PEOPLE}{ann.id}/hand-over", to=str(bob.id), **chosen)
    db.session.expire_all()
    assert [each.owner_id for each in (first, second, third)] == [cy.id, bob.id, ann.id]
    page = coordinator.page(answer.location or "")
    assert page.has("1 thing went to Cy Doe. 1 thing went to Bob Ray. No one's access has changed.")
    assert held_words(page) == [f"Action {third.number}: {third.title}"]
    rows = sa.select(AuditEntry.number).where(AuditEntry.event == AuditEvent.HANDED_OVER)
    assert set(db.session.scalars(rows)) == {bob.id, cy.id}


def test_who_left_meanwhile_is_refused_and_the_other_choices_stay(coordinator: EngageClient) -> None:
    ann, bob, cy = (make_membership(name=name) for name in ("Ann Lee", "Bob Ray", "Cy Doe"))
    plan = factories.make_plan()
    first, second = (factories.make_action(plan, owner_id=ann.id) for _number in range(2))
    address = f"{PEOPLE}{ann.id}/hand-over"
    names = [f"action_{each.id}" for each in (first, second)]
    coordinator.send(f"{PEOPLE}{cy.id}/remove")
    for fields, wrong, kept in (
        ({"to": str(bob.id), names[0]: str(cy.id), names[1]: str(ann.id)}, names[0], ["to", names[1]]),
        ({"to": str(cy.id), names[0]: str(bob.id), names[1]: "0"}, "to", [names[0]]),
    ):
        page = coordinator.send(address, **fields)
        assert page.status == 422
        assert "This person is not a member anymore. Choose someone else." in page.text(f"#{wrong}-error")
        assert page.one(f".error-summary a[href='#{wrong}']")
        for name in kept:
            chosen = page.one(f"select[name={name}] option[selected]").attributes["value"]
            assert chosen == fields[name]
        assert page.all(".held-each[open]")
    db.session.expire_all()
    assert {first.owner_id, second.owner_id} == {ann.id}


def test_nothing_goes_to_another_coalition_or_comes_from_it(
    coordinator: EngageClient, everything: Held
) -> None:
    elsewhere = factories.make_coalition(slug="lakeside")
    stranger = make_membership(coalition=elsewhere)
    action = db.session.scalars(sa.select(Action)).one()
    place = db.session.scalars(sa.select(Contact)).one()
    for fields in (
        {"to": str(stranger.id)},
        {"to": str(everything.to.id), f"action_{action.id}": str(stranger.id)},
        {"to": str(everything.to.id), f"place_{place.id}": str(coordinator.membership.id)},
        {"to": str(everything.to.id), f"action_{action.id}": "x"},
    ):
        assert coordinator.send(everything.address, **fields).status == 422
    assert still_names(everything.person) == sorted(HANDED_OVER)
    for path in ("hand-over", "remove"):
        assert coordinator.get(f"{PEOPLE}{stranger.id}/{path}").status_code == 404
        assert coordinator.send(f"{PEOPLE}{stranger.id}/{path}", to=str(everything.to.id)).status == 404


def test_a_field_of_what_someone_else_holds_changes_nothing(
    coordinator: EngageClient, everything: Held
) -> None:
    plan = db.session.scalars(sa.select(Plan)).one()
    other = factories.make_action(plan, owner_id=coordinator.membership.id)
    coordinator.send(everything.address, to="0", **{f"action_{other.id}": str(everything.to.id)})
    db.session.expire_all()
    assert other.owner_id == coordinator.membership.id


def test_who_is_alone_can_hand_over_to_no_one(coordinator: EngageClient) -> None:
    factories.make_action(factories.make_plan(), owner_id=coordinator.membership.id)
    page = coordinator.page(f"{PEOPLE}me/hand-over")
    assert page.has("There is no one to hand over to")
    assert page.one("#coalitions-alone a").attributes["href"] == f"{PEOPLE}invitations/"
    assert page.all("form[action$='/hand-over']") == []
    assert coordinator.send(f"{PEOPLE}me/hand-over", to="0").status == 422


def test_a_member_hands_over_only_their_own(member: EngageClient, everything: Held) -> None:
    assert member.get(everything.address).status_code == 403
    assert member.send(everything.address, to=str(everything.to.id)).status == 403
    page = member.page(f"{PEOPLE}me/hand-over")
    assert page.has("You hold nothing that someone else has to take over.")
    assert page.one("a[href$='/people/me/leave']")
    assert page.all("a[href$='/reports/handover']") == []


def test_what_one_held_who_left_earlier_is_handed_over_later(
    coordinator: EngageClient, everything: Held
) -> None:
    remove = f"{PEOPLE}{everything.person.id}/remove"
    page = coordinator.page(remove)
    assert page.has("Ann Lee still holds 12 things.")
    assert page.one("#coalitions-held a").attributes["href"] == everything.address
    assert coordinator.send(remove).status == 303
    assert still_names(everything.person) == sorted(HANDED_OVER)

    assert coordinator.get(remove).location == everything.address
    page = coordinator.page(f"{PEOPLE}{everything.person.id}")
    assert page.one(f"a[href='{everything.address}']")
    page = coordinator.page(everything.address)
    assert held_words(page) == everything.words
    assert page.all("a[href$='/remove']") == []
    coordinator.send(everything.address, to=str(everything.to.id))
    db.session.expire_all()
    assert still_names(everything.person) == []
    assert coordinator.page(everything.address).all("#coalitions-held") == []


def test_the_number_of_queries_does_not_grow_with_what_is_held(
    coordinator: EngageClient, everything: Held
) -> None:
    address, counts = everything.address, []
    plan = db.session.scalars(sa.select(Plan)).one()
    for more in (0, 0, 5):
        for _number in range(more):
            factories.make_action(plan, owner_id=everything.person.id)
            make_match(coordinator.membership, ask_id=everything.person.id)
            make_membership()
        with databases.counted_queries() as queries:
            coordinator.page(address)
        counts.append(len(queries))
    assert counts[1] == counts[2] <= 20


# -- the note


@pytest.fixture
def post(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    with mailing(app, monkeypatch) as taken:
        yield taken


def test_the_note_goes_by_mail_to_each_who_takes_over_with_what_they_get(
    coordinator: EngageClient, post: Taken
) -> None:
    ann, bob, cy = (make_membership(name=name) for name in ("Ann Lee", "Bob Ray", "Cy Doe"))
    plan = factories.make_plan()
    first, _second = (factories.make_action(plan, owner_id=ann.id, title=title) for title in ("Cards", "Bus"))
    address = f"{PEOPLE}{ann.id}/hand-over"
    note = "The printer needs ten days."
    coordinator.send(address, to=str(bob.id), note=note, **{f"action_{first.id}": str(cy.id)})
    assert run(post.port).sent == 2
    texts = {
        mail["To"]: str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n") for mail in post.mails
    }
    assert bob.user is not None and cy.user is not None
    for person, name, title, other in ((bob, "Bob", "Bus", "Cards"), (cy, "Cy", "Cards", "Bus")):
        text = texts[person.user.email]
        assert f"Hello {name},\n\nYou take over from Ann Lee:\n\n- Action" in text
        assert note in text and f": {title}\n" in text and f": {other}\n" not in text
    letters = coordinator.page(f"{PEOPLE}letters/")
    assert letters.has("What you take over in Riverbend County Coalition")


def test_without_a_note_no_mail_goes_out(coordinator: EngageClient, post: Taken, everything: Held) -> None:
    assert coordinator.page(everything.address).one("textarea[name=note]")
    coordinator.send(everything.address, to=str(everything.to.id), note=" ")
    assert not states()


def test_a_note_that_reaches_no_one_is_refused_and_kept(
    coordinator: EngageClient, post: Taken, everything: Held
) -> None:
    dan = make_membership(name="Dan Poe", user=None)
    page = coordinator.send(everything.address, to=str(dan.id), note="Ask the county")
    assert page.status == 422
    assert "No e-mail reaches the person taking over." in page.text("#note-error")
    assert page.one("textarea[name=note]").text() == "Ask the county"
    assert still_names(everything.person) == sorted(HANDED_OVER)


def test_whom_the_note_does_not_reach_is_named(coordinator: EngageClient, post: Taken) -> None:
    ann, bob, dan = (
        make_membership(name="Ann Lee"),
        make_membership(),
        make_membership(name="Dan Poe", user=None),
    )
    plan = factories.make_plan()
    first, _second = (factories.make_action(plan, owner_id=ann.id) for _number in range(2))
    chosen = {f"action_{first.id}": str(dan.id)}
    answer = coordinator.send(f"{PEOPLE}{ann.id}/hand-over", to=str(bob.id), note="Hello", **chosen)
    page = coordinator.page(answer.location or "")
    assert page.has("The note could not go to Dan Poe by e-mail. Tell them yourself.")
    assert len(states()) == 1


def test_a_site_without_mail_asks_for_no_note(coordinator: EngageClient, everything: Held) -> None:
    page = coordinator.page(everything.address)
    assert page.all("textarea") == []
    assert page.has("This site sends no e-mail. Tell the person taking over yourself.")
    assert coordinator.send(everything.address, to=str(everything.to.id), note="Lost").status == 303
    assert not states()


# -- what history says


def test_history_says_who_held_it_before(coordinator: EngageClient, everything: Held) -> None:
    coordinator.send(f"{PEOPLE}{everything.person.id}/hand-over", to=str(everything.to.id))
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
    address = f"{PEOPLE}{person.id}/hand-over"
    assert coordinator.page(address).all("#coalitions-held") == []
    coordinator.send(address, to=str(to.id))
    db.session.expire_all()
    assert [agreement.owner_id, recruitment.inviter_id, match.ask_id] == [person.id] * 3


def test_someone_from_elsewhere_cannot_be_an_organizations_contact(
    coordinator: EngageClient, everything: Held
) -> None:
    stranger = make_membership(name="Cy Doe")
    make_affiliation(stranger, make_organization(name="Riverbend Hospital"))
    coordinator.send(f"{PEOPLE}{everything.person.id}/hand-over", to=str(stranger.id))
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
    coordinator.send(f"{PEOPLE}{everything.person.id}/hand-over", to=str(everything.to.id))
    db.session.expire_all()
    rows = sa.select(Contact.name, Contact.place).order_by(Contact.name)
    assert list(db.session.execute(rows)) == [
        ("Ann Lee", ContactPlace.OTHER),
        ("Bob Ray", ContactPlace.MAIN),
    ]
