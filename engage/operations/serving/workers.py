"""Configures Gunicorn's threads so that only real requests use them."""

import errno
import selectors
import socket
import time
from functools import partial

from gunicorn.workers.gthread import TConn, ThreadWorker

# A browser connects before it knows what it will ask; one that is silent this long has gone.
SILENT_SECONDS = 10
_NOBODY_THERE = {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}


class Worker(ThreadWorker):
    """A worker in which a new connection waits for its first byte beside the threads, not in one.

    Gunicorn 27 lets each of them hold a thread for up to five seconds: forty phones in a room that connect
    ahead would keep everyone waiting for a minute. Behind a proxy it makes no difference.
    """

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in _NOBODY_THERE:
                raise
            return
        self.nr_conns += 1
        connection = TConn(self.cfg, client, address, listener.getsockname())
        connection.timeout = time.monotonic() + SILENT_SECONDS
        self.pending_conns.append(connection)
        readable = partial(self.on_pending_socket_readable, connection)
        self.poller.register(client, selectors.EVENT_READ, readable)

    def murder_pending(self) -> None:
        if not self.alive:  # a stopping server waits for nobody who has said nothing
            for connection in self.pending_conns:
                connection.timeout = 0.0
        super().murder_pending()
