"""Provides what every test needs: the application, an empty database, people who are signed in."""

import gc
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, settings

from engage import catalogs, languages
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.config import TestConfig
from engage.extensions import db
from tests import compiled, databases, factories, guards, speaking
from tests.client import EngageClient
from tests.days import NOW
from tests.faults import clusters

# Both measure how busy the machine is, not what a test is about.
settings.register_profile(
    "engage", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("engage")
# In memory, where a machine has enough of it: the tests' databases are written to disk thousands of times.
_shared = Path("/dev/shm")
MEMORY = _shared if _shared.is_dir() and shutil.disk_usage(_shared).free > 2 * 2**30 else None
if MEMORY:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


compiled.keep()
# From the start: collecting tests makes as many objects as running them, and of xdist's own process most stay.
gc.set_threshold(50_000, 20, 50)


def pytest_configure(config: pytest.Config) -> None:
    catalogs.compile_all(languages.TEXTS)  # as an installation does
    config.pluginmanager.register(guards)
    if config.getoption("--own-postgres") and not hasattr(config, "workerinput"):
        stack = ExitStack()
        config.add_cleanup(stack.close)
        server = stack.enter_context(clusters.cluster(*clusters.FOR_TESTS, within=MEMORY))
        os.environ["ENGAGE_TEST_DATABASE_URL"] = server.url


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--browser-journeys", action="store_true", help="Run the journeys in a real browser.")
    parser.addoption("--own-postgres", action="store_true", help="Run on a PostgreSQL made for this run.")
    parser.addoption("--shuffle", type=int, metavar="SEED", help="Run the tests in a random order.")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skips the browser's journeys, which have a command of their own; without it they are not collected."""
    wanted = config.getoption("--browser-journeys")
    return True if collection_path.name == "browser" and not wanted else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if (seed := config.getoption("shuffle")) is not None:
        random.Random(seed).shuffle(items)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Modules that ask for today as they are imported are told the day that their tests live in."""
    with time_machine.travel(NOW):
        return (yield)


def pytest_collection_finish() -> None:
    """Half of the garbage collector's time goes into looking at what stays anyway: modules, tests, templates."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _day(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test begins at the same moment, or its words and dates would change with the calendar."""
    if request.node.get_closest_marker("real_clock"):
        yield
        return
    with time_machine.travel(NOW):
        yield


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Replaces pytest-flask's: one context a test would share `g` and the session between clients."""
    return


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("data")
    with databases.empty(folder, worker_id) as url:
        app = databases.app_of(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=url))
        app.test_client_class = EngageClient
        databases.migrate(app)
        databases.watch_writes(app)
        guards.watch(app)
        yield app
        databases.close(app)


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Provides an app context and an emptied database for tests that use the application; the others stay plain."""
    if "app" not in request.fixturenames:
        yield
        return
    app: Flask = request.getfixturevalue("app")
    with app.app_context():
        yield
        db.session.rollback()
        databases.clear()
        databases.close_others()


@pytest.fixture
def own(tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """Provides an application on a database of its own, which is still empty."""
    with databases.empty(tmp_path, f"o{worker_id}") as url:
        made = databases.another_app(TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI=url))
        with made.app_context():
            yield made
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Adds a made-up language to English alone; returns the file of its texts."""
    with monkeypatch.context() as patch:
        yield speaking.made_up(patch, tmp_path)
    speaking.forget()


@pytest.fixture
def client(app: Flask) -> EngageClient:
    """Returns a browser that no one has signed in with."""
    made = app.test_client()
    assert isinstance(made, EngageClient)
    return made


@pytest.fixture
def client_of(app: Flask) -> Callable[[Membership], EngageClient]:
    """Returns a browser signed in as this person."""
    return lambda membership: factories.signed_in_client(app, membership)


@pytest.fixture
def coordinator(app: Flask) -> EngageClient:
    """Returns a signed-in coordinator; `.membership` is their place, its coalition is *Riverbend County*."""
    return factories.signed_in_client(
        app, factories.make_membership(role=Role.COORDINATOR, name="Maria Santos")
    )


@pytest.fixture
def member(app: Flask) -> EngageClient:
    """Returns a signed-in member, in the coordinator's coalition if a test asks for both."""
    return factories.signed_in_client(app, factories.make_membership(role=Role.MEMBER, name="Dan Reyes"))


@pytest.fixture
def viewer(app: Flask) -> EngageClient:
    return factories.signed_in_client(app, factories.make_membership(role=Role.VIEWER, name="Vera Lind"))
