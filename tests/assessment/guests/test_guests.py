"""Answering without an account: one response a browser or slip, saved at every answer, changed until closing."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock, tokens
from engage.assessment.channels import rules as channels_rules
from engage.assessment.channels import service as channels_service
from engage.assessment.channels.rules import STARTS_AN_HOUR
from engage.assessment.guests import pacing, queries
from engage.assessment.models import Answer, Channel, Guest, Response, Round, Slip, StartCount
from engage.assessment.questions import QuestionSet, QuestionWording, frozen
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import ChannelKind
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from tests.assessment.guests.rows import Phone, answered, open_channel, slip_codes, token
from tests.databases import counted_queries
from tests.factories import make_membership, make_round

KEYS = [each.key for each in content().indicators]
FIRST, SECOND = KEYS[:2]
AREA = content().areas[0]
# A column of a guest's rows with one of these would keep who or when.
NAMED = {"membership", "user", "session", "address", "agent", "person", "time", "_at", "name", "email"}


@pytest.fixture
def coordinator_() -> Membership:
    return make_membership(role=Role.COORDINATOR)


@pytest.fixture
def round_(coordinator_: Membership) -> Round:
    small = frozen(content(), "en")
    kept = [AREA.key, content().areas[1].key]
    asked = QuestionSet(small.language, small.scale, tuple(each for each in small.areas if each.key in kept))
    return make_round(title="The secret title", questions=asked.to_json())


@pytest.fixture
def link(coordinator_: Membership, round_: Round) -> str:
    return token(open_channel(coordinator_, round_))


def everything(round_: Round) -> dict[str, int]:
    questions = QuestionSet.from_json(round_.questions)
    return {each.key: 2 for area in questions.areas for each in area.questions}


def close(by: Membership, round_: Round) -> None:
    rounds_service.close_round(db.session.merge(by), db.session.get_one(Round, round_.id))
    db.session.commit()


def how_many(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


# -- the whole path


def test_whoever_has_the_link_says_what_they_are_answers_checks_submits_and_changes(
    app: Flask, link: str, round_: Round
) -> None:
    phone = Phone(app, link)
    page = phone.page()
    assert page.texts("select[name=sector] > option") == [
        "Choose one",
        "Residents, parents, and young people",
        "Other",
    ]
    groups = [group.attributes["label"] for group in page.all("select[name=sector] > optgroup")]
    assert groups == [group.name for group in content().sector_groups]
    assert len(page.all("select[name=sector] option")) == len(content().sectors_of_people) + 1
    begun = phone.send("start", sector="residents")
    assert (begun.status, begun.location) == (303, phone.at(f"questions/{FIRST}"))
    page = phone.page(f"questions/{FIRST}")
    assert page.has("write down this code")
    assert not phone.page(f"questions/{FIRST}").has("write down this code")
    said = everything(round_)
    phone.send(f"questions/{FIRST}", answer="3")
    half = phone.page().text("#assessment-submit")
    assert "If you do not submit, your answers are deleted when a coordinator closes the round." in half
    for key in said:
        answer = phone.send(f"questions/{key}", answer="3")
    assert answer.location == phone.at(f"areas/{content().areas[1].key}/check")
    assert phone.page(f"areas/{AREA.key}/check").has("Everything here is saved, not yet submitted.")
    assert phone.send("submit").location == phone.at("submitted")
    assert phone.page("submitted").has("Your answers are submitted. Thank you.")
    assert phone.send(f"questions/{FIRST}", answer="dont_know").status == 303
    response = db.session.scalars(sa.select(Response)).one()
    assert (response.sector, response.submitted, response.started_at) == ("residents", True, None)
    assert {row.answered_at for row in db.session.scalars(sa.select(Answer))} == {None}


def test_nothing_of_the_coalition_but_its_name_and_the_questions_is_shown(
    app: Flask, link: str, round_: Round
) -> None:
    phone = Phone(app, link)
    for path in ("", "resume"):
        assert phone.page(path).has("Riverbend")
    phone.start()
    for path in ("", f"questions/{FIRST}", f"areas/{AREA.key}", f"areas/{AREA.key}/check", "start-over"):
        page = phone.page(path)
        assert not page.has(round_.title), path
        assert not page.all("textarea"), path
        assert not page.all("a[href*='/c/']"), path
        assert not page.has("Who already works on this here?"), path


def test_the_notice_says_what_an_open_link_and_a_slip_cannot_promise(
    app: Flask, coordinator_: Membership, round_: Round, link: str
) -> None:
    slips = open_channel(coordinator_, round_, ChannelKind.SLIPS)
    code = slip_codes(coordinator_, slips, 1)[0]
    by_link, by_slip = Phone(app, link).page(), Phone(app, token(slips)).page(code)
    assert by_link.texts("#assessment-before > .who-sees > li")[-1].startswith(
        "This promise has limits: others may use the open link more than once,"
    )
    assert by_slip.texts("#assessment-before > .who-sees > li")[-1].startswith(
        "This promise has limits: anyone with this phone"
    )
    for page in (by_link, by_slip):
        for said in (
            "and, until the round is closed, the language you answered in.",
            "The coalition may leave out all answers from the link, but never only some of them.",
            "The person who runs the server could read answers until the round closes.",
            "If all the other people in your group compare their answers, they can figure out yours.",
        ):
            assert said in page.text("#assessment-who-sees"), said


def test_a_note_that_is_sent_all_the_same_is_not_kept(app: Flask, link: str) -> None:
    phone = Phone(app, link)
    phone.start()
    phone.send(f"questions/{FIRST}", answer="1", note="Ask Maria, 555-0100.")
    phone.send(f"areas/{AREA.key}", **{f"{SECOND}-answer": "1", f"{SECOND}-note": "Ask Maria."})
    assert {row.note for row in db.session.scalars(sa.select(Answer))} == {""}
    assert how_many(Answer) == 2


def test_what_is_kept_names_no_one_and_no_time_and_no_code_stands_in_clear(
    app: Flask, coordinator_: Membership, round_: Round, link: str
) -> None:
    slips = open_channel(coordinator_, round_, ChannelKind.SLIPS)
    code = slip_codes(coordinator_, slips, 1)[0]
    answered(app, link, {FIRST: 1})
    answered(app, token(slips), {FIRST: 1}, code=code)
    for model in (Guest, Slip):
        columns = {column.name for column in db.metadata.tables[model.__tablename__].c}
        assert not [name for name in columns if any(word in name for word in NAMED)]
    kept = [
        str(value)
        for table in (Guest, Slip, Channel)
        for row in db.session.execute(sa.select(db.metadata.tables[table.__tablename__]))
        for value in row
    ]
    assert not [value for value in kept if link in value or code in value]
    assert not set(db.session.scalars(sa.select(Response.respondent_id))) - {None}


def test_opening_a_page_neither_spends_nor_answers(
    app: Flask, coordinator_: Membership, round_: Round, link: str
) -> None:
    slips = open_channel(coordinator_, round_, ChannelKind.SLIPS)
    code = slip_codes(coordinator_, slips, 1)[0]
    for _again in range(3):
        assert Phone(app, token(slips)).page(code).has("Which of these are you?")
        Phone(app, link).page()
    assert (how_many(Response), how_many(StartCount)) == (0, 0)
    assert not db.session.scalars(sa.select(Slip.used)).one()


def test_without_a_cookie_nothing_begins_and_what_was_chosen_stays(app: Flask, link: str) -> None:
    phone = Phone(app, link)
    page = phone.send("start", sector="health")
    assert page.status == 422
    assert page.has("allow cookies for this page")
    assert page.one("select[name=sector] option[selected]").attributes["value"] == "health"
    assert phone.send("start", sector="health").status == 303


def test_a_button_pressed_twice_begins_one_response(app: Flask, link: str) -> None:
    phone = Phone(app, link)
    phone.start()
    assert phone.send("start", sector="health").status == 303
    assert [each.sector for each in db.session.scalars(sa.select(Response))] == ["residents"]


def test_the_language_is_asked_where_the_round_has_more_than_one(
    app: Flask, coordinator_: Membership
) -> None:
    small = frozen(content(), "en").without(KEYS[1:])
    question = small.areas[0].questions[0]
    spanish = QuestionWording("Camas", "Hay camas para todos.", "", question.levels)
    stored = small.to_json()
    stored["areas"][0]["questions"][0]["texts"] = {
        "es": {
            "title": spanish.title,
            "statement": spanish.statement,
            "why": "",
            "levels": list(spanish.levels),
        }
    }
    phone = Phone(app, token(open_channel(coordinator_, make_round(questions=stored))))
    page = phone.page()
    assert page.texts(".pills a") == ["English", "Español"]
    assert page.one("input[name=language]").attributes["value"] == "en"
    there = str(page.all(".pills a")[1].attributes["href"])
    page = phone.client.page(there)
    assert page.has("¿Qué ve usted en nuestra comunidad?")
    assert page.one("input[name=language]").attributes["value"] == "es"
    assert phone.send("start", sector="residents", language="es").status == 303
    assert phone.page(f"questions/{FIRST}").has("Hay camas para todos.")


# -- coming back


def resume_code(phone: Phone) -> str:
    phone.send("resume-code")
    return re.findall(r"code: ([a-z2-9]{5}.[a-z2-9]{5})\.", phone.page().text("main"))[-1]


def test_a_lost_phone_is_replaced_by_the_code_and_let_out(app: Flask, link: str) -> None:
    lost = Phone(app, link)
    lost.start()
    lost.answers({FIRST: 1}, submit=False)
    code = resume_code(lost)
    new = Phone(app, link)
    assert new.send("resume", typed=code.upper()).status == 303
    assert new.page().has("You have answered 1 of")
    assert lost.page().has("Which of these are you?")
    assert how_many(Response) == 1


def test_a_new_code_replaces_the_one_before_and_a_wrong_one_says_so(app: Flask, link: str) -> None:
    phone = Phone(app, link)
    phone.start()
    before, now = resume_code(phone), resume_code(phone)
    other = Phone(app, link)
    page = other.send("resume", typed=before)
    assert page.status == 422
    assert page.has("This code does not work here.")
    assert page.one("#typed").attributes["value"] == before
    assert other.send("resume", typed=now).status == 303


def test_the_second_person_at_a_phone_cannot_open_the_first_ones_answers(
    app: Flask, link: str, round_: Round
) -> None:
    phone = Phone(app, link)
    phone.start()
    phone.answers({FIRST: 4}, submit=False)
    assert phone.page("start-over").has("1 answer in this browser is submitted as it is.")
    assert phone.send("start-over").location == phone.at()
    assert phone.page().has("Which of these are you?")
    phone.start("health")
    assert not phone.page(f"questions/{FIRST}").all("input[checked]")
    phone.answers({FIRST: 1})
    rows = db.session.execute(
        sa.select(Response.sector, Response.submitted, Answer.rating).join(Answer).order_by(Answer.rating)
    )
    assert [tuple(row) for row in rows] == [("health", True, 1), ("residents", True, 4)]


def test_starting_over_without_an_answer_leaves_nothing_behind(app: Flask, link: str) -> None:
    phone = Phone(app, link)
    phone.start()
    phone.send("start-over")
    assert (how_many(Response), how_many(Guest)) == (0, 0)


def test_answers_taken_back_stay_so_when_the_next_person_starts(app: Flask, link: str) -> None:
    phone = answered(app, link, {FIRST: 1})
    phone.send("take-back")
    phone.send("start-over")
    assert not db.session.scalars(sa.select(Response.submitted)).one()


# -- slips


def test_a_slip_starts_once_and_then_opens_nothing(
    app: Flask, coordinator_: Membership, round_: Round
) -> None:
    channel = open_channel(coordinator_, round_, ChannelKind.SLIPS)
    code = slip_codes(coordinator_, channel, 1)[0]
    phone = Phone(app, token(channel))
    assert phone.send("slip", typed=f"{code[:5].upper()}-{code[5:]}").location == phone.at(code)
    phone.start(code=code)
    phone.answers({FIRST: 2}, submit=False)
    printer = Phone(app, token(channel))
    # Whoever printed it is not told by looking whether it was used.
    assert printer.page(code).has("Which of these are you?")
    refused = printer.send("start", sector="health", code=code)
    assert (refused.status, refused.has("This slip has been used")) == (409, True)
    assert how_many(Response) == 1
    assert phone.page().has("You have answered 1 of")


def test_a_slip_channel_without_a_code_asks_for_one_and_a_wrong_one_is_told(
    app: Flask, coordinator_: Membership, round_: Round, link: str
) -> None:
    channel = open_channel(coordinator_, round_, ChannelKind.SLIPS)
    phone = Phone(app, token(channel))
    assert phone.page().has("The code on your slip")
    assert phone.send("start", sector="health").status == 404
    assert phone.send("slip", typed="nope").status == 422
    assert phone.client.get(phone.at("2345678923")).status_code == 404
    assert how_many(Response) == 0


def test_another_slip_at_the_same_phone_hands_in_the_first_response(
    app: Flask, coordinator_: Membership, round_: Round
) -> None:
    channel = open_channel(coordinator_, round_, ChannelKind.SLIPS)
    one, two = slip_codes(coordinator_, channel, 2)
    phone = Phone(app, token(channel))
    phone.start(code=one)
    phone.answers({FIRST: 2}, submit=False)
    asked = phone.client.get(phone.at(two)).headers["Location"]
    assert asked == phone.at(f"start-over?code={two}")
    assert phone.send("start-over", code=two).location == phone.at(two)
    phone.start(code=two)
    assert how_many(Response) == 2


def test_a_mailed_code_starts_one_response_and_is_kept_as_a_hash_alone(
    app: Flask, coordinator_: Membership, round_: Round
) -> None:
    channel = open_channel(coordinator_, round_, ChannelKind.SLIPS)
    code = channels_service.draw_for_mail(channel)
    db.session.commit()
    row = db.session.scalars(sa.select(Slip)).one()
    assert row.nonce == ""
    assert code not in row.code_hash
    answered(app, token(channel), {FIRST: 2}, code=code)
    assert db.session.scalars(sa.select(Slip.used)).one()


# -- when it opens nothing


def test_closed_revoked_and_guessed_links_say_what_to_do(
    app: Flask, coordinator_: Membership, round_: Round, link: str
) -> None:
    begun = Phone(app, link)
    begun.start()
    channel = db.session.scalars(sa.select(Channel)).one()
    channels_service.revoke(coordinator_, db.session.get_one(Round, round_.id), channel.kind)
    db.session.commit()
    new = Phone(app, link)
    page = new.client.get(new.at())
    assert (page.status_code, "This link is turned off" in page.text) == (410, True)
    assert new.send("start", sector="health").status == 422  # no cookie was given
    assert begun.answers({FIRST: 1}).page().has("You have submitted 1 of")
    close(coordinator_, round_)
    for phone in (new, begun):
        page = phone.client.get(phone.at())
        assert (page.status_code, "The questions are closed" in page.text) == (410, True)
    late = begun.send(f"questions/{FIRST}", answer="4")
    assert late.status == 409
    assert late.has("This round is closed")
    guessed = Phone(app, "2345678923")
    page = guessed.client.get(guessed.at())
    assert (page.status_code, "Check each character" in page.text) == (404, True)
    assert "Riverbend" not in page.text


def test_ten_thousand_guesses_find_nothing_and_cost_one_statement_each(app: Flask, link: str) -> None:
    with counted_queries() as counted:
        assert not [guess for _try in range(10_000) if queries.entrance(guess := tokens.readable_token(10))]
    assert len(counted) <= 10_001
    assert 31**channels_rules.TOKEN_LENGTH > 2**49


def test_at_closing_every_tie_between_a_browser_and_its_answers_is_gone(
    app: Flask, coordinator_: Membership, round_: Round, link: str
) -> None:
    phones = [answered(app, link, {FIRST: rating}) for rating in (1, 2, 3)]
    forgot = Phone(app, link)
    forgot.start()
    forgot.answers(everything(round_), submit=False)
    partly = Phone(app, link)
    partly.start()
    partly.answers({FIRST: 0}, submit=False)
    close(coordinator_, round_)
    assert how_many(Guest) == 0
    assert how_many(Response) == 4  # whoever answered everything counts, whoever answered in part does not
    assert db.session.get_one(Round, round_.id).by_link == 4
    assert phones[0].client.get(phones[0].at()).status_code == 410
    assert phones[0].send("resume", typed="abcde-fghjk").status == 410


# -- a flood


def test_over_three_hundred_an_hour_from_one_address_wait_a_minute_and_are_never_refused(
    app: Flask, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "LIMITS", True)
    answered(app, link, {FIRST: 1})
    monkeypatch.setattr(pacing, "STARTS_AN_HOUR", 2)
    assert STARTS_AN_HOUR == 300
    early = Phone(app, link)
    early.start()
    waiting = Phone(app, link)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        page = waiting.start("health")
        assert (page.status, page.has("Please wait a minute")) == (429, True)
        assert page.has("60 seconds are left.")
        place = page.one("input[name=place]").attributes["value"]
        traveller.shift(timedelta(seconds=20))
        again = waiting.send("start", sector="health", place=place)
        assert (again.status, again.has("40 seconds are left.")) == (429, True)
        other = Phone(app, link)
        other.page()
        assert other.send("start", sector="health", place=place).status == 429
        traveller.shift(timedelta(seconds=41))
        assert waiting.send("start", sector="health", place=place).status == 303
        assert other.send("start", sector="health", place=place).status == 429
    assert early.answers({FIRST: 1}).page().has("You have submitted")
    elsewhere = Phone(app, link, "192.0.2.7")
    assert elsewhere.start().status == 303
    assert db.session.scalars(sa.select(Channel.crowded_on)).one() is not None


def test_a_place_in_the_line_is_kept_for_two_hours(app: Flask) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        place = pacing.place_in_line("phone")
        traveller.shift(timedelta(hours=1, minutes=59))
        assert pacing.seconds_left(place, "phone") == 0
        traveller.shift(timedelta(minutes=2))
        assert pacing.seconds_left(place, "phone") is None


def test_the_count_of_an_address_holds_no_address_and_is_gone_within_a_day(app: Flask, link: str) -> None:
    answered(app, link, {FIRST: 1})
    today = db.session.scalars(sa.select(StartCount.key)).one()
    assert "127.0.0.1" not in today
    assert not db.metadata.tables["assessment_start_count"].foreign_keys
    assert channels_service.forget_addresses(clock.now()) == 0
    assert channels_service.forget_addresses(clock.now() + timedelta(hours=1)) == 1
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        answered(app, link, {FIRST: 1})
    assert db.session.scalars(sa.select(StartCount.key)).one() != today


def test_saving_an_answer_takes_few_statements_however_much_is_answered(
    app: Flask, link: str, round_: Round
) -> None:
    phone = Phone(app, link)
    phone.start()
    with counted_queries() as first:
        phone.send(f"questions/{FIRST}", answer="1")
    phone.answers(everything(round_), submit=False)
    with counted_queries() as last:
        phone.send(f"questions/{FIRST}", answer="1")
    assert len(first) == len(last) <= 6


# -- at once


def together(app: Flask, phones: list[Phone], fields: dict[str, str]) -> list[int]:
    """Presses Start on all of these phones at the same moment; returns the statuses in order."""
    barrier, csrf = Barrier(len(phones)), [phone.client.csrf_token() for phone in phones]
    db.session.commit()

    def press(phone: Phone, token_: str) -> int:
        with app.app_context():  # the context of a thread of its own: sessions are not shared between them
            barrier.wait(timeout=10)
            return phone.client.post(phone.at("start"), data={**fields, "csrf_token": token_}).status_code

    with ThreadPoolExecutor(len(phones)) as pool:
        return sorted(pool.map(press, phones, csrf))


def test_of_eight_phones_with_one_slip_at_once_one_begins(
    app: Flask, coordinator_: Membership, round_: Round
) -> None:
    channel = open_channel(coordinator_, round_, ChannelKind.SLIPS)
    code = slip_codes(coordinator_, channel, 1)[0]
    phones = [Phone(app, token(channel)) for _phone in range(8)]
    for phone in phones:
        phone.page(code)
    assert together(app, phones, {"sector": "health", "code": code}) == [303, *[409] * 7]
    assert how_many(Response) == 1


def test_eight_phones_at_an_open_link_at_once_all_begin(app: Flask, link: str) -> None:
    phones = [Phone(app, link) for _phone in range(8)]
    for phone in phones:
        phone.page()
    assert together(app, phones, {"sector": "health", "code": ""}) == [303] * 8
    assert how_many(Response) == 8


def test_one_button_pressed_four_times_at_once_begins_one_response(app: Flask, link: str) -> None:
    phone = Phone(app, link)
    phone.page()
    assert together(app, [phone] * 4, {"sector": "health", "code": ""}) == [303] * 4
    assert how_many(Response) == 1
