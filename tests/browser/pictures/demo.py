"""Serves the sample coalition to a browser, for programs that look at its pages and are no tests."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from tests.browser import servers
from tests.browser.conftest import CHROMIUM_FLAGS


@contextmanager
def serving_demo() -> Iterator[tuple[Browser, servers.Server]]:
    """Yields a browser and a demo of its own, and ends both afterwards."""
    with TemporaryDirectory() as parent, sync_playwright() as playwright:
        folder, port = Path(parent) / "data", servers.free_port()
        arguments = ["demo", "--port", str(port), "--folder", str(folder)]
        with servers.running(arguments, folder, port) as server:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
            )
            yield chromium, server
            chromium.close()
