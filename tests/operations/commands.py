"""Runs the `engage` command as a process of its own, on an installation."""

import os
import subprocess
from pathlib import Path

from engage.config import ROOT, Config
from tests import warm


def environment(config: Config) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    uri = config.SQLALCHEMY_DATABASE_URI
    database = {} if uri.startswith("sqlite") else {"ENGAGE_DATABASE_URL": uri}
    return {**kept, "ENGAGE_DATA": str(config.DATA), "PYTHONPATH": str(ROOT), **database}


def engage(config: Config, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a command; no one is there to answer its questions."""
    return warm.run(*words, env=environment(config))
