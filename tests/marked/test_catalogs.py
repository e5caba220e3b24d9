"""The texts of each language have what English has: what is put into them, their elements and their forms.

What is not translated yet is English, and `make check` names it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from engage import catalogs, languages

SOURCES = catalogs.sources(languages.TEXTS)
PUT_IN = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|\[(?:name|link)\]")
MARKUP = re.compile(r"<[^>]*>|&\w+;")
# One thing may be said without its number: *1 person* or *a person*.
COUNTED = {"%(num)s", "%(spelled)s"}
EDGES = re.compile(r"^\s*|\s*$")


def english_and_other(message: Message) -> Iterator[tuple[str, str]]:
    """Yields what each form of a text is compared with: one thing has the first form, more have the second."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
        return
    one, more = message.id
    for number, said in enumerate(message.string):
        yield (one if number == 0 else more), said


def faults(catalog: Catalog) -> Iterator[str]:
    for message in catalog:
        if not message.id:
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        said = [message.string] if isinstance(message.id, str) else list(message.string)
        if not all(said):
            continue
        if not isinstance(message.id, str) and len(said) != catalog.num_plurals:
            yield f"{name!r} has {len(said)} forms in place of {catalog.num_plurals}"
        for english, other in english_and_other(message):
            lacks = set(PUT_IN.findall(english)) ^ set(PUT_IN.findall(other))
            if lacks - (set() if isinstance(message.id, str) else COUNTED):
                yield f"{name!r} has other places for what is put in: {sorted(lacks)}"
            if sorted(MARKUP.findall(english)) != sorted(MARKUP.findall(other)):
                yield f"{name!r} has other markup"
            if EDGES.findall(english) != EDGES.findall(other):
                yield f"{name!r} begins or ends with other space"


@pytest.mark.parametrize("source", SOURCES, ids=[each.parents[1].name for each in SOURCES])
def test_a_language_has_what_english_has(source: Path) -> None:
    assert list(faults(catalogs.read(source))) == []


def catalog_of(english: str | tuple[str, str], other: str | tuple[str, ...]) -> Catalog:
    made = Catalog(locale="es")
    made.mime_headers = [("Plural-Forms", "nplurals=2; plural=(n != 1);")]  # as our file's head says
    made.add(english, other)
    return made


@pytest.mark.parametrize(
    ("english", "other", "fault"),
    [
        ("Due %(day)s", "Vence el %(dia)s", "other places"),
        ("Due %(day)s", "Vence pronto", "other places"),
        ("100%% of them", "Todas", "other places"),
        ("Read <b>this</b>", "Lea esto", "other markup"),
        ("and ", "y", "other space"),
        (("%(num)s day", "%(num)s days"), ("%(num)s día",), "1 forms"),
        (
            ("%(num)s day of %(name)s", "%(num)s days of %(name)s"),
            ("Un día", "%(num)s días de %(name)s"),
            "other places",
        ),
    ],
)
def test_what_differs_is_found(
    english: str | tuple[str, str], other: str | tuple[str, ...], fault: str
) -> None:
    (found,) = faults(catalog_of(english, other))
    assert fault in found


def test_one_thing_may_be_said_without_its_number() -> None:
    whole = catalog_of(("%(num)s day", "%(num)s days"), ("Un día", "%(num)s días"))
    assert list(faults(whole)) == []
