"""What a strength can be, how a match stands, where the rating of a need comes from."""

from enum import StrEnum


class StrengthKind(StrEnum):
    """What kind of asset it is (asset-based community development)."""

    PEOPLE = "people"
    ORGANIZATION = "organization"
    PLACE = "place"
    MONEY = "money"
    KNOWLEDGE = "knowledge"
    RELATIONSHIP = "relationship"


class RatingSource(StrEnum):
    """Who said how important and how feasible a need is."""

    HAND = "hand"
    VOTE = "vote"


class MatchState(StrEnum):
    """Whether somebody has been asked for the strength. Any state may follow any other."""

    TO_ASK = "to_ask"
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
