"""Shows a message after a change, with a button that undoes it."""

from typing import NamedTuple

from flask import flash, session, url_for

from engage.kept import KeptCopy, KeptFor

_WAITING = "undo_notices"


class UndoNotice(NamedTuple):
    """A message with an undo button; `url` is where the step is undone."""

    text: str
    url: str


_PAGES = {KeptFor.TRASH: "coalitions.restore", KeptFor.UNDO: "plan.undo"}


def address_of(copy: KeptCopy) -> str:
    """Returns the address of the page that asks before undoing; the button posts to the same address."""
    return url_for(_PAGES[copy.kept_for], copy_id=copy.id)


def say(words: str, copy: KeptCopy | None) -> None:
    """Shows the words on the next page; without a copy they have no button."""
    if copy is None:
        flash(words)
    else:
        offer(words, address_of(copy))


def offer(words: str, url: str) -> None:
    """Shows the words on the next page, with a button that posts to where the step is undone."""
    session[_WAITING] = [*session.get(_WAITING, []), UndoNotice(words, url)]


def undo_notices() -> list[UndoNotice]:
    """Returns the messages that wait for the page, once, as Flask does with flashed messages."""
    return [UndoNotice(*each) for each in session.pop(_WAITING, [])]


def piece(words: str, copy: KeptCopy | None) -> tuple[str, dict[str, object]]:
    """Returns the same messages for the status region of a page that htmx changes."""
    if copy is None:
        return "_status.html", {"text": words}
    return "_status.html", {"text": words, "undo": address_of(copy)}
