"""Tests what people and organizations offer, and whether it was used: on their pages and on one's own place."""

from datetime import date

from engage.extensions import db
from engage.plan.rules import ActionStatus
from engage.strengths import service as strengths
from engage.strengths.rules import MatchState
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_action, make_affiliation, make_membership, make_organization, make_plan
from tests.strengths.rows import make_match, make_need, make_strength

PEOPLE = "/c/riverbend/people/"


def test_each_offer_says_whether_it_was_used_and_since_when(member: EngageClient) -> None:
    rosa = make_membership(name="Rosa Diaz")
    harbor = make_organization(name="Harbor House")
    make_affiliation(rosa, harbor)
    van, _room, beds = (
        make_strength(rosa, title=title, giver=rosa) for title in ("A van", "A room", "Ten beds")
    )
    need = make_need(rosa)
    make_match(rosa, need, van, state=MatchState.ASKED)
    match = make_match(rosa, need, beds, state=MatchState.AGREED)
    make_action(
        make_plan(),
        number=14,
        need_id=need.id,
        match_id=match.id,
        status=ActionStatus.DONE,
        done_on=date(2026, 11, 20),
    )
    said = {
        "A van Waiting for an answer asked on Nov 3, 2026",
        "A room No one has asked yet",
        "Ten beds Used on Nov 20, 2026 Action 14",
    }
    on_person, on_organization = (
        member.page(f"{PEOPLE}{rosa.id}"),
        member.page(f"/c/riverbend/partners/{harbor.id}/"),
    )
    assert set(on_person.texts("#coalitions-offers li")) == said
    assert set(on_organization.texts("#partners-strengths li")) == said
    for page in (on_person, on_organization):
        assert page.one("a[href='/c/riverbend/strengths/unused']")
        assert page.one("a[href='/c/riverbend/plan/actions/14']")


def test_an_action_that_is_no_longer_needed_is_no_use(member: EngageClient) -> None:
    rosa = make_membership()
    need, van = make_need(rosa), make_strength(rosa, title="A van", giver=rosa)
    match = make_match(rosa, need, van, state=MatchState.AGREED)
    make_action(
        make_plan(), need_id=need.id, match_id=match.id, status=ActionStatus.NO_LONGER_NEEDED, reason="Done"
    )
    page = member.page(f"{PEOPLE}{rosa.id}")
    assert page.texts("#coalitions-offers li") == ["A van Agreed asked on Nov 3, 2026"]


def test_ones_own_place_says_it_kindly(member: EngageClient) -> None:
    strengths.offer(member.membership, "Two Saturdays")
    db.session.commit()
    page = member.page(f"{PEOPLE}me")
    assert page.texts("#coalitions-offers .strengths-offer") == ["Two Saturdays No one has asked yet"]
    assert "is not lost" in page.text("#coalitions-offers")


def test_a_viewer_sees_their_own_offers_without_links_that_are_not_theirs(viewer: EngageClient) -> None:
    strengths.offer(viewer.membership, "A room")
    db.session.commit()
    page = viewer.page(f"{PEOPLE}me")
    assert page.texts("#coalitions-offers .strengths-offer") == ["A room No one has asked yet"]
    assert page.all("#coalitions-offers a") == []


def test_the_page_asks_as_often_for_one_offer_as_for_ten(member: EngageClient) -> None:
    rosa = make_membership()
    need = make_need(rosa)

    def asked() -> int:
        with counted_queries() as statements:
            member.page(f"{PEOPLE}{rosa.id}")
        return len(statements)

    make_match(rosa, need, make_strength(rosa, title="One", giver=rosa))
    before = asked()
    for number in range(9):
        make_match(rosa, need, make_strength(rosa, title=f"More {number}", giver=rosa))
    assert asked() == before
