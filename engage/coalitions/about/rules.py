"""Rules of About us: its parts, which of them may be public, and who is asked to accept the statement."""

from enum import StrEnum

# Columns of the coalition's own row; then those of the About row.
OF_COALITION = ("mission", "vision", "definitions")
OF_ABOUT = ("structure_note", "joining", "expectations", "open_meetings", "statement")


class AboutPart(StrEnum):
    """The parts that a coordinator may make public, in the order of the page."""

    MISSION = "mission"
    VISION = "vision"
    DEFINITIONS = "definitions"
    STRUCTURE = "structure"
    POSITIONS = "positions"
    JOINING = "joining"
    EXPECTATIONS = "expectations"
    OPEN_MEETINGS = "open_meetings"
    STATEMENT = "statement"


def is_asked(statement: str, number: int, accepted: int | None) -> bool:
    """Returns whether this person still has to accept the current statement."""
    return bool(statement) and accepted != number
