"""Tests what the Tips for Success tell other features."""

from datetime import date

import pytest
from flask import Flask

from engage.checklist import queries
from engage.checklist.rules import ChecklistProgress, ItemState, progress
from engage.coalitions.rules import Stage
from engage.content.loader import content
from tests.databases import counted_queries
from tests.factories import make_coalition, make_item, make_membership


@pytest.mark.parametrize(
    ("stage", "done"),
    [(Stage.NEW, 2), (Stage.EXISTING, 1), (None, 2)],
)
def test_progress_counts_the_items_of_the_stage_in_one_query(
    app: Flask, stage: Stage | None, done: int
) -> None:
    coalition = make_coalition(stage=stage)
    membership = make_membership(coalition=coalition)
    for key, state in (
        ("core-team-named", ItemState.DONE),  # for both
        ("host-chosen", ItemState.DONE),  # for new coalitions
        ("decisions-written-down", ItemState.NOT_FOR_US),  # for both
        ("a-key-of-long-ago", ItemState.DONE),
    ):
        make_item(coalition_id=coalition.id, key=key, state=state)
    make_item(state=ItemState.DONE, key="task-force-contact")  # another coalition's
    assert membership.coalition.stage is stage
    with counted_queries() as sent:
        found = progress(queries.states_of(membership))
    shown = [item for tip in content().tips for item in tip.items if item.fits(stage)]
    assert found == ChecklistProgress(done, len(shown) - 1, 1)
    assert len(sent) == 1


def test_what_waits_for_a_person_is_open_fits_the_stage_and_comes_by_due_date(app: Flask) -> None:
    coalition = make_coalition(stage=Stage.EXISTING)
    me, other = make_membership(coalition=coalition), make_membership(coalition=coalition)
    mine = {"coalition_id": coalition.id, "owner_id": me.id}
    make_item(**mine, key="core-team-named")
    make_item(**mine, key="task-force-contact", state=ItemState.NOT_YET, due_on=date(2031, 5, 9))
    make_item(**mine, key="structure-reviewed", due_on=date(2031, 5, 2))
    make_item(**mine, key="host-chosen", due_on=date(2031, 5, 1))  # for new coalitions
    make_item(**mine, key="decisions-written-down", state=ItemState.DONE)
    make_item(**mine, key="paid-advice", state=ItemState.NOT_FOR_US)
    make_item(**mine, key="a-key-of-long-ago")
    make_item(coalition_id=coalition.id, owner_id=other.id, key="who-to-call")
    waiting = queries.items_waiting_for(me)
    assert [(held.key, held.due_on) for held in waiting] == [
        ("structure-reviewed", date(2031, 5, 2)),
        ("task-force-contact", date(2031, 5, 9)),
        ("core-team-named", None),
    ]
    assert waiting[-1].text.startswith("A core team of three")
    assert queries.items_held_by(me)[0].key == "host-chosen"
