"""The confidentiality statement: accepted with a date, asked again when it changes, and who has not is a list."""

from collections.abc import Callable

import pytest

from engage.coalitions.models import Membership
from engage.coalitions.rules import MembershipStyle, Role
from engage.extensions import db
from tests.client import EngageClient
from tests.coalitions.about.rows import ABOUT, EDIT, coalition, make_about
from tests.factories import make_coalition, make_membership

ACCEPTED = f"{ABOUT}accepted"


def written(coordinator: EngageClient, text: str = "What we hear stays here.", version: str = "0") -> None:
    answer = coordinator.send(f"{EDIT}statement", statement=text, version=version)
    assert answer.status == 303


def accept(client: EngageClient) -> None:
    number = client.page(ABOUT).value("number")
    assert client.send(f"{ABOUT}accept", number=number).status == 303


def test_an_unwritten_statement_is_asked_of_no_one_and_begins_with_a_text_to_change(
    coordinator: EngageClient, member: EngageClient
) -> None:
    assert not member.page(ABOUT).all("#about-accept")
    assert "never stops anyone from calling 911" in coordinator.page(f"{EDIT}statement").value("statement")


def test_a_member_accepts_it_once_and_reads_the_day(coordinator: EngageClient, member: EngageClient) -> None:
    written(coordinator)
    assert member.page(ABOUT).text("#about-accept button") == "I accept it"
    accept(member)
    page = member.page(ABOUT)
    assert not page.all("#about-accept")
    assert page.has("You accepted it on November 27, 2026.")


def test_a_changed_statement_asks_again_and_an_unchanged_one_does_not(
    coordinator: EngageClient, member: EngageClient
) -> None:
    written(coordinator)
    accept(member)
    written(coordinator, version="1")
    assert not member.page(ABOUT).all("#about-accept")
    written(coordinator, "What we hear stays here. Always.", version="2")
    assert member.page(ABOUT).all("#about-accept")
    assert coordinator.page(ACCEPTED).has("accepted an earlier version on Nov 27, 2026")


def test_who_read_an_earlier_text_does_not_accept_the_new_one(
    coordinator: EngageClient, member: EngageClient
) -> None:
    written(coordinator)
    number = member.page(ABOUT).value("number")
    written(coordinator, "Another text.", version="1")
    page = member.send(f"{ABOUT}accept", number=number)
    assert page.status == 409
    assert page.has("The statement changed while you read it.")
    assert member.page(ABOUT).all("#about-accept")


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 40, "7"])
def test_a_number_that_is_no_statement_is_not_accepted(
    coordinator: EngageClient, member: EngageClient, number: str
) -> None:
    written(coordinator)
    assert member.send(f"{ABOUT}accept", number=number).status == 409


def test_who_has_not_accepted_is_a_list_for_coordinators(
    coordinator: EngageClient, member: EngageClient
) -> None:
    written(coordinator)
    make_membership(name="Bob Ray", user=None)
    make_membership(name="Vera Lund", role=Role.VIEWER)
    accept(member)
    page = coordinator.page(ACCEPTED)
    assert page.texts("#about-waiting .plain-list li") == [
        "Bob Ray no account, can sign on paper",
        "Maria Santos",
    ]
    assert page.texts("#about-accepted li") == ["Dan Reyes, November 27, 2026"]
    assert member.get(ACCEPTED).status_code == 403
    assert coordinator.page(ABOUT).has("1 of 3 members have accepted it")


def test_signatures_on_paper_are_noted_by_a_coordinator(coordinator: EngageClient) -> None:
    written(coordinator)
    bob = make_membership(name="Bob Ray", user=None)
    assert coordinator.send(ACCEPTED).status == 422
    assert coordinator.send(ACCEPTED, people=[str(bob.id)]).status == 303
    assert coordinator.page(ACCEPTED).texts("#about-accepted li") == ["Bob Ray, November 27, 2026"]


def test_no_one_of_another_coalition_can_be_noted(coordinator: EngageClient) -> None:
    written(coordinator)
    eve = make_membership(coalition=make_coalition(slug="elsewhere"), name="Eve Ito")
    assert coordinator.send(ACCEPTED, people=[str(eve.id)]).status == 422
    db.session.expire_all()
    assert db.session.get_one(Membership, eve.id).accepted_number is None


def test_in_a_formal_coalition_members_see_who_has_signed_but_not_who_has_not(
    coordinator: EngageClient, member: EngageClient
) -> None:
    written(coordinator)
    coalition().membership_style = MembershipStyle.FORMAL
    db.session.commit()
    assert coordinator.page(ABOUT).text("#about-accept button") == "I sign it"
    accept(coordinator)
    page = member.page(ABOUT)
    assert page.text("#about-statement summary") == "1 of 2 members have signed it"
    assert page.texts("#about-statement li") == ["Maria Santos, Nov 27, 2026"]
    coalition().membership_style = MembershipStyle.INFORMAL
    db.session.commit()
    assert not member.page(ABOUT).all("#about-statement li")


def test_a_viewer_reads_it_and_is_not_asked(
    coordinator: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    make_about(coordinator.membership.coalition_id, statement="Privacy first.", statement_number=1)
    viewer = client_of(make_membership(role=Role.VIEWER, name="Vera Lund"))
    page = viewer.page(ABOUT)
    assert page.has("Privacy first.") and not page.all("#about-accept")
    assert not page.has("members have accepted")
    assert viewer.send(f"{ABOUT}accept", number="1").status == 403


def test_the_offered_statement_is_signed_in_ones_own_language_and_a_changed_one_as_it_was_written(
    coordinator: EngageClient, member: EngageClient
) -> None:
    offered = coordinator.page(f"{EDIT}statement").value("statement")
    written(coordinator, offered)
    spanish = {"Accept-Language": "es-MX"}
    assert "Protegemos la privacidad" in member.page(ABOUT, headers=spanish).text("main")
    assert "We protect the privacy" in member.page(ABOUT).text("main")
    written(coordinator, f"{offered} And we bring cake.", version="1")
    assert "And we bring cake." in member.page(ABOUT, headers=spanish).text("main")
