"""Tells a person who opens a deleted thing's page that the thing is in the trash."""

from typing import NoReturn

from flask import abort, g

from engage.coalitions.permissions import Permission, may
from engage.coalitions.trash import pages, queries
from engage.errors import WrongState
from engage.i18n import gettext as _


def gone(name: str, key: int, what: str | None = None) -> NoReturn:
    """Raises WrongState if the row is in the trash, so that what was typed is kept; else, or for viewers, NotFound.

    It also raises WrongState if an import that added the row was undone.

    `name` is the row's table, or the key under which copies store the thing's number.
    """
    if may(g.membership.role, Permission.WORK):
        copy = queries.holding(g.membership, name, key)
        if copy is not None:
            words = pages.gone_words(g.membership, copy, what or _("This"))
            raise WrongState(words, pages.link_to(g.membership, copy))
        if queries.undone_import_with(g.membership, name, key) is not None:
            raise WrongState(
                _(
                    "%(what)s came from an import that was undone. It is no longer here.",
                    what=what or _("This"),
                )
            )
    abort(404)
