"""A real server on a loopback port and Debian's chromium: what a client in the process cannot see."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.browser import servers, sites
from tests.browser.servers import Server
from tests.browser.sites import Site

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}

NewPage = Callable[..., Page]

# A busy machine's second page may take longer than Playwright's five seconds.
expect.set_options(timeout=10_000)


@pytest.fixture(autouse=True)
def _day() -> None:
    """In place of the other tests' frozen day: the servers here live today."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sample coalition, as `make demo` serves it; shared, so journeys must not undo each other's work."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    port = servers.free_port()
    with servers.running(["demo", "--port", str(port), "--folder", str(folder)], folder, port) as server:
        yield server


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[Server]:
    """A new installation: no account, a setup link printed at start."""
    folder = tmp_path / "data"
    port = servers.free_port()
    environment = servers.environment(folder, port)
    subprocess.run([*servers.ENGAGE, "init"], env=environment, check=True, cwd=tmp_path, capture_output=True)
    with servers.running(["serve", "--port", str(port)], folder, port) as server:
        yield server


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation with a mail server; its journeys bring their own people."""
    with sites.running(tmp_path_factory.mktemp("site") / "data") as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Debian's chromium is missing. Type: sudo apt install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens pages in fresh profiles; fails at the end when one wrote an error or asked another host."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(
        server: Server,
        *,
        viewport: dict[str, int] = WIDE,
        javascript: bool = True,
        scheme: str = "light",
        errors_expected: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=server.url,
            viewport=viewport,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        if not errors_expected:
            page.on("console", lambda message: note(message, page))
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on("request", lambda request: elsewhere(request, server))
        return page

    def note(message: ConsoleMessage, page: Page) -> None:
        # A refused form answers 422 on purpose; Chromium calls that an error of the network.
        if message.type == "error" and "status of 4" not in message.text:
            problems.append(f"{page.url}: {message.text}")

    def elsewhere(request: Request, server: Server) -> None:
        if not request.url.startswith((server.url, "data:", "about:")):
            problems.append(f"asked another host: {request.url}")

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, problems
