"""Signs session cookies without a time: the signature proves origin, and a row says when the session ends."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature


class Cookies(SecureCookieSessionInterface):
    """Flask's cookies without the age, since a server clock that steps back by a second would sign everyone out."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        serializer = self.get_signing_serializer(app)
        value = request.cookies.get(self.get_cookie_name(app))
        if serializer is None:
            return None
        try:
            return self.session_class(serializer.loads(value) if value else None)
        except BadSignature:
            return self.session_class()
