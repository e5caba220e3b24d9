"""The forms of recording a meeting."""

from flask_babel import lazy_gettext as _l

from engage.meetings.rules import Outcome
from engage.meetings.words import OUTCOME_WORDS
from engage.web.forms import EngageForm, FreeText, OneOf, RowSelect, VersionedForm


class NoteForm(VersionedForm):
    """What was said on a line of the agenda, and what became of it."""

    notes = FreeText(_l("Notes"), description=_l("What was said, in a few lines."))
    outcome = OneOf(
        _l("What became of it"),
        [(outcome.value, OUTCOME_WORDS[outcome]) for outcome in Outcome],
        required=_l("Say what became of it."),
    )


class CarryForm(EngageForm):
    """Where what was not reached goes."""

    to = RowSelect(_l("Carry over to"))
