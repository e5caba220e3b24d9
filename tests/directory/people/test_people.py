"""The people of a coalition: what members see of each other, and what coordinators change."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.accounts.models import PasswordLink, User
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Invitation, Membership, MembershipDiscipline
from engage.coalitions.people import service as people_service
from engage.coalitions.rules import InvitationKind, PersonState, Role
from engage.content import loader
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.models import Action
from engage.strengths.models import Strength
from tests import factories
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_affiliation,
    make_coalition,
    make_membership,
    make_organization,
    make_user,
    saved,
    signed_in_client,
)
from tests.html import Page
from tests.strengths.rows import make_match

PEOPLE = "/c/riverbend/people/"
ClientOf = Callable[[Membership], EngageClient]


def again(person: Membership) -> Membership:
    return db.session.get_one(Membership, person.id, populate_existing=True)


def a_discipline() -> str:
    return loader.content().person_disciplines()[0].key


def do(person: Membership) -> str:
    key = a_discipline()
    saved(MembershipDiscipline(coalition_id=person.coalition_id, membership_id=person.id, discipline=key))
    return loader.content().discipline(key).name


class TestTheList:
    def test_it_shows_active_people_with_what_they_said(self, member: EngageClient) -> None:
        nurse = make_membership(name="Ann Lee", phone="512 555 0143", shows_email=True)
        make_affiliation(nurse, make_organization(name="Riverbend Hospital"))
        what = do(nurse)
        row = member.page(PEOPLE).text(f"#coalitions-person-{nurse.id}")
        assert nurse.user is not None
        assert row == f"Ann Lee Riverbend Hospital {what} {nurse.user.email} Member"

    def test_members_see_no_contact_data_until_the_person_shows_it(self, member: EngageClient) -> None:
        nurse = make_membership(name="Ann Lee", phone="512 555 0143")
        assert nurse.user is not None
        for path in (PEOPLE, f"{PEOPLE}{nurse.id}"):
            page = member.page(path)
            assert not page.has(nurse.user.email)
            assert not page.has("512 555 0143")

    def test_waiting_people_are_for_coordinators_alone(
        self, coordinator: EngageClient, member: EngageClient
    ) -> None:
        waiting = make_membership(name="Ann Lee", approved_at=None, came_by=InvitationKind.OPEN)
        assert waiting.user is not None
        shown = coordinator.page(PEOPLE).text(f"#coalitions-waiting-{waiting.id}")
        assert waiting.user.email in shown and "open link" in shown
        assert not member.page(PEOPLE).has("Ann Lee")
        assert member.get(f"{PEOPLE}{waiting.id}").status_code == 404
        page = coordinator.page(f"{PEOPLE}{waiting.id}")
        assert page.has("Waiting for approval")
        # There is no access to end yet.
        assert not page.all("#coalitions-access")

    def test_people_without_account_and_those_paused_or_gone_stand_apart(self, member: EngageClient) -> None:
        make_membership(name="Without", user=None)
        make_membership(name="Paused", disabled_at=clock.now())
        make_membership(name="Gone", left_on=clock.today("America/Chicago"))
        page = member.page(PEOPLE)
        assert page.texts("#coalitions-without-account .row-link") == ["Without"]
        assert page.texts("#coalitions-apart li a") == ["Gone", "Paused"]
        assert page.texts("#coalitions-active .row-link") == ["Dan Reyes"]

    def test_viewers_do_not_see_people(self, viewer: EngageClient) -> None:
        person = make_membership()
        for path in (PEOPLE, f"{PEOPLE}{person.id}", f"{PEOPLE}groups/"):
            assert viewer.get(path).status_code == 403

    def test_thirty_people_take_as_many_queries_as_one(self, coordinator: EngageClient) -> None:
        def counted() -> int:
            with counted_queries() as statements:
                coordinator.page(PEOPLE)
            return len(statements)

        one = counted()
        for number in range(12):
            person = make_membership(approved_at=None if number % 3 else clock.now())
            make_affiliation(person, make_organization() if number % 2 else None)
            do(person)
        assert counted() == one

    def test_people_of_another_coalition_do_not_exist(self, coordinator: EngageClient) -> None:
        foreign = make_membership(coalition=make_coalition(), name="Foreign")
        assert not coordinator.page(PEOPLE).has("Foreign")
        for path in ("", "/organization", "/remove"):
            assert coordinator.get(f"{PEOPLE}{foreign.id}{path}").status_code == 404
        posts = (
            "approve",
            "decline",
            "role",
            "disable",
            "enable",
            "details",
            "invite",
            "password-link",
            "remove",
            "organization",
        )
        for post in posts:
            assert coordinator.send(f"{PEOPLE}{foreign.id}/{post}", role="viewer").status == 404, post
        assert again(foreign).role is Role.MEMBER

    def test_members_change_no_one(self, member: EngageClient) -> None:
        other = make_membership()
        for post in ("approve", "decline", "role", "disable", "enable", "details", "invite", "remove"):
            assert member.send(f"{PEOPLE}{other.id}/{post}", role="viewer").status == 403, post
        assert member.send(f"{PEOPLE}{other.id}/password-link").status == 403
        assert member.send(f"{PEOPLE}add", name="X").status == 403
        assert member.send(f"{PEOPLE}{other.id}/organization", origin="other").status == 403


class TestApproval:
    def test_letting_in_opens_the_coalition(self, coordinator: EngageClient, client_of: ClientOf) -> None:
        waiting = make_membership(name="Ann Lee", approved_at=None)
        person = client_of(waiting)
        assert person.get("/c/riverbend/").status_code == 404
        assert coordinator.send(f"{PEOPLE}{waiting.id}/approve").status == 303
        assert again(waiting).approved_by_id == coordinator.membership.id
        person.page("/c/riverbend/")

    def test_a_declined_person_stays_outside(self, coordinator: EngageClient, client_of: ClientOf) -> None:
        waiting = make_membership(name="Ann Lee", approved_at=None)
        coordinator.send(f"{PEOPLE}{waiting.id}/decline")
        assert again(waiting).state is PersonState.LEFT
        client = client_of(waiting)
        assert client.get("/c/riverbend/").status_code == 404
        assert client.page("/account/").has("A coordinator declined.")

    @pytest.mark.parametrize("post", ["approve", "decline"])
    def test_who_does_not_wait_is_not_decided_about(self, coordinator: EngageClient, post: str) -> None:
        active = make_membership()
        page = coordinator.send(f"{PEOPLE}{active.id}/{post}")
        assert page.status == 409
        assert page.has("Someone else just changed")
        assert again(active).state is PersonState.ACTIVE


class TestRoles:
    def test_a_coordinator_gives_a_role_and_history_keeps_it(self, coordinator: EngageClient) -> None:
        person = make_membership()
        assert coordinator.send(f"{PEOPLE}{person.id}/role", role="viewer").status == 303
        assert again(person).role is Role.VIEWER
        entry = db.session.scalars(sa.select(HistoryEntry)).one()
        assert (entry.actor_id, entry.thing_id, entry.field) == (
            coordinator.membership.id,
            person.id,
            "role",
        )
        assert (entry.old, entry.new) == ("member", "viewer")

    @pytest.mark.parametrize("role", ["owner", "", "\0"])
    def test_an_unknown_role_is_refused(self, coordinator: EngageClient, role: str) -> None:
        person = make_membership()
        page = coordinator.send(f"{PEOPLE}{person.id}/role", role=role)
        assert page.status == 422
        assert page.errors
        assert again(person).role is Role.MEMBER

    def test_a_person_without_account_cannot_coordinate(self, coordinator: EngageClient) -> None:
        person = make_membership(user=None)
        page = coordinator.send(f"{PEOPLE}{person.id}/role", role="coordinator")
        assert page.status == 409
        assert page.has("A coordinator needs an account.")

    def test_who_gives_the_role_up_lands_on_their_own_place(self, coordinator: EngageClient) -> None:
        make_membership(role=Role.COORDINATOR)
        me = coordinator.membership.id
        page = coordinator.send(f"{PEOPLE}{me}/role", role="viewer")
        assert page.location == f"{PEOPLE}me"
        coordinator.page(f"{PEOPLE}me")


class TestTheLastCoordinator:
    @pytest.mark.parametrize(
        ("path", "fields"),
        [
            ("{}/role", {"role": "member"}),
            ("{}/disable", {}),
            ("{}/remove", {}),
            ("me/leave", {}),
        ],
    )
    def test_stays(self, coordinator: EngageClient, path: str, fields: dict[str, str]) -> None:
        make_membership(role=Role.COORDINATOR, disabled_at=clock.now())
        make_membership(role=Role.COORDINATOR, left_on=clock.today("America/Chicago"))
        gone = make_membership(role=Role.COORDINATOR)
        assert gone.user is not None
        gone.user.disabled_at = clock.now()
        me = coordinator.membership
        page = coordinator.send(PEOPLE + path.format(me.id), **fields)
        assert page.status == 409
        assert page.has("This is the only coordinator.")
        assert (again(me).role, again(me).state) == (Role.COORDINATOR, PersonState.ACTIVE)

    def test_is_told_before_leaving(self, coordinator: EngageClient) -> None:
        page = coordinator.page(f"{PEOPLE}me/leave")
        assert page.has("Not yet: this is the only coordinator")
        assert not page.all("form[action$='/leave']")

    @pytest.mark.parametrize("post", ["role", "disable", "remove"])
    def test_of_two_who_end_each_other_at_once_one_stays(self, app: Flask, post: str) -> None:
        two = [make_membership(role=Role.COORDINATOR) for _ in range(2)]
        clients = [signed_in_client(app, person) for person in two]

        def end(number: int) -> int:
            with app.app_context():
                other = two_ids[1 - number]
                return clients[number].send(f"{PEOPLE}{other}/{post}", role="member", to="0").status

        two_ids = [person.id for person in two]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(end, range(2)))
        kept = [row for row in map(again, two) if row.role is Role.COORDINATOR and row.state == "active"]
        assert len(kept) == 1
        # The slower one is refused, or has no right any more, or no place, or was signed out.
        assert sorted(answers)[0] == 303 and sorted(answers)[1] in {401, 403, 404, 409}


class TestAccess:
    def test_pausing_ends_access_at_the_next_request(
        self, coordinator: EngageClient, client_of: ClientOf
    ) -> None:
        person = make_membership(name="Ann Lee")
        client = client_of(person)
        client.page("/c/riverbend/")
        coordinator.send(f"{PEOPLE}{person.id}/disable")
        assert client.get("/c/riverbend/").status_code == 404
        assert coordinator.send(f"{PEOPLE}{person.id}/disable").status == 409
        coordinator.send(f"{PEOPLE}{person.id}/enable")
        client.page("/c/riverbend/")
        assert coordinator.send(f"{PEOPLE}{person.id}/enable").status == 409

    def test_removing_ends_access_to_this_coalition_only(
        self, coordinator: EngageClient, client_of: ClientOf
    ) -> None:
        person = make_membership(name="Ann Lee")
        make_membership(coalition=make_coalition(slug="lakeside"), user=person.user)
        client = client_of(person)
        client.page("/c/riverbend/")
        assert coordinator.send(f"{PEOPLE}{person.id}/remove").status == 303
        assert client.get("/c/riverbend/").status_code == 404
        client.page("/c/lakeside/")
        assert again(person).left_on == clock.today("America/Chicago")
        assert coordinator.send(f"{PEOPLE}{person.id}/disable").status == 409

    def test_removing_signs_out_everywhere_who_is_in_no_other_coalition(
        self, app: Flask, coordinator: EngageClient, client_of: ClientOf
    ) -> None:
        person, host = make_membership(name="Ann Lee"), make_membership(user=make_user(is_admin=True))
        browsers = [client_of(person), signed_in_client(app, person), client_of(host)]
        for each in (person, host):
            coordinator.send(f"{PEOPLE}{each.id}/remove")
        assert [each.get("/account/").status_code for each in browsers] == [303, 303, 200]

    def test_removing_leaves_what_they_hold_under_their_name(self, coordinator: EngageClient) -> None:
        person = make_membership(name="Ann Lee")
        action = factories.make_action(factories.make_plan(), owner_id=person.id)
        page = coordinator.page(f"{PEOPLE}{person.id}/remove")
        assert page.has("Ann Lee still holds 1 thing.")
        assert page.one(f"a[href='{PEOPLE}{person.id}/hand-over']").text() == "Hand over"
        assert coordinator.send(f"{PEOPLE}{person.id}/remove").status == 303
        assert db.session.get_one(Action, action.id).owner_id == person.id
        assert again(person).state is PersonState.LEFT

    def test_nothing_goes_to_who_is_not_here(self, coordinator: EngageClient) -> None:
        person = make_membership()
        action = factories.make_action(factories.make_plan(), owner_id=person.id)
        foreign = make_membership(coalition=make_coalition())
        gone = make_membership(left_on=clock.today("America/Chicago"))
        for to in (foreign.id, gone.id, person.id, "x", "9" * 30):
            page = coordinator.send(f"{PEOPLE}{person.id}/hand-over", to=str(to))
            assert page.status == 422
        assert db.session.get_one(Action, action.id).owner_id == person.id


class TestPeopleWithoutAccount:
    def test_adding_one_asks_next_where_they_come_from(self, coordinator: EngageClient) -> None:
        answer = coordinator.send(f"{PEOPLE}add", name="Ann Lee", email="Ann@Example.org")
        person = db.session.scalars(sa.select(Membership).where(Membership.name == "Ann Lee")).one()
        assert answer.location == f"{PEOPLE}{person.id}/organization"
        assert (person.user_id, person.email, person.state) == (None, "ann@example.org", PersonState.ACTIVE)
        church = make_organization(name="Grace Church")
        page = coordinator.page(answer.location or "")
        assert page.text("h1") == "What organization is Ann Lee from?"
        assert page.has("The organization of Ann Lee")
        assert coordinator.send(answer.location or "", name=church.name).status == 303
        assert coordinator.page(f"{PEOPLE}{person.id}").has("Grace Church (")

    @pytest.mark.parametrize(
        "changed", [{"name": ""}, {"name": "x" * 121}, {"email": "no one"}, {"name": "a\0"}]
    )
    def test_a_refused_person_is_not_added(self, coordinator: EngageClient, changed: dict[str, str]) -> None:
        page = coordinator.send(f"{PEOPLE}add", **{"name": "Ann Lee", "email": "ann@example.org", **changed})
        assert page.status == 422
        assert page.errors
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Membership)) == 1

    def test_their_name_and_address_can_be_changed(self, coordinator: EngageClient) -> None:
        person = make_membership(name="An Lee", user=None)
        coordinator.send(f"{PEOPLE}{person.id}/details", name="Ann Lee", email="ann@example.org")
        assert (again(person).name, again(person).sort_key) == ("Ann Lee", "ann lee")
        with_account = make_membership(name="Bob")
        assert coordinator.send(f"{PEOPLE}{with_account.id}/details", name="Rob").status == 409

    def test_their_place_is_claimed_by_a_bound_link(self, coordinator: EngageClient) -> None:
        person = make_membership(name="Ann Lee", user=None)
        answer = coordinator.send(f"{PEOPLE}{person.id}/invite", claim_email="Ann@example.org", days="30")
        made = db.session.scalars(sa.select(Invitation)).one()
        assert (made.claims_id, made.email, made.uses_left) == (person.id, "ann@example.org", 1)
        assert coordinator.page(answer.location or "").has("Ann Lee")

    def test_a_claim_for_someone_who_is_here_is_refused(self, coordinator: EngageClient) -> None:
        here = make_membership().user
        person = make_membership(name="Ann Lee", user=None)
        assert here is not None
        page = coordinator.send(f"{PEOPLE}{person.id}/invite", claim_email=here.email, days="30")
        assert page.status == 422
        assert page.errors == ["Someone with this address is already a member."]
        with_account = make_membership()
        answer = coordinator.send(f"{PEOPLE}{with_account.id}/invite", claim_email="x@example.org", days="30")
        assert answer.status == 409


class TestPasswordLinks:
    def test_it_is_shown_once_and_works(self, coordinator: EngageClient, client: EngageClient) -> None:
        person = make_membership(name="Ann Lee")
        page = coordinator.send(f"{PEOPLE}{person.id}/password-link")
        assert page.status == 200
        link = page.one("#coalitions-link").attributes["value"] or ""
        assert page.all("svg.qr")
        token = link.rsplit("/", 1)[1]
        client.page(f"/reset/{token}")
        assert not coordinator.page(f"{PEOPLE}{person.id}").has(token)
        assert person.user_id is not None
        assert db.session.get_one(User, person.user_id).notice_at is not None

    def test_the_person_sees_on_the_next_page_that_it_was_made(
        self, coordinator: EngageClient, client_of: ClientOf
    ) -> None:
        person = make_membership(name="Ann Lee")
        client, banner = client_of(person), "There is a security notice about your account."
        assert not client.page("/c/riverbend/").has(banner)
        coordinator.send(f"{PEOPLE}{person.id}/password-link")
        assert client.page("/c/riverbend/").has(banner)
        assert client.page("/account/").has("A coordinator or the person who runs this site")
        assert not coordinator.page("/c/riverbend/").has(banner)

    def test_it_ends_when_the_person_joins_another_coalition(
        self, coordinator: EngageClient, client_of: ClientOf, client: EngageClient
    ) -> None:
        person = make_membership(name="Ann Lee")
        page = coordinator.send(f"{PEOPLE}{person.id}/password-link")
        reset = "/reset/" + (page.one("#coalitions-link").attributes["value"] or "").rsplit("/", 1)[1]
        client.page(reset)
        token = invitations_service.invite_coordinator(make_coalition())
        db.session.commit()
        joining = client_of(person)
        joining.get(f"/join/{token}")
        assert joining.send("/join").status == 303
        assert client.get(reset).status_code == 410

    @pytest.mark.parametrize("how", ["remove", "disable", "role"])
    def test_what_a_coordinator_made_that_opens_ends_when_another_takes_the_role_away(
        self, coordinator: EngageClient, client_of: ClientOf, client: EngageClient, how: str
    ) -> None:
        before = client_of(make_membership(role=Role.COORDINATOR))
        page = before.send(f"{PEOPLE}{make_membership(name='Ann Lee').id}/password-link")
        reset = "/reset/" + (page.one("#coalitions-link").attributes["value"] or "").rsplit("/", 1)[1]
        before.send(
            f"{PEOPLE}invitations/bound", addresses="second@example.org", role="coordinator", days="30"
        )
        before.send(f"{PEOPLE}invitations/bound", addresses="nurse@example.org", role="member", days="30")
        assert client.get(reset).status_code == 200
        answer = coordinator.send(f"{PEOPLE}{before.membership.id}/{how}", role="member")
        assert answer.status == 303
        assert client.get(reset).status_code == 410
        rows = sa.select(Invitation.email).where(*invitations_service.usable())
        assert db.session.scalars(rows).all() == ["nurse@example.org"]

    @pytest.mark.parametrize(
        "case", ["elsewhere", "paused elsewhere", "admin", "oneself", "no account", "left"]
    )
    def test_it_is_refused_for(self, coordinator: EngageClient, case: str) -> None:
        person = make_membership(name="Ann Lee")
        if case in {"elsewhere", "paused elsewhere"}:
            paused = clock.now() if case == "paused elsewhere" else None
            make_membership(coalition=make_coalition(), user=person.user, disabled_at=paused)
        elif case == "admin":
            assert person.user is not None
            person.user.is_admin = True
        elif case == "oneself":
            person = coordinator.membership
        elif case == "no account":
            person = make_membership(user=None)
        else:
            person.left_on = clock.today("America/Chicago")
        db.session.commit()
        page = coordinator.send(f"{PEOPLE}{person.id}/password-link")
        assert page.status == 409
        assert db.session.scalars(sa.select(PasswordLink)).all() == []
        if case == "elsewhere":
            assert coordinator.page(f"{PEOPLE}{person.id}").has("engage reset-link")

    def test_it_is_made_for_a_person_of_several_coalitions_of_mine(self, coordinator: EngageClient) -> None:
        person = make_membership(name="Ann Lee")
        second, left = make_coalition(), make_coalition()
        make_membership(coalition=second, user=person.user)
        make_membership(coalition=left, user=person.user, left_on=clock.today("America/Chicago"))
        make_membership(coalition=second, user=coordinator.membership.user, role=Role.COORDINATOR)
        assert coordinator.send(f"{PEOPLE}{person.id}/password-link").status == 200


class TestMyPlace:
    ME = f"{PEOPLE}me"

    def test_it_shows_and_saves_what_i_do(self, member: EngageClient) -> None:
        assert member.page(self.ME).has("Not given yet.")
        assert member.send(f"{self.ME}/disciplines", disciplines=[a_discipline()]).status == 303
        box = member.page(self.ME).one(f"input[value='{a_discipline()}']")
        assert "checked" in box.attributes
        assert member.send(f"{self.ME}/disciplines").status == 303
        assert db.session.scalars(sa.select(MembershipDiscipline)).all() == []

    def test_an_unknown_discipline_changes_nothing(self, member: EngageClient) -> None:
        page = member.send(f"{self.ME}/disciplines", disciplines=[a_discipline(), "lived_experience"])
        assert page.status == 422
        assert db.session.scalars(sa.select(MembershipDiscipline)).all() == []

    def test_peer_support_of_an_earlier_version_is_shown_of_no_one_and_goes_with_the_next_change(
        self, member: EngageClient
    ) -> None:
        place = member.membership
        for each in ("peer_support", a_discipline()):
            db.session.add(
                MembershipDiscipline(coalition_id=place.coalition_id, membership_id=place.id, discipline=each)
            )
        db.session.commit()
        assert not member.page(PEOPLE).has("Peer support")
        assert not member.page(self.ME).has("Peer support")
        assert member.send(f"{self.ME}/disciplines", disciplines=[a_discipline()]).status == 303
        assert db.session.scalars(sa.select(MembershipDiscipline.discipline)).all() == [a_discipline()]

    def test_what_i_offer_is_added_and_taken_back(self, member: EngageClient) -> None:
        member.send(f"{self.ME}/offers", offer="A room for twenty")
        member.send(f"{self.ME}/offers", offer="a room for TWENTY")
        strength = db.session.scalars(sa.select(Strength)).one()
        assert (strength.title, strength.giver_id) == ("A room for twenty", member.membership.id)
        assert member.send(f"{self.ME}/offers/{strength.id}/withdraw").status == 303
        assert db.session.scalars(sa.select(Strength)).all() == []

    @pytest.mark.parametrize("is_used", [False, True])
    def test_whoever_only_looks_on_undoes_taking_back_an_offer(
        self, viewer: EngageClient, member: EngageClient, is_used: bool
    ) -> None:
        viewer.send(f"{self.ME}/offers", offer="A room for twenty")
        strength = db.session.scalars(sa.select(Strength)).one()
        if is_used:
            make_match(member.membership, strength=strength)
        viewer.send(f"{self.ME}/offers/{strength.id}/withdraw")
        undo = viewer.page(self.ME).one(".flash-undo .undo").attributes["action"]
        assert undo is not None
        assert member.send(undo).status == 404, "it is not theirs"
        assert viewer.send(undo).status == 303
        back = db.session.scalars(sa.select(Strength)).one()
        assert (back.title, back.giver_id) == ("A room for twenty", viewer.membership.id)
        assert back.withdrawn_on is None
        assert viewer.page(self.ME).has("“A room for twenty” is back on the list.")
        assert viewer.send(undo).status == 409, "once"

    @pytest.mark.parametrize("offer", ["", "x" * 301, "x" * 300_000, "a\0b"])
    def test_a_refused_offer_keeps_its_text(self, member: EngageClient, offer: str) -> None:
        page = member.send(f"{self.ME}/offers", offer=offer)
        assert page.status == 422
        assert page.errors
        assert page.value("offer") == offer.replace("\0", "�")
        assert db.session.scalars(sa.select(Strength)).all() == []

    def test_what_someone_else_offers_is_not_mine_to_take_back(
        self, member: EngageClient, coordinator: EngageClient
    ) -> None:
        member.send(f"{self.ME}/offers", offer="A room")
        strength = db.session.scalars(sa.select(Strength)).one()
        assert coordinator.send(f"{self.ME}/offers/{strength.id}/withdraw").status == 404

    def test_contact_data_is_shown_when_i_say_so(
        self, member: EngageClient, coordinator: EngageClient
    ) -> None:
        member.send(f"{self.ME}/contact", phone="512 555 0143", shows_phone="y", shows_email="y")
        page = coordinator.page(f"{PEOPLE}{member.membership.id}")
        assert member.membership.user is not None
        assert page.has("512 555 0143") and page.has(member.membership.user.email)
        member.send(f"{self.ME}/contact", phone="512 555 0143")
        assert not coordinator.page(f"{PEOPLE}{member.membership.id}").has("512 555 0143")

    def test_my_organization_is_changed_and_noted(self, member: EngageClient) -> None:
        first, second = make_organization(name="Hope House"), make_organization(name="Grace Church")
        member.send(f"{self.ME}/organization", name=first.name)
        assert member.page(f"{self.ME}/organization").value("name") == "Hope House"
        assert member.send(f"{self.ME}/organization", name=second.name).location == self.ME
        changes = [
            (row.old, row.new)
            for row in db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id))
        ]
        assert changes == [(None, str(first.id)), (str(first.id), str(second.id))]

    def test_leaving_ends_access(self, member: EngageClient) -> None:
        action = factories.make_action(factories.make_plan(), owner_id=member.membership.id)
        page = member.page(f"{self.ME}/leave")
        assert page.has("Leave Riverbend County Coalition?") and page.has("You still hold 1 thing.")
        assert page.one(f"#coalitions-held a[href='{self.ME}/hand-over']")
        answer = member.send(f"{self.ME}/leave")
        assert answer.location == "/account/"
        assert db.session.get_one(Action, action.id).owner_id == member.membership.id
        assert member.get("/c/riverbend/").status_code == 404
        assert member.page("/account/").has("You left on")

    def test_a_viewer_has_a_place_too(self, viewer: EngageClient) -> None:
        viewer.page(self.ME)
        assert viewer.send(f"{self.ME}/offers", offer="A room").status == 303

    def test_the_account_page_leads_here(self, member: EngageClient) -> None:
        assert member.page("/account/").one(f"a[href='{self.ME}']")


def test_two_coalitions_have_a_switcher_each_to_the_other(member: EngageClient) -> None:
    other = make_coalition(slug="lakeside", name="Lakeside Coalition")
    assert not member.page("/c/riverbend/").all(".switcher")
    make_membership(coalition=other, user=member.membership.user, role=Role.COORDINATOR)
    links = member.page("/c/riverbend/").all(".menu-wide .switcher a")
    assert [(node.attributes["href"], node.text()) for node in links] == [
        ("/c/lakeside/", "Lakeside Coalition")
    ]
    member.page("/c/lakeside/people/invitations/")
    assert member.get("/c/riverbend/people/invitations/").status_code == 403


def test_a_renamed_person_is_found_under_the_new_name(app: Flask) -> None:
    person = make_membership(name="Ann Lee")
    assert person.user is not None
    people_service.rename_person(person.user, "Zoë Lee")
    db.session.commit()
    assert (again(person).name, again(person).sort_key) == ("Zoë Lee", "zoe lee")


def test_a_form_without_a_token_changes_no_one(coordinator: EngageClient) -> None:
    person = make_membership()
    page: Page = coordinator.send(f"{PEOPLE}{person.id}/disable", token=False)
    assert page.status == 400
    assert again(person).state is PersonState.ACTIVE
