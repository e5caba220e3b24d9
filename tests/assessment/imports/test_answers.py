"""Answers from a file: every page of the way."""

from tests.assessment.imports.files import as_csv, google
from tests.client import EngageClient
from tests.html import Page
from tests.partners.steps import sent, upload

IMPORT = "/c/riverbend/assessment/import/"


def test_try(coordinator: EngageClient) -> None:
    page = upload(coordinator, as_csv(google(60)), IMPORT)
    fields = sent(page)
    print({k: v for k, v in fields.items() if k != "carried"})
    at = page.one("main form").attributes["action"]
    page = Page(coordinator.post(at, data={"do": "preview", **fields, "was_told": "y"}))
    print(page.status, page.text("main")[:3000])
    at = page.one("main form").attributes["action"]
    page = Page(coordinator.post(at, data=sent(page)))
    print(page.status, page.location, page.text("main") if page.status != 303 else "")
    print(coordinator.page(page.location).text("main")[:3000])
    assert 0
