"""Sends mails that a request recorded, in a thread after its answer, or when `engage remind` runs."""

from collections.abc import Callable, Iterable
from email.message import EmailMessage
from functools import partial
from threading import Thread

from flask import Flask, Response, g

from engage.config import MailServer
from engage.messages.digest import pages as digest_pages
from engage.messages.mail.post import NoServer, NotSent, Post, Unknown
from engage.web.answers import trace_of

# Such a function sends recorded mails; it returns how many were sent, and how many failed.
SendWaiting = Callable[[MailServer], tuple[int, int]]


def send_each(
    server: MailServer,
    keys: Iterable[int],
    claimed: Callable[[int, MailServer], EmailMessage | None],
    settle: Callable[[int, bool], None],
) -> tuple[int, int]:
    """Sends each mail that can be claimed and settles it as sent or not; ends early if the server cannot be used.

    Returns how many were sent, and how many failed. No transaction is open while it is connected to the
    server.
    """
    sent = failed = 0
    with Post(server, digest_pages.hello()) as post:
        for key in keys:
            if (message := claimed(key, server)) is None:
                continue
            try:
                post.send(message, str(message["To"]))
            except NotSent as error:
                failed += 1
                settle(key, False)
                if isinstance(error, NoServer | Unknown):
                    break
            else:
                sent += 1
                settle(key, True)
    return sent, failed


def send_after_answers(app: Flask, mark: str, send_waiting: SendWaiting) -> None:
    """Starts sending after the answer to each request that set this mark in `g`."""

    @app.after_request
    def send(response: Response) -> Response:
        if g.pop(mark, False) and (server := app.config["MAIL"]) is not None:
            response.call_on_close(partial(begin, app, server, send_waiting))
        return response


def begin(app: Flask, server: MailServer, send_waiting: SendWaiting) -> None:
    Thread(target=_send_quietly, args=(app, server, send_waiting), daemon=True, name="recorded mails").start()


def _send_quietly(app: Flask, server: MailServer, send_waiting: SendWaiting) -> None:
    with app.app_context():
        try:
            send_waiting(server)
        except Exception as error:  # the next run sends the rest
            app.logger.error("recorded mails were not sent:\n%s", "\n".join(trace_of(error)))
