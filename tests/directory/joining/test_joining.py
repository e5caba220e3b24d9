"""Joining by a link, over HTTP."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.accounts import passwords
from engage.accounts.models import User
from engage.coalitions import service
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.models import Invitation, Membership, MembershipDiscipline
from engage.coalitions.rules import PersonState, Role
from engage.extensions import db
from engage.partners.models import Affiliation, Organization
from engage.strengths.models import Strength
from tests.client import EngageClient
from tests.factories import (
    PASSWORD,
    make_coalition,
    make_membership,
    make_organization,
    make_user,
    the_coalition,
)
from tests.html import Page

NEW = {"name": "Ann Lee", "email": "Ann@Example.org", "password": PASSWORD}
ClientOf = Callable[[Membership], EngageClient]


@pytest.fixture
def maria(app: Flask) -> Membership:
    return make_membership(role=Role.COORDINATOR, name="Maria Santos")


def open_link(made_by: Membership, uses: int = 1, role: Role = Role.MEMBER) -> Invitation:
    made = invitations_service.invite_openly(made_by, role, 30, uses)
    db.session.commit()
    return made


def bound_link(made_by: Membership, email: str = "ann@example.org", name: str = "") -> Invitation:
    made = invitations_service.invite_people(made_by, [Addressee(email, name)], Role.MEMBER, 30)
    db.session.commit()
    return made.invitations[0]


def follow(client: EngageClient, invitation: Invitation) -> Page:
    response = client.get(f"/join/{invitations_service.token_of(invitation)}")
    assert (response.status_code, response.headers["Location"]) == (303, "/join")
    return Page(client.get("/join"))


@pytest.mark.parametrize(
    ("coalition", "browser", "kept"),
    [("en", "es", "es"), ("en", "en", ""), ("es", "en", "en"), ("es", "es", "")],
)
def test_someone_who_joins_in_another_language_keeps_it_for_pages_and_mails(
    maria: Membership, client: EngageClient, coalition: str, browser: str, kept: str
) -> None:
    maria.coalition.language = coalition
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = browser
    follow(client, open_link(maria))
    assert client.send("/join", **NEW).status == 303
    assert db.session.scalars(sa.select(User.language).where(User.name == "Ann Lee")).one() == kept


def go_on(client: EngageClient, invitation: Invitation) -> Page:
    """Follows the link and presses *Continue*."""
    follow(client, invitation)
    assert client.send("/join/start").location == "/join"
    return client.page("/join")


def test_following_a_link_shows_who_invites_and_uses_nothing_up(
    client: EngageClient, maria: Membership
) -> None:
    made = open_link(maria)
    page = follow(client, made)
    assert page.text("h1") == "Join Riverbend County Coalition"
    assert not page.has("Step 1 of 3")
    assert page.has("Maria Santos invites you.")
    assert page.has("Your role: Member")
    assert db.session.get_one(Invitation, made.id).uses_left == 1


def test_a_browser_that_keeps_no_cookies_is_told_to_allow_them(
    app: Flask, client: EngageClient, maria: Membership
) -> None:
    assert client.get(f"/join/{invitations_service.token_of(open_link(maria))}").status_code == 303
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    page = Page(client.get("/join"))
    assert page.status == 404 and page.has("Allow them for this site, and open the link again.")
    client.get("/join/wrong")
    assert not Page(client.get("/join")).has("cookies")


def test_the_first_step_is_one_page_with_a_title_of_its_own(client: EngageClient, maria: Membership) -> None:
    page = go_on(client, open_link(maria))
    assert page.text("h1") == "Your name and password"
    assert page.has("Step 1 of 3")


def test_joining_with_an_open_link_waits_for_a_coordinator(client: EngageClient, maria: Membership) -> None:
    made = open_link(maria)
    follow(client, made)
    page = client.send("/join", **NEW)
    place = db.session.scalars(sa.select(Membership).where(Membership.name == "Ann Lee")).one()
    assert (page.status, page.location) == (303, f"/join/{place.id}/organization")
    assert place.state is PersonState.WAITING
    assert place.user is not None and place.user.email == "ann@example.org"
    used = db.session.get_one(Invitation, made.id)
    assert (used.uses_left, used.last_used_at is not None) == (0, True)
    assert client.page(f"/join/{place.id}/done").has("A coordinator still has to approve you")
    assert client.get("/c/riverbend/").status_code == 404


def test_joining_with_a_bound_link_asks_where_and_what_and_ends_at_home(
    client: EngageClient, maria: Membership
) -> None:
    hospital = make_organization(name="Riverbend Hospital", sector="health")
    page = go_on(client, bound_link(maria, name="Ann Lee"))
    assert (page.value("name"), page.value("email")) == ("Ann Lee", "ann@example.org")
    where = client.send("/join", **NEW).location or ""
    assert client.page(where).text("h1") == "Which organization are you with?"
    about = client.send(where, name="riverbend HOSPITAL").location or ""
    answer = client.send(about, disciplines=["wizards"], offer="A room for twenty people")
    assert answer.status == 422, "a discipline that is not offered"
    first = client.page(about).all("[name=disciplines]")[0].attributes["value"] or ""
    done = client.send(about, disciplines=[first], offer="A room for twenty people")
    assert client.get(done.location or "").headers["Location"] == "/c/riverbend/"
    place = db.session.scalars(sa.select(Membership).where(Membership.name == "Ann Lee")).one()
    assert place.state is PersonState.ACTIVE
    assert db.session.scalars(sa.select(Affiliation.organization_id)).one() == hospital.id
    assert db.session.scalars(sa.select(MembershipDiscipline.discipline)).one() == first
    offered = db.session.scalars(sa.select(Strength)).one()
    assert (offered.title, offered.giver_id) == ("A room for twenty people", place.id)


def test_disciplines_that_only_route_questions_are_never_offered(
    client: EngageClient, maria: Membership
) -> None:
    follow(client, bound_link(maria))
    about = (client.send("/join", **NEW).location or "").replace("organization", "about")
    page = client.page(about)
    offered = {node.attributes["value"] for node in page.all("[name=disciplines]")}
    assert "lived_experience" not in offered
    assert not page.has("lived experience")


def test_a_bound_link_is_for_its_address_only(client: EngageClient, maria: Membership) -> None:
    made = bound_link(maria, "somebody@example.org")
    follow(client, made)
    page = client.send("/join", **NEW)
    assert (page.status, page.errors) == (422, ["This invitation is for somebody@example.org only."])
    assert page.value("name") == "Ann Lee"
    assert db.session.get_one(Invitation, made.id).uses_left == 1
    assert db.session.scalar(sa.select(User).where(User.email == "ann@example.org")) is None


def test_an_address_with_an_account_must_sign_in_first(client: EngageClient, maria: Membership) -> None:
    user = make_user(email="ann@example.org", name="Ann Lee")
    made = open_link(maria)
    follow(client, made)
    page = client.send("/join", **NEW)
    assert page.status == 422
    assert page.errors[0].startswith("This address cannot be used. If you have an account with it, sign in.")
    assert page.one("a[href='/sign-in?next=/join']")
    assert db.session.get_one(Invitation, made.id).uses_left == 1
    signed_in = client.send("/sign-in?next=/join", email=user.email, password=PASSWORD)
    assert signed_in.location == "/join"
    assert client.page("/join").has("Join as Ann Lee")
    assert client.send("/join").status == 303
    place = db.session.scalars(sa.select(Membership).where(Membership.user_id == user.id)).one()
    assert place.state is PersonState.WAITING


def test_an_open_link_does_not_tell_one_by_one_who_has_an_account(
    client: EngageClient, maria: Membership
) -> None:
    made = open_link(maria)
    follow(client, made)
    tried = [client.send("/join", **NEW | {"email": make_user().email}) for _each in range(11)]
    assert [page.status for page in tried] == [422] * 10 + [429]
    assert tried[-1].has("Too many tries. Wait 6 minutes and try again.")
    assert int(tried[-1].headers["Retry-After"]) > 300
    assert client.send("/join", **NEW | {"email": "nobody.has.this@example.org"}).status == 429


def test_someone_else_signed_in_cannot_take_a_bound_link(client_of: ClientOf, maria: Membership) -> None:
    other = client_of(make_membership(coalition=make_coalition()))
    made = bound_link(maria)
    assert follow(other, made).has("This invitation is for someone else")
    assert other.send("/join").status == 422
    assert db.session.get_one(Invitation, made.id).uses_left == 1


def test_a_person_of_another_coalition_joins_and_may_switch(client_of: ClientOf, maria: Membership) -> None:
    person = make_membership(coalition=make_coalition(slug="lakeside", name="Lakeside Coalition"))
    assert person.user is not None
    client = client_of(person)
    follow(client, bound_link(maria, person.user.email))
    assert client.send("/join").status == 303
    page = client.page("/c/lakeside/")
    assert page.one(".menu-wide .switcher a[href='/c/riverbend/']").text() == "Riverbend County Coalition"
    client.page("/c/riverbend/")


@pytest.mark.parametrize("state", ["used", "expired", "revoked"])
def test_a_link_that_is_over_says_which_and_whom_to_ask(
    client: EngageClient, maria: Membership, state: str
) -> None:
    made = open_link(maria)
    if state == "used":
        made.uses_left = 0
    elif state == "expired":
        made.expires_at = clock.now()
    else:
        made.revoked_at = clock.now()
    db.session.commit()
    page = follow(client, made)
    words = {"used": "is used up", "expired": "and ended on", "revoked": "revoked it"}
    assert page.status == 410
    assert page.has(words[state])
    assert page.has("Ask Maria Santos for a new one.")
    assert client.send("/join", **NEW).status == 410
    assert db.session.scalar(sa.select(User).where(User.email == "ann@example.org")) is None


@pytest.mark.parametrize("token", ["nothing-like-it", "x" * 3000, "%00", "ü"])
def test_a_wrong_token_says_that_part_of_it_may_be_missing(
    client: EngageClient, maria: Membership, token: str
) -> None:
    assert client.get(f"/join/{token}").status_code == 303
    page = Page(client.get("/join"))
    assert page.status == 404
    assert page.has("It may have expired long ago, or part of it may be missing")
    assert client.send("/join", **NEW).status == 404


def test_of_eight_who_take_one_use_at_once_one_joins(
    app: Flask, maria: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = open_link(maria)
    token = invitations_service.token_of(made)
    all_saw_it_open = Barrier(8)
    hash_of = passwords.hash_of

    def hash_together(password: str) -> str:
        all_saw_it_open.wait(timeout=300)
        return hash_of(password)

    monkeypatch.setattr(passwords, "hash_of", hash_together)

    def accept(number: int) -> int:
        with app.app_context():
            client = app.test_client()
            assert isinstance(client, EngageClient)
            client.get(f"/join/{token}")
            return client.send("/join", **{**NEW, "email": f"p{number}@example.org"}).status

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(accept, range(8)))
    assert answers == [303] + [410] * 7
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 2
    assert db.session.get_one(Invitation, made.id, populate_existing=True).uses_left == 0


def test_the_servers_link_makes_the_coordinator_and_the_first_account_the_admin(client: EngageClient) -> None:
    token = invitations_service.invite_coordinator(service.create_coalition("Lakeside", slug="lakeside"))
    db.session.commit()
    client.get(f"/join/{token}")
    assert client.page("/join").has("Your role: Coordinator")
    assert client.send("/join", **NEW).status == 303
    place = db.session.scalars(sa.select(Membership)).one()
    assert (place.role, place.state) == (Role.COORDINATOR, PersonState.ACTIVE)
    assert place.user is not None and place.user.is_admin
    client.page("/c/lakeside/people/invitations/")


def test_a_person_who_left_comes_back_to_the_same_place(client_of: ClientOf, maria: Membership) -> None:
    person = make_membership(name="Ann Lee", left_on=clock.today("America/Chicago"))
    client = client_of(person)
    follow(client, open_link(maria, role=Role.VIEWER))
    client.send("/join")
    again = db.session.get_one(Membership, person.id)
    assert (again.state, again.role) == (PersonState.WAITING, Role.VIEWER)


def test_a_disabled_person_does_not_come_back_by_a_link(client_of: ClientOf, maria: Membership) -> None:
    person = make_membership(disabled_at=clock.now())
    client = client_of(person)
    made = open_link(maria)
    follow(client, made)
    page = client.send("/join")
    assert page.status == 409
    assert page.has("Your access to this coalition is paused.")
    assert db.session.get_one(Invitation, made.id).uses_left == 1
    assert db.session.get_one(Membership, person.id).state is PersonState.DISABLED


def test_a_member_who_follows_a_link_again_goes_home(client_of: ClientOf, maria: Membership) -> None:
    member = make_membership()
    client = client_of(member)
    client.get(f"/join/{invitations_service.token_of(open_link(maria))}")
    assert client.get("/join").headers["Location"] == f"/join/{member.id}/done"


def test_a_person_without_account_is_taken_over_by_a_bound_link(
    client: EngageClient, maria: Membership
) -> None:
    place = make_membership(name="A. Lee", user=None, email="ann@example.org")
    follow(client, bound_link(maria))
    client.send("/join", **NEW)
    claimed = db.session.get_one(Membership, place.id)
    assert (claimed.name, claimed.state, claimed.email) == ("Ann Lee", PersonState.ACTIVE, "")
    assert claimed.user is not None and claimed.user.email == "ann@example.org"


def test_a_place_of_someone_else_does_not_exist_while_joining(client_of: ClientOf, maria: Membership) -> None:
    stranger = client_of(make_membership(coalition=make_coalition()))
    for page in ("organization", "about", "done"):
        assert stranger.get(f"/join/{maria.id}/{page}").status_code == 404
    assert stranger.send(f"/join/{maria.id}/about", offer="x").status == 404
    assert stranger.send(f"/join/{maria.id}/organization", origin="other").status == 404


class TestWhereAPersonComesFrom:
    @pytest.fixture
    def where(self, client: EngageClient, maria: Membership) -> str:
        follow(client, bound_link(maria))
        return client.send("/join", **NEW).location or ""

    def test_one_field_finds_what_is_on_the_list_however_it_is_written(
        self, client: EngageClient, where: str
    ) -> None:
        make_organization(name="Grace Elsewhere", coalition=make_coalition())
        grace = make_organization(name="Église Grace")
        assert [node.attributes["value"] for node in client.page(where).all("datalist option")] == [
            "Église Grace"
        ]
        assert client.send(where, name="eglise  GRACE").status == 303
        assert db.session.scalars(sa.select(Affiliation.organization_id)).one() == grace.id

    def test_whoever_waits_for_approval_reads_no_list_of_organizations(
        self, client: EngageClient, maria: Membership
    ) -> None:
        make_organization(name="Harbor House")
        follow(client, open_link(maria))
        where = client.send("/join", **NEW).location or ""
        assert not client.page(where).all("datalist option")
        assert client.send(where, name="harbor house").status == 303

    def test_a_person_without_an_organization_picks_a_sector(self, client: EngageClient, where: str) -> None:
        own = ["Residents, parents, and young people", "Other"]
        assert client.page(where).texts(".option-name") == own
        assert client.send(where, origin="residents").status == 303
        row = db.session.scalars(sa.select(Affiliation)).one()
        assert (row.organization_id, row.sector) == (None, "residents")

    def test_a_new_organization_is_saved_with_its_sector(self, client: EngageClient, where: str) -> None:
        assert client.send(where, name="Hope House", sector="survivor_led").status == 303
        row = db.session.scalars(sa.select(Organization)).one()
        assert (row.name, row.sector) == ("Hope House", "survivor_led")
        assert db.session.scalars(sa.select(Affiliation.organization_id)).one() == row.id

    def test_without_a_sector_continue_asks_for_it_and_keeps_the_name(
        self, client: EngageClient, where: str
    ) -> None:
        page = client.send(where, name="Blue Medical")
        assert page.status == 422
        assert page.errors == ["“Blue Medical” is new here. Choose the sector it fits best."]
        assert page.value("name") == "Blue Medical"
        assert client.send(where, name="Blue Medical", sector="health").status == 303

    def test_a_likely_duplicate_is_asked_about_before_it_is_saved(
        self, client: EngageClient, where: str
    ) -> None:
        grace = make_organization(name="Grace Church")
        page = client.send(where, name="The grace church", sector="faith")
        assert page.status == 422
        assert page.has("Is it one of these?")
        assert page.texts(".option-name")[:2] == ["Grace Church", "No, this is a different one: add it"]
        assert (page.value("name"), page.value("sector")) == ("The grace church", "faith")
        assert db.session.scalars(sa.select(Organization)).all() == [grace]
        new = page.all("[name=same]")[1].attributes["value"]
        page = client.send(where, name="Some other name", sector="faith", same=new)
        assert page.errors == ["Someone changed the name in the meantime. Check it again."]
        assert client.send(where, name="The grace church", sector="faith", same=new).status == 303
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 2

    def test_of_those_that_look_like_it_one_can_be_chosen(self, client: EngageClient, where: str) -> None:
        grace = make_organization(name="Grace Church")
        assert client.send(where, name="The grace church", same=str(grace.id)).status == 303
        assert db.session.scalars(sa.select(Affiliation.organization_id)).one() == grace.id

    @pytest.mark.parametrize("origin", ["", "nonprofit", "999999999", "99999999999999", "x", "\0"])
    def test_an_unknown_choice_is_refused(self, client: EngageClient, where: str, origin: str) -> None:
        assert client.send(where, origin=origin).status == 422
        assert db.session.scalars(sa.select(Affiliation)).all() == []

    def test_an_organization_of_another_coalition_is_an_unknown_choice(
        self, client: EngageClient, where: str
    ) -> None:
        foreign = make_organization(coalition=make_coalition())
        assert client.send(where, name="Anything", same=str(foreign.id)).status == 422
        assert db.session.scalars(sa.select(Affiliation)).all() == []

    def test_of_both_answers_the_one_that_was_changed_counts(self, client: EngageClient, where: str) -> None:
        """A radio button cannot be let go again, and what is on record stands in the field."""
        hope = make_organization(name="Hope House")
        both = client.send(where, name="Hope House", origin="other")
        assert both.errors == ["Both are filled in. Clear the organization, or leave this one as it was."]
        assert client.send(where, origin="other").status == 303
        assert client.send(where, name="Hope House", origin="other").status == 303
        row = db.session.scalars(sa.select(Affiliation)).one()
        assert (row.organization_id, row.sector) == (hope.id, None)
        assert client.page(where).value("name") == "Hope House"
        assert client.send(where, name="Hope House", origin="residents").status == 303
        db.session.refresh(row)
        assert (row.organization_id, row.sector) == (None, "residents")


def test_what_looks_like_personal_details_is_asked_about(client: EngageClient, maria: Membership) -> None:
    follow(client, bound_link(maria))
    about = (client.send("/join", **NEW).location or "").replace("organization", "about")
    page = client.send(about, offer="Call me at 512-555-0143")
    assert page.status == 422
    assert page.value("offer") == "Call me at 512-555-0143"
    assert db.session.scalars(sa.select(Strength)).all() == []
    assert the_coalition().id
