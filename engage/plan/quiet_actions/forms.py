"""What a meeting says about a quiet action that goes on as it is."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.web.forms import EngageForm, FreeLine


class OnTrackForm(EngageForm):
    text = FreeLine(_l("Anything to note"), longest=300)

    @property
    def update(self) -> str:
        """The dated line that is written."""
        said = _("Still on track.")
        return f"{said} {self.text.data}" if self.text.data else said
