"""Hands mail to the SMTP server. Nothing here touches the database, and no request or transaction may wait for it.

It waits only a few seconds for each answer, and for a whole mail only a few times as long, even if a server
answers one byte at a time. Errors tell a mail that was certainly not accepted from one that may have been
sent.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import parseaddr
from threading import Timer
from types import TracebackType
from typing import Any

from engage.config import MailSecurity, MailServer

LONGEST = 500
# A mail, including its connection, takes at most this many times the wait for one answer.
WAITS_MOST = 5
GO_AHEAD = 354


class NotSent(Exception):
    """The server does not accept this mail, but may accept others. `words` is what it said."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words[:LONGEST]


class NoServer(NotSent):
    """The server cannot be used at all now. Nothing was handed over."""


class Unknown(NotSent):
    """The server had the mail and stopped answering, so the mail may have been sent."""


class _Client(smtplib.SMTP):
    """A client whose connection another thread can close, and that remembers the last code from the server."""

    line: socket.socket | None = None
    heard = 0
    is_hung_up = False

    def _get_socket(self, *given: Any) -> socket.socket:
        # smtplib keeps its own reference, which TLS replaces. This second handle lets another thread close
        # the connection.
        made: socket.socket = super()._get_socket(*given)  # type: ignore[misc]
        self.line = made.dup()
        return made

    def getreply(self) -> tuple[int, bytes]:
        reply = super().getreply()
        if self.is_hung_up:
            # The part that arrived until then is not a complete answer.
            raise smtplib.SMTPServerDisconnected("Hung up")
        self.heard = reply[0]
        return reply

    def hang_up(self) -> None:
        """Closes the connection, so that a thread that waits for the server stops at once."""
        self.is_hung_up = True
        if self.line is not None:
            with suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        super().close()
        if self.line is not None:
            self.line.close()
            self.line = None


class _TlsClient(smtplib.SMTP_SSL, _Client):
    """The same client over TLS from the first byte on."""


class Post:
    """A connection to the server, opened when the first mail is sent and used for all of them."""

    def __init__(self, server: MailServer, hello: str) -> None:
        self._server = server
        # This is our own name, because smtplib would ask the network for it, which may take long.
        self._hello = hello
        self._client: _Client | None = None
        self._late = False

    def __enter__(self) -> "Post":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            with suppress(OSError, smtplib.SMTPException), self._limited():
                self._client.quit()
        self._drop()

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """Closes the connection if the whole exchange takes too long."""
        self._late = False
        timer = Timer(self._server.seconds * WAITS_MOST, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _hang_up(self) -> None:
        self._late = True
        if (client := self._client) is not None:
            client.hang_up()

    def try_out(self) -> None:
        """Connects and signs in, without sending anything. Raises NoServer."""
        with self._limited():
            self._opened()

    def send(self, message: EmailMessage, address: str) -> None:
        """Sends a mail. Raises NotSent, NoServer or Unknown."""
        if not address.isascii():
            raise NotSent("The address has letters that this mail server may not take.")
        with self._limited():
            self._send(message, address)

    def _send(self, message: EmailMessage, address: str) -> None:
        client = self._opened()
        try:
            self._accepted("MAIL FROM", *client.mail(parseaddr(self._server.sender)[1]))
        except (OSError, smtplib.SMTPException, NotSent) as error:
            self._drop()
            raise NoServer(self._words("Sender", error)) from None
        try:
            self._accepted("RCPT TO", *client.rcpt(address))
        except (NotSent, smtplib.SMTPResponseException) as error:
            self._start_over(client)
            raise NotSent(self._words("", error)) from None
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise NoServer(self._words("Recipient", error)) from None
        self._hand_over(client, message)

    def _hand_over(self, client: _Client, message: EmailMessage) -> None:
        try:
            self._accepted("DATA", *client.data(message.as_bytes()))
        except (NotSent, smtplib.SMTPResponseException) as error:
            self._start_over(client)
            raise NotSent(self._words("", error)) from None
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            # Before the server's go-ahead it has received nothing of the mail.
            raised = Unknown if client.heard == GO_AHEAD else NoServer
            raise raised(self._words("Message", error)) from None

    @staticmethod
    def _accepted(step: str, code: int, answer: bytes) -> None:
        if not 200 <= code < 300:
            raise NotSent(f"{step}: {code} {answer.decode(errors='replace')}")

    def _start_over(self, client: _Client) -> None:
        try:
            client.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _opened(self) -> _Client:
        if self._client is None:
            self._open()
        assert self._client is not None
        return self._client

    def _open(self) -> None:
        server, step = self._server, f"{self._server.host}:{self._server.port}"
        # The client is stored before it connects, so that its connection can be closed from then on.
        self._client = client = self._made()
        try:
            self._connect(client)
            client.ehlo_or_helo_if_needed()
            if server.security is MailSecurity.STARTTLS:
                step = "STARTTLS"
                client.starttls(context=ssl.create_default_context())
                client.ehlo()
            if server.user:
                step = f"Sign-in as {server.user}"
                client.login(server.user, server.password)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            self._drop()
            raise NoServer(self._words(step, error)) from None

    def _made(self) -> _Client:
        server = self._server
        more: dict[str, Any] = {"local_hostname": self._hello, "timeout": server.seconds}
        if server.security is MailSecurity.TLS:
            return _TlsClient(context=ssl.create_default_context(), **more)
        return _Client(**more)

    def _connect(self, client: _Client) -> None:
        # TLS checks the certificate against this name, which smtplib sets only if it connects by itself.
        client._host = self._server.host  # type: ignore[attr-defined]
        code, answer = client.connect(self._server.host, self._server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, answer)

    def _words(self, step: str, error: Exception) -> str:
        """Returns the error in the words of the server or the system."""
        if isinstance(error, NotSent):
            said = error.words
        elif self._late:
            said = f"not done within {self._server.seconds * WAITS_MOST:g} seconds"
        elif isinstance(error, smtplib.SMTPResponseException):
            answer = error.smtp_error
            said = f"{error.smtp_code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"
        elif isinstance(error, TimeoutError) or "timed out" in str(error):
            said = f"no answer within {self._server.seconds:g} seconds"
        elif isinstance(error, UnicodeError):
            said = "there is a letter outside ASCII"  # the error itself may quote a password
        else:
            said = str(error) or type(error).__name__
        if self._server.password:
            said = said.replace(self._server.password, "…")
        return f"{step}: {said}" if step else said
