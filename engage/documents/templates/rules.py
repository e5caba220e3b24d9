"""Fills in the templates of documents."""

import re
from collections.abc import Mapping, Sequence

_NAMED = re.compile(r"\{(\w+)\}")
# A line to write on, for what is not known.
LINE = "____________________"


def filled(text: str, known: Mapping[str, str]) -> str:
    """Returns the text with what is known in place of its words in braces, once: what comes in stays as it is."""
    return _NAMED.sub(lambda named: known.get(named.group(1)) or LINE, text)


def as_text(title: str, note: str, parts: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> str:
    """Returns a whole document as plain text. `parts` are headings with texts and points."""
    blocks = [title, f"[{note}]" if note else ""]
    for heading, texts, points in parts:
        blocks += [heading, *texts, "\n".join(f"- {point}" for point in points)]
    return "\n\n".join(filter(None, blocks)) + "\n"
