"""The cookie's signature says who wrote it, not for how long: the session's row knows when it ends."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature


class Cookies(SecureCookieSessionInterface):
    """Flask's own, without the age: a server clock that steps back by a second would sign everybody out."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        serializer = self.get_signing_serializer(app)
        value = request.cookies.get(self.get_cookie_name(app))
        if serializer is None:
            return None
        try:
            return self.session_class(serializer.loads(value) if value else None)
        except BadSignature:
            return self.session_class()
