"""Announcements: who reads them where, until when, and what becomes of one that is deleted."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g

from engage import clock
from engage.coalitions.announcements.models import Announcement
from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.rules import GroupKind, Role
from engage.extensions import db
from engage.messages.inbox import pages as inbox_pages
from engage.snapshots import Snapshot
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, saved, signed_in_client

PAGE = "/c/riverbend/announcements/"
HOME = "/c/riverbend/"
TODAY = clock.today("America/Chicago")


def group_of(*people: Membership) -> Group:
    coalition_id = people[0].coalition_id
    made = saved(
        Group(coalition_id=coalition_id, kind=GroupKind.WORKGROUP, name="Housing", sort_key="housing")
    )
    for each in people:
        saved(GroupMember(coalition_id=coalition_id, group_id=made.id, membership_id=each.id))
    return made


def make(by: Membership, title: str = "Potluck", **values: Any) -> Announcement:
    row = {
        "coalition_id": by.coalition_id,
        "title": title,
        "text": "Bring a dish.\nAll are welcome.",
        "until_on": TODAY + timedelta(days=7),
        "posted_at": clock.now(),
        "posted_by_id": by.id,
    }
    return saved(Announcement(**{**row, **values}))


def titles(client: EngageClient, path: str = HOME) -> list[str]:
    where = "#home-announcements strong" if path == HOME else ".announcement h2"
    return client.page(path).texts(where)


def posted(client: EngageClient, **fields: Any) -> Any:
    filled = {"title": "Potluck", "text": "Bring a dish.", "until_on": TODAY.isoformat(), "group": "0"}
    return client.send(f"{PAGE}new", **{**filled, **fields})


def test_what_a_coordinator_posts_stands_on_everyones_home_folded_into_a_line(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    assert posted(coordinator).status == 303
    for client in (coordinator, member, viewer):
        assert titles(client) == titles(client, PAGE) == ["Potluck"]
    home = member.page(HOME)
    assert "open" not in home.one(".home-announcement").attributes
    assert home.text(".home-announcement .announcement-text") == "Bring a dish."
    assert not member.page(PAGE).all("main form")


def test_a_groups_announcement_is_read_by_its_members_and_those_who_post(
    app: Flask, coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    ann = make_membership(name="Ann Lee")
    looks_on = make_membership(name="Vic", role=Role.VIEWER)
    group = group_of(ann, looks_on)
    make(coordinator.membership, group_id=group.id)
    inside = signed_in_client(app, ann)
    readers = {
        "its member": inside,
        "coordinator": coordinator,
        "member": member,
        "viewer": viewer,
        "its viewer": signed_in_client(app, looks_on),
    }
    for path in (HOME, PAGE):
        found = {name for name, client in readers.items() if titles(client, path) == ["Potluck"]}
        assert found == {"its member", "coordinator"}


def test_it_goes_the_day_after_its_last(coordinator: EngageClient, member: EngageClient) -> None:
    row = make(coordinator.membership, until_on=TODAY, is_public=True)
    assert titles(member) == ["Potluck"]
    row.until_on = TODAY - timedelta(days=1)
    db.session.commit()
    assert titles(member) == []
    assert "Potluck" in member.page(PAGE).text("#announcements-over")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"title": ""}, "Write a title."),
        ({"text": ""}, "Write what you want to say."),
        ({"until_on": (TODAY - timedelta(days=1)).isoformat()}, "Choose today or a later day."),
        ({"until_on": "2200-01-01"}, ""),
        ({"group": "99"}, ""),
    ],
)
def test_what_cannot_be_posted_is_kept_in_the_form(
    coordinator: EngageClient, changed: dict[str, str], error: str
) -> None:
    page = posted(coordinator, **changed)
    assert page.status == 422
    assert any(error in each for each in page.errors)
    assert page.value("text") == changed.get("text", "Bring a dish.")
    assert db.session.scalars(sa.select(Announcement)).all() == []


def test_what_looks_like_a_persons_details_is_asked_about_first(coordinator: EngageClient) -> None:
    text = "Ask Dana at 555-867-5309 about the case."
    page = posted(coordinator, text=text)
    assert (page.status, page.value("text")) == (422, text)
    box = page.one("[name='text-accepted']")
    assert posted(coordinator, text=text, **{"text-accepted": box.attributes["value"] or ""}).status == 303


def test_what_is_for_one_group_is_never_public(coordinator: EngageClient) -> None:
    group = group_of(coordinator.membership)
    page = posted(coordinator, group=str(group.id), is_public="y")
    assert (page.status, len(page.errors)) == (422, 1)


def test_the_public_reads_what_was_marked_public_and_nothing_else(
    coordinator: EngageClient, client: EngageClient
) -> None:
    make(coordinator.membership, "Open house", is_public=True)
    make(coordinator.membership, "Only for us")
    make(coordinator.membership, "Long ago", is_public=True, until_on=TODAY - timedelta(days=1))
    coordinator.send("/c/riverbend/reports/public/publish")
    public = coordinator.page("/c/riverbend/reports/public").one("#reports-link").attributes["value"] or ""
    page = client.page(
        public.partition("//")[2].partition("/")[1] + public.partition("//")[2].partition("/")[2]
    )
    assert page.has("Open house") and page.has("All are welcome.")
    assert not page.has("Only for us") and not page.has("Long ago")
    assert not page.has(coordinator.membership.name)


def test_the_inbox_and_the_digest_bring_each_reader_what_is_new(
    app: Flask, coordinator: EngageClient, member: EngageClient
) -> None:
    group = group_of(make_membership(name="Ann Lee"))
    first = make(coordinator.membership)
    make(coordinator.membership, "Housing only", group_id=group.id)
    lines = member.page("/c/riverbend/messages/").text("main")
    assert "Potluck" in lines and "Housing only" not in lines
    with app.test_request_context(HOME):
        g.slug = "riverbend"
        now = clock.now()
        box = inbox_pages.inbox_of(member.membership, now)
        assert [row.title for row in box.lists.new] == ["Potluck"]
        told = inbox_pages.inbox_of(member.membership, now, told_at=first.posted_at)
        assert told.lists.new == []
        own = inbox_pages.inbox_of(coordinator.membership, now)
        assert own.lists.new == []


def test_a_deleted_one_is_gone_everywhere_and_comes_back_with_undo(
    coordinator: EngageClient, member: EngageClient
) -> None:
    row = make(coordinator.membership, is_public=True)
    coordinator.send(f"{PAGE}{row.id}/delete")
    assert titles(member) == titles(member, PAGE) == []
    undo = coordinator.page(PAGE).one("form.undo").attributes["action"] or ""
    coordinator.send(undo)
    assert titles(member) == ["Potluck"]
    assert db.session.scalars(sa.select(Announcement.is_public)).one() is True


def test_without_its_group_it_comes_back_to_no_one(coordinator: EngageClient, member: EngageClient) -> None:
    group = group_of(coordinator.membership)
    row = make(coordinator.membership, "For housing", group_id=group.id)
    coordinator.send(f"{PAGE}{row.id}/delete")
    coordinator.send(f"/c/riverbend/people/groups/{group.id}/delete")
    of_row, of_group = db.session.scalars(sa.select(Snapshot).order_by(Snapshot.id)).all()
    refused = coordinator.send(f"/c/riverbend/settings/trash/{of_row.id}/restore")
    assert refused.status == 409 and refused.has("The group it was for is gone.")
    assert titles(member) == []
    coordinator.send(f"/c/riverbend/settings/trash/{of_group.id}/restore")
    assert coordinator.send(f"/c/riverbend/settings/trash/{of_row.id}/restore").status == 303
    assert (titles(member), titles(coordinator)) == ([], ["For housing"])


def test_a_group_takes_its_announcements_along_and_brings_them_back(coordinator: EngageClient) -> None:
    group = group_of(coordinator.membership)
    make(coordinator.membership, "For housing", group_id=group.id)
    coordinator.send(f"/c/riverbend/people/groups/{group.id}/delete")
    assert titles(coordinator) == []
    copy = db.session.scalars(sa.select(Snapshot)).one()
    coordinator.send(f"/c/riverbend/settings/trash/{copy.id}/restore")
    assert titles(coordinator) == ["For housing"]
    assert db.session.scalars(sa.select(Announcement.group_id)).one() is not None


def test_two_who_change_one_at_once_lose_nothing(coordinator: EngageClient) -> None:
    row = make(coordinator.membership)
    fields = {"title": "Potluck", "text": "Mine", "until_on": TODAY.isoformat(), "group": "0", "version": "1"}
    assert coordinator.send(f"{PAGE}{row.id}/edit", **fields).status == 303
    late = coordinator.send(f"{PAGE}{row.id}/edit", **{**fields, "text": "Theirs"})
    assert (late.status, late.value("text")) == (409, "Theirs")
    assert late.has("Mine")


def test_another_coalitions_announcements_do_not_exist(
    coordinator: EngageClient, member: EngageClient
) -> None:
    theirs = make(make_membership(coalition=make_coalition(slug="lakeside"), role=Role.COORDINATOR))
    assert titles(coordinator) == titles(coordinator, PAGE) == []
    for path in ("edit", "delete"):
        assert coordinator.send(f"{PAGE}{theirs.id}/{path}", version="1").status == 404
    assert member.get(f"{PAGE}new").status_code == 403


def test_home_shows_three_lines_for_one_query_however_many_there_are(
    coordinator: EngageClient, member: EngageClient
) -> None:
    def asked() -> int:
        with counted_queries() as statements:
            member.page(HOME)
        return len(statements)

    none = asked()
    for number in range(9):
        make(coordinator.membership, f"Number {number}")
    assert asked() == none
    home = member.page(HOME)
    assert len(home.all(".home-announcement")) == 3
    assert home.text("#home-announcements > p") == "All 9 announcements"


def test_one_press_opens_a_letter_with_its_words_to_those_it_is_for(coordinator: EngageClient) -> None:
    group = group_of(coordinator.membership)
    row = make(coordinator.membership, "For housing", group_id=group.id)
    link = coordinator.page(PAGE).one(f"#announcements-{row.id} a[href*='write']").attributes["href"] or ""
    page = coordinator.page(link)
    assert (page.value("subject"), page.value("to")) == ("For housing", f"group:{group.id}")
    assert "Bring a dish.\nAll are welcome." in page.value("text")
