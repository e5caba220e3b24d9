"""Strengths: the list, a strength's page, adding, editing, withdrawing."""

import csv
from datetime import date
from typing import Any

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.strengths import queries, service
from engage.strengths.models import Strength, StrengthArea
from engage.strengths.needs import service as needs_service
from engage.strengths.rules import MatchState, StrengthKind
from engage.web.csv_files import MARK
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_affiliation,
    make_closed_round,
    make_coalition,
    make_membership,
    make_organization,
)
from tests.html import Page

STRENGTHS = "/c/riverbend/strengths/strengths/"
BEDS = "emergency-places-for-young-people"


def add(who: Membership, title: str = "A van", **values: Any) -> Strength:
    strength = service.add_strength(who, title=title, **values)
    db.session.commit()
    return strength


def pair(who: Membership, strength: Strength, **values: Any) -> None:
    need = service.create_need(who, title="Rides", stated_gap=2)
    match = service.match(who, need, strength)
    for name, value in values.items():
        setattr(match, name, value)
    db.session.commit()


def only_strength() -> Strength:
    db.session.expire_all()
    return db.session.scalars(sa.select(Strength)).one()


def titles(page: Page) -> list[str]:
    return page.texts(".strength-table .row-link")


def facts(page: Page) -> dict[str, str]:
    return dict(zip(page.texts("dl.facts dt"), page.texts("dl.facts dd"), strict=True))


FILLED = {
    "title": "A van on weekends",
    "kind": "place",
    "giver_id": "0",
    "organization_id": "0",
    "areas": ["response", "restoration"],
    "indicator": BEDS,
    "limits": "Two Saturdays a month.",
}


# -- the list


def test_what_members_offered_appears_by_itself(member: EngageClient) -> None:
    ann = make_membership(name="Ann Lee", user=None)
    make_affiliation(ann, make_organization(name="Grace Church"))
    service.offer(ann, "Twelve host families")
    db.session.commit()
    row = member.page(STRENGTHS).text(".strength-table tbody tr")
    assert row == "Twelve host families Kind not given yet Ann Lee Grace Church Needs: none yet"


def test_what_someone_offers_who_waits_for_approval_is_on_no_list(coordinator: EngageClient) -> None:
    waiting = make_membership(name="Chris", approved_at=None)
    service.offer(waiting, "Something")
    db.session.commit()
    assert titles(coordinator.page(STRENGTHS)) == []
    assert coordinator.get(f"{STRENGTHS}{only_strength().id}/").status_code == 404
    assert queries.step_counts(coordinator.membership.coalition_id).strengths == 0


def test_the_list_says_whose_it_is_and_how_many_needs_it_meets(member: EngageClient) -> None:
    me = member.membership
    used = add(
        me,
        "A van",
        kind=StrengthKind.PLACE,
        areas=["response"],
        organization=make_organization(name="Rotary"),
    )
    pair(me, used)
    pair(me, used, state=MatchState.DECLINED)
    add(me, "Trust of the bus drivers", kind=StrengthKind.RELATIONSHIP)
    gone = make_membership(name="Gone", left_on=date(2026, 1, 1))
    add(me, "Zither lessons", giver=gone)
    first, second, third = member.page(STRENGTHS).texts(".strength-table tbody tr")
    assert first.startswith("A van Place Rotary Leaving and immediate response")
    assert first.endswith("1 matched")
    assert second == "Trust of the bus drivers Relationship The community Needs: none yet"
    assert "Gone no longer a member" in third


def test_the_list_of_strengths_shows_what_the_address_asks_for(member: EngageClient) -> None:
    me = member.membership
    ann = make_membership(name="Ánn Lee", user=None)
    add(me, "A van", kind=StrengthKind.PLACE, areas=["response"])
    add(me, "Zest", kind=StrengthKind.PEOPLE, giver=ann)
    old = add(me, "Old", kind=StrengthKind.MONEY)
    pair(me, old)
    service.withdraw(old, me)
    add(me, "Maybe")
    assert titles(member.page(STRENGTHS)) == ["A van", "Maybe", "Zest"]
    assert titles(member.page(f"{STRENGTHS}?sort=newest")) == ["Maybe", "Zest", "A van"]
    assert titles(member.page(f"{STRENGTHS}?sort=giver")) == ["Zest", "A van", "Maybe"]
    assert titles(member.page(f"{STRENGTHS}?kind=place")) == ["A van"]
    assert titles(member.page(f"{STRENGTHS}?kind=none")) == ["Maybe"]
    assert titles(member.page(f"{STRENGTHS}?area=response")) == ["A van"]
    assert titles(member.page(f"{STRENGTHS}?text=ann")) == ["Zest"]
    assert titles(member.page(f"{STRENGTHS}?show=withdrawn")) == ["Old"]
    assert titles(member.page(f"{STRENGTHS}?kind=x&sort=x&show=x&page=-1")) == ["A van", "Maybe", "Zest"]
    assert member.page(f"{STRENGTHS}?text=nothing").has("Nothing matches.")


