"""Builds the digest by mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from flask import current_app, g, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from engage import clock
from engage.coalitions import queries as coalitions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.config import MailServer
from engage.extensions import db
from engage.home.pages import WaitingLine
from engage.messages.digest import service
from engage.messages.inbox import pages as inbox_pages
from engage.messages.rules import Frequency, is_worth_a_mail
from engage.web import links

LINES_MOST = 20


class Reader(Struct, frozen=True):
    """The recipient as plain values, which are used after the transaction that read them."""

    user_id: int
    address: str
    frequency: Frequency
    language: str
    nonce: str
    # This is when the last digest told them what was new.
    told_at: datetime | None


class DigestLine(Struct, frozen=True):
    """A line such as "3 days late: Print hotline cards" with its address.

    `coalition` is empty for a person in only one.
    """

    tag: str
    title: str
    url: str
    coalition: str


class Section(Struct, frozen=True):
    title: str
    lines: list[DigestLine]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


class Digest(Struct, frozen=True):
    """Three lists; an empty one is left out."""

    subject: str
    text: str
    html: str
    unsubscribe_url: str


def compose(reader: Reader, now: datetime) -> Digest | None:
    """Returns the digest; None if nothing is worth a mail today. It only reads, and leaves no transaction open."""
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
            late += [_line(row, name) for row in box.lists.late]
            this_week += [_line(row, name) for row in box.lists.this_week]
            new += [_line(row, name) for row in box.lists.new]
    if not is_worth_it:
        return None
    with speaking(reader.language):
        return _digest(reader, late, this_week, new)


def _places(reader: Reader) -> list[int]:
    with speaking(reader.language):
        places = coalitions.memberships_of(reader.user_id)
        return [place.id for place in places if may(place.role, Permission.WORK)]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Acts like a request in this language, so that addresses, dates and texts can be made.

    The database is only read, and the transaction ends with it.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    request = app.test_request_context(
        "/", base_url=str(app.config["URL"]), headers=[("Accept-Language", language)]
    )
    with app.app_context(), request:
        try:
            yield
        finally:
            db.session.remove()


def _enter(place: Membership) -> None:
    g.membership, g.coalition = place, place.coalition
    g.slug, g.time_zone = place.coalition.slug, place.coalition.time_zone


def _line(row: WaitingLine, coalition: str) -> DigestLine:
    # The names of people who ask to join are left for the page, because a mail may be read over a person's
    # shoulder.
    title = _("Someone wants to join") if row.key.startswith("person:") else row.title
    return DigestLine(row.tag, title, links.external(row.url), coalition)


def _digest(
    reader: Reader, late: list[DigestLine], this_week: list[DigestLine], new: list[DigestLine]
) -> Digest:
    sections = [
        Section(title, lines[:LINES_MOST], len(lines))
        for title, lines in ((_("Late"), late), (_("This week"), this_week), (_("New for you"), new))
        if lines
    ]
    unsubscribe_url = service.unsubscribe_url(reader.nonce)
    context = {
        "sections": sections,
        "daily": reader.frequency is Frequency.DAILY,
        "unsubscribe_url": unsubscribe_url,
        "settings_url": links.external(url_for("my_messages.settings")),
    }
    return Digest(
        _subject(len(late), len(this_week), len(new)),
        render_template("messages/digest.txt", **context),
        render_template("messages/digest.html", **context),
        unsubscribe_url,
    )


def _subject(late: int, this_week: int, new: int) -> str:
    """Returns a subject with counts only, because locked screens show subjects."""
    parts = [
        ngettext("%(num)s late", "%(num)s late", late) if late else "",
        ngettext("%(num)s this week", "%(num)s this week", this_week) if this_week else "",
        ngettext("%(num)s new for you", "%(num)s new for you", new) if new else "",
    ]
    return _("Engage: %(what)s", what=", ".join(filter(None, parts)))


# -- the mail


def mail(digest: Digest, reader: Reader, server: MailServer, now: datetime) -> EmailMessage:
    """Returns a mail of plain text and HTML, without remote content, with one-click unsubscribing (RFC 8058)."""
    message = new_mail(server, reader.address, digest.subject, now)
    message["List-Unsubscribe"] = f"<{digest.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(digest.text, cte="quoted-printable")
    message.add_alternative(digest.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = reader.language
    return message


def new_mail(server: MailServer, address: str, subject: str, now: datetime) -> EmailMessage:
    """Returns a mail with its headers; the library refuses line breaks in them."""
    from email.policy import SMTP  # takes half a megabyte, which a server does not need until it sends mail

    # No header is folded, because some programs cannot read a folded List-Unsubscribe.
    message = EmailMessage(policy=SMTP.clone(max_line_length=900))
    message["From"] = server.sender
    message["To"] = address
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=hello())
    message["Auto-Submitted"] = "auto-generated"
    return message


def site() -> str:
    """Returns the host of this installation."""
    return str(current_app.config["URL"])


def hello() -> str:
    """Returns the name by which this installation speaks to mail servers."""
    return urlsplit(site()).hostname or "localhost"
