"""Serves the core team and workgroups."""

from datetime import date

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.rules import GroupKind
from engage.extensions import db
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, saved

GROUPS = "/c/riverbend/people/groups/"
SCHOOLS = {"kind": "workgroup", "name": "Schools", "purpose": "Teach staff what to look for", "lead": "0"}


def every_group() -> list[Group]:
    return list(db.session.scalars(sa.select(Group).order_by(Group.id)))


def member_ids(group: Group) -> set[int]:
    rows = sa.select(GroupMember.membership_id).where(GroupMember.group_id == group.id)
    return set(db.session.scalars(rows))


def make_group(name: str = "Schools", kind: GroupKind = GroupKind.WORKGROUP, coalition_id: int = 0) -> Group:
    made: Group = saved(
        Group(
            coalition_id=coalition_id or make_membership().coalition_id,
            kind=kind,
            name=name,
            sort_key=name.casefold(),
        )
    )
    return made


def test_an_empty_page_says_what_groups_are_for(coordinator: EngageClient, member: EngageClient) -> None:
    assert coordinator.page(GROUPS).one(".empty .btn-primary").text() == "Start the core team"
    assert not member.page(GROUPS).all(".empty .btn-primary")


def test_a_group_has_lead_members_and_a_review_date(coordinator: EngageClient, member: EngageClient) -> None:
    ann, bob = make_membership(name="Ann Lee"), make_membership(name="Bob Ray", user=None)
    fields = {**SCHOOLS, "lead": str(ann.id), "members": [str(bob.id)], "review_on": "2027-03-01"}
    answer = coordinator.send(f"{GROUPS}new", **fields)
    group = every_group()[0]
    assert answer.location == f"{GROUPS}{group.id}"
    assert member_ids(group) == {ann.id, bob.id}
    page = member.page(f"{GROUPS}{group.id}")
    assert page.has("Lead: Ann Lee") and page.has("March 1, 2027")
    assert page.texts("#coalitions-members li") == ["Ann Lee Lead", "Bob Ray"]
    assert member.page(GROUPS).has("2 people")
    assert "Schools" in member.page("/c/riverbend/people/").text(f"#coalitions-person-{bob.id}")


def test_there_is_at_most_one_core_team(coordinator: EngageClient) -> None:
    make_group("Core team", GroupKind.CORE_TEAM)
    page = coordinator.send(f"{GROUPS}new", **{**SCHOOLS, "kind": "core_team"})
    assert page.status == 422
    assert page.errors == ["There is already a core team. A coalition has only one."]
    assert page.value("purpose") == SCHOOLS["purpose"]
    assert len(every_group()) == 1


def test_a_name_is_there_once(coordinator: EngageClient) -> None:
    make_group("Schools")
    page = coordinator.send(f"{GROUPS}new", **{**SCHOOLS, "name": "SCHOOLS"})
    assert page.status == 422
    assert page.errors == ["There is already a group with this name."]


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"purpose": "x" * 300_000},
        {"purpose": "a\0"},
        {"kind": "club"},
        {"lead": "999999"},
        {"lead": "9" * 40},
        {"members": ["999999"]},
        {"members": ["x"]},
        {"review_on": "soon"},
        {"review_on": "9999-01-01"},
    ],
)
def test_a_refused_group_is_not_made(coordinator: EngageClient, changed: dict[str, object]) -> None:
    page = coordinator.send(f"{GROUPS}new", **{**SCHOOLS, **changed})
    assert page.status == 422
    assert page.errors
    assert every_group() == []


def test_people_of_another_coalition_are_unknown_choices(coordinator: EngageClient) -> None:
    foreign = str(make_membership(coalition=make_coalition()).id)
    assert coordinator.send(f"{GROUPS}new", **{**SCHOOLS, "lead": foreign}).status == 422
    assert coordinator.send(f"{GROUPS}new", **SCHOOLS, members=[foreign]).status == 422
    assert every_group() == []


def test_editing_changes_who_is_in_it(coordinator: EngageClient) -> None:
    ann = make_membership(name="Ann Lee")
    coordinator.send(f"{GROUPS}new", **SCHOOLS, members=[str(ann.id)])
    group = every_group()[0]
    page = coordinator.page(f"{GROUPS}{group.id}/edit")
    assert page.value("name") == "Schools"
    assert "checked" in page.one(f"input[name=members][value='{ann.id}']").attributes
    me = str(coordinator.membership.id)
    fields = {**SCHOOLS, "name": "Schools and youth", "lead": me, "version": page.value("version")}
    assert coordinator.send(f"{GROUPS}{group.id}/edit", **fields).status == 303
    db.session.expire_all()
    assert (every_group()[0].name, member_ids(group)) == ("Schools and youth", {coordinator.membership.id})


def test_of_two_who_edit_at_once_the_second_sees_both_texts(coordinator: EngageClient) -> None:
    group = make_group()
    first = {**SCHOOLS, "purpose": "First", "version": "1"}
    coordinator.send(f"{GROUPS}{group.id}/edit", **first)
    page = coordinator.send(f"{GROUPS}{group.id}/edit", **{**first, "purpose": "Second"})
    assert page.status == 409
    assert page.texts(".conflict-text") == ["First", "Second"]
    assert page.value("purpose") == "Second"
    again = {**first, "purpose": "Second", "version": page.value("version")}
    assert coordinator.send(f"{GROUPS}{group.id}/edit", **again).status == 303
    assert every_group()[0].purpose == "Second"


