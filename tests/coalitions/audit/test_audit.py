"""The audit log: what is recorded and who did it, that no one can change it, the page, its filters and its file."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from engage import clock
from engage.coalitions.audit import downloads
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.labels import DOWNLOAD_LABELS, EVENT_LABELS
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import GROUPS, AuditEvent, AuditFilters, AuditGroup
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.operations.daily import tick
from engage.plan.rules import PlanStatus
from engage.plan.undo.service import trash
from engage.reports.models import FramingSite
from engage.reports.public import service as public_service
from engage.reports.public.rules import Called, ChosenForPublic
from engage.reports.tables.models import LiveLink
from engage.snapshots import Snapshot
from engage.strengths.votes.rules import VoteState
from tests import rows
from tests.client import EngageClient
from tests.coalitions.settings.test_settings import FIELDS, HELP
from tests.databases import counted_queries
from tests.factories import (
    PASSWORD,
    make_action,
    make_coalition,
    make_goal,
    make_membership,
    make_plan,
    make_round,
    make_user,
    signed_in_client,
)
from tests.html import Page
from tests.partners import steps
from tests.strengths.votes.rows import make_vote
from tests.test_every_route import inside, looks

HERE = "/c/riverbend/"
LOG = f"{HERE}settings/audit/"
E = AuditEvent
TOWN = "https://www.town.example"
LATER = (clock.today("America/Chicago") + timedelta(days=7)).isoformat()


@dataclass
class World:
    """The world of a test: Maria coordinates, `person` is a member, `client` is Maria's browser."""

    app: Flask
    client: EngageClient
    person: Membership

    @property
    def me(self) -> Membership:
        return self.client.membership

    def send(self, path: str, **fields: Any) -> Page:
        answer = self.client.send(f"{HERE}{path}", **fields)
        assert answer.status in {200, 303}, answer.errors
        return answer


@pytest.fixture
def world(app: Flask, coordinator: EngageClient) -> World:
    make_membership(role=Role.COORDINATOR, name="Otto")
    return World(app, coordinator, make_membership(name="Ann Lee"))


def entries() -> list[AuditEntry]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))


def waiting(world: World) -> Membership:
    return make_membership(name="Wendy", approved_at=None)


def joined(world: World) -> None:
    made = invitations_service.invite_openly(world.me, Role.MEMBER, 30, 1)
    db.session.commit()
    browser = world.app.test_client()
    assert isinstance(browser, EngageClient)
    browser.get(f"/join/{invitations_service.token_of(made)}")
    assert browser.send("/join", name="Nora", email="nora@example.org", password=PASSWORD).status == 303


def revoked(world: World) -> None:
    made = invitations_service.invite_openly(world.me, Role.MEMBER, 30, 1)
    db.session.commit()
    world.send(f"people/invitations/{made.id}/revoke")


def given_back(world: World) -> None:
    values = {"revoked_at": clock.now(), "expires_at": clock.now() + timedelta(days=30), "uses_left": 1}
    table = db.metadata.tables["coalitions_invitation"]
    key = rows.insert(table, values, coalition=world.me.coalition_id)
    db.session.commit()
    world.send(f"people/invitations/{key}/give-back")


def deleted_for_good(world: World) -> None:
    trash.delete_action(world.me, make_action(make_plan()))
    db.session.commit()
    copy = db.session.scalars(sa.select(Snapshot).where(Snapshot.kept_for == "trash")).one()
    world.send(f"settings/trash/{copy.id}/delete")


def imported(world: World, at: str, content: str) -> None:
    page = steps.preview(world.client, content, at=f"{HERE}{at}")
    assert steps.save(world.client, page, at=f"{HERE}{at}").status == 303


def brought_in(world: World) -> None:
    page = steps.upload(world.client, "Name,E-mail\nPat Doe,pat@example.org\n", f"{HERE}people/import/")
    fields = {**steps.sent(page, "#imports-preview"), "people": "2", "do": "links"}
    assert world.send("people/import/save", **fields).status == 303


def undone_import(world: World) -> None:
    imported(world, "plan/import/", "Action\nTrain clerks\n")
    key = db.session.scalars(sa.select(Snapshot.id)).one()
    world.send(f"settings/imports/{key}/undo")


