"""The Python that the server's worker runs: without what only a person reads, where its compiled files have a place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engage.config import ROOT
from engage.operations.serving import optimized

LOADS = """
import pathlib, sys
import engage.cli, engage.operations.serving.workers
from engage import create_app
from engage.config import TestConfig
create_app(TestConfig(DATA=pathlib.Path(sys.argv[1]), SQLALCHEMY_DATABASE_URI="sqlite://"))
assert create_app.__doc__ is None
"""


def test_where_nothing_is_compiled_and_nothing_can_be_written_plain_python_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(optimized, "FOLDER", tmp_path / "optimized")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert "-OO" in optimized.python()
    with monkeypatch.context() as within:
        within.setattr(os, "access", lambda *_asked: False)
        assert optimized.python() == [sys.executable]
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert optimized.python() == [sys.executable]
    (tmp_path / "optimized").mkdir()
    assert "-OO" in optimized.python()


@pytest.mark.slow
def test_once_compiled_a_worker_finds_all_that_it_loads_compiled(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "engage.operations.serving.optimized"]
    subprocess.run(command, cwd=ROOT, env=environment, check=False)
    before = set(optimized.FOLDER.rglob("*.pyc"))
    assert len(before) > 1000
    command = [*optimized.python(), "-c", LOADS, str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    assert set(optimized.FOLDER.rglob("*.pyc")) == before
