"""Decides by the records which cards of the first evening are done."""

from enum import StrEnum

from msgspec import Struct

# With this many, people have talked about the list together once.
TIPS_WANTED = 5


class Card(StrEnum):
    """The cards in their order, each of them a minute's work."""

    ABOUT = "about"
    INVITE = "invite"
    TIPS = "tips"
    MEETING = "meeting"
    ASSESS = "assess"


class Facts(Struct, frozen=True):
    """The counts behind the cards."""

    says_who: bool = False
    invited: int = 0
    # These people take part besides the person who set it up.
    joined: int = 0
    tips: int = 0
    meetings: int = 0
    rounds: int = 0

    def is_done(self, card: Card) -> bool:
        match card:
            case Card.ABOUT:
                return self.says_who
            case Card.INVITE:
                return bool(self.invited or self.joined)
            case Card.TIPS:
                return self.tips >= TIPS_WANTED
            case Card.MEETING:
                return bool(self.meetings)
            case Card.ASSESS:
                return bool(self.rounds)

    @property
    def done(self) -> int:
        return sum(self.is_done(card) for card in Card)

    @property
    def next(self) -> Card | None:
        """Returns the first card that is not done; None when the evening is complete."""
        return next((card for card in Card if not self.is_done(card)), None)
