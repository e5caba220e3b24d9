"""Walks the import of answers as a browser does, and reads what the database then holds."""

from io import BytesIO
from typing import Any

import sqlalchemy as sa

from engage.assessment.models import Answer, Response, Round
from engage.extensions import db
from tests.client import EngageClient
from tests.html import Page
from tests.partners.steps import sent

IMPORT = "/c/riverbend/assessment/import/"
TOLD = {"was_told": "y"}


def choose(client: EngageClient, raw: bytes, **fields: str) -> Page:
    """Sends a file; returns the page about its columns, or the refusal."""
    form = {"csrf_token": client.csrf_token(), "file": (BytesIO(raw), "answers.csv"), **fields}
    return Page(client.post(IMPORT, data=form))


def press(client: EngageClient, page: Page, *, at: str = "", **changes: Any) -> Page:
    """Presses the main button of a page, or one that leads elsewhere, with some fields changed."""
    fields = {**sent(page), **changes}
    at = at or page.one("main form").attributes["action"] or ""
    return Page(client.post(at, data={"do": "preview", **fields}))


def preview(client: EngageClient, raw: bytes, upload: dict[str, str] | None = None, **changes: Any) -> Page:
    return press(client, choose(client, raw, **(upload or {})), **{**TOLD, **changes})


def bring_in(
    client: EngageClient,
    raw: bytes,
    upload: dict[str, str] | None = None,
    *,
    leave_wrong: bool = False,
    **changes: Any,
) -> Page:
    """Brings in a file; returns the answer to *Import now*."""
    wrong = {"leave_wrong": "y"} if leave_wrong else {}
    return press(client, preview(client, raw, upload, **changes), **wrong)


def tags(page: Page) -> dict[str, str]:
    """Returns what a preview says of each row, by its number."""
    return {
        row.css_first(".import-number").text(strip=True): row.css_first(".tag").text(strip=True)
        for row in page.all("#imports-rows tbody tr")
    }


def only_round() -> Round:
    db.session.expire_all()
    return db.session.scalars(sa.select(Round)).one()


def stored() -> list[tuple[str, ...]]:
    """Returns the answers of each response by the statements' keys, sorted, because closing shuffles them."""
    db.session.expire_all()
    found: dict[int, list[tuple[str, str]]] = {
        key: [("", sector)] for key, sector in db.session.execute(sa.select(Response.id, Response.sector))
    }
    for answer in db.session.scalars(sa.select(Answer)):
        said = answer.kind.value if answer.rating is None else str(answer.rating)
        found[answer.response_id].append((answer.indicator, said))
    return sorted(tuple(said for _key, said in sorted(each)) for each in found.values())
