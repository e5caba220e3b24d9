"""Handing mail to the SMTP server. Nothing here touches the database, and no request or transaction may wait for it.

Every answer is waited for a few seconds only. What was not accepted for certain is told from what may have gone out.
"""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from types import TracebackType

from engage.config import MailSecurity, MailServer

LONGEST = 500


class NotSent(Exception):
    """The server does not take this one; others may go. `words` is what it said."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words[:LONGEST]


class NoServer(NotSent):
    """The server cannot be used at all now. Nothing was handed over."""


class Unknown(NotSent):
    """The server had the mail and fell silent: it may have gone out."""


class Post:
    """A connection to the server, opened when the first mail is sent and used for all of them."""

    def __init__(self, server: MailServer, hello: str) -> None:
        self._server = server
        # The name we give ourselves: smtplib's own choice asks the network, which may take long.
        self._hello = hello
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._client.quit()
        self._drop()

    def send(self, message: EmailMessage, address: str) -> None:
        """Raises NotSent, NoServer or Unknown."""
        if not address.isascii():
            raise NotSent("The address has letters that this mail server may not take.")
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

    def _hand_over(self, client: smtplib.SMTP, message: EmailMessage) -> None:
        try:
            self._accepted("DATA", *client.data(message.as_bytes()))
        except (NotSent, smtplib.SMTPResponseException) as error:
            self._start_over(client)
            raise NotSent(self._words("", error)) from None
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unknown(self._words("Message", error)) from None

    @staticmethod
    def _accepted(step: str, code: int, answer: bytes) -> None:
        if not 200 <= code < 300:
            raise NotSent(f"{step}: {code} {answer.decode(errors='replace')}")

    def _start_over(self, client: smtplib.SMTP) -> None:
        try:
            client.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _opened(self) -> smtplib.SMTP:
        if self._client is None:
            self._client = self._open()
        return self._client

    def _open(self) -> smtplib.SMTP:
        server, step = self._server, f"{self._server.host}:{self._server.port}"
        client = None
        try:
            client = self._connect()
            client.ehlo_or_helo_if_needed()
            if server.security is MailSecurity.STARTTLS:
                step = "STARTTLS"
                client.starttls(context=ssl.create_default_context())
                client.ehlo()
            if server.user:
                step = f"Sign-in as {server.user}"
                client.login(server.user, server.password)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            if client is not None:
                client.close()
            raise NoServer(self._words(step, error)) from None
        return client

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security is MailSecurity.TLS:
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=self._hello,
                timeout=server.seconds,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(server.host, server.port, local_hostname=self._hello, timeout=server.seconds)

    def _words(self, step: str, error: Exception) -> str:
        """The error as the server or the system said it."""
        if isinstance(error, NotSent):
            said = error.words
        elif isinstance(error, smtplib.SMTPResponseException):
            answer = error.smtp_error
            said = f"{error.smtp_code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"
        elif isinstance(error, TimeoutError) or "timed out" in str(error):
            said = f"no answer within {self._server.seconds:g} seconds"
        else:
            said = str(error) or type(error).__name__
        return f"{step}: {said}" if step else said
