"""What the commands that tests/warm.py runs find imported: every module, and the content that an application reads."""

import gc
import pkgutil
import tempfile
from importlib import import_module
from pathlib import Path

from alembic import command

import engage
from engage.config import TestConfig
from tests import compiled, databases

compiled.keep()
command.upgrade = databases.by_copy(command.upgrade)
ours = (module.name for module in pkgutil.walk_packages(engage.__path__, "engage."))
for name in (*ours, "alembic.autogenerate", "flask_migrate", "waitress"):
    import_module(name)
with tempfile.TemporaryDirectory() as folder:
    databases.app_of(TestConfig(DATA=Path(folder), SQLALCHEMY_DATABASE_URI="sqlite://"))
gc.freeze()  # nothing of it is looked at, and so copied, in each command
