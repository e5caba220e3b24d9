"""Holds the most common passwords of known breaches, in a file that is read on demand."""

import gzip
from collections.abc import Collection
from pathlib import Path

# The file has one password per line, lower case, the most frequent first; common_passwords.LICENSE names its source.
LIST = Path(__file__).with_name("common_passwords.txt.gz")


def any_common(candidates: Collection[str]) -> bool:
    """Returns whether one of these is on the list. The file is read line by line, so nothing of it stays in memory."""
    with gzip.open(LIST, "rt", encoding="utf-8") as lines:
        return any(line.rstrip("\n") in candidates for line in lines)
