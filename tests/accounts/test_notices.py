"""Tests that people are told what happened to their account, on their pages and, if set up, by mail."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts import notices as notices_service
from engage.accounts import service
from engage.accounts.labels import NOTICE_LABELS
from engage.accounts.models import EmailChange, KnownBrowser, Notice, User
from engage.accounts.profile import service as profile_service
from engage.accounts.rules import MAILS_ALONE, LetterState, NoticeKind
from engage.config import MailServer
from engage.extensions import db
from engage.messages.account.letters import AccountLetters
from tests.accounts.test_second_factor import enrol
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import PASSWORD, make_membership, signed_in_client
from tests.html import Page
from tests.messages.smtp import Taken, server_at, taking

NEW_PASSWORD = "eleven copper kettles"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "new.name@example.org"


def user_of(client: EngageClient) -> User:
    db.session.expire_all()
    return db.session.get_one(User, client.membership.user_id)


def another_browser(app: Flask) -> EngageClient:
    made = app.test_client()
    assert isinstance(made, EngageClient)
    made.environ_base["HTTP_USER_AGENT"] = FIREFOX
    return made


def told(user: User) -> list[NoticeKind]:
    return [notice.kind for notice in notices_service.open_notices(user)]


def test_every_notice_has_words() -> None:
    assert set(NOTICE_LABELS) == set(NoticeKind) - MAILS_ALONE


def test_a_browser_that_was_not_seen_before_is_told_once_the_first_and_a_known_one_are_not(
    app: Flask,
) -> None:
    person = make_membership().user
    assert person is not None
    first, second = another_browser(app), another_browser(app)
    for _again in range(2):
        first.send("/sign-in", email=person.email, password=PASSWORD)
        assert told(person) == []
        first.send("/sign-out")
    second.send("/sign-in", email=person.email, password=PASSWORD)
    assert told(person) == [NoticeKind.NEW_SIGN_IN]
    page = second.page("/c/riverbend/start/")
    assert page.has("There is a security notice about your account.")
    assert not second.page("/c/riverbend/").has("There is a security notice about your account.")
    page = second.page("/account/")
    assert page.has("with a new browser") and page.has("Firefox on Windows")
    assert second.send("/account/seen").status == 303
    assert not second.page("/c/riverbend/start/").has("There is a security notice about your account")
    assert not second.page("/account/").has("with a new browser")


@pytest.mark.parametrize(
    "kind",
    [NoticeKind.COORDINATOR_LINK, NoticeKind.LINK_FOR_SOMEONE, NoticeKind.SECOND_FACTOR_OFF_FOR_SOMEONE],
)
def test_a_notice_about_someone_else_says_nothing_of_the_browser_at_hand(
    app: Flask, kind: NoticeKind
) -> None:
    one, two = make_membership().user, make_membership().user
    assert one is not None and two is not None
    with app.test_request_context(headers={"User-Agent": FIREFOX}):
        notices_service.tell(one, kind, about=two)
        notices_service.tell(two, NoticeKind.PASSWORD)
        db.session.flush()
        told_of = db.session.execute(sa.select(Notice.browser, Notice.system).order_by(Notice.id)).all()
    assert told_of == [("", ""), ("Firefox", "Windows")]


def test_a_browser_is_known_by_each_of_its_people_apart(app: Flask) -> None:
    one, two = make_membership().user, make_membership().user
    assert one is not None and two is not None
    other = another_browser(app)
    other.send("/sign-in", email=two.email, password=PASSWORD)
    other.send("/sign-out")
    shared = another_browser(app)
    for person in (one, two):
        shared.send("/sign-in", email=person.email, password=PASSWORD)
        shared.send("/sign-out")
    assert told(one) == [] and told(two) == [NoticeKind.NEW_SIGN_IN]
    hashes = db.session.scalars(sa.select(KnownBrowser.token_hash)).all()
    assert len(set(hashes)) == 3


def test_the_cookie_that_knows_a_browser_says_nothing_and_goes_with_leave(
    app: Flask, client: EngageClient
) -> None:
    person = make_membership().user
    assert person is not None
    answer = client.post(
        "/sign-in", data={"email": person.email, "password": PASSWORD, "csrf_token": client.csrf_token()}
    )
    kept = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("known=")]
    assert len(kept) == 1 and "HttpOnly" in kept[0] and "SameSite=Lax" in kept[0]
    assert person.email not in kept[0]
    gone = client.get("/leave").headers.getlist("Set-Cookie")
    assert any(each.startswith("known=;") for each in gone)


@pytest.mark.parametrize(
    ("path", "fields", "kind"),
    [
        ("/account/password", {"password": PASSWORD, "new_password": NEW_PASSWORD}, NoticeKind.PASSWORD),
        ("/account/email", {"email": NEW}, NoticeKind.EMAIL),
    ],
)
def test_each_change_is_told(
    member: EngageClient, path: str, fields: dict[str, Any], kind: NoticeKind
) -> None:
    assert member.send(path, **fields).status == 303
    assert told(user_of(member)) == [kind]


def test_what_becomes_of_the_second_factor_is_told(member: EngageClient, client: EngageClient) -> None:
    _key, _codes = enrol(member)
    codes = member.send("/account/second-factor/codes").texts(".account-codes code")
    page = client.send("/sign-in", email=user_of(member).email, password=PASSWORD)
    client.send("/sign-in", sign_in_proof=page.value("sign_in_proof"), sign_in_code=codes[0])
    member.send("/account/second-factor/off")
    assert told(user_of(member)) == [
        NoticeKind.SECOND_FACTOR_OFF,
        NoticeKind.RECOVERY_CODE_USED,
        NoticeKind.RECOVERY_CODES,
        NoticeKind.SECOND_FACTOR_ON,
    ]


def test_a_page_asks_nothing_more_for_notices(member: EngageClient) -> None:
    with counted_queries() as before:
        member.page("/c/riverbend/start/")
    notices_service.tell(user_of(member), NoticeKind.PASSWORD)
    db.session.commit()
    with counted_queries() as after:
        assert member.page("/c/riverbend/start/").has("There is a security notice about your account.")
    assert len(before) == len(after)


def test_what_was_seen_goes_after_ninety_days_and_a_browser_after_a_year(member: EngageClient) -> None:
    user = user_of(member)
    notices_service.tell(user, NoticeKind.PASSWORD)
    db.session.commit()
    later = clock.now() + timedelta(days=91)
    assert notices_service.prune(later) == 0  # not seen yet
    notices_service.dismiss(user)
    notices_service.note_browser(user, "token", expected=True)
    db.session.commit()
    assert notices_service.prune(later) == 1
    assert notices_service.prune(clock.now() + timedelta(days=366)) == 1
    db.session.commit()


# -- by mail


@pytest.fixture
def post() -> Iterator[Taken]:
    with taking() as taken:
        yield taken


@pytest.fixture
def mailing(app: Flask, post: Taken, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Returns the installation with a mail server."""
    monkeypatch.setitem(app.config, "MAIL", server_at(post.port))
    return app


