"""Notes that a coalition is past its first evening."""

from engage.coalitions import menu
from engage.coalitions.models import Membership
from engage.coalitions.rules import ComesUp


def note_past(membership: Membership) -> None:
    """Notes that the coalition is past its first evening, after which its menu grows."""
    menu.note(membership.coalition, [ComesUp.EVENING_IS_PAST])
