"""Handing over mail: to a server that takes it, refuses it, falls silent, or is not there."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pytest

from engage.config import MailSecurity
from engage.messages.mail.post import NoServer, NotSent, Post, Unknown
from tests.messages.smtp import (
    PASSWORD,
    SHORT,
    USER,
    closed_port,
    dripping,
    scripted,
    server_at,
    silent,
    taking,
)


def mail(to: str = "dan@example.org") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "engage@example.org", to, "Hello"
    message.set_content("Good day.\n")
    return message


def send(port: int, to: str = "dan@example.org", **settings: object) -> None:
    with Post(server_at(port, **settings), "engage.example.org") as post:
        post.send(mail(to), to)


def test_a_mail_arrives_and_the_connection_serves_for_many() -> None:
    with taking() as taken, Post(server_at(taken.port), "engage.example.org") as post:
        for to in ("a@example.org", "b@example.org"):
            post.send(mail(to), to)
    assert taken.recipients == ["a@example.org", "b@example.org"]
    assert taken.mails[0].get_content().strip() == "Good day."


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_it_signs_in_where_a_user_is_set() -> None:
    with taking(login=True) as taken:
        send(taken.port, user=USER, password=PASSWORD)
        with pytest.raises(NoServer, match="Sign-in as engage: 535") as refused:
            send(taken.port, user=USER, password="wrong")
    assert taken.recipients == ["dan@example.org"]
    assert "wrong" not in refused.value.words


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_no_letter_of_the_password_is_said() -> None:
    with taking(login=True) as taken, pytest.raises(NoServer) as refused:
        send(taken.port, user=USER, password="geheim-ß")
    assert refused.value.words == "Sign-in as engage: there is a letter outside ASCII"


def test_a_server_that_says_the_password_back_is_not_quoted() -> None:
    post = Post(server_at(1, user=USER, password=PASSWORD), "engage.example.org")
    answer = smtplib.SMTPAuthenticationError(535, f"no such user {USER} with {PASSWORD}".encode())
    assert Post._words(post, "Sign-in", answer) == f"Sign-in: 535 no such user {USER} with …"


def test_a_refused_recipient_is_said_in_the_servers_words_and_does_not_stop_others() -> None:
    with taking() as taken, Post(server_at(taken.port), "engage.example.org") as post:
        taken.refused["gone@example.org"] = "550 5.1.1 No such user here"
        with pytest.raises(NotSent, match=r"^RCPT TO: 550 5\.1\.1 No such user here$") as refused:
            post.send(mail("gone@example.org"), "gone@example.org")
        assert type(refused.value) is NotSent
        post.send(mail(), "dan@example.org")
    assert taken.recipients == ["dan@example.org"]


@pytest.mark.parametrize(
    ("answers", "error", "words"),
    [
        ({"EHLO": None}, NoServer, "no answer within 0.5 seconds"),
        ({"MAIL": "451 later"}, NoServer, "Sender: MAIL FROM: 451 later"),
        ({"MAIL": ""}, NoServer, "Sender: "),
        ({"RCPT": None}, NoServer, "Recipient: no answer"),
        ({"RCPT": "450 greylisted"}, NotSent, "RCPT TO: 450 greylisted"),
        ({"DATA": "554 no"}, NotSent, "554 no"),
        ({"DATA": None}, NoServer, "Message: no answer within 0.5 seconds"),
        ({"DATA": ""}, NoServer, "Message: "),
        ({".": "552 too big"}, NotSent, "DATA: 552 too big"),
        # From here on no one knows.
        ({".": None}, Unknown, "Message: no answer within 0.5 seconds"),
        ({".": ""}, Unknown, "Message: "),
    ],
)
def test_what_was_refused_for_certain_is_told_from_what_may_have_gone_out(
    answers: dict[str, str | None], error: type[NotSent], words: str
) -> None:
    with scripted(answers) as port, pytest.raises(NotSent) as raised:
        send(port, seconds=SHORT if None in answers.values() else 20.0)
    assert type(raised.value) is error
    assert words in raised.value.words


def test_a_server_that_accepts_and_never_answers_holds_no_one_longer_than_its_seconds() -> None:
    with silent() as port:
        for security in MailSecurity:
            with pytest.raises(NoServer, match=r"no answer within 0\.5 seconds|timed out"):
                send(port, security=security, seconds=SHORT)


DRIPPING = (
    ("", MailSecurity.NONE),
    ("220 here\r\n", MailSecurity.NONE),
    ("220 here\r\n250 here\r\n250 sender\r\n", MailSecurity.NONE),
    # A record of the handshake that is announced as long.
    ("\x16\x03\x03\x0f\x0f\x02", MailSecurity.TLS),
    ("220 here\r\n250 here\r\n250 sender\r\n250 recipient\r\n354 go on\r\n", MailSecurity.NONE),
)


def test_a_server_that_answers_letter_by_letter_holds_no_one_for_long() -> None:
    def refused(first: str, security: MailSecurity) -> NotSent:
        with (
            dripping(first) as port,
            pytest.raises(NotSent, match=r"not done within 2\.5|no answer within 0\.5") as raised,
        ):
            send(port, security=security, seconds=SHORT)
        return raised.value

    # Beside each other: each of them waits for seconds.
    with ThreadPoolExecutor(len(DRIPPING)) as threads:
        found = list(threads.map(refused, *zip(*DRIPPING, strict=True)))
    assert [type(each) for each in found] == [NoServer] * 4 + [Unknown]


def test_no_server_is_said_as_the_system_says_it() -> None:
    with pytest.raises(NoServer, match=r"127\.0\.0\.1:\d+: .*Connection refused"):
        send(closed_port())


def test_a_server_without_tls_gets_no_password() -> None:
    with scripted({}) as port, pytest.raises(NoServer, match="STARTTLS"):
        send(port, security=MailSecurity.STARTTLS, user=USER, password=PASSWORD)


def test_an_address_of_letters_that_mail_may_not_carry_is_one_persons_trouble() -> None:
    with taking() as taken, pytest.raises(NotSent) as raised:
        send(taken.port, "señor@example.org")
    assert type(raised.value) is NotSent