def answered(page: Page) -> Page:
    """Runs what follows an answer: the thread starts."""
    page.response.close()
    db.session.commit()
    return page


def arrived(post: Taken, count: int) -> None:
    """Waits for the thread."""
    until = monotonic() + 20
    while len(post.mails) < count and monotonic() < until:
        sleep(0.05)
    assert len(post.mails) == count


def sent(server: MailServer) -> tuple[int, int]:
    done = AccountLetters(server).run()
    return done.sent, done.failed


def settled() -> None:
    """Waits until the thread has recorded the result; the test's own look holds no lock."""
    until = monotonic() + 20
    pending = sa.select(sa.func.count()).where(Notice.letter != LetterState.SENT)
    left: int | None = 1
    while left and monotonic() < until:
        sleep(0.05)
        left = db.session.scalar(pending)
        db.session.rollback()
    assert left == 0


def test_a_change_is_told_by_mail_once_the_answer_has_gone_out(mailing: Flask, post: Taken) -> None:
    member = signed_in_client(mailing, make_membership())
    member.environ_base["HTTP_USER_AGENT"] = FIREFOX
    email = user_of(member).email
    answered(member.send("/account/password", password=PASSWORD, new_password=NEW_PASSWORD))
    arrived(post, 1)
    assert post.recipients == [email]
    text = post.mails[0].get_content()
    assert "Your password was changed." in text and "Firefox on Windows" in text
    assert "http://127.0.0.1/account/" in text
    settled()
    assert db.session.scalars(sa.select(Notice.address)).all() == [""]