def published(world: World) -> None:
    goal = make_goal(make_plan(status=PlanStatus.ADOPTED, adopted_on=date(2026, 1, 1)))
    public_service.save(world.me, 0, ChosenForPublic(goals={goal.id: Called("Beds for boys", True)}))
    db.session.commit()
    world.send("reports/public/publish")


def renewed(world: World) -> None:
    published(world)
    world.send("reports/public/renew")


def site_removed(world: World) -> None:
    world.send("reports/public/sites", origin=TOWN)
    site = db.session.scalars(sa.select(FramingSite)).one()
    world.send(f"reports/public/sites/{site.id}/remove")


def live_link(world: World) -> int:
    seen = world.client.page("/c/riverbend/reports/tables/new").value("seen")
    world.send("reports/tables/new", name="The county", seen=seen)
    return db.session.scalars(sa.select(LiveLink.id)).one()


def let_through(world: World) -> None:
    live_link(world)
    make_action(make_plan(), title="New here")
    world.send("reports/tables/titles", seen=world.client.page("/c/riverbend/reports/tables").value("seen"))


def taken_back(world: World) -> None:
    published(world)
    world.send("reports/public/revoke")


def calendar(world: World, stop: bool = False) -> None:
    world.client.send("/account/calendar")
    if stop:
        world.client.send("/account/calendar/stop")


def paused(world: World) -> None:
    world.send(f"people/{world.person.id}/disable")


def handed_over(world: World, from_: Membership, to: Membership) -> None:
    make_action(make_plan(), owner_id=from_.id)
    world.send(f"people/{'me' if from_ is world.me else from_.id}/hand-over", to=str(to.id))


def vote(world: World, state: VoteState, step: str) -> None:
    made = make_vote(world.me, state=state)
    world.send(f"strengths/votes/{made.id}/{step}")


def away(world: World, path: str, **fields: Any) -> None:
    """Does it as Ann herself."""
    browser = signed_in_client(world.app, world.person)
    assert browser.send(f"{HERE}{path}", **fields).status == 303


