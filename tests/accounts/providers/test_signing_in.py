"""Tests signing in with an account of a provider: who is let in, what is kept, and what a bad answer does (nothing)."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts.models import Notice, ProviderTie, SignedIn, User
from engage.accounts.providers import protocol, service, waiting
from engage.accounts.providers.labels import TITLES
from engage.accounts.providers.rules import Trouble, Vouched
from engage.accounts.rules import NoticeKind
from engage.coalitions.rules import Role
from engage.extensions import db
from tests.accounts.providers.conftest import START, Go, address_on
from tests.accounts.providers.mock import ABOUT, KEYS, TOKEN, Mock
from tests.accounts.test_second_factor import code_of, enrol
from tests.accounts.test_sessions import is_signed_in
from tests.client import EngageClient
from tests.factories import make_membership, make_user, signed_in_client
from tests.html import Page


def tied(mock: Mock, subject: str = "ann", **person: object) -> User:
    """Returns a person who signs in with this account of the provider."""
    user = make_membership(**person).user
    assert user is not None
    service.tie(user, Vouched(issuer=mock.issuer, subject=subject))
    db.session.commit()
    return user


def title(trouble: Trouble) -> str:
    return str(TITLES[trouble]) % {"provider": "Lakeside"}


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def is_own() -> bool:
    return bool(db.session.scalar(sa.select(SignedIn.is_own).order_by(SignedIn.id.desc())))


def test_no_provider_is_on_unless_the_host_says_so(client: EngageClient) -> None:
    assert not client.page("/sign-in").all(".sign-in-providers")
    assert client.send(START).status == 404
    assert client.get(f"{START}/back?state=x&code=y").status_code == 404


def test_one_press_signs_in_the_person_whose_account_is_tied(
    client: EngageClient, mock: Mock, go: Go
) -> None:
    user = tied(mock)
    page = client.page("/sign-in")
    assert page.has("Lakeside then learns that you use this site, and when you sign in.")
    buttons = page.all(".sign-in-providers button")
    assert [each.attributes["value"] for each in buttons] == ["own", "shared"]
    page = go(client, sign_in_browser="own")
    assert (page.status, page.location) == (303, "/c/riverbend/")
    assert is_signed_in(client) and is_own()
    assert client.page("/account/").has(user.email)
    assert db.session.scalar(sa.select(ProviderTie.used_at)) is not None


def test_the_page_that_was_wanted_follows_and_no_other_site(client: EngageClient, mock: Mock, go: Go) -> None:
    tied(mock)
    assert go(client, wanted="/account/sessions").location == "/account/sessions"
    assert go(client, wanted="//evil.example/").location == "/c/riverbend/"


def test_without_a_choice_the_browser_is_shared_and_the_provider_shows_whose_account(
    client: EngageClient, mock: Mock
) -> None:
    tied(mock)
    address = address_on(client.send(START))
    assert query_of(address)["prompt"] == "select_account"
    client.get(mock.approve(address, "ann"))
    assert not is_own()
    assert "prompt" not in query_of(address_on(client.send(START, sign_in_browser="own")))


def test_the_provider_is_asked_for_no_name_and_no_address_and_gets_pkce_state_and_nonce(
    client: EngageClient, mock: Mock
) -> None:
    asked = query_of(address_on(client.send(START)))
    assert asked["scope"] == "openid"
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert asked["redirect_uri"] == "http://127.0.0.1/sign-in/with/1/back"
    again = query_of(address_on(client.send(START)))
    assert all(again[name] != asked[name] for name in ("state", "nonce", "code_challenge"))


def test_the_secret_goes_to_the_provider_and_to_no_page(client: EngageClient, mock: Mock, go: Go) -> None:
    tied(mock)
    page = go(client)
    assert "open sesame" not in page.html and len(mock.bodies) == 1
    assert "code_verifier=" in mock.bodies[0]
    # Neither the ID token nor the access token is kept in the cookie.
    with client.session_transaction() as kept:
        assert kept["_user_id"] and not re.search(
            r"eyJ|token", str({**kept, "csrf_token": ""}).replace("csrf_token", "")
        )


def test_issuer_and_subject_decide_and_never_the_address(client: EngageClient, mock: Mock, go: Go) -> None:
    user = tied(mock)
    mock.claims = {"email": user.email, "email_verified": True, "name": user.name}
    page = go(client, "stranger", sign_in_browser="own")
    assert page.status == 401 and page.has("No account here is connected with it")
    assert not is_signed_in(client)
    assert user.email not in page.html


def test_an_unknown_person_reads_the_same_whoever_has_an_account_here(
    client: EngageClient, mock: Mock, go: Go
) -> None:
    pages = [go(client, name).text("main") for name in ("x@example.org", tied(mock, "y").email)]
    assert pages[0] == pages[1]


def test_whoever_has_two_step_sign_in_gives_the_code(app: Flask, mock: Mock, go: Go) -> None:
    membership = make_membership(role=Role.COORDINATOR)
    there = signed_in_client(app, membership)
    with time_machine.travel(clock.now(), tick=False) as travel:
        key, _codes = enrol(there)
        service.tie(db.session.get_one(User, membership.user_id), Vouched(issuer=mock.issuer, subject="ann"))
        db.session.commit()
        travel.shift(60)
        client = app.test_client()
        assert isinstance(client, EngageClient)
        page = go(client, sign_in_browser="own", wanted="/account/sessions")
        assert page.status == 401 and page.has("Your code") and not is_signed_in(client)
        assert page.value("sign_in_browser") == "own"
        action = page.one("main form").attributes["action"]
        assert action == "/sign-in?next=/account/sessions"
        page = client.send(
            action,
            sign_in_proof=page.value("sign_in_proof"),
            sign_in_code=code_of(key),
            sign_in_browser="own",
        )
        assert page.location == "/account/sessions" and is_signed_in(client) and is_own()


def test_a_disabled_account_is_not_let_in_and_reads_as_an_unknown_one(
    client: EngageClient, mock: Mock, go: Go
) -> None:
    user = tied(mock)
    user.disabled_at = clock.now()
    db.session.commit()
    assert go(client).has("No account here is connected with it") and not is_signed_in(client)


def test_it_makes_no_account_without_an_invitation(client: EngageClient, mock: Mock, go: Go) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(User))
    mock.claims = {"email": "new@example.org", "email_verified": True}
    go(client, "new")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == before


# -- a tie that someone else may have made


def test_signing_in_by_a_tie_made_after_someone_else_got_in_counts_as_their_way_in(
    client: EngageClient, mock: Mock, go: Go
) -> None:
    user = make_membership().user
    assert user is not None
    user.let_in_at = clock.now() - timedelta(days=1)
    db.session.commit()
    service.tie(user, Vouched(issuer=mock.issuer, subject="ann"))
    db.session.commit()
    go(client)
    db.session.refresh(user)
    assert user.let_in_at is not None and clock.now() - user.let_in_at < timedelta(hours=1)
    assert client.page("/account/").has("no page shows the answers you gave earlier in an open round")


def test_ones_own_tie_hides_nothing(client: EngageClient, mock: Mock, go: Go) -> None:
    user = tied(mock)
    go(client)
    db.session.refresh(user)
    assert user.let_in_at is None


# -- bad answers


def refused(client: EngageClient, page: Page, trouble: Trouble) -> None:
    assert page.has(title(trouble)), page.text("main")
    assert page.status >= 400 and not is_signed_in(client)


def in_seconds(seconds: int) -> int:
    return int(clock.now().timestamp()) + seconds


BAD: dict[str, tuple[Callable[[Mock], None], Trouble]] = {
    "a nonce of another sign-in": (lambda m: m.claims.update(nonce="other"), Trouble.WRONG),
    "no nonce": (lambda m: m.claims.update(nonce=None), Trouble.WRONG),
    "another issuer in the token": (lambda m: m.claims.update(iss="https://evil.example"), Trouble.WRONG),
    "no issuer in the token": (lambda m: m.claims.update(iss=None), Trouble.WRONG),
    "a token for another site": (lambda m: m.claims.update(aud="other"), Trouble.WRONG),
    "a token for several sites": (lambda m: m.claims.update(aud=["engage", "other"]), Trouble.WRONG),
    "another authorized party": (lambda m: m.claims.update(azp="other"), Trouble.WRONG),
    "a token that is over": (lambda m: m.claims.update(exp=1), Trouble.WRONG),
    "a token of tomorrow": (lambda m: m.claims.update(iat=9_999_999_999), Trouble.WRONG),
    "a clock that is ten minutes ahead": (lambda m: m.claims.update(iat=in_seconds(600)), Trouble.WRONG),
    "a clock that is ten minutes behind": (lambda m: m.claims.update(exp=in_seconds(-600)), Trouble.WRONG),
    "no subject": (lambda m: m.claims.update(sub=None), Trouble.WRONG),
    "a subject that is no text": (lambda m: m.claims.update(sub=["ann"]), Trouble.WRONG),
    "a subject that is too long": (lambda m: m.claims.update(sub="a" * 256), Trouble.WRONG),
    "a wrong hash of the access token": (lambda m: m.claims.update(at_hash="x" * 22), Trouble.WRONG),
    "a token endpoint that is down": (
        lambda m: m.instead.update({TOKEN: ("503 Down", b"{}")}),
        Trouble.NO_ANSWER,
    ),
    "a page in place of a token": (
        lambda m: m.instead.update({TOKEN: ("200 OK", b"<html>")}),
        Trouble.NO_ANSWER,
    ),
    "an answer without end": (
        lambda m: m.instead.update({TOKEN: ("200 OK", b'{"a": "' + b"x" * 300_000 + b'"}')}),
        Trouble.NO_ANSWER,
    ),
    "a list in place of a token": (lambda m: m.instead.update({TOKEN: ("200 OK", b"[]")}), Trouble.NO_ANSWER),
    "a redirect in place of a token": (
        lambda m: m.instead.update({TOKEN: ("302 Found", b"{}")}),
        Trouble.NO_ANSWER,
    ),
    "no ID token": (lambda m: m.instead.update({TOKEN: ("200 OK", b"{}")}), Trouble.WRONG),
    "an ID token that is none": (
        lambda m: m.instead.update({TOKEN: ("200 OK", b'{"id_token": "a.b.c"}')}),
        Trouble.WRONG,
    ),
    "a refusal of this site": (
        lambda m: m.instead.update({TOKEN: ("401 No", b'{"error": "invalid_client"}')}),
        Trouble.WRONG,
    ),
    "a code that was used": (
        lambda m: m.instead.update({TOKEN: ("400 No", b'{"error": "invalid_grant"}')}),
        Trouble.USED,
    ),
    "no keys": (lambda m: m.instead.update({KEYS: ("200 OK", b'{"keys": []}')}), Trouble.WRONG),
    "keys that are none": (lambda m: m.instead.update({KEYS: ("200 OK", b'{"keys": 1}')}), Trouble.NO_ANSWER),
    "keys that are down": (lambda m: m.instead.update({KEYS: ("500 No", b"{}")}), Trouble.NO_ANSWER),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_signs_no_one_in(client: EngageClient, mock: Mock, go: Go, name: str) -> None:
    tied(mock)
    twist, trouble = BAD[name]
    twist(mock)
    refused(client, go(client), trouble)
    mock.honest()
    protocol.forget()
    assert go(client).status == 303  # and nothing stays behind


@pytest.mark.parametrize("seconds", [90, -90])
def test_a_clock_that_differs_by_a_minute_and_a_half_keeps_no_one_out(
    client: EngageClient, mock: Mock, go: Go, seconds: int
) -> None:
    tied(mock)
    mock.claims = {"iat": in_seconds(seconds), "exp": in_seconds(seconds + 60)}
    assert go(client).status == 303 and is_signed_in(client)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_key_of_the_providers_own_is_refused(
    client: EngageClient, mock: Mock, go: Go, algorithm: str
) -> None:
    tied(mock)
    from joserfc.jwk import OctKey

    mock.about = {"id_token_signing_alg_values_supported": ["RS256", algorithm]}
    mock.algorithm = algorithm
    if algorithm == "HS256":
        mock.signs_with = OctKey.import_key("open sesame open sesame open sesame", {"kid": "first"})
        mock.instead[KEYS] = ("200 OK", json.dumps({"keys": [mock.signs_with.as_dict()]}).encode())
    refused(client, go(client), Trouble.WRONG)


def test_keys_that_the_provider_changed_are_fetched_again(client: EngageClient, mock: Mock, go: Go) -> None:
    tied(mock)
    assert go(client).status == 303
    mock.new_keys("second")
    assert go(client).status == 303
    mock.new_keys("second")  # and once more under the same name
    assert go(client).status == 303
    assert mock.asked.count(ABOUT) == 1 and mock.asked.count(KEYS) == 3


def test_a_key_that_the_provider_does_not_publish_is_refused(
    client: EngageClient, mock: Mock, go: Go, monkeypatch: pytest.MonkeyPatch
) -> None:
    tied(mock)
    go(client)
    mock.new_keys("second")
    mock.instead[KEYS] = ("200 OK", b'{"keys": []}')
    client.send("/sign-out")
    refused(client, go(client), Trouble.WRONG)


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"authorization_endpoint": 5},
    ],
)
def test_metadata_of_another_issuer_or_without_addresses_are_refused(
    client: EngageClient, mock: Mock, about: dict[str, object]
) -> None:
    mock.about = about
    refused(client, client.send(START), Trouble.WRONG)


def test_a_provider_that_is_down_leaves_the_other_ways(
    client: EngageClient, mock: Mock, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PROVIDERS", (mock.settings(issuer="http://127.0.0.1:9"),))
    page = client.send(START)
    refused(client, page, Trouble.NO_ANSWER)
    assert page.status == 503 and page.one("main a[href='/sign-in']")


@pytest.mark.parametrize("path", [ABOUT, TOKEN])
def test_a_slow_provider_is_not_waited_for(
    client: EngageClient, mock: Mock, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    tied(mock)
    assert protocol.SECONDS == 5, "docs/security.md promises it"
    monkeypatch.setattr(protocol, "SECONDS", 0.3)
    if path == ABOUT:
        mock.slow[path] = 0.8
        refused(client, client.send(START), Trouble.NO_ANSWER)
        return
    address = address_on(client.send(START))
    mock.slow[path] = 0.8
    refused(client, Page(client.get(mock.approve(address, "ann"))), Trouble.NO_ANSWER)


def test_waiting_for_a_provider_never_takes_all_threads(
    client: EngageClient, mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "TURN_SECONDS", 0.05)
    with protocol._turn(), protocol._turn():
        refused(client, client.send(START), Trouble.NO_ANSWER)
    assert client.send(START).status == 200


def test_a_server_that_only_this_machine_reaches_is_asked_only_if_the_setting_says_so(
    client: EngageClient, mock: Mock, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PROVIDERS", (mock.settings(is_private=False),))
    refused(client, client.send(START), Trouble.NO_ANSWER)
    assert mock.asked == []


# -- the way back


def test_an_answer_works_once(client: EngageClient, mock: Mock) -> None:
    tied(mock)
    back = mock.approve(address_on(client.send(START)), "ann")
    assert client.get(back).status_code == 303 and is_signed_in(client)
    assert client.get(back).location == "/c/riverbend/"  # loading it again leads on, and changes nothing
    assert len(mock.bodies) == 1
    client.send("/sign-out")
    refused(client, Page(client.get(back)), Trouble.USED)


def test_an_answer_that_another_browser_asked_for_signs_no_one_in(
    client: EngageClient, mock: Mock, app: Flask
) -> None:
    tied(mock)
    back = mock.approve(address_on(client.send(START)), "ann")
    other = app.test_client()
    assert isinstance(other, EngageClient)
    other.page("/sign-in")
    refused(other, Page(other.get(back)), Trouble.USED)
    address_on(other.send(START))  # which has a way of its own by now
    refused(other, Page(other.get(back)), Trouble.USED)
    assert mock.bodies == []


def test_a_code_from_another_browser_is_worth_nothing_without_its_verifier(
    client: EngageClient, mock: Mock, app: Flask
) -> None:
    tied(mock)
    stolen = query_of(mock.approve(address_on(client.send(START)), "ann"))["code"]
    other = app.test_client()
    assert isinstance(other, EngageClient)
    state = query_of(address_on(other.send(START)))["state"]
    refused(other, Page(other.get(f"{START}/back?code={stolen}&state={state}")), Trouble.USED)


def test_an_answer_older_than_ten_minutes_is_refused(client: EngageClient, mock: Mock) -> None:
    tied(mock)
    with time_machine.travel(clock.now(), tick=False) as travel:
        back = mock.approve(address_on(client.send(START)), "ann")
        travel.shift(601)
        refused(client, Page(client.get(back)), Trouble.USED)


@pytest.mark.parametrize("said", ["https://evil.example", ""])
def test_an_answer_for_another_issuer_is_refused(client: EngageClient, mock: Mock, said: str) -> None:
    tied(mock)
    back = mock.approve(address_on(client.send(START)), "ann")
    refused(client, Page(client.get(f"{back}&iss={said}")), Trouble.WRONG)
    assert mock.bodies == []


def test_a_provider_that_promises_its_issuer_must_name_it(client: EngageClient, mock: Mock) -> None:
    tied(mock)
    mock.about = {"authorization_response_iss_parameter_supported": True}
    back = mock.approve(address_on(client.send(START)), "ann")
    refused(client, Page(client.get(back)), Trouble.WRONG)
    back = mock.approve(address_on(client.send(START)), "ann")
    assert client.get(f"{back}&iss={mock.issuer}").status_code == 303


def test_an_answer_counts_only_at_the_address_of_the_provider_that_was_asked(
    client: EngageClient, mock: Mock, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tied(mock)
    other = mock.settings(2, "Hilltop", issuer=mock.issuer.replace("127.0.0.1", "localhost"))
    monkeypatch.setitem(app.config, "PROVIDERS", (mock.settings(), other))
    back = mock.approve(address_on(client.send(START)), "ann")
    page = Page(client.get(back.replace("/with/1/", "/with/2/")))
    assert page.has("Start again") and not is_signed_in(client) and mock.bodies == []


def test_who_stops_at_the_provider_reads_that_nothing_happened(client: EngageClient, mock: Mock) -> None:
    refused(
        client,
        Page(client.get(mock.deny(address_on(client.send(START))) + state_of(client))),
        Trouble.STOPPED,
    )


def state_of(client: EngageClient) -> str:
    """The mock leaves out the state of an answer that says no."""
    with client.session_transaction() as session:
        return f"&state={session[waiting._JOURNEYS][-1]['state']}"


@pytest.mark.parametrize("error", ["server_error", "<script>", "x" * 3000])
def test_an_error_of_the_provider_is_not_quoted(client: EngageClient, mock: Mock, error: str) -> None:
    address_on(client.send(START))
    page = Page(client.get(f"{START}/back", query_string={"error": error, "state": state_of(client)[7:]}))
    refused(client, page, Trouble.WRONG)
    assert error not in page.text("main")


def test_two_tabs_come_back_each_by_itself_and_the_oldest_of_four_is_forgotten(
    client: EngageClient, mock: Mock
) -> None:
    tied(mock)
    addresses = [address_on(client.send(START)) for _tab in range(4)]
    backs = [mock.approve(each, "ann") for each in addresses]
    assert Page(client.get(backs[0])).has("Start again")
    assert client.get(backs[2]).status_code == 303


def test_a_browser_that_keeps_no_cookies_reads_what_is_wrong(app: Flask, mock: Mock) -> None:
    tied(mock)
    client = app.test_client(use_cookies=False)
    page = Page(client.post(START, data={"csrf_token": "lost"}))
    assert page.status == 400 and page.has(title(Trouble.NO_COOKIE)) and page.has("Allow cookies")


def test_a_page_that_was_open_too_long_shows_the_sign_in_again(client: EngageClient, mock: Mock) -> None:
    client.page("/sign-in")
    page = client.send(START, token=False)
    assert (
        page.status == 400 and page.has("This page was open for too long") and page.all(".sign-in-providers")
    )


# -- on the way to another view


def test_a_sign_in_that_ended_under_a_filled_form_brings_the_text_back(
    app: Flask, mock: Mock, go: Go
) -> None:
    user = tied(mock)
    client = app.test_client()
    assert isinstance(client, EngageClient)
    page = client.send("/account/", name="Ann of the long text")
    assert page.status == 401
    there = page.one("form[action='/sign-in/with/1']")
    assert there.attributes["target"] == "_blank"
    assert page.has("You will see what you typed")
    kept = {
        each.attributes["name"]: each.attributes["value"]
        for each in page.all("form:has([name=sign_in_go_on]) input")
    }
    assert kept["name"] == "Ann of the long text"
    done = go(client, wanted=there.css_first("[name=wanted]").attributes["value"])
    assert done.location == "/sign-in/done" and client.page("/sign-in/done").has("Go back to your text")
    # The first tab still has the token of the session that ended.
    page = Page(client.post("/account/", data=kept))
    assert page.status == 400 and page.value("name") == "Ann of the long text"
    assert page.has("You are signed in again. Nothing was saved yet.")
    db.session.refresh(user)
    assert user.name != "Ann of the long text"
    assert client.send("/account/", name=page.value("name")).status == 303
    db.session.refresh(user)
    assert user.name == "Ann of the long text"


def test_who_goes_on_before_signing_in_sees_the_sign_in_again_with_the_text(
    client: EngageClient, mock: Mock
) -> None:
    page = client.send("/account/", name="Ann", sign_in_go_on="1")
    assert page.status == 401 and page.all("form:has([name=sign_in_go_on]) [name=name]")


# -- proving it again


def proved(client: EngageClient) -> None:
    """Lets more time pass than a password counts."""
    db.session.execute(sa.update(SignedIn).values(proved_at=clock.now() - timedelta(hours=1)))
    db.session.commit()


def test_a_provider_that_asked_again_stands_for_the_password(
    client: EngageClient, mock: Mock, go: Go
) -> None:
    tied(mock)
    go(client)
    proved(client)
    assert client.get("/account/email").location == "/account/again?next=/account/email"
    assert client.page("/account/again").has("Prove it with Lakeside")
    address = address_on(client.send("/account/again/with/1", wanted="/account/email"))
    assert (query_of(address)["max_age"], query_of(address)["prompt"]) == ("0", "select_account")
    mock.claims = {"auth_time": int(clock.now().timestamp())}
    assert client.get(mock.approve(address, "ann")).location == "/account/email"
    assert client.page("/account/email").has("Change the address you sign in with")


@pytest.mark.parametrize(
    ("auth_time", "trouble"), [(None, Trouble.NOT_FRESH), (1_700_000_000, Trouble.NOT_FRESH)]
)
def test_a_provider_that_did_not_ask_again_does_not(
    client: EngageClient, mock: Mock, go: Go, auth_time: int | None, trouble: Trouble
) -> None:
    tied(mock)
    mock.claims = {"auth_time": auth_time}
    go(client)
    assert client.get("/account/email").status_code == 303  # signing in by it counts no more than that
    page = go(client, start="/account/again/with/1")
    assert page.status == 422 and page.has(title(trouble))
    assert client.get("/account/email").status_code == 303


def test_another_persons_account_of_the_provider_proves_nothing(
    client: EngageClient, mock: Mock, go: Go
) -> None:
    tied(mock)
    tied(mock, "ben", user=make_user(email="ben@example.org"), name="Ben")
    go(client)
    proved(client)
    mock.claims = {"auth_time": int(clock.now().timestamp())}
    page = go(client, "ben", start="/account/again/with/1")
    assert page.status == 422 and page.has(title(Trouble.OTHER_PERSON))
    assert client.get("/account/email").status_code == 303


def test_a_provider_and_the_code_stand_for_password_and_code(app: Flask, mock: Mock, go: Go) -> None:
    membership = make_membership()
    client = signed_in_client(app, membership)
    with time_machine.travel(clock.now(), tick=False) as travel:
        key, _codes = enrol(client)
        service.tie(db.session.get_one(User, membership.user_id), Vouched(issuer=mock.issuer, subject="ann"))
        db.session.commit()
        travel.shift(60)
        proved(client)
        mock.claims = {"auth_time": int(clock.now().timestamp())}
        page = go(client, start="/account/again/with/1", wanted="/account/email")
        assert page.location == "/account/again?next=/account/email"
        assert client.get("/account/email").status_code == 303
        page = client.page(page.location)
        assert not page.all("[type=password]") and page.all("[name=sign_in_code]")
        assert client.send("/account/again?next=/account/email", sign_in_code="000000").status == 422
        page = client.send("/account/again?next=/account/email", sign_in_code=code_of(key))
        assert page.location == "/account/email" and client.page("/account/email")
        proved(client)  # used up
        assert client.page("/account/again").all("[name=sign_in_password]")


def test_the_notice_of_a_new_browser_comes_as_by_a_password(app: Flask, mock: Mock, go: Go) -> None:
    user = tied(mock)
    for _browser in range(2):
        client = app.test_client()
        assert isinstance(client, EngageClient)
        go(client)
    kinds = list(db.session.scalars(sa.select(Notice.kind).where(Notice.user_id == user.id)))
    assert NoticeKind.NEW_SIGN_IN in kinds
