"""Builds the digest and sets up the mail that carries it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from flask import current_app, g, render_template, url_for
from msgspec import Struct
from msgspec.structs import replace

from engage import clock
from engage.accounts.sign_in_links import service as sign_in_links
from engage.coalitions import queries as coalitions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.config import MailServer
from engage.extensions import db, language
from engage.home.pages import WaitingLine
from engage.home.reminders import waiting_subject
from engage.i18n import gettext as _
from engage.messages.action_links import service as action_links
from engage.messages.action_links.rules import ACTIONS_MOST
from engage.messages.action_links.service import AskedAction
from engage.messages.digest import service
from engage.messages.inbox import pages as inbox_pages
from engage.messages.rules import Frequency, is_worth_a_mail

LINES_MOST = 20


class Reader(Struct, frozen=True):
    """The recipient as plain values, which stay usable after the transaction that read them."""

    user_id: int
    address: str
    frequency: Frequency
    language: str
    nonce: str
    # When the last digest was sent that listed new things.
    told_at: datetime | None


class DigestLine(Struct, frozen=True):
    """A line such as "3 days late: Print hotline cards" with its URL.

    `coalition` is empty if the person is in only one coalition. `asked` is set for an action of the reader.
    """

    tag: str
    title: str
    url: str
    coalition: str
    asked: AskedAction | None = None
    # The words and addresses of the links by which the reader says how the action is going.
    choices: Sequence[tuple[str, str]] = ()


class DigestSection(Struct, frozen=True):
    title: str
    lines: list[DigestLine]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


class Digest(Struct, frozen=True):
    """The digest as a mail. It has three lists: late, due this week, and new; empty ones are left out."""

    subject: str
    text: str
    html: str
    unsubscribe_url: str
    # The actions about which the mail asks. Their links work once they are stored.
    asked: list[AskedAction]


def compose(reader: Reader, now: datetime) -> Digest | None:
    """Returns the digest; None if nothing is worth a mail today. It only reads, and ends its transactions."""
    late: list[DigestLine] = []
    this_week: list[DigestLine] = []
    new: list[DigestLine] = []
    is_worth_it = False
    for place_id in _places(reader):
        with speaking(reader.language):
            places = coalitions.memberships_of(reader.user_id)
            place = next((each for each in places if each.id == place_id), None)
            if place is None:
                continue
            _enter(place)
            box = inbox_pages.inbox_of(place, now, reader.told_at)
            today = clock.local_day(now, place.coalition.time_zone)
            is_worth_it = is_worth_it or is_worth_a_mail(reader.frequency, box.lists, today)
            name = place.coalition.name if len(places) > 1 else ""
            late += [_line(row, name, reader, place) for row in box.lists.late]
            this_week += [_line(row, name, reader, place) for row in box.lists.this_week]
            new += [_line(row, name, reader, place) for row in box.lists.new]
    if not is_worth_it:
        return None
    with speaking(reader.language):
        return _digest(reader, late, this_week, new)


def _places(reader: Reader) -> list[int]:
    with speaking(reader.language):
        places = coalitions.memberships_of(reader.user_id)
        return [place.id for place in places if may(place.role, Permission.WORK)]


@contextmanager
def speaking(language: str, *, writes: bool = False) -> Iterator[None]:
    """Simulates a request in this language, so that URLs, dates and texts can be made without one.

    The database is read-only unless `writes`. The transaction ends with the block.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    headers = [("Accept-Language", language)]
    asked = app.test_request_context(
        "/", base_url=site(), method="POST" if writes else "GET", headers=headers
    )
    # The block has an application context of its own, so that what it stores in `g` does not stay.
    with app.app_context(), asked:
        try:
            yield
        finally:
            db.session.remove()


def _enter(place: Membership) -> None:
    g.membership, g.coalition = place, place.coalition
    g.slug, g.time_zone = place.coalition.slug, place.coalition.time_zone


def _line(row: WaitingLine, coalition: str, reader: Reader, place: Membership) -> DigestLine:
    # The names of people who ask to join are only on the page, because others may see a person's mail.
    title = _("Someone wants to join") if row.key.startswith("person:") else row.title
    url = sign_in_links.address_for(reader.user_id, row.url)
    asked = action_links.asked(place, row.action) if row.action is not None else None
    return DigestLine(row.tag, title, url, coalition, asked)


def _digest(
    reader: Reader, late: list[DigestLine], this_week: list[DigestLine], new: list[DigestLine]
) -> Digest:
    sections = [
        DigestSection(title, lines[:LINES_MOST], len(lines))
        for title, lines in ((_("Late"), late), (_("This week"), this_week), (_("New for you"), new))
        if lines
    ]
    asked = [line.asked for section in sections for line in section.lines if line.asked is not None]
    sections = [_with_choices(section, asked[:ACTIONS_MOST]) for section in sections]
    unsubscribe_url = service.unsubscribe_url(reader.nonce)
    context = {
        "sections": sections,
        "asks": bool(asked),
        "daily": reader.frequency is Frequency.DAILY,
        "unsubscribe_url": unsubscribe_url,
        "settings_url": sign_in_links.address_for(reader.user_id, url_for("my_messages.settings")),
    }
    return Digest(
        waiting_subject(len(late) + len(this_week) + len(new)),
        render_template("messages/digest.txt", **context),
        render_template("messages/digest.html", **context),
        unsubscribe_url,
        asked[:ACTIONS_MOST],
    )


def _with_choices(section: DigestSection, asked: Sequence[AskedAction]) -> DigestSection:
    """Returns the section with the links of the first actions of the mail."""
    lines = [
        replace(line, choices=line.asked.choices())
        if line.asked is not None and line.asked in asked
        else line
        for line in section.lines
    ]
    return replace(section, lines=lines)


# -- the mail


def mail(digest: Digest, reader: Reader, server: MailServer, now: datetime) -> EmailMessage:
    """Returns a mail in plain text and HTML, without remote content; one click unsubscribes (RFC 8058)."""
    message = new_mail(server, reader.address, digest.subject, now)
    message["List-Unsubscribe"] = f"<{digest.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(digest.text, cte="quoted-printable")
    message.add_alternative(digest.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = reader.language
    return message


def new_mail(server: MailServer, address: str, subject: str, now: datetime) -> EmailMessage:
    """Returns a mail with its headers. Python's library refuses line breaks in headers."""
    from email.policy import SMTP  # uses half a megabyte, needed only if mail is sent

    # Headers are not folded, because some programs cannot read a folded List-Unsubscribe.
    message = EmailMessage(policy=SMTP.clone(max_line_length=900))
    message["From"] = server.sender
    message["To"] = address
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=hello())
    message["Auto-Submitted"] = "auto-generated"
    return message


def text_mail(
    server: MailServer, address: str, subject: str, template: str, **context: object
) -> EmailMessage:
    """Returns a mail of plain text, in the current language."""
    message = new_mail(server, address, subject, clock.now())
    message.set_content(render_template(template, **context), cte="quoted-printable")
    message["Content-Language"] = language()
    return message


def site() -> str:
    """Returns the URL of this installation."""
    return str(current_app.config["URL"])


def hello() -> str:
    """Returns the host name that this installation gives to mail servers (EHLO)."""
    return urlsplit(site()).hostname or "localhost"
