"""Acts as a person's browser over real HTTP: cookies, a form's token, and the answers."""

import http.client
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.factories import PASSWORD

SECONDS = 30.0
# The server closes a connection on which nothing was asked for ten seconds; a browser asks again on a new one.
IDLE = 0.5
# How a request ends that no one answered.
UNANSWERED = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


@dataclass
class Browser:
    """A connection, kept open. `headers` go with every request; `host` is what the address bar says."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = SECONDS
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _connection: http.client.HTTPConnection | None = None
    _last: float = 0.0

    def get(self, path: str) -> Answer:
        answer = self._ask("GET", path, None)
        if found := re.search(r'name="csrf_token"[^>]* value="([^"]+)"', answer.text):
            self.token = found[1]
        return answer

    def post(self, path: str, **fields: str) -> Answer:
        """Posts a form with the token of the page that was read last."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def sign_in(self, email: str, password: str = PASSWORD) -> Answer:
        """Signs in by the form, as everyone does; then reads a token of the new session."""
        self.get("/sign-in")
        answer = self.post("/sign-in", email=email, password=password)
        if answer.status == 303:
            self.get("/account/")
        return answer

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        """Sends a request. Raises one of UNANSWERED if the whole answer did not come."""
        if time.monotonic() - self._last > IDLE:
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            **self.headers,
        }
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except UNANSWERED:
            self.close()
            raise
        finally:
            self._last = time.monotonic()
        if answer.will_close:
            self.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, answer.headers, text)