Step = Callable[[World], Any]
# Every view that must record, what, and one way to make it do so.
RECORDS: dict[tuple[str, AuditEvent], Step] = {
    ("coalitions.invite", E.INVITATION_MADE): lambda w: w.send(
        "people/invitations/bound", addresses="ann@example.org", role="member", days="30"
    ),
    ("coalitions.invite_openly", E.INVITATION_MADE): lambda w: w.send(
        "people/invitations/open", role="viewer", days="30", uses="3", label=""
    ),
    ("coalitions.invite_to_claim", E.INVITATION_MADE): lambda w: w.send(
        f"people/{make_membership(user_id=None, user=None, name='Pat').id}/invite",
        claim_email="p@example.org",
        days="30",
    ),
    ("coalitions.revoke_invitation", E.INVITATION_REVOKED): revoked,
    ("coalitions.give_back_invitation", E.INVITATION_MADE): given_back,
    ("join.accept", E.INVITATION_USED): joined,
    ("coalitions.save_new_person", E.PERSON_ADDED): lambda w: w.send("people/add", name="Pat Doe", email=""),
    ("coalitions.approve", E.PERSON_APPROVED): lambda w: w.send(f"people/{waiting(w).id}/approve"),
    ("coalitions.decline", E.PERSON_DECLINED): lambda w: w.send(f"people/{waiting(w).id}/decline"),
    ("coalitions.set_role", E.ROLE_CHANGED): lambda w: w.send(f"people/{w.person.id}/role", role="viewer"),
    ("coalitions.disable", E.ACCESS_PAUSED): paused,
    ("coalitions.enable", E.ACCESS_RESTORED): lambda w: (paused(w), w.send(f"people/{w.person.id}/enable")),
    ("coalitions.confirm_removal", E.PERSON_REMOVED): lambda w: w.send(f"people/{w.person.id}/remove"),
    ("coalitions.confirm_hand_over", E.HANDED_OVER): lambda w: handed_over(w, w.person, w.me),
    ("coalitions.confirm_hand_over_mine", E.HANDED_OVER): lambda w: handed_over(w, w.me, w.person),
    ("coalitions.confirm_leaving", E.PERSON_LEFT): lambda w: away(w, "people/me/leave"),
    ("coalitions.make_password_link", E.PASSWORD_LINK_MADE): lambda w: w.send(
        f"people/{w.person.id}/password-link"
    ),
    ("coalitions.save_settings", E.SETTING_CHANGED): lambda w: w.send("settings/", **FIELDS),
    ("coalitions.save_about_us", E.SETTING_CHANGED): lambda w: w.send(
        "about/edit/set-up", stage="existing", version="0"
    ),
    ("coalitions.save_data", E.SETTING_CHANGED): lambda w: w.send("settings/data", months="3"),
    ("coalitions.save_help_lines", E.SETTING_CHANGED): lambda w: w.send("settings/help-lines", **HELP),
    ("partners.save_expected", E.SETTING_CHANGED): lambda w: w.send(
        "partners/coverage/expected", sectors=["residents"], version="1"
    ),
    ("plan.save_rows", E.IMPORTED): lambda w: imported(w, "plan/import/", "Action\nTrain clerks\n"),
    ("partners.save_rows", E.IMPORTED): lambda w: imported(
        w, "partners/import/", "Organization,Type\nGrace Church,Churches\n"
    ),
    ("coalitions.bring_people_in", E.PERSON_ADDED): brought_in,
    ("coalitions.bring_people_in", E.INVITATION_MADE): brought_in,
    ("coalitions.bring_people_in", E.IMPORTED): brought_in,
    ("coalitions.confirm_undo_import", E.IMPORT_UNDONE): undone_import,
    ("reports.publish", E.PUBLIC_LINK_MADE): published,
    ("reports.renew", E.PUBLIC_LINK_RENEWED): renewed,
    ("reports.revoke", E.PUBLIC_LINK_REVOKED): taken_back,
    ("reports.name_site", E.SITE_NAMED): lambda w: w.send("reports/public/sites", origin=TOWN),
    ("reports.remove_site", E.SITE_REMOVED): site_removed,
    ("reports.make_live_link", E.LIVE_LINK_MADE): lambda w: live_link(w),
    ("reports.keep_live_link", E.LIVE_LINK_KEPT): lambda w: w.send(f"reports/tables/{live_link(w)}/keep"),
    ("reports.revoke_live_link", E.LIVE_LINK_REVOKED): lambda w: w.send(
        f"reports/tables/{live_link(w)}/revoke"
    ),
    ("reports.let_titles_through", E.LIVE_TITLES_LET_THROUGH): let_through,
    ("my_calendar.make_link", E.CALENDAR_LINK_MADE): calendar,
    ("my_calendar.stop_link", E.CALENDAR_LINK_STOPPED): lambda w: calendar(w, stop=True),
    ("assessment.open_round", E.ROUND_OPENED): lambda w: w.send(
        "assessment/rounds/new", title="Round 2026", k="3", asked="everyone", questions="0", closes_on=LATER
    ),
    ("assessment.close", E.ROUND_CLOSED): lambda w: w.send(f"assessment/rounds/{make_round().id}/close"),
    ("assessment.reopen", E.ROUND_REOPENED): lambda w: w.send(
        f"assessment/rounds/{make_round(closed_at=clock.now()).id}/reopen",
        reason="More came",
        closes_on=LATER,
    ),
    ("strengths.open_vote", E.VOTE_OPENED): lambda w: vote(w, VoteState.PREPARED, "open"),
    ("strengths.close_vote", E.VOTE_CLOSED): lambda w: vote(w, VoteState.OPEN, "close"),
    ("strengths.reopen_vote", E.VOTE_REOPENED): lambda w: vote(w, VoteState.CLOSED, "reopen"),
    ("strengths.confirm_start_over", E.VOTE_STARTED_OVER): lambda w: vote(w, VoteState.OPEN, "start-over"),
    ("coalitions.confirm_delete_for_good", E.DELETED_FOR_GOOD): deleted_for_good,
}
# A page of several settings records each that changed.
MANY = {"coalitions.save_settings": 3, "coalitions.save_help_lines": 4}
# Recorded by something else than a view's POST.
ELSEWHERE = {E.DOWNLOADED}
# What features above record, each beside its own tests.
REFERRALS = {E.REFERRAL_LINK_MADE, E.REFERRAL_LINK_REVOKED}
ABOVE = {E.ACCOUNT_DELETED, E.TEXT_REPORTED, E.TEXT_KEPT, E.TEXT_REDACTED, E.LETTER_WRITTEN, *REFERRALS}


