"""A journey that is skipped fails the run, whoever starts it and however it reads the result."""

import subprocess
import sys
from pathlib import Path

from tests.browser.servers import ROOT

SKIPPED = """
import pytest

def test_taken(): pass

def test_skipped(): pytest.skip("no time")

@pytest.mark.skip
def test_marked(): pass

@pytest.mark.xfail
def test_expected_to_fail(): assert False
"""
WHOLE_FILE = """
import pytest

pytest.importorskip("a_package_that_is_nowhere")
"""


def test_a_skipped_journey_fails_the_run(tmp_path: Path) -> None:
    for name, text in {"test_some.py": SKIPPED, "test_none.py": WHOLE_FILE}.items():
        (tmp_path / name).write_text(text)
    arguments = [
        ".",
        "-p",
        "tests.browser.conftest",
        "-p",
        "no:cacheprovider",
        "--continue-on-collection-errors",
    ]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "2 failed, 1 passed, 2 errors" in run.stdout, run.stdout
    assert "test_skipped was skipped" in run.stdout, run.stdout
