"""Provides the two coalitions, on a SQLite database of their own: what they prove does not depend on the engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from engage.config import TestConfig, in_folder
from tests import databases
from tests.client import EngageClient
from tests.days import NOW
from tests.isolation.forms_read import Form, shown_forms
from tests.isolation.world import World


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Made once for all of them, on one worker; a test restores it before each thing it tries."""
    folder = tmp_path_factory.mktemp("world")
    made: Flask = databases.app_of(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=in_folder(Path(folder))))
    made.test_client_class = EngageClient
    databases.migrate(made)
    with made.app_context():
        with time_machine.travel(NOW, tick=False):
            world = World(made)
        yield world
        databases.close(made)


@pytest.fixture(scope="package")
def forms(world: World) -> dict[str, list[Form]]:
    """Returns the forms that each kind of person sees."""
    with time_machine.travel(NOW, tick=False):
        return shown_forms(world)
