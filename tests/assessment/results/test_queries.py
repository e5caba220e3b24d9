"""Tests what other pages read of the assessment."""

from datetime import timedelta

from engage import clock
from engage.assessment import queries
from engage.assessment.results.queries import released
from engage.assessment.rules import AnsweringProgress
from engage.coalitions.rules import Role
from engage.content.loader import content
from tests.client import EngageClient
from tests.factories import make_closed_round, make_coalition, make_membership, make_response, make_round

KEYS = [each.key for each in content().indicators]


def test_the_open_round_comes_with_ones_own_progress(client: EngageClient) -> None:
    round_ = make_round(closes_on=clock.today("America/Chicago") - timedelta(days=2))
    mine, other = make_membership(), make_membership()
    make_response(round_, mine, {KEYS[0]: 2, KEYS[1]: "dont_know"}, submitted=False)
    open_ = queries.open_round_for(mine)
    assert open_ is not None
    assert (open_.id, open_.started, open_.submitted, open_.is_over) == (round_.id, True, False, True)
    assert open_.progress == AnsweringProgress(2, len(KEYS))
    untouched = queries.open_round_for(other)
    assert untouched is not None
    assert (untouched.started, untouched.progress.answered) == (False, 0)


def test_no_open_round_waits_for_viewers_or_for_other_coalitions(client: EngageClient) -> None:
    make_round()
    assert queries.open_round_for(make_membership(role=Role.VIEWER)) is None
    assert queries.open_round_for(make_membership(coalition=make_coalition())) is None


def test_the_latest_results_name_the_biggest_gaps_to_members_and_only_areas_to_viewers(
    client: EngageClient,
) -> None:
    make_closed_round([("health", dict.fromkeys(KEYS, 4))] * 3, title="Older")
    low = {**dict.fromkeys(KEYS, 3), KEYS[-1]: 0}
    round_ = make_closed_round([("health", low)] * 3, title="Newer")
    latest = released.latest_results(make_membership())
    assert latest is not None
    assert (latest.round_id, latest.title, latest.respondents) == (round_.id, "Newer", 3)
    assert [(gap.key, gap.value) for gap in latest.gaps] == [(KEYS[-1], 0.0)]
    assert latest.weakest == content().areas[-1].name
    seen = released.latest_results(make_membership(role=Role.VIEWER))
    assert seen is not None
    assert (seen.weakest, seen.gaps) == (latest.weakest, ())
    assert released.latest_results(make_membership(coalition=make_coalition())) is None
