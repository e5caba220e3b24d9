"""Forms of Getting Started."""

from flask_babel import lazy_gettext as _l

from engage.forms import EngageForm, FreeText, Number, VersionedForm
from engage.onboarding.rules import BOUNDS, Thresholds

_DEFAULTS = Thresholds()


class NoteForm(VersionedForm):
    """A first impression of a focus area; emptied and saved, it is removed."""

    text = FreeText(
        _l("Your first impression"),
        longest=2000,
        description=_l(
            "What does our community already do or talk about here? One or two sentences will do."
        ),
    )


class OverrideForm(EngageForm):
    """A coordinator's word that a step is complete."""

    reason = FreeText(
        _l("How do you know that this step is complete?"),
        longest=1000,
        required=_l("Say in a sentence how you know that it is complete."),
        description=_l(
            "A sentence that others in the coalition understand a year from now. Everyone here sees it."
        ),
    )


class ThresholdsForm(EngageForm):
    """The coalition's own numbers."""

    people_read = Number(
        _l("People who have read the area pages"),
        least=BOUNDS["people_read"].low,
        most=BOUNDS["people_read"].high,
        description=_l("For step 1. Usually %(number)s.", number=_DEFAULTS.people_read),
    )
    round_people = Number(
        _l("People who answered a round"),
        least=BOUNDS["round_people"].low,
        most=BOUNDS["round_people"].high,
        description=_l("For step 3. Usually %(number)s.", number=_DEFAULTS.round_people),
    )
    round_sectors = Number(
        _l("Sectors they come from"),
        least=BOUNDS["round_sectors"].low,
        most=BOUNDS["round_sectors"].high,
        description=_l("For step 3. Usually %(number)s.", number=_DEFAULTS.round_sectors),
    )
    answered_percent = Number(
        _l("Questions of a focus area that have an answer, in percent"),
        least=BOUNDS["answered_percent"].low,
        most=BOUNDS["answered_percent"].high,
        description=_l("For step 3. Usually %(number)s.", number=_DEFAULTS.answered_percent),
    )
