"""The quick round of kill -9: on the suite's database, a tenth of what `make faults` writes."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from engage.extensions import db
from tests import databases
from tests.faults import kill
from tests.faults.installations import installation
from tests.faults.rows import Row, row

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]

WRITES = 500


def test_what_was_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path, worker_id: str) -> None:
    with databases.with_tables(tmp_path, f"{worker_id}kill") as url:
        on_server = bool(os.environ.get("ENGAGE_TEST_DATABASE_URL"))
        made = kill.run(WRITES, database=url if on_server else None)
    assert not made.broken, made
    assert int(made.counts["acknowledged"]) >= WRITES and int(made.counts["kills"]) >= 1, made


def test_a_lost_write_and_half_of_one_would_be_counted(tmp_path: Path) -> None:
    with installation(tmp_path / "data") as made:
        (writer,) = kill.writers(made, 1)
        writer.updates.add("Nobody ever saved this.")
        with made.app.app_context():
            db.session.execute(sa.text("UPDATE plan_action SET version = 2"))
            db.session.commit()
        lost: list[str] = []
        found = Row("a lost write")
        kill.compare(made, [writer], found, lost)
    assert lost == ["Nobody ever saved this."]
    assert found.broken == ["half of a write is there"]


def test_a_row_says_what_broke_and_how_much_was_counted() -> None:
    with row("kill") as made:
        made.count("kills", 2_000)
        made.must(True, "never said")
        made.must(False, "lost: one")
    assert str(made).split() == ["kill", "kills", "2,000", "0", "s", "FAIL:", "lost:", "one"]
