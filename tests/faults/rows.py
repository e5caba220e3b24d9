"""Holds the result of a fault program: what was done, what was counted, and whether a promise broke."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Row:
    """A row; `broken` lists each promise that did not hold, in words, and is empty if all is well."""

    name: str
    done: str = ""
    counts: dict[str, int | str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def must(self, holds: bool, otherwise: str) -> None:
        """Notes a promise; `otherwise` says how it broke."""
        if not holds and otherwise not in self.broken:
            self.broken.append(otherwise)

    def count(self, what: str, more: int = 1) -> None:
        self.counts[what] = int(self.counts.get(what, 0)) + more

    @property
    def counted(self) -> str:
        return ", ".join(
            f"{what} {number:,}" if isinstance(number, int) else f"{what} {number}"
            for what, number in self.counts.items()
        )

    @property
    def end(self) -> str:
        return "FAIL: " + "; ".join(self.broken) if self.broken else "ok"

    def __str__(self) -> str:
        return f"{self.name:<34} {self.done}  {self.counted}  {self.seconds:.0f} s  {self.end}"


@contextmanager
def row(name: str) -> Iterator[Row]:
    """Yields a row that measures how long it took."""
    made, began = Row(name), time.monotonic()
    try:
        yield made
    finally:
        made.seconds = time.monotonic() - began
