"""Collects the code's texts, updates each language's catalog, and exports and imports texts as a table.

A table has a row for each text, including those of the content: its place, the English text, and the
translation.
"""

import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from engage import catalogs, languages
from engage.config import ROOT
from engage.content import loader
from engage.errors import ContentError
from engage.operations.refused import Refused
from engage.operations.texts.rules import problems

HEADINGS = ("place", "number", "english", "translation")
_CHANGING = tuple(
    f'"{name}'
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Report-Msgid",
        "Generated-By",
        "Language-Team",
    )
)


def _template() -> Path:
    return languages.TEXTS / catalogs.TEMPLATE


def _texts_of(language: str) -> Path:
    return languages.TEXTS / language / "LC_MESSAGES" / "messages.po"


# -- collecting


def collected(*, with_places: bool = False) -> str:
    """Returns the catalog of all user-visible texts, as Babel finds them in the code."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / catalogs.TEMPLATE
        command: list[Any] = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract"]
        command += [
            "-F",
            ROOT / "babel.cfg",
            "-k",
            "_l",
            "-k",
            "_n:1,2",
            "-k",
            "lazy_pgettext:1c,2",
            "--omit-header",
            "--sort-output",
        ]
        command += [] if with_places else ["--no-location"]
        subprocess.run([*command, "-o", fresh, "."], cwd=ROOT, check=True)  # noqa: S603
        return fresh.read_text()


def is_checkout() -> bool:
    """Returns whether the source files for collecting texts are here; an installed package lacks them."""
    return (ROOT / "babel.cfg").exists()


def bring_up_to_date() -> None:
    """Collects the code's texts, adds new ones untranslated to each language, and compiles all catalogs."""
    if is_checkout():
        _template().write_text(collected())
    template = _read(_template())
    for source in catalogs.sources(languages.TEXTS):
        texts = catalogs.read(source)
        texts.update(template, no_fuzzy_matching=True)
        _write(source, texts)
    catalogs.compile_all(languages.TEXTS)


def _read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened)


def _write(source: Path, texts: Catalog) -> None:
    texts.fuzzy = False
    with source.open("wb") as file:
        write_po(file, texts, width=110, sort_output=True, ignore_obsolete=True)
    # Otherwise dates and names in the file would change with every run.
    kept = (each for each in source.read_text().splitlines(keepends=True) if not each.startswith(_CHANGING))
    source.write_text("".join(kept).replace("Project-Id-Version:  Engage", "Project-Id-Version: Engage", 1))


# -- checking


def faults() -> list[str]:
    """Returns a line for each missing, unsure, obsolete or faulty text, in each language."""
    is_behind = is_checkout() and collected() != _template().read_text()
    found = ["The catalog is older than the code."] if is_behind else []
    template = {(each.context, _forms(each.id)): each for each in _read(_template()) if each.id}
    for source in catalogs.sources(languages.TEXTS):
        name, texts = source.parents[1].name, catalogs.read(source)
        known = {(each.context, _forms(each.id)): each for each in texts if each.id}
        found += [f"{name}: “{_short(key[1])}” is missing" for key in template.keys() - known.keys()]
        found += [f"{name}: “{_short(key[1])}” is not used" for key in known.keys() - template.keys()]
        found += [f"{name}: “{_short(_forms(key))}” is not used" for key in texts.obsolete]
        for (_where, english), each in known.items():
            wrong = problems(english, _forms(each.string), texts.num_plurals)
            wrong = ["is marked as not sure"] if each.fuzzy else wrong
            found += [f"{name}: “{_short(english)}” {problem}" for problem in wrong]
    found += _refused(languages.refuse_broken)
    for name in languages.offered():
        found += _refused(partial(loader.content, name))
    return sorted(found)


def _refused(load: Callable[[], object]) -> list[str]:
    try:
        load()
    except ContentError as error:
        return [str(error)]
    return []


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _short(forms: tuple[str, ...]) -> str:
    return " ".join(forms[0].split())[:60]


# -- as a table for translators


class TextRow(NamedTuple):
    place: str
    number: str
    english: str
    translation: str


def table(language: str) -> Iterator[TextRow]:
    """Yields every text with its place. In a language that does not exist yet, all translations are blank."""
    places = _places()
    source = _texts_of(language)
    texts = catalogs.read(source) if source.exists() else Catalog(locale=language)
    for message in _read(_template()):
        if not message.id:
            continue
        known = texts.get(message.id, message.context)
        place = places.get((message.context, _forms(message.id)), "")
        place += f" [{message.context}]" if message.context else ""
        yield from _rows(place, message, known, texts.num_plurals)
    for name, english, other in _content_texts(language):
        yield TextRow(name, "", english, other)


def _rows(place: str, message: Message, known: Message | None, forms: int) -> Iterator[TextRow]:
    english = _forms(message.id)
    translated = _forms(known.string) if known is not None and known.string else ()
    for index, (number, text) in enumerate(_keys(english, forms)):
        yield TextRow(place, number, text, translated[index] if index < len(translated) else "")


