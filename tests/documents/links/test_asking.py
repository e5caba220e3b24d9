"""Asking links: what is found behind them, and that nothing but the public Internet can be asked.

The servers are real and listen on this machine, which only these tests allow.
"""

import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import pytest

from engage.addresses import is_public
from engage.documents.links import asking
from engage.documents.links.asking import Asker
from engage.documents.rules import LinkState, state_of
from tests.documents.links.servers import CERTIFICATE, HERE, Server, by_path, serving, status

WORKS, NOT_FOUND, NO_ANSWER, UNKNOWN = LinkState


def here(*servers: Server, **more: Any) -> Asker:
    """Returns an asker that may ask these servers on this machine, and nothing else."""
    values = {"allows": HERE.__eq__, "ports": {each.port for each in servers}, "seconds": 5.0, **more}
    return Asker(**values)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:830::200e"],
)
def test_the_public_internet_may_be_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.5",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:5ef5:79fd::1",
        "2001:db8::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "fec0::1",
        "not an address",
        "",
    ],
)
def test_this_machine_its_network_and_its_host_may_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (200, WORKS),
        (204, WORKS),
        (401, UNKNOWN),
        (403, UNKNOWN),
        (404, NOT_FOUND),
        (410, NOT_FOUND),
        (418, UNKNOWN),
        (429, UNKNOWN),
        (500, NO_ANSWER),
        (503, NO_ANSWER),
        (999, NO_ANSWER),
        (100, UNKNOWN),
        (304, UNKNOWN),
    ],
)
def test_what_an_answers_status_says(code: int, state: LinkState) -> None:
    assert state_of(code) is state


def test_a_link_is_followed_to_its_end() -> None:
    with serving(
        by_path(there=status(200), gone=status(410), moved="/there", twice="/moved", lost="/nowhere")
    ) as server:
        found = {
            path: here(server).ask(server.url(f"/{path}"))
            for path in ("there", "gone", "moved", "twice", "lost")
        }
    assert found == {"there": WORKS, "gone": NOT_FOUND, "moved": WORKS, "twice": WORKS, "lost": NOT_FOUND}


def test_one_that_redirects_for_ever_is_left_after_five() -> None:
    with serving(by_path(round="/round")) as server:
        assert here(server).ask(server.url("/round")) is UNKNOWN
        assert len(server.asked) == 6


def test_who_does_not_like_head_is_asked_by_get() -> None:
    with serving(lambda head: status(405 if head.startswith("HEAD") else 200)) as server:
        assert here(server).ask(server.url()) is WORKS
        assert [each.split(" ")[0] for each in server.asked] == ["HEAD", "GET"]


def test_nothing_is_sent_but_the_request() -> None:
    with serving(by_path()) as server:
        here(server).ask(server.url("/a%20b/ñ;x?q=ä&y=1#part"))
        assert server.asked[0].split("\r\n") == [
            "HEAD /a%20b/%C3%B1;x?q=%C3%A4&y=1 HTTP/1.1",
            f"Host: {HERE}:{server.port}",
            "User-Agent: Engage link check",
            "Accept: */*",
            "Connection: close",
            "",
            "",
        ]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_however_it_is_written_this_machine_is_never_asked(host: str) -> None:
    with serving(by_path(there=status(200))) as server:
        usual = Asker(ports={server.port}, seconds=5.0)
        assert usual.ask(server.url("/there", host=host)) in {UNKNOWN, NO_ANSWER}
        assert server.asked == []


