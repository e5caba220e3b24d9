"""Acts as slow clients: headers and bodies letter by letter, a long answer in sips, silent connections.

Others must not notice, behind nginx and straight at the port.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests import factories
from tests.faults.browsers import UNANSWERED, Browser
from tests.faults.installations import Installation, installation, people
from tests.faults.proxies import nginx
from tests.faults.rows import Row, row

SLOW = 50
# In the meantime someone else asks; what takes them longer than this, they would call down.
PATIENCE = 3.0
MEASURED = 6.0
EVERY = 0.5

_FORM = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n%b\r\n\r\n"
Dripping = Callable[[socket.socket, threading.Event], None]


def headers(connection: socket.socket, stop: threading.Event) -> None:
    """Sends a request whose headers never end."""
    connection.sendall(b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    while not stop.wait(EVERY):
        connection.sendall(b"X-A: b\r\n")


def body(connection: socket.socket, stop: threading.Event) -> None:
    """Sends a form of a hundred letters, one at a time."""
    connection.sendall(_FORM % b"Content-Length: 100")
    while not stop.wait(EVERY):
        connection.sendall(b"a")


def chunk(connection: socket.socket, stop: threading.Event) -> None:
    """Sends a part of a form in which an end is written, as if it were all, and the rest one letter at a time."""
    connection.sendall(_FORM % b"Transfer-Encoding: chunked" + b"FF\r\n0\r\n\r\n")
    while not stop.wait(EVERY):
        connection.sendall(b"a")


def hidden_length(connection: socket.socket, stop: threading.Event) -> None:
    """Announces a form by a length of more digits than anyone writes, and sends none of it."""
    connection.sendall(_FORM % b"Content-Length: 00000000000000000000500")
    stop.wait()


def too_long(connection: socket.socket, stop: threading.Event) -> None:
    """Announces more than any form has, sends none of it, and stays when it is refused."""
    connection.sendall(_FORM % b"Content-Length: 9000000")
    stop.wait()


def silence(_connection: socket.socket, stop: threading.Event) -> None:
    """Connects and sends nothing, as browsers do to be ready."""
    stop.wait()


@dataclass(frozen=True)
class Sips:
    """A long answer, of which a few bytes are read at a time."""

    cookie: str
    path: str = "/c/riverbend/plan/"

    def __call__(self, connection: socket.socket, stop: threading.Event) -> None:
        asked = f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n\r\n"
        connection.sendall(asked.encode())
        while not stop.wait(EVERY):
            connection.recv(16)


@contextmanager
def attack(port: int, drip: Dripping, many: int) -> Iterator[None]:
    """Runs so many at once, until the end."""
    stop = threading.Event()

    def one() -> None:
        with suppress(OSError), socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.settimeout(5)
            connection.connect(("127.0.0.1", port))
            drip(connection, stop)

    threads = [threading.Thread(target=one, daemon=True) for _each in range(many)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def others_wait(port: int, drip: Dripping, many: int, seconds: float = MEASURED) -> float:
    """Returns the longest wait of anyone else for the sign-in page, in seconds; no answer counts as forever."""
    with attack(port, drip, many):
        if isinstance(drip, Sips):  # fifty long pages have to be made first: that is work, not slowness
            _longest(port, 0.1)
        return _longest(port, seconds)


def _longest(port: int, seconds: float) -> float:
    worst, until = 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        browser = Browser(port, seconds=15)
        began = time.monotonic()
        try:
            assert browser.get("/sign-in").status == 200
        except UNANSWERED:
            return float("inf")
        finally:
            browser.close()
        worst = max(worst, time.monotonic() - began)
        time.sleep(0.1)
    return worst


def readers(made: Installation) -> Sips:
    """Returns a signed-in person who asks for a long page."""
    with made.app.app_context():
        plan = factories.make_plan()
        for number in range(1, 301):
            factories.make_action(plan, number=number, details="What has to be done. " * 20)
        email = people(made, 1)[0][1]
    made.start()
    reader = made.browser()
    reader.sign_in(email)
    return Sips("; ".join(f"{name}={value}" for name, value in reader.cookies.items()))


def run() -> Row:
    with row("slow clients") as made_row, installation() as made:
        made_row.done = f"{SLOW} at once, while somebody else asks for a page"
        drips = {
            "headers": headers,
            "bodies": body,
            "chunks": chunk,
            "hidden lengths": hidden_length,
            "promises": too_long,
            "silence": silence,
            "sips": readers(made),
        }
        with nginx(made.port) as port:
            for name, drip in drips.items():
                waited = others_wait(port, drip, SLOW)
                made_row.counts[f"{name} behind nginx: others waited"] = _words(waited)
                made_row.must(waited < PATIENCE, f"{name} behind nginx keep others waiting")
        for name, drip in drips.items():
            waited = others_wait(made.port, drip, SLOW)
            made_row.counts[f"{name} without a proxy"] = _words(waited)
            made_row.must(waited < PATIENCE, f"{name} keep others waiting")
    return made_row


def _words(seconds: float) -> str:
    return "without an answer" if seconds == float("inf") else f"{seconds:.2f} s"
