"""What is said after a change, with a button beside it that takes the change back."""

from typing import NamedTuple

from flask import flash, session, url_for

from engage.kept import KeptCopy, KeptFor

_WAITING = "undo_notices"


class UndoNotice(NamedTuple):
    """`url` is where the step is taken back."""

    text: str
    url: str


def address_of(copy: KeptCopy) -> str:
    """Where a step is taken back: a page that asks, and the POST that does it."""
    if copy.kept_for is KeptFor.TRASH:
        return url_for("plan.restore", copy_id=copy.id)
    return url_for("plan.undo", copy_id=copy.id)


def say(words: str, copy: KeptCopy | None) -> None:
    """On the next page; without a copy the words alone."""
    if copy is None:
        flash(words)
    else:
        session[_WAITING] = [*session.get(_WAITING, []), UndoNotice(words, address_of(copy))]


def undo_notices() -> list[UndoNotice]:
    """Returns what waits to be said on the page that is drawn, once, as Flask does with what is flashed."""
    return [UndoNotice(*each) for each in session.pop(_WAITING, [])]


def piece(words: str, copy: KeptCopy | None) -> tuple[str, dict[str, object]]:
    """For the status region of the page that htmx changes."""
    if copy is None:
        return "_status.html", {"text": words}
    return "_status.html", {"text": words, "undo": address_of(copy)}
