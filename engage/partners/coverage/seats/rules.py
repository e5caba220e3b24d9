"""How a seat can end."""

from enum import StrEnum

# -- open seats


class SeatOutcome(StrEnum):
    """What came of an open seat."""

    TAKEN = "taken"
    GIVEN_UP = "given_up"
