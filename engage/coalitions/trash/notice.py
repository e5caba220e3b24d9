"""Shows a message after a change, with a button that undoes it, or a link to what comes next."""

from typing import NamedTuple

from flask import flash, session, url_for

from engage.i18n import gettext as _
from engage.snapshots import Snapshot, SnapshotFor

_WAITING, _LEADING = "undo_notices", "leading_notices"


class UndoNotice(NamedTuple):
    """A message with an undo button; `url` is the address that undoes the change."""

    text: str
    url: str


class LeadingNotice(NamedTuple):
    """A message with a link to what comes next; the link is `quiet` if few people will follow it."""

    text: str
    label: str
    url: str
    quiet: bool = False


_PAGES = {
    SnapshotFor.TRASH: "coalitions.restore",
    SnapshotFor.UNDO: "plan.undo",
    SnapshotFor.IMPORT: "coalitions.undo_import",
}


def address_of(copy: Snapshot) -> str:
    """Returns the address of the page that asks before undoing; the button posts to the same address."""
    return url_for(_PAGES[copy.kept_for], copy_id=copy.id)


def say(words: str, copy: Snapshot | None) -> None:
    """Shows the message on the next page, with an undo button if there is a copy.

    An import gets a link to the page that asks before undoing it.
    """
    if copy is None:
        flash(words)
    elif copy.kept_for is SnapshotFor.IMPORT:
        lead(words, _("Undo this import"), address_of(copy), quiet=True)
    else:
        offer(words, address_of(copy))


def offer(words: str, url: str) -> None:
    """Shows the message on the next page, with a button that posts to the address that undoes the change."""
    session[_WAITING] = [*session.get(_WAITING, []), UndoNotice(words, url)]


def undo_notices() -> list[UndoNotice]:
    """Returns the messages that wait for the next page, and removes them, as Flask does with flashed messages."""
    return [UndoNotice(*each) for each in session.pop(_WAITING, [])]


def lead(words: str, label: str, url: str, *, quiet: bool = False) -> None:
    """Shows the message on the next page, with a link to what comes next."""
    session[_LEADING] = [*session.get(_LEADING, []), LeadingNotice(words, label, url, quiet)]


def leading_notices() -> list[LeadingNotice]:
    """Returns the messages with a link that wait for the next page, and removes them."""
    return [LeadingNotice(*each) for each in session.pop(_LEADING, [])]


def fragment(words: str, copy: Snapshot | None) -> tuple[str, dict[str, object]]:
    """Returns the template and values of such a message for the status region of a page that htmx changes."""
    if copy is None:
        return "_status.html", {"text": words}
    return "_status.html", {"text": words, "undo": address_of(copy)}
