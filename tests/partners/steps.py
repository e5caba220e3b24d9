"""Walks an import as a browser does: sends a file, and each page's own fields on to the next."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from selectolax.lexbor import LexborNode

from tests.client import EngageClient
from tests.html import Page

IMPORT = "/c/riverbend/partners/import/"


def table(*rows: Sequence[str]) -> str:
    """Returns rows as a spreadsheet writes them."""
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def upload(client: EngageClient, content: str | bytes, at: str = IMPORT) -> Page:
    """Sends a file; returns the page about its columns, or the refusal."""
    raw = content.encode() if isinstance(content, str) else content
    fields = {"csrf_token": client.csrf_token(), "file": (BytesIO(raw), "list.csv")}
    return Page(client.post(at, data=fields))


def sent(page: Page, form: str = "main form") -> dict[str, str]:
    """Returns what a browser would send of a page's form, without a button."""
    return fields_of(page.one(form))


def fields_of(form: LexborNode) -> dict[str, str]:
    """Returns the same of a form of any answer."""
    fields = {}
    for node in form.css("input, select, textarea"):
        name, kind = node.attributes.get("name") or "", node.attributes.get("type")
        if node.tag == "select":
            chosen = node.css("option[selected]") or node.css("option")[:1]
            fields[name] = chosen[0].attributes.get("value") or ""
        elif kind not in {"radio", "checkbox"} or "checked" in node.attributes:
            fields[name] = node.attributes.get("value") or ""
    return fields


def preview(client: EngageClient, content: str | bytes, *, at: str = IMPORT, **changes: Any) -> Page:
    """Chooses a file and presses on, with some columns or words changed."""
    fields = {**sent(upload(client, content, at)), **changes}
    return Page(client.post(f"{at}columns", data={"do": "preview", **fields}))


def save(client: EngageClient, page: Page, *, at: str = IMPORT, **changes: Any) -> Page:
    """Presses *Import now* on a preview."""
    return Page(client.post(f"{at}save", data={**sent(page), **changes}))


def outcomes(page: Page) -> dict[str, str]:
    """Returns what the page says of each row: name -> tag."""
    return {
        row.css_first(".what").text(strip=True): row.css_first(".tag").text(strip=True)
        for row in page.all("#imports-rows tbody tr")
    }
