"""Two-step sign-in: asked on every way in, a code works once, and no one is locked out for good."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts import service
from engage.accounts.models import RecoveryCode, SignedIn, User
from engage.accounts.rules import Spent
from engage.accounts.second_factor import service as second_factor_service
from engage.cli import main
from engage.coalitions.models import Coalition
from engage.coalitions.rules import Role
from engage.errors import WrongState
from engage.extensions import db
from engage.tokens import hashed
from tests.accounts.test_sessions import copy_of, is_signed_in
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import PASSWORD, make_membership, signed_in_client
from tests.html import Page

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = "/account/second-factor"
NEW = "/account/second-factor/new"


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def key_on(page: Page) -> str:
    return page.text(".account-key").replace(" ", "")


def code_of(key: str, *, away: int = 0) -> str:
    """Returns the app's code now, or `away` half minutes later."""
    return pyotp.TOTP(key).at(clock.now() + timedelta(seconds=30 * away))


def user_of(client: EngageClient) -> User:
    db.session.expire_all()
    return db.session.get_one(User, client.membership.user_id)


def enrol(client: EngageClient) -> tuple[str, list[str]]:
    """Returns the key and the recovery codes of a person who has just set it up."""
    key = key_on(client.page(NEW))
    page = client.send(NEW, sign_in_code=code_of(key))
    assert page.status == 200, page.errors
    return key, page.texts(".account-codes code")


def first_step(client: EngageClient, email: str, address: str = "/sign-in") -> Page:
    page = client.send(address, email=email, password=PASSWORD)
    assert page.status == 401 and page.has("Your code")
    return page


def second_step(client: EngageClient, page: Page, code: str, address: str = "/sign-in") -> Page:
    return client.send(address, sign_in_proof=page.value("sign_in_proof"), sign_in_code=code)


def test_setting_up_shows_a_picture_and_the_key_as_text_and_ends_with_ten_codes(member: EngageClient) -> None:
    page = member.page(NEW)
    assert page.one("svg.qr")
    assert len(key_on(page)) == 32
    link = page.one("#accounts-key a").attributes["href"] or ""
    assert link.startswith("otpauth://totp/") and f"secret={key_on(page)}" in link
    assert page.one("[name=sign_in_code]").attributes["autocomplete"] == "one-time-code"
    _key, codes = enrol(member)
    assert len(set(codes)) == 10
    assert member.page(PAGE).has("You have 10 unused recovery codes")
    assert member.page("/account/").has("Two-step sign-in on")


def test_neither_the_key_nor_a_recovery_code_stands_in_the_database(member: EngageClient) -> None:
    key, codes = enrol(member)
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            assert key not in repr(row)
            assert not any(code in repr(row) or code.replace("-", "") in repr(row) for code in codes)


def test_signing_in_asks_for_the_code_after_the_password(app: Flask, member: EngageClient) -> None:
    key, _codes = enrol(member)
    browser = app.test_client()
    assert isinstance(browser, EngageClient)
    page = first_step(browser, user_of(member).email, "/sign-in?next=/account/sessions")
    assert not is_signed_in(browser)
    page = second_step(browser, page, code_of(key, away=1), "/sign-in?next=/account/sessions")
    assert (page.status, page.location) == (303, "/account/sessions")
    assert is_signed_in(browser)


@pytest.mark.parametrize(("away", "right"), [(-2, False), (-1, False), (0, False), (1, True), (2, False)])
def test_a_code_counts_half_a_minute_early_or_late_and_never_again(
    app: Flask, client: EngageClient, member: EngageClient, away: int, right: bool
) -> None:
    """The one that set it up is used; what came before it is, too."""
    key, _codes = enrol(member)
    page = second_step(client, first_step(client, user_of(member).email), code_of(key, away=away))
    assert (page.status == 303) is right


def test_a_code_works_once(
    app: Flask, client: EngageClient, member: EngageClient, travel: time_machine.Traveller
) -> None:
    key, _codes = enrol(member)
    travel.shift(timedelta(minutes=2))
    code, email = code_of(key), user_of(member).email
    assert second_step(client, first_step(client, email), code).status == 303
    client.send("/sign-out")
    page = second_step(client, first_step(client, email), f"{code[:3]} {code[3:]}")
    assert page.errors == ["That code was already used. Wait for the app to show the next one."]
    travel.shift(timedelta(seconds=30))
    assert second_step(client, first_step(client, email), code).status == 422
    assert second_step(client, first_step(client, email), code_of(key)).status == 303


