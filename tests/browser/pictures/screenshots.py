"""Takes the README's pictures from the demo, for `make screenshots`."""

from tests.browser import servers
from tests.browser.conftest import WIDE
from tests.browser.pictures.demo import serving_demo

PICTURES = servers.ROOT / "docs" / "pictures"
PAGES = {"home": "Home", "tips": "Begin", "plan": "Plan", "results": "Assessment"}


def main() -> None:
    """Signs in as the coordinator and walks the menu."""
    PICTURES.mkdir(exist_ok=True)
    with serving_demo() as (chromium, server):
        page = chromium.new_context(base_url=server.url, viewport=WIDE).new_page()  # type: ignore[arg-type]
        servers.sign_in(page, server.account("coordinator"))
        for name, entry in PAGES.items():
            page.locator(".menu-wide").get_by_role("link", name=entry).first.click()
            if name == "tips":
                page.locator(".sections").get_by_role("link", name="Tips").click()
            if name == "results":
                page.get_by_role("link", name="Community assessment 2026").click()
            page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
