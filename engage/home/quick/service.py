"""Saves an answer given on Home: the new status, the copy for undoing it, and the update."""

from datetime import date

from engage.coalitions.models import Membership
from engage.errors import FieldRefused
from engage.i18n import gettext as _
from engage.plan.actions import service as actions_service
from engage.plan.models import Action
from engage.plan.rules import QuickAnswer, status_said
from engage.plan.undo.rules import What
from engage.plan.undo.service import steps
from engage.snapshots import Snapshot


def say(
    membership: Membership, action: Action, version: int, answer: QuickAnswer, text: str, due_on: date | None
) -> tuple[Action | None, Snapshot | None]:
    """Saves the answer. Returns the next action, if this one repeats, and the copy for undoing the change.

    `text` says what help is needed if the action is stuck, else it is an update. `due_on` changes the due
    date; None leaves it. Raises WrongState, StaleVersion, and FieldRefused on `text` or `due_on`.
    """
    stuck = answer is QuickAnswer.STUCK
    if stuck and not text:
        raise FieldRefused("text", _("Say what help is needed, so that someone can offer it."))
    if answer is QuickAnswer.NEW_DATE and due_on in {None, action.due_on}:
        raise FieldRefused("due_on", _("Choose the new date."))
    to = status_said(answer, action.status)
    says_more = text or (answer is QuickAnswer.ON_TRACK and to is action.status)
    before = steps.before([action])
    values = {} if due_on is None else {"due_on": due_on}
    made = actions_service.change(membership, action, version, to, text if stuck else "", values)
    step = steps.record(membership, What.MOVED, before)
    if says_more and not stuck:
        actions_service.add_update(membership, action, text or _("On track."))
    return made, step
