"""A way in that someone else made: what the person answered before is kept and shown to no one anymore.

The person who makes it may go in themselves, so the tests do just that and then look at every page.
"""

import json
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts import service
from engage.accounts.forgotten import service as forgotten_service
from engage.accounts.models import Notice, PasswordLink, User
from engage.accounts.profile import service as profile_service
from engage.accounts.rules import NoticeKind, is_own_way
from engage.assessment.models import Answer, Effort, Response, Round
from engage.assessment.results.queries.released import release_of
from engage.assessment.rounds import service as rounds_service
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from engage.messages.account.letters import AccountLetters
from tests.accounts.test_second_factor import enrol
from tests.client import EngageClient
from tests.factories import (
    make_affiliation,
    make_coalition,
    make_membership,
    make_note,
    make_organization,
    make_response,
    make_round,
    make_user,
    signed_in_client,
)
from tests.messages.smtp import Taken, server_at, taking

AREA = content().areas[0]
FIRST, SECOND, THIRD = [each.key for each in content().indicators_in(AREA.key)][:3]
SECRET, EFFORT = "Because of the clinic on Fourth Street", "Quiet helpers of Fourth Street"
NEW_PASSWORD = "eleven copper kettles"


@pytest.fixture
def time(app: Flask) -> Iterator[time_machine.Traveller]:
    assert app
    with time_machine.travel(datetime(2026, 11, 27, 17, 30, tzinfo=UTC), tick=False) as travel:
        yield travel


@pytest.fixture
def post() -> Iterator[Taken]:
    with taking() as taken:
        yield taken


@pytest.fixture
def round_id(app: Flask) -> int:
    assert app
    return make_round().id


@pytest.fixture
def answered(member: EngageClient, round_id: int, time: time_machine.Traveller) -> EngageClient:
    """Returns a member who answered two statements, with a note, and named an effort."""
    make_affiliation(member.membership, make_organization(sector="health"))
    member.send(at(round_id, "start"))
    member.send(at(round_id, f"questions/{FIRST}"), answer="3", note=SECRET)
    member.send(at(round_id, f"questions/{SECOND}"), answer="1")
    named = {"who": EFFORT, "what": "Rides", "for_whom": "", "place": "", "area": AREA.key}
    assert member.send(at(round_id, "efforts"), **named).status == 303
    time.shift(timedelta(minutes=5))
    return member


def at(round_id: int, path: str = "") -> str:
    return f"/c/riverbend/assessment/rounds/{round_id}/{path}"


def link_for(coordinator: EngageClient, person: Membership) -> str:
    page = coordinator.send(f"/c/riverbend/people/{person.id}/password-link")
    return (page.one("#coalitions-link").attributes["value"] or "").removeprefix("http://127.0.0.1")


def email_of(person: Membership) -> str:
    return db.session.get_one(User, person.user_id).email


def enter_by(app: Flask, link: str, email: str) -> EngageClient:
    """Uses a link as whoever holds it does, and signs in with the password that they chose."""
    client = app.test_client()
    assert isinstance(client, EngageClient)
    assert client.send(link, password=NEW_PASSWORD).status == 303
    assert client.send("/sign-in", email=email, password=NEW_PASSWORD).status == 303
    return client


def pages_of(client: EngageClient) -> Iterator[tuple[str, str]]:
    """Yields every page to which the person's pages lead, the two own-data files among them, with its text."""
    ways = deque(["/account/", "/c/riverbend/", "/c/riverbend/assessment/"])
    seen = set(ways)
    while ways:
        path = ways.popleft()
        answer = client.get(path)
        yield path, answer.get_data(as_text=True)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        for node in client.page(path).all("a[href]"):
            href = (node.attributes["href"] or "").partition("#")[0]
            is_near = href.startswith(("/c/riverbend/assessment", "/account"))
            if is_near and href not in seen:
                seen.add(href)
                ways.append(href)
    yield "/account/export", client.post("/account/export", data={"csrf_token": client.csrf_token()}).text


def chosen(client: EngageClient, path: str) -> list[str | None]:
    return [each.attributes["value"] for each in client.page(path).all("input[type=radio][checked]")]


def shows_earlier_answers(client: EngageClient, round_id: int) -> list[str]:
    """Returns the pages that show one of the answers, the note or the effort."""
    found = [path for path, text in pages_of(client) if SECRET in text or EFFORT in text]
    for path in (f"questions/{FIRST}", f"questions/{SECOND}", f"areas/{AREA.key}"):
        found += [path] if chosen(client, at(round_id, path)) else []
    rows = client.page(at(round_id, f"areas/{AREA.key}/check")).texts(".check-row > dd:nth-of-type(1)")
    found += ["check"] if {"Answered, not shown anymore", "Not answered yet"} < set(rows) - {""} else []
    effort = db.session.scalars(sa.select(Effort)).one().id
    found += ["effort"] if client.get(at(round_id, f"efforts/{effort}")).status_code == 200 else []
    own = json.loads(client.post("/account/export", data={"csrf_token": client.csrf_token()}).text)
    found += [
        "file" for place in own["coalitions"] for each in place.get("responses", []) if "answers" in each
    ]
    return found


