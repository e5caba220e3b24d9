"""Returns the names of the parts of About us, the usual positions, and a statement to start from."""

from functools import cache

from engage.coalitions.about.rules import AboutPart
from engage.extensions import in_language
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.languages import offered

PART_LABELS = {
    AboutPart.MISSION: _l("Mission"),
    AboutPart.VISION: _l("Vision"),
    AboutPart.DEFINITIONS: _l("The words we use"),
    AboutPart.STRUCTURE: _l("How we are set up"),
    AboutPart.POSITIONS: _l("Who does what"),
    AboutPart.JOINING: _l("How to join"),
    AboutPart.EXPECTATIONS: _l("What we expect"),
    AboutPart.OPEN_MEETINGS: _l("Open meetings"),
    AboutPart.STATEMENT: _l("Confidentiality statement"),
}


def usual_positions() -> list[str]:
    """Returns the names that coalitions usually give to the positions of their core team."""
    return [_("Chair"), _("Backup chair"), _("Recorder"), _("Treasurer")]


def offered_statement() -> str:
    """Returns a confidentiality statement that a coalition without one can change and adopt."""
    return "\n\n".join(
        [
            _(
                "We protect the privacy of people who have experienced trafficking and of their families. We do not "
                "share names, pictures, places, or other details of anyone, and we bring no case details to meetings, "
                "notes, group e-mail, or this site."
            ),
            _(
                "What members say in confidence stays among us. We do not pass it on to reporters, on social media, "
                "or for our own benefit. People decide for themselves whether and how their story is told."
            ),
            _(
                "This promise never stops anyone from calling 911, from making a report that the law requires, or "
                "from raising a concern about how the coalition works."
            ),
            _(
                "If something is shared by mistake, we tell a coordinator right away. The promise holds after we leave."
            ),
        ]
    )


def statement_as_read(text: str) -> str:
    """Returns the statement in the reader's language if it is word for word the offered one, else as it was written."""
    same = " ".join(text.split()) in {" ".join(_offered_in(each).split()) for each in offered()}
    return offered_statement() if same else text


@cache
def _offered_in(language: str) -> str:
    with in_language(language):
        return offered_statement()
