"""What one does with a whole plan, once it is unfolded, stands apart from the plan's files."""

import pytest

from tests.browser.conftest import PHONE, WIDE, NewPage
from tests.browser.servers import Server, sign_in


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
def test_the_plans_buttons_do_not_stick_to_its_files(
    demo: Server, new_page: NewPage, viewport: dict[str, int]
) -> None:
    page = new_page(demo, viewport=viewport)
    sign_in(page, demo.account("coordinator"))
    page.goto("/c/riverbend-county/plan/")
    page.locator("details:has(#plan-tools) > summary").click()
    buttons, files = (page.locator(each).bounding_box() for each in ("#plan-tools", "#plan-files"))
    assert buttons is not None and files is not None
    assert files["y"] - (buttons["y"] + buttons["height"]) >= 12
