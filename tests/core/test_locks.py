"""The two locks: everything pinned with hashes, the build backend included, nothing that ties them to a machine."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

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
    # What only some processors need is tested on all: its marker may be gone.
    dev, run = pins("dev"), pins("run")
    other = {name: pin for name, pin in run.items() if dev.get(name) not in {pin, pin.split(" ;")[0]}}
    assert other == {}


def bases() -> Iterator[tuple[str, str]]:
    """Yields each package of others from which a class of ours derives, with that class."""
    for file in (ROOT / "engage").rglob("*.py"):
        tree = ast.parse(file.read_text())
        imported = {}
        for each in ast.walk(tree):
            if isinstance(each, ast.Import | ast.ImportFrom):
                origin = each.module if isinstance(each, ast.ImportFrom) else None
                for name in each.names:
                    imported[(name.asname or name.name).split(".")[0]] = (origin or name.name).split(".")[0]
        for each in ast.walk(tree):
            if isinstance(each, ast.ClassDef):
                words = [re.match(r"\w+", ast.unparse(base)) for base in each.bases]
                for package in {imported.get(word[0], "engage") for word in words if word}:
                    if package not in sys.stdlib_module_names and package != "engage":
                        yield package, each.name


def test_what_our_classes_derive_from_has_an_upper_bound() -> None:
    """Without one, the newest version, which pipx and uv install, could break them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    bounded = {plain(each) for each in project["project"]["dependencies"] if "<" in each}
    distributions, found = packages_distributions(), dict(bases())
    assert {"flask", "wtforms", "werkzeug"} <= set(found)
    assert {
        name: package for package, name in found.items() if plain(distributions[package][0]) not in bounded
    } == {}
    assert "waitress" in bounded
