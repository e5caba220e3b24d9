"""`make mutants`: small faults are put into the rules, one at a time, and a test must notice each.

`python -m tests.mutants votes` takes the modules with this word in their name; `--write` writes what no test noticed
into survivors.txt, where a few words after ` # ` say why each may stay. What is explained there is not tried again but
with `--all`. The exit code counts those that are left without an explanation.
"""

import argparse
import functools
import os
import sys
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.mutants import survivors
from tests.mutants.mutations import HERE, ROOT, source_of
from tests.mutants.trying import CANNOT, LEFT, UNHARMED, children, cold, import_others, warm

FILES: Mapping[str, list[str]] = {
    module: entry["tests"] for module, entry in tomllib.loads((HERE / "modules.toml").read_text()).items()
}
HEAD = ("module", "mutants", "killed", "explained", "left", "seconds")


@dataclass
class Count:
    """What became of a module's mutants. Whoever runs in circles is killed, too."""

    module: str
    mutants: int
    explained: int
    left: list[str]
    seconds: float = 0
    by_now: list[str] = field(default_factory=list)

    def row(self) -> tuple[object, ...]:
        killed = self.mutants - self.explained - len(self.left)
        return (self.module, self.mutants, killed, self.explained, len(self.left), round(self.seconds))


def count(module: str, reasons: Mapping[str, str], at_once: int, *, again: bool) -> Count:
    start = time.perf_counter()
    line_of = {each.name: each.line for each in source_of(module).mutations}
    explained = {name for name in line_of if reasons.get(name)}
    wanted = [name for name in line_of if again or name not in explained]
    trial, codes = warm(module, FILES[module], wanted, at_once)
    # What runs at import, or cannot be exchanged: first the nearest tests, which are quick to collect.
    alone = [name for name in wanted if codes.get(name, CANNOT) == CANNOT]
    for files in (FILES[module][:1], FILES[module][1:]):
        jobs = {}
        for name in [UNHARMED, *alone] if alone else []:
            chosen = trial.tests_of(line_of[name]) if name in line_of else [*trial.seconds]
            tests = [test for test in chosen if test.startswith(tuple(files))]
            if tests:
                jobs[name] = functools.partial(cold, module, name, tests, trial.patience(tests))
        codes.update(children(jobs, at_once))
        if codes.pop(UNHARMED, LEFT) != LEFT:
            sys.exit(f"{module}: the tests fail without any mutant when all is imported anew.")
        alone = [name for name in alone if codes.get(name, CANNOT) in {LEFT, CANNOT}]
    left = {name for name in wanted if codes.get(name, CANNOT) in {LEFT, CANNOT}}
    return Count(
        module,
        len(line_of),
        len(explained - {*wanted} | explained & left),
        sorted(left - explained),
        time.perf_counter() - start,
        sorted((explained & {*wanted}) - left),
    )


def _print(row: tuple[object, ...]) -> None:
    print(f"{row[0]:<36}" + "".join(f"{each:>10}" for each in row[1:]), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("word", nargs="?", default="", help="only the modules with this word in their name")
    parser.add_argument("--all", action="store_true", help="try the explained ones, too")
    parser.add_argument("--write", action="store_true", help="write what is left into survivors.txt")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    os.environ.pop("ENGAGE_TEST_DATABASE_URL", None)
    os.chdir(ROOT)
    import_others()
    known = survivors.read()
    _print(HEAD)
    counts = []
    for module in (each for each in FILES if asked.word in each):
        counts.append(count(module, known.get(module, {}), asked.jobs, again=asked.all))
        _print(counts[-1].row())
    for each in counts:
        for name in each.left:
            print(f"left in {each.module}: {name}")
        for name in each.by_now:
            print(f"killed by now, its line in survivors.txt may go: {each.module}: {name}")
    if asked.write:
        survivors.write({each.module: each.left for each in counts})
    return min(sum(len(each.left) for each in counts), 100)


if __name__ == "__main__":
    sys.exit(main())
