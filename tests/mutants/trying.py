"""Trying a mutant: do the tests notice it?

Warm, it is a forked child of a process that has everything imported, the tests collected and run once: only the mutated
code is exchanged, and only tests run that ran its line. Cold, a child imports everything anew: so is tried
what runs at import or while an application is made.
"""

import functools
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from pathlib import Path
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any, NoReturn

import pytest

from tests.mutants.mutations import Source, noting, source_of

# Seconds of the processor, however busy the machine is, beside five times what the tests take without the mutant. Who
# takes longer runs in circles, which counts as noticed.
PATIENCE = 20
# A line that every test runs is tried with the quickest, as many as take so many seconds: with all of them, a mutant
# that none notices would take minutes.
ENOUGH = 15
LEFT, CANNOT, KILLED = 0, 3, 4
# A child of which nothing is mutated must be green, or what the others say is worth nothing.
UNHARMED, RED = "", "red"
# A child finds open what its parent and its siblings use.
LENIENT = ("-W", "ignore::pytest.PytestUnraisableExceptionWarning", "-W", "ignore::ResourceWarning")
FORK = multiprocessing.get_context("fork")


@dataclass
class Trial:
    """What the unharmed run says: each test's seconds, and the functions and lines that ran in it."""

    seconds: dict[str, float] = field(default_factory=dict)
    ran: dict[str, frozenset[str | int]] = field(default_factory=dict)
    red: str = ""

    @property
    def all_ran(self) -> frozenset[str | int]:
        return frozenset[str | int]().union(*self.ran.values())

    def tests_of(self, line: int) -> list[str]:
        """The tests that may notice, the quickest first; of all tests for what none runs, because imports do."""
        chosen = [test for test, ran in self.ran.items() if line in ran] or [*self.seconds]
        chosen.sort(key=self.seconds.__getitem__)
        until = itertools.accumulate(self.seconds[test] for test in chosen)
        return [test for test, total in zip(chosen, until, strict=True) if total <= ENOUGH] or chosen[:1]

    def patience(self, tests: Iterable[str]) -> float:
        return PATIENCE + 5 * sum(self.seconds[test] for test in tests)


def import_others() -> None:
    """What Engage stands on, once for all children; no plugin of pytest, which wants to import those itself."""
    for name in (
        "alembic.command",
        "flask_babel",
        "flask_compress",
        "flask_login",
        "flask_migrate",
        "flask_wtf",
    ):
        importlib.import_module(name)
    for name in (
        "argon2",
        "email_validator",
        "flask_sqlalchemy",
        "sqlalchemy.orm",
        "whitenoise",
        "rustpy_xlsxwriter",
    ):
        importlib.import_module(name)


# -- children


def children(jobs: Mapping[str, Callable[[], int]], at_once: int) -> Iterator[tuple[str, int]]:
    """Runs each in a child of its own and gives its exit code, as they end; negative for a signal."""
    waiting, running = dict(jobs), dict[int, tuple[str, Any]]()
    while waiting or running:
        while waiting and len(running) < at_once:
            name = next(iter(waiting))
            process = FORK.Process(target=_child, args=(waiting.pop(name),))
            process.start()
            running[process.sentinel] = (name, process)
        for sentinel in connection.wait([*running]):
            name, process = running.pop(sentinel)  # type: ignore[index]
            process.join()
            if process.exitcode not in {LEFT, CANNOT, KILLED, -signal.SIGPROF}:
                sys.exit(f"The trial itself broke with {process.exitcode}: {name}")
            yield name, process.exitcode


def _child(job: Callable[[], int]) -> NoReturn:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os._exit(job())


# -- warm: only the code is exchanged


class Warm:
    """A plugin that runs the tests once, then once more for each mutant in a child."""

    def __init__(
        self, module: str, wanted: Sequence[str], at_once: int, say: Callable[[object], None]
    ) -> None:
        self.module, self.wanted, self.at_once, self.say = module, wanted, at_once, say
        self.app: Any = None
        self.failure = ""
        self.ran: set[str | int] = set()

    def pytest_sessionstart(self) -> None:
        _repeatable()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failure = f"{report.nodeid}\n{report.longreprtext}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self) -> None:
        self.ran.clear()  # what is set up for the whole session is not made anew for a mutant

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        made = yield
        if fixturedef.argname == "app":
            self.app = made
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        trial = self._trial(session)
        self.say(trial)
        if not trial.red:
            source = source_of(self.module)
            wanted = [each for each in source.mutations if each.name in self.wanted]
            ran = trial.all_ran
            tests = {UNHARMED: [*trial.seconds]}
            for each in (each for each in wanted if each.function in ran):
                if each.line in ran:
                    tests[each.name] = trial.tests_of(each.line)
                else:  # the function was entered, and this line never ran
                    self.say((each.name, LEFT))
            jobs = {
                name: functools.partial(self._mutant, session, source, name, tests[name], trial)
                for name in tests
            }
            for answer in children(jobs, self.at_once):
                self.say(answer)
                if answer[0] == UNHARMED and answer[1] != LEFT:
                    break
        return True

    def _trial(self, session: pytest.Session) -> Trial:
        module = importlib.import_module(self.module)
        trial = Trial()
        vars(module)["__ran__"] = self.ran.add
        Living(module).exchange(noting(source_of(self.module)))
        for item in session.items:
            start = time.process_time()
            self._run(session, item)
            trial.seconds[item.nodeid] = time.process_time() - start
            trial.ran[item.nodeid] = frozenset(self.ran)
            if self.failure:
                trial.red = self.failure
                break
        if self.app is not None:
            _let_go(self.app)
        self.living = Living(module)
        gc.freeze()  # or each child copies all memory when it collects
        return trial

    def _run(self, session: pytest.Session, item: pytest.Item) -> None:
        """One test; what stands for the whole session stays."""
        after = SimpleNamespace(listchain=lambda: [session])
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)

    def _mutant(
        self, session: pytest.Session, source: Source, name: str, tests: Sequence[str], trial: Trial
    ) -> int:
        signal.setitimer(signal.ITIMER_PROF, trial.patience(tests))
        if name != UNHARMED:
            next(each for each in source.mutations if each.name == name).apply()
        try:
            self.living.exchange(source)
        except ValueError:  # the new code closes over other names
            return CANNOT
        with tempfile.TemporaryDirectory() as folder:
            if self.app is not None:
                _own_database(self.app, Path(folder))
            items = {item.nodeid: item for item in session.items}
            for test in tests:
                self._run(session, items[test])
                if self.failure:
                    if name == UNHARMED:
                        self.say((RED, self.failure))
                    return KILLED
        return LEFT


