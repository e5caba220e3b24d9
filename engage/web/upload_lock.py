"""Reads uploaded files one at a time, so that uploads do not occupy all of the server's threads."""

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import TypeVar

from engage.errors import WrongState
from engage.extensions import read_from_here
from engage.i18n import gettext as _

View = TypeVar("View", bound=Callable[..., object])

# A waiting request occupies a thread, so it waits no longer than for another writer
# (`database.WAITS_SECONDS`).
SECONDS = 5
_reader = BoundedSemaphore(1)
# One file is read and one request waits; a third is refused at once.
_places = BoundedSemaphore(2)


def in_turn(view: View) -> View:
    """Makes a view that reads an uploaded file wait its turn; it only reads until it calls `write_from_here`.

    Raises WrongState if others wait already.
    """

    @wraps(view)
    def waiting(*arguments: object, **named: object) -> object:
        read_from_here()  # so that a waiting request holds no lock
        if not _places.acquire(blocking=False):
            raise _busy()
        try:
            if not _reader.acquire(timeout=SECONDS):
                raise _busy()
            try:
                return view(*arguments, **named)
            finally:
                _reader.release()
        finally:
            _places.release()

    return waiting  # type: ignore[return-value]


def _busy() -> WrongState:
    return WrongState(_("Other files are being read right now. Nothing was changed. Try again in a minute."))
