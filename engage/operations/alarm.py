"""Sends a mail if a scheduled command failed, for docs/hosting/systemd/engage-failed@.service.

The mail goes through Engage's own mail server, else through the machine's mail program, by SMTP: exim4 and
Postfix both accept it. The program `sendmail` cannot be used, because it gains rights when it starts, which
NoNewPrivileges= forbids.
"""

import socket
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from engage.config import Alarm, MailSecurity, MailServer
from engage.messages.mail.post import NotSent, Post
from engage.operations.doctor import place
from engage.operations.refused import Refused

# On Debian, this file contains the domain of the machine's mail program.
_MAILNAME = Path("/etc/mailname")


def ring(alarm: Alarm, unit: str) -> None:
    """Sends the mail and waits until a server has accepted it. Raises Refused with the server's answer."""
    machine = socket.gethostname()
    server = alarm.server or _this_machine(machine)
    message = EmailMessage()
    message["From"], message["To"] = server.sender, alarm.to
    message["Subject"] = f"{unit} failed on {machine}"
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=machine)
    message.set_content(f"To see why, type on {machine}: {place.log_of(unit)}\nThen type: engage doctor\n")
    try:
        with Post(server, machine) as post:
            post.send(message, alarm.to)
    except NotSent as error:
        raise Refused(f"The mail to {alarm.to} was not sent: {error.words}") from None


def _this_machine(machine: str) -> MailServer:
    try:
        domain = _MAILNAME.read_text().split()[0]
    except (OSError, IndexError):
        domain = machine
    return MailServer(host="127.0.0.1", port=25, sender=f"engage@{domain}", security=MailSecurity.NONE)
