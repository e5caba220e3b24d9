"""Known efforts: named by respondents, added by hand, listed by area, merged into organizations."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engage import clock
from engage.assessment.efforts import service as efforts_service
from engage.assessment.models import Effort, Response, Round
from engage.assessment.rounds import service as rounds_service
from engage.content.loader import content
from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners.models import Organization
from engage.snapshots import Snapshot
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_closed_round,
    make_coalition,
    make_effort,
    make_membership,
    make_organization,
    make_response,
    make_round,
)

HERE = "/c/riverbend/assessment/"
LIST = f"{HERE}efforts/"
KEY = content().indicators[0].key
GOOD = {
    "who": "Grace Church",
    "what": "Meals and a place to rest",
    "for_whom": "Teenagers who leave foster care",
    "place": "Lower town",
    "area": "prevention",
}


@pytest.fixture
def round_() -> Round:
    return make_round(closes_on=clock.today("America/Chicago") + timedelta(days=7))


def own(round_: Round, path: str = "") -> str:
    return f"{HERE}rounds/{round_.id}/efforts{path}"


def all_efforts() -> list[Effort]:
    return list(db.session.scalars(sa.select(Effort).order_by(Effort.id)))


def close(round_: Round, client: EngageClient) -> None:
    rounds_service.close_round(client.membership, db.session.get_one(Round, round_.id))
    db.session.commit()


# -- named by a respondent


def test_a_respondent_names_an_effort_and_only_they_see_it(
    member: EngageClient, coordinator: EngageClient, round_: Round
) -> None:
    response = make_response(round_, member.membership, {KEY: 2}, submitted=False)
    page = member.send(own(round_), **GOOD)
    assert (page.status, page.location) == (303, own(round_))
    effort = db.session.scalars(sa.select(Effort)).one()
    assert (effort.who, effort.what, effort.for_whom, effort.place, effort.area) == tuple(GOOD.values())
    assert (effort.response_id, effort.shared, effort.added_by_id) == (response.id, False, None)
    assert "Grace Church Meals and a place to rest" in member.page(own(round_)).text("#assessment-named")
    # Not even a coordinator, nor the list's own author.
    make_response(round_, coordinator.membership, {KEY: 2})
    for client, path in ((coordinator, own(round_)), (coordinator, LIST), (member, LIST), (member, HERE)):
        assert "Grace Church" not in client.page(path).html
    for path in (f"/{effort.id}", f"/{effort.id}/remove"):
        assert coordinator.send(own(round_, path), **GOOD).status == 404
    assert coordinator.get(f"{LIST}{effort.id}").status_code == 404


def test_the_form_says_who_will_see_it(member: EngageClient, round_: Round) -> None:
    make_response(round_, member.membership, {KEY: 2}, submitted=False)
    lead = member.page(own(round_)).text(".lead")
    assert "Until the round closes, only you see what you name here" in lead
    assert "once at least 3 people have answered" in lead
    assert "Until then only you see them." in member.page(f"{HERE}rounds/{round_.id}/").text(
        "#assessment-who-sees"
    )


def test_the_end_of_an_area_asks_and_leads_back(member: EngageClient, round_: Round) -> None:
    make_response(round_, member.membership, {KEY: 2}, submitted=False)
    area = content().areas[1].key
    check = f"{HERE}rounds/{round_.id}/areas/{area}/check"
    panel = member.page(check).one("#assessment-area-efforts")
    link = panel.css_first("a.btn").attributes["href"] or ""
    form = member.page(link)
    assert form.value("area") == area
    action = form.one("#assessment-name form").attributes["action"] or ""
    page = member.send(action, **{**GOOD, "area": area})
    assert page.location == f"{check}#assessment-area-efforts"
    assert "Grace Church" in member.page(check).text("#assessment-area-efforts")
    other = f"{HERE}rounds/{round_.id}/areas/{content().areas[0].key}/check"
    assert "Grace Church" not in member.page(other).text("#assessment-area-efforts")


def test_a_respondent_changes_and_removes_their_own(member: EngageClient, round_: Round) -> None:
    response = make_response(round_, member.membership, {KEY: 2})
    effort = make_effort(response=response, who="Grace Church")
    assert member.page(own(round_, f"/{effort.id}")).value("who") == "Grace Church"
    page = member.send(own(round_, f"/{effort.id}"), **{**GOOD, "who": "Grace and Hope", "version": "1"})
    assert page.status == 303
    assert [each.who for each in all_efforts()] == ["Grace and Hope"]
    page = member.send(own(round_, f"/{effort.id}"), **{**GOOD, "who": "Another", "version": "1"})
    assert page.status == 409
    assert page.texts(".conflict-text")[:2] == ["Grace and Hope", "Another"]
    assert member.send(own(round_, f"/{effort.id}/remove")).status == 200
    assert all_efforts() == []


def test_removing_what_one_named_is_undone_from_the_page_that_says_so(
    member: EngageClient, round_: Round
) -> None:
    make_response(round_, member.membership, {KEY: 2}, submitted=False)
    member.send(own(round_), **GOOD)
    effort = db.session.scalars(sa.select(Effort)).one()
    answer = member.send(own(round_, f"/{effort.id}/remove"))
    assert answer.text(".flash-undo p") == f"The effort of {GOOD['who']} is removed."
    assert all_efforts() == []
    assert db.session.scalars(sa.select(Snapshot)).all() == [], "nothing outlives the closing"
    back = {
        str(node.attributes["name"]): node.attributes["value"] or "" for node in answer.all(".undo input")
    }
    action = answer.one(".undo").attributes["action"]
    assert action is not None
    assert member.send(action, **back).status == 303
    again = db.session.scalars(sa.select(Effort)).one()
    assert {name: getattr(again, name) for name in GOOD} == GOOD


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("who", "", "Enter the organization or group."),
        ("what", "", "Write what they do."),
        ("area", "", "Choose a focus area."),
        ("area", "unheard-of", "Not a valid choice."),
        ("place", "x" * 301, "This is too long"),
    ],
)
def test_a_refused_effort_says_why_and_keeps_the_rest(
    member: EngageClient, round_: Round, field: str, value: str, message: str
) -> None:
    make_response(round_, member.membership, {KEY: 2})
    for path in (own(round_), f"{LIST}new"):
        page = member.send(path, **{**GOOD, field: value})
        assert page.status == 422
        assert any(error.startswith(message) for error in page.errors), page.errors
        kept = "for_whom"
        assert page.value(kept) == GOOD[kept]
    assert all_efforts() == []


@pytest.mark.parametrize("field", ["who", "what", "for_whom", "place"])
def test_every_text_is_asked_about_personal_details(member: EngageClient, round_: Round, field: str) -> None:
    make_response(round_, member.membership, {KEY: 2})
    for path in (own(round_), f"{LIST}new"):
        page = member.send(path, **{**GOOD, field: "Ann, 555-123-4567"})
        assert page.status == 422
        assert "a phone number" in page.text(".finding")
    assert all_efforts() == []


def test_whoever_has_not_started_is_told_that_the_others_can_work_out_an_answer(
    member: EngageClient, round_: Round
) -> None:
    said = member.page(f"{HERE}rounds/{round_.id}/").text("#assessment-who-sees")
    assert "If all the other people in your group compare their answers, they can figure out yours." in said


def test_whoever_has_not_started_reads_first_who_sees_what(member: EngageClient, round_: Round) -> None:
    assert member.get(own(round_)).headers["Location"] == f"{HERE}rounds/{round_.id}/"
    page = member.send(own(round_), **GOOD)
    assert page.status == 409
    assert "Grace Church" in page.html


def test_a_closed_round_takes_no_efforts_and_what_was_typed_stays(
    member: EngageClient, round_: Round
) -> None:
    make_response(round_, member.membership, {KEY: 2})
    close(round_, member)
    page = member.send(own(round_), **GOOD)
    assert page.status == 409
    assert "Meals and a place to rest" in page.html


def test_a_viewer_sees_and_names_no_efforts(viewer: EngageClient, round_: Round) -> None:
    make_effort(who="Grace Church")
    assert viewer.get(LIST).status_code == 403
    assert viewer.send(f"{LIST}new", **GOOD).status == 403
    assert viewer.send(own(round_), **GOOD).status == 403
    assert "nown effort" not in viewer.page(HERE).html


# -- closing


def test_closing_shares_what_was_submitted_and_forgets_who_named_it(
    coordinator: EngageClient, member: EngageClient, round_: Round
) -> None:
    people = [coordinator.membership, member.membership, make_membership()]
    for number, person in enumerate(people):
        make_effort(response=make_response(round_, person, {KEY: 2}), who=f"Group {number}")
    left = make_response(round_, make_membership(), {KEY: 2}, submitted=False)
    make_effort(response=left, who="Never submitted")
    close(round_, coordinator)
    kept = all_efforts()
    assert sorted(each.who for each in kept) == ["Group 0", "Group 1", "Group 2"]
    assert {(e.response_id, e.added_by_id, e.added_at, e.shared, e.version) for e in kept} == {
        (None, None, None, True, 1)
    }
    page = member.page(LIST)
    assert "Group 0 Named in Community assessment 2026." in page.text("#assessment-efforts-prevention")
    for person in people:
        assert person.name not in page.text("main")


def test_the_order_of_the_rows_tells_nothing(coordinator: EngageClient) -> None:
    orders = set()
    for _again in range(4):
        made = make_round()
        for number in range(6):
            response = make_response(made, make_membership(user=None), {KEY: 2})
            make_effort(response=response, who=f"Group {number}")
        close(made, coordinator)
        rows = sa.select(Effort.who).where(Effort.round_id == made.id).order_by(Effort.id)
        orders.add(tuple(db.session.scalars(rows)))
    assert len(orders) > 1


def test_what_fewer_than_k_people_name_waits_for_others(coordinator: EngageClient, round_: Round) -> None:
    """Who answered may be known; with two respondents an effort would be one of theirs."""
    for number in range(2):
        response = make_response(round_, make_membership(user=None), {KEY: 2})
        make_effort(response=response, who=f"Group {number}")
    close(round_, coordinator)
    assert [each.shared for each in all_efforts()] == [False, False]
    assert "Group" not in coordinator.page(LIST).text("main")
    # They are kept, and shared by the closing that releases something.
    rounds_service.reopen_round(coordinator.membership, round_, "We ask more people.", None)
    make_response(round_, make_membership(user=None), {KEY: 2})
    close(round_, coordinator)
    assert [each.shared for each in all_efforts()] == [True, True]
    assert "Group 0" in coordinator.page(LIST).text("main")


def test_a_newcomers_efforts_do_not_stand_out_beside_those_shared_before(coordinator: EngageClient) -> None:
    made = make_closed_round([("health", {KEY: 2})] * 3)
    rounds_service.reopen_round(coordinator.membership, made, "One more came.", None)
    response = make_response(made, make_membership(user=None), {KEY: 2})
    make_effort(response=response, who="The newcomer's group")
    close(made, coordinator)
    assert [(each.shared, each.response_id) for each in all_efforts()] == [(False, None)]
    assert "newcomer" not in coordinator.page(LIST).html


def test_with_the_response_goes_what_it_named(coordinator: EngageClient, round_: Round) -> None:
    response = make_response(round_, coordinator.membership, {KEY: 2})
    make_effort(response=response)
    db.session.execute(sa.delete(Response))
    db.session.commit()
    assert all_efforts() == []


# -- the list


def test_an_empty_list_says_what_will_be_here(member: EngageClient) -> None:
    page = member.page(LIST)
    assert page.text(".empty h2") == "No known efforts yet"
    assert page.one("a.btn-primary").attributes["href"] == f"{LIST}new"


def test_a_member_adds_an_effort_by_hand(member: EngageClient) -> None:
    page = member.send(f"{LIST}new", **GOOD)
    assert (page.status, page.location) == (303, f"{LIST}#assessment-efforts-prevention")
    effort = db.session.scalars(sa.select(Effort)).one()
    assert (effort.shared, effort.added_by_id, effort.round_id) == (True, member.membership.id, None)
    text = member.page(LIST).text("#assessment-efforts-prevention")
    assert "Grace Church Added by Dan Reyes. Meals and a place to rest" in text
    assert "Teenagers who leave foster care Where: Lower town" in text
    assert "1 known effort" in member.page(HERE).text("#assessment-known")


def test_the_list_goes_by_area_and_is_filtered_by_it(member: EngageClient) -> None:
    first, second = content().areas[0], content().areas[1]
    make_effort(area=second.key, who="Beta")
    make_effort(area=first.key, who="zeta")
    make_effort(area=first.key, who="Álpha")
    page = member.page(LIST)
    assert page.texts(".panel-title") == [first.name, second.name]
    assert page.texts(".what .row-link") == ["Álpha", "zeta", "Beta"]
    assert page.texts(".pill")[:3] == ["All 3", f"{first.name} 2", f"{second.name} 1"]
    page = member.page(f"{LIST}?area={second.key}")
    assert page.texts(".what .row-link") == ["Beta"]
    assert page.text(".pill[aria-current]") == f"{second.name} 1"
    assert member.page(f"{LIST}?area={content().areas[3].key}").text(".empty h2") == "Nothing here yet"
    assert member.get(f"{LIST}?area=unheard-of").status_code == 404


def test_a_row_says_how_it_was_named_and_in_which_round(member: EngageClient, round_: Round) -> None:
    grace = make_organization(name="Grace Church of Riverbend")
    make_effort(who="Grace Church", round_id=round_.id, added_by_id=None, organization_id=grace.id)
    assert "Named as “Grace Church”. Named in" in " ".join(member.get(LIST).get_data(as_text=True).split())


def test_an_area_of_an_earlier_rounds_own_questions_keeps_its_name(member: EngageClient) -> None:
    made = make_closed_round([("health", {KEY: 2})] * 3)
    questions = dict(made.questions)
    questions["areas"] = [*questions["areas"], {**questions["areas"][0], "key": "river", "name": "The river"}]
    made.questions = questions
    db.session.commit()
    make_round()
    make_effort(area="river", who="Boat club")
    assert "Boat club" in member.page(LIST).text("#assessment-efforts-river")
    assert "The river" in member.page(LIST).texts(".panel-title")


def test_the_list_is_paged_and_its_queries_do_not_grow(member: EngageClient) -> None:
    make_effort(who="Group 0")
    with counted_queries() as few:
        member.page(LIST)
    for number in range(1, 205):
        db.session.add(
            Effort(
                coalition_id=member.membership.coalition_id,
                area="prevention",
                who=f"Group {number}",
                sort_key=f"group {number:03}",
                what="Conversations",
                shared=True,
            )
        )
    db.session.commit()
    with counted_queries() as many:
        page = member.page(LIST)
    assert len(page.all(".what .row-link")) == efforts_service.PAGE_SIZE
    assert len(many) == len(few)
    assert len(member.page(f"{LIST}?page=2").all(".what .row-link")) == 5
    assert len(member.page(f"{LIST}?page=99").all(".what .row-link")) == 5


def test_any_member_mends_an_effort_and_a_second_one_sees_both_texts(
    member: EngageClient, coordinator: EngageClient
) -> None:
    effort = make_effort(who="Grace Church", added_by_id=coordinator.membership.id)
    assert member.send(f"{LIST}{effort.id}", **GOOD, version="1").status == 303
    assert member.page(LIST).has("Lower town")
    page = coordinator.send(f"{LIST}{effort.id}", **{**GOOD, "what": "Hot meals"}, version="1")
    assert page.status == 409
    assert page.texts(".conflict-text") == ["Meals and a place to rest", "Hot meals"]
    again = coordinator.send(
        f"{LIST}{effort.id}", **{**GOOD, "what": "Hot meals"}, version=page.value("version")
    )
    assert again.status == 303


def test_one_deletes_ones_own_and_a_coordinator_every_one(
    member: EngageClient, coordinator: EngageClient
) -> None:
    mine = make_effort(added_by_id=member.membership.id)
    theirs = make_effort(added_by_id=coordinator.membership.id)
    assert member.page(f"{LIST}{mine.id}").all(f"a[href='{LIST}{mine.id}/delete']")
    assert not member.page(f"{LIST}{theirs.id}").all(f"a[href='{LIST}{theirs.id}/delete']")
    assert member.page(f"{LIST}{mine.id}/delete").text("h1") == f"Delete the effort of {mine.who}?"
    assert member.send(f"{LIST}{mine.id}/delete").status == 303
    assert member.send(f"{LIST}{theirs.id}/delete").status == 409
    assert [each.id for each in all_efforts()] == [theirs.id]
    assert coordinator.send(f"{LIST}{theirs.id}/delete").status == 303
    assert all_efforts() == []


def test_another_coalitions_effort_does_not_exist(coordinator: EngageClient) -> None:
    theirs = make_effort(coalition=make_coalition(slug="elsewhere"))
    for path in ("", "/delete", "/organization"):
        assert coordinator.get(f"{LIST}{theirs.id}{path}").status_code == 404
        assert coordinator.send(f"{LIST}{theirs.id}{path}", **GOOD).status == 404
    assert theirs.who not in coordinator.page(LIST).html


# -- merging


def test_a_coordinator_merges_efforts_into_an_organization_and_they_keep_what_was_said(
    coordinator: EngageClient, member: EngageClient
) -> None:
    grace = make_organization(name="Grace Church of Riverbend")
    effort, alike = (
        make_effort(who="Grace Church", place="Lower town"),
        make_effort(who="grace church pantry"),
    )
    other = make_effort(who="Sheriff")
    link = f"{LIST}{effort.id}/organization"
    assert coordinator.page(LIST).all(f"a[href='{link}']")
    assert not member.page(LIST).all(f"a[href='{link}']")
    page = coordinator.page(link)
    boxes = {node.attributes["value"]: "checked" in node.attributes for node in page.all("[name=efforts]")}
    assert boxes == {str(effort.id): True, str(alike.id): False}
    assert "It may be: Grace Church of Riverbend." in page.text("#organization-hint")
    fields = {"efforts": [str(effort.id), str(alike.id)], "organization": str(grace.id), "sector": ""}
    assert coordinator.send(link, **fields).location == LIST
    rows = {row.id: row for row in all_efforts()}
    assert [rows[each.id].organization_id for each in (effort, alike, other)] == [grace.id, grace.id, None]
    text = coordinator.page(LIST).text("#assessment-efforts-prevention")
    assert "Grace Church of Riverbend Named as “Grace Church”." in text
    assert "Lower town" in text
    noted = sa.select(HistoryEntry.thing_id, HistoryEntry.new).where(HistoryEntry.field == "organization")
    assert sorted(map(tuple, db.session.execute(noted))) == sorted(
        [(effort.id, str(grace.id)), (alike.id, str(grace.id))]
    )
    unmerged = coordinator.page(f"{LIST}?show=unmerged")
    assert unmerged.texts(".what .row-link") == ["Sheriff"]


def test_a_wrong_merge_is_undone(coordinator: EngageClient, member: EngageClient) -> None:
    grace = make_organization(name="Grace Church of Riverbend")
    effort = make_effort(who="Grace Church", organization_id=grace.id)
    assert "Organization: Grace Church of Riverbend" in coordinator.page(f"{LIST}{effort.id}").text(".lead")
    assert member.send(f"{LIST}{effort.id}/organization/undo").status == 403
    assert coordinator.send(f"{LIST}{effort.id}/organization/undo").status == 303
    assert [(each.organization_id, each.who) for each in all_efforts()] == [(None, "Grace Church")]
    assert db.session.scalars(sa.select(Organization)).one().name == grace.name


def test_an_effort_becomes_a_new_organization_after_a_look_at_those_like_it(
    coordinator: EngageClient,
) -> None:
    make_organization(name="Grace Church of Riverbend")
    effort = make_effort(who="Grace Church")
    link = f"{LIST}{effort.id}/organization"
    assert coordinator.page(link).value("name") == "Grace Church"
    new = {
        "efforts": str(effort.id),
        "organization": "0",
        "name": "Grace Church",
        "sector": "faith",
        "add": "yes",
    }
    page = coordinator.send(link, **new)
    assert page.status == 422
    assert page.texts(".error-summary li") == ["Grace Church of Riverbend"]
    assert all_efforts()[0].organization_id is None
    page = coordinator.send(link, **new, sure=page.value("sure"))
    assert page.status == 303
    made = db.session.get_one(Organization, all_efforts()[0].organization_id)
    assert (made.name, made.sector) == ("Grace Church", "faith")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"efforts": []}, "Choose at least one effort."),
        ({"organization": "0"}, "Choose the organization, or add a new one below."),
        ({"organization": "999"}, "Not a valid choice."),
        ({"add": "yes", "name": ""}, "Enter the organization’s name."),
        ({"add": "yes", "sector": ""}, "Choose the sector it fits best."),
        ({"add": "yes", "name": "Harbor House"}, "This organization is already on the list."),
    ],
)
def test_a_refused_merge_says_why(coordinator: EngageClient, fields: dict[str, object], message: str) -> None:
    house = make_organization(name="Harbor House")
    effort = make_effort(who="The harbor people")
    good = {
        "efforts": str(effort.id),
        "organization": str(house.id),
        "name": "Harbor",
        "sector": "nonprofit",
        "sure": "harbor house",
    }
    page = coordinator.send(f"{LIST}{effort.id}/organization", **{**good, **fields})
    assert page.status == 422
    assert any(error.startswith(message) for error in page.errors), page.errors
    assert all_efforts()[0].organization_id is None


def test_only_a_coordinator_merges(member: EngageClient) -> None:
    effort = make_effort()
    assert member.get(f"{LIST}{effort.id}/organization").status_code == 403
    assert member.send(f"{LIST}{effort.id}/organization", efforts=str(effort.id)).status == 403


def test_another_coalitions_organization_is_no_choice(coordinator: EngageClient) -> None:
    theirs = make_organization(coalition=make_coalition(slug="elsewhere"))
    effort = make_effort()
    fields = {"efforts": str(effort.id), "organization": str(theirs.id)}
    assert coordinator.send(f"{LIST}{effort.id}/organization", **fields).status == 422


def test_the_very_name_of_an_organization_means_it(member: EngageClient) -> None:
    grace = make_organization(name="Grace Church")
    make_organization(name="Grace Church", coalition=make_coalition(slug="elsewhere"))
    assert member.page(f"{LIST}new").all("datalist option[value='Grace Church']")
    member.send(f"{LIST}new", **{**GOOD, "who": "grace  church"})
    assert all_efforts()[0].organization_id == grace.id
    member.send(f"{LIST}new", **{**GOOD, "who": "Grace"})
    assert all_efforts()[1].organization_id is None
