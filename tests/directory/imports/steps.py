"""Walks the way of a contacts file as a browser does."""

from typing import Any

from engage.imports import hidden_file
from tests.client import EngageClient
from tests.html import Page, words
from tests.partners.steps import sent

IMPORT = "/c/riverbend/people/import/"
PEOPLE = "/c/riverbend/people/"


def read(coordinator: EngageClient, content: str | bytes) -> Page:
    """Sends a file; returns the page on which people are checked, or a refusal or a question before it.

    The body is made here, because the client would write a long one to the disk.
    """
    raw = content.encode() if isinstance(content, str) else content
    head = "--x\r\nContent-Disposition: form-data; name="
    before = f"{head}csrf_token\r\n\r\n{coordinator.csrf_token()}\r\n{head}file; filename=a.xlsx\r\n\r\n"
    body = before.encode() + raw + b"\r\n--x--\r\n"
    return Page(coordinator.post(IMPORT, data=body, content_type="multipart/form-data; boundary=x"))


def pasted(coordinator: EngageClient, text: str) -> Page:
    return coordinator.send(IMPORT, table=text)


def offered(page: Page) -> dict[str, str]:
    """Returns what stands below each person who can come in, by name."""
    found = {}
    for node in page.all("#people-new label[for^='people-']"):
        below = node.css_first(".option-text")
        about = words(below) if below is not None else ""
        found[words(node).removesuffix(about).strip()] = about
    return found


def left_out(page: Page) -> dict[str, str]:
    """Returns what happens to each other row, by name: its tag."""
    return {
        words(row.css_first(".what")): words(row.css_first(".tag"))
        for row in page.all("#imports-rows tbody tr")
    }


def bring(coordinator: EngageClient, page: Page, *names: str, do: str = "links", **fields: Any) -> Page:
    """Checks these people and presses a button."""
    numbers = {
        words(node).removesuffix(words(below) if (below := node.css_first(".option-text")) else "").strip(): (
            page.one(f"#{node.attributes['for']}").attributes["value"]
        )
        for node in page.all("#people-new label[for^='people-']")
    }
    fields = {
        **sent(page, "#imports-preview"),
        "people": [numbers[name] for name in names],
        "do": do,
        **fields,
    }
    return Page(coordinator.post(f"{IMPORT}save", data=fields))


def carried(page: Page) -> str:
    """Returns the file that the page passes on."""
    return hidden_file.unpacked(page.value("carried")).decode()
