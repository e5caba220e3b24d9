"""Bounds how long a commit on PostgreSQL may wait for a standby, so that no person waits longer than five seconds."""

import os
import socket
from contextlib import suppress
from threading import Event, Thread

import psycopg

# A commit that no standby has confirmed by then is not acknowledged.
CONFIRMED_WITHIN = 3.5
# The server is asked for so long to stop waiting; then the connection is cut.
STOPS_WITHIN = 0.5


class BoundedConnection(psycopg.Connection[tuple[object, ...]]):
    """A connection whose commit fails, as if the connection were lost, when it is not confirmed in time.

    The server may have saved it all the same, and sends no error when it is told to stop waiting for a standby.
    """

    def commit(self) -> None:
        done, late = Event(), Event()
        Thread(target=self._watch, args=(done, late), name="commit", daemon=True).start()
        try:
            super().commit()
        finally:
            done.set()
        if late.is_set():
            self.close()
            raise psycopg.OperationalError(
                f"no standby confirmed the commit within {CONFIRMED_WITHIN} seconds"
            )

    def _watch(self, done: Event, late: Event) -> None:
        if done.wait(CONFIRMED_WITHIN):
            return
        late.set()
        # Else the server would keep its locks for as long as it waits.
        with suppress(psycopg.Error):
            self.cancel_safe(timeout=STOPS_WITHIN)
        if not done.wait(STOPS_WITHIN):
            with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(self.fileno())) as wire:
                wire.shutdown(socket.SHUT_RDWR)
