"""Provides what every test needs: the application, an empty database, people who are signed in."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from engage import catalogs, languages
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from tests import compiled, databases, days, factories, guards, speaking
from tests.client import EngageClient

# Both measure how busy the machine is, not what a test is about.
settings.register_profile(
    "engage", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("engage")
if databases.MEMORY:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(databases.MEMORY))
compiled.keep()
# From the start: collecting tests makes as many objects as running them, and of xdist's own process most stay.
gc.set_threshold(50_000, 20, 50)


def pytest_configure(config: pytest.Config) -> None:
    catalogs.compile_all(languages.TEXTS)  # as an installation does
    config.pluginmanager.register(days)  # every test begins at the same moment
    config.pluginmanager.register(guards)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The browser's journeys take long: they are collected only where their folder is named."""
    wanted = any("browser" in each for each in config.args)
    return True if collection_path.name == "browser" and not wanted else None


def pytest_collection_finish() -> None:
    """Half of the garbage collector's time goes into looking at what stays anyway: modules, tests, templates."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Replaces pytest-flask's: one context a test would share `g` and the session between clients."""


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Restores the umask: a command narrows it for its whole process, which here is the suite's."""
    os.umask(0o022)
    yield
    os.umask(0o022)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Flask]:
    with databases.migrated_app(tmp_path_factory.mktemp("data"), worker_id) as app:
        app.test_client_class = EngageClient
        databases.watch_writes(app)
        guards.watch(app)
        yield app


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Provides an app context and an emptied database for tests that use the application; the others stay plain."""
    if "app" not in request.fixturenames:
        yield
        return
    with request.getfixturevalue("app").app_context():
        yield
        db.session.rollback()
        databases.wait_for_mail()
        databases.clear()
        databases.close_others()


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Adds a made-up language to English alone; returns the file of its texts."""
    with monkeypatch.context() as patch:
        yield speaking.made_up(patch, tmp_path)
    speaking.forget()


@pytest.fixture
def client(app: Flask) -> EngageClient:
    """Returns a browser that no one has signed in with."""
    return EngageClient(app, app.response_class)


@pytest.fixture
def client_of(app: Flask) -> Callable[[Membership], EngageClient]:
    """Returns a browser signed in as this person."""
    return lambda membership: factories.signed_in_client(app, membership)


@pytest.fixture
def coordinator(client_of: Callable[[Membership], EngageClient]) -> EngageClient:
    """Returns a signed-in coordinator; `.membership` is their place, its coalition is *Riverbend County*."""
    return client_of(factories.make_membership(role=Role.COORDINATOR, name="Maria Santos"))


@pytest.fixture
def member(client_of: Callable[[Membership], EngageClient]) -> EngageClient:
    """Returns a signed-in member, in the coordinator's coalition if a test asks for both."""
    return client_of(factories.make_membership(role=Role.MEMBER, name="Dan Reyes"))


@pytest.fixture
def viewer(client_of: Callable[[Membership], EngageClient]) -> EngageClient:
    return client_of(factories.make_membership(role=Role.VIEWER, name="Vera Lind"))
