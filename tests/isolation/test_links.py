"""Following a link changes nothing: mail programs look at links before people do, so that one button does the rest."""

import pytest

from tests.client import EngageClient
from tests.databases import counted_queries
from tests.isolation.world import World


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_following_any_link_that_works_neither_spends_nor_answers(world: World, method: str) -> None:
    world.restore()
    anyone = world.app.test_client()
    assert isinstance(anyone, EngageClient)
    found = []
    for path in world.channels:
        with counted_queries() as statements:
            answer = anyone.open(path, method=method)
        if answer.status_code not in {200, 303}:
            found.append(f"{path}: {answer.status_code}")
        # A spreadsheet has no button to press: reading a live table keeps it for a minute, and notes the use.
        ours = "reports_live_" if path.startswith("/live/") else "SELECT"
        found += [
            f"{path}: {each}" for each in statements if not each.startswith("SELECT") and ours not in each
        ]
    assert not found
    assert {path.split("/")[1] for path in world.channels} >= {
        "answer", "calendar", "events", "feedback", "join", "public", "reset", "rsvp", "say", "sign-in", "unsubscribe",
        "vote",
    }  # fmt: skip
