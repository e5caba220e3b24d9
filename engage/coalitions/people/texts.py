"""Builds the text with which a coordinator tells a person that they were approved, if this site sends no mail."""

from engage.coalitions.models import Membership
from engage.coalitions.ready_texts import ReadyText, ready_text
from engage.coalitions.rules import first_name
from engage.i18n import gettext as _


def approved_text(person: Membership, link: str, sender: Membership) -> ReadyText:
    name = sender.coalition.name
    parts = [
        _("Hello %(name)s,", name=first_name(person.name)),
        _("Welcome to %(coalition)s. You can sign in now:", coalition=name),
        link,
        _("Thank you!") + "\n" + sender.name,
    ]
    return ready_text("\n\n".join(parts), _("Welcome to %(coalition)s", coalition=name), person)
