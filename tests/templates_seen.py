"""A run of the whole suite fails when a template was never rendered: nothing else would check it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

_seen: set[str] = set()
_failed: list[str] = []


def watch(app: Flask) -> None:
    """Note every template the environment hands out: rendered, extended, included or imported."""
    load = app.jinja_env._load_template

    def noting(name: str, globals: Any) -> Any:
        _seen.add(name)
        return load(name, globals)

    app.jinja_env._load_template = noting  # type: ignore[method-assign]


def _whole_suite(config: pytest.Config) -> bool:
    return not config.getoption("keyword") and config.args == config.getini("testpaths")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["templates"] = sorted(_seen)
        return
    if session.testsfailed or not _whole_suite(config) or config.getoption("collectonly"):
        return
    every = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    _failed.extend(sorted(every - _seen))
    if _failed:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    output: Mapping[str, Any] = getattr(node, "workeroutput", {})
    _seen.update(output.get("templates", ()))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for name in _failed:
        terminalreporter.write_line(f"FAILED never rendered: templates/{name}", red=True)
