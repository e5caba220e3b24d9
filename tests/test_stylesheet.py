"""The stylesheet's house: a file a room, none too long, none forgotten."""

import re
from pathlib import Path

import pytest

from engage.config import ROOT
from engage.static_files import SHEETS

FILES = sorted((ROOT / "static" / "css").iterdir())
MOST_LINES = 450


def plain(text: str) -> str:
    """Without its comments, line by line where it was."""
    return re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment.group().count("\n"), text, flags=re.DOTALL)


def each_file() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))


def test_every_file_has_its_place_in_the_order() -> None:
    assert sorted(f"{name}.css" for name in SHEETS) == [file.name for file in FILES]


@each_file()
def test_a_file_says_first_what_it_holds(file: Path) -> None:
    assert file.read_text().startswith(f"/* {file.stem}: ")


@each_file()
def test_no_file_is_too_long_to_find_ones_way_in(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= MOST_LINES


@each_file()
def test_every_block_is_closed(file: Path) -> None:
    """A lost brace hides everything after it inside an @media rule, and no browser complains."""
    depth = 0
    for number, line in enumerate(plain(file.read_text()).splitlines(), start=1):
        starts_a_rule = bool(line) and line[0] not in " }"
        assert not (starts_a_rule and depth), f"{file.name}, line {number}: the block above is not closed"
        depth += line.count("{") - line.count("}")
    assert depth == 0
