"""Answers that waited on a phone: sealed to one key, taken in order and once, from the respondent alone."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from joserfc import jwe
from joserfc.jwk import ECKey

from engage import clock
from engage.assessment.models import Answer, OfflineKey, Response, Round
from engage.assessment.offline import rules
from engage.assessment.questions import QuestionSet, frozen
from engage.assessment.rounds import service as rounds_service
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from engage.languages import COOKIE
from tests.assessment.guests.rows import Phone, open_channel, token
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_affiliation,
    make_membership,
    make_organization,
    make_round,
    signed_in_client,
)

AREA = content().areas[0]
KEYS = [each.key for each in content().indicators if each.area == AREA.key]
FIRST, SECOND = KEYS[:2]
HOUR = 3600


class Pocket:
    """What a phone keeps: the name of its key, the public key and its counter."""

    def __init__(self, client: EngageClient, at: str) -> None:
        self.client = client
        said = client.post(at, data={"csrf_token": client.csrf_token()}).json or {}
        self.handle, self.key, self.number = said.get("handle", ""), said.get("key"), 0

    def sealed(self, question: str, *answer: object, number: int | None = None, age: int = 0) -> str:
        self.number += 1
        number = number or self.number
        said = {"number": number, "question": question, "answer": [str(each) for each in answer]}
        header = {"alg": "ECDH-ES", "enc": "A256GCM"}
        plain = json.dumps(said).ljust(512).encode()
        assert self.key is not None
        return f"{number} {age} {jwe.encrypt_compact(header, plain, ECKey.import_key(self.key))}"

    def send(self, *waiting: str, client: EngageClient | None = None) -> dict[str, Any]:
        by = client or self.client
        answer = by.post(
            "/answer/kept", data={"waiting": list(waiting)}, headers={"Engage-Kept": self.handle}
        )
        assert answer.status_code == 200
        return dict(answer.json or {})


@pytest.fixture
def coordinator_() -> Membership:
    return make_membership(role=Role.COORDINATOR)


@pytest.fixture
def round_(coordinator_: Membership) -> Round:
    whole = frozen(content(), "en")
    asked = QuestionSet(
        whole.language, whole.scale, tuple(each for each in whole.areas if each.key == AREA.key)
    )
    return make_round(title="The secret title", questions=asked.to_json())


@pytest.fixture
def guest(app: Flask, coordinator_: Membership, round_: Round) -> Phone:
    phone = Phone(app, token(open_channel(coordinator_, round_)))
    phone.start()
    return phone


@pytest.fixture
def pocket(guest: Phone) -> Pocket:
    return Pocket(guest.client, guest.at("keep"))


def saved() -> dict[str, int | None]:
    return {each.indicator: each.rating for each in db.session.scalars(sa.select(Answer))}


def close(by: Membership, round_: Round) -> None:
    rounds_service.close_round(db.session.merge(by), db.session.get_one(Round, round_.id))
    db.session.commit()


def keys() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(OfflineKey)) or 0


# -- a guest


def test_what_waited_is_saved_in_order_and_the_last_word_on_a_question_counts(pocket: Pocket) -> None:
    waiting = [pocket.sealed(FIRST, 1), pocket.sealed(SECOND, 2), pocket.sealed(FIRST, 4)]
    said = pocket.send(*reversed(waiting))
    assert (said["standing"], said["taken"], said["refused"]) == ("open", 3, [])
    assert saved() == {FIRST: 4, SECOND: 2}
    assert db.session.scalars(sa.select(Answer.answered_at)).all() == [None, None]


def test_an_answer_that_comes_twice_changes_nothing_and_never_replaces_a_newer_one(
    guest: Phone, pocket: Pocket
) -> None:
    old = pocket.sealed(FIRST, 1)
    assert pocket.send(old)["taken"] == 1
    assert guest.send(f"questions/{FIRST}", answer="3").status == 303
    assert pocket.send(old)["taken"] == 1
    assert saved() == {FIRST: 3}
    new = pocket.sealed(FIRST, 0)
    pocket.send(new)
    pocket.send(old, new)
    assert saved() == {FIRST: 0}


def test_the_phone_learns_where_to_go_on_and_the_time(guest: Phone, pocket: Pocket) -> None:
    said = pocket.send()
    assert said["address"] == guest.at()
    assert abs(said["now"] - clock.now().timestamp() * 1000) < 60_000


def test_a_round_that_closed_takes_nothing_and_its_keys_are_gone(
    coordinator_: Membership, round_: Round, guest: Phone, pocket: Pocket
) -> None:
    waits = pocket.sealed(FIRST, 1)
    assert keys() == 1
    close(coordinator_, round_)
    assert keys() == 0
    assert pocket.send(waits)["standing"] == "closed"
    assert saved() == {}


def test_another_browser_sends_nothing_under_this_name(app: Flask, guest: Phone, pocket: Pocket) -> None:
    other = Phone(app, guest.token)
    other.start()
    waits = pocket.sealed(FIRST, 1)
    assert pocket.send(waits, client=other.client).keys() == {"now", "standing"}
    assert pocket.send(waits, client=other.client)["standing"] == "other"
    assert "kept-list" not in other.client.get("/answer/kept", headers={"Engage-Kept": pocket.handle}).text
    assert saved() == {}
    assert pocket.send(waits)["taken"] == 1


def test_after_start_over_what_waits_is_not_sent_for_the_next_person(guest: Phone, pocket: Pocket) -> None:
    pocket.send(pocket.sealed(FIRST, 1))
    waits = pocket.sealed(SECOND, 1)
    guest.send("start-over")
    assert pocket.send(waits)["standing"] == "other"
    guest.start()
    assert pocket.send(waits)["standing"] == "other"
    assert saved() == {FIRST: 1}


# -- what cannot be taken


def test_what_cannot_be_opened_or_is_not_asked_is_refused_and_the_rest_is_saved(pocket: Pocket) -> None:
    stranger = Pocket.__new__(Pocket)
    stranger.key, stranger.number = ECKey.generate_key("P-256").as_dict(private=False), 0
    waiting = [
        stranger.sealed(FIRST, 1, number=1),
        "2 0 not-sealed",
        pocket.sealed("no-such-question", 1, number=3),
        pocket.sealed(FIRST, 7, number=4),
        pocket.sealed(FIRST, number=5),
        pocket.sealed(FIRST, 1, 2, number=6),
        pocket.sealed(FIRST, 1, number=8).replace("8 ", "7 ", 1),
        f"9 0 {'x' * 3_000}",
        pocket.sealed(SECOND, "dont_know", number=10),
    ]
    said = pocket.send(*waiting, "nonsense", "-1 0 x", "11 9999999999 x", "² 0 x")
    assert (said["taken"], said["refused"]) == (10, [1, 2, 3, 4, 5, 6, 7, 9])
    assert saved() == {SECOND: None}


@pytest.mark.parametrize("handle", ["unknown", "x" * 5_000])
def test_an_unknown_name_opens_nothing(guest: Phone, pocket: Pocket, handle: str) -> None:
    pocket.handle = handle
    assert pocket.send("1 0 x")["standing"] == "closed"
    assert "kept-list" not in guest.client.get("/answer/kept", headers={"Engage-Kept": handle}).text


def test_a_response_gets_keys_for_a_few_phones_only(guest: Phone) -> None:
    for _each in range(rules.MOST_KEYS):
        assert Pocket(guest.client, guest.at("keep")).handle
    assert (
        guest.client.post(guest.at("keep"), data={"csrf_token": guest.client.csrf_token()}).status_code == 409
    )
    assert keys() == rules.MOST_KEYS


def test_who_has_not_begun_gets_no_key(app: Flask, guest: Phone) -> None:
    other = Phone(app, guest.token)
    other.page()
    assert not Pocket(other.client, other.at("keep")).handle


# -- the page


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_kept_page_holds_the_questions_and_no_name_title_token_answer_or_link_of_theirs(
    guest: Phone, pocket: Pocket, language: str
) -> None:
    pocket.send(pocket.sealed(FIRST, 3))
    guest.client.set_cookie(COOKIE, language)
    headers = {"Engage-Kept": pocket.handle}
    answer = guest.client.get("/answer/kept", headers=headers)
    page = answer.text
    for key in KEYS:
        assert f'data-question="{key}"' in page
    for secret in (
        guest.token,
        "The secret title",
        "Riverbend",
        "riverbend",
        pocket.handle,
        "checked",
        "csrf",
    ):
        assert secret not in page
    assert f'<html lang="{language}">' in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


def test_without_a_name_the_address_says_what_it_is_for(client: EngageClient) -> None:
    page = client.page("/answer/kept")
    assert page.text("h1") == "No questions on this phone"


def test_what_is_sent_without_the_name_of_a_key_is_refused(client: EngageClient) -> None:
    assert client.post("/answer/kept", data={"waiting": "1 0 a.b.c.d.e"}).status_code == 400


def test_the_worker_is_short_and_may_ask_only_this_server(client: EngageClient) -> None:
    answer = client.get("/answer/worker.js")
    assert (answer.mimetype, answer.headers["Content-Security-Policy"]) == (
        "text/javascript",
        "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
    )
    assert len(answer.text.splitlines()) <= 150
    assert "Set-Cookie" not in answer.headers


def test_each_respondent_has_a_mark_of_their_own_that_says_nothing(app: Flask, guest: Phone) -> None:
    other = Phone(app, guest.token)
    other.start()
    marks = [
        phone.page(f"questions/{FIRST}").one("#kept").attributes["data-mark"] or ""
        for phone in (guest, other)
    ]
    assert len(set(marks)) == 2
    assert all(len(each) == 32 and guest.token not in each for each in marks)


# -- a member


@pytest.fixture
def member(app: Flask, round_: Round) -> EngageClient:
    membership = make_membership(role=Role.MEMBER)
    make_affiliation(membership, make_organization(sector="health"))
    client = signed_in_client(app, membership)
    client.send(f"/c/riverbend/assessment/rounds/{round_.id}/start")
    return client


@pytest.fixture
def members_pocket(member: EngageClient, round_: Round) -> Pocket:
    return Pocket(member, f"/c/riverbend/assessment/rounds/{round_.id}/keep")


def test_a_members_note_stays_when_the_answer_came_without_a_network(
    member: EngageClient, members_pocket: Pocket, round_: Round
) -> None:
    at = f"/c/riverbend/assessment/rounds/{round_.id}"
    assert (
        member.send(f"{at}/questions/{FIRST}", answer="1", note="We lack a person for nights.").status == 303
    )
    db.session.execute(sa.update(Answer).values(answered_at=clock.now() - timedelta(hours=2)))
    said = members_pocket.send(members_pocket.sealed(FIRST, 3, age=HOUR))
    assert said["address"] == f"{at}/"
    row = db.session.scalars(sa.select(Answer)).one()
    assert (row.rating, row.note) == (3, "We lack a person for nights.")
    assert row.answered_at is not None and clock.now() - row.answered_at < timedelta(minutes=1)


def test_what_the_person_said_later_on_another_phone_is_kept(
    member: EngageClient, members_pocket: Pocket, round_: Round
) -> None:
    member.send(f"/c/riverbend/assessment/rounds/{round_.id}/questions/{FIRST}", answer="2")
    said = members_pocket.send(
        members_pocket.sealed(FIRST, 4, age=HOUR), members_pocket.sealed(SECOND, 4, age=HOUR)
    )
    assert (said["taken"], said["refused"]) == (2, [])
    assert saved() == {FIRST: 2, SECOND: 4}


def test_two_phones_of_a_person_count_apart(
    member: EngageClient, members_pocket: Pocket, round_: Round
) -> None:
    other = Pocket(member, f"/c/riverbend/assessment/rounds/{round_.id}/keep")
    for each, key in ((members_pocket, FIRST), (other, SECOND)):
        assert each.send(each.sealed(key, 1))["taken"] == 1
    assert saved() == {FIRST: 1, SECOND: 1}


def test_who_is_signed_out_or_another_sends_nothing(
    app: Flask, client: EngageClient, members_pocket: Pocket
) -> None:
    waits = members_pocket.sealed(FIRST, 1)
    assert members_pocket.send(waits, client=client)["standing"] == "signed-out"
    other = signed_in_client(app, make_membership())
    assert members_pocket.send(waits, client=other)["standing"] == "other"
    assert saved() == {}
    assert members_pocket.send(waits)["standing"] == "open"


def test_a_person_who_left_sends_nothing(member: EngageClient, members_pocket: Pocket) -> None:
    row = db.session.get_one(Membership, member.membership.id)
    row.left_on = clock.today()
    db.session.commit()
    assert members_pocket.send(members_pocket.sealed(FIRST, 1))["standing"] == "other"


def test_a_deleted_response_takes_its_keys_along(member: EngageClient, members_pocket: Pocket) -> None:
    db.session.execute(sa.delete(Response))
    db.session.commit()
    assert keys() == 0


def test_sending_forty_answers_takes_as_many_statements_as_sending_one(
    member: EngageClient, members_pocket: Pocket
) -> None:
    members_pocket.send(members_pocket.sealed(FIRST, 1))
    counts = []
    for waiting in (
        [members_pocket.sealed(FIRST, 1)],
        [members_pocket.sealed(SECOND, n % 5) for n in range(40)],
    ):
        with counted_queries() as statements:
            members_pocket.send(*waiting)
        counts.append(len(statements))
    assert counts[0] == counts[1]