def test_without_a_strength_the_list_says_what_one_is(member: EngageClient) -> None:
    page = member.page(STRENGTHS)
    assert page.text(".empty h2") == "No strengths yet"


def test_strengths_cost_the_same_few_questions_however_many(member: EngageClient) -> None:
    def asked() -> int:
        with databases.counted_queries() as statements:
            member.page(STRENGTHS)
        return len(statements)

    add(member.membership, areas=["response"])
    few = asked()
    for number in range(120):
        service.add_strength(member.membership, title=f"Van {number}", areas=["response", "reform"])
    db.session.commit()
    assert asked() == few
    assert len(titles(member.page(f"{STRENGTHS}?page=2"))) == 21


# -- adding


def test_a_strength_by_hand_with_everything(member: EngageClient) -> None:
    ann = make_membership(name="Ann Lee", user=None)
    church = make_organization(name="Grace Church")
    page = member.page(f"{STRENGTHS}new")
    assert "Ann Lee" in page.texts("[name=giver_id] option")
    answer = member.send(
        f"{STRENGTHS}new", **{**FILLED, "giver_id": str(ann.id), "organization_id": str(church.id)}
    )
    strength = only_strength()
    assert answer.location == f"{STRENGTHS}{strength.id}/"
    assert (strength.kind, strength.giver_id, strength.organization_id) == (
        StrengthKind.PLACE,
        ann.id,
        church.id,
    )
    assert strength.created_by_id == member.membership.id
    assert set(queries.areas_of(strength)) == {"response", "restoration"}
    shown = facts(member.page(f"{STRENGTHS}{strength.id}/"))
    assert shown["Offered by"] == "Ann Lee , Grace Church"
    assert shown["Statement it answers"] == "Emergency places for young people"
    assert shown["Limits"] == "Two Saturdays a month."


def test_with_neither_person_nor_organization_it_is_the_communitys(member: EngageClient) -> None:
    member.send(f"{STRENGTHS}new", **FILLED)
    assert facts(member.page(f"{STRENGTHS}{only_strength().id}/"))["Offered by"] == "The community"


def test_a_refused_strength_keeps_what_was_typed(member: EngageClient) -> None:
    page = member.send(f"{STRENGTHS}new", **{**FILLED, "title": "", "kind": ""})
    assert page.status == 422
    assert page.errors == ["Say what is available.", "Choose what kind of strength it is."]
    assert page.value("limits") == "Two Saturdays a month."
    assert [node.attributes["value"] for node in page.all("[name=areas][checked]")] == [
        "response",
        "restoration",
    ]
    theirs = make_membership(coalition=make_coalition())
    for wrong in ({"giver_id": str(theirs.id)}, {"kind": "x"}, {"areas": ["x"]}, {"indicator": "x"}):
        assert member.send(f"{STRENGTHS}new", **{**FILLED, **wrong}).status == 422
    assert db.session.scalar(sa.select(Strength)) is None


def test_the_statements_to_choose_are_those_of_the_latest_round(member: EngageClient) -> None:
    round_ = make_closed_round([("nonprofit", {BEDS: 1})] * 3)
    round_.questions = {
        **round_.questions,
        "areas": [
            {**area, "questions": [{**each, "title": "Our own words"} for each in area["questions"][:1]]}
            for area in round_.questions["areas"][:1]
        ],
    }
    db.session.commit()
    page = member.page(f"{STRENGTHS}new")
    assert len(page.all("[name=indicator] option")) == 2
    assert page.texts("[name=indicator] option")[1].endswith(": Our own words")


def test_a_strength_can_be_begun_for_an_area(member: EngageClient) -> None:
    page = member.page(f"{STRENGTHS}new?area=response")
    assert [node.attributes["value"] for node in page.all("[name=areas][checked]")] == ["response"]


# -- editing


def test_editing_keeps_a_giver_who_has_left(member: EngageClient) -> None:
    gone = make_membership(name="Gone", left_on=date(2026, 1, 1))
    strength = add(member.membership, giver=gone, areas=["reform", "response"], indicator="of-an-old-round")
    page = member.page(f"{STRENGTHS}{strength.id}/edit")
    assert page.value("giver_id") == str(gone.id)
    assert page.value("indicator") == "of-an-old-round"
    saved = {
        **FILLED,
        "giver_id": str(gone.id),
        "indicator": "of-an-old-round",
        "version": page.value("version"),
    }
    assert member.send(f"{STRENGTHS}{strength.id}/edit", **saved).location == f"{STRENGTHS}{strength.id}/"
    strength = only_strength()
    assert (strength.title, strength.giver_id) == ("A van on weekends", gone.id)
    assert set(queries.areas_of(strength)) == {"response", "restoration"}
    assert "ask if this is still available" in member.page(f"{STRENGTHS}{strength.id}/").text("dl.facts")


