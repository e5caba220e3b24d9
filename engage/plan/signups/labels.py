"""Puts sign-ups into words."""

from datetime import timedelta

from engage.accounts.rules import PER_EVENT_MAIL
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan.signups.queries import SignupCounts


def counts_words(counts: SignupCounts, seats: int | None) -> str:
    """Returns words such as "12 of 20 spots taken, 3 people waiting", or "7 people for 3 spots"."""
    if seats is None:
        found = [ngettext("%(num)s person signed up", "%(num)s people signed up", counts.coming)]
    elif counts.coming > seats:  # people came without signing up, or the limit was lowered
        found = [
            ngettext(
                "%(people)s people for %(num)s spot",
                "%(people)s people for %(num)s spots",
                seats,
                people=counts.coming,
            )
        ]
    else:
        found = [
            ngettext(
                "%(taken)s of %(num)s spot taken",
                "%(taken)s of %(num)s spots taken",
                seats,
                taken=counts.coming,
            )
        ]
    if counts.waiting:
        found.append(ngettext("%(num)s person waiting", "%(num)s people waiting", counts.waiting))
    if counts.came:
        found.append(ngettext("%(num)s person came", "%(num)s people came", counts.came))
    return ", ".join(found)


def left_words(left: int | None) -> str:
    """Returns what people who want to come read about places; "" without a limit."""
    if left is None:
        return ""
    if not left:
        return _(
            "All spots are taken. Join the waiting list: if a spot opens up, the first person on the list gets it."
        )
    return ngettext("%(num)s spot left.", "%(num)s spots left.", left)


def unasked_words(number: int) -> str:
    """Returns how many people got no mail to confirm their address, and why; "" for none."""
    if not number:
        return ""
    return ngettext(
        "%(num)s person was not asked by e-mail to confirm their address: at most %(most)s such e-mails go out "
        "for an event at once, then one every %(minutes)s minutes, so that no one can flood strangers through "
        "it. Their sign-up is kept, and they can ask for the e-mail on their own page.",
        "%(num)s people were not asked by e-mail to confirm their address: at most %(most)s such e-mails go "
        "out for an event at once, then one every %(minutes)s minutes, so that no one can flood strangers "
        "through it. Their sign-ups are kept, and they can ask for the e-mail on their own page.",
        number,
        most=int(PER_EVENT_MAIL.capacity),
        minutes=PER_EVENT_MAIL.refill // timedelta(minutes=1),
    )
