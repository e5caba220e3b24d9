"""Makes up a language in which each text stands in marks, so that what no translator was asked for stands out.

A text of the catalog reads ⟦Due on ⟪March 3⟫⟧: what the code puts into it stands in marks of its own, where only the
language, the catalog, the content or a row may speak.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from babel.support import NullTranslations
from msgspec import Struct
from msgspec.structs import asdict, replace

from engage import extensions, i18n, languages
from engage.assessment.languages import stored_questions, translated
from engage.content import loader, translation_check
from engage.web import forms

OPEN, CLOSE, INTO, OUT = "⟦⟧⟪⟫"
# Spanish, and as it is written nowhere else in the tests: what is kept by language or by locale is kept apart.
LANGUAGE = "es_PR"
# The parts of a catalog's text that are no words: elements, and what is put into it.
_NO_WORDS = re.compile(r"(<[^>]*>)|(%\(\w+\)[sd])")
_BLANK = re.compile(r"\{\w+\}")
# What the content says beside words: addresses to open and to call.
_NO_TEXTS = {"website", "phone", "source"}


class Marked(NullTranslations):
    """A catalog that translates each text into itself, in marks; `asked` holds them by context."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[tuple[str | None, str]] = set()

    def _marked(self, text: str, context: str | None = None) -> str:
        self.asked.add((context, text))
        return OPEN + _NO_WORDS.sub(lambda found: found[1] or f"{INTO}{found[2]}{OUT}", text) + CLOSE

    def gettext(self, message: str) -> str:
        return self._marked(message)

    def ngettext(self, msgid1: str, msgid2: str, num: int) -> str:
        self._marked(msgid1)
        return self._marked(msgid1 if num == 1 else msgid2)

    def upgettext(self, context: str, message: str) -> str:
        return self._marked(message, context)

    def unpgettext(self, context: str, singular: str, plural: str, num: int) -> str:
        self._marked(singular, context)
        return self._marked(singular if num == 1 else plural, context)

    ugettext, ungettext, pgettext, npgettext = gettext, ngettext, upgettext, unpgettext


def content_marked(value: Any, name: str = "") -> Any:
    """Returns the content, or a part of it, with each text in marks."""
    if (
        isinstance(value, str)
        and not isinstance(value, Enum)
        and name not in translation_check._KEYS | _NO_TEXTS
    ):
        return OPEN + _BLANK.sub(lambda found: f"{INTO}{found[0]}{OUT}", value) + CLOSE if value else value
    if isinstance(value, tuple):
        return tuple(content_marked(each, name) for each in value)
    if isinstance(value, Struct):
        return replace(value, **{name: content_marked(part, name) for name, part in asdict(value).items()})
    return value


@contextmanager
def spoken() -> Iterator[Marked]:
    """Has this language beside English, and every page and mail in it."""
    catalog = Marked()
    load, texts = loader.load, i18n.Texts.get_translations

    def loaded(folder: Path) -> Any:
        return content_marked(load(folder.with_name("en"))) if folder.name == LANGUAGE else load(folder)

    def translations(domain: i18n.Texts) -> NullTranslations:
        return catalog if extensions.language() == LANGUAGE else texts(domain)

    def of_wtforms(language: str) -> NullTranslations:
        return catalog

    with pytest.MonkeyPatch.context() as patch:
        for module in _asking(languages.offered):
            patch.setattr(module, "offered", lambda: ("en", LANGUAGE))
        patch.setattr(extensions, "_asked_for", lambda: LANGUAGE)
        patch.setattr(i18n.Texts, "get_translations", translations)
        patch.setattr(forms, "_texts_of_wtforms", of_wtforms)
        patch.setattr(loader, "load", loaded)
        yield catalog
    # Sets in this language stay for no other test.
    stored_questions.cache_clear()
    translated.cache_clear()


def _asking(function: object) -> list[Any]:
    """Returns the modules of ours that know this function by its name."""
    ours = [module for name, module in sys.modules.items() if name.startswith("engage")]
    return [module for module in ours if vars(module).get("offered") is function]


def of_a_row(column: sa.Column[Any]) -> str:
    """Returns a text in marks that fits the column and names it."""
    if column.name in {"website", "link", "leave_url"}:
        return "https://a.example/"
    if column.name == "email":
        return "someone@a.example"
    longest = getattr(column.type, "length", None) or 200
    return f"{OPEN}{f'{column.table.name}.{column.name}'[: longest - 2]}{CLOSE}"
