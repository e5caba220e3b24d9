"""The form for changes that the outgoing coordinator suggests."""

from engage.i18n import lazy_gettext as _l
from engage.web.forms import FreeText, VersionedForm


class HandoverNoteForm(VersionedForm):
    text = FreeText(
        _l("What to change"),
        longest=2000,
        description=_l(
            "What you would do differently, what was never finished, what the next one should know first."
        ),
    )