@pytest.mark.parametrize("view", RECORDS, ids=lambda view: f"{view[0]}-{view[1]}")
def test_a_step_that_moves_access_or_data_is_recorded_once(
    world: World, view: tuple[str, AuditEvent]
) -> None:
    endpoint, event = view
    assert endpoint in world.app.view_functions
    me = world.me.id
    RECORDS[view](world)
    found = [each for each in entries() if each.event is event]
    fields = {each.what for each in found}
    assert len(found) == len(fields) == MANY.get(endpoint, 1)
    own = {"join.accept", "coalitions.confirm_leaving"}
    assert endpoint in own or {each.actor_id for each in found} == {me}


def test_every_kind_of_event_has_a_step_a_group_and_words() -> None:
    recorded = {event for _view, event in RECORDS}
    assert recorded | ELSEWHERE | ABOVE == set(AuditEvent)
    assert set().union(*GROUPS.values()) == set(AuditEvent) == set(EVENT_LABELS)
    assert sum(len(each) for each in GROUPS.values()) == len(AuditEvent)


def test_a_line_says_who_which_and_from_what_to_what(world: World) -> None:
    world.send(f"people/{world.person.id}/role", role="viewer")
    (entry,) = entries()
    assert (entry.thing, entry.thing_id, entry.old, entry.new) == (
        "coalitions_membership",
        world.person.id,
        "member",
        "viewer",
    )
    page = world.client.page(LOG)
    assert page.texts(".audit-table tbody tr th") == ["Changed a role"]
    assert page.texts(".audit-table tbody td")[1:] == ["Maria Santos", "Ann Lee · Member, now Viewer"]


def test_no_text_that_anybody_wrote_is_in_it(world: World) -> None:
    world.send("settings/help-lines", **{**HELP, "mission": "Zebra words", "help_name": "Zebra House"})
    world.send("people/invitations/bound", addresses="Zebra <zebra@example.org>", role="member", days="30")
    world.send("people/add", name="Zebra Jones", email="zebra2@example.org")
    text = " ".join(repr(row) for row in db.session.execute(sa.select(*AuditEntry.__table__.c)))
    assert len(entries()) > 5
    assert "ebra" not in text


def test_nothing_is_recorded_where_nothing_was_done(world: World) -> None:
    world.client.send(f"{HERE}people/{world.me.id}/role", role="nonsense")
    world.client.send(f"{HERE}people/{world.person.id}/role", role="member")
    world.client.send("/account/calendar/stop")
    world.client.send(f"{HERE}people/999/disable")
    assert entries() == []


# -- append-only


@pytest.fixture
def line(world: World) -> AuditEntry:
    audit_service.record(world.me, E.ROLE_CHANGED, world.person, old=Role.MEMBER, new=Role.VIEWER)
    db.session.commit()
    return entries()[0]


# The database keeps a line for a year by its own clock.
@pytest.mark.real_clock
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE coalitions_audit SET event = 'downloaded'",
        "UPDATE coalitions_audit SET actor_id = NULL",
        "DELETE FROM coalitions_audit",
        "DELETE FROM coalitions_membership WHERE id = {actor}",
    ],
)
def test_the_database_refuses_to_change_a_line(line: AuditEntry, statement: str) -> None:
    with pytest.raises(IntegrityError, match=r"cannot be changed|violates|constraint"):
        db.session.execute(sa.text(statement.format(actor=line.actor_id)))
    db.session.rollback()
    assert [each.event for each in entries()] == [E.ROLE_CHANGED]


def test_a_line_of_more_than_three_years_goes_with_the_days_work(line: AuditEntry) -> None:
    now = clock.now()
    for years in (1, 2, 4):
        rows.insert(
            AuditEntry.__table__,
            {"happened_at": now - timedelta(days=366 * years)},
            coalition=line.coalition_id,
        )
    db.session.commit()
    assert tick.run().erased["audit"] == 1
    assert tick.run().erased["audit"] == 0
    assert len(entries()) == 3
    # Never what is younger than a year, whatever someone asks.
    assert audit_service.prune(now, timedelta(days=1)) == 2
    db.session.rollback()


