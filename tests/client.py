"""Provides a browser for tests: a fresh app context a request, every answer checked, pages read by what they show."""

from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from engage.coalitions.models import Membership
from engage.extensions import db
from tests import databases
from tests.html import Page, check


class EngageClient(FlaskClient):
    """A browser, signed in or not; `membership` is the place of the person it was signed in for."""

    membership: Membership
    # For which session, and the token itself: signing it takes longer than many an answer.
    _token: tuple[str, str] = ("", "")

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # The test's own session must hold no lock while the application writes.
        db.session.commit()
        follow = kwargs.pop("follow_redirects", False)
        with self.application.app_context():
            response = super().open(*args, **kwargs)
            databases.fail_when_uncommitted(response.request.path)
        db.session.expire_all()
        if response.mimetype == "text/html" and response.status_code not in range(300, 400):
            check(response)
        if follow and response.status_code in {301, 302, 303, 307, 308}:
            return self.get(response.headers["Location"], follow_redirects=True)
        return response

    def page(self, path: str, **kwargs: Any) -> Page:
        """Returns the page at this address; anything but 200 fails."""
        response = self.get(path, **kwargs)
        assert response.status_code == 200, f"{path}: {response.status} -> {response.headers.get('Location')}"
        return Page(response)

    def send(self, path: str, *, htmx: bool = False, token: bool = True, **fields: Any) -> Page:
        """Posts a form as a browser would, with its token; returns the answer as a page, whatever its status."""
        if token:
            fields["csrf_token"] = self.csrf_token()
        headers = {"HX-Request": "true"} if htmx else {}
        return Page(self.post(path, data=fields, headers=headers))

    def csrf_token(self) -> str:
        """Returns a token of this browser's session, as its forms would carry it."""
        if not (cookie := self._session()) or cookie != self._token[0]:
            with self.session_transaction() as session:
                raw = session.setdefault("csrf_token", "0123456789abcdef0123456789abcdef01234567")
            signed = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw)
            self._token = self._session(), str(signed)
        return self._token[1]

    def _session(self) -> str:
        cookie = self.get_cookie(self.application.config["SESSION_COOKIE_NAME"])
        return cookie.value if cookie else ""
