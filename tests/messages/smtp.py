"""Runs mail servers on the loopback: one that takes mail, one that answers by a script, one that never answers."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from time import sleep
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from engage.config import MailSecurity, MailServer

SHORT = 0.5
USER, PASSWORD = "engage", "a secret of the mail server"


def server_at(port: int, **more: Any) -> MailServer:
    """Returns its settings; a slow machine has time to answer, silence is waited for in `SHORT` seconds."""
    values: dict[str, Any] = {"security": MailSecurity.NONE, "seconds": 20.0, "per_minute": 0}
    return MailServer(host="127.0.0.1", port=port, sender="Engage <engage@example.org>", **{**values, **more})


@dataclass
class Taken:
    """The envelopes and mails that a server took, and what it refuses."""

    recipients: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.recipients += envelope.rcpt_tos
        self.mails.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=default)))
        return "250 Taken"


class _AnyPort(Controller):
    """A server on a port that the system chooses; the controller's own greeting of itself has to know it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def taking(*, login: bool = False) -> Iterator[Taken]:
    """Runs a server that takes mail; with `login` only from those who sign in."""
    taken = Taken()

    def sign_in(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        right = LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=given == right, handled=False)

    more = {"authenticator": sign_in, "auth_required": True, "auth_require_tls": False} if login else {}
    controller = _AnyPort(taken, hostname="127.0.0.1", port=0, **more)
    controller.start()
    taken.port = controller.port
    try:
        yield taken
    finally:
        controller.stop()


@contextmanager
def _listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Yields its port; each connection has a thread of its own, until the server stops."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        open_ones: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                open_ones.append(connection)
                threading.Thread(target=_quietly, args=(serve, connection), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for connection in open_ones:
                connection.close()


def _quietly(serve: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with suppress(OSError):  # the other side hung up
        serve(connection)


@contextmanager
def silent() -> Iterator[int]:
    """Accepts every connection and never says a word."""
    with _listening(lambda connection: None) as port:
        yield port


@contextmanager
def scripted(answers: dict[str, str | None]) -> Iterator[int]:
    """Says OK to everything but the commands in `answers`, by first word (`.` is the end of a mail).

    None means no answer from then on; "" hangs up.
    """

    def serve(connection: socket.socket) -> None:
        with connection.makefile("rwb") as file:

            def say(text: str) -> None:
                file.write(text.encode() + b"\r\n")
                file.flush()

            say("220 scripted")
            in_data = False
            for line in file:
                word = line.decode().strip().split(" ")[0].split(":")[0].upper()
                if in_data and word != ".":
                    continue
                in_data = word == "DATA"
                answer = answers.get(word, {"DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 OK"))
                if answer is None:
                    return
                if answer == "":
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                in_data = in_data and answer.startswith("354")
                say(answer)

    with _listening(serve) as port:
        yield port


@contextmanager
def dripping(first: str = "") -> Iterator[int]:
    """Says `first` at once, and then forever one letter at a time, so that no single wait is long."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(first.encode())
        while True:
            connection.sendall(b"2")
            sleep(SHORT / 5)

    with _listening(serve) as port:
        yield port


def closed_port() -> int:
    """Returns a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
