"""A person may have no password: a link in an e-mail signs them in, and a mailed code proves who they are."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.accounts import passwords, service
from engage.accounts.models import Notice, SignedIn, User
from engage.accounts.rules import NoticeKind
from engage.extensions import db
from engage.operations.doctor import database as doctor
from engage.operations.doctor.findings import Sign
from tests.accounts.test_second_factor import code_of, enrol
from tests.accounts.test_sessions import is_signed_in
from tests.accounts.test_sign_in_links import asked, code_in, send_mail, wrong
from tests.client import EngageClient
from tests.factories import PASSWORD, make_membership, signed_in_client
from tests.messages.smtp import Taken

NEW_PASSWORD = "eleven copper kettles"
ADDRESS = "new@example.org"


def user_of(client: EngageClient) -> User:
    return db.session.get_one(User, client.membership.user_id)


@pytest.fixture
def without(mailing: Flask, time: time_machine.Traveller) -> EngageClient:
    """Returns the browser of someone without a password, who signed in eleven minutes ago."""
    made = signed_in_client(mailing, make_membership())
    user_of(made).password_hash = ""
    db.session.commit()
    time.shift(timedelta(minutes=11))
    return made


@pytest.mark.parametrize("typed", ["", " ", PASSWORD, "$argon2id$"])
def test_no_password_matches_an_account_without_one(app: Flask, typed: str) -> None:
    assert not passwords.matches("", typed)


def test_a_password_signs_no_one_in_who_has_none_and_a_link_does(
    mailing: Flask,
    client: EngageClient,
    without: EngageClient,
    post: Taken,
) -> None:
    refused = client.send("/sign-in", email=user_of(without).email, password=PASSWORD)
    assert refused.status == 422 and refused.has("do not match")
    link, _code = asked(mailing, client, user_of(without), post)
    assert client.send(link).status == 303 and is_signed_in(client)


def test_the_account_page_says_so_and_a_password_is_set_after_a_mailed_code(
    mailing: Flask,
    without: EngageClient,
    post: Taken,
) -> None:
    page = without.page("/account/")
    assert page.has("You have no password.")
    assert not page.all("a[href='/account/password']")
    there = page.one("a[href='/account/password/first']").attributes["href"]
    assert without.get(str(there)).headers["Location"] == f"/account/again?next={there}"
    asks = without.page(f"/account/again?next={there}")
    assert asks.has("E-mail me a code") and not asks.all(
        "[name=sign_in_password], [name=sign_in_mailed_code]"
    )
    again = without.send(f"/account/again?next={there}", sign_in_link="")
    assert again.one("[name=sign_in_mailed_code]") and again.has(f"on its way to {user_of(without).email}")
    send_mail(mailing)
    code = code_in(post)
    assert without.send(f"/account/again?next={there}", sign_in_mailed_code=wrong(code)).has(
        "That code is not right."
    )
    assert without.send(f"/account/again?next={there}", sign_in_mailed_code=code).location == there
    assert without.send(str(there), password="short").status == 422
    assert without.send(str(there), password=NEW_PASSWORD).location == "/account/"
    assert is_signed_in(without) and service.password_is_right(
        user_of(without), NEW_PASSWORD, "192.0.2.1", ""
    )


def test_a_sensitive_form_keeps_its_text_while_a_code_is_mailed(
    mailing: Flask,
    without: EngageClient,
    post: Taken,
) -> None:
    page = without.send("/account/email", email=ADDRESS)
    assert page.status == 401 and page.value("email") == ADDRESS and page.has("E-mail me a code")
    page = without.send("/account/email", email=ADDRESS, sign_in_link="")
    assert page.status == 401 and page.value("email") == ADDRESS
    send_mail(mailing)
    answer = without.send("/account/email", email=ADDRESS, sign_in_mailed_code=code_in(post))
    assert answer.location == "/account/"


def test_someone_elses_code_proves_nothing(
    mailing: Flask,
    without: EngageClient,
    client: EngageClient,
    post: Taken,
) -> None:
    _link, code = asked(mailing, client, user_of(without), post)
    page = without.send("/account/again", sign_in_mailed_code=code)
    assert page.status == 422 and page.has("Ask for a new e-mail.")


def test_a_code_of_two_step_sign_in_is_asked_beside_the_mailed_one(
    mailing: Flask,
    post: Taken,
    time: time_machine.Traveller,
) -> None:
    member = signed_in_client(mailing, make_membership())
    key, _codes = enrol(member)
    user_of(member).password_hash = ""
    db.session.commit()
    send_mail(mailing)
    time.shift(timedelta(minutes=11))
    assert member.send("/account/again", sign_in_link="").all("[name=sign_in_code]")
    send_mail(mailing)
    code = code_in(post)
    assert member.send("/account/again", sign_in_mailed_code=code).status == 422
    answer = member.send("/account/again", sign_in_mailed_code=code, sign_in_code=code_of(key))
    assert answer.status == 303


def test_the_mailed_link_shows_a_signed_in_person_the_code(
    mailing: Flask,
    without: EngageClient,
    post: Taken,
) -> None:
    without.send("/account/again", sign_in_link="")
    send_mail(mailing)
    link = next(w for w in str(post.mails[-1].get_content()).split() if "/sign-in/link/" in w)
    shown = without.send(link.removeprefix("http://127.0.0.1"))
    assert shown.has(code_in(post)) and is_signed_in(without)


def test_a_password_is_removed_where_there_is_mail_and_every_other_browser_is_signed_out(
    mailing: Flask,
    post: Taken,
    other: EngageClient,
) -> None:
    member = signed_in_client(mailing, make_membership())
    other.send("/sign-in", email=user_of(member).email, password=PASSWORD)
    assert member.page("/account/password").has("Remove my password")
    answer = member.send("/account/password/remove")
    assert answer.location == "/account/" and user_of(member).password_hash == ""
    assert is_signed_in(member) and not is_signed_in(other)
    kinds = db.session.scalars(sa.select(Notice.kind).where(Notice.user_id == user_of(member).id)).all()
    assert NoticeKind.PASSWORD_REMOVED in kinds and NoticeKind.PASSWORD not in kinds
    send_mail(mailing)
    assert "Your password was removed." in str(post.mails[-1].get_content())


def test_without_mail_a_password_stays_and_a_coordinators_link_brings_one_back(
    app: Flask, client: EngageClient
) -> None:
    member = signed_in_client(app, make_membership())
    assert not member.page("/account/password").has("Remove my password")
    assert member.send("/account/password/remove").status == 409
    assert user_of(member).password_hash
    user_of(member).password_hash = ""
    db.session.execute(sa.update(SignedIn).values(proved_at=None))
    db.session.commit()
    page = member.page("/account/again")
    assert page.has("ask a coordinator for a link") and not page.all("[name=sign_in_link]")
    token = service.make_password_link(user_of(member), made_by=None)
    db.session.commit()
    assert client.send(f"/reset/{token}", password=NEW_PASSWORD).status == 303 and is_signed_in(client)


@pytest.mark.parametrize("mails", [True, False])
def test_doctor_names_who_cannot_come_in_without_mail(app: Flask, mails: bool) -> None:
    made = signed_in_client(app, make_membership())
    make_membership()
    user_of(made).password_hash = ""
    db.session.flush()
    finding = next(doctor.without_password(db.session.connection(), "localhost", mails=mails))
    assert finding.sign is (Sign.OK if mails else Sign.FIX)
    assert (user_of(made).email in finding.words) is not mails
