"""The passwords that people choose most, as breaches showed them: a file that is read when somebody chooses one."""

import gzip
from collections.abc import Collection
from pathlib import Path

# One a line, lower case, the most frequent first; where it comes from stands in common_passwords.LICENSE.
LIST = Path(__file__).with_name("common_passwords.txt.gz")


def any_common(candidates: Collection[str]) -> bool:
    """Whether one of these is on the list. Line by line: nothing of it stays in memory."""
    with gzip.open(LIST, "rt", encoding="utf-8") as lines:
        return any(line.rstrip("\n") in candidates for line in lines)
