"""Opens the links of an event without an account: its page, one sign-up, its feedback."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from flask import abort

from engage.coalitions.models import Coalition
from engage.extensions import answer_as_to_anybody, stand_at
from engage.i18n import gettext as _
from engage.web.answers import problem
from engage.web.slips import plain


class _Found(Protocol):
    @property
    def coalition(self) -> Coalition: ...


Found = TypeVar("Found", bound=_Found)


def opened(find: Callable[[str], Found | None], token: str, what_to_do: str) -> Found:
    """Returns what the link opens, and sets its coalition's language; a dead link's page says what to do."""
    answer_as_to_anybody()
    found = find(plain(token))
    if found is None:
        abort(problem(404, _("This link does not open anything"), what_to_do))
    stand_at(found.coalition)
    return found
