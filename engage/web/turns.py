"""Lets only one person's file be read at a time, so that uploads do not take all of the server's threads."""

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import Any, TypeVar

from flask_babel import gettext as _

from engage.errors import WrongState
from engage.extensions import read_from_here

View = TypeVar("View", bound=Callable[..., Any])

# A waiting request holds a thread, so it waits no longer than one waits for another's write.
SECONDS = 5
_reader = BoundedSemaphore(1)
# One file is read and one waits; a third is refused at once.
_places = BoundedSemaphore(2)


def in_turn(view: View) -> View:
    """Makes a view that reads a file wait its turn; it can only read until it calls `write_from_here`.

    Raises WrongState if others wait already.
    """

    @wraps(view)
    def waiting(*arguments: Any, **named: object) -> Any:
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
