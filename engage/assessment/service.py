"""Locks an open round and a person's response, for all packages that write answers."""

import sqlalchemy as sa

from engage.assessment import queries
from engage.assessment.models import Response, Round
from engage.assessment.rules import RespondentState
from engage.coalitions.models import Membership
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _


class RoundIsClosed(WrongState):
    """The round no longer takes answers."""


class NotAsked(WrongState):
    """The round does not ask this person, or no longer asks them."""


def hold_open(round_: Round, *, alone: bool = False) -> None:
    """Locks the round as open until the commit, so that no answer is saved after closing. Raises RoundIsClosed.

    With `alone`, it also waits for requests that are saving answers at the moment.
    """
    still = sa.select(Round.id).where(Round.id == round_.id, queries.takes_answers())
    if db.session.scalar(still.with_for_update(read=not alone)) is None:
        raise RoundIsClosed(_("This round is closed. It no longer accepts answers."))


def own_open(membership: Membership, round_: Round) -> Response:
    """Returns this person's response; its round cannot be closed until the commit."""
    response = queries.own_open_response(membership, round_)
    if response is None:
        hold_open(round_)
        must_be_asked(membership, round_)
        raise WrongState(_("First read who will see what, then press Start answering."))
    return response


def must_be_asked(membership: Membership, round_: Round) -> None:
    """Raises NotAsked for someone who was not invited, and WrongState for someone whose answers were counted."""
    match queries.respondent_state_of(membership, round_, None):
        case RespondentState.NOT_ASKED:
            raise NotAsked(_("This round asks only the people who were invited, and you are not among them."))
        case RespondentState.COUNTED:
            raise WrongState(
                _("You took part before this round was reopened. Your answers count; no one answers twice.")
            )
