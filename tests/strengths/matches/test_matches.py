"""Matches over HTTP: matching, states, making one an action, unmatching; and when none was found."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.actions.service import create_action
from engage.plan.models import Action
from engage.strengths.models import Match, Need, Strength
from engage.strengths.rules import MatchState
from tests.client import EngageClient
from tests.factories import make_coalition, make_membership, make_organization, make_plan
from tests.strengths.rows import make_match, make_need, make_strength

Client = Callable[[Membership], EngageClient]
BASE = "/c/riverbend/strengths/"
TODAY = clock.today("America/Chicago")


def the_match() -> Match:
    return db.session.scalars(sa.select(Match)).one()


def history_of(field: str) -> list[tuple[str | None, str | None]]:
    rows = sa.select(HistoryEntry.old, HistoryEntry.new).where(
        HistoryEntry.thing == "strengths_match", HistoryEntry.field == field
    )
    return [(old, new) for old, new in db.session.execute(rows.order_by(HistoryEntry.id))]


# -- matching


def test_a_suggestion_is_matched_by_one_press_and_its_giver_is_the_one_to_ask(member: EngageClient) -> None:
    giver = make_membership(name="Thuy Nguyen")
    need, strength = make_need(member.membership), make_strength(member.membership, giver=giver)
    page = member.send(
        f"{BASE}needs/{need.number}/matches?from=explorer&show=unmatched", strength_id=strength.id
    )
    assert (page.status, page.location) == (
        303,
        f"{BASE}?show=unmatched&keep={need.number}#strengths-need-{need.number}",
    )
    made = the_match()
    assert (made.need_id, made.strength_id, made.ask_id, made.state) == (
        need.id,
        strength.id,
        giver.id,
        MatchState.TO_ASK,
    )
    shown = member.page(page.location)
    assert "Matched. Next: ask Thuy Nguyen." in shown.text(".flash")
    # It stays although the list shows those without a strength only.
    assert "Host families" in shown.text(f"#strengths-need-{need.number}")


def test_with_htmx_the_needs_row_is_swapped_and_the_next_step_is_said(member: EngageClient) -> None:
    need, strength = make_need(member.membership), make_strength(member.membership)
    page = member.send(f"{BASE}needs/{need.number}/matches?from=explorer", htmx=True, strength_id=strength.id)
    assert page.status == 200
    assert f'<tr id="strengths-need-{need.number}">' in page.html
    # The button that was pressed is gone: the focus goes to what came of it.
    assert f'href="{BASE}matches/{the_match().id}" autofocus>Host families</a>' in page.html
    assert 'class="strengths-idea"' not in page.html
    assert page.has("Matched. Next: choose who to ask.")


@pytest.mark.parametrize(("came_from", "then"), [("unused", "unused"), ("", "needs/1/match")])
def test_matching_leads_back_to_where_it_was_pressed(member: EngageClient, came_from: str, then: str) -> None:
    need, strength = make_need(member.membership), make_strength(member.membership)
    page = member.send(f"{BASE}needs/{need.number}/matches?from={came_from}", strength_id=strength.id)
    assert page.location == f"{BASE}{then}"


def test_a_strengths_page_shows_its_needs_and_those_it_could_meet(member: EngageClient) -> None:
    match = make_match(member.membership)
    make_need(member.membership, "No bed for adults")
    address = f"{BASE}strengths/{match.strength_id}/"
    page = member.page(address)
    assert page.texts("#strengths-matches .strengths-match-row .row-link") == ["1. No bed for boys"]
    assert page.texts("#strengths-matches .strengths-idea-title") == ["2. No bed for adults"]
    sent = member.send(f"{BASE}needs/2/matches?from=strength", strength_id=match.strength_id)
    assert sent.location == address
    assert len(member.page(address).all("#strengths-matches .strengths-match-row")) == 2


def test_matching_takes_back_that_none_was_found(member: EngageClient) -> None:
    need, strength = make_need(member.membership), make_strength(member.membership)
    member.send(f"{BASE}needs/{need.number}/none-found")
    member.send(f"{BASE}needs/{need.number}/matches", strength_id=strength.id)
    assert db.session.get_one(Need, need.id).no_strength_on is None


def test_a_strength_that_is_not_on_offer_is_not_matched(member: EngageClient) -> None:
    need = make_need(member.membership)
    elsewhere = make_membership(coalition=make_coalition())
    withdrawn = make_strength(member.membership, "A van")
    withdrawn.withdrawn_on = TODAY
    waiting = make_membership(approved_at=None)
    db.session.commit()
    ids = [make_strength(elsewhere).id, withdrawn.id, make_strength(waiting, "Rooms", giver=waiting).id, 0]
    for key in ids:
        page = member.send(f"{BASE}needs/{need.number}/matches", strength_id=key)
        assert page.status == 422
        assert page.has("This strength is no longer available.")
    assert db.session.scalar(sa.select(Match.id)) is None


def test_nothing_is_matched_to_a_closed_need(member: EngageClient) -> None:
    need, strength = make_need(member.membership), make_strength(member.membership)
    need.closed_on, need.closed_reason = TODAY, "Met."
    db.session.commit()
    assert member.send(f"{BASE}needs/{need.number}/matches", strength_id=strength.id).status == 409
    assert member.get(f"{BASE}needs/{need.number}/match").status_code == 409
    assert member.send(f"{BASE}needs/{need.number}/match", strength_id=strength.id).status == 409


# -- choosing oneself


def test_any_strength_can_be_chosen_with_how_and_whom_to_ask(member: EngageClient) -> None:
    need = make_need(member.membership)
    make_strength(member.membership, "Twelve families")
    other = make_strength(member.membership, "A printing press", areas=["reform"])
    page = member.page(f"{BASE}needs/{need.number}/match")
    assert page.texts(".strengths-idea-title") == ["Twelve families"]
    assert page.texts(".strengths-reasons li") == ["Same focus area: Leaving and immediate response"]
    options = page.texts("#strength_id option")
    assert options == ["Choose one", "A printing press (The community)", "Twelve families (The community)"]
    # One press of Match, with nothing chosen, matches nothing.
    unchosen = member.send(f"{BASE}needs/{need.number}/match", strength_id=0)
    assert (unchosen.status, unchosen.errors) == (422, ["Choose a strength."])
    sent = member.send(
        f"{BASE}needs/{need.number}/match",
        strength_id=other.id,
        how="Print cards for the shelters.",
        ask_id=member.membership.id,
        ask="the owner of the shop",
    )
    made = the_match()
    assert (sent.status, sent.location) == (303, f"{BASE}matches/{made.id}")
    assert (made.how, made.ask_id, made.ask) == (
        "Print cards for the shelters.",
        member.membership.id,
        "the owner of the shop",
    )
    assert "Dan Reyes, the owner of the shop" in member.page(sent.location).text("#strengths-match")


def test_a_refused_choice_keeps_what_was_typed(member: EngageClient) -> None:
    need = make_need(member.membership)
    make_strength(member.membership)
    page = member.send(f"{BASE}needs/{need.number}/match", strength_id=999, how="By Friday.")
    assert page.status == 422
    assert page.value("how") == "By Friday."
    assert page.errors


def test_what_is_matched_is_not_offered_again(member: EngageClient) -> None:
    need, strength = make_need(member.membership), make_strength(member.membership)
    make_match(member.membership, need, strength, state=MatchState.DECLINED)
    page = member.page(f"{BASE}needs/{need.number}/match")
    assert page.texts("#strength_id option") == ["Choose one"]
    assert page.all(".strengths-idea") == []
    assert page.text("#strengths-matched .tag") == "Declined"


# -- a match's page


def test_a_match_says_what_fits_why_and_what_comes_next(member: EngageClient) -> None:
    giver = make_membership(name="Thuy Nguyen")
    strength = make_strength(member.membership, giver=giver, limits="Only weekends")
    match = make_match(member.membership, strength=strength, ask_id=giver.id, how="After training.")
    page = member.page(f"{BASE}matches/{match.id}")
    assert page.text("h1") == "Host families"
    facts = page.text("#strengths-match")
    for words in (
        "Thuy Nguyen",
        "Same focus area: Leaving and immediate response",
        "After training.",
        "Only weekends",
        "To ask",
    ):
        assert words in facts
    assert page.text("#strengths-next h2") == "Ask Thuy Nguyen"
    assert page.texts(".btn-primary") == ["I asked today"]


@pytest.mark.parametrize(
    ("state", "title", "primary"),
    [
        (MatchState.TO_ASK, "Choose who to ask", "Choose who to ask"),
        (MatchState.ASKED, "What did they say?", "Mark as agreed"),
        (MatchState.AGREED, "Make this an action", "Make this an action"),
        (MatchState.DECLINED, "Look for another strength", "Find a strength"),
    ],
)
def test_each_state_has_its_next_step(
    member: EngageClient, state: MatchState, title: str, primary: str
) -> None:
    match = make_match(member.membership, state=state)
    page = member.page(f"{BASE}matches/{match.id}")
    assert page.text("#strengths-next h2") == title
    assert page.texts(".btn-primary") == [primary]


@pytest.mark.parametrize("before", list(MatchState))
@pytest.mark.parametrize("to", list(MatchState))
def test_any_state_may_follow_any_other_and_what_was_asked_has_a_date(
    member: EngageClient, before: MatchState, to: MatchState
) -> None:
    match = make_match(member.membership, state=before)
    page = member.send(f"{BASE}matches/{match.id}/move", version=match.version, state=to.value)
    assert (page.status, page.location) == (303, f"{BASE}matches/{match.id}")
    now = the_match()
    asked = date(2026, 11, 3) if before is not MatchState.TO_ASK else TODAY
    assert (now.state, now.asked_on) == (to, None if to is MatchState.TO_ASK else asked)
    assert history_of("state") == ([(before.value, to.value)] if before is not to else [])


def test_of_two_who_move_it_at_once_the_second_sees_both(member: EngageClient, client_of: Client) -> None:
    match = make_match(member.membership, state=MatchState.ASKED)
    member.send(f"{BASE}matches/{match.id}/move", version=1, state="agreed")
    page = member.send(f"{BASE}matches/{match.id}/move", version=1, state="declined")
    assert page.status == 409
    assert page.has("Someone saved this after you opened it")
    assert page.texts(".conflict-text") == ["Agreed", "Declined"]
    assert the_match().state is MatchState.AGREED
    assert page.value("version") == "2"
    assert page.value("state") == "declined"
    assert member.send(f"{BASE}matches/{match.id}/move", version=2, state="declined").status == 303


def test_an_unheard_of_state_is_refused(member: EngageClient) -> None:
    match = make_match(member.membership)
    page = member.send(f"{BASE}matches/{match.id}/move", version=1, state="maybe")
    assert page.status == 422
    assert the_match().state is MatchState.TO_ASK


def test_editing_changes_it_whole(member: EngageClient) -> None:
    match = make_match(member.membership)
    page = member.page(f"{BASE}matches/{match.id}/edit")
    assert page.value("state") == "to_ask"
    sent = member.send(
        f"{BASE}matches/{match.id}/edit",
        version=page.value("version"),
        how="Two Saturdays.",
        ask_id=member.membership.id,
        ask="",
        state="asked",
        asked_on="2026-11-20",
    )
    assert sent.status == 303
    now = the_match()
    assert (now.how, now.ask_id, now.state, now.asked_on, now.version) == (
        "Two Saturdays.",
        member.membership.id,
        MatchState.ASKED,
        date(2026, 11, 20),
        2,
    )
    # Of a text history says that it changed, and nothing more.
    assert history_of("how") == [(None, None)]
    assert history_of("ask_id") == [(None, str(member.membership.id))]


def test_of_two_who_edit_it_at_once_the_second_sees_both_texts(member: EngageClient) -> None:
    match = make_match(member.membership)
    fields = {"ask_id": 0, "ask": "", "state": "to_ask", "asked_on": ""}
    member.send(f"{BASE}matches/{match.id}/edit", version=1, how="In spring.", **fields)
    page = member.send(f"{BASE}matches/{match.id}/edit", version=1, how="In fall.", **fields)
    assert page.status == 409
    assert page.texts(".conflict-text") == ["In spring.", "In fall."]
    assert (page.value("how"), page.value("version")) == ("In fall.", "2")
    assert the_match().how == "In spring."


def test_a_text_with_a_phone_number_is_warned_of_and_kept(member: EngageClient) -> None:
    match = make_match(member.membership)
    page = member.send(
        f"{BASE}matches/{match.id}/edit", version=1, how="Call 615-555-0187", ask_id=0, state="to_ask"
    )
    assert page.status == 422
    assert page.value("how") == "Call 615-555-0187"
    assert page.has("This looks like it contains a phone number")


def test_whoever_has_left_stays_the_one_to_ask_until_another_is_named(member: EngageClient) -> None:
    gone = make_membership(name="Pat Gone")
    match = make_match(member.membership, ask_id=gone.id)
    gone.left_on = TODAY
    db.session.commit()
    page = member.page(f"{BASE}matches/{match.id}/edit")
    assert page.value("ask_id") == str(gone.id)
    assert "Pat Gone" in page.texts("#ask_id option")


def test_the_page_of_a_need_shows_what_is_matched_to_it(member: EngageClient) -> None:
    need = make_need(member.membership)
    page = member.page(f"{BASE}needs/{need.number}/")
    assert "No match yet." in page.text("#strengths-matches")
    assert page.one("#strengths-matches .btn").attributes["href"] == f"{BASE}needs/1/match"
    member.send(f"{BASE}needs/{need.number}/none-found")
    assert "found none" in member.page(f"{BASE}needs/{need.number}/").text("#strengths-matches")
    match = make_match(member.membership, need)
    page = member.page(f"{BASE}needs/{need.number}/")
    assert page.one("#strengths-matches .row-link").attributes["href"] == f"{BASE}matches/{match.id}"


# -- an action


def test_a_match_becomes_an_action_with_its_need_and_whom_to_ask(member: EngageClient) -> None:
    plan, organization = make_plan(), make_organization(name="Grace Church")
    asked = make_membership(name="Thuy Nguyen")
    strength = make_strength(member.membership, organization=organization)
    match = make_match(
        member.membership, strength=strength, state=MatchState.AGREED, ask_id=asked.id, how="After training."
    )
    page = member.send(f"{BASE}matches/{match.id}/action")
    made = db.session.scalars(sa.select(Action)).one()
    assert (page.status, page.location) == (303, f"/c/riverbend/plan/actions/{made.number}/edit")
    assert (made.plan_id, made.need_id, made.match_id, made.owner_id, made.organization_id) == (
        plan.id,
        match.need_id,
        match.id,
        asked.id,
        organization.id,
    )
    assert (made.title, made.details) == ("Put to use: Host families", "After training.")
    action = member.page(f"/c/riverbend/plan/actions/{made.number}")
    links = [link.attributes["href"] for link in action.all("#chain-line a")]
    assert f"{BASE}needs/1/" in links
    assert f"{BASE}matches/{match.id}" in links
    shown = member.page(f"{BASE}matches/{match.id}")
    assert shown.text("#strengths-actions li") == f"Action {made.number}: Put to use: Host families"
    assert shown.all("#strengths-next") == []


def test_a_viewer_does_not_read_the_need_of_an_action(viewer: EngageClient) -> None:
    author = make_membership()
    make_plan()
    match = make_match(author)
    made = create_action(author, title="Ask", match=match)
    db.session.commit()
    assert "No bed for boys" not in viewer.page(f"/c/riverbend/plan/actions/{made.number}").html


def test_pressed_twice_it_leads_to_the_one_action(member: EngageClient) -> None:
    make_plan()
    match = make_match(member.membership, state=MatchState.AGREED)
    member.send(f"{BASE}matches/{match.id}/action")
    page = member.send(f"{BASE}matches/{match.id}/action")
    made = db.session.scalars(sa.select(Action)).one()
    assert page.location == f"/c/riverbend/plan/actions/{made.number}"


def test_someone_who_has_left_does_not_lead_the_action(member: EngageClient) -> None:
    make_plan()
    gone = make_membership(left_on=TODAY)
    match = make_match(member.membership, ask_id=gone.id)
    member.send(f"{BASE}matches/{match.id}/action")
    assert db.session.scalars(sa.select(Action)).one().owner_id is None


# -- untying


def test_whoever_matched_two_together_may_unmatch_them(member: EngageClient) -> None:
    match = make_match(member.membership)
    assert "Remove this match?" in member.page(f"{BASE}matches/{match.id}/remove").text("h1")
    page = member.send(f"{BASE}matches/{match.id}/remove")
    assert (page.status, page.location) == (303, f"{BASE}#strengths-need-1")
    assert db.session.scalar(sa.select(Match.id)) is None
    assert db.session.scalar(sa.select(Need.id)) is not None
    assert db.session.scalar(sa.select(Strength.id)) is not None
    assert history_of("untied") == [(None, None)]


def test_another_member_may_not_unmatch_and_a_coordinator_may(
    member: EngageClient, client_of: Client
) -> None:
    match = make_match(make_membership())
    assert member.page(f"{BASE}matches/{match.id}").all("a[href$='/remove']") == []
    assert member.get(f"{BASE}matches/{match.id}/remove").status_code == 403
    assert member.send(f"{BASE}matches/{match.id}/remove").status == 403
    assert the_match() is not None
    coordinator = client_of(make_membership(role=Role.COORDINATOR))
    assert coordinator.page(f"{BASE}matches/{match.id}").all("a[href$='/remove']") != []
    assert coordinator.send(f"{BASE}matches/{match.id}/remove").status == 303


def test_a_match_that_an_action_follows_from_stays(coordinator: EngageClient) -> None:
    make_plan()
    match = make_match(coordinator.membership)
    coordinator.send(f"{BASE}matches/{match.id}/action")
    assert coordinator.page(f"{BASE}matches/{match.id}").all("a[href$='/remove']") == []
    page = coordinator.send(f"{BASE}matches/{match.id}/remove")
    assert page.status == 409
    assert page.has("An action in the plan came from this match, so it stays.")
    assert the_match().id == match.id


# -- none found


def test_that_none_was_found_is_noted_with_its_day_and_taken_back(member: EngageClient) -> None:
    need = make_need(member.membership)
    page = member.send(f"{BASE}needs/{need.number}/none-found")
    assert (page.status, page.location) == (303, f"{BASE}without-strength#strengths-need-1")
    assert db.session.get_one(Need, need.id).no_strength_on == TODAY
    page = member.send(f"{BASE}needs/{need.number}/look-again?from=search")
    assert (page.status, page.location) == (303, f"{BASE}needs/1/match")
    assert db.session.get_one(Need, need.id).no_strength_on is None
    rows = (
        sa.select(HistoryEntry.old, HistoryEntry.new)
        .where(HistoryEntry.field == "no_strength_on")
        .order_by(HistoryEntry.id)
    )
    assert [tuple(row) for row in db.session.execute(rows)] == [
        (None, str(TODAY)),
        (str(TODAY), None),
    ]


def test_none_found_is_refused_where_a_strength_is_matched(member: EngageClient) -> None:
    match = make_match(member.membership)
    page = member.send(f"{BASE}needs/1/none-found")
    assert page.status == 409
    assert page.has("This need already has a match.")
    match.state, match.asked_on = MatchState.DECLINED, TODAY
    db.session.commit()
    assert member.send(f"{BASE}needs/1/none-found").status == 303


def test_finding_one_becomes_an_action_of_the_need(member: EngageClient) -> None:
    make_plan()
    need = make_need(member.membership)
    member.send(f"{BASE}needs/{need.number}/none-found")
    page = member.send(f"{BASE}needs/{need.number}/action")
    made = db.session.scalars(sa.select(Action)).one()
    assert page.location == f"/c/riverbend/plan/actions/{made.number}/edit"
    assert (made.title, made.need_id, made.match_id) == ("Find help for: No bed for boys", need.id, None)
    again = member.send(f"{BASE}needs/{need.number}/action")
    assert again.location == f"/c/riverbend/plan/actions/{made.number}"


# -- whose it is


def test_another_coalitions_match_does_not_exist(member: EngageClient) -> None:
    match = make_match(make_membership(coalition=make_coalition()))
    for path in ("", "/edit", "/remove"):
        assert member.get(f"{BASE}matches/{match.id}{path}").status_code == 404
    for path in ("/move", "/edit", "/action", "/remove"):
        assert member.send(f"{BASE}matches/{match.id}{path}", version=1, state="asked").status == 404
    assert the_match().state is MatchState.TO_ASK


def test_a_viewer_sees_no_match(viewer: EngageClient) -> None:
    match = make_match(make_membership())
    for path in ("", "unused", "without-strength", f"matches/{match.id}", "needs/1/match"):
        assert viewer.get(f"{BASE}{path}").status_code == 403
    assert viewer.send(f"{BASE}matches/{match.id}/move", version=1, state="asked").status == 403
