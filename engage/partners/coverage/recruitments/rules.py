"""How a recruitment can end."""

from enum import StrEnum

# -- open recruitments


class RecruitmentOutcome(StrEnum):
    """The outcomes of an open recruitment."""

    TAKEN = "taken"
    GIVEN_UP = "given_up"
