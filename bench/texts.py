"""Makes the texts that are searched: always the same words, some of them in many texts, most in few."""

import random

EACH = 10_000
# Some eight hundred texts contain both words; the second one is still being typed.
ASKED = "harbor bea"
_OFTEN = (
    "the",
    "county",
    "hospital",
    "asks",
    "for",
    "beds",
    "rides",
    "after",
    "school",
    "with",
    "a",
    "nurse",
    "and",
)
_SELDOM = ("beacon", "bear", "court", "dental", "food", "grant", "harbor", "legal", "river", "shelter")


def texts(half: int) -> list[str]:
    """Returns so many texts: titles in the first half, what was written about them in the second."""
    chance = random.Random(half)
    return [
        " ".join(
            [
                *chance.choices(_OFTEN, k=6),
                chance.choice(_SELDOM),
                f"{chance.choice(_SELDOM)}{chance.randrange(500)}",
            ]
        ).capitalize()
        for _number in range(EACH)
    ]
