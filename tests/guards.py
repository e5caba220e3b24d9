"""What a run of a whole set of tests must hold beside its tests, gathered from all workers.

Every template is rendered, and of all tests few are slow.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
# Of all tests; more of them, and no one would run all before a change is handed in.
SLOW_SHARE = 0.08

_seen: set[str] = set()
_counts: dict[str, int] = {}
_failed: list[str] = []


def watch(app: Flask) -> None:
    """Notes every template the environment hands out: rendered, extended, included or imported."""
    loader = app.jinja_env.loader
    assert loader is not None
    load = loader.load

    def noting(environment: Any, name: str, globals: Any = None) -> Any:
        _seen.add(name)
        return load(environment, name, globals)

    loader.load = noting  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Counts before any are chosen by their mark."""
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
        config.workeroutput["seen"] = json.dumps([sorted(_seen), _counts])
        return
    if not _whole_suite(config) or session.testsfailed:
        return
    _failed.extend(_never_rendered())
    if _counts["slow"] > SLOW_SHARE * _counts["all"]:
        _failed.append(f"too slow: {_counts['slow']} of {_counts['all']} tests are marked slow")
    if _failed:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _never_rendered() -> list[str]:
    every = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    return [f"never rendered: templates/{name}" for name in sorted(every - _seen)]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    output: Mapping[str, Any] = getattr(node, "workeroutput", {})
    if "seen" in output:
        seen, counts = json.loads(output["seen"])
        _seen.update(seen)
        _counts.update(counts)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for line in _failed:
        terminalreporter.write_line(f"FAILED {line}", red=True)
