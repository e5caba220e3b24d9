"""Needs: the list, adding by hand and from a gap, a need's page, rating, editing, closing, deleting."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.errors import WrongState
from engage.extensions import db
from engage.plan.actions import service as actions_service
from engage.plan.models import Action, GoalNeed
from engage.strengths import queries, service
from engage.strengths.models import Need
from engage.strengths.needs import service as needs_service
from engage.strengths.rules import MatchState, RatingSource, StrengthKind
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_agreed,
    make_closed_round,
    make_coalition,
    make_goal,
    make_membership,
    make_plan,
    make_round,
    saved,
)
from tests.html import Page

NEEDS = "/c/riverbend/strengths/needs/"
BEDS = "emergency-places-for-young-people"


def make_need(who: Membership, **values: Any) -> Need:
    """Makes a need by hand, by default with a gap of 3."""
    gap = {} if "round_" in values else {"stated_gap": 3}
    need = service.create_need(who, **{"title": "Beds for boys", **gap, **values})
    db.session.commit()
    return need


def only_need() -> Need:
    db.session.expire_all()
    return db.session.scalars(sa.select(Need)).one()


def titles(page: Page) -> list[str]:
    return [words.split(". ", 1)[1] for words in page.texts(".need-table .row-link")]


# -- from a gap


def test_a_need_from_a_statement_is_named_in_the_readers_language_until_someone_renames_it(
    member: EngageClient,
) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    member.send(f"{NEEDS}from/{round_.id}/{BEDS}")
    number, spanish = only_need().number, {"Accept-Language": "es-MX"}
    said = content("es").indicator(BEDS).title
    assert titles(member.page(NEEDS, headers=spanish)) == [said]
    assert said in member.page(f"{NEEDS}{number}/", headers=spanish).text("h1")
    assert titles(member.page(NEEDS)) == [content("en").indicator(BEDS).title]
    only_need().title = "Beds near the school"
    db.session.commit()
    assert titles(member.page(NEEDS, headers=spanish)) == ["Beds near the school"]


def test_one_click_on_a_gap_makes_it_a_need(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    answer = member.send(f"{NEEDS}from/{round_.id}/{BEDS}")
    need = only_need()
    assert (answer.status, answer.location) == (303, f"{NEEDS}{need.number}/")
    assert (need.round_id, need.indicator, need.area) == (round_.id, BEDS, "response")
    page = member.page(f"{NEEDS}{need.number}/")
    assert page.has("the median rating is 1.0 of 4, low")
    assert page.has("Gap: 3.0 of 4 (median rating 1.0).")


def test_a_second_click_finds_the_need_that_is_there(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    for _again in range(2):
        answer = member.send(f"{NEEDS}from/{round_.id}/{BEDS}")
        assert answer.location == f"{NEEDS}1/"
    assert only_need().number == 1


def test_a_gap_of_a_page_that_was_open_for_too_long_makes_no_need(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    page = member.send(f"{NEEDS}from/{round_.id}/{BEDS}", token=False)
    assert page.status == 400
    assert page.text("h1") == "This page was open for too long"
    assert db.session.scalar(sa.select(Need)) is None


def test_an_open_round_and_an_unknown_question_have_no_gaps(member: EngageClient) -> None:
    closed = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    opened = make_round()
    theirs = make_closed_round([("nonprofit", {BEDS: 1})] * 3, coalition=make_coalition())
    for path in (f"{closed.id}/unheard-of", f"{opened.id}/{BEDS}", f"{theirs.id}/{BEDS}"):
        assert member.send(f"{NEEDS}from/{path}").status == 404


def test_what_is_not_shown_gives_no_gap_until_a_value_is_agreed(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 2 + [("nonprofit", {BEDS: "dont_know"})])
    make_need(member.membership, round_=round_, indicator=BEDS, area="response")
    page = member.page(f"{NEEDS}1/")
    assert page.has("Agree on a value in the assessment to give this need a gap.")
    assert "not shown" in member.page(NEEDS).text(".need-table tbody")
    make_agreed(round_, BEDS, 1.5)
    page = member.page(f"{NEEDS}1/")
    assert page.has("we agreed on 1.5 of 4, low")
    assert page.has("Gap: 2.5 of 4 (agreed on 1.5).")


def test_titles_and_statements_are_the_rounds_own(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    questions = {**round_.questions}
    for area in questions["areas"]:
        for question in area["questions"]:
            if question["key"] == BEDS:
                question |= {"title": "Our own words", "statement": "Our own statement."}
    round_.questions = questions
    flag_modified(round_, "questions")
    db.session.commit()
    member.send(f"{NEEDS}from/{round_.id}/{BEDS}")
    page = member.page(f"{NEEDS}1/")
    assert page.text("h1") == "Our own words"
    assert page.has("“Our own statement.”")


def test_a_later_round_says_how_it_stands_since(member: EngageClient) -> None:
    before = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    make_need(member.membership, round_=before, indicator=BEDS, area="response")
    assert not member.page(f"{NEEDS}1/").has("Since then")
    make_closed_round([("nonprofit", {BEDS: 3})] * 3, title="Round 2027")
    assert member.page(f"{NEEDS}1/").has("Since then: Round 2027: the median rating is 3.0 of 4, strong.")


def test_a_need_of_a_round_that_was_opened_again_waits_for_its_gap(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    make_need(member.membership, round_=round_, indicator=BEDS, area="response")
    round_.closed_at = None
    db.session.commit()
    assert member.page(f"{NEEDS}1/").has("The round it came from is open again.")


# -- the list


def test_the_most_pressing_need_is_first_and_what_is_not_rated_last(member: EngageClient) -> None:
    me = member.membership
    make_need(me, title="Not rated", stated_gap=4)
    make_need(me, title="Ten", stated_gap=2, importance=5, feasibility=1)
    make_need(me, title="Sixty", stated_gap=3, importance=5, feasibility=4)
    page = member.page(NEEDS)
    assert titles(page) == ["Sixty", "Ten", "Not rated"]
    first, last = page.texts(".need-table tbody tr")[0], page.texts(".need-table tbody tr")[-1]
    assert "3.0 entered by you Importance 5, feasibility 4 entered on " in first
    assert "60 of 100" in first
    assert "not rated yet" in last


def test_the_list_shows_what_the_address_asks_for(member: EngageClient) -> None:
    me = member.membership
    make_need(me, title="Wide", stated_gap=4, area="response")
    make_need(me, title="Rated", stated_gap=1, importance=5, feasibility=5, area="reform")
    needs_service.close_need(me, make_need(me, title="Met"), 1, "A house opened.")
    db.session.commit()
    assert titles(member.page(NEEDS)) == ["Rated", "Wide"]
    assert titles(member.page(f"{NEEDS}?show=unrated")) == ["Wide"]
    assert titles(member.page(f"{NEEDS}?show=closed")) == ["Met"]
    assert titles(member.page(f"{NEEDS}?area=reform")) == ["Rated"]
    assert titles(member.page(f"{NEEDS}?sort=gap")) == ["Wide", "Rated"]
    assert titles(member.page(f"{NEEDS}?sort=newest")) == ["Rated", "Wide"]
    assert titles(member.page(f"{NEEDS}?sort=nonsense&show=nonsense&page=zzz")) == ["Rated", "Wide"]
    assert member.page(f"{NEEDS}?area=nowhere").has("Nothing matches.")
    assert [words.split()[-1] for words in member.page(NEEDS).texts(".pills .pill-count")] == ["2", "1", "1"]


def test_one_line_above_names_the_lowest_area_and_its_needs(member: EngageClient) -> None:
    me = member.membership
    response = {"emergency-places-for-young-people": 0, "emergency-places-for-adults": 1}
    everything = {**all_of("response", 1), **response, **all_of("prevention", 3)}
    make_closed_round([("nonprofit", everything)] * 3)
    page = member.page(NEEDS)
    assert page.text("#strengths-lowest").startswith("Lowest area: ")
    assert "(Community assessment 2026). No one has chosen a need in this area yet." in page.text(
        "#strengths-lowest"
    )
    make_need(me, title="Beds for boys", area="response")
    assert "Its need: 1. Beds for boys" in member.page(NEEDS).text("#strengths-lowest")
    for _more in range(4):
        make_need(me, title="More beds", area="response")
    assert "and 2 more" in member.page(NEEDS).text("#strengths-lowest")


def all_of(area: str, rating: int) -> dict[str, Any]:
    return {each.key: rating for each in content().indicators_in(area)}


def test_without_a_need_the_list_says_what_one_is(member: EngageClient) -> None:
    page = member.page(NEEDS)
    assert page.text(".empty h2") == "No needs yet"
    assert page.one(".empty .btn-primary").attributes["href"] == f"{NEEDS}new"


def test_a_list_asks_the_database_the_same_however_long_it_is(member: EngageClient) -> None:
    def asked() -> int:
        with databases.counted_queries() as statements:
            member.page(NEEDS)
        return len(statements)

    make_need(member.membership)
    few = asked()
    for number in range(150):
        make_need(member.membership, title=f"Need {number}")
    assert asked() == few
    page = member.page(NEEDS)
    assert len(titles(page)) == 100
    assert "Page 1 of 2" in page.text(".pages")
    assert len(titles(member.page(f"{NEEDS}?page=2"))) == 51
    assert len(titles(member.page(f"{NEEDS}?page=99999"))) == 51


# -- by hand


def test_a_need_by_hand_states_its_gap(member: EngageClient) -> None:
    page = member.page(f"{NEEDS}new?area=response")
    assert page.value("area") == "response"
    answer = member.send(
        f"{NEEDS}new", title="Beds for boys", area="response", stated_gap="3", details="Four asked this year."
    )
    need = only_need()
    assert answer.location == f"{NEEDS}{need.number}/"
    assert (need.title, need.area, need.stated_gap, need.round_id) == ("Beds for boys", "response", 3, None)
    assert need.importance is None
    assert member.page(f"{NEEDS}1/").has("Gap: 3.0 of 4 (entered by you).")


def test_a_refused_need_keeps_what_was_typed(member: EngageClient) -> None:
    page = member.send(f"{NEEDS}new", title="", area="response", stated_gap="", details="Four asked.")
    assert page.status == 422
    assert page.errors == ["Say what is missing.", "Say how much is missing, from 1 to 4."]
    assert (page.value("details"), page.value("area")) == ("Four asked.", "response")
    for wrong in ("5", "0", "x"):
        assert member.send(f"{NEEDS}new", title="Beds", stated_gap=wrong).status == 422
    assert member.send(f"{NEEDS}new", title="Beds", stated_gap="3", area="nowhere").status == 422


def test_personal_details_are_noticed_in_a_need(member: EngageClient) -> None:
    page = member.send(f"{NEEDS}new", title="Call 555-123-4567", stated_gap="3")
    assert page.status == 422
    assert page.has("a phone number")


def test_a_story_about_a_person_is_noticed_in_a_need_and_kept_for_its_writer(member: EngageClient) -> None:
    story = (
        "A bed for the girl from the truck stop, 16: her boyfriend takes her money and won't let her leave."
    )
    page = member.send(f"{NEEDS}new", title="Beds", details=story, stated_gap="3")
    assert page.status == 422
    assert page.has("a story about a real person")
    assert page.value("details") == story


# -- rating


def test_rating_by_hand_says_who_said_it_and_when(member: EngageClient) -> None:
    make_need(member.membership)
    page = member.page(f"{NEEDS}1/")
    assert page.has("Not rated yet, so it is last on the list.")
    version = page.value("version")
    answer = member.send(f"{NEEDS}1/rate", importance="5", feasibility="4", version=version)
    assert answer.location == f"{NEEDS}1/"
    need = only_need()
    assert (need.importance, need.feasibility, need.rating_source) == (5, 4, RatingSource.HAND)
    page = member.page(f"{NEEDS}1/")
    assert page.text("#strengths-standing").startswith(
        "Gap 3.0 x importance 5 x feasibility 4 = 60 of 100, entered on "
    )
    assert page.value("importance") == "5"


def test_half_a_rating_is_refused(member: EngageClient) -> None:
    make_need(member.membership)
    page = member.send(f"{NEEDS}1/rate", importance="5", feasibility="", version="1")
    assert (page.status, page.errors) == (422, ["Say how feasible it is, from 1 to 5."])
    assert page.value("importance") == "5"
    for wrong in ("6", "0", "x"):
        assert member.send(f"{NEEDS}1/rate", importance=wrong, feasibility="1", version="1").status == 422
    assert only_need().importance is None


def test_of_two_who_rate_at_once_the_second_sees_both(member: EngageClient) -> None:
    make_need(member.membership)
    member.send(f"{NEEDS}1/rate", importance="5", feasibility="4", version="1")
    page = member.send(f"{NEEDS}1/rate", importance="2", feasibility="4", version="1")
    assert page.status == 409
    assert page.texts(".conflict-text") == [
        "5: people are harmed while it is missing",
        "2: it would help some",
    ]
    assert page.value("importance") == "2"
    again = member.send(f"{NEEDS}1/rate", importance="2", feasibility="4", version=page.value("version"))
    assert again.status == 303
    assert only_need().importance == 2


def test_what_a_vote_set_is_not_changed_by_hand(member: EngageClient) -> None:
    need = make_need(member.membership, importance=1, feasibility=1)
    service.rate(need, 4.5, 3, RatingSource.VOTE, date(2026, 11, 20))
    db.session.commit()
    page = member.page(f"{NEEDS}1/")
    assert "importance 4.5 x feasibility 3 = 40.5 of 100, by vote, Nov 20, 2026" in page.text(
        "#strengths-standing"
    )
    assert page.has("Importance 4.5, feasibility 3 of 5: the median of a vote.")
    assert page.all("[name=importance]") == []
    assert "by vote, Nov 20, 2026" in member.page(NEEDS).text(".need-table tbody")
    for version in ("1", "2"):
        page = member.send(f"{NEEDS}1/rate", importance="2", feasibility="4", version=version)
        assert page.status == 409
        assert page.has("A vote set these on November 20, 2026.")
    assert only_need().importance == 4.5


def test_a_later_vote_replaces_an_earlier_one(member: EngageClient) -> None:
    need = make_need(member.membership)
    service.rate(need, 4.5, 3, RatingSource.VOTE, date(2026, 11, 20))
    service.rate(need, 2, 2, RatingSource.VOTE, date(2027, 1, 20))
    db.session.commit()
    assert (only_need().importance, only_need().rated_on) == (2, date(2027, 1, 20))


def test_rating_leads_from_one_need_to_the_next(member: EngageClient) -> None:
    make_need(member.membership, title="First")
    make_need(member.membership, title="Second")
    rated = {"importance": "5", "feasibility": "4", "version": "1", "next": "1"}
    assert member.page(f"{NEEDS}1/").has("Save, then go to the next unrated need")
    assert member.send(f"{NEEDS}1/rate", **rated).location == f"{NEEDS}2/"
    assert not member.page(f"{NEEDS}2/").has("Save, then go to the next unrated need")
    assert member.send(f"{NEEDS}2/rate", **rated).location == NEEDS
    assert member.page(NEEDS).has("Every need is rated.")


# -- editing


def test_editing_a_need_by_hand(member: EngageClient) -> None:
    make_need(member.membership, area="response")
    page = member.page(f"{NEEDS}1/edit")
    assert (page.value("title"), page.value("area")) == ("Beds for boys", "response")
    assert page.one("[name=stated_gap][checked]").attributes["value"] == "3"
    answer = member.send(
        f"{NEEDS}1/edit", title="Beds for girls", area="", stated_gap="4", details="Why", version="1"
    )
    assert answer.location == f"{NEEDS}1/"
    need = only_need()
    assert (need.title, need.area, need.stated_gap, need.details) == ("Beds for girls", "", 4, "Why")


def test_the_area_and_gap_of_a_need_from_the_assessment_stay_the_rounds(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    make_need(member.membership, round_=round_, indicator=BEDS, area="response")
    page = member.page(f"{NEEDS}1/edit")
    assert page.all("[name=stated_gap], [name=area]") == []
    member.send(f"{NEEDS}1/edit", title="In our words", stated_gap="4", area="reform", version="1")
    need = only_need()
    assert (need.title, need.stated_gap, need.area) == ("In our words", None, "response")


def test_of_two_who_edit_at_once_the_second_sees_both_texts(member: EngageClient) -> None:
    make_need(member.membership)
    member.send(f"{NEEDS}1/edit", title="Theirs", stated_gap="3", version="1")
    page = member.send(f"{NEEDS}1/edit", title="Mine", stated_gap="3", version="1")
    assert page.status == 409
    assert page.texts(".conflict-text") == ["Theirs", "Mine"]
    assert page.value("title") == "Mine"
    assert member.send(f"{NEEDS}1/edit", title="", stated_gap="3", version="2").status == 422


# -- no longer a need


def test_an_open_need_becomes_an_action_once(member: EngageClient, coordinator: EngageClient) -> None:
    need = make_need(member.membership, title="No bed for boys")
    address = f"{NEEDS}{need.number}/"
    form = coordinator.page(address).one("#strengths-plan form")
    made = coordinator.send(form.attributes["action"])
    action = db.session.scalars(sa.select(Action)).one()
    assert made.location == f"/c/riverbend/plan/actions/{action.number}/edit"
    assert (action.title, action.need_id) == ("No bed for boys", need.id)
    page = coordinator.page(address)
    assert not page.all("#strengths-plan form")
    assert page.texts("#strengths-plan .row-link") == [f"Action {action.number}: No bed for boys"]
    other = make_need(member.membership, title="No van")
    member.send(f"{NEEDS}{other.number}/close", closed_reason="Bought.", version="1")
    assert not member.page(f"{NEEDS}{other.number}/").all("#strengths-plan")


def test_closing_asks_why_and_reopening_brings_it_back(member: EngageClient) -> None:
    make_need(member.membership)
    assert member.page(f"{NEEDS}1/close").text("h1") == "No longer a need?"
    refused = member.send(f"{NEEDS}1/close", closed_reason="", version="1")
    assert (refused.status, len(refused.errors)) == (422, 1)
    assert member.send(f"{NEEDS}1/close", closed_reason="A house opened.", version="1").location == NEEDS
    page = member.page(f"{NEEDS}1/")
    assert "A house opened." in page.text("#main > .heading .banner")
    assert page.all("[name=importance]") == []
    assert member.send(f"{NEEDS}1/reopen").location == f"{NEEDS}1/"
    assert (only_need().closed_on, only_need().closed_reason) == (None, "")
    assert member.send(f"{NEEDS}1/reopen").status == 409
    assert member.send(f"{NEEDS}1/reopen", token=False).status == 400


def test_what_is_closed_is_not_changed(member: EngageClient) -> None:
    needs_service.close_need(member.membership, make_need(member.membership), 1, "A house opened.")
    db.session.commit()
    assert member.get(f"{NEEDS}1/edit").status_code == 409
    assert member.get(f"{NEEDS}1/close").status_code == 409
    assert member.send(f"{NEEDS}1/edit", title="New", stated_gap="3", version="2").status == 409
    assert member.send(f"{NEEDS}1/rate", importance="1", feasibility="1", version="2").status == 409
    assert member.send(f"{NEEDS}1/close", closed_reason="Again", version="2").status == 409


def test_a_need_that_someone_closed_meanwhile_cannot_be_rated_over_it(member: EngageClient) -> None:
    need = make_need(member.membership)
    other = make_membership()
    needs_service.edit_need(other, need, 1, {"details": "More"})
    db.session.commit()
    page = member.send(f"{NEEDS}1/close", closed_reason="Mine", version="1")
    assert page.status == 409
    assert page.value("closed_reason") == "Mine"


def test_a_closed_need_says_how_it_was_rated(member: EngageClient) -> None:
    for values in ({}, {"importance": 5, "feasibility": 4}):
        needs_service.close_need(member.membership, make_need(member.membership, **values), 1, "Met.")
    db.session.commit()
    assert member.page(f"{NEEDS}1/").has("It was not rated.")
    assert member.page(f"{NEEDS}2/").has("Importance 5, feasibility 4 of 5.")


# -- deleting


def test_one_deletes_ones_own_and_a_coordinator_any(member: EngageClient, coordinator: EngageClient) -> None:
    make_need(make_membership(), title="Somebody's")
    make_need(member.membership, title="Mine")
    assert not member.page(f"{NEEDS}1/").has("Delete this need")
    assert member.get(f"{NEEDS}1/delete").status_code == 403
    assert member.send(f"{NEEDS}1/delete").status == 409
    assert member.page(f"{NEEDS}2/").has("Delete this need")
    assert member.page(f"{NEEDS}2/delete").text("h1") == "Delete this need?"
    assert member.send(f"{NEEDS}2/delete", token=False).status == 400
    assert member.send(f"{NEEDS}2/delete").location == NEEDS
    assert coordinator.send(f"{NEEDS}1/delete").location == NEEDS
    assert db.session.scalar(sa.select(Need)) is None


def test_what_something_hangs_on_is_closed_and_not_deleted(coordinator: EngageClient) -> None:
    me, plan_ = coordinator.membership, make_plan()
    matched, acted, aimed = (make_need(me, title=title) for title in ("Tied", "Acted on", "Aimed at"))
    service.match(me, matched, service.add_strength(me, title="A van"))
    action = actions_service.create_action(me, title="Find beds", need_id=acted.id)
    goal = make_goal(plan_, title="Nobody waits")
    saved(GoalNeed(coalition_id=me.coalition_id, goal_id=goal.id, need_id=aimed.id))
    for need in (matched, acted, aimed):
        assert not coordinator.page(f"{NEEDS}{need.number}/").has("Delete this need")
        assert coordinator.send(f"{NEEDS}{need.number}/delete").status == 409
    assert db.session.scalar(sa.select(sa.func.count(Need.id))) == 3
    assert f"Action {action.number}: Find beds" in coordinator.page(f"{NEEDS}2/").text("#strengths-plan")
    assert "Goal: Nobody waits" in coordinator.page(f"{NEEDS}3/").text("#strengths-plan")


def test_what_the_database_still_needs_is_not_deleted_but_refused_in_words(member: EngageClient) -> None:
    need = make_need(member.membership)
    actions_service.create_action(member.membership, title="Find beds", need_id=need.id)
    db.session.commit()
    with pytest.raises(WrongState, match="Close it instead"):
        needs_service.delete_need(member.membership, need)
    assert only_need().title == "Beds for boys"


# -- whose it is


def test_a_viewer_sees_neither_needs_nor_strengths(viewer: EngageClient) -> None:
    make_need(make_membership(role=Role.MEMBER))
    for path in (NEEDS, f"{NEEDS}1/", f"{NEEDS}new"):
        assert viewer.get(path).status_code == 403
    assert "Strengths and needs" not in viewer.page("/c/riverbend/").texts(".menu-wide nav a")


def test_another_coalitions_needs_do_not_exist(member: EngageClient) -> None:
    make_need(make_membership(coalition=make_coalition()))
    assert member.get(f"{NEEDS}1/").status_code == 404
    assert titles(member.page(NEEDS)) == []


# -- what others read


def test_getting_started_counts_what_was_chosen_and_what_was_answered(member: EngageClient) -> None:
    me = member.membership
    van = service.add_strength(me, title="A van", kind=StrengthKind.PLACE)
    service.add_strength(me, title="A room", kind=StrengthKind.PLACE)
    service.offer(me, "My time")
    gone = service.add_strength(me, title="A grant", kind=StrengthKind.MONEY)
    gone.withdrawn_on = date(2026, 11, 1)
    matched, declined, looked, _open = (make_need(me, title=title) for title in "abcd")
    service.match(me, matched, van)
    service.match(me, declined, van).state = MatchState.DECLINED
    looked.no_strength_on = date(2026, 11, 1)
    service.rate(matched, 4, 2, RatingSource.HAND, date(2026, 11, 1))
    make_need(make_membership(coalition=make_coalition()))
    db.session.commit()
    with databases.counted_queries() as statements:
        assert queries.step_counts(me.coalition_id) == queries.StrengthStepCounts(3, 1, 4, 2, 1)
    assert len(statements) == 1


def test_results_pages_find_the_needs_that_were_made_of_gaps(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    need = make_need(member.membership, round_=round_, indicator=BEDS)
    make_need(member.membership)
    found = queries.needs_of_indicators(member.membership, round_.id)
    assert found == {BEDS: queries.NeedRef(need.id, 1, "Beds for boys", None)}
