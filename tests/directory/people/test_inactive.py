"""People and organizations that were not heard from for a while: who sees them, and a text to reach out."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from babel.dates import format_date
from flask import Flask

from engage import clock
from engage.checklist.models import Item
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import MeetingKind, Mode
from engage.partners.models import Conversation, Organization
from engage.plan.models import Action, Update
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_affiliation,
    make_coalition,
    make_membership,
    make_organization,
    make_plan,
    make_response,
    make_round,
    saved,
    signed_in_client,
    the_coalition,
)

PEOPLE = "/c/riverbend/people/"
QUIET = f"{PEOPLE}?quiet=yes"
PARTNERS = "/c/riverbend/partners/"


def moment(days_ago: int) -> datetime:
    return clock.now() - timedelta(days=days_ago)


def day(days_ago: int) -> date:
    return clock.today("America/Chicago") - timedelta(days=days_ago)


def make_old(**values: Any) -> Membership:
    return make_membership(**{"joined_at": moment(400), **values})


def make_meeting(days_ago: int) -> Meeting:
    return saved(
        Meeting(
            coalition_id=the_coalition().id,
            kind=MeetingKind.GENERAL,
            title="General",
            starts_at=moment(days_ago),
            created_at=moment(days_ago),
        )
    )


def attends(person: Membership, days_ago: int, **values: Any) -> Attendance:
    here = {"coalition_id": person.coalition_id, "meeting_id": make_meeting(days_ago).id}
    return saved(Attendance(**{**here, "membership_id": person.id, **values}))


def talks(person: Membership, days_ago: int, organization: Organization | None = None) -> None:
    organization = organization or make_organization()
    saved(
        Conversation(
            coalition_id=person.coalition_id,
            organization_id=organization.id,
            happened_on=day(days_ago),
            written_at=moment(days_ago),
            written_by_id=person.id,
        )
    )


def writes(person: Membership, days_ago: int) -> None:
    action = make_action(make_plan(), owner_id=person.id)
    here = {"coalition_id": person.coalition_id, "action_id": action.id}
    saved(Update(**here, author_id=person.id, written_at=moment(days_ago), text="Two more rooms."))


def notes(person: Membership, days_ago: int, thing: str, field: str, new: str) -> None:
    here = {"coalition_id": person.coalition_id, "actor_id": person.id, "thing_id": 1}
    saved(HistoryEntry(**here, happened_at=moment(days_ago), thing=thing, field=field, new=new))


def closes(person: Membership, days_ago: int) -> None:
    notes(person, days_ago, Action.__tablename__, "status", "done")


def ticks(person: Membership, days_ago: int) -> None:
    notes(person, days_ago, Item.__tablename__, "state", "done")


def names(client: EngageClient) -> list[str]:
    return client.page(QUIET).texts("#coalitions-quiet li .row-link")


@pytest.mark.parametrize(
    ("does", "words"),
    [
        (attends, "Came to a meeting"),
        (talks, "Talked with an organization"),
        (writes, "Wrote an update"),
        (closes, "Closed an action"),
        (ticks, "Updated a tip"),
    ],
)
def test_whatever_someone_does_is_a_sign_for_so_many_days(
    coordinator: EngageClient, does: Callable[[Membership, int], None], words: str
) -> None:
    ann = make_old(name="Ann Lee")
    assert names(coordinator) == ["Ann Lee"]
    does(ann, 120)
    page = coordinator.page(QUIET)
    said = page.text(f"#coalitions-quiet-{ann.id} p")
    assert said.startswith(f"{words} on ") and str(day(120).day) in said
    does_again = talks if does is writes else does
    does_again(ann, 30)
    assert names(coordinator) == []


def test_who_joined_lately_has_left_or_looks_on_is_not_on_the_list(coordinator: EngageClient) -> None:
    make_membership(name="Just Here", joined_at=moment(20))
    make_old(name="Gone", left_on=day(3))
    make_old(name="Paused", disabled_at=moment(3))
    make_old(name="Waits", approved_at=None)
    make_old(name="Funder", role=Role.VIEWER)
    make_old(name="Elsewhere", coalition=make_coalition())
    here = make_old(name="Without Account", user=None)
    page = coordinator.page(QUIET)
    assert page.texts("#coalitions-quiet li .row-link") == ["Without Account"]
    assert "nothing recorded yet" in page.text(f"#coalitions-quiet-{here.id} p")


def test_neither_signing_in_nor_answering_is_a_sign(app: Flask, coordinator: EngageClient) -> None:
    ann = make_old(name="Ann Lee")
    round_ = make_round()
    make_response(round_, ann, {})
    signed_in_client(app, ann).page("/c/riverbend/")
    assert names(coordinator) == ["Ann Lee"]


def test_sending_word_and_a_meeting_to_come_are_no_signs(coordinator: EngageClient) -> None:
    ann = make_old(name="Ann Lee")
    attends(ann, 5, mode=Mode.EXCUSED)
    attends(ann, -5)
    assert names(coordinator) == ["Ann Lee"]


def test_the_number_of_days_is_the_coalitions_own(coordinator: EngageClient) -> None:
    ann = make_old(name="Ann Lee")
    talks(ann, 30)
    assert names(coordinator) == []
    coordinator.membership.coalition.quiet_days = 14
    db.session.commit()
    assert names(coordinator) == ["Ann Lee"]
    assert coordinator.page(QUIET).text("h1") == "Inactive 14 days"


def test_who_is_quiet_longest_is_first(coordinator: EngageClient) -> None:
    ann, bob = make_old(name="Ann Lee"), make_old(name="Bob Ray")
    talks(ann, 100)
    talks(bob, 200)
    assert names(coordinator) == ["Bob Ray", "Ann Lee"]


def test_only_coordinators_see_who_is_quiet(member: EngageClient, viewer: EngageClient) -> None:
    ann = make_old(name="Ann Lee")
    page = member.page(QUIET)
    assert page.text("h1") == "People"
    assert page.all("#coalitions-quiet, a[href*='quiet=yes']") == []
    assert member.get(f"{PEOPLE}{ann.id}/reach-out").status_code == 403
    assert viewer.get(QUIET).status_code == 403


def test_a_ready_text_reaches_out_and_blames_no_one(coordinator: EngageClient) -> None:
    ann = make_old(name="Ann Lee")
    link = coordinator.page(QUIET).one(f"#coalitions-quiet-{ann.id} .btn").attributes["href"] or ""
    page = coordinator.page(link)
    text = page.text("#coalitions-reach-out")
    assert text.startswith("Hello Ann,") and text.endswith(coordinator.membership.name)
    for word in ("90", "days", "inactive", "missed", "late", "should have"):
        assert word not in text
    elsewhere, gone = make_old(coalition=make_coalition()), make_old(left_on=day(1))
    for person in (elsewhere, gone):
        assert coordinator.get(f"{PEOPLE}{person.id}/reach-out").status_code == 404


def test_the_list_asks_as_often_for_one_as_for_twenty(coordinator: EngageClient) -> None:
    def asked() -> int:
        with counted_queries() as statements:
            coordinator.page(QUIET)
        return len(statements)

    talks(make_old(), 100)
    before = asked()
    for number in range(19):
        talks(make_old(name=f"Person X{number}"), 100)
    assert asked() == before


# -- organizations


def quiet_organizations(client: EngageClient) -> list[str]:
    return client.page(f"{PARTNERS}?quiet=yes").texts("#partners-organizations .what a")


def test_the_directory_finds_organizations_of_which_nothing_was_heard(member: EngageClient) -> None:
    def since(name: str, days_ago: int = 400) -> Organization:
        return make_organization(name=name, created_at=moment(days_ago))

    since("A Quiet")
    since("B New", 20)
    talks(make_old(), 20, since("C Talked"))
    talks(make_old(), 200, since("D Talked long ago"))
    active, church = make_old(), since("E Active person")
    make_affiliation(active, church)
    ticks(active, 10)
    person, hospital = make_old(), since("F Quiet person")
    make_affiliation(person, hospital)
    ticks(person, 200)
    attends(member.membership, 10, membership_id=None, guest="Someone", organization_id=since("G Guest").id)
    assert quiet_organizations(member) == ["A Quiet", "D Talked long ago", "F Quiet person"]
    told = member.page(f"{PARTNERS}?quiet=yes").texts("#partners-organizations .what .small-muted")
    assert [line.partition("No contact so far")[1] for line in told] == ["No contact so far", "", ""]
    on = format_date(day(200), "medium", locale="en_US")
    assert [line.endswith(f"Last contact on {on}") for line in told] == [False, True, True]
    assert not member.page(PARTNERS).has("Last contact on")


def test_the_people_page_says_how_many_are_quiet_to_coordinators(coordinator: EngageClient) -> None:
    make_old(name="Quiet One")
    make_old(name="Quiet Two")
    assert coordinator.page(PEOPLE).text(f"a[href='{QUIET}']") == "Inactive 90 days (2)"
    make_old(role=Role.VIEWER)
    assert coordinator.page(PEOPLE).text(f"a[href='{QUIET}']") == "Inactive 90 days (2)"


def test_a_viewer_is_not_told_of_whom_nothing_was_heard(viewer: EngageClient) -> None:
    make_organization(name="A Quiet", created_at=moment(400))
    make_organization(name="B New")
    page = viewer.page(f"{PARTNERS}?quiet=yes")
    assert len(page.texts("#partners-organizations .what a")) == 2
    assert page.all("[name=quiet]") == []
