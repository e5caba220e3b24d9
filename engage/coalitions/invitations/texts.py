"""Builds the texts that a coordinator sends with an invitation: the first one, and a reminder."""

from engage import clock
from engage.coalitions.models import Coalition, Invitation, Membership
from engage.coalitions.ready_texts import ReadyText, ready_text_for
from engage.coalitions.rules import InvitationKind, first_name
from engage.dates import long_day
from engage.i18n import gettext as _


def invitation_text(row: Invitation, link: str, sender: Membership) -> ReadyText:
    """Returns the text for one link, with a mail to its person. If the link was sent before, it is a reminder."""
    coalition = sender.coalition
    if row.kind is InvitationKind.OPEN:
        return ready_text_for(_open_text(link, sender), _subject(coalition), "")
    greeting = _("Hello %(name)s,", name=first_name(row.label)) if row.label else _("Hello,")
    if row.sent_at is not None:
        subject = _("Your invitation to %(coalition)s", coalition=coalition.name)
        return ready_text_for(_reminder(row, link, sender, greeting), subject, row.email)
    parts = [
        greeting,
        _(
            "I'd like to invite you to join %(coalition)s. Open this link, press Continue, and choose a password; "
            "it takes about three minutes:",
            coalition=coalition.name,
        ),
        link,
        _(
            "The link is for you (%(email)s) and works until %(day)s.",
            email=row.email,
            day=_last_day(row, coalition),
        ),
        _("Thank you!") + "\n" + sender.name,
    ]
    return ready_text_for("\n\n".join(parts), _subject(coalition), row.email)


def _subject(coalition: Coalition) -> str:
    return _("Join %(coalition)s", coalition=coalition.name)


def _last_day(row: Invitation, coalition: Coalition) -> str:
    return long_day(clock.local_day(row.expires_at, coalition.time_zone))


def _reminder(row: Invitation, link: str, sender: Membership, greeting: str) -> str:
    parts = [
        greeting,
        _(
            "A while ago I invited you to join %(coalition)s. We'd still love to have you. The link works until "
            "%(day)s:",
            coalition=sender.coalition.name,
            day=_last_day(row, sender.coalition),
        ),
        link,
        _("If it doesn't work, or if this isn't for you, just tell me."),
        _("Thank you!") + "\n" + sender.name,
    ]
    return "\n\n".join(parts)


def _open_text(link: str, sender: Membership) -> str:
    parts = [
        _(
            "You are invited to join %(coalition)s. Open this link and say who you are; a coordinator will then "
            "approve you:",
            coalition=sender.coalition.name,
        ),
        link,
        sender.name,
    ]
    return "\n\n".join(parts)
