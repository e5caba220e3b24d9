"""What a run of a whole set of tests must hold beside its tests, gathered from all workers.

Every template is rendered, and of all tests few are slow. A statement that no test for PostgreSQL sends is said here
and covered by `.ci/run`, which chooses those tests anew (see tests/cover.py).
"""

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import cover

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
# Of all tests; more of them, and no one would run all before a change is handed in.
SLOW_SHARE = 0.08

# What a test has sent from a second thread: what several writers do to each other differs between the databases.
BESIDE = "beside"

_seen: set[str] = set()
_sent: dict[str, set[str]] = {}
_seconds: dict[str, float] = {}
_counts: dict[str, int] = {}
_failed: list[str] = []
_said: list[str] = []
_current: set[str] | None = None


def watch(app: Flask) -> None:
    """Notes every template the environment hands out: rendered, extended, included or imported."""
    load = app.jinja_env._load_template

    def noting(name: str, globals: Any) -> Any:
        _seen.add(name)
        return load(name, globals)

    app.jinja_env._load_template = noting  # type: ignore[method-assign]


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def _note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    if _current is not None and (kept := cover.named(statement)):
        _current.add(kept if threading.current_thread() is threading.main_thread() else BESIDE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """What fixtures send is left out: it belongs to whichever test comes first."""
    global _current
    began, _current = time.process_time(), set()
    try:
        return (yield)
    finally:
        if _current and not item.get_closest_marker("slow"):
            # As one asks for it: xdist writes behind its name with which others it shares a worker.
            test = re.sub(r"@\w+$", "", item.nodeid)
            # Its own alone: so each of these tests is chosen.
            beside = {f"{BESIDE} {test}"} if BESIDE in _current else set()
            _sent[test] = _current - {BESIDE} | beside
            _seconds[test] = round(time.process_time() - began, 3)
        _current = None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Counts before any are chosen by their mark; names each test's group, by which xdist gives them one worker."""
    for item in items if config.getoption("loadgroup", False) else ():
        # xdist 3.8 writes it where pytest 9.2 does not look any more.
        if group := item.get_closest_marker("xdist_group"):
            item._id = item.id.parse(f"{item.nodeid}@{group.args[0]}")
    slow = sum(item.get_closest_marker("slow") is not None for item in items)
    _counts.update(slow=slow, all=len(items))


def _whole_suite(config: pytest.Config) -> bool:
    """Whether all tests were asked for, but for the slow ones."""
    fewer = any(config.getoption(name) for name in ("keyword", "collectonly", "lf", "stepwise", "deselect"))
    marked = config.getoption("markexpr") in {"", "not slow"}
    return marked and not fewer and config.args == config.getini("testpaths")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        sent = {test: sorted(sent) for test, sent in _sent.items()}
        config.workeroutput["seen"] = json.dumps([sorted(_seen), sent, _seconds, _counts])
        return
    if not _whole_suite(config):
        return
    cover.record(_sent, _seconds)
    if session.testsfailed:
        return
    _failed.extend(_never_rendered())
    if _counts["slow"] > SLOW_SHARE * _counts["all"]:
        _failed.append(f"too slow: {_counts['slow']} of {_counts['all']} tests are marked slow")
    _said.extend(cover.missing(_sent))
    if _failed:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _never_rendered() -> list[str]:
    every = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    return [f"never rendered: templates/{name}" for name in sorted(every - _seen)]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    output: Mapping[str, Any] = getattr(node, "workeroutput", {})
    if "seen" in output:
        seen, sent, seconds, counts = json.loads(output["seen"])
        _seen.update(seen)
        _sent.update({test: set(each) for test, each in sent.items()})
        _seconds.update(seconds)
        _counts.update(counts)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for line in _failed:
        terminalreporter.write_line(f"FAILED {line}", red=True)
    for line in _said:
        terminalreporter.write_line(line, yellow=True)
