"""How a seat can end."""

from enum import StrEnum

# -- open seats


class SeatOutcome(StrEnum):
    """The outcomes of an open seat."""

    TAKEN = "taken"
    GIVEN_UP = "given_up"