def test_a_coalition_that_is_deleted_takes_its_log_along(app: Flask) -> None:
    here, there = make_coalition(slug="here"), make_coalition(slug="there")
    for coalition in (here, there):
        rows.insert(AuditEntry.__table__, coalition=coalition.id)
    db.session.commit()
    db.session.execute(sa.text(f"DELETE FROM coalitions_coalition WHERE id = {here.id}"))
    db.session.commit()
    assert [each.coalition_id for each in entries()] == [there.id]


# -- downloads


def test_every_file_that_a_coalition_hands_out_is_recorded_or_holds_nothing_of_it(app: Flask) -> None:
    """Walks every address: what a browser would save is known to the log by its view."""
    harmless = {
        # The questions that are asked, an empty table, an example, the one event of a meeting, and our guides.
        "assessment.question_file",
        "assessment.our_file",
        "partners.empty_file",
        "plan.empty_file",
        "plan.example_file",
        "meetings.calendar",
        "reports.card_pdf",
        "reports.guide_pdf",
    }
    saved = {
        look.rule.endpoint
        for look in looks(app, "HEAD")
        if inside(look.rule) and downloads.is_download(look.answer)
    }
    # A release and a PDF need more than one row of everything.
    assert saved <= set(DOWNLOAD_LABELS) | harmless
    assert {"plan.plan_csv", "partners.organizations_file", "reports.handover_zip"} <= saved
    assert set(DOWNLOAD_LABELS) - {"engage export"} <= set(app.view_functions)


@pytest.mark.parametrize("path", ["plan.csv", "plan.xlsx", "plan.json"])
def test_a_download_is_recorded_when_the_file_has_gone_out(world: World, path: str) -> None:
    plan = make_plan()
    answer = world.client.get(f"{HERE}plan/{plan.id}/{path}")
    assert answer.status_code == 200
    answer.close()
    (entry,) = entries()
    assert (entry.event, entry.actor_id, entry.what) == (
        E.DOWNLOADED,
        world.me.id,
        f"plan.{path.replace('.', '_')}",
    )
    assert world.client.page(LOG).text(".audit-table tbody th") == "Downloaded a file"


def test_a_look_at_the_head_of_a_file_and_a_page_are_no_download(world: World) -> None:
    plan = make_plan()
    world.client.head(f"{HERE}plan/{plan.id}/plan.csv").close()
    world.client.get(f"{HERE}plan/").close()
    world.client.get(f"{HERE}plan/999/plan.csv").close()
    assert entries() == []