def test_of_eight_requests_with_one_code_one_gets_in(
    app: Flask, member: EngageClient, travel: time_machine.Traveller
) -> None:
    key, codes = enrol(member)
    travel.shift(timedelta(minutes=2))
    user_id = user_of(member).id
    db.session.commit()

    def spend(code: str) -> Spent:
        with app.app_context():
            return second_factor_service.spend(user_id, code)

    for code, once in ((code_of(key), Spent.CODE), (codes[0], Spent.RECOVERY_CODE)):
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(spend, [code] * 8))
        assert found.count(once) == 1
        assert len([each for each in found if each in {Spent.CODE, Spent.RECOVERY_CODE}]) == 1


def test_a_recovery_code_lets_in_once_and_says_how_many_are_left(
    client: EngageClient, member: EngageClient
) -> None:
    _key, codes = enrol(member)
    email = user_of(member).email
    assert second_step(client, first_step(client, email), codes[3].upper().replace("-", " ")).status == 303
    assert client.page("/account/").has("You have 9 left.")
    client.send("/sign-out")
    page = second_step(client, first_step(client, email), codes[3])
    assert page.status == 422 and page.errors[0].startswith("That code is not right.")


def test_the_last_recovery_code_says_so(client: EngageClient, member: EngageClient) -> None:
    _key, codes = enrol(member)
    others = sa.update(RecoveryCode).where(RecoveryCode.code_hash != hashed(codes[0].replace("-", "")))
    db.session.execute(others.values(used_at=clock.now()))
    db.session.commit()
    second_step(client, first_step(client, user_of(member).email), codes[0])
    assert client.page(PAGE).has("That was your last recovery code.")
    assert client.page(PAGE).has("You have no recovery codes left")


def test_new_recovery_codes_end_the_old_ones(client: EngageClient, member: EngageClient) -> None:
    _key, old = enrol(member)
    new = member.send("/account/second-factor/codes").texts(".account-codes code")
    assert len(new) == 10 and not set(new) & set(old)
    email = user_of(member).email
    assert second_step(client, first_step(client, email), old[0]).status == 422
    assert second_step(client, first_step(client, email), new[0]).status == 303


@pytest.mark.parametrize("how", ["late", "early", "new password", "off", "forged", "other person"])
def test_the_note_between_the_steps_is_worth_nothing_later_or_elsewhere(
    app: Flask, client: EngageClient, member: EngageClient, travel: time_machine.Traveller, how: str
) -> None:
    key, _codes = enrol(member)
    travel.shift(timedelta(minutes=2))
    page = first_step(client, user_of(member).email)
    proof = page.value("sign_in_proof")
    if how == "late":
        travel.shift(timedelta(minutes=11))
    if how == "early":
        travel.shift(timedelta(minutes=-1))
    if how == "new password":
        user_of(member).password_hash += "x"
        db.session.commit()
    if how == "off":
        user_of(member).disabled_at = clock.now()
        db.session.commit()
    if how == "forged":
        proof = proof[:-3] + "abc"
    if how == "other person":
        proof = proof.replace("[1", "[2")[::-1]
    answer = client.send("/sign-in", sign_in_proof=proof, sign_in_code=code_of(key))
    assert answer.status == 422 and answer.has("Start again")
    assert not is_signed_in(client)


def test_guessing_codes_is_slowed_for_the_account_in_every_browser(
    app: Flask, client: EngageClient, member: EngageClient
) -> None:
    key, _codes = enrol(member)
    page = first_step(client, user_of(member).email)
    for _try in range(10):
        assert second_step(client, page, "000000").status == 422
    answer = second_step(client, page, code_of(key, away=1))
    assert answer.status == 429
    assert 60 < int(answer.headers["Retry-After"]) <= 900
    other = app.test_client()
    assert isinstance(other, EngageClient)
    assert second_step(other, first_step(other, user_of(member).email), code_of(key, away=1)).status == 429


def test_signing_in_on_the_way_asks_the_code_and_keeps_what_was_typed(
    app: Flask, client: EngageClient, member: EngageClient
) -> None:
    key, _codes = enrol(member)
    email = user_of(member).email
    typed = {"name": "A name that was typed"}
    page = client.send("/account/", **typed, sign_in_email=email, sign_in_password=PASSWORD)
    assert page.status == 401 and page.has("Your code")
    assert page.one("main form").attributes["action"] == "/account/"
    assert page.value("name") == typed["name"]
    proof = page.value("sign_in_proof")
    page = client.send("/account/", **typed, sign_in_proof=proof, sign_in_code="000000")
    assert page.status == 401 and page.value("name") == typed["name"] and page.errors
    page = client.send("/account/", **typed, sign_in_proof=proof, sign_in_code=code_of(key, away=1))
    assert page.has("You are signed in again") and page.value("name") == typed["name"]
    assert is_signed_in(client)


