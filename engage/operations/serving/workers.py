"""Changes Gunicorn's worker so that a request takes a thread only when all of it has arrived."""

import errno
import faulthandler
import logging
import os
import selectors
import socket
import struct
import threading
import time
from functools import partial
from typing import Any

from gunicorn import http, util
from gunicorn.workers import base
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from engage.operations.serving.arrivals import Arrival, Arriving

# A browser connects before it knows what to ask for. One that has sent nothing for this long is gone.
SILENT_SECONDS = 10
# A 2 MB file takes this long at 17 KB a second.
ARRIVING_SECONDS = 120
# Requests that are still arriving take at most this much memory together; beyond it, the largest one is dropped.
MOST_ARRIVING_BYTES = 32 * 1024 * 1024
# Of a body that is too long, this much is read and thrown away.
REST_SECONDS, MOST_REST_BYTES = 20.0, 50 * 1024 * 1024
_PIECE = 256 * 1024
# A client that takes nothing of its answer for this long has lost its network, or holds a thread on purpose.
TAKING_SECONDS = 20
# A worker whose loop hangs this long answers no one, so it ends and another one takes over.
STUCK_SECONDS, _SAID_EVERY_SECONDS = 30, 1
# A worker that was told to stop waits thirty seconds for its requests (Gunicorn's own limit), and then this long.
LAST_SECONDS = 3
# New requests wait until it has ended, so those that are still arriving get this much time to be here.
LEAVING_SECONDS = 5
# At most this many connections close slowly at a time.
_closing = threading.BoundedSemaphore(50)
_NOBODY_THERE = {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}
_NO_FILES_LEFT, _FILES_OF_A_REQUEST = {errno.EMFILE, errno.ENFILE}, 10
_TAKING = struct.pack("ll", TAKING_SECONDS, 0)


class Log(logging.LoggerAdapter[logging.Logger]):
    """Writes Gunicorn's warnings and errors to our log, and no line per request: Gunicorn's would quote addresses."""

    def __init__(self) -> None:
        super().__init__(logging.getLogger("gunicorn.error"))
        self.setLevel(logging.WARNING)

    def access(self, *_request: object) -> None:
        pass

    def close_on_exec(self) -> None:
        pass

    def reopen_files(self) -> None:
        pass


class _NoFile(base.WorkerTmp):
    """Replaces the temporary file by which Gunicorn's master watches a worker.

    Ours is watched by a shell, and has to start where the disk is full or /tmp cannot be written.
    """

    def __init__(self, _settings: object) -> None:
        self._tmp = open(os.devnull, "r+b", 0)  # noqa: SIM115 - as long as the worker


base.WorkerTmp = _NoFile