def _places() -> dict[tuple[str | None, tuple[str, ...]], str]:
    if not is_checkout():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / catalogs.TEMPLATE
        file.write_text(collected(with_places=True))
        return {
            (each.context, _forms(each.id)): " ".join(path for path, _line in each.locations[:2])
            for each in _read(file)
            if each.id
        }


def _content_texts(language: str) -> Iterator[tuple[str, str, str]]:
    for english in sorted((languages.CONTENT / languages.ENGLISH).glob("*.yaml")):
        file = languages.CONTENT / language / english.name
        other = dict(_scalars(file)) if file.exists() else {}
        for place, node in _scalars(english):
            if _is_text(node.value):
                yield place, node.value, other[place].value if place in other else ""


def _scalars(file: Path) -> Iterator[tuple[str, yaml.ScalarNode]]:
    """Yields each string in a content file, with the path to it."""

    def walk(node: yaml.Node, place: str) -> Iterator[tuple[str, yaml.ScalarNode]]:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield from walk(value, f"{place}/{key.value}")
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value, 1):
                yield from walk(value, f"{place}/{number}")
        elif isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str":
            yield place, node

    top = yaml.compose(file.read_text(), yaml.SafeLoader)
    return walk(top, f"content/{file.name}") if top is not None else iter(())


def _is_text(value: str) -> bool:
    """Returns whether a string is a text: keys are in lower case without spaces, and URLs are not texts."""
    return (" " in value or value[:1].isupper()) and not value.startswith(("http://", "https://"))


def write_table(file: Path, language: str) -> int:
    """Writes the table and returns the number of its rows."""
    rows = list(table(language))
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows([HEADINGS, *rows])
    return len(rows)


def read_table(file: Path, language: str) -> int:
    """Imports the table's translations into the language's two folders; returns how many were used.

    Raises Refused. A text is identified by its place and its English text. Texts that are not in the table
    stay unchanged.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            given = [TextRow(*(each.get(name) or "" for name in HEADINGS)) for each in csv.DictReader(opened)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{file} is not a table in UTF-8 ({error}).") from None
    if not given or not any(row.english for row in given):
        raise Refused(f"{file} has no column “english” with texts in it.")
    taken = _take_texts(language, [row for row in given if not row.place.startswith("content/")])
    taken += _take_content(language, {row.place: row for row in given if row.place.startswith("content/")})
    catalogs.compile_all(languages.TEXTS)
    return taken


def _take_texts(language: str, given: list[TextRow]) -> int:
    source = _texts_of(language)
    source.parent.mkdir(parents=True, exist_ok=True)
    texts = (
        catalogs.read(source) if source.exists() else Catalog(locale=language, project="Engage", version="")
    )
    texts.update(_read(_template()), no_fuzzy_matching=True)
    said = {
        (_context(row), row.number, row.english): row.translation for row in given if row.translation.strip()
    }
    taken = 0
    for message in texts:
        english = _forms(message.id)
        keys = [(message.context or "", *key) for key in _keys(english, texts.num_plurals)]
        if not message.id or not all(key in said for key in keys):
            continue
        new = tuple(said[key] for key in keys)
        message.string = new if len(english) > 1 else new[0]
        message.flags.discard("fuzzy")
        taken += 1
    _write(source, texts)
    return taken


def _keys(english: tuple[str, ...], forms: int) -> list[tuple[str, str]]:
    """Returns the keys of a text's rows in the table: the number of the form, and the English text."""
    if len(english) == 1:
        return [("", english[0])]
    return [(str(number + 1), english[min(number, 1)]) for number in range(forms)]


def _context(row: TextRow) -> str:
    """Returns the context that separates two meanings of one English text; the table adds it to the place."""
    return row.place.partition(" [")[2].removesuffix("]")


def _take_content(language: str, given: dict[str, TextRow]) -> int:
    folder = languages.CONTENT / language
    if not folder.exists():
        shutil.copytree(languages.CONTENT / languages.ENGLISH, folder)
    taken = 0
    for file in sorted(folder.glob("*.yaml")):
        text, english = file.read_text(), dict(_scalars(languages.CONTENT / languages.ENGLISH / file.name))
        # Replaced from the end, so that earlier positions stay valid.
        for place, node in reversed(list(_scalars(file))):
            row = given.get(place)
            if row is None or not row.translation.strip() or row.translation == node.value:
                continue
            if place in english and english[place].value == row.english:
                text = _replaced(text, node, row.translation)
                taken += 1
        file.write_text(text)
    return taken


def _replaced(text: str, node: yaml.ScalarNode, words: str) -> str:
    end = "\n" if node.style in {"|", ">"} else ""
    quoted = json.dumps(words, ensure_ascii=False)
    return f"{text[: node.start_mark.index]}{quoted}{end}{text[node.end_mark.index :]}"
