"""Papers of a meeting as plain text that mail and messages keep as it is. Plain Python."""

import textwrap
from collections.abc import Iterable, Sequence

# Mail that is answered twice still fits on a line.
WIDTH = 72


def paragraph(text: str, indent: int = 0, first: str = "") -> list[str]:
    """Lines of at most WIDTH letters, each beginning with so many spaces; `first` stands in those of the first line.
    A text's own lines stay lines; a longer word, such as a link, stays whole."""
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
    """Each behind a hyphen."""
    return [line for text in lines for line in paragraph(text, indent=2, first="- ")]


def text_of(blocks: Iterable[Sequence[str]]) -> str:
    """Blocks of lines with one empty line between them; a block without lines is left out."""
    return "\n\n".join("\n".join(block) for block in blocks if block)
