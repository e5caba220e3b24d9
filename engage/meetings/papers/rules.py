"""Writes papers of a meeting as plain text that mail programs and messages leave unchanged."""

import textwrap
from collections.abc import Iterable, Sequence

# At this width, a mail that was quoted twice still fits on a line.
WIDTH = 72


def paragraph(text: str, indent: int = 0, first: str = "") -> list[str]:
    """Returns lines of at most WIDTH characters, each indented by so many spaces; `first` is put into the first indent.

    The text's own line breaks are kept; a longer word, such as a link, is not broken.
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
    """Returns each line after a hyphen."""
    return [line for text in lines for line in paragraph(text, indent=2, first="- ")]


def text_of(blocks: Iterable[Sequence[str]]) -> str:
    """Returns blocks of lines separated by one empty line, without empty blocks."""
    return "\n\n".join("\n".join(block) for block in blocks if block)