def test_until_then_the_person_sees_their_own_answers(answered: EngageClient, round_id: int) -> None:
    """The others could not fail if these pages showed nothing anyway."""
    found = shows_earlier_answers(answered, round_id)
    assert {
        at(round_id, f"questions/{FIRST}"),
        "/account/export",
        f"questions/{SECOND}",
        "effort",
        "file",
    } <= set(found)


def test_a_coordinator_with_a_password_link_reads_no_answer_that_was_given_before(
    app: Flask, answered: EngageClient, coordinator: EngageClient, round_id: int
) -> None:
    link = link_for(coordinator, answered.membership)
    inside = enter_by(app, link, email_of(answered.membership))
    assert shows_earlier_answers(inside, round_id) == []
    page = inside.page(at(round_id))
    assert page.has("no page shows them anymore")
    assert page.has("You have answered 2 of")
    assert db.session.scalar(sa.select(sa.func.count(Answer.id))) == 2


def test_the_page_of_a_link_says_before_it_is_used_what_it_hides(
    app: Flask,
    answered: EngageClient,
    coordinator: EngageClient,
    post: Taken,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hides = "no page shows the answers you gave earlier in an open round"
    link = link_for(coordinator, answered.membership)
    assert app.test_client().get(link).text.count(hides) == 1
    refused = answered.send(link, password="short")
    assert refused.status == 422 and refused.has(hides)
    own = mailed_link(app, answered.membership, post, monkeypatch)
    assert hides not in app.test_client().get(own).text


def test_what_is_answered_between_making_the_link_and_using_it_is_hidden_too(
    app: Flask, answered: EngageClient, coordinator: EngageClient, round_id: int, time: time_machine.Traveller
) -> None:
    link = link_for(coordinator, answered.membership)
    time.shift(timedelta(minutes=5))
    answered.send(at(round_id, f"questions/{THIRD}"), answer="4", note=SECRET)
    assert chosen(answered, at(round_id, f"questions/{FIRST}")) == ["3"], "no one has come in yet"
    time.shift(timedelta(minutes=5))
    inside = enter_by(app, link, email_of(answered.membership))
    assert shows_earlier_answers(inside, round_id) == []
    assert chosen(inside, at(round_id, f"questions/{THIRD}")) == []


def test_the_person_goes_on_with_the_rest_and_everything_counts(
    app: Flask, answered: EngageClient, coordinator: EngageClient, round_id: int, time: time_machine.Traveller
) -> None:
    saved = db.session.get_one(Round, round_id)
    for number in range(3):
        make_response(saved, make_membership(name=f"Person {number}"), {FIRST: 3, SECOND: 1, THIRD: 2})
    inside = enter_by(app, link_for(coordinator, answered.membership), email_of(answered.membership))
    time.shift(timedelta(minutes=5))
    button = inside.page(at(round_id)).one("a.btn-primary")
    assert button.attributes["href"] == at(round_id, f"questions/{THIRD}")
    inside.send(at(round_id, f"questions/{THIRD}"), answer="2")
    assert chosen(inside, at(round_id, f"questions/{THIRD}")) == ["2"], "their own since then"
    inside.send(at(round_id, f"questions/{SECOND}"), answer="0")
    assert chosen(inside, at(round_id, f"questions/{SECOND}")) == ["0"], "replaced, and theirs again"
    assert not inside.page(at(round_id, f"questions/{SECOND}")).has("not shown anymore")
    inside.send(at(round_id, "submit"))
    saved = db.session.get_one(Round, round_id)
    rounds_service.close_round(db.session.get_one(Membership, coordinator.membership.id), saved)
    db.session.commit()
    stored = release_of(saved)
    assert stored is not None and stored.respondents == 4
    rated = sorted(db.session.scalars(sa.select(Answer.rating).where(Answer.indicator == SECOND)))
    assert rated == [0, 1, 1, 1]
    notes = db.session.scalars(sa.select(Answer.note).where(Answer.indicator == FIRST)).all()
    assert SECRET in notes, "a hidden answer counts like any other"
    kept = db.session.scalars(sa.select(Effort)).one()
    assert (kept.who, kept.added_at, kept.response_id) == (EFFORT, None, None)


def test_asking_for_a_link_by_mail_hides_nothing(
    app: Flask,
    answered: EngageClient,
    round_id: int,
    post: Taken,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside = by_mail(app, answered.membership, post, monkeypatch)
    assert chosen(inside, at(round_id, f"questions/{FIRST}")) == ["3"]
    assert not inside.page(at(round_id)).has("no page shows them anymore")


def test_mail_to_an_address_that_someone_else_may_have_set_hides_them(
    app: Flask,
    answered: EngageClient,
    coordinator: EngageClient,
    round_id: int,
    time: time_machine.Traveller,
    post: Taken,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A coordinator goes in, sets an address of their own, and comes back by mail after the person answered again."""
    enter_by(app, link_for(coordinator, answered.membership), email_of(answered.membership))
    email = email_of(answered.membership)
    user = db.session.scalars(sa.select(User).where(User.email == email)).one()
    assert profile_service.change(user, "mine@example.org")
    db.session.commit()
    time.shift(timedelta(minutes=5))
    again = enter_by(app, link_for(coordinator, answered.membership), email_of(answered.membership))
    time.shift(timedelta(minutes=5))
    again.send(at(round_id, f"questions/{FIRST}"), answer="2", note=SECRET)
    time.shift(timedelta(minutes=5))
    inside = by_mail(app, answered.membership, post, monkeypatch)
    assert shows_earlier_answers(inside, round_id) == []


def mailed_link(app: Flask, person: Membership, post: Taken, monkeypatch: pytest.MonkeyPatch) -> str:
    """Returns the link in a mail that was asked for with the account's address."""
    monkeypatch.setitem(app.config, "MAIL", server_at(post.port))
    email = email_of(person)
    db.session.rollback()
    forgotten_service.ask(email, "192.0.2.1")
    db.session.commit()
    AccountLetters(app.config["MAIL"]).run()
    db.session.rollback()
    text = str(post.mails[-1].get_content())
    link = next(word for word in text.split() if "/reset/" in word).removeprefix("http://127.0.0.1")
    monkeypatch.setitem(app.config, "MAIL", None)
    return link


def by_mail(app: Flask, person: Membership, post: Taken, monkeypatch: pytest.MonkeyPatch) -> EngageClient:
    email = email_of(person)
    return enter_by(app, mailed_link(app, person, post, monkeypatch), email)


def test_two_step_sign_in_that_someone_else_turns_off_hides_them(
    app: Flask, answered: EngageClient, round_id: int
) -> None:
    enrol(answered)
    assert (
        admin_of(app).send(f"/admin/accounts/{answered.membership.user_id}/second-factor-off").status == 303
    )
    inside = signed_in_client(app, answered.membership)
    assert shows_earlier_answers(inside, round_id) == []


def test_turning_off_ones_own_two_step_sign_in_hides_nothing(answered: EngageClient, round_id: int) -> None:
    enrol(answered)
    assert answered.send("/account/second-factor/off").status == 303
    assert chosen(answered, at(round_id, f"questions/{FIRST}")) == ["3"]


def test_the_commands_on_the_server_hide_them_too(app: Flask, answered: EngageClient, round_id: int) -> None:
    user = db.session.get_one(User, answered.membership.user_id)
    token = service.make_password_link(user, made_by=None)
    db.session.commit()
    inside = enter_by(app, f"/reset/{token}", email_of(answered.membership))
    assert shows_earlier_answers(inside, round_id) == []


@pytest.mark.parametrize(
    ("made_by_id", "is_mailed", "mail_is_own", "is_own"),
    [
        (None, False, True, False),
        (8, False, True, False),
        (7, False, True, True),
        (None, True, True, True),
        (None, True, False, False),
    ],
)
def test_only_what_the_person_made_or_asked_for_by_mail_is_their_own_way(
    made_by_id: int | None, is_mailed: bool, mail_is_own: bool, is_own: bool
) -> None:
    assert is_own_way(7, made_by_id, is_mailed=is_mailed, mail_is_own=mail_is_own) is is_own


def test_closing_keeps_nothing_of_when_someone_came_in(answered: EngageClient, round_id: int) -> None:
    saved = db.session.get_one(Round, round_id)
    assert db.session.scalars(sa.select(Response)).one().started_at is not None
    rounds_service.close_round(db.session.get_one(Membership, answered.membership.id), saved)
    db.session.commit()
    assert db.session.scalars(sa.select(Effort.added_at)).all() in ([], [None])


def test_a_private_note_promises_no_more_than_holds(answered: EngageClient) -> None:
    """A note outlasts a lost password, so its words do not say that its writer alone could ever read it."""
    make_note(answered.membership, text="Ask the school board.", is_shared=False)
    page = answered.page("/c/riverbend/toolkit/notes/")
    assert page.has("A private note shows only in its writer's account.")
    assert page.has("Only in your account")
    assert not page.has("Only you see this")


# -- who is told


def admin_of(app: Flask) -> EngageClient:
    user = make_user(name="Rosa Hill", is_admin=True)
    return signed_in_client(app, make_membership(user=user, coalition=make_coalition(slug="hosts")))


def told() -> dict[str, str | None]:
    """Returns who was told about someone else, each with that person's name."""
    kinds = [
        NoticeKind.LINK_FOR_SOMEONE,
        NoticeKind.SECOND_FACTOR_OFF_FOR_SOMEONE,
        NoticeKind.COORDINATOR_LINK,
    ]
    rows = db.session.scalars(sa.select(Notice).where(Notice.kind.in_(kinds)))
    return {
        db.session.get_one(User, each.user_id).name: each.about.name if each.about is not None else None
        for each in rows
    }


def test_the_other_coordinators_are_told_when_an_admin_makes_a_password_link(app: Flask) -> None:
    ann = make_membership(name="Ann Lee", role=Role.COORDINATOR)
    other = make_membership(name="Maria Santos", role=Role.COORDINATOR)
    make_membership(name="Dan Reyes")
    make_membership(name="Zoe Park", role=Role.COORDINATOR, coalition=make_coalition())
    admin_of(app).send(f"/admin/accounts/{ann.user_id}/password-link")
    assert told() == {"Maria Santos": "Ann Lee"}
    page = signed_in_client(app, other).page("/account/")
    assert page.has("made a one-time link for choosing a new password for Ann Lee")
    assert not page.has("change your password now"), "it is about someone else's account"


def test_where_no_other_coordinator_can_sign_in_the_members_are_told(app: Flask) -> None:
    ann = make_membership(name="Ann Lee", role=Role.COORDINATOR)
    gone = make_membership(name="Maria Santos", role=Role.COORDINATOR)
    db.session.get_one(User, gone.user_id).disabled_at = clock.now()
    make_membership(name="Dan Reyes")
    make_membership(name="Vera Lind", role=Role.VIEWER)
    make_membership(name="Lou Hart", left_on=clock.today())
    db.session.commit()
    admin_of(app).send(f"/admin/accounts/{ann.user_id}/password-link")
    assert told() == {"Dan Reyes": "Ann Lee"}


def test_turning_off_two_step_sign_in_is_told_the_same_way_and_by_mail(
    app: Flask, post: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = make_membership(name="Ann Lee")
    maria = make_membership(name="Maria Santos", role=Role.COORDINATOR)
    enrol(signed_in_client(app, ann))
    admin, email = admin_of(app), email_of(maria)
    monkeypatch.setitem(app.config, "MAIL", server_at(post.port))
    admin.send(f"/admin/accounts/{ann.user_id}/second-factor-off")
    assert told() == {"Maria Santos": "Ann Lee"}
    AccountLetters(app.config["MAIL"]).run()
    text = next(str(each.get_content()) for each in post.mails if each["To"] == email)
    assert "turned off two-step sign-in for Ann Lee" in " ".join(text.split())
    assert "change your password" not in text


def test_an_admins_own_link_is_told_to_no_one(app: Flask) -> None:
    user = make_user(name="Rosa Hill", is_admin=True)
    admin = signed_in_client(app, make_membership(user=user, role=Role.COORDINATOR))
    make_membership(name="Maria Santos", role=Role.COORDINATOR)
    admin.send(f"/admin/accounts/{user.id}/password-link")
    assert db.session.scalar(sa.select(sa.func.count(PasswordLink.id))) == 1
    assert told() == {}


def test_a_link_that_makes_someone_a_coordinator_is_told_to_the_members(app: Flask) -> None:
    dan = make_membership(name="Dan Reyes")
    admin_of(app).send(f"/admin/coalitions/{dan.coalition_id}/link")
    assert told() == {"Dan Reyes": None}
    page = signed_in_client(app, dan).page("/account/")
    assert page.has("Your coalition has no coordinator who can sign in.")


def test_a_notice_about_someone_goes_with_their_account(app: Flask) -> None:
    ann = make_membership(name="Ann Lee")
    maria = make_membership(name="Maria Santos", role=Role.COORDINATOR)
    admin_of(app).send(f"/admin/accounts/{ann.user_id}/password-link")
    db.session.execute(sa.delete(User).where(User.id == ann.user_id))
    db.session.commit()
    assert told() == {}
    assert not signed_in_client(app, maria).page("/account/").has("Ann Lee")
