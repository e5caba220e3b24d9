"""Compiles the translations of each language.

It imports nothing of Engage, because setup.py runs it before anything is installed. The head of a compiled
catalog says which texts it was made from, so that at start Engage can tell whether it is older than the code.
"""

import hashlib
import os
from datetime import UTC, datetime
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TEMPLATE = "messages.pot"
_HEAD = "project-id-version"


def sources(folder: Path) -> list[Path]:
    """Returns the translation files as translators write them, one for each language."""
    return sorted(folder.glob("*/LC_MESSAGES/messages.po"))


def read(source: Path) -> Catalog:
    """Reads a language's translations. Raises babel's PoFileError if the file is no catalog."""
    with source.open("rb") as file:
        return read_po(file, locale=source.parents[1].name, abort_invalid=True)


def is_fresh(source: Path) -> bool:
    """Returns whether the compiled catalog is readable and matches its source and the texts in the code."""
    try:
        with source.with_suffix(".mo").open("rb") as file:
            return GNUTranslations(file).info().get(_HEAD) == f"Engage {_mark(source)}"
    except Exception:  # gettext does not say what a broken file may raise
        return False


def _mark(source: Path) -> str:
    template = source.parents[2] / TEMPLATE
    return hashlib.sha256(template.read_bytes() + source.read_bytes()).hexdigest()[:16]


def compile_all(folder: Path) -> None:
    """Compiles catalogs that are missing, broken or old. A text without a translation stays English."""
    for source in sources(folder):
        if is_fresh(source):
            continue
        texts = read(source)
        texts.project, texts.version = "Engage", _mark(source)
        # Dates are left out, so that the same texts always give the same file.
        texts.creation_date = texts.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
        made = source.with_suffix(f".{os.getpid()}")
        with made.open("wb") as file:
            write_mo(file, texts)
        made.replace(source.with_suffix(".mo"))