def test_a_new_address_holds_when_the_link_sent_to_it_was_followed(mailing: Flask, post: Taken) -> None:
    member = signed_in_client(mailing, make_membership())
    old = user_of(member).email
    assert answered(member.send("/account/email", email=NEW)).status == 303
    arrived(post, 1)
    settled()
    assert user_of(member).email == old
    assert post.recipients == [NEW]
    assert member.page("/account/").has(f"{NEW} is not confirmed yet")
    link = next(word for word in post.mails[0].get_content().split() if "/account/email/" in word)
    path = link.removeprefix("http://127.0.0.1")
    assert link.startswith("http://127.0.0.1/") and path.split("/")[-1] not in repr(
        db.session.execute(sa.select(EmailChange.__table__)).all()
    )
    anyone = mailing.test_client()
    assert isinstance(anyone, EngageClient)
    assert anyone.page(path).has(NEW)
    assert user_of(member).email == old
    assert answered(anyone.send(path)).location == "/sign-in"
    assert user_of(member).email == NEW
    assert anyone.send(path).status == 410
    assert anyone.get(path).status_code == 410
    arrived(post, 2)
    assert post.recipients == [NEW, old]
    assert "address you sign in with was changed" in post.mails[1].get_content()
    settled()


@pytest.mark.parametrize("how", ["late", "replaced", "unknown", "taken", "new password"])
def test_a_link_that_cannot_be_used_says_so_and_changes_nothing(mailing: Flask, how: str) -> None:
    member = signed_in_client(mailing, make_membership())
    user = user_of(member)
    old = user.email
    profile_service.change_with_link(user, NEW)
    db.session.commit()
    token = profile_service.token_of(db.session.scalars(sa.select(EmailChange)).one())
    if how == "replaced":
        profile_service.change_with_link(user_of(member), "third@example.org")
    if how == "new password":  # chosen because someone else had the old one, and asked for their own address
        answered(member.send("/account/password", password=PASSWORD, new_password=NEW_PASSWORD))
    if how == "taken":
        other = make_membership().user
        assert other is not None
        other.email = NEW
    if how == "unknown":
        token = "x" * 43
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(minutes=61 if how == "late" else 0), tick=False):
        page = member.send(f"/account/email/{token}")
    assert page.status == (409 if how == "taken" else 410)
    assert page.has("You still sign in with your old address")
    assert user_of(member).email == old


def test_changes_of_one_account_send_ten_mails_an_hour_and_all_are_on_its_pages(mailing: Flask) -> None:
    user = user_of(signed_in_client(mailing, make_membership()))
    for _change in range(12):
        notices_service.tell(user, NoticeKind.SECOND_FACTOR_ON)
    notices_service.tell(user, NoticeKind.LINK_ASKED)
    db.session.commit()
    letters = db.session.scalars(sa.select(Notice.letter).order_by(Notice.id)).all()
    assert letters == [*[LetterState.WAITING] * 10, *[LetterState.NONE] * 2, LetterState.WAITING]
    assert len(notices_service.open_notices(user)) == 12


