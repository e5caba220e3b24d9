"""Makes the mail to one person: plain text and HTML, replies to the coordinator, one-click unsubscribing."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr

from flask import render_template
from msgspec import Struct

from engage.config import MailServer
from engage.i18n import gettext as _
from engage.messages.action_links.service import AskedAction
from engage.messages.digest import pages as digest_pages
from engage.messages.letters.links import LinkFile
from engage.messages.letters.rules import filled, one_line, paragraphs


class Ready(Struct, frozen=True):
    """A letter to one person as plain values, which stay usable after the transaction that read them."""

    address: str
    name: str
    subject: str
    text: str
    link: str
    coalition: str
    writer: str
    reply_to: str
    stop_url: str
    language: str
    files: tuple[LinkFile, ...] = ()
    is_test: bool = False
    # The person's actions about which the mail asks, by title.
    questions: Sequence[tuple[str, AskedAction]] = ()


def greeted(name: str) -> str:
    """Returns the name used in the greeting if a person's name is unknown."""
    return name or _("there")


def mail(ready: Ready, server: MailServer, now: datetime) -> EmailMessage:
    """Returns the mail, which has no remote content."""
    from email.headerregistry import Address  # uses half a megabyte, as in `new_mail`

    subject = one_line(ready.subject)
    if ready.is_test:
        subject = _("Test: %(subject)s", subject=subject)
    message = digest_pages.new_mail(server, ready.address, subject, now)
    del message["From"]
    # A mail about someone's own actions names only Engage, as its subject does, because locked screens show both.
    sender = "Engage" if ready.questions else one_line(ready.coalition)
    message["From"] = Address(sender, addr_spec=parseaddr(server.sender)[1])
    if ready.reply_to and ready.reply_to.isascii():
        message["Reply-To"] = Address(one_line(ready.writer), addr_spec=ready.reply_to)
    message["List-Unsubscribe"] = f"<{ready.stop_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    name = greeted(ready.name)
    context = {
        "ready": ready,
        "subject": subject,
        "text": filled(ready.text, name, ready.link),
        "paragraphs": paragraphs(ready.text, name),
        "questions": [(title, question.choices()) for title, question in ready.questions],
    }
    message.set_content(render_template("messages/letters/by_mail.txt", **context), cte="quoted-printable")
    html = render_template("messages/letters/by_mail.html", **context)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = ready.language
    for file in ready.files:
        main, _slash, sub = file.kind.partition("/")
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return message