@pytest.mark.parametrize(
    "onward",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://2852039166/",
        "//127.0.0.2/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://files.example.org/",
        "http://who:secret@example.org/",
        "http://example.org:22/",
        "http://exa mple.org/",
    ],
)
def test_a_redirect_leads_to_no_place_that_may_not_be_asked(
    onward: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(by_path(away=onward)) as server:
        connected: list[Any] = []
        connect = socket.socket.connect

        def noting(self: socket.socket, address: Any) -> None:
            connected.append(address)
            connect(self, address)

        monkeypatch.setattr(socket.socket, "connect", noting)
        assert here(server, ports={server.port, 80}).ask(server.url("/away")) is UNKNOWN
        assert connected == [(HERE, server.port)]


def test_a_redirect_to_another_port_asks_no_one_there() -> None:
    with serving(by_path(there=status(200))) as inner:
        with serving(by_path(away=inner.url("/there"))) as server:
            assert here(server).ask(server.url("/away")) is UNKNOWN
        assert inner.asked == []


def test_a_name_that_answers_differently_the_second_time_gains_nothing() -> None:
    """The connection goes to the address that was checked, and each redirect is looked up and checked again."""
    answers = iter(["203.0.113.9", HERE])
    lookups: list[str] = []

    def look_up(host: str, port: int, **_rest: Any) -> list[Any]:
        lookups.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers, HERE), port))]

    with serving(by_path(there=status(200))) as server:
        asker = Asker(ports={server.port}, look_up=look_up, seconds=0.3)
        assert asker.ask(server.url("/there", host="changes.example")) is UNKNOWN
        assert (server.asked, lookups) == ([], ["changes.example"])

    with serving(by_path(there=status(200))) as server:
        twice: list[Any] = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, server.port)) for each in ("10.0.0.1", HERE)
        ]
        asker = here(server, look_up=lambda *_given, **_more: twice)
        assert asker.ask(server.url("/there", host="both.example")) is WORKS


@pytest.mark.real_clock
def test_a_server_that_answers_drop_by_drop_gets_no_more_time_than_others() -> None:
    def drops(_head: str) -> Iterator[bytes]:
        for _drop in range(100):
            time.sleep(0.05)
            yield b"H"

    with serving(drops) as server:
        began = time.monotonic()
        assert here(server, seconds=0.3).ask(server.url()) is NO_ANSWER
        assert time.monotonic() - began < 1


def test_no_more_is_read_than_a_head() -> None:
    sent = []

    def endless(_head: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 Said\r\n"
        while True:
            sent.append(1)
            yield b"X-Long: " + b"x" * 4000 + b"\r\n"

    with serving(endless) as server:
        assert here(server).ask(server.url()) is WORKS
        assert len(sent) < 5000


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\xff" * 20]
)
def test_what_is_no_answer_of_the_web_is_none(said: bytes) -> None:
    with serving(lambda _head: said) as server:
        assert here(server).ask(server.url()) is NO_ANSWER


def test_a_port_where_no_one_listens_and_a_name_that_is_none_do_not_answer() -> None:
    with serving(by_path()) as server:
        pass
    assert here(server).ask(server.url()) is NO_ANSWER

    def unknown(*_given: Any, **_more: Any) -> Any:
        raise socket.gaierror

    assert Asker(look_up=unknown).ask("https://nothing.example/") is NO_ANSWER
    assert Asker(look_up=unknown).ask(f"https://{'a' * 63}.{'ñ' * 60}.example/") is NO_ANSWER


@pytest.mark.real_clock
def test_with_https_the_name_on_the_certificate_counts() -> None:
    trusting = ssl.create_default_context(cafile=str(CERTIFICATE))
    with serving(by_path(there=status(200)), with_tls=True) as server:
        link = server.url("/there", "https", "localhost")
        assert here(server, context=trusting).ask(link) is WORKS
        assert here(server).ask(link) is NO_ANSWER  # no one vouches for it
        assert here(server, context=trusting).ask(server.url("/there", "https")) is NO_ANSWER  # another name
        assert here(server).ask(server.url("/there")) is NO_ANSWER


@pytest.mark.real_clock
def test_a_press_asks_four_at_once_and_waits_for_none_longer_than_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together: list[int] = []
    now = [0]

    def slow(head: str) -> Iterator[bytes]:
        now[0] += 1
        together.append(now[0])
        time.sleep(5 if "/never" in head else 0.02)
        now[0] -= 1
        yield status(200)

    with serving(slow) as server:
        monkeypatch.setattr(asking, "USUAL", here(server))
        monkeypatch.setattr(asking, "SECONDS_IN_ALL", 1.0)
        links = [server.url("/never"), *(server.url(f"/{n}") for n in range(12))]
        began = time.monotonic()
        found = asking.states(links)
        assert (set(found.values()), len(found), max(together)) == ({WORKS}, 12, asking.AT_ONCE)
        assert time.monotonic() - began < 3
        monkeypatch.setattr(asking, "_place", asking.threading.BoundedSemaphore(1))
        with asking._place, pytest.raises(asking.Busy):
            asking.states(links)
