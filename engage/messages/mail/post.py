"""Hands mail to the SMTP server. It does not use the database, and no request or transaction waits for it.

Each answer may take a few seconds, and a whole mail only a few times as long, even if a server answers one
byte at a time. The errors separate mail that was certainly not accepted from mail that may have been sent.
"""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import parseaddr
from threading import Timer
from types import TracebackType
from typing import Any

from engage.config import MailSecurity, MailServer

LONGEST = 500
# A mail, including connecting, may take this many times as long as one answer.
WAITS_MOST = 5
GO_AHEAD = 354


class NotSent(Exception):
    """The server refuses this mail, but may accept others. `words` is its answer."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words[:LONGEST]


class NoServer(NotSent):
    """The server cannot be used now. It was given no mail."""


class Unknown(NotSent):
    """The server stopped answering after it got the mail, which may have been sent."""


class _Client(smtplib.SMTP):
    """An SMTP client that another thread can disconnect, and that remembers the server's last reply code."""

    line: socket.socket | None = None
    heard = 0
    is_hung_up = False

    def __init__(
        self, tls: ssl.SSLContext | None, keep: Callable[["_Client"], None], **settings: Any
    ) -> None:
        self._tls = tls
        keep(self)  # before connecting, so that the connection can be closed at any time
        super().__init__(**settings)

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        """Connects; uses TLS from the first byte if there is a context for it."""
        made = socket.create_connection((host, port), self.timeout, source_address)
        # TLS replaces smtplib's own reference to the socket. This duplicate lets another thread close the
        # connection.
        self.line = made.dup()
        self.sock = self._tls.wrap_socket(made, server_hostname=host) if self._tls is not None else made
        self.file = None
        return self.getreply()

    def getreply(self) -> tuple[int, bytes]:
        reply = super().getreply()
        if self.is_hung_up:
            # What arrived before the disconnect is not a complete answer.
            raise smtplib.SMTPServerDisconnected("Hung up")
        self.heard = reply[0]
        return reply

    def hang_up(self) -> None:
        """Disconnects, so that a thread that waits for the server stops at once."""
        self.is_hung_up = True
        if self.line is not None:
            with suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        super().close()
        if self.line is not None:
            self.line.close()
            self.line = None


class Post:
    """A connection to the mail server, opened for the first mail and kept for the following ones."""

    def __init__(self, server: MailServer, hello: str) -> None:
        self._server = server
        # Our own host name. Otherwise smtplib would look it up, which may take long.
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
        """Closes the connection if the block takes too long."""
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
            # Until the server answers DATA with a go-ahead, it has received nothing of the mail.
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
        try:
            client = self._connected()
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

    def _connected(self) -> _Client:
        def keep(client: _Client) -> None:
            self._client = client

        server = self._server
        tls = ssl.create_default_context() if server.security is MailSecurity.TLS else None
        more: dict[str, object] = {"local_hostname": self._hello, "timeout": server.seconds}
        return _Client(tls, keep, host=server.host, port=server.port, **more)

    def _words(self, step: str, error: Exception) -> str:
        """Returns the error as text: the server's answer, or the operating system's message."""
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
            said = "there is a letter outside ASCII"  # the text of such an error may contain the password
        else:
            said = str(error) or type(error).__name__
        if self._server.password:
            said = said.replace(self._server.password, "…")
        return f"{step}: {said}" if step else said
