"""Drives Firefox and WebKitGTK, which Playwright does not as Debian builds them.

Firefox is spoken to by WebDriver BiDi on a websocket, WebKitGTK by WebDriver over HTTP. What a journey needs is the
same in both: open an address, ask the page, move the mouse and press keys. Keys and presses are the browser's own, as
a person's are.
"""

import json
import os
import re
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import websocket

from tests.browser import servers

SECONDS = 60
WIDTH, HEIGHT = 1280, 900
ENTER, TAB = "\ue007", "\ue004"

# Firefox asks its makers for settings, lists and updates: here all but the loopback goes to a port without a listener.
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "app.update.disabledForTesting": True,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "en-US",
}

# The middle of the first element in sight that matches and says these words, once nothing lies over it.
PLACE = """(() => {
  if (document.readyState !== 'complete') return null;
  const seen = node => node.checkVisibility({checkVisibilityCSS: true}) && node.getClientRects().length;
  const node = [...document.querySelectorAll(%s)].find(each => each.textContent.includes(%s) && seen(each));
  if (!node) return null;
  node.scrollIntoView({block: 'center'});
  const {left, top, width, height} = node.getBoundingClientRect();
  const [x, y] = [Math.floor(left + width / 2), Math.floor(top + height / 2)];
  return node.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
})()"""


class NotNow(Exception):
    """The browser has no answer: it is between two pages, or the script failed."""


