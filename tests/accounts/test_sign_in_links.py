"""A link in an e-mail signs in the browser that asked, once and soon; anywhere else it shows a code to type there."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts import admins, service
from engage.accounts.models import EmailChange, SignedIn, SignInLink, User
from engage.accounts.profile import service as profile_service
from engage.accounts.rules import PER_ASKER, PER_SIGN_IN_LINK
from engage.accounts.sign_in_links import service as sign_in_links
from engage.accounts.sign_in_links.rules import masked, six_digits, still_works
from engage.extensions import db
from engage.messages.account.letters import AccountLetters
from engage.operations.personal_data import service as personal_data
from tests.accounts.conftest import START
from tests.accounts.test_second_factor import code_of, enrol
from tests.accounts.test_sessions import is_signed_in
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import PASSWORD, make_membership, make_user, signed_in_client
from tests.html import Page
from tests.messages.smtp import Taken, server_at

NOBODY = "no.account@example.org"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def person(mailing: Flask, time: time_machine.Traveller) -> User:
    made = make_membership().user
    assert made is not None
    return made


def send_mail(mailing: Flask) -> int:
    done = AccountLetters(mailing.config["MAIL"]).run()
    db.session.rollback()
    assert not done.failed
    return done.sent


def ask(client: EngageClient, email: str, path: str = "/sign-in") -> Page:
    return client.send(path, email=email, sign_in_link="")


def asked(mailing: Flask, client: EngageClient, person: User, post: Taken) -> tuple[str, str]:
    """Lets the person ask for a link in this browser; returns the path of the link and the code in the mail."""
    assert ask(client, person.email).location.startswith("/sign-in/link")
    assert send_mail(mailing) == 1
    return link_in(post), code_in(post)


def link_in(post: Taken) -> str:
    text = str(post.mails[-1].get_content())
    return next(word for word in text.split() if "/sign-in/link/" in word).removeprefix("http://127.0.0.1")


def code_in(post: Taken) -> str:
    text = str(post.mails[-1].get_content())
    return next(word for word in text.split() if len(word) == 6 and word.isdecimal())


def type_code(client: EngageClient, code: str, **fields: str) -> Page:
    return client.send("/sign-in", sign_in_mailed_code=code, **fields)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def links_left() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(SignInLink)) or 0


# -- rules


@pytest.mark.parametrize(
    ("seconds", "works"), [(0, True), (599, True), (600, False), (-60, True), (-61, False), (-600, False)]
)
def test_a_link_works_for_ten_minutes_and_not_from_a_future_of_a_wrong_clock(
    seconds: int, works: bool
) -> None:
    assert still_works(START, START + timedelta(seconds=seconds)) is works


def test_a_code_has_six_digits_also_when_it_begins_with_zeros() -> None:
    assert six_digits("0a") == "000010"
    assert six_digits("f4240") == "000000"


@pytest.mark.parametrize(
    ("address", "said"), [("rosa@example.org", "r…@e….org"), ("x@mail.example.co.uk", "x…@m….uk")]
)
def test_a_masked_address_shows_its_owner_enough_and_no_one_else(address: str, said: str) -> None:
    assert masked(address) == said


# -- the browser that asked


@pytest.mark.parametrize("choice", ["own", "shared"])
def test_the_link_signs_in_the_browser_that_asked_once_for_a_button(
    mailing: Flask, client: EngageClient, person: User, post: Taken, choice: str
) -> None:
    link, _code = asked(mailing, client, person, post)
    page = client.page(link)
    assert [each.attributes["value"] for each in page.all("button[name=sign_in_browser]")] == [
        "own",
        "shared",
    ]
    assert not is_signed_in(client)
    assert client.send(link, sign_in_browser=choice).location == "/c/riverbend/"
    assert is_signed_in(client)
    assert db.session.scalars(sa.select(SignedIn.is_own)).all() == [choice == "own"]
    client.send("/sign-out")
    again = client.send(link, sign_in_browser=choice)
    assert again.status == 410 and again.has("This link cannot be used") and not is_signed_in(client)


def test_the_code_signs_in_the_browser_that_asked_once(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    ask(client, person.email.upper(), "/sign-in?next=/c/riverbend/plan/")
    send_mail(mailing)
    page = client.page("/sign-in/link")
    field = page.one("[name=sign_in_mailed_code]").attributes
    assert (field["inputmode"], field["autocomplete"]) == ("numeric", "one-time-code")
    assert [each.attributes["value"] for each in page.all("button[name=sign_in_browser]")] == [
        "own",
        "shared",
    ]
    action = str(page.one("main form").attributes["action"])
    spaced = f"{code_in(post)[:3]} {code_in(post)[3:]}"
    answer = client.send(action, sign_in_mailed_code=spaced, sign_in_browser="own")
    assert answer.location == "/c/riverbend/plan/" and is_signed_in(client)
    assert db.session.scalars(sa.select(SignedIn.is_own)).all() == [True]
    client.send("/sign-out")
    assert type_code(client, code_in(post)).has("That code no longer works.")


def test_the_link_leads_to_the_page_that_was_wanted_where_it_was_asked_for(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    ask(client, person.email, "/sign-in?next=/c/riverbend/plan/")
    send_mail(mailing)
    assert "/plan/" not in str(post.mails[0].get_content())
    assert client.send(link_in(post)).location == "/c/riverbend/plan/"


def test_a_link_that_is_opened_twice_goes_on_in_the_browser_that_it_signed_in(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    link, _code = asked(mailing, client, person, post)
    client.send(link)
    assert client.get(link).headers["Location"] == "/c/riverbend/"
    assert client.send(link).location == "/c/riverbend/"


# -- any other browser


def test_anywhere_else_the_link_shows_the_code_after_a_button_and_signs_no_one_in(
    mailing: Flask, client: EngageClient, other: EngageClient, person: User, post: Taken,
    time: time_machine.Traveller,
) -> None:  # fmt: skip
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    link, code = asked(mailing, client, person, post)
    time.shift(timedelta(minutes=2))
    page = other.page(link)
    assert page.has("Someone asked 2 minutes ago to sign in with Firefox on Windows.")
    assert page.has("Never tell the code to anyone") and not page.has(code)
    assert not page.all("[name=sign_in_browser]")
    shown = other.send(link, sign_in_browser="own")
    assert shown.status == 200 and shown.has(code) and not is_signed_in(other)
    assert type_code(other, code).status == 422 and not is_signed_in(other)
    assert type_code(client, code).status == 303 and is_signed_in(client)


def test_a_scanner_that_opens_the_link_changes_nothing(
    mailing: Flask, client: EngageClient, other: EngageClient, person: User, post: Taken
) -> None:
    link, code = asked(mailing, client, person, post)
    for browser in (client, other):
        for method in ("GET", "HEAD"):
            with counted_queries() as statements:
                answer = browser.open(link, method=method)
            assert answer.status_code == 200 and code not in answer.text
            assert all(each.startswith("SELECT") for each in statements)
    assert client.send(link).status == 303


def test_a_copied_link_without_the_browsers_form_token_does_nothing(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    link, _code = asked(mailing, client, person, post)
    assert client.send(link, token=False).status == 400 and not is_signed_in(client)
    assert client.send(link).status == 303


def test_a_browser_that_keeps_no_cookies_is_told_to_allow_them(
    mailing: Flask, client: EngageClient, person: User
) -> None:
    refused = Page(client.post("/sign-in", data={"email": person.email, "sign_in_link": ""}))
    assert refused.status == 400 and refused.has("Allow cookies for this site")
    assert refused.value("email") == person.email and links_left() == 0


# -- what ends it


def test_five_wrong_codes_end_it_and_the_page_says_to_ask_anew(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    link, code = asked(mailing, client, person, post)
    for _try in range(4):
        page = type_code(client, wrong(code))
        assert page.status == 422 and page.has("That code is not right.")
    assert type_code(client, wrong(code)).has("Ask for a new e-mail.")
    assert type_code(client, code).status == 422
    assert client.send(link).status == 410 and not is_signed_in(client)


def test_after_ten_minutes_neither_link_nor_code_works(
    mailing: Flask, client: EngageClient, person: User, post: Taken, time: time_machine.Traveller
) -> None:
    link, code = asked(mailing, client, person, post)
    time.shift(timedelta(minutes=10))
    assert client.get(link).status_code == 410 and client.send(link).status == 410
    assert type_code(client, code).has("Codes work for ten minutes and five tries.")
    assert not is_signed_in(client)
    assert client.get("/sign-in/link").headers["Location"] == "/sign-in"


def test_a_clock_that_is_set_back_by_ten_minutes_ends_the_link_kindly(
    mailing: Flask, client: EngageClient, person: User, post: Taken, time: time_machine.Traveller
) -> None:
    link, _code = asked(mailing, client, person, post)
    time.shift(timedelta(minutes=-10))
    assert client.send(link).status == 410
    assert ask(client, person.email).status == 303
    assert send_mail(mailing) == 1
    assert client.send(link_in(post)).status == 303


@pytest.mark.parametrize("mailed", [True, False])
@pytest.mark.parametrize("why", ["password", "address", "everywhere", "disabled", "deleted"])
def test_what_ends_an_open_link(
    mailing: Flask, client: EngageClient, person: User, post: Taken, why: str, mailed: bool
) -> None:
    ask(client, person.email)
    if mailed:
        send_mail(mailing)
    match why:
        case "password":
            service.set_password(person, "x")
        case "address":
            profile_service.change_with_link(person, "new@example.org")
            assert profile_service.confirm(db.session.scalars(sa.select(EmailChange)).one())
        case "everywhere":
            service.end_other_sessions(person)
        case "disabled":
            admins.disable(person)
        case _:
            personal_data.delete(person)
    db.session.commit()
    send_mail(mailing)
    about = [each for each in post.mails if "/sign-in/link/" in str(each.get_content())]
    assert len(about) == mailed
    if mailed:
        post.mails[:] = about
        assert client.send(link_in(post)).status == 410
        assert type_code(client, code_in(post)).status == 422
    assert not is_signed_in(client)


def test_of_two_links_asked_for_only_the_newer_works(
    mailing: Flask, client: EngageClient, other: EngageClient, person: User, post: Taken
) -> None:
    link, code = asked(mailing, client, person, post)
    newer, newer_code = asked(mailing, other, person, post)
    assert client.send(link).status == 410 and type_code(client, code).status == 422
    assert not is_signed_in(client)
    assert type_code(other, newer_code).status == 303 and links_left() == 0
    assert client.get(newer).status_code == 410


def test_asking_again_on_the_page_makes_the_earlier_mail_worthless(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    link, _code = asked(mailing, client, person, post)
    page = client.page("/sign-in/link")
    assert page.has("Send a new e-mail")
    assert ask(client, page.value("email")).status == 303
    send_mail(mailing)
    assert client.send(link).status == 410
    assert client.send(link_in(post)).status == 303


def test_mail_that_comes_too_late_is_not_sent(
    mailing: Flask, client: EngageClient, person: User, post: Taken, time: time_machine.Traveller
) -> None:
    ask(client, person.email)
    server = mailing.config["MAIL"]
    mailing.config["MAIL"] = server_at(9)  # nothing listens there
    assert AccountLetters(mailing.config["MAIL"]).run().sent == 0
    db.session.rollback()
    assert client.page("/sign-in/link").has(
        "If no e-mail comes, sign in with your password, or ask a coordinator"
    )
    mailing.config["MAIL"] = server
    time.shift(timedelta(minutes=11))
    AccountLetters(server).run()
    assert post.mails == []


# -- who has an account


def test_an_unknown_address_gets_no_mail_and_the_same_answers_from_the_same_statements(
    mailing: Flask, client: EngageClient, other: EngageClient, person: User
) -> None:
    said = []
    for browser, address in ((client, person.email), (other, NOBODY)):
        for _warm in range(2):
            ask(browser, "warm@example.org")
        with counted_queries() as statements:
            answers = [ask(browser, address)]
        send_mail(mailing)
        answers += [browser.page("/sign-in/link"), *(type_code(browser, "000000") for _try in range(5))]
        said.append((statements, [(each.status, each.text().replace(address, "…")) for each in answers]))
    assert said[0] == said[1]


def test_a_right_guess_at_the_code_of_an_unknown_address_opens_nothing(
    mailing: Flask, client: EngageClient, time: time_machine.Traveller
) -> None:
    ask(client, NOBODY)
    code = sign_in_links.code_of(db.session.scalars(sa.select(SignInLink)).one())
    assert send_mail(mailing) == 0
    assert type_code(client, code).has("That code is not right.")


def test_the_database_alone_tells_neither_link_nor_code(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    link, code = asked(mailing, client, person, post)
    row = db.session.execute(sa.select(SignInLink.__table__)).mappings().one()
    token = link.rpartition("/")[2]
    assert not [name for name, value in row.items() if code in str(value) or token in str(value)]


def test_sender_and_subject_say_engage_and_the_mail_nothing_of_the_coalition(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    _link, code = asked(mailing, client, person, post)
    mail = post.mails[0]
    assert str(mail["From"]).startswith("Engage <") and mail["Subject"] == "Engage: your sign-in link"
    said = f"{mail['From']}{mail['Subject']}{mail.get_content()}".casefold()
    assert "riverbend" not in said and "traffick" not in said
    assert post.recipients == [person.email] and code not in str(mail["Subject"])


# -- pace


def test_asking_is_paced_by_address_and_locks_no_password(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    statuses = [ask(client, person.email).status for _turn in range(int(PER_SIGN_IN_LINK.capacity) + 2)]
    assert statuses == [303] * int(PER_SIGN_IN_LINK.capacity) + [429] * 2
    assert client.send("/sign-in", email=person.email, password=PASSWORD).status == 303
    client.send("/sign-out")
    # A browser in which the person signed in before has its own pace.
    assert ask(client, person.email).status == 303


def test_one_place_asks_for_so_many_addresses_and_then_waits(mailing: Flask, client: EngageClient) -> None:
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    most = int(PER_ASKER.capacity)
    statuses = [ask(client, f"a{turn}@example.org").status for turn in range(most + 1)]
    assert statuses == [303] * most + [429]


def test_codes_are_paced_however_often_new_ones_are_asked_for(
    mailing: Flask, client: EngageClient, person: User
) -> None:
    statuses = []
    for _turn in range(3):
        ask(client, person.email)
        statuses += [type_code(client, "00000x").status for _try in range(4)]
    assert statuses == [422] * 10 + [429] * 2


# -- the second factor, and someone else's address


def test_two_step_sign_in_asks_for_its_code_after_link_or_code(
    mailing: Flask, client: EngageClient, post: Taken, time: time_machine.Traveller
) -> None:
    member = signed_in_client(mailing, make_membership())
    key, _codes = enrol(member)
    send_mail(mailing)
    person = db.session.get_one(User, member.membership.user_id)
    for way in ("link", "code"):
        time.shift(timedelta(minutes=5))
        link, code = asked(mailing, client, person, post)
        page = client.send(link, sign_in_browser="own") if way == "link" else type_code(client, code)
        assert page.all("[name=sign_in_code]") and not is_signed_in(client)
        proof, browser = page.value("sign_in_proof"), page.value("sign_in_browser")
        assert browser == ("own" if way == "link" else "")
        answer = client.send(
            "/sign-in", sign_in_proof=proof, sign_in_code=code_of(key), sign_in_browser=browser
        )
        assert answer.status == 303 and is_signed_in(client)
        client.send("/sign-out")


@pytest.mark.parametrize("is_own", [True, False])
def test_a_mailed_link_is_the_persons_own_way_unless_mail_may_reach_someone_else(
    mailing: Flask, client: EngageClient, person: User, post: Taken, is_own: bool
) -> None:
    person.mail_is_own = is_own
    db.session.commit()
    link, _code = asked(mailing, client, person, post)
    client.send(link)
    assert is_signed_in(client)
    assert (db.session.scalars(sa.select(User.let_in_at)).one() is None) is is_own


# -- on the way, and links in other mails


def test_a_session_that_ended_under_a_filled_form_brings_the_text_back_after_the_code(
    mailing: Flask, client: EngageClient, post: Taken, time: time_machine.Traveller
) -> None:
    member = signed_in_client(mailing, make_membership(role="coordinator"))
    person = db.session.get_one(User, member.membership.user_id)
    form = {"title": "Print hotline cards", "details": "In Spanish, too"}
    db.session.execute(sa.delete(SignedIn))
    db.session.commit()
    there = "/c/riverbend/announcements/new"
    assert member.send(there, **form).status == 401
    page = member.send(there, sign_in_email=person.email, sign_in_link="", **form)
    assert page.status == 401 and page.has("what you typed is not lost")
    assert page.value("title") == form["title"] and page.value("details") == form["details"]
    send_mail(mailing)
    refused = member.send(there, sign_in_mailed_code=wrong(code_in(post)), **form)
    assert refused.status == 401 and refused.value("title") == form["title"]
    page = member.send(there, sign_in_mailed_code=code_in(post), sign_in_browser="own", **form)
    assert page.has("You are signed in again. Nothing was saved yet.")
    assert page.value("title") == form["title"] and is_signed_in(member)


def test_a_link_that_is_opened_in_a_second_tab_brings_the_text_back_in_the_first(
    mailing: Flask, client: EngageClient, post: Taken, time: time_machine.Traveller
) -> None:
    member = signed_in_client(mailing, make_membership(role="coordinator"))
    person = db.session.get_one(User, member.membership.user_id)
    form = {"title": "Print hotline cards", "details": "In Spanish, too"}
    db.session.execute(sa.delete(SignedIn))
    db.session.commit()
    there = "/c/riverbend/announcements/new"
    page = member.send(there, sign_in_email=person.email, sign_in_link="", **form)
    kept = {
        str(each.attributes["name"]): each.attributes["value"] or "" for each in page.all("main input[name]")
    }
    send_mail(mailing)
    assert member.send(link_in(post), sign_in_browser="own").status == 303
    # The first tab still has the token of the session that ended, and a code that is used up.
    page = Page(member.post(there, data={**kept, "sign_in_mailed_code": code_in(post)}))
    assert page.status == 400 and page.value("title") == form["title"]
    assert page.has("You are signed in again. Nothing was saved yet.")


def test_a_link_that_is_opened_after_signing_out_signs_no_one_in(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    link, code = asked(mailing, client, person, post)
    client.send(link)
    client.send("/sign-out")
    over = Page(client.get(link))
    assert over.status == 410 and over.one("main a.btn-primary").attributes["href"] == "/sign-in"
    assert client.send(link).status == 410 and type_code(client, code).status == 422
    # Asked for, not used, and signed in and out by the password in between.
    link, _code = asked(mailing, client, person, post)
    client.send("/sign-in", email=person.email, password=PASSWORD)
    client.send("/sign-out")
    shown = client.send(link)
    assert shown.has("If you closed that page, this code will not work.") and not is_signed_in(client)


def test_a_link_in_another_mail_leads_to_its_page_and_signs_no_one_in(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    address = sign_in_links.address_for(person.id, "/c/riverbend/plan/?view=list")
    path = address.removeprefix("http://127.0.0.1")
    assert person.email not in path
    answer = client.get(path)
    there = answer.headers["Location"]
    assert answer.status_code == 303 and person.email not in there and not is_signed_in(client)
    page = client.page(there)
    assert page.has(f"It goes to {masked(person.email)}.") and not page.has(person.email)
    button = page.one("button[name=sign_in_link][value]:not([value=''])")
    asked_for = client.send(
        str(page.all("main form")[0].attributes["action"]), sign_in_link=button.attributes["value"]
    )
    assert asked_for.status == 303
    shown = client.page("/sign-in/link")
    assert shown.has(masked(person.email)) and not shown.has(person.email)
    assert send_mail(mailing) == 1 and post.recipients == [person.email]
    assert client.send(link_in(post)).location == "/c/riverbend/plan/?view=list"
    assert client.get(path).headers["Location"] == "/c/riverbend/plan/?view=list"


@pytest.mark.parametrize("why", ["forged", "disabled", "no mail", "foreign"])
def test_a_link_in_another_mail_that_can_offer_nothing_leads_to_signing_in(
    mailing: Flask, client: EngageClient, person: User, why: str
) -> None:
    path = sign_in_links.address_for(person.id, "/c/riverbend/").removeprefix("http://127.0.0.1")
    if why == "forged":
        path = "/from-mail/forged/c/riverbend/"
    if why == "disabled":
        person.disabled_at = START
        db.session.commit()
    if why == "no mail":
        mailing.config["MAIL"] = None
    if why == "foreign":
        path = path.replace("/c/riverbend/", "/%5Cevil.example/")
    page = client.page(client.get(path, follow_redirects=False).headers["Location"])
    assert page.all("[name=password]") and (why == "foreign" or not page.has("Send me a sign-in link"))
    if why == "foreign":
        action = str(page.all("main form")[-1].attributes["action"])
        assert client.send(action, email=person.email, password=PASSWORD).location == "/c/riverbend/"


def test_without_mail_no_page_offers_a_link_and_asking_says_so(app: Flask, client: EngageClient) -> None:
    assert not client.page("/sign-in").all("[name=sign_in_link]")
    refused = ask(client, make_user().email)
    assert refused.status == 422 and refused.has("This site sends no e-mail.") and links_left() == 0


def test_an_empty_or_mistyped_address_is_asked_for_and_the_password_is_not(
    mailing: Flask, client: EngageClient
) -> None:
    for address in ("", "rosa"):
        page = ask(client, address)
        assert page.status == 422 and not page.has("Enter your password.")
    assert page.value("email") == "rosa" and links_left() == 0


def test_requests_that_are_over_are_deleted(
    mailing: Flask, client: EngageClient, time: time_machine.Traveller
) -> None:
    ask(client, NOBODY)
    time.shift(timedelta(minutes=10))
    assert sign_in_links.prune(clock.now()) == 1
    db.session.commit()
    assert links_left() == 0
