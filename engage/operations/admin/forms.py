"""Forms of the installation's administration."""

from engage.coalitions.labels import STAGE_LABELS, STAGE_WHY
from engage.coalitions.settings.forms import TimeZone
from engage.database import folded
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.forms import EngageForm, NameLine, OneOf


class NewCoalitionForm(EngageForm):
    """The form of a new, empty coalition; its coordinator fills in the rest."""

    name = NameLine(_l("Name of the coalition"), longest=120, required=_l("Enter the coalition's name."))
    slug = NameLine(
        _l("Web address"),
        longest=60,
        description=_l(
            "Lowercase letters, digits, and hyphens, such as riverbend-county. Leave empty to use the name."
        ),
    )
    time_zone = TimeZone(_l("Time zone"))
    stage = OneOf(
        _l("Is it new or existing?"),
        [*STAGE_LABELS.items(), ("", _l("Its coordinator will decide"))],
        descriptions=STAGE_WHY,
        description=_l("Getting Started and the Tips for Success show what fits."),
        default="",
    )


class NameAgainForm(EngageForm):
    """The form in which an admin types a coalition's name again, so that none is deleted by accident."""

    name = NameLine(_l("Type the coalition's name"), longest=120, required=_l("Type the coalition's name."))

    def names(self, coalition: str) -> bool:
        """Returns whether the typed name is right, ignoring case and accents; if not, sets an error."""
        if folded(self.name.data or "") == folded(coalition):
            return True
        self.refuse("name", _("That is not the coalition's name. Nothing was deleted."))
        return False


class FindForm(EngageForm):
    """The search form. It is sent by POST, so that no person's address is in a URL or a server's log."""

    text = NameLine(_l("Part of a name or address"), longest=120)
