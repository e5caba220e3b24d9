"""Makes a database file of a state of Engage, with two coalitions in it, for the tests of the upgrade.

    python -m tests.operations.databases.make 0.2.0 COMMIT

This checks COMMIT out beside this project, lets that code itself migrate an empty database and build its
sample twice, and writes `0.2.0.db.xz` here. An existing file is never replaced: it is what that version
wrote.
"""

import lzma
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]

# Runs as that version, so it asks of it only what every version has. The sample's slug and addresses stand in its code,
# and not all of its parts look for their own coalition's rows alone: the first coalition waits in another file while
# the second one is built, with ids that begin after a row at BEYOND.
_IN_THAT_VERSION = """
import sqlite3, sys
from pathlib import Path
from flask_migrate import upgrade
from engage import create_app
from engage.config import Config, make_secret_key
from engage.extensions import db
try:
    from engage.operations.sample.service import build as build_sample
except ImportError:  # before its rooms
    from engage.operations.sample import build as build_sample

if Path("engage/catalogs.py").exists():  # installing it would
    from engage import catalogs
    catalogs.compile_all(Path("engage/translations"))

BEYOND = 10_000
folder = Path(sys.argv[1])
make_secret_key(folder)
passwords = {"coordinator": "a lantern by the river", "member": "a meadow in the canyon"}

def build():
    build_sample(passwords)
    db.session.commit()
    db.session.remove()
    db.engine.dispose()

def beyond(column):
    if column.primary_key:
        return BEYOND
    if column.nullable:
        return None
    return "{}" if "JSON" in str(column.type) else 0 if "INT" in str(column.type) else "beyond"

with create_app(Config.from_environment(folder)).app_context():
    upgrade()
    build()
    tables = [table for table in db.metadata.tables.values() if "id" in table.c]
    raw = sqlite3.connect(folder / "engage.db")
    raw.execute("VACUUM INTO ?", [str(folder / "first.db")])
    raw.execute("PRAGMA ignore_check_constraints=ON")
    for table in tables:
        raw.execute(f"DELETE FROM {table.name}")
        names, values = [column.name for column in table.c], [beyond(column) for column in table.c]
        raw.execute(f"INSERT INTO {table.name} ({','.join(names)}) VALUES ({','.join('?' * len(names))})", values)
    raw.commit()
    raw.close()
    build()

raw = sqlite3.connect(folder / "engage.db")
for table in tables:
    raw.execute(f"DELETE FROM {table.name} WHERE id = {BEYOND}")
raw.execute("UPDATE coalitions_coalition SET slug = 'lake-county', name = 'Lake County'")
raw.execute("UPDATE accounts_user SET is_admin = 0, email = 'lake-' || email")
raw.commit()
raw.execute("ATTACH ? AS first", [str(folder / "first.db")])
for table in tables:
    raw.execute(f"INSERT INTO {table.name} SELECT * FROM first.{table.name}")
# One person is in both.
dan = "(SELECT id FROM accounts_user WHERE email = '%s')"
raw.execute("UPDATE coalitions_membership SET user_id = " + dan % "dan@example.org"
            + " WHERE user_id = " + dan % "lake-dan@example.org")
raw.commit()
assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
"""


def make(name: str, commit: str) -> Path:
    """Writes the file of a version; raises FileExistsError if there is one."""
    target = HERE / f"{name}.db.xz"
    if target.exists():
        raise FileExistsError(f"{target.name} is there. What a version wrote is not written again.")
    with tempfile.TemporaryDirectory() as scratch:
        code, data = Path(scratch) / "code", Path(scratch) / "data"
        data.mkdir()
        subprocess.run(["git", "-C", ROOT, "worktree", "add", "-q", "--detach", code, commit], check=True)
        try:
            settings = {key: value for key, value in os.environ.items() if not key.startswith("ENGAGE_")}
            settings |= {"ENGAGE_DATA": str(data), "PYTHONPATH": str(code)}
            subprocess.run([sys.executable, "-c", _IN_THAT_VERSION, data], cwd=code, env=settings, check=True)
        finally:
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", code], check=True)
        _pack(data / "engage.db", Path(scratch) / "packed.db", target)
    return target


def _pack(made: Path, packed: Path, target: Path) -> None:
    """Packs one file without a journal beside it, as small as it gets."""
    connection = sqlite3.connect(made)
    connection.execute("VACUUM INTO ?", [str(packed)])
    connection.close()
    target.write_bytes(lzma.compress(packed.read_bytes(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    print(make(sys.argv[1], sys.argv[2]))
