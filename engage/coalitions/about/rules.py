"""Rules of About us: which parts there are, which of them the public may see, and who is asked to accept."""

from enum import StrEnum

# The coalition's own row holds these parts; the row of About us holds the others.
OF_COALITION = ("mission", "vision", "definitions")
OF_ABOUT = ("structure_note", "joining", "expectations", "open_meetings", "statement")


class Part(StrEnum):
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
    """Returns whether this person has yet to accept the statement as it stands now."""
    return bool(statement) and accepted != number