def test_many_small_changes_do_not_silence_the_mail_about_a_new_password(mailing: Flask) -> None:
    user = user_of(signed_in_client(mailing, make_membership()))
    for _change in range(12):
        notices_service.tell(user, NoticeKind.SECOND_FACTOR_ON)
    for _again in range(2):
        notices_service.tell(user, NoticeKind.PASSWORD)
    db.session.commit()
    of_password = sa.select(Notice.letter).where(Notice.kind == NoticeKind.PASSWORD).order_by(Notice.id)
    assert db.session.scalars(of_password).all() == [LetterState.WAITING, LetterState.NONE]


def test_no_one_fills_a_strangers_mailbox_or_many_by_asking_for_their_address(
    mailing: Flask, post: Taken
) -> None:
    member, other = (signed_in_client(mailing, make_membership()) for _each in range(2))
    with time_machine.travel(clock.now(), tick=False):
        answers = []
        for _each in range(4):
            answers.append(member.send("/account/email", email="stranger@example.org").status)
            AccountLetters(mailing.config["MAIL"]).run()
        assert answers == [303] * 3 + [429]
        assert other.send("/account/email", email="stranger@example.org").status == 429
        more = [member.send("/account/email", email=f"a{n}@example.org").status for n in range(27)]
        assert more == [303] * 26 + [429]
    assert post.recipients[:3] == ["stranger@example.org"] * 3


def test_to_an_address_that_is_taken_nothing_is_sent_and_the_pages_do_not_tell_that_it_is(
    mailing: Flask, post: Taken
) -> None:
    member = signed_in_client(mailing, make_membership())
    other = make_membership().user
    assert other is not None
    pages = []
    for address in (other.email, "free@example.org"):
        assert member.send("/account/email", email=address).location == "/account/"
        page = member.page("/account/")
        assert page.has(f"If {address} can be used here, a link was sent to it.")
        pages.append(page.text("main").replace(address, "ADDRESS"))
        assert len(db.session.scalars(sa.select(Notice)).all()) == (0 if address == other.email else 1)
    assert pages[0] == pages[1]
    db.session.execute(sa.delete(Notice))
    db.session.commit()
    assert member.send("/account/email", email=user_of(member).email).status == 422
    assert db.session.scalars(sa.select(Notice)).all() == []


def test_what_could_not_be_sent_is_tried_again_three_times_by_the_next_runs(
    mailing: Flask, post: Taken
) -> None:
    member = signed_in_client(mailing, make_membership())
    user = user_of(member)
    post.refused[user.email] = "550 No such person"
    notices_service.tell(user, NoticeKind.PASSWORD)
    db.session.commit()
    server = mailing.config["MAIL"]
    assert [sent(server) for _run in range(4)] == [(0, 1), (0, 1), (0, 1), (0, 0)]
    post.refused.clear()
    assert sent(server) == (0, 0)
    notices_service.tell(user, NoticeKind.PASSWORD)
    db.session.commit()
    assert sent(server) == (1, 0)
    assert sent(server) == (0, 0)


def test_a_link_that_is_over_is_not_sent_any_more(mailing: Flask, post: Taken) -> None:
    member = signed_in_client(mailing, make_membership())
    profile_service.change_with_link(user_of(member), NEW)
    service.end_email_change(user_of(member))
    db.session.commit()
    assert sent(mailing.config["MAIL"]) == (0, 0)
    assert post.mails == []


def test_without_a_mail_server_nothing_is_written_to_be_sent(member: EngageClient) -> None:
    service.make_password_link(user_of(member), made_by=None)
    db.session.commit()
    notice = db.session.scalars(sa.select(Notice)).one()
    assert (notice.letter, notice.address) == (LetterState.NONE, "")
    assert datetime.now(UTC) - notice.happened_at < timedelta(minutes=1)
