"""Puts sign-ups into words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from engage.plan.signups.queries import Counts


def counts_words(counts: Counts, seats: int | None) -> str:
    """Returns words such as "12 of 20 places taken, 3 people waiting"."""
    if seats is None:
        found = [ngettext("%(num)s person signed up", "%(num)s people signed up", counts.coming)]
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
