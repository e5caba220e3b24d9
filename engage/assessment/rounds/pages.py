"""Builds what the list shows of open rounds, and the text on what closing a round deletes."""

from collections.abc import Sequence

from msgspec import Struct

from engage.assessment import queries
from engage.assessment.channels import pages as channels_pages
from engage.assessment.models import Round
from engage.assessment.queries import OpenRound
from engage.assessment.questions import QuestionSet
from engage.assessment.respondents import queries as respondents_queries
from engage.assessment.respondents.queries import TurnOut
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.i18n import ngettext
from engage.web.labels import listed

# With more different numbers than this, they are not listed one by one.
NUMBERS_MOST = 6


class OpenPanel(Struct, frozen=True):
    """An open round in the list: how far the reader is, its turnout for coordinators, and the path of its open link.

    A round for anyone has no `mine` and no `turn_out`: no one answers it with an account.
    """

    round: Round
    is_over: bool
    mine: OpenRound | None
    turn_out: TurnOut | None
    path: str | None


def open_panels(membership: Membership) -> list[OpenPanel]:
    """Returns the open rounds, that for members first."""
    return [_panel(membership, each) for each in queries.open_rounds(membership)]


def _panel(membership: Membership, round_: Round) -> OpenPanel:
    asks = not round_.is_for_anyone
    counts = asks and may(membership.role, Permission.RUN_ROUNDS)
    return OpenPanel(
        round=round_,
        is_over=queries.is_over(round_, membership),
        mine=queries.open_round_for(membership) if asks else None,
        turn_out=respondents_queries.turn_out(round_) if counts else None,
        path=None if asks else channels_pages.path_of(round_),
    )


def losing_words(round_: Round, losing: Sequence[int]) -> str:
    """Returns how many people's answers will be deleted, and how many each gave, most first; "" if there are none."""
    if not losing:
        return ""
    total = QuestionSet.from_json(round_.questions).count
    numbers = list(dict.fromkeys(losing))
    if len(numbers) > NUMBERS_MOST:
        return ngettext(
            "%(num)s person has answered between %(least)s and %(most)s of the %(total)s questions and not submitted.",
            "%(num)s people have answered between %(least)s and %(most)s of the %(total)s questions and not submitted.",
            len(losing),
            least=losing[-1],
            most=losing[0],
            total=total,
        )
    return ngettext(
        "%(num)s person has answered %(numbers)s of the %(total)s questions and not submitted.",
        "%(num)s people have answered %(numbers)s of the %(total)s questions and not submitted.",
        len(losing),
        numbers=listed(map(str, numbers)),
        total=total,
    )
