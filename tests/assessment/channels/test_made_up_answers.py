"""Made-up answers, by the pages: two browsers on the open link, or two slips, read no one between them."""

import csv
import io
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.assessment.models import Effort, Response, Round, StoredRelease
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import ChannelKind, WayIn
from engage.coalitions.models import Coalition
from engage.content.loader import content
from engage.content.model import GROUPING
from engage.extensions import db
from engage.operations.coalition_file.queries.export import document_of
from tests.assessment.guests.rows import Phone, answered, open_channel, slip_codes, token
from tests.client import EngageClient
from tests.factories import (
    make_affiliation,
    make_closed_round,
    make_effort,
    make_membership,
    make_response,
    make_round,
)

FIRST, SECOND = (each.key for each in content().indicators[:2])
HERE = "/c/riverbend/assessment/"
COLUMN = f"{content().grouping(GROUPING).name('care')} (3)"


@pytest.fixture
def round_() -> Round:
    return make_round()


def at(round_: Round, path: str = "") -> str:
    return f"{HERE}rounds/{round_.id}/{path}"


def come(round_: Round, sector: str, *ratings: int, key: str = FIRST) -> list[Response]:
    return [make_response(round_, make_membership(), {key: each}, sector=sector) for each in ratings]


def neighbors(app: Flask, coordinator: EngageClient, round_: Round, *ratings: int, **said: Any) -> None:
    channel = open_channel(coordinator.membership, db.session.get_one(Round, round_.id))
    for rating in ratings:
        answered(app, token(channel), {FIRST: rating}, **said)


def close(coordinator: EngageClient, round_: Round) -> None:
    assert coordinator.send(at(round_, "close"), losing="99").status == 303


def table(client: EngageClient, round_: Round) -> list[dict[str, str]]:
    text = client.get(at(round_, "results.csv")).text
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


@pytest.mark.parametrize("kind", list(ChannelKind))
def test_the_answers_of_the_only_business_are_not_read_between_two_made_up_ones(
    app: Flask, coordinator: EngageClient, member: EngageClient, round_: Round, kind: ChannelKind
) -> None:
    """Eight have an account, one of them is a business; its rating of 1 would be the middle of 0, 1 and 4."""
    come(round_, "business", 1)
    come(round_, "health", 2, 2, 3, 3)
    come(round_, "schools", 0, 4, 4)
    channel = open_channel(coordinator.membership, db.session.get_one(Round, round_.id), kind)
    codes = slip_codes(coordinator.membership, channel, 2) if kind is ChannelKind.SLIPS else ["", ""]
    for rating, code in zip((0, 4), codes, strict=True):
        answered(app, token(channel), {FIRST: rating}, "business", code)
    close(coordinator, round_)
    page = member.page(at(round_, "results/"))
    assert page.text("h1") == "What 10 of us said"
    heads = list(table(member, round_)[0])
    assert "All (10)" in heads
    assert not [head for head in heads if "Business" in head and "(" in head]


def test_neighbors_alone_have_results_from_ten_on(
    app: Flask, coordinator: EngageClient, member: EngageClient, round_: Round
) -> None:
    neighbors(app, coordinator, round_, *[2] * 9)
    assert coordinator.page(at(round_, "close")).has("no result at all will be shown")
    neighbors(app, coordinator, round_, 4)
    assert coordinator.page(at(round_, "close")).has("The results are computed once")
    close(coordinator, round_)
    page = member.page(at(round_, "results/"))
    assert page.text("h1") == "What 10 of us said"
    assert page.has("All of these people answered through the open link, without an account.")
    area = content().areas[0].key
    assert member.page(at(round_, f"results/{area}")).has("from 10 people, all through the open link.")


def test_two_members_are_left_out_beside_neighbors_and_count_when_a_third_has_come(
    app: Flask, coordinator: EngageClient, member: EngageClient, round_: Round
) -> None:
    first, _second = come(round_, "health", 0, 0)
    make_effort(response=first, round_id=round_.id, shared=False, who="Grace Church")
    neighbors(app, coordinator, round_, *[4] * 12)
    alone = coordinator.page(at(round_, "close")).text("#assessment-link-alone")
    assert "results will be of the answers from the open link alone" in alone
    close(coordinator, round_)
    assert member.page(at(round_, "results/")).text("h1") == "What 12 of us said"
    assert member.page(at(round_, "results/")).has("Some answers are not counted yet")
    kept = sa.select(Response.way, Response.released).where(Response.round_id == round_.id)
    ways = Counter((way, released) for way, released in db.session.execute(kept))
    assert ways == {(WayIn.ACCOUNT, False): 2, (WayIn.LINK, True): 12}
    # What the two named would tell who they are.
    assert not db.session.scalars(sa.select(Effort.shared)).one()
    coordinator.send(at(round_, "reopen"), reason="More", closes_on="2027-01-01")
    come(round_, "health", 0)
    page = coordinator.page(at(round_, "close"))
    assert page.has("The results are computed once") and not page.all("#assessment-link-alone")
    close(coordinator, round_)
    assert member.page(at(round_, "results/")).text("h1") == "What 15 of us said"
    assert db.session.scalars(sa.select(Effort.shared)).one()


