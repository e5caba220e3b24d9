"""Forms of Getting Started."""

from engage.i18n import lazy_gettext as _l
from engage.onboarding.evidence.rules import BOUNDS, Thresholds
from engage.web.forms import EngageForm, FreeText, Number

_DEFAULTS = Thresholds()


class OverrideForm(EngageForm):
    """The form in which a coordinator declares a step complete."""

    reason = FreeText(
        _l("How do you know that this step is complete?"),
        longest=1000,
        required=_l("Say in a sentence how you know that it is complete."),
        description=_l(
            "A sentence that others in the coalition will understand a year from now. Everyone here sees it."
        ),
    )


class ThresholdsForm(EngageForm):
    """The form of the coalition's own thresholds."""

    people_read = Number(
        _l("People who have read the area pages"),
        least=BOUNDS["people_read"].low,
        most=BOUNDS["people_read"].high,
        description=_l("For step 1. Usually %(number)s.", number=_DEFAULTS.people_read),
    )
    sections_noted = Number(
        _l("Sections of the toolkit with a reader and a shared note"),
        least=BOUNDS["sections_noted"].low,
        most=BOUNDS["sections_noted"].high,
        description=_l("For step 2. Usually %(number)s.", number=_DEFAULTS.sections_noted),
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
        _l("Questions answered in each focus area, in percent"),
        least=BOUNDS["answered_percent"].low,
        most=BOUNDS["answered_percent"].high,
        description=_l("For step 3. Usually %(number)s.", number=_DEFAULTS.answered_percent),
    )
    strengths = Number(
        _l("Strengths on the list"),
        least=BOUNDS["strengths"].low,
        most=BOUNDS["strengths"].high,
        description=_l("For step 4. Usually %(number)s.", number=_DEFAULTS.strengths),
    )
    strength_kinds = Number(
        _l("Kinds of strengths"),
        least=BOUNDS["strength_kinds"].low,
        most=BOUNDS["strength_kinds"].high,
        description=_l("For step 4. Usually %(number)s.", number=_DEFAULTS.strength_kinds),
    )
    needs = Number(
        _l("Needs you chose to work on"),
        least=BOUNDS["needs"].low,
        most=BOUNDS["needs"].high,
        description=_l("For step 4. Usually %(number)s.", number=_DEFAULTS.needs),
    )
    contacts = Number(
        _l("Organizations with a main contact"),
        least=BOUNDS["contacts"].low,
        most=BOUNDS["contacts"].high,
        description=_l("For step 5. Usually %(number)s.", number=_DEFAULTS.contacts),
    )
    session_sectors = Number(
        _l("Sectors at the planning session"),
        least=BOUNDS["session_sectors"].low,
        most=BOUNDS["session_sectors"].high,
        description=_l("For step 6. Usually %(number)s.", number=_DEFAULTS.session_sectors),
    )
    needs_rated = Number(
        _l("Needs with importance and feasibility"),
        least=BOUNDS["needs_rated"].low,
        most=BOUNDS["needs_rated"].high,
        description=_l("For step 6. Usually %(number)s.", number=_DEFAULTS.needs_rated),
    )
    tips_percent = Number(
        _l("Tips for Success items that have a status, in percent"),
        least=BOUNDS["tips_percent"].low,
        most=BOUNDS["tips_percent"].high,
        description=_l("For step 6. Usually %(number)s.", number=_DEFAULTS.tips_percent),
    )
    review_weeks = Number(
        _l("Weeks from one review of the plan to the next"),
        least=BOUNDS["review_weeks"].low,
        most=BOUNDS["review_weeks"].high,
        description=_l("To keep it alive. Usually %(number)s.", number=_DEFAULTS.review_weeks),
    )
