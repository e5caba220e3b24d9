"""Reads the words by which people's own tables and the files of other makers call columns and choices."""

from collections.abc import Mapping
from functools import cache

from engage.content.nodes import Value, read
from engage.languages import CONTENT

FILE = CONTENT / "import_words.yaml"


@cache
def import_words(part: str) -> Mapping[str, tuple[str, ...]]:
    """Returns the words of a part of the file by what they mean, in the file's order."""
    found = _file().field(part)
    assert found is not None, f"{FILE.name} has no part {part}"
    words = ((name.value, Value(FILE.name, node).text()) for name, node in found.node.value)
    return {name: tuple(each.strip() for each in text.split(",")) for name, text in words}


@cache
def _file() -> Value:
    return read(FILE, FILE.name)
