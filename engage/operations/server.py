"""Serves over HTTP with waitress: one process with four threads, for one CPU and 512 MB of memory.

    serve(make, bind(host, port), at_start)

Waitress gives a thread only complete requests and buffers its responses, so that slow clients block no
thread. systemd, compose or the container restarts the process if it ends.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import logging
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from flask import Flask
    from waitress.channel import HTTPChannel
    from waitress.server import BaseWSGIServer

# The exit code of a server that cannot start until a person fixes something. systemd and the container then
# do not restart it. Python and Click use the same code for a missing file and an unknown option.
CANNOT_START = 2
# Clients that do not read their response for this long are disconnected, and so are idle connections.
TAKING_SECONDS = 20
# When the server stops, it waits this long for responses, for requests that are still arriving, and for
# connections that were active just before.
ANSWERING_SECONDS, LEAVING_SECONDS, LINGERING_SECONDS = 25, 5, 1
# Arriving requests may use this much memory together; beyond it, the largest is dropped.
MOST_ARRIVING_BYTES = 32 * 1024 * 1024
# The most open files: one per connection, and one more for a long response in a temporary file.
_FILES = 8192
_SETTINGS: dict[str, object] = {
    "threads": 4,
    "backlog": 2048,
    # select() cannot handle more than 1024 files.
    "asyncore_use_poll": True,
    # A proxy closes idle connections much earlier (docs/hosting/Caddyfile). Otherwise it could send a request
    # just as the server closes the connection, and the request would be lost.
    "channel_timeout": TAKING_SECONDS,
    # Up to this size, Engage itself answers that a form is too large (`limits.MOST_BODY_BYTES`). Beyond it,
    # waitress closes the connection without reading the rest, which a proxy that is still sending takes for a
    # failure. So proxies refuse forms earlier, at 12 MB.
    "max_request_body_size": 16 * 1024 * 1024,
    # A browser's headers have a tenth of this size, even with a cookie and two URLs of the greatest length.
    "max_request_header_size": 32 * 1024,
    "recv_bytes": 64 * 1024,
    # No form is written to a temporary file: it may be a contacts file, of which most may never be on a disk.
    # MOST_ARRIVING_BYTES limits what all of them take.
    "inbuf_overflow": 16 * 1024 * 1024,
    # `engage.web.headers` alone decides which proxy headers are trusted.
    "clear_untrusted_proxy_headers": False,
    # Responses do not name the server software.
    "ident": None,
}
# The page that says that Engage is there.
_HEALTH = "/healthz"
# glibc's numbers for the settings of heaps per process, and of the size of blocks outside of heaps.
_ARENA_MAX, _MMAP_THRESHOLD = -8, -3
_logger = logging.getLogger(__name__)


def setup_link() -> str | None:
    """Returns the one-time link for setting up a new installation; None if it has an account."""
    from engage.accounts import queries, service
    from engage.extensions import db
    from engage.web import links

    if queries.any_user():
        return None
    token = service.new_setup_link()
    db.session.commit()
    return links.external(f"/setup/{token}")


def bind(host: str, port: int) -> socket.socket:
    """Returns a socket with this address, which refuses connections until Engage can answer.

    A proxy then uses another process, or tries again. Raises click.ClickException if the address cannot be
    used.
    """
    listening = None
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # only on Linux; connections inherit the option
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TAKING_SECONDS * 1000)
        listening.bind(address)
    except OSError as error:
        if listening:
            listening.close()
        raise click.ClickException(
            f"{host}:{port} cannot be used ({error.strerror}). {_advice(error)}"
        ) from None
    return listening


def _advice(error: OSError) -> str:
    if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
        return "Choose an address of this machine: --host 127.0.0.1"
    # With make, the port is set by make's variable.
    other = "PORT=8001" if "MAKELEVEL" in os.environ else "--port 8001"
    stop = "Stop what runs there, or choose" if error.errno == errno.EADDRINUSE else "Choose"
    return f"{stop} another port: {other}"


def serve(
    make: Callable[[], Flask], listening: socket.socket, at_start: Callable[[Flask], None] | None = None
) -> NoReturn:
    """Serves the application that `make` builds, until a signal; runs `at_start` before the first response.

    Errors before the first response are printed. The exit code is then CANNOT_START, or that of a
    ClickException.
    """
    connections: dict[int, object] = {}
    try:
        # Waitress is imported here, because other commands do not need it.
        from waitress import create_server

        _share_memory_among_threads()
        # Threads switch ten times as often as by default. A page runs twenty queries; after each one it would
        # otherwise wait up to five milliseconds for a thread that computes.
        sys.setswitchinterval(0.0005)
        # Each connection may need two open files.
        most = min(3000, _open_files() // 2)
        app = _built(make)
        if at_start:
            at_start(app)
        server = create_server(app, map=connections, sockets=[listening], connection_limit=most, **_SETTINGS)
        _answer_health_apart(server)
    except click.ClickException:
        raise
    except Exception:
        _logger.exception("Engage cannot start")
        sys.exit(CANNOT_START)
    _run(server, connections)
    sys.exit(0)


def _answer_health_apart(server: BaseWSGIServer) -> None:
    """Gives `/healthz` a thread of its own, so that it is answered while all others wait for the database."""
    from waitress.task import ThreadedTaskDispatcher

    others, apart = server.add_task, ThreadedTaskDispatcher()
    apart.set_thread_count(1)

    def add(client: HTTPChannel) -> None:
        # A request that cannot be read has no path.
        is_health = getattr(client.requests[0], "path", "") == _HEALTH
        (apart.add_task if is_health else others)(client)

    server.add_task = add


def _built(make: Callable[[], Flask]) -> Flask:
    """Builds the application. The garbage collector then ignores the objects that exist by now."""
    gc.disable()
    app = make()
    gc.freeze()
    gc.enable()
    return app


def _run(server: BaseWSGIServer, connections: dict[int, object]) -> None:
    """Serves until a signal; then accepts no new connections, but completes current ones."""
    from waitress import wasyncore

    # Requests that wait for a thread need no warning in the log.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    stopping: list[int] = []

    def stop(number: int, _frame: object) -> None:
        stopping.append(number)
        server.pull_trigger()  # wakes the loop, which a signal alone would not do

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    notify("READY=1")
    noted = time.monotonic()

    def turn() -> None:
        nonlocal noted
        wasyncore.loop(timeout=1, use_poll=True, map=connections, count=1)
        if time.monotonic() - noted >= 1:
            noted = time.monotonic()
            notify("WATCHDOG=1")
            # Look for idle connections every second; after the clock was set back, waitress would wait long.
            server.next_channel_cleanup = 0
            _keep_small(server)

    while not stopping:
        turn()
    # Connections made by now are still served; later ones are refused, so that a proxy uses another process.
    while select.select([server.socket], [], [], 0)[0]:
        server.handle_accept()
    server.del_channel(connections)
    server.socket.close()
    began = time.monotonic()
    while any(_is_awaited(each, time.monotonic() - began) for each in server.active_channels.values()):
        turn()
    server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(connections)


def _is_awaited(client: HTTPChannel, waited: float) -> bool:
    """Returns whether a server that began to stop `waited` seconds ago still waits for this client."""
    silent = time.time() - client.last_activity
    if client.requests:
        return waited < ANSWERING_SECONDS
    if client.total_outbufs_len:
        return waited < ANSWERING_SECONDS and silent < LEAVING_SECONDS
    return waited < LEAVING_SECONDS and (client.request is not None or silent < LINGERING_SECONDS)


def _keep_small(server: BaseWSGIServer) -> None:
    """Drops the largest of the arriving requests while together they use too much memory."""
    arriving = {
        client: client.request.header_bytes_received + client.request.body_bytes_received
        for client in list(server.active_channels.values())
        if client.request is not None
    }
    for client in sorted(arriving, key=lambda each: -arriving[each]):
        if sum(arriving.values()) <= MOST_ARRIVING_BYTES:
            return
        client.handle_close()
        del arriving[client]


def notify(state: str) -> None:
    """Notifies systemd, if it started this process: READY=1 (can answer) or WATCHDOG=1 (still runs)."""
    if address := os.environ.get("NOTIFY_SOCKET"):
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
            way.sendto(state.encode(), address.replace("@", "\0", 1))


def _open_files() -> int:
    """Raises this process's limit of open files from the usual 1024, and returns the new limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < _FILES:
        soft = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft


def _share_memory_among_threads() -> None:
    """Makes glibc use one heap for all threads; with one heap each, a thread keeps memory that it freed.

    Large blocks are returned to the system when they are freed. By default, glibc keeps larger and larger
    ones in the heap.
    """
    with suppress(AttributeError):  # the C library is not glibc
        set_to = ctypes.CDLL(None).mallopt
        set_to(_ARENA_MAX, 1)
        set_to(_MMAP_THRESHOLD, 128 * 1024)