def test_a_reset_link_does_not_lead_past_the_code(client: EngageClient, member: EngageClient) -> None:
    key, _codes = enrol(member)
    token = service.make_password_link(user_of(member), made_by=None)
    db.session.commit()
    client.send(f"/reset/{token}", password="eleven copper kettles")
    assert not is_signed_in(client)
    page = client.send("/sign-in", email=user_of(member).email, password="eleven copper kettles")
    assert page.status == 401 and page.has("Your code")
    assert second_step(client, page, code_of(key, away=1)).status == 303


def test_asking_again_asks_both(member: EngageClient, travel: time_machine.Traveller) -> None:
    key, _codes = enrol(member)
    travel.shift(timedelta(hours=1))
    address = {"email": "new.name@example.org"}
    page = member.send("/account/email", **address)
    assert page.one("[name=sign_in_code]")
    assert member.send("/account/email", **address, sign_in_password=PASSWORD).errors == ["Enter the code."]
    wrong = member.send("/account/email", **address, sign_in_password=PASSWORD, sign_in_code="000000")
    assert wrong.status == 422 and user_of(member).email != address["email"]
    page = member.send("/account/email", **address, sign_in_password=PASSWORD, sign_in_code=code_of(key))
    assert page.status == 303 and user_of(member).email == address["email"]


def test_no_way_in_forgets_to_ask(app: Flask, member: EngageClient) -> None:
    """Whatever view starts a session for an account with a second factor without its code crashes instead."""
    from engage.accounts import entry

    enrol(member)
    user = user_of(member)
    with app.test_request_context("/"), pytest.raises(AssertionError):
        entry.enter(user)


def test_setting_it_up_signs_out_every_other_browser(app: Flask, member: EngageClient) -> None:
    phone = signed_in_client(app, member.membership)
    thief = copy_of(app, phone)
    enrol(member)
    assert is_signed_in(member)
    assert not is_signed_in(phone) and not is_signed_in(thief)


def test_turning_it_off_signs_out_every_other_browser_and_asks_no_code_any_more(
    app: Flask, client: EngageClient, member: EngageClient
) -> None:
    enrol(member)
    phone = signed_in_client(app, member.membership)
    assert member.send("/account/second-factor/off").status == 303
    assert not is_signed_in(phone)
    assert client.send("/sign-in", email=user_of(member).email, password=PASSWORD).status == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode)) == 0


def test_after_turning_it_off_there_is_another_key(member: EngageClient) -> None:
    first, _codes = enrol(member)
    member.send("/account/second-factor/off")
    assert key_on(member.page(NEW)) != first


def test_two_browsers_that_set_it_up_at_once_show_one_key_and_the_second_is_told(
    app: Flask, member: EngageClient
) -> None:
    phone = signed_in_client(app, member.membership)
    key = key_on(member.page(NEW))
    assert key_on(phone.page(NEW)) == key
    user_id, code = user_of(member).id, code_of(key)
    db.session.commit()

    def turn_on(_each: int) -> str:
        with app.app_context():
            try:
                second_factor_service.turn_on(db.session.get_one(User, user_id), code)
                db.session.commit()
                return "on"
            except WrongState as error:
                return error.message

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(turn_on, range(4)))
    assert found.count("on") == 1
    assert found[0].startswith("Two-step sign-in is already on")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode)) == 10


def test_a_session_that_ends_in_the_middle_of_it_offers_the_same_key_again(
    app: Flask, member: EngageClient
) -> None:
    key = key_on(member.page(NEW))
    db.session.execute(sa.delete(SignedIn))
    db.session.commit()
    email = user_of(member).email
    page = member.send(NEW, sign_in_code=code_of(key))
    assert page.status == 401 and page.has("Your session has ended")
    page = member.send(NEW, sign_in_email=email, sign_in_password=PASSWORD)
    assert key_on(page) == key
    assert member.send(NEW, sign_in_code=code_of(key)).has("Two-step sign-in is on")


@pytest.mark.parametrize(("away", "minutes"), [(-6, "3"), (10, "5"), (-40, "20")])
def test_a_clock_that_is_wrong_by_minutes_is_told_from_a_wrong_code(
    member: EngageClient, away: int, minutes: str
) -> None:
    key = key_on(member.page(NEW))
    page = member.send(NEW, sign_in_code=code_of(key, away=away))
    assert page.status == 422
    assert f"about {minutes} min apart" in page.errors[0]
    assert member.send(NEW, sign_in_code="abc").errors == [
        "That code is not right. Type the six digits that the app shows now."
    ]
    assert user_of(member).second_factor_at is None