def test_of_two_who_edit_a_strength_at_once_the_second_sees_both(member: EngageClient) -> None:
    strength = add(member.membership, kind=StrengthKind.PLACE)
    path = f"{STRENGTHS}{strength.id}/edit"
    member.send(path, **{**FILLED, "version": "1"})
    page = member.send(path, **{**FILLED, "title": "Mine", "areas": ["reform"], "version": "1"})
    assert page.status == 409
    assert page.texts(".conflict-text")[:2] == ["A van on weekends", "Mine"]
    assert page.value("title") == "Mine"
    assert set(queries.areas_of(only_strength())) == {"response", "restoration"}
    assert member.send(path, **{**FILLED, "title": "", "version": "2"}).status == 422


# -- off the list


def test_what_no_need_is_matched_to_goes_to_the_trash_when_it_is_taken_off(member: EngageClient) -> None:
    strength = add(member.membership, areas=["response"])
    path = f"{STRENGTHS}{strength.id}/withdraw"
    assert member.page(path).has("It goes to the trash")
    assert member.send(path, token=False).status == 400
    assert member.send(path).location == STRENGTHS
    assert db.session.scalar(sa.select(Strength)) is None
    assert db.session.scalar(sa.select(StrengthArea)) is None


def test_what_a_need_is_matched_to_stays_to_be_read_and_can_be_offered_again(member: EngageClient) -> None:
    strength = add(member.membership)
    pair(member.membership, strength)
    address = f"{STRENGTHS}{strength.id}/"
    assert member.page(f"{address}withdraw").has("It is matched with a need.")
    member.send(f"{address}withdraw")
    assert only_strength().withdrawn_on is not None
    assert "No longer available since" in member.page(address).text(".heading .banner")
    assert member.get(f"{address}edit").status_code == 409
    assert member.send(f"{address}edit", **{**FILLED, "version": "2"}).status == 409
    assert member.send(f"{address}withdraw").status == 409
    assert member.send(f"{address}offer-again", token=False).status == 400
    assert member.send(f"{address}offer-again").location == address
    assert only_strength().withdrawn_on is None
    assert member.send(f"{address}offer-again").status == 409


def test_one_takes_off_ones_own_and_a_coordinator_any(
    member: EngageClient, coordinator: EngageClient
) -> None:
    other = make_membership()
    theirs, about_me = add(other), add(other, "My time", giver=member.membership)
    assert member.get(f"{STRENGTHS}{theirs.id}/withdraw").status_code == 403
    assert member.send(f"{STRENGTHS}{theirs.id}/withdraw").status == 403
    assert not member.page(f"{STRENGTHS}{theirs.id}/").has("Remove this strength from the list")
    assert member.send(f"{STRENGTHS}{about_me.id}/withdraw").status == 303
    assert coordinator.send(f"{STRENGTHS}{theirs.id}/withdraw").status == 303


def test_offering_the_same_again_after_taking_it_back_is_the_same_strength(member: EngageClient) -> None:
    me = member.membership
    strength = service.offer(me, "A van")
    pair(me, strength)
    service.withdraw(strength, me)
    db.session.commit()
    assert queries.strengths_of_person(me) == []
    assert service.offer(me, "a VAN").id == strength.id
    db.session.commit()
    assert [each.id for each in queries.strengths_of_person(me)] == [strength.id]


# -- whose it is


def test_a_viewer_sees_no_strengths(viewer: EngageClient) -> None:
    strength = add(make_membership())
    for path in (STRENGTHS, f"{STRENGTHS}{strength.id}/", "/c/riverbend/strengths/strengths.csv"):
        assert viewer.get(path).status_code == 403


def test_another_coalitions_strengths_do_not_exist(member: EngageClient) -> None:
    strength = add(make_membership(coalition=make_coalition()))
    assert member.get(f"{STRENGTHS}{strength.id}/").status_code == 404
    assert titles(member.page(STRENGTHS)) == []


# -- downloads


def rows_of(page: Page) -> list[list[str]]:
    return list(csv.reader(page.html.removeprefix(MARK).splitlines()))


def test_the_lists_can_be_downloaded_and_run_no_formula(member: EngageClient) -> None:
    me = member.membership
    need = service.create_need(me, title="=cmd()", stated_gap=3, importance=5, feasibility=4, area="response")
    needs_service.close_need(me, service.create_need(me, title="Met", stated_gap=4), 1, "A house opened.")
    strength = add(me, "+1 van", kind=StrengthKind.PLACE, areas=["response"], limits="Weekends")
    service.match(me, need, strength)
    db.session.commit()
    head, first, last = rows_of(Page(member.get("/c/riverbend/strengths/needs.csv")))
    assert head[:3] == ["Number", "Need", "Focus area"]
    assert first[:8] == [
        "1",
        "'=cmd()",
        "Leaving and immediate response",
        "",
        "3.0",
        "entered by you",
        "5.0",
        "4.0",
    ]
    assert first[8] == "entered"
    assert first[10:12] == ["60.0", "1"]
    assert (last[1], bool(last[13])) == ("Met", True)
    head, row = rows_of(Page(member.get("/c/riverbend/strengths/strengths.csv")))
    assert head[0] == "Strength"
    assert row == ["'+1 van", "Place", "", "", "Leaving and immediate response", "Weekends", "1", ""]
