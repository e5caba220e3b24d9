"""Decides from recorded data which cards of the first evening are done."""

from enum import StrEnum

from msgspec import Struct

# With this many tips set, people have discussed the list together once.
TIPS_WANTED = 5


class FirstEveningCard(StrEnum):
    """The cards in their order. Each takes a minute."""

    ABOUT = "about"
    INVITE = "invite"
    TIPS = "tips"
    MEETING = "meeting"
    ASSESS = "assess"


class Facts(Struct, frozen=True):
    """The counts that decide whether a card is done."""

    says_who: bool = False
    # Invitations to one address each: those sent, those whose e-mail waits in the queue, and those not sent.
    sent: int = 0
    sending: int = 0
    to_send: int = 0
    # People who take part, besides the one who set up the coalition.
    joined: int = 0
    tips: int = 0
    meetings: int = 0
    rounds: int = 0

    def is_done(self, card: FirstEveningCard) -> bool:
        match card:
            case FirstEveningCard.ABOUT:
                return self.says_who
            case FirstEveningCard.INVITE:
                return bool(self.joined) or (bool(self.sent or self.sending) and not self.to_send)
            case FirstEveningCard.TIPS:
                return self.tips >= TIPS_WANTED
            case FirstEveningCard.MEETING:
                return bool(self.meetings)
            case FirstEveningCard.ASSESS:
                return bool(self.rounds)

    @property
    def done(self) -> int:
        return sum(self.is_done(card) for card in FirstEveningCard)

    @property
    def next(self) -> FirstEveningCard | None:
        """Returns the first card that is not done; None if all are done."""
        return next((card for card in FirstEveningCard if not self.is_done(card)), None)
