"""Forms with which a meeting keeps an inactive action as it is."""

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.forms import EngageForm, FreeLine


class OnTrackForm(EngageForm):
    text = FreeLine(_l("Anything to note"), longest=300, about_people=True)

    @property
    def update(self) -> str:
        """Returns the dated line to write."""
        said = _("Still on track.")
        return f"{said} {self.text.data}" if self.text.data else said
