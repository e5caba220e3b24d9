"""Provides an installation whose server a journey stops, and starts again."""

from pathlib import Path

import pytest

from tests.browser import prepared, servers


@pytest.fixture
def own(tmp_path: Path, kept: Path) -> tuple[Path, int]:
    """Returns a data folder and a port for a demo that a journey stops."""
    folder = tmp_path / "demo" / "data"
    folder.parent.mkdir()
    prepared.copy(kept / "sample", folder, prepared.sample)
    return folder, servers.free_port()
