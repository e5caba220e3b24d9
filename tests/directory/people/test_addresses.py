"""The addresses of everyone, a group, a meeting and a round: to copy, as a file, and who has none."""

import csv
import io

import pytest

from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.rules import GroupKind
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, make_round, saved
from tests.meetings.rows import make_meeting

ADDRESSES = "/c/riverbend/people/addresses"


def email_of(person: Membership) -> str:
    assert person.user is not None
    return person.user.email


@pytest.fixture
def ann(coordinator: EngageClient) -> Membership:
    return make_membership(name="Ann Lee")


def group_of(*people: Membership) -> Group:
    group = saved(
        Group(
            coalition_id=people[0].coalition_id, kind=GroupKind.WORKGROUP, name="Housing", sort_key="housing"
        )
    )
    for each in people:
        saved(GroupMember(coalition_id=each.coalition_id, group_id=group.id, membership_id=each.id))
    return group


def copied(coordinator: EngageClient, to: str = "") -> list[str]:
    text = coordinator.page(f"{ADDRESSES}?to={to}").one("#coalitions-emails").text()
    return sorted(text.split(", "))


def rows_of(coordinator: EngageClient, to: str = "") -> dict[str, str]:
    answer = coordinator.get(f"{ADDRESSES}.csv?to={to}")
    assert answer.mimetype == "text/csv"
    return {row["Name"]: row["E-mail"] for row in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))}


def test_everyone_is_copied_and_who_has_no_address_is_named(
    coordinator: EngageClient, ann: Membership
) -> None:
    make_membership(name="Uma Untold", understood_at=None)
    make_membership(name="=1+1", user=None, email="pat@example.org")
    me = coordinator.membership
    assert copied(coordinator) == sorted([email_of(me), email_of(ann), "pat@example.org"])
    assert coordinator.page("/c/riverbend/people/").one(f"main a[href='{ADDRESSES}']")
    page = coordinator.page(ADDRESSES)
    assert page.text("#coalitions-without-address li") == "Uma Untold"
    assert rows_of(coordinator) == {
        "'=1+1": "pat@example.org",
        "Ann Lee": email_of(ann),
        "Maria Santos": email_of(me),
        "Uma Untold": "",
    }


def test_a_group_a_meeting_and_a_round_lead_to_the_addresses_of_their_people(
    coordinator: EngageClient, ann: Membership
) -> None:
    make_membership(name="Ben Cho")
    group, round_, me = group_of(ann), make_round(), coordinator.membership
    of_group, of_all = make_meeting(me, group_id=group.id), make_meeting(me)
    kinds = {
        f"group:{group.id}": (f"people/groups/{group.id}", 1),
        f"meeting:{of_group.id}": (f"meetings/{of_group.id}/", 1),
        f"meeting:{of_all.id}": (f"meetings/{of_all.id}/", 3),
        f"round:{round_.id}": (f"assessment/rounds/{round_.id}/respondents/", 3),
    }
    for to, (path, count) in kinds.items():
        page = coordinator.page(f"/c/riverbend/{path}")
        assert page.one(f"main a[href='{ADDRESSES}?to={to}']")
        assert len(copied(coordinator, to)) == len(rows_of(coordinator, to)) == count
        assert email_of(ann) in copied(coordinator, to)


@pytest.mark.parametrize("kind", ["group", "meeting", "user", "group:", "group:-1", "group:1e9", "x:1"])
def test_what_is_not_here_has_no_addresses(coordinator: EngageClient, kind: str) -> None:
    other = make_coalition(slug="lakeside", name="Lakeside")
    theirs = make_membership(coalition=other)
    numbers = {"group": group_of(theirs).id, "meeting": make_meeting(theirs).id}
    to = f"{kind}:{numbers[kind]}" if kind in numbers else kind
    for path in (ADDRESSES, f"{ADDRESSES}.csv"):
        assert coordinator.get(f"{path}?to={to}").status_code == 404


def test_the_list_costs_the_same_for_many_people(coordinator: EngageClient) -> None:
    def asked() -> list[int]:
        found = []
        for path in (ADDRESSES, f"{ADDRESSES}.csv"):
            with counted_queries() as statements:
                assert coordinator.get(path).status_code == 200
            found.append(len(statements))
        return found

    few = asked()
    for _each in range(30):
        make_membership()
    assert asked() == few
