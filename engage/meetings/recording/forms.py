"""The forms of recording a meeting."""

from flask_babel import lazy_gettext as _l

from engage.meetings.rules import Outcome
from engage.meetings.words import OUTCOME_WORDS
from engage.web.forms import EngageForm, FreeText, OneOf, RowSelect, VersionedForm


class NoteForm(VersionedForm):
    """The form of what was said on an agenda item, and its outcome."""

    notes = FreeText(_l("Notes"), description=_l("What was said, in a few lines."))
    outcome = OneOf(
        _l("What became of it"),
        [(outcome.value, OUTCOME_WORDS[outcome]) for outcome in Outcome],
        required=_l("Say what became of it."),
    )


class CarryForm(EngageForm):
    """The form of where to carry what was not reached."""

    to = RowSelect(_l("Carry over to"))
