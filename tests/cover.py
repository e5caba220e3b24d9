"""Which tests run on PostgreSQL: few that together send every statement that all tests send, and some by hand.

`make cover` chooses them anew from what the last `make test` sent, and `.ci/run` does so every time: no statement
goes untried, and no hand-in fails over a list. `make test` says what the list at hand leaves out. Slow tests choose
none and are chosen by hand alone, whole files of them.

Two databases may also differ in what they do with the same statement. Under two writers: each test that sends
statements from a second thread is chosen. In time, or by a byte that one of them refuses: the files where that is
tested are named by hand in tests/postgres/pinned.txt.
"""

import json
import re
import sys
import zlib
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINNED = HERE / "postgres" / "pinned.txt"
COVER = HERE / "postgres" / "cover.txt"
RECORDED = HERE.parent / "build" / "statements.json"
# What starting and ending a test costs beside its own seconds.
EACH = 0.02
# So many lines of what is missing.
SHOWN = 20


@lru_cache(maxsize=20_000)
def named(statement: str) -> str:
    """Returns a short name for a statement, the same for any number of values; nothing for what reads no table."""
    if not re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", statement, re.IGNORECASE):
        return ""
    # However many values there are, and in whatever order a set gave the columns.
    words = sorted(re.findall(r"[a-z_]+|[<>=!|*+-]+", statement.lower()))
    return f"{zlib.crc32(' '.join(words).encode()):08x}"


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def chosen(sent: dict[str, set[str]]) -> set[str]:
    """Returns those of these tests that run on PostgreSQL."""
    files, tests = tuple(lines(PINNED)), set(lines(COVER))
    return {test for test in sent if test in tests or test.startswith(files)}


def missing(sent: dict[str, set[str]]) -> list[str]:
    """Says in a line for each what no chosen test sends, and which tests are chosen and no longer there."""
    covered = set().union(*(sent[test] for test in chosen(sent)))
    left = {test: len(each - covered) for test, each in sent.items() if each - covered}
    found = [f"not on PostgreSQL: {count} statements of {test}" for test, count in sorted(left.items())]
    found += [f"on PostgreSQL, and not there: {test}" for test in lines(COVER) if test not in sent]
    more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return [*found[:SHOWN], *more, "Type: make cover"] if found else []


def record(sent: dict[str, set[str]], seconds: dict[str, float]) -> None:
    RECORDED.parent.mkdir(exist_ok=True)
    kept = {test: [seconds[test], *sorted(each)] for test, each in sorted(sent.items())}
    RECORDED.write_text(json.dumps(kept, indent=0))


def choose(sent: dict[str, set[str]], seconds: dict[str, float]) -> list[str]:
    """Returns few and fast tests that send all of it beside the pinned ones; those already chosen first."""
    pinned, before = tuple(lines(PINNED)), set(lines(COVER))
    left = set().union(*sent.values())
    left -= set().union(*(each for test, each in sent.items() if test.startswith(pinned)))
    found: list[str] = []
    while left:
        # Of two alike the one that is there already: the list changes as little as it can.
        best = max(
            sorted(sent),
            key=lambda test: len(sent[test] & left) / (EACH + seconds[test]) * (1.2 if test in before else 1),
        )
        found.append(best)
        left -= sent[best]
    return sorted(found)


def main() -> None:
    recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    if not recorded:
        sys.exit("Nothing is recorded yet. Type: make test")
    sent = {test: set(each) for test, (_seconds, *each) in recorded.items()}
    found = choose(sent, {test: each[0] for test, each in recorded.items()})
    COVER.write_text("".join(f"{test}\n" for test in found))
    total = set().union(*sent.values())
    print(f"{len(found)} of {len(sent)} tests beside the pinned files send all {len(total)} statements.")


if __name__ == "__main__":
    main()
