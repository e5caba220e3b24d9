"""Builds ready texts for people of a coalition, which can be copied, opened in a mail or messages app, or printed.

Engage does not send them.
"""

from collections.abc import Sequence
from urllib.parse import quote

from msgspec import Struct

from engage.coalitions import reach
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role, first_name
from engage.i18n import gettext as _

# Some mail programs cut off a link that is longer than this.
MAIL_LONGEST = 1800
# A mail link has room for only so many addresses, and a mail to a hundred addresses is treated as spam.
ADDRESSES_MOST = 40


class ReadyText(Struct, frozen=True):
    """A text, and the links that open it in other apps; with a link without an address, the sender chooses one."""

    text: str
    mail_url: str
    sms_url: str
    # The people who get no mail through the link, because their address is unknown or hidden.
    without_mail: tuple[str, ...] = ()


def ready_text(text: str, subject: str, person: Membership) -> ReadyText:
    """Returns a text for one person."""
    mail = f"mailto:{quote(mail_address(person), safe='@')}?{_mail(text, subject)}"
    return ReadyText(text, mail, to_phone(text, phone_number(person)))


def approved_text(person: Membership, link: str, sender: Membership) -> ReadyText:
    """Returns what tells a person that they were approved, for a site that sends no mail."""
    name = sender.coalition.name
    parts = [
        _("Hello %(name)s,", name=first_name(person.name)),
        _("Welcome to %(coalition)s. You can sign in now:", coalition=name),
        link,
        _("Thank you!") + "\n" + sender.name,
    ]
    return ready_text("\n\n".join(parts), _("Welcome to %(coalition)s", coalition=name), person)


def ready_text_for(text: str, subject: str, email: str) -> ReadyText:
    """Returns a text for someone who is not a member yet; if the address is empty, the sender chooses one."""
    mail = f"mailto:{quote(email, safe='@')}?{_mail(text, subject)}"
    return ReadyText(text, mail, f"sms:?body={quote(text, safe='')}")


def ready_text_for_all(text: str, subject: str, people: Sequence[Membership]) -> ReadyText:
    """Returns a text for several people, who get it as a blind copy, so that no one sees who else does.

    If there are too many, or no one shows an address, the sender enters the addresses.
    """
    addresses = [address for person in people if (address := mail_address(person))]
    fits = 0 < len(addresses) <= ADDRESSES_MOST
    left_out = tuple(person.name for person in people if not fits or not mail_address(person))
    mail = blind_copy(text, subject, addresses if fits else [])
    return ReadyText(text, mail, f"sms:?body={quote(text, safe='')}", left_out)


def blind_copy(text: str, subject: str, addresses: Sequence[str]) -> str:
    """Returns the link that opens a new mail to these addresses as a blind copy."""
    hidden = f"bcc={quote(','.join(addresses), safe='@,')}&" if addresses else ""
    return f"mailto:?{hidden}{_mail(text, subject)}"


def to_phone(text: str, phone: str) -> str:
    """Returns the link that opens a new text message to this phone number."""
    return f"sms:{phone}?body={quote(text, safe='')}"


def ready_text_to_share(text: str, subject: str, short: str) -> ReadyText:
    """Returns a text for anyone whom the sender chooses.

    Text messages get `short`, and so does mail if the text is too long for a link.
    """
    mail = f"mailto:?{_mail(text, subject)}"
    if len(mail) > MAIL_LONGEST:
        mail = f"mailto:?{_mail(short, subject)}"
    return ReadyText(text, mail, f"sms:?body={quote(short, safe='')}")


def mail_address(person: Membership) -> str:
    """Returns the person's address if coordinators may see it, since they send these texts; else ""."""
    return reach.email_of(person, Role.COORDINATOR)


def phone_number(person: Membership) -> str:
    """Returns the digits of the phone number if the person shows it, or has no account; else ""."""
    if person.user is not None and not person.shows_phone:
        return ""
    return "".join(character for character in person.phone if character in "+0123456789")


def _mail(text: str, subject: str) -> str:
    body = quote(text.replace("\n", "\r\n"), safe="")
    return f"subject={quote(subject, safe='')}&body={body}"
