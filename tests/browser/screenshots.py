"""Takes the README's pictures from the demo, for `make screenshots`."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import servers
from tests.browser.conftest import CHROMIUM_FLAGS, WIDE

PICTURES = servers.ROOT / "docs" / "pictures"
PAGES = {"home": "Home", "tips": "Tips", "plan": "Plan", "results": "Assessment"}


def main() -> None:
    """Signs in as the coordinator and walks the menu."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as parent, sync_playwright() as playwright:
        folder, port = Path(parent) / "data", servers.free_port()
        arguments = ["demo", "--port", str(port), "--folder", str(folder)]
        with servers.running(arguments, folder, port) as server:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
            )
            page = chromium.new_context(base_url=server.url, viewport=WIDE).new_page()  # type: ignore[arg-type]
            servers.sign_in(page, server.account("coordinator"))
            for name, entry in PAGES.items():
                page.get_by_role("navigation", name="Main").get_by_role("link", name=entry).first.click()
                if name == "results":
                    page.get_by_role("link", name="Community assessment 2026").click()
                page.screenshot(path=PICTURES / f"{name}.png")
            chromium.close()


if __name__ == "__main__":
    main()
