"""Lets a journey go to an address only after what it pressed has been answered, as a person would."""

from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Request, Response

BEGINS_MS = 50
POLL_MS = 20
LONGEST_MS = 60_000


def patient(page: Page) -> Page:
    """Make `page.goto` wait for the request that a press began: Chromium drops whichever of the two comes second.

    A click returns before the browser has sent the form, so there is a moment until the request is seen.
    """
    under_way: set[Request] = set()
    page.on("request", lambda request: under_way.add(request) if _counts(request) else None)
    # Playwright keeps a mark on what it calls, which a method of a set does not take.
    page.on("requestfinished", lambda request: under_way.discard(request))
    page.on("requestfailed", lambda request: under_way.discard(request))
    go_at_once = page.goto

    def settle() -> None:
        page.wait_for_timeout(BEGINS_MS)
        for _ in range(LONGEST_MS // POLL_MS):
            if not under_way:
                break
            page.wait_for_timeout(POLL_MS)
        page.wait_for_load_state()

    def goto(url: str, **options: Any) -> Response | None:
        if page.url != "about:blank":
            settle()
        try:
            return go_at_once(url, **options)
        except PlaywrightError as error:
            if "ERR_ABORTED" not in str(error):
                raise
            settle()
            return go_at_once(url, **options)

    page.goto = goto  # type: ignore[method-assign]
    return page


def _counts(request: Request) -> bool:
    return request.is_navigation_request() or request.resource_type in {"xhr", "fetch"}
