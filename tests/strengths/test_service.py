"""Strengths, needs and matches as they are written."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from engage.coalitions.models import Membership
from engage.errors import WrongState
from engage.extensions import db
from engage.plan.actions import service as actions_service
from engage.plan.models import Action, GoalNeed
from engage.strengths import queries, service
from engage.strengths.models import Match, Need, Strength, StrengthArea
from engage.strengths.rules import MatchState, RatingSource, StrengthKind
from tests.factories import (
    make_closed_round,
    make_coalition,
    make_goal,
    make_membership,
    make_plan,
    make_round,
)


@pytest.fixture
def person(app: Flask) -> Membership:
    return make_membership()


def test_needs_are_numbered_in_each_coalition_by_itself(person: Membership) -> None:
    elsewhere = make_membership(coalition=make_coalition())
    numbers = [
        service.create_need(who, title="Beds", stated_gap=3).number for who in (person, elsewhere, person)
    ]
    assert numbers == [1, 1, 2]


def test_a_need_by_hand_states_its_gap_and_keeps_who_rated_it_and_when(person: Membership) -> None:
    need = service.create_need(person, title="Beds", stated_gap=3, importance=5, feasibility=2)
    db.session.commit()
    assert (need.stated_gap, need.rating_source) == (3, RatingSource.HAND)
    assert need.rated_on is not None


def test_a_need_without_a_gap_or_a_round_is_refused_by_the_database(person: Membership) -> None:
    with pytest.raises(IntegrityError):
        service.create_need(person, title="Beds")
    db.session.rollback()


def test_the_same_gap_chosen_twice_is_one_need(person: Membership) -> None:
    round_ = make_closed_round([("nonprofit", {"public-understanding": 1})] * 3)
    first = service.create_need(person, title="Beds", round_=round_, indicator="public-understanding")
    again = service.create_need(person, title="Beds!", round_=round_, indicator="public-understanding")
    assert again.id == first.id
    assert first.stated_gap is None


def test_an_open_round_has_no_gaps_yet(person: Membership) -> None:
    with pytest.raises(WrongState, match="open"):
        service.create_need(person, title="Beds", round_=make_round(), indicator="public-understanding")


def test_a_strength_has_its_giver_and_its_focus_areas_once_each(person: Membership) -> None:
    strength = service.add_strength(
        person,
        title="Host families",
        kind=StrengthKind.PEOPLE,
        giver=person,
        areas=["aftercare", "aftercare"],
    )
    db.session.commit()
    assert strength.giver_id == person.id
    assert list(db.session.scalars(sa.select(StrengthArea.area))) == ["aftercare"]


def test_what_someone_offers_says_who_wrote_it_down(person: Membership) -> None:
    strength = service.offer(person, "A van")
    assert (strength.giver_id, strength.created_by_id) == (person.id, person.id)


def test_the_same_two_are_matched_once(person: Membership) -> None:
    need = service.create_need(person, title="Beds", stated_gap=3)
    strength = service.add_strength(person, title="Host families")
    match = service.match(person, need, strength, how="Two rooms", ask=person)
    assert service.match(person, need, strength).id == match.id
    assert (match.state, match.asked_on, match.ask_id) == (MatchState.TO_ASK, None, person.id)


def test_an_action_of_a_match_answers_the_match_s_need(person: Membership) -> None:
    need = service.create_need(person, title="Beds", stated_gap=3)
    match = service.match(person, need, service.add_strength(person, title="Host families"))
    action = actions_service.create_action(person, title="Ask the host families", match=match)
    db.session.commit()
    assert (action.need_id, action.match_id) == (need.id, match.id)


def test_an_action_cannot_name_a_match_of_another_need(person: Membership) -> None:
    need = service.create_need(person, title="Beds", stated_gap=3)
    other = service.create_need(person, title="Rides", stated_gap=2)
    match = service.match(person, need, service.add_strength(person, title="Host families"))
    action = actions_service.create_action(person, title="Ask", match=match)
    action.need_id = other.id
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_a_goal_is_matched_to_a_need_once(person: Membership) -> None:
    goal = make_goal(make_plan())
    need = service.create_need(person, title="Beds", stated_gap=3)
    db.session.add(GoalNeed(coalition_id=need.coalition_id, goal_id=goal.id, need_id=need.id))
    db.session.commit()
    db.session.add(GoalNeed(coalition_id=need.coalition_id, goal_id=goal.id, need_id=need.id))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_what_is_another_coalition_s_does_not_exist(person: Membership) -> None:
    stranger = make_membership(coalition=make_coalition())
    need = service.create_need(person, title="Beds", stated_gap=3)
    strength = service.add_strength(person, title="Host families")
    match = service.match(person, need, strength)
    db.session.commit()
    assert queries.need_of(person, need.number) is not None
    assert queries.need_of(stranger, need.number) is None
    assert queries.strength_of(stranger, strength.id) is None
    assert queries.match_of(stranger, match.id) is None
    assert db.session.get(Need, need.id) and db.session.get(Strength, strength.id)
    assert db.session.get(Match, match.id) and not db.session.scalars(sa.select(Action)).all()