def warm(
    module: str, files: Sequence[str], wanted: Sequence[str], at_once: int
) -> tuple[Trial, dict[str, int]]:
    """The unharmed run, and the exit code of each mutant that could be tried without importing anew."""
    here, there = FORK.Pipe(duplex=False)

    def run() -> int:
        return int(pytest.main([*LENIENT, *files], plugins=[Warm(module, wanted, at_once, there.send)]))

    process = FORK.Process(target=_child, args=(run,))
    process.start()
    there.close()
    said: list[Any] = []
    try:
        while True:
            said.append(here.recv())
    except EOFError:
        process.join()
    if not said or said[0].red:
        sys.exit(f"{module}: its tests fail without any mutant. {said[0].red if said else files}")
    codes = dict(said[1:])
    red = codes.pop(RED, "")
    if codes.pop(UNHARMED, None) != LEFT:
        sys.exit(f"{module}: a child's tests fail without any mutant. {red}")
    return said[0], codes


def _repeatable() -> None:
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    settings.load_profile("mutants")


class Living:
    """The module's functions that live in this process, closures too, and what Engage keeps of answers."""

    def __init__(self, module: ModuleType) -> None:
        gc.unfreeze()
        living = gc.get_objects()
        functions = [each for each in living if isinstance(each, FunctionType)]
        kept = [each for each in living if isinstance(each, type(functools.cache(len)))]
        self.functions = [each for each in functions if each.__code__.co_filename == module.__file__]
        self.kept = [each for each in kept if str(each.__module__).startswith("engage")]

    def exchange(self, source: Source) -> None:
        """Gives every function the code that it has in this source, and forgets what was kept."""
        codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(source.compiled())}
        for each in self.functions:
            each.__code__ = codes[each.__code__.co_qualname, each.__code__.co_firstlineno]
        for answers in self.kept:
            answers.cache_clear()


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def _let_go(app: Any) -> None:
    """No connection is open when children are made."""
    from engage.extensions import db
    from tests import databases

    with app.app_context():
        db.session.remove()
        databases.close(app)


def _own_database(app: Any, folder: Path) -> None:
    """Several children run at once: each has a copy of the database."""
    from sqlalchemy import event

    from engage.extensions import db

    with app.app_context():
        engine = db.engine
    old = Path(str(engine.url.database))
    for file in old.parent.glob(f"{old.name}*"):
        shutil.copy(file, folder)

    @event.listens_for(engine, "do_connect")
    def elsewhere(_dialect: object, _record: object, arguments: list[Any], _named: object) -> None:
        arguments[0] = str(folder / old.name)


# -- cold: the module is imported with its fault


class Cold:
    """A plugin that runs the chosen tests in their order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.place = {test: number for number, test in enumerate(tests)}

    def pytest_sessionstart(self) -> None:
        _repeatable()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.place), key=lambda item: self.place[item.nodeid]
        )


class Faulty(importlib.machinery.SourceFileLoader):
    source: Source

    def get_code(self, fullname: str) -> CodeType:
        return self.source.compiled()


class Finder(importlib.abc.MetaPathFinder):
    def __init__(self, module: str, source: Source) -> None:
        self.module, self.source = module, source

    def find_spec(self, fullname: str, path: object, target: object = None) -> Any:
        if fullname != self.module:
            return None
        loader = Faulty(fullname, str(self.source.path))
        loader.source = self.source
        return importlib.util.spec_from_file_location(fullname, self.source.path, loader=loader)


def cold(module: str, name: str, tests: Sequence[str], patience: float) -> int:
    assert module not in sys.modules, module
    signal.setitimer(signal.ITIMER_PROF, patience)
    source = source_of(module)
    if name != UNHARMED:
        next(each for each in source.mutations if each.name == name).apply()
    sys.meta_path.insert(0, Finder(module, source))
    files = sorted({test.split("::")[0] for test in tests})
    code = pytest.main(["-x", *LENIENT, *files], plugins=[Cold(tests)])
    return LEFT if code == pytest.ExitCode.OK else KILLED
