"""What .ci/run took and tested, beside the run that was recorded last (tests/recorded.json).

Nothing fails because of a time: machines are noisy. `make counts` records what the last .ci/run wrote down.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import report

TESTS = Path(__file__).resolve().parent
RECORDED = TESTS / "recorded.json"
# A line for each part that ended, "name seconds", and beside it what pytest printed there: name.log
PARTS = TESTS.parent / "build" / "ci" / "parts.txt"
Row = dict[str, Any]


def rows(parts: Path = PARTS, tests: Path = TESTS) -> list[Row]:
    """Returns a row for the seconds and the passed tests of each part, and for the assertions by mark."""
    found: list[Row] = []
    for line in parts.read_text().splitlines():
        name, seconds = line.rsplit(" ", 1)
        found.append({"name": f"{name}: seconds", "value": int(seconds)})
        log = parts.with_name(f"{name}.log")
        if log.exists() and (passed := re.findall(r"(\d+) passed", log.read_text())):
            found.append({"name": f"{name}: tests", "value": int(passed[-1]), "least": True})
    counts = Counter(mark for file in sorted(tests.rglob("*.py")) for mark in asserted(file))
    marks = sorted(counts.items())
    return [*found, *({"name": f"assertions, {mark}", "value": n, "least": True} for mark, n in marks)]


def asserted(file: Path) -> Iterator[str]:
    """Gives the mark of a file's tests for each thing that it asserts; of helpers that of their file."""
    tree = ast.parse(file.read_text())
    usual = "browser" if file.parent.name == "browser" else "slow" if _is_slow(tree.body) else "fast"
    for node in tree.body:
        slow = isinstance(node, ast.FunctionDef) and _is_slow(node.decorator_list)
        for each in ast.walk(node):
            if isinstance(each, ast.Assert) or (
                isinstance(each, ast.Call) and ast.unparse(each.func) in {"pytest.raises", "pytest.fail"}
            ):
                yield "slow" if slow else usual


def _is_slow(nodes: list[Any]) -> bool:
    """Whether one of these marks what follows; a name for a mark is none."""
    marks = (node for node in nodes if not isinstance(node, ast.FunctionDef | ast.ClassDef))
    return any("pytest.mark.slow" in ast.unparse(node) for node in marks)


def main(words: list[str]) -> None:
    now, before = rows(), report.last(RECORDED)
    if words == ["--keep"]:
        report.keep(report.machine(), now, RECORDED)
    for row in now:
        earlier = before.row(row["name"])
        print(f"{row['name']:34} {row['value']:7} {'was ' + str(earlier['value']) if earlier else 'new'}")


if __name__ == "__main__":
    main(sys.argv[1:])
