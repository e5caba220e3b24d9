"""Runs a real provider of accounts (oidc-provider-mock) on this machine, and makes it give bad answers.

It runs in a thread, so that its clock is the tests'. What goes through it is changed on the way out.
"""

import base64
import hashlib
import json
import os
import threading
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.test import Client, run_wsgi_app

from engage.settings import Provider

with warnings.catch_warnings(record=True):  # it still imports an old half of Authlib
    import oidc_provider_mock

CODE, TOKEN, KEYS, ABOUT = "/oauth2/authorize", "/oauth2/token", "/jwks", "/.well-known/openid-configuration"


class Mock:
    """The provider; each attribute below twists one of its answers until `honest` is called."""

    def __init__(self) -> None:
        os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
        self._app = oidc_provider_mock.app()
        self._key = RSAKey.generate_key(2048, {"kid": "first"})
        self.honest()

    def honest(self) -> None:
        # What its metadata, its ID tokens and its token answers say differently; None leaves it out.
        self.about: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.algorithm, self.signs_with = "RS256", self._key
        # Its answer to a request for this path: seconds before it comes, and the raw body or the status instead.
        self.slow: dict[str, float] = {}
        self.instead: dict[str, tuple[str, bytes]] = {}
        self.asked: list[str] = []
        self.bodies: list[str] = []
        self._challenges: dict[str, str] = {}

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    port = 0

    def settings(self, number: int = 1, name: str = "Lakeside", **more: Any) -> Provider:
        values = {
            "issuer": self.issuer,
            "client_id": "engage",
            "client_secret": "open sesame",
            "is_private": True,
        }
        return Provider(number=number, name=name, **{**values, **more})

    def person(self, subject: str, **claims: Any) -> None:
        """Makes the provider know this person."""
        path = f"/users/{subject}"
        answer = Client(self._app).put(path, json=claims, base_url=self.issuer)
        assert answer.status_code == 204, answer.status

    def approve(self, address: str, subject: str) -> str:
        """Signs in at the page to which Engage led; returns the path to which the provider sends the browser back."""
        return self._send(address, {"sub": subject})

    def deny(self, address: str) -> str:
        return self._send(address, {"action": "deny"})

    def _send(self, address: str, fields: dict[str, str]) -> str:
        parts = urlsplit(address)
        assert parts.path == CODE
        answer = Client(self._app).post(
            parts.path, query_string=parts.query, data=fields, base_url=self.issuer
        )
        assert answer.status_code == 302, answer.get_data(as_text=True)[:500]
        back = urlsplit(answer.headers["Location"])
        if code := parse_qs(back.query).get("code"):
            self._challenges[code[0]] = parse_qs(parts.query)["code_challenge"][0]
        return f"{back.path}?{back.query}"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path == TOKEN:
            environ["wsgi.input"] = self._checked(environ)
        if path not in {ABOUT, TOKEN, KEYS}:  # a page for a browser
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return self._app(environ, start_response)
        status, body = self.instead.get(path) or self._answer(environ)
        time.sleep(self.slow.get(path, 0))
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _checked(self, environ: dict[str, Any]) -> Any:
        """Refuses a code without the verifier of its challenge (PKCE), which the mock itself does not look at."""
        raw = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.bodies.append(raw.decode())
        fields = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
        digest = hashlib.sha256(fields["code_verifier"].encode()).digest()
        made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if self._challenges.get(fields["code"]) not in {None, made}:
            raw = b"grant_type=authorization_code&code=wrong"
            environ["CONTENT_LENGTH"] = str(len(raw))
        return BytesIO(raw)

    def _answer(self, environ: dict[str, Any]) -> tuple[str, bytes]:
        with warnings.catch_warnings():  # what the mock itself uses of Authlib is deprecated
            warnings.simplefilter("ignore")
            chunks, status, _headers = run_wsgi_app(self._app, environ, buffered=True)
        body = b"".join(chunks)
        path = environ["PATH_INFO"]
        if path == ABOUT:
            body = json.dumps(changed(json.loads(body), self.about)).encode()
        elif path == KEYS and self._is_twisted():
            key = self.signs_with.as_dict(private=False, use="sig", alg="RS256")
            body = json.dumps({"keys": [key]}).encode()
        elif path == TOKEN and self._is_twisted() and status.startswith("200"):
            body = json.dumps(self._signed(json.loads(body))).encode()
        return status, body

    def _is_twisted(self) -> bool:
        return bool(self.claims) or self.algorithm != "RS256" or self.signs_with is not self._key

    def _signed(self, token: dict[str, Any]) -> dict[str, Any]:
        payload = token["id_token"].split(".")[1]
        claims = changed(json.loads(base64.urlsafe_b64decode(payload + "==")), self.claims)
        header = {"alg": self.algorithm, "kid": str(self.signs_with.kid)}
        if self.algorithm == "none":
            parts = (
                base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=")
                for each in (header, claims)
            )
            return {**token, "id_token": ".".join((*parts, ""))}
        return {**token, "id_token": jwt.encode(header, claims, self.signs_with, algorithms=[self.algorithm])}

    def new_keys(self, kid: str) -> None:
        """Signs with a new key from now on, and publishes only that one."""
        self.signs_with = RSAKey.generate_key(2048, {"kid": kid})


def changed(values: dict[str, Any], by: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**values, **by}.items() if value is not None}


@contextmanager
def serving() -> Iterator[Mock]:
    mock = Mock()
    server = make_server("127.0.0.1", 0, mock, threaded=True)
    mock.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield mock
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
