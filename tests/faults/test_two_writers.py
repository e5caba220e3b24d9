"""Two processes on the suite's database: the quick round of what `make faults` does ten times as long."""

import os
from pathlib import Path

import pytest

from tests import databases
from tests.faults import two_writers

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]


def test_two_processes_lose_no_update_and_give_no_number_twice(tmp_path: Path, worker_id: str) -> None:
    with databases.with_tables(tmp_path, f"{worker_id}two") as url:
        made = two_writers.run(url if os.environ.get("ENGAGE_TEST_DATABASE_URL") else None, turns=4)
    assert not made.broken, made
    assert int(made.counts["told that it changed meanwhile"]) > 0, made
