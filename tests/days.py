"""The moment that tests take for now, but those that start programs, which would take another day."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
import time_machine

NOW = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Modules that ask for today as they are imported are told the day that their tests live in."""
    with time_machine.travel(NOW):
        return (yield)


@pytest.fixture(autouse=True)
def _day(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test begins at the same moment, or its words and dates would change with the calendar."""
    is_real = request.node.get_closest_marker("real_clock")
    with nullcontext() if is_real else time_machine.travel(NOW):
        yield