class Engine(ABC):
    """A browser with one page, seen and used as a person does."""

    @abstractmethod
    def open(self, address: str) -> None:
        """Goes to this address and waits until it is loaded."""

    @abstractmethod
    def ask(self, script: str) -> Any:
        """Returns what this expression is on the page."""

    @abstractmethod
    def act(self, device: dict[str, Any]) -> None:
        """Moves the mouse or presses keys: WebDriver's actions, which are the same in both protocols."""

    def until(self, script: str) -> Any:
        """Returns what the expression is as soon as it is true."""

        def answer() -> Any:
            try:
                return self.ask(script)
            except NotNow:
                return None

        return until(answer, lambda: f"never true: {script}\n{self.ask('document.body.innerText')[:1_500]}")

    def place(self, what: str, words: str = "") -> tuple[int, int]:
        """Returns the middle of the first element in sight that matches the selector and says these words."""
        x, y = self.until(PLACE % (json.dumps(what), json.dumps(words)))
        return x, y

    def click(self, what: str, words: str = "") -> None:
        self.mouse(self.place(what, words), "pointerDown", "pointerUp")

    def drag(self, what: str, to: str) -> None:
        """Drags in steps, as a hand does. Both are on one screen, at the same height."""
        start, end = self.place(what), self.place(to)
        self.mouse(start, "pointerDown")
        for step in range(1, 11):
            self.mouse(
                (start[0] + (end[0] - start[0]) * step // 10, start[1] + (end[1] - start[1]) * step // 10)
            )
        self.mouse(end, "pointerUp")

    def mouse(self, place: tuple[int, int], *buttons: str) -> None:
        """Moves the mouse there and does this with its first button."""
        moved = {"type": "pointerMove", "x": place[0], "y": place[1], "duration": 20}
        done = [{"type": button, "button": 0} for button in buttons]
        self.act({"type": "pointer", "id": "mouse", "actions": [moved, *done]})

    def keys(self, text: str) -> None:
        """Types into what has the focus."""
        each = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.act({"type": "key", "id": "keyboard", "actions": each})

    def fill(self, what: str, text: str) -> None:
        self.click(what)
        self.keys(text)


class Firefox(Engine):
    def __init__(self, address: str) -> None:
        self.socket = websocket.create_connection(f"{address}/session", timeout=SECONDS, suppress_origin=True)
        self.sent = 0
        self._send("session.new", capabilities={})
        # The tab that Firefox begins with never has the focus: there, keys would press nothing.
        self.page = self._send("browsingContext.create", type="tab")["context"]
        self._send(
            "browsingContext.setViewport", context=self.page, viewport={"width": WIDTH, "height": HEIGHT}
        )

    def open(self, address: str) -> None:
        self._send("browsingContext.navigate", context=self.page, url=address, wait="complete")

    def ask(self, script: str) -> Any:
        answer = self._send(
            "script.evaluate",
            expression=f"JSON.stringify({script}) ?? 'null'",
            target={"context": self.page},
            awaitPromise=False,
        )
        if answer["type"] != "success":
            raise NotNow(answer)
        return json.loads(answer["result"]["value"])

    def act(self, device: dict[str, Any]) -> None:
        self._send("input.performActions", context=self.page, actions=[device])

    def _send(self, method: str, **params: Any) -> Any:
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != self.sent:
            pass
        if answer["type"] == "error":
            raise NotNow(answer)
        return answer["result"]


class WebKit(Engine):
    def __init__(self, address: str) -> None:
        self.session = address
        session = self._send("POST", "/session", capabilities={})["sessionId"]
        self.session = f"{address}/session/{session}"
        self._send("POST", "/window/rect", width=WIDTH, height=HEIGHT)

    def open(self, address: str) -> None:
        self._send("POST", "/url", url=address)

    def ask(self, script: str) -> Any:
        return json.loads(
            self._send("POST", "/execute/sync", script=f"return JSON.stringify({script}) ?? 'null'", args=[])
        )

    def act(self, device: dict[str, Any]) -> None:
        self._send("POST", "/actions", actions=[device])

    def close(self) -> None:
        self._send("DELETE", "")

    def _send(self, method: str, path: str, **params: Any) -> Any:
        body = json.dumps(params).encode() if method == "POST" else None
        asked = Request(f"{self.session}{path}", body, {"Content-Type": "application/json"}, method=method)
        try:
            with urlopen(asked, timeout=SECONDS) as answer:
                return json.loads(answer.read())["value"]
        except HTTPError as error:
            with error:
                raise NotNow(error.read().decode()) from None


@contextmanager
def firefox(home: Path) -> Iterator[Engine]:
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
    (home / "user.js").write_text("".join(lines))
    flags = ["--headless", "--no-remote", "--profile", str(home), "--remote-debugging-port=0"]
    with _program("firefox-esr", *flags, home=home) as printed:
        engine = Firefox(_line(printed, r"BiDi listening on (\S+)\n"))
        with closing(engine.socket):
            yield engine


@contextmanager
def webkit(home: Path) -> Iterator[Engine]:
    port = servers.free_port()
    with ExitStack() as stack:
        screen = ["-displayfd", "1", "-screen", "0", f"{WIDTH}x{HEIGHT + 200}x24", "-nolisten", "tcp"]
        display = _line(stack.enter_context(_program("Xvfb", *screen, home=home)), r"^(\d+)\n")
        address = f"http://127.0.0.1:{port}"
        printed = stack.enter_context(
            _program("WebKitWebDriver", f"--port={port}", home=home, DISPLAY=f":{display}")
        )
        until(lambda: _is_up(f"{address}/status"), printed.read_text)
        engine = WebKit(address)
        stack.callback(engine.close)
        yield engine


@contextmanager
def _program(name: str, *arguments: str, home: Path, **settings: str) -> Iterator[Path]:
    """Runs a program in a home of its own and on its own clock; yields the file of what it prints."""
    if shutil.which(name) is None:
        pytest.fail(f"{name} is missing. Type: sudo apt install firefox-esr webkit2gtk-driver xvfb")
    own = {key: value for key, value in os.environ.items() if key != "LD_PRELOAD"}
    printed = home / f"{name}.log"
    with printed.open("w") as log:
        process = subprocess.Popen(
            [name, *arguments],
            env={**own, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield printed
    finally:
        process.terminate()
        process.wait(timeout=SECONDS)


def until(look: Callable[[], Any], wrong: Callable[[], str]) -> Any:
    """Returns what is found there as soon as it is something."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(wrong())


def _line(printed: Path, wanted: str) -> str:
    """Returns what a printed line says in the pattern's group."""
    return str(until(lambda: re.findall(wanted, printed.read_text()), printed.read_text)[0])


def _is_up(address: str) -> bool:
    try:
        with urlopen(address, timeout=SECONDS):
            return True
    except OSError:
        return False
