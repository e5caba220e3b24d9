"""Reads what an answer says, whatever kind of file it is."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from engage.web.paper import pdf


def said(answer: TestResponse) -> str:
    """Returns its text, also for a PDF (as `told_to_the_typesetter`) or a workbook, without when it was made."""
    if answer.mimetype == "application/pdf":
        return "\n".join(_leaves(json.loads(answer.data)))
    if answer.data[:2] == b"PK":
        with ZipFile(BytesIO(answer.data)) as file:
            parts = "\n".join(file.read(name).decode(errors="replace") for name in sorted(file.namelist()))
        return re.sub(r"(<dcterms:(created|modified)\b[^>]*>)[^<]*", r"\1", parts)
    return answer.get_data(as_text=True)


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
    else:
        yield str(value)


def told_to_the_typesetter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers with what a PDF is made from: all its text, without the second that setting takes."""
    monkeypatch.setattr(pdf, "typeset", lambda told: told.encode())
