"""Writes ready texts to people of a coalition: to copy, to open in mail or messages, to print.

Engage sends nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from engage.coalitions.models import Membership

# Some mail programs cut a link that is longer than this.
MAIL_LONGEST = 1800
# A link that opens mail can hold only so much, and a mail of a hundred addresses is taken for spam.
ADDRESSES_MOST = 40


@dataclass(frozen=True, slots=True)
class ReadyText:
    """A text, and the links that open it elsewhere; a link without an address lets the sender choose."""

    text: str
    mail_url: str
    sms_url: str
    # These people get no mail by the link, because it holds no address of theirs.
    without_mail: tuple[str, ...] = ()


def ready_text(text: str, subject: str, person: Membership) -> ReadyText:
    """Returns a text for one person."""
    mail = f"mailto:{quote(mail_address(person), safe='@')}?{_mail(text, subject)}"
    return ReadyText(text, mail, f"sms:{phone_number(person)}?body={quote(text, safe='')}")


def ready_text_for_all(text: str, subject: str, people: Sequence[Membership]) -> ReadyText:
    """Returns a text for several people: their addresses go in the blind copy, so that no one sees who else gets it.

    If there are too many, or no one shows an address, the sender fills them in.
    """
    addresses = [address for person in people if (address := mail_address(person))]
    hidden = f"bcc={quote(','.join(addresses), safe='@,')}&" if 0 < len(addresses) <= ADDRESSES_MOST else ""
    left_out = tuple(person.name for person in people if not hidden or not mail_address(person))
    mail = f"mailto:?{hidden}{_mail(text, subject)}"
    return ReadyText(text, mail, f"sms:?body={quote(text, safe='')}", left_out)


def ready_text_to_share(text: str, subject: str, short: str) -> ReadyText:
    """Returns a text for anyone the sender chooses.

    Messages, and mail if the text is too long for a link, get `short`.
    """
    mail = f"mailto:?{_mail(text, subject)}"
    if len(mail) > MAIL_LONGEST:
        mail = f"mailto:?{_mail(short, subject)}"
    return ReadyText(text, mail, f"sms:?body={quote(short, safe='')}")


def mail_address(person: Membership) -> str:
    """Returns the address for mail: shown by the person, or stored for one without an account; else empty."""
    if person.user is None:
        return person.email
    return person.user.email if person.shows_email else ""


def phone_number(person: Membership) -> str:
    """Returns the digits, by the same rule."""
    if person.user is not None and not person.shows_phone:
        return ""
    return "".join(character for character in person.phone if character in "+0123456789")


def _mail(text: str, subject: str) -> str:
    body = quote(text.replace("\n", "\r\n"), safe="")
    return f"subject={quote(subject, safe='')}&body={body}"
