"""What comes back to a meeting fits what the meeting has become."""

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.trash import service as trash_service
from engage.extensions import db
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.snapshots import Snapshot
from tests.client import EngageClient
from tests.meetings.rows import make_decision, make_item, make_meeting

TRASH = "/c/riverbend/settings/trash"


def deleted(client: EngageClient, thing: AgendaItem | Decision) -> str:
    """Deletes it; returns where it is restored."""
    copy_id = trash_service.put(client.membership, thing).id
    db.session.commit()
    return f"{TRASH}/{copy_id}/restore"


@pytest.mark.parametrize("kind", ["line", "decision"])
def test_the_minutes_of_a_closed_meeting_take_nothing_back_until_it_is_reopened(
    coordinator: EngageClient, kind: str
) -> None:
    meeting = make_meeting(coordinator.membership)
    thing = make_item(meeting) if kind == "line" else make_decision(meeting, coordinator.membership)
    restore = deleted(coordinator, thing)
    key = meeting.id
    db.session.get_one(Meeting, key).closed_at = clock.now()

    refused = coordinator.send(restore)
    assert refused.status == 409
    assert refused.has("Reopen the meeting, then restore this.")
    assert db.session.scalars(sa.select(Snapshot.ended)).all() == [None]
    db.session.get_one(Meeting, key).closed_at = None
    assert coordinator.send(restore).status == 303


def test_a_line_that_was_carried_elsewhere_meanwhile_is_carried_once(coordinator: EngageClient) -> None:
    first, second, third = (make_meeting(coordinator.membership) for _n in range(3))
    left_over = make_item(first)
    carried = make_item(second, carried_from_id=left_over.id)
    restore = deleted(coordinator, carried)
    make_item(third, carried_from_id=left_over.id)

    page = coordinator.page(coordinator.send(restore).location or "")

    assert page.has("Deleted in the meantime and left out: the item it was carried over from.")


def test_a_number_in_the_trash_is_not_given_to_another_decision(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership)
    number = make_decision(meeting, coordinator.membership).number
    deleted(coordinator, db.session.scalars(sa.select(Decision)).one())

    coordinator.send(
        f"/c/riverbend/meetings/{meeting.id}/decisions/new", text="We meet in May.", owner_id="0"
    )

    assert db.session.scalars(sa.select(Decision.number)).all() == [number + 1]