class _Connection(TConn):
    """A connection with the part of a request that has arrived so far."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self.arrived = Arriving()
        self.is_too_long = False
        self.began = 0.0
        # Of a body that is too long, this many bytes have yet to arrive and be thrown away.
        self.left = 0

    def close(self, graceful: bool = False) -> None:
        """Closes it, in a thread if the client needs time to read the answer: the loop must not wait for one client."""
        if graceful and _closing.acquire(blocking=False):
            threading.Thread(target=self._close_in_time, daemon=True).start()
        else:
            super().close()

    def _close_in_time(self) -> None:
        """Lets a browser finish sending a body that is too long; otherwise it would not read why it was refused."""
        try:
            self.sock.setblocking(True)
            if self.is_too_long:
                util.close_graceful(self.sock, REST_SECONDS, MOST_REST_BYTES)
            else:
                util.close_graceful(self.sock)
        finally:
            _closing.release()


class Worker(ThreadWorker):
    """A worker in which an arriving request waits outside the threads until all of it is here.

    Gunicorn 27 reads it in a thread, so forty phones that connect early, or four clients that send half a form, would
    keep everyone waiting. Behind a proxy that buffers requests this makes no difference.
    """

    _said_at = 0.0
    _stopped_at: float | None = None

    def notify(self) -> None:
        """Notes that the loop still runs. If it hangs, the process prints where it hangs and ends."""
        now = time.monotonic()
        if now - self._said_at >= _SAID_EVERY_SECONDS:
            self._said_at = now
            faulthandler.dump_traceback_later(STUCK_SECONDS, exit=True)

    def run(self) -> None:
        """Serves until stopped. A request that still holds its thread then does not keep the process running."""
        super().run()
        faulthandler.dump_traceback_later(LAST_SECONDS, exit=True)

    def is_parent_alive(self) -> bool:
        """Returns whether the process that watches this one still runs; a demo is watched by none."""
        return self.ppid is None or bool(super().is_parent_alive())

    def accept(self, listener: socket.socket) -> None:
        """Takes a connection. If there are as many as can be, the one that has waited longest makes room for it."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _NO_FILES_LEFT:
                self._make_room(_FILES_OF_A_REQUEST)
            elif error.errno not in _NOBODY_THERE:
                raise
            return
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _TAKING)
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        self._wait_for(_Connection(self.cfg, client, address, listener.getsockname()))

    def enqueue_req(self, connection: _Connection) -> None:
        """Takes the next request of an open connection; bytes that came along with the last request begin it."""
        connection.arrived = Arriving(connection.parser.unreader.take_buffered())
        if connection.arrived.stage() is Arrival.PARTLY:
            self._wait_for(connection)
        else:
            self._hand_over(connection)

    def handle_request(self, request: Any, connection: _Connection) -> bool:
        connection.began = time.monotonic()
        if connection.is_too_long:
            # A thread would wait for the rest of the body. A proxy is told, or it would send the next form into a
            # connection that is closing.
            request.force_close()
        try:
            return bool(super().handle_request(request, connection))
        except BlockingIOError:  # the client took nothing for TAKING_SECONDS
            return False

    def on_pending_socket_readable(self, connection: _Connection, client: socket.socket) -> None:
        if client.fileno() < 0:  # dropped since it became readable
            return
        try:
            piece = client.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if self._awaits_more(connection, piece):
            return
        self._forget(connection)
        self._hand_over(connection)

    def _awaits_more(self, connection: _Connection, piece: bytes) -> bool:
        """Keeps the piece and returns whether more of the request is to come.

        A body that is too long is thrown away as it arrives, and refused at its end, because a proxy that is still
        sending would not pass the answer on.
        """
        if connection.left:
            connection.left = max(0, connection.left - len(piece))
            return bool(piece and connection.left)
        if not connection.arrived:
            connection.timeout = time.monotonic() + ARRIVING_SECONDS
        connection.arrived += piece
        at = connection.arrived.stage()
        if piece and at is Arrival.PARTLY:
            self._keep_small()
            return True
        if piece and at is Arrival.TOO_LONG:
            head, left = connection.arrived.without_body()
            if 0 < left <= MOST_REST_BYTES:
                connection.arrived, connection.left = Arriving(head), left
                connection.timeout = time.monotonic() + REST_SECONDS
                return True
        return False

    def murder_pending(self) -> None:
        now = time.monotonic()
        if not self.alive and self._stopped_at is None:
            self._stopped_at = now
        for connection in list(self.pending_conns):
            if connection.left and connection.timeout <= now:  # refused anyway
                self._forget(connection)
                self._hand_over(connection)
            elif connection.timeout <= now or self._leaves(connection, now):
                self._drop(connection)

    def _leaves(self, connection: _Connection, now: float) -> bool:
        """Returns whether a stopping worker waits no longer: who has only just connected may be sending its request."""
        if self._stopped_at is None:
            return False
        connected_at = float(connection.timeout) - SILENT_SECONDS
        is_silent = not connection.arrived and now >= connected_at + STOP_KEEPALIVE_LINGER
        return is_silent or now >= self._stopped_at + LEAVING_SECONDS

    def _wait_for(self, connection: _Connection) -> None:
        connection.sock.setblocking(False)
        connection.timeout = time.monotonic() + (ARRIVING_SECONDS if connection.arrived else SILENT_SECONDS)
        self.pending_conns.append(connection)
        readable = partial(self.on_pending_socket_readable, connection)
        self.poller.register(connection.sock, selectors.EVENT_READ, readable)

    def _hand_over(self, connection: _Connection) -> None:
        """Gives the request to a thread. A client that is gone, or that sends what no browser sends, gets no answer."""
        at = connection.arrived.stage()
        if not connection.arrived or at is Arrival.NONSENSE:
            self.nr_conns -= 1
            connection.close()
            return
        connection.is_too_long = at is Arrival.TOO_LONG
        connection.data_ready = True
        if connection.parser is None:
            connection.parser = http.get_parser(self.cfg, connection.sock, connection.client)
        connection.parser.unreader.unread(bytes(connection.arrived))
        connection.arrived = Arriving()
        super().enqueue_req(connection)

    def _keepalive_after(self, connection: _Connection, keepalive: bool) -> bool:
        """Closes the connection after an answer that the client took too slowly.

        Otherwise a thread would wait as long again for the next answer.
        """
        is_late = time.monotonic() - connection.began >= TAKING_SECONDS
        return bool(super()._keepalive_after(connection, keepalive and not is_late))

    def _keep_small(self) -> None:
        if sum(len(each.arrived) for each in self.pending_conns) > MOST_ARRIVING_BYTES:
            self._drop(max(self.pending_conns, key=lambda each: len(each.arrived)))

    def _make_room(self, many: int = 1) -> None:
        """Drops the connections that have waited longest for the rest of their requests."""
        for connection in list(self.pending_conns)[:many]:
            self._drop(connection)

    def _drop(self, connection: _Connection) -> None:
        self._forget(connection)
        self.nr_conns -= 1
        connection.close()

    def _forget(self, connection: _Connection) -> None:
        self.poller.unregister(connection.sock)
        self.pending_conns.remove(connection)
