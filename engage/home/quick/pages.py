"""Builds the forms beside the reader's own actions on Home, in which they say how an action is going."""

from collections.abc import Iterable

from flask import url_for
from msgspec import Struct

from engage.home.forms import QuickForm
from engage.plan.actions.queries.waiting import WaitingAction


class Quick(Struct, frozen=True):
    """The form of one action: open after a refusal, stale if someone else saved the action meanwhile."""

    form: QuickForm
    number: int
    title: str
    url: str
    is_open: bool = False
    is_stale: bool = False


def forms_of(shown: Iterable[WaitingAction]) -> dict[int, Quick]:
    """Returns the forms of the reader's own actions, by the action's number."""
    return {
        each.number: Quick(
            QuickForm(each.number, formdata=None, data={"version": each.version, "due_on": each.due_on}),
            each.number,
            each.title,
            _url(each),
        )
        for each in shown
    }


def refused(form: QuickForm, action: WaitingAction, *, is_stale: bool) -> Quick:
    """Returns the form with the typed text and the errors."""
    form.version.data = str(action.version)
    return Quick(form, action.number, action.title, _url(action), is_open=True, is_stale=is_stale)


def _url(action: WaitingAction) -> str:
    return url_for("home.answer", number=action.number)
