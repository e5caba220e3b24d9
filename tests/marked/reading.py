"""Reads the words that stand outside all marks: in a page, a mail, a table, a calendar or a report."""

import csv
import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from io import BytesIO, StringIO
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit
from zipfile import ZipFile

from babel import Locale
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import TestResponse

from tests.marked.marks import CLOSE, INTO, LANGUAGE, OPEN, OUT

# What is read out or shown beside the text itself.
SAID = (
    "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "alt", "label", "summary",
    "data-label", "data-copied", "data-leaves", "data-waits", "data-no-connection", "data-unsaved", "data-typing",
    "data-offline", "data-busy",
)  # fmt: skip
BUTTONS = {"submit", "button", "reset"}
TYPED = {"text", "search", None}
# A text ends with its element, but for these, which may stand in the middle of one.
INLINE = {
    "-text", "a", "abbr", "b", "bdi", "del", "em", "i", "ins", "mark", "q", "small", "span", "strong", "time",
    "tspan", "u", "wbr",
}  # fmt: skip
# Scripts are read by no one; code is what to type or to look for, and the same in every language.
SILENT = {"script", "style", "code", "kbd"}
# What a calendar shows of an event, and its own name.
OF_A_CALENDAR = {"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "NAME", "X-WR-CALNAME"}
_LOCALE = Locale.parse(LANGUAGE)
# The language's own words of days, months, quarters, times, lists and numbers: CLDR wrote them.
OF_THE_LANGUAGE = (
    {
        word
        for names in (_LOCALE.months, _LOCALE.days, _LOCALE.quarters, _LOCALE.day_periods)
        for widths in names.values()
        for words in widths.values()
        for name in words.values()
        for word in re.findall(r"[^\W\d_]+", name)
    }
    | {"de", "trimestre", "y", "e", "mil", "M", "CST", "CDT"}
    | {_LOCALE.languages[name] for name in ("en", "es")}
)
# What is the same in every language, and why.
SAME = [
    (r'=IMPORTDATA\("\S+', "a formula of Google Sheets"),
    (r"(?:https?|webcal|mailto|tel|sms):\S+", "an address"),
    (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "an e-mail address"),
    (r"[\w-]+(?:\.[\w-]+)*\.(?:com|gov|org|example)(?:/\S*)?", "a site"),
    (r"/(?:[\w%.~-]+/?)+", "the end of an address"),
    (r"[\w-]+\.(?:csv|xlsx|json|ics|pdf|zip|yaml|txt)\b", "a file's name"),
    (r"\bEngage\b", "the name of this product"),
    (r"\b(?:PDF|CSV|XLSX|JSON|TTY|UTC|GB|MB)\b", "a format or a unit, called so everywhere"),
    (r"\bSQLite [\d.]+|\bPostgreSQL [\d.]+", "a program"),
    (r"\[(?:name|link)\]", "what a letter puts in its place"),
    (r"\b(?:[A-Z][a-z]+|US)/[\w/ +-]+", "a time zone by its key"),
    (r"\b[0-9a-f]{8,}\b", "a version"),
    (r"\bEnglish\b|\bEspañol(?: \(Puerto Rico\))?", "a language's own name"),
    (r"\bareas\b", "a field of a file of questions"),
    (r"\btext \d+\b|\briverbend\b|\belsewhere\b", "a row of these tests"),
    (r"\{pages?\}", "where the typesetter puts a number"),
]
_SAME = re.compile("|".join(f"(?:{pattern})" for pattern, _why in SAME))
_WORD = re.compile(r"[^\W\d_]{2,}")


class Bare(NamedTuple):
    """Words outside all marks, and where they stand."""

    words: str
    where: str


class Marks:
    """Follows the marks through a text that comes in pieces."""

    def __init__(self) -> None:
        self._inside: list[str] = []

    def outside(self, text: str) -> str:
        """Returns what stands outside of them; a mark itself becomes a space."""
        found = []
        for letter in text:
            if letter in (OPEN, INTO):
                self._inside.append(letter)
            elif letter in (CLOSE, OUT):
                opened = OPEN if letter == CLOSE else INTO
                while self._inside and self._inside.pop() != opened:
                    pass
            elif not self._inside or self._inside[-1] == INTO:
                found.append(letter)
                continue
            found.append(" ")
        return "".join(found)


def bare(text: str) -> str:
    """Returns the words of a text that come from nowhere; blank if there are none."""
    outside = " ".join(_SAME.sub(" ", Marks().outside(text)).split())
    return outside if set(_WORD.findall(outside)) - OF_THE_LANGUAGE else ""


def in_answer(answer: TestResponse) -> Iterator[Bare]:
    """Yields what stands bare in an answer of any kind that people read."""
    match answer.mimetype:
        case "text/html":
            yield from in_page(answer.get_data(as_text=True))
        case "text/csv":
            yield from in_table(answer.get_data(as_text=True))
        case "text/calendar":
            yield from in_calendar(answer.get_data(as_text=True))
        case "application/pdf":
            yield from in_paper(json.loads(answer.data))
        case "application/zip":
            yield from in_archive(answer.data)
        case mimetype if "spreadsheet" in mimetype:
            yield from in_workbook(answer.data)


def in_page(html: str) -> Iterator[Bare]:
    tree = LexborHTMLParser(html)
    root = tree.css_first("html")
    if root is not None:
        yield from _Page(root.attributes.get("lang") or "").read(root)


class _Page:
    """Puts a page's texts together as they are read, through the elements within a text."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._text: list[str] = []
        self._where = ""

    def read(self, node: LexborNode) -> Iterator[Bare]:
        yield from self._walk(node)
        yield from self._end()

    def _walk(self, node: LexborNode) -> Iterator[Bare]:
        if node.tag == "-text":
            self._text.append(node.text(deep=False))
            return
        if node.tag in SILENT or (node.attributes.get("lang") or self._language) != self._language:
            return
        if node.tag not in INLINE:
            yield from self._end()
            self._where = _place(node)
        yield from self._attributes(node)
        if node.tag in {"a", "span"}:
            self._text.append(" ")
        child = node.child
        while child is not None:
            yield from self._walk(child)
            child = child.next
        if node.tag not in INLINE:
            yield from self._end()

    def _end(self) -> Iterator[Bare]:
        if words := bare("".join(self._text)):
            yield Bare(words, self._where)
        self._text.clear()

    def _attributes(self, node: LexborNode) -> Iterator[Bare]:
        for name, value in node.attributes.items():
            said = value or ""
            if name == "href" and said.startswith(("mailto:", "sms:")):
                said = " ".join(text for _name, text in parse_qsl(urlsplit(said).query))
            elif not (name in SAID or (name == "value" and _is_read(node))) or said.startswith("<iframe "):
                continue  # a frame to paste into another site is code
            if words := bare(said):
                yield Bare(words, f"{name} of {_place(node)}")


def _is_read(node: LexborNode) -> bool:
    return node.tag == "input" and node.attributes.get("type") in BUTTONS | TYPED


def _place(node: LexborNode) -> str:
    named = [
        f"{name}={node.attributes[name]}" for name in ("id", "class", "name") if node.attributes.get(name)
    ]
    return f"<{' '.join([node.tag or '', *named])}>"


def in_mail(mail: EmailMessage) -> Iterator[Bare]:
    """Yields what stands bare in its text, its page and the calendars that go along."""
    for part in mail.walk():
        content = part.get_content() if part.get_content_maintype() != "multipart" else ""
        if part.get_content_subtype() == "html":
            yield from in_page(content)
        elif part.get_content_subtype() == "calendar":
            yield from in_calendar(content if isinstance(content, str) else content.decode())
        elif isinstance(content, str) and (words := bare(content)):
            yield Bare(words, "the text")


def in_table(text: str) -> Iterator[Bare]:
    yield from _in_rows(list(csv.reader(StringIO(text.removeprefix("\ufeff")))))


def _in_rows(rows: list[Any]) -> Iterator[Bare]:
    # The columns of a plan are those that an import knows.
    for row in rows[1:] if rows and rows[0][:1] in (["ref"], ("ref",)) else rows:
        for cell in row:
            if isinstance(cell, str) and (words := bare(cell)):
                yield Bare(words, "a cell")


def in_workbook(data: bytes) -> Iterator[Bare]:
    for sheet in load_workbook(BytesIO(data), read_only=True):
        if words := bare(sheet.title):
            yield Bare(words, "a sheet")
        yield from _in_rows(list(sheet.iter_rows(values_only=True)))


def in_calendar(text: str) -> Iterator[Bare]:
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        name, _colon, value = line.partition(":")
        said = value.replace("\\n", " ").replace("\\", "")
        if name.partition(";")[0] in OF_A_CALENDAR and (words := bare(said)):
            yield Bare(words, name)


def in_paper(told: object) -> Iterator[Bare]:
    """Yields what stands bare in what the typesetter is told."""
    for text in _texts(told):
        if words := bare(text):
            yield Bare(words, "the paper")


def _texts(told: object) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, list):
        for each in told:
            yield from _texts(each)
    elif isinstance(told, dict):
        for name, value in told.items():
            if name == "columns":  # a label and a width
                yield from (label for label, _width in value)
            elif name == "rows":  # a cell is its text, or text, kind, note and address
                cells = [cell for row in value for cell in row]
                yield from (cell if isinstance(cell, str) else f"{cell[0]} {cell[2]}" for cell in cells)
            elif name not in {"id", "language"}:
                yield from _texts(value)


def in_archive(data: bytes) -> Iterator[Bare]:
    with ZipFile(BytesIO(data)) as file:
        for name in file.namelist():
            if name.endswith(".csv"):
                yield from in_table(file.read(name).decode("utf-8-sig"))
            elif name.endswith((".txt", ".md")) and (words := bare(file.read(name).decode())):
                yield Bare(words, name)
