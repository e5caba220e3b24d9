"""Provides a real server on a loopback port and Debian's chromium: what a client in the process cannot see."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

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
from playwright.sync_api import Error as PlaywrightError
from xdist.scheduler import LoadScopeScheduling

from tests.browser import prepared, servers, sites
from tests.browser.navigation import patient
from tests.browser.servers import Server
from tests.browser.sites import Site

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}

NewPage = Callable[..., Page]
PAGES = pytest.StashKey[list[Page]]()
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


# The journeys of these files share an installation of their own, so that one worker takes them all.
TOGETHER = {
    "test_account.py": "site",
    "test_administration.py": "site",
    "test_stored_markup.py": "planted",
    "test_engines.py": "engines",
}

LONGEST = ("test_pages.py", *sorted(TOGETHER, reverse=True), "test_length.py", "test_first_visit.py")

# A busy machine's second page may take longer than Playwright's five seconds.
expect.set_options(timeout=60_000)


@pytest.fixture(autouse=True)
def _day() -> None:
    """In place of the other tests' frozen day: the servers here live today."""


class Scheduling(LoadScopeScheduling):
    """Hands out journeys one by one, the longest first, but those together that share an installation."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(nodeid.partition("::")[0].rpartition("/")[2], nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A crawl takes a minute: begun last, it would leave the other worker without work."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def failed(report: Report) -> Report:
    """A journey that was skipped is a journey that no one took."""
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, or is expected to fail: {report.longrepr}"
        vars(report).pop("wasxfail", None)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = failed((yield))
    if report.failed and report.when == "call":
        for page in item.stash.get(PAGES, []):
            report.sections.append(("what the browser showed", f"{page.url}\n{shown(page)}"))
    return report


def shown(page: Page) -> str:
    """The words that a person saw there, as far as the page still answers."""
    try:
        return page.locator("body").inner_text(timeout=2_000)[:1_500]
    except PlaywrightError as error:
        return str(error)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what journeys counted, and what the slower folders cost."""
    reports = [
        each for group in terminalreporter.stats.values() for each in group if hasattr(each, "duration")
    ]
    calls = [each for each in reports if each.when == "call"]
    for figures in (said for each in calls for name, said in each.user_properties if name == "figures"):
        terminalreporter.write_line(figures)
    for folder in ("engines", "offline"):
        took = [each.duration for each in reports if each.nodeid.startswith(f"tests/browser/{folder}/")]
        if took:
            terminalreporter.write_line(f"The journeys of {folder} took {sum(took):.0f} seconds.")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return failed((yield))


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder in which all workers of this run find what one of them has made."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, kept: Path) -> Iterator[Server]:
    """Serves the sample coalition like `make demo`; it is shared, so journeys must not undo each other's work."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    prepared.copy(kept / "sample", folder, prepared.sample)
    port = servers.free_port()
    with servers.running([str(folder), str(port)], folder, port, program=prepared.SERVE_DEMO) as server:
        yield server


@pytest.fixture
def sample(tmp_path: Path, kept: Path) -> Iterator[Server]:
    """Serves a sample of its own: other journeys add to the one that they share."""
    folder, port = tmp_path / "data", servers.free_port()
    prepared.copy(kept / "sample", folder, prepared.sample)
    with servers.running([str(folder), str(port)], folder, port, program=prepared.SERVE_DEMO) as server:
        yield server


@pytest.fixture(scope="session")
def new_folder(kept: Path) -> Callable[[Path], Path]:
    """Makes a data folder of a new installation below another."""

    def make(parent: Path) -> Path:
        prepared.copy(kept / "installation", parent / "data", prepared.installation)
        return parent / "data"

    return make


@pytest.fixture
def empty_server(tmp_path: Path, new_folder: Callable[[Path], Path]) -> Iterator[Server]:
    """Serves a new installation: no account, a setup link printed at start."""
    folder = new_folder(tmp_path)
    port = servers.free_port()
    with servers.running(["serve", "--port", str(port)], folder, port) as server:
        yield server


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, new_folder: Callable[[Path], Path]) -> Iterator[Site]:
    """Serves an installation with a mail server; its journeys bring their own people."""
    with sites.running(new_folder(tmp_path_factory.mktemp("site"))) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Debian's chromium is missing. Type: sudo apt install chromium")
    with sync_playwright() as playwright:
        # `make browser AT=` moves the clock of whatever loads this library, with which chromium does not start.
        own_clock = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS, env=own_clock)
        yield launched
        launched.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Opens pages in fresh profiles; fails at the end when one wrote an error or asked another host."""
    contexts: list[BrowserContext] = []
    pages = request.node.stash.setdefault(PAGES, [])
    problems: list[str] = []

    def open_page(
        server: Server,
        *,
        viewport: dict[str, int] = WIDE,
        javascript: bool = True,
        scheme: str = "light",
        touch: bool = False,
        errors_expected: bool = False,
        locale: str = "en-US",
        zone: str | None = None,
    ) -> Page:
        context = browser.new_context(
            base_url=server.url,
            locale=locale,
            timezone_id=zone,
            viewport=viewport,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
            has_touch=touch,
            is_mobile=touch,
        )
        contexts.append(context)
        page = patient(context.new_page())
        pages.append(page)
        page.set_default_timeout(60_000)
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