def test_all_that_the_other_changed_in_a_group_is_named(coordinator: EngageClient) -> None:
    group, ann, bob = (
        make_group(),
        make_membership(name="Ann Lee"),
        make_membership(name="Bob Ray", user=None),
    )
    edit, mine = f"{GROUPS}{group.id}/edit", {**SCHOOLS, "version": "1"}
    others = {
        **mine,
        "lead": str(ann.id),
        "members": [str(ann.id)],
        "review_on": "2027-03-01",
        "is_open": "y",
    }
    coordinator.send(edit, **others)
    page = coordinator.send(edit, **{**mine, "members": [str(bob.id)]})
    assert page.status == 409
    shown = [
        "Someone saved this group after you opened it",
        *(f"Two versions of: {each}" for each in ("Lead", "Members", "Review date", "Open to anyone here")),
    ]
    assert page.texts(".two-texts h2") == shown
    texts = [["Ann Lee", "No one yet"], ["Ann Lee", "Bob Ray"], ["March 1, 2027", "(empty)"], ["Yes", "No"]]
    assert page.texts(".conflict-text") == [text for pair in texts for text in pair]


def test_a_second_press_says_that_the_group_was_saved(coordinator: EngageClient) -> None:
    group = make_group()
    pressed = {**SCHOOLS, "version": "1"}
    coordinator.send(f"{GROUPS}{group.id}/edit", **pressed)
    page = coordinator.send(f"{GROUPS}{group.id}/edit", **pressed)
    assert page.status == 409
    assert page.texts(".two-texts h2") == ["Someone saved this group after you opened it"]


def test_renaming_onto_another_group_is_refused(coordinator: EngageClient) -> None:
    make_group("Youth")
    group = make_group("Schools")
    fields = {**SCHOOLS, "name": "youth", "version": "1"}
    page = coordinator.send(f"{GROUPS}{group.id}/edit", **fields)
    assert page.status == 422
    assert page.errors == ["There is already a group with this name."]
    assert [row.name for row in every_group()] == ["Youth", "Schools"]


def test_deleting_a_group_leaves_its_people(coordinator: EngageClient) -> None:
    ann = make_membership(name="Ann Lee")
    coordinator.send(f"{GROUPS}new", **SCHOOLS, members=[str(ann.id)])
    group = every_group()[0]
    asks = (
        coordinator.page(f"{GROUPS}{group.id}").one(f"details:has(form[action$='/{group.id}/delete'])").text()
    )
    assert f"Delete “{group.name}”" in asks
    assert "It goes to the trash, and can be restored from there for 30 days." in asks
    assert coordinator.send(f"{GROUPS}{group.id}/delete").location == GROUPS
    assert every_group() == []
    assert coordinator.page("/c/riverbend/people/").has("Ann Lee")


def test_whoever_left_meanwhile_does_not_come_back_with_the_group(coordinator: EngageClient) -> None:
    ann, bo = make_membership(name="Ann Lee"), make_membership(name="Bo Ruiz")
    coordinator.send(f"{GROUPS}new", **{**SCHOOLS, "lead": str(ann.id)}, members=[str(ann.id), str(bo.id)])
    gone = coordinator.send(f"{GROUPS}{every_group()[0].id}/delete")
    db.session.get_one(Membership, ann.id).left_on = date(2026, 3, 1)

    undo = coordinator.page(gone.location or "").one("form.undo").attributes["action"] or ""
    page = coordinator.page(coordinator.send(undo).location or "")

    assert page.has("Ann Lee has left: no one leads it now.")
    assert member_ids(every_group()[0]) == {bo.id}


def test_members_see_and_do_not_change_groups(member: EngageClient) -> None:
    group = make_group()
    member.page(f"{GROUPS}{group.id}")
    assert member.get(f"{GROUPS}new").status_code == 403
    assert member.get(f"{GROUPS}{group.id}/edit").status_code == 403
    for post in ("new", f"{group.id}/edit", f"{group.id}/delete"):
        assert member.send(f"{GROUPS}{post}", **SCHOOLS).status == 403


def test_another_coalitions_group_does_not_exist(coordinator: EngageClient) -> None:
    foreign = make_group(coalition_id=make_coalition().id)
    assert coordinator.get(f"{GROUPS}{foreign.id}").status_code == 404
    assert coordinator.get(f"{GROUPS}{foreign.id}/edit").status_code == 404
    assert coordinator.send(f"{GROUPS}{foreign.id}/edit", **SCHOOLS, version="1").status == 404
    assert coordinator.send(f"{GROUPS}{foreign.id}/delete").status == 404
    assert len(every_group()) == 1


def test_who_left_is_not_counted_or_shown(coordinator: EngageClient) -> None:
    group = make_group()
    gone = make_membership(name="Gone", left_on=clock.today("America/Chicago"))
    saved(GroupMember(coalition_id=gone.coalition_id, group_id=group.id, membership_id=gone.id))
    assert coordinator.page(GROUPS).has("0 people")
    assert not coordinator.page(f"{GROUPS}{group.id}").has("Gone")


def test_ten_groups_take_as_many_queries_as_one(coordinator: EngageClient) -> None:
    def counted() -> int:
        with counted_queries() as statements:
            coordinator.page(GROUPS)
        return len(statements)

    make_group("First")
    one = counted()
    for number in range(9):
        make_group(f"Group {number}")
    assert counted() == one
