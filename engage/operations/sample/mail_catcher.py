"""Runs the demo's mail server, which stores all mail in the demo's folder and sends none.

It listens only on the loopback interface. Only `engage demo` starts it.
"""

import socket
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct

from engage.config import MailSecurity, MailServer

FOLDER = "mail"
SENDER = "Engage <engage@example.org>"
# Limits, so that the demo does not fill the disk.
MAILS_MOST, BYTES_MOST = 500, 1_000_000


class CaughtMail(Struct, frozen=True):
    """A mail that the demo did not send; `html` is empty if the mail has none."""

    number: int
    sender: str
    to: str
    reply_to: str
    subject: str
    sent_at: datetime | None
    text: str
    html: str
    files: list[str]
    stop_url: str


class _Taking:
    """Writes each mail to a file with the next number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        number = next(self._numbers)
        (self._folder / f"{number}.eml").write_bytes(envelope.content)
        (self._folder / f"{number - MAILS_MOST}.eml").unlink(missing_ok=True)
        return "250 Kept in the demo"


def start(folder: Path) -> MailServer | None:
    """Starts the server in a thread of this process and returns the mail settings for it.

    Returns None if aiosmtpd is missing, which `make demo` installs and a server does not need.
    """
    try:
        from aiosmtpd.controller import Controller
    except ModuleNotFoundError:
        return None
    kept = folder / FOLDER
    kept.mkdir(mode=0o700, exist_ok=True)
    port = _free_port()
    Controller(_Taking(kept), hostname="127.0.0.1", port=port, data_size_limit=BYTES_MOST).start()
    return MailServer(host="127.0.0.1", port=port, sender=SENDER, security=MailSecurity.NONE, per_minute=600)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def mails(folder: Path) -> list[CaughtMail]:
    """Returns the stored mails, newest first."""
    found = [mail for number in _numbers(folder) if (mail := mail_of(folder, number)) is not None]
    return sorted(found, key=lambda mail: -mail.number)


def _numbers(folder: Path) -> Iterator[int]:
    kept = folder / FOLDER
    return (int(file.stem) for file in kept.glob("*.eml")) if kept.is_dir() else iter(())


def mail_of(folder: Path, number: int) -> CaughtMail | None:
    try:
        content = (folder / FOLDER / f"{number}.eml").read_bytes()
    except FileNotFoundError:
        return None
    message = message_from_bytes(content, policy=default)
    return CaughtMail(
        number=number,
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        reply_to=str(message["Reply-To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=parsedate_to_datetime(message["Date"]) if message["Date"] else None,
        text=_body(message, "plain"),
        html=_body(message, "html"),
        files=[part.get_filename() or "" for part in message.iter_attachments()],
        stop_url=str(message["List-Unsubscribe"] or "").strip("<>"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