def test_a_file_comes_although_it_cannot_be_recorded(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    plan = make_plan()
    db.session.commit()

    def full(*_args: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(audit_service, "record_apart", full)
    answer = world.client.get(f"{HERE}plan/{plan.id}/plan.csv")
    assert (answer.status_code, len(answer.data) > 10) == (200, True)
    answer.close()
    assert "a download is not in the audit log" in caplog.text
    assert entries() == []


# -- the page


def test_only_coordinators_read_it(world: World, member: EngageClient, viewer: EngageClient) -> None:
    for client in (member, viewer):
        assert client.get(LOG).status_code == 403
        assert client.get(f"{HERE}settings/audit.csv").status_code == 403
    assert world.client.page(f"{HERE}settings/access").one(f"main a[href='{LOG}']")


def test_another_coalitions_lines_are_not_in_it(world: World) -> None:
    other = make_coalition(slug="elsewhere", name="Elsewhere")
    audit_service.record(make_membership(coalition=other, role=Role.COORDINATOR), E.ROUND_OPENED)
    db.session.commit()
    assert world.client.page(LOG).text(".empty h2") == "Nothing has been recorded yet"


@pytest.fixture
def three(world: World) -> World:
    """Has Maria pause Ann in March, Ann make a calendar link in May, and an admin invite in June."""
    steps_taken = [
        (
            world.me.id,
            E.ACCESS_PAUSED,
            "coalitions_membership",
            world.person.id,
            datetime(2026, 3, 1, 3, tzinfo=UTC),
        ),
        (
            world.person.id,
            E.CALENDAR_LINK_MADE,
            "coalitions_membership",
            world.person.id,
            datetime(2026, 5, 1, 18, tzinfo=UTC),
        ),
        (None, E.INVITATION_MADE, "coalitions_invitation", 7, datetime(2026, 6, 1, 18, tzinfo=UTC)),
    ]
    for actor, event, thing, thing_id, moment in steps_taken:
        values = {
            "actor_id": actor,
            "event": event,
            "thing": thing,
            "thing_id": thing_id,
            "happened_at": moment,
        }
        rows.insert(AuditEntry.__table__, {**values, "new": "viewer"}, coalition=world.me.coalition_id)
    db.session.commit()
    return world


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Made an invitation", "Made their own calendar link", "Paused someone’s access"]),
        ("kind=people", ["Paused someone’s access"]),
        ("kind=invitations", ["Made an invitation"]),
        ("person={ann}", ["Made their own calendar link", "Paused someone’s access"]),
        ("person={maria}", ["Paused someone’s access"]),
        # Three in the morning UTC is the evening before where the coalition is.
        ("until=2026-02-28", ["Paused someone’s access"]),
        ("since=2026-03-01", ["Made an invitation", "Made their own calendar link"]),
        ("since=2026-05-01&until=2026-05-31", ["Made their own calendar link"]),
        ("kind=nonsense&person=x&since=2026-02-31&until=9999-12-31&page=77", 3),
        ("kind=settings", []),
    ],
)
def test_filters_stand_in_the_address(three: World, asked: str, found: list[str] | int) -> None:
    page = three.client.page(f"{LOG}?{asked.format(ann=three.person.id, maria=three.me.id)}")
    shown = page.texts(".audit-table tbody th")
    assert len(shown) == found if isinstance(found, int) else shown == found
    if not found:
        assert page.has("Nothing matches.")
        assert page.one(f"main a[href='{LOG}']:not(.btn):not(.crumbs a)")


def test_the_file_holds_what_the_filters_leave(three: World) -> None:
    answer = three.client.get(f"{HERE}settings/audit.csv?kind=invitations")
    lines = list(csv.DictReader(StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [(line["Who"], line["What"], line["Details"], line["When"]) for line in lines] == [
        ("The person who runs this site", "Made an invitation", "As Viewer", "2026-06-01 13:00:00")
    ]
    answer.close()
    assert [each.what for each in entries() if each.event is E.DOWNLOADED] == ["coalitions.audit_file"]


def test_200_lines_a_page_and_always_as_many_queries(world: World) -> None:
    db.session.execute(
        sa.insert(AuditEntry),
        [
            {
                "coalition_id": world.me.coalition_id,
                "happened_at": clock.now(),
                "actor_id": world.me.id,
                "event": E.ROLE_CHANGED,
                "thing": "coalitions_membership",
                "thing_id": world.person.id,
                "old": "member",
                "new": "viewer",
            }
            for _number in range(201)
        ],
    )
    db.session.commit()
    world.client.page(LOG)
    with counted_queries() as many:
        page = world.client.page(LOG)
    assert len(page.all(".audit-table tbody tr")) == 200
    with counted_queries() as few:
        second = world.client.page(f"{LOG}?page=2")
    assert len(second.all(".audit-table tbody tr")) == 1
    assert len(many) == len(few) <= 6


def test_the_words_of_every_event_can_be_read(world: World) -> None:
    for event in AuditEvent:
        audit_service.record(
            world.me, event, world.person, what="name", old=Role.MEMBER, new=Role.VIEWER, number=1
        )
    db.session.commit()
    shown = world.client.page(LOG).texts(".audit-table tbody th")
    assert sorted(shown) == sorted(str(words) for words in EVENT_LABELS.values())


def test_filters_of_a_group_are_its_events(world: World) -> None:
    for event in AuditEvent:
        audit_service.record(world.me, event, world.person)
    db.session.commit()
    for group in AuditGroup:
        asked = AuditFilters.of({"kind": group.value})
        assert {each.event for each in audit_service.entries_of(world.me, asked)} == GROUPS[group]


def test_a_former_member_is_called_so(world: World) -> None:
    gone = make_user(name="Gone")
    assert gone.id
    audit_service.record_of(world.me, E.PERSON_REMOVED, "coalitions_membership", 123_456)
    db.session.commit()
    assert "Former member" in world.client.page(LOG).text(".audit-table tbody tr")
