"""Tells a person who looks for a deleted thing that it is in the trash."""

from typing import NoReturn

from flask import abort, g
from flask_babel import gettext as _

from engage.coalitions.permissions import Permission, may
from engage.coalitions.trash import pages, queries
from engage.errors import WrongState


def gone(name: str, key: int, what: str | None = None) -> NoReturn:
    """Raises WrongState if the row is in the trash, so that what was typed is kept; else, or for viewers, NotFound.

    `name` is its table, or the word by which the trash holds its number.
    """
    if may(g.membership.role, Permission.WORK):
        copy = queries.holding(g.membership, name, key)
        if copy is not None:
            words = pages.gone_words(g.membership, copy, what or _("This"))
            raise WrongState(words, pages.link_to(g.membership, copy))
    abort(404)
