"""Provides what tests of migrations need: a database that has no tables yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from engage.config import TestConfig
from engage.extensions import db
from tests import databases


@pytest.fixture
def own(tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """Provides an application on a database of its own, which is still empty."""
    with databases.empty(tmp_path, f"o{worker_id}") as url:
        made = databases.another_app(TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI=url))
        with made.app_context():
            yield made
            db.session.remove()
            db.engine.dispose()
