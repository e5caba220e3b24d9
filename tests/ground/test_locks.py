"""The two locks: everything pinned with hashes, the build backend included, nothing that ties them to a machine."""

import re
import tomllib

import pytest

from engage.config import ROOT


def pins(name: str) -> dict[str, str]:
    """Returns each name of the lock with its version and marker; only pins and hashes may stand there."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", " ")
    found: dict[str, str] = {}
    for line in text.splitlines():
        pin = re.fullmatch(r"([a-z0-9-]+)==([^ ;]+)( ; [^-]+?)?((?: +--hash=sha256:[0-9a-f]{64})+) *", line)
        assert pin, f"{name}.txt holds what is no pin with hashes: {line[:80]}"
        found[pin[1]] = pin[2] + (pin[3] or "")
    return found


def plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ;]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_line_is_a_pin_with_hashes(name: str) -> None:
    assert {"setuptools", "wheel"} <= set(pins(name))


def test_all_that_the_project_names_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run = {plain(each) for each in project["project"]["dependencies"]}
    assert run <= set(pins("run"))
    assert run | {plain(each) for each in project["dependency-groups"]["dev"]} <= set(pins("dev"))


def test_tests_run_on_what_is_served() -> None:
    dev = pins("dev")
    assert {name: version for name, version in pins("run").items() if dev.get(name) != version} == {}