def test_members_are_told_before_they_begin_that_their_answers_may_be_left_out(
    member: EngageClient, coordinator: EngageClient, round_: Round
) -> None:
    make_affiliation(member.membership)
    told = "Where fewer than 3 people with an account answered"
    assert member.page(at(round_)).has(told)
    coordinator.send(at(round_, "doors/link/open"))
    coordinator.send(at(round_, "doors/leave-out"))
    assert not member.page(at(round_)).has(told)


def test_whoever_comes_by_the_link_reads_beside_the_button_from_how_many_on_and_what_to_leave_out(
    app: Flask, coordinator: EngageClient, round_: Round
) -> None:
    link, slips = (open_channel(coordinator.membership, round_, kind) for kind in ChannelKind)
    words = (
        " people have answered. Someone who answers many times under made-up names could figure out one answer;"
        " leave out anything that points to you."
    )
    assert Phone(app, token(link)).page().has(f"Results are shown once ten{words}")
    (code,) = slip_codes(coordinator.membership, slips, 1)
    page = Phone(app, token(slips)).page(code)
    assert not page.has(words) and page.has("fills in many slips")
    round_.k = 12
    db.session.commit()
    assert Phone(app, token(link)).page().has(f"Results are shown once 12{words}")


def test_a_coordinator_reads_what_will_be_shown_before_opening_the_round_and_the_link(
    coordinator: EngageClient,
) -> None:
    words = "at least 3 people with an account, or 5 with an account, a slip, or paper."
    assert words in coordinator.page(f"{HERE}rounds/new").text("#assessment-shown")
    round_ = make_round(k=9)
    for page in ("doors/", "close"):
        told = coordinator.page(at(round_, page)).text("#assessment-shown")
        assert "at least 9 people with an account, or 11 with" in told
        assert "are shown, if there are at least 10," in told


def test_channels_and_respondents_say_the_same_of_paper_and_accounts(
    coordinator: EngageClient, round_: Round
) -> None:
    coordinator.send(at(round_, "doors/link/open"))
    for number in (1, 2):
        sheet = {"number": str(number), "sector": "health", f"{FIRST}-answer": "2", "language": "en"}
        assert coordinator.send(at(round_, "key"), **sheet).status == 303
    assert "2 more answered on paper." in coordinator.page(at(round_, "respondents/")).text(
        "#assessment-turn-out"
    )
    ways = coordinator.page(at(round_, "doors/")).text("#assessment-came-ways + dl")
    assert ways == "By the open link fewer than 3 By slips and e-mailed codes fewer than 3"


def test_a_guest_who_changes_their_sector_after_answering_is_counted_where_they_are_then(
    app: Flask, coordinator: EngageClient, round_: Round
) -> None:
    come(round_, "health", 2, 2, 2)
    come(round_, "schools", 2, 2, 2)
    channel = open_channel(coordinator.membership, db.session.get_one(Round, round_.id))
    phone = answered(app, token(channel), {FIRST: 4}, "health")
    (guest,) = db.session.scalars(sa.select(Response).where(Response.respondent_id.is_(None)))
    guest.sector = "schools"
    db.session.commit()
    assert phone.page().has("You have submitted")
    close(coordinator, round_)
    people = db.session.scalars(sa.select(StoredRelease.results)).one()["people"]
    assert people == {"care": 3, "schools": 4}


def test_a_link_that_is_closed_and_opened_again_is_one_way(
    app: Flask, coordinator: EngageClient, member: EngageClient, round_: Round
) -> None:
    come(round_, "health", 0, 0)
    for _again in range(2):
        neighbors(app, coordinator, round_, *[4] * 5)
        coordinator.send(at(round_, "doors/link/turn-off"))
    close(coordinator, round_)
    assert member.page(at(round_, "results/")).text("h1") == "What 10 of us said"


def test_a_coordinators_file_has_no_sets_of_people_by_way(coordinator: EngageClient, round_: Round) -> None:
    come(round_, "health", 0, 1, 2)
    close(coordinator, round_)
    coalition = db.session.get_one(Coalition, round_.coalition_id)
    (whole,) = document_of(coalition, single_answers=True)["rows"]["assessment_release"]
    (readable,) = document_of(coalition, single_answers=False)["rows"]["assessment_release"]
    assert (whole["sets"]["people"], readable["sets"]) == ([3, 0, 0], {})
    assert "sets" not in readable["results"]