def test_setting_it_up_asks_the_password_first(member: EngageClient, travel: time_machine.Traveller) -> None:
    travel.shift(timedelta(hours=1))
    assert (member.get(NEW).headers["Location"]).startswith("/account/again?next=")
    for path in (NEW, "/account/second-factor/off"):
        assert member.send(path, sign_in_code="123456").status == 401


def test_a_lost_phone_is_helped_on_the_server(app: Flask, client: EngageClient, member: EngageClient) -> None:
    enrol(member)
    email = user_of(member).email
    db.session.commit()
    runner = app.test_cli_runner()
    done = runner.invoke(main, ["second-factor-off", email.upper()], obj=_script(app))
    assert done.exit_code == 0, done.output
    assert not is_signed_in(member)
    assert client.send("/sign-in", email=email, password=PASSWORD).status == 303
    done = runner.invoke(main, ["second-factor-off", email], obj=_script(app))
    assert (done.exit_code, done.output) == (1, "Error: Two-step sign-in is already off for this account.\n")
    done = runner.invoke(main, ["second-factor-off", "nobody@example.org"], obj=_script(app))
    assert done.exit_code == 1 and "There is no account" in done.output


def _script(app: Flask) -> object:
    from flask.cli import ScriptInfo

    return ScriptInfo(create_app=lambda: app)


# -- a coalition that asks for it


RULE = "/c/riverbend/settings/access"


def ask_coordinators(wanted: bool = True) -> None:
    db.session.execute(sa.update(Coalition).values(coordinators_need_second_factor=wanted))
    db.session.commit()


def test_a_coordinator_without_one_is_held_until_it_is_set_up(coordinator: EngageClient) -> None:
    ask_coordinators()
    answer = coordinator.get("/c/riverbend/plan/?text=box")
    assert answer.status_code == 303
    page = coordinator.page(answer.headers["Location"])
    assert page.has("asks its coordinators to use two-step sign-in")
    new = page.one("main a.btn-primary").attributes["href"] or ""
    page = coordinator.page(new)
    action = page.one("main form").attributes["action"] or ""
    page = coordinator.send(action, sign_in_code=code_of(key_on(page)))
    assert page.one("main a.btn-primary").attributes["href"] == "/c/riverbend/plan/?text=box"
    assert coordinator.get("/c/riverbend/plan/").status_code == 200


def test_what_a_held_coordinator_typed_is_kept(coordinator: EngageClient) -> None:
    ask_coordinators()
    page = coordinator.send("/c/riverbend/settings/", mission="A mission that took an hour to write")
    assert page.status == 403
    assert page.value("mission") == "A mission that took an hour to write"
    assert page.one("main a[href='/account/second-factor']")
    assert coordinator.send("/c/riverbend/settings/", htmx=True, mission="x").status == 403


def test_members_viewers_and_other_coalitions_are_never_held(
    app: Flask, member: EngageClient, viewer: EngageClient
) -> None:
    ask_coordinators()
    for client in (member, viewer):
        assert client.get("/c/riverbend/start/").status_code == 200


def test_the_rule_takes_a_coordinator_who_has_one_and_is_in_the_history(coordinator: EngageClient) -> None:
    make_membership(role=Role.COORDINATOR, name="Lena Moss")
    page = coordinator.send(RULE, rule="yes")
    assert page.status == 409 and page.has("Set up your own two-step sign-in first")
    enrol(coordinator)
    page = coordinator.page(RULE)
    assert page.has("Turned on: Maria Santos.") and page.has("Not yet: Lena Moss.")
    assert coordinator.send(RULE, rule="").status == 422
    assert coordinator.send(RULE, rule="yes").status == 303
    assert db.session.scalar(sa.select(Coalition.coordinators_need_second_factor)) is True
    assert coordinator.send(RULE, rule="no").status == 303
    assert db.session.scalar(sa.select(Coalition.coordinators_need_second_factor)) is False
    fields = db.session.scalars(sa.text("SELECT field FROM history_entry ORDER BY id")).all()
    assert fields == ["second_factor_asked", "second_factor_free"]


def test_the_rule_costs_no_query(coordinator: EngageClient) -> None:
    enrol(coordinator)
    with counted_queries() as before:
        coordinator.page("/c/riverbend/start/")
    ask_coordinators()
    with counted_queries() as after:
        coordinator.page("/c/riverbend/start/")
    assert len(before) == len(after)


def test_recovery_codes_are_for_those_who_have_a_second_factor(member: EngageClient) -> None:
    page = member.send("/account/second-factor/codes")
    assert page.status == 409 and page.has("Two-step sign-in is off")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode)) == 0
