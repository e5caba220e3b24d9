"""Formats papers of a meeting as plain text that mail and messaging programs show unchanged."""

import textwrap
from collections.abc import Iterable, Sequence

# With this width, lines still fit after a mail was quoted twice.
WIDTH = 72


def paragraph(text: str, indent: int = 0, first: str = "") -> list[str]:
    """Returns lines of at most WIDTH characters, each indented; `first` starts the first line's indent.

    Line breaks in the text are kept; a word that is longer, such as a link, is not broken.
    """
    space = " " * indent
    found: list[str] = []
    for line in text.splitlines() or [""]:
        found += textwrap.wrap(
            line,
            WIDTH,
            initial_indent=space if found else first.ljust(indent),
            subsequent_indent=space,
            break_long_words=False,
            break_on_hyphens=False,
        ) or ([""] if found else [first.rstrip()])
    return found


def listed(lines: Iterable[str]) -> list[str]:
    """Returns the lines as a list, with a hyphen before each."""
    return [line for text in lines for line in paragraph(text, indent=2, first="- ")]


def text_of(blocks: Iterable[Sequence[str]]) -> str:
    """Returns the blocks of lines with one empty line between them, without empty blocks."""
    return "\n\n".join("\n".join(block) for block in blocks if block)
