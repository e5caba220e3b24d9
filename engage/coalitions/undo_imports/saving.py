"""Saves what an import writes, so that one press undoes it."""

from collections.abc import Callable
from typing import Any

from flask import g, redirect, request
from werkzeug.wrappers import Response

from engage.coalitions.trash import notice
from engage.coalitions.undo_imports.recording import recorded
from engage.extensions import db, write_from_here
from engage.imports import hidden_file


def undoable(key: str, write: Callable[[Any, Any], tuple[str, str]]) -> Callable[[Any, Any], Response]:
    """Returns the last step of an import: it records and commits what `write` does, and says so with *Undo*.

    `write` returns these words, and the address of the next page.
    """

    def save(comparison: object, form: object) -> Response:
        write_from_here()
        with recorded(g.membership, key, hidden_file.kind(request.form)) as done:
            words, url = write(comparison, form)
        db.session.commit()
        notice.say(words, done.copy)
        return redirect(url, 303)

    return save
