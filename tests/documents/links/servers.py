"""Servers on this machine that answer as a test says, and note what they were asked."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = "127.0.0.1"
CERTIFICATE = Path(__file__).with_name("localhost.pem")
# Gets the head that was sent; returns what is answered, piece by piece.
Answer = Callable[[str], "bytes | Iterator[bytes]"]


@dataclass
class Server:
    port: int
    asked: list[str] = field(default_factory=list)

    def url(self, path: str = "/", scheme: str = "http", host: str = HERE) -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@contextmanager
def serving(answer: Answer, *, with_tls: bool = False) -> Iterator[Server]:
    """Runs a server until the block ends; each connection is answered by a thread of its own."""
    listening = socket.create_server((HERE, 0))
    server = Server(listening.getsockname()[1])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if with_tls:
        context.load_cert_chain(CERTIFICATE)

    def answered(connection: socket.socket) -> None:
        try:
            with (
                connection,
                context.wrap_socket(connection, server_side=True) if with_tls else connection as it,
            ):
                head = b""
                while b"\r\n\r\n" not in head:
                    head += (more := it.recv(4096))
                    if not more:
                        return
                server.asked.append(head.decode())
                said = answer(head.decode())
                for piece in [said] if isinstance(said, bytes) else said:
                    it.sendall(piece)
        except OSError:
            pass  # whoever asked has gone

    def listen() -> None:
        while True:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            threading.Thread(target=answered, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def status(code: int, **fields: str) -> bytes:
    """Returns the head of an answer."""
    lines = [f"HTTP/1.1 {code} Said", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "Content-Length: 0", "", ""]).encode("latin-1")


def by_path(**answers: bytes | str) -> Answer:
    """Answers /name as said, and everything else with 404; a text is where it leads."""
    made = {
        f"/{name}": each if isinstance(each, bytes) else status(302, Location=each)
        for name, each in answers.items()
    }
    return lambda head: made.get(head.split(" ")[1], status(404))
