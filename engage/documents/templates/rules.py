"""Fills in the templates of documents."""

import re
from collections.abc import Mapping, Sequence

_NAMED = re.compile(r"\{(\w+)\}")
# The blank line printed in place of an unknown value.
LINE = "____________________"


def filled(text: str, known: Mapping[str, str]) -> str:
    """Returns the text with its placeholders replaced, except any within inserted values."""
    return _NAMED.sub(lambda named: known.get(named.group(1)) or LINE, text)


def as_text(title: str, note: str, parts: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> str:
    """Returns a whole document as plain text. `parts` are headings with paragraphs and bullet points."""
    blocks = [title, f"[{note}]" if note else ""]
    for heading, texts, points in parts:
        blocks += [heading, *texts, "\n".join(f"- {point}" for point in points)]
    return "\n\n".join(filter(None, blocks)) + "\n"
