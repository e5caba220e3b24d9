"""Runs `make faults`: makes what can go wrong go wrong and counts it, in about twenty minutes; one row per program.

`python -m tests.faults --only kill` runs those whose name has this word; `--record` rewrites the table of
docs/reliability.md. The last line counts the FAILs, and so does the exit code.
"""

import argparse
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.processes import ROOT
from bench.report import machine
from engage import clock
from tests.faults import (
    clocks,
    clusters,
    floods,
    full_disk,
    fuzz,
    gone,
    kill,
    proxies,
    scanners,
    slow,
    stored_markup,
    two_writers,
)
from tests.faults.rows import Row, row

WRITES = 5_000
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: written by make faults -->", "<!-- faults: end -->"


def _on_a_cluster(program: Callable[[str], Row]) -> Row:
    with clusters.cluster() as cluster:
        return program(cluster.url)


PROGRAMS: dict[str, Callable[[], Row]] = {
    "kill-sqlite": lambda: kill.run(WRITES),
    "kill-postgresql": lambda: _on_a_cluster(lambda url: kill.run(WRITES, database=url)),
    "full-disk": full_disk.run,
    "postgresql-gone": gone.run,
    "two-writers-sqlite": two_writers.run,
    "two-writers-postgresql": lambda: _on_a_cluster(two_writers.run),
    "clock": clocks.run,
    "forged-headers": proxies.run,
    "slow-clients": slow.run,
    "flood-of-fields": floods.run_fields,
    "flood-of-questions": floods.run_questions,
    "flood-of-plans": floods.run_plans,
    "fuzz": fuzz.count,
    "stored-markup": stored_markup.run,
    "wapiti": scanners.wapiti,
    "sqlmap": scanners.sqlmap,
}


def _run(name: str) -> Row:
    """Runs one program; one that crashes is a FAIL, and the others still run."""
    with row(name) as made:
        try:
            return PROGRAMS[name]()
        except Exception as error:
            traceback.print_exc()
            made.broken.append(type(error).__name__)
    return made


def table(rows: list[Row]) -> Iterator[str]:
    """Yields the table as Markdown, with the day, the commit and the machine."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    yield f"Run on {clock.today()} at {commit.stdout.strip() or 'no commit'} ({machine()}):"
    yield ""
    yield "| fault | what was done | counted | seconds | |"
    yield "|---|---|---|---|---|"
    for each in rows:
        yield f"| {each.name} | {each.done} | {each.counted} | {each.seconds:.0f} | {each.end} |"


def record(rows: list[Row], page: Path = PAGE) -> None:
    text = page.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    lines = "\n".join(table(rows))
    page.write_text(f"{before}{BEGIN}\n{lines}\n{END}{after}")


def main() -> None:
    asked = argparse.ArgumentParser(prog="make faults", description=__doc__)
    asked.add_argument("--only", default="", metavar="WORD", help="the programs with this word in their name")
    asked.add_argument("--record", action="store_true", help="write the table of docs/reliability.md")
    wanted = asked.parse_args()
    rows = []
    for name in PROGRAMS:
        if wanted.only in name:
            rows.append(_run(name))
            print(rows[-1], flush=True)
    if wanted.record:
        record(rows)
    fails = sum(bool(each.broken) for each in rows)
    print(f"{fails} FAIL of {len(rows)}")
    sys.exit(min(fails, 1))


if __name__ == "__main__":
    main()
