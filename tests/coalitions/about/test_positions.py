"""Positions: never a permission, with a term and a stand-in; who has left holds none."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from engage.coalitions.about.models import Position
from engage.coalitions.rules import Role
from engage.extensions import db
from tests.client import EngageClient
from tests.coalitions.about.rows import ABOUT, make_position
from tests.factories import make_coalition, make_membership

NEW = f"{ABOUT}positions/new"


def every_position() -> list[Position]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Position).order_by(Position.id)))


def rows(client: EngageClient) -> list[str]:
    return client.page(ABOUT).texts("#about-positions tbody tr")


def test_a_position_has_a_person_a_term_and_a_stand_in(
    coordinator: EngageClient, member: EngageClient
) -> None:
    ann, bob = make_membership(name="Ann Lee"), make_membership(name="Bob Ray", user=None)
    answer = coordinator.send(
        NEW,
        title="Treasurer",
        person=str(ann.id),
        stand_in=str(bob.id),
        since="2026-01-01",
        until="2027-12-31",
    )
    assert answer.location == ABOUT
    assert rows(member) == ["Treasurer Ann Lee Jan 1, 2026 to Dec 31, 2027 Bob Ray"]


def test_a_position_gives_no_access(
    coordinator: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    ann = make_membership(name="Ann Lee")
    make_position(ann.coalition_id, membership_id=ann.id)
    assert client_of(ann).get(NEW).status_code == 403


def test_the_usual_positions_are_added_with_one_press_and_only_once(coordinator: EngageClient) -> None:
    coordinator.send(f"{ABOUT}positions/usual")
    coordinator.send(f"{ABOUT}positions/usual")
    assert [each.title for each in every_position()] == ["Chair", "Backup chair", "Recorder", "Treasurer"]
    assert rows(coordinator)[0] == "Chair No one yet"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "Name the position."),
        ({"title": "x" * 81}, "too long: at most 80"),
        ({"since": "2026-05-01", "until": "2026-04-30"}, "The term ends before it begins."),
        ({"person": "987654"}, "Not a valid choice"),
    ],
)
def test_what_is_refused_says_so_at_its_field_and_keeps_the_rest(
    coordinator: EngageClient, changed: dict[str, str], words: str
) -> None:
    fields = {"title": "Chair", "person": "0", "stand_in": "0", "since": "2026-01-01", **changed}
    page = coordinator.send(NEW, **fields)
    assert page.status == 422
    assert any(words in error for error in page.errors), page.errors
    assert page.value("since") == fields["since"]
    assert every_position() == []


def test_the_second_of_two_who_change_it_sees_both(coordinator: EngageClient) -> None:
    position = make_position(coordinator.membership.coalition_id)
    here = f"{ABOUT}positions/{position.id}"
    fields = {"person": "0", "stand_in": "0", "version": "1"}
    assert coordinator.send(here, title="Co-chair", **fields).status == 303
    page = coordinator.send(here, title="Moderator", **fields)
    assert page.status == 409
    assert page.has("Co-chair") and page.value("title") == "Moderator"


def test_who_has_left_holds_no_position(coordinator: EngageClient) -> None:
    ann = make_membership(name="Ann Lee", left_on=date(2026, 2, 1))
    make_position(ann.coalition_id, membership_id=ann.id, stand_in_id=ann.id)
    assert rows(coordinator) == ["Chair No one yet"]


def test_a_term_that_is_over_says_so(coordinator: EngageClient) -> None:
    make_position(coordinator.membership.coalition_id, until=date(2026, 1, 31))
    assert rows(coordinator) == ["Chair No one yet Term ended on Jan 31, 2026"]


@pytest.mark.parametrize("agreed", [True, False])
def test_a_viewer_reads_the_name_of_who_agreed_to_be_named(
    coordinator: EngageClient, client_of: Callable[..., EngageClient], agreed: bool
) -> None:
    ann = make_membership(name="Ann Lee", named_in_public=agreed)
    make_position(ann.coalition_id, membership_id=ann.id)
    viewer = client_of(make_membership(role=Role.VIEWER, name="Vera Lund"))
    assert rows(viewer) == ["Chair Ann Lee" if agreed else "Chair A member"]
    assert not viewer.page(ABOUT).all("#about-positions a")


def test_a_position_of_another_coalition_does_not_exist(coordinator: EngageClient) -> None:
    other = make_membership(coalition=make_coalition(slug="elsewhere"), name="Eve Ito")
    position = make_position(other.coalition_id)
    assert coordinator.get(f"{ABOUT}positions/{position.id}").status_code == 404