# Rounds of before


def of_before(round_: Round, *, by_link: int = 3) -> StoredRelease:
    """Makes the newest results such as the earlier rule made them."""
    stored = db.session.scalars(
        sa.select(StoredRelease)
        .where(StoredRelease.round_id == round_.id)
        .order_by(StoredRelease.number.desc())
    ).first()
    assert stored is not None
    results = {name: each for name, each in stored.results.items() if name != "rule"}
    stored.results, stored.sets = {**results, **({"by_link": by_link} if by_link else {})}, {}
    db.session.execute(sa.update(Response).where(Response.round_id == round_.id).values(way=None))
    round_.by_language = {key: sum(each) for key, each in round_.by_language.items()}
    round_.by_link = by_link
    db.session.commit()
    return stored


TWO_GROUPS = [("health", {FIRST: 1, SECOND: 1})] * 3 + [("schools", {FIRST: 3, SECOND: 3})] * 3


def test_results_of_before_stay_and_say_so_and_a_coordinator_is_asked_once_about_their_columns(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_ = make_closed_round(TWO_GROUPS)
    of_before(round_)
    page = coordinator.page(at(round_, "results/"))
    assert "follow the earlier rule" in page.text("#assessment-earlier-rule")
    assert page.all("#assessment-columns") and not member.page(at(round_, "results/")).all(
        "#assessment-columns"
    )
    assert member.send(at(round_, "results/columns"), hide="1").status == 403
    assert COLUMN in table(member, round_)[0]
    coordinator.send(at(round_, "results/columns"), hide="1")
    for client in (coordinator, member):
        page = client.page(at(round_, "results/"))
        assert not page.all("#assessment-columns") and page.has("A coordinator hid the columns by sector.")
        assert COLUMN not in table(client, round_)[0]
    coordinator.send(at(round_, "results/columns"), hide="0")
    page = coordinator.page(at(round_, "results/"))
    assert not page.all("#assessment-columns")
    assert COLUMN in table(member, round_)[0]


def test_no_one_is_asked_where_no_link_was_open_or_the_rule_is_todays(coordinator: EngageClient) -> None:
    round_ = make_closed_round(TWO_GROUPS)
    page = coordinator.page(at(round_, "results/"))
    assert not page.all("#assessment-columns") and not page.all("#assessment-earlier-rule")
    assert coordinator.send(at(round_, "results/columns"), hide="1").status == 409
    of_before(round_, by_link=0)
    page = coordinator.page(at(round_, "results/"))
    assert page.all("#assessment-earlier-rule") and not page.all("#assessment-columns")


@pytest.mark.parametrize("by_hand", [0, 1])
def test_a_members_round_of_before_goes_on_as_it_was_when_it_is_reopened(
    coordinator: EngageClient, by_hand: int
) -> None:
    round_ = make_closed_round(TWO_GROUPS)
    of_before(round_, by_link=0)
    if by_hand:
        # One of them came on paper: no one can tell which.
        taken = sa.text(
            "UPDATE assessment_participant SET took_part = false"
            " WHERE id = (SELECT max(id) FROM assessment_participant)"
        )
        db.session.execute(taken)
    rounds_service.reopen_round(coordinator.membership, round_, "More", None)
    db.session.commit()
    come(round_, "health", 4, 4, 4)
    close(coordinator, round_)
    newest = sa.select(StoredRelease.results).order_by(StoredRelease.number.desc())
    groups = db.session.scalars(newest).first()["groups"]
    assert groups == ([] if by_hand else ["care", "schools"])


def test_a_round_that_was_open_when_the_rule_changed_says_so_at_once_until_it_is_closed(
    app: Flask, coordinator: EngageClient, member: EngageClient, round_: Round
) -> None:
    round_.rule_changed = True
    come(round_, "business", 1)
    come(round_, "health", 2, 2, 2)
    db.session.commit()
    for path in ("/c/riverbend/", at(round_, "respondents/"), at(round_, "doors/"), at(round_, "close")):
        assert coordinator.page(path).all("#assessment-rule-changed"), path
    assert not member.page("/c/riverbend/").all("#assessment-rule-changed")
    neighbors(app, coordinator, round_, 0, 4, sector="business")
    close(coordinator, round_)
    assert db.session.scalars(sa.select(StoredRelease.results)).one()["groups"] == []
    assert not coordinator.page("/c/riverbend/").all("#assessment-rule-changed")
