"""Names the parts of About us, the usual positions, and offers a statement to begin with."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.coalitions.about.rules import Part

PART_WORDS = {
    Part.MISSION: _l("Mission"),
    Part.VISION: _l("Vision"),
    Part.DEFINITIONS: _l("The words we use"),
    Part.STRUCTURE: _l("How we are set up"),
    Part.POSITIONS: _l("Who does what"),
    Part.JOINING: _l("How to join"),
    Part.EXPECTATIONS: _l("What we expect"),
    Part.OPEN_MEETINGS: _l("Open meetings"),
    Part.STATEMENT: _l("Confidentiality statement"),
}


def usual_positions() -> list[str]:
    """Returns what coalitions usually call the positions of their core team."""
    return [_("Chair"), _("Backup chair"), _("Recorder"), _("Treasurer")]


def offered_statement() -> str:
    """Returns a statement to change and adopt, where the coalition has none."""
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
