"""The change that CONTRIBUTING.md walks through, made in a copy of the code as it is written there."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engage.config import ROOT

pytestmark = pytest.mark.slow

# The copy has the environment of the original, which is never made anew from here.
MAKE = "make -o .venv/.dev -o .venv/.run"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "instance", "build", "dist"
)
THAT_READ_EVERYTHING = (
    "tests/operations/redaction/test_redaction.py::test_every_text_column_says_what_it_holds_and_a_text_whose_it_is",
    "tests/operations/personal_data/test_own_data.py::test_no_column_of_it_names_someone_else_or_opens_a_door",
    "tests/operations/sample/test_sample.py::test_the_file_fits_the_newest_tables",
)
GENERATED = {"migrations/empty.sql", "engage/translations/messages.pot"}


def walk() -> Iterator[tuple[str, str, str]]:
    """Yields each block of the walk: the file that was named before it, its kind, and its text."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    part = text.partition("## A first change")[2].partition("\n## ")[0]
    file = ""
    for before, kind, block in re.findall(r"(.*?)^```(\w*)\n(.*?)^```$", part, re.DOTALL | re.MULTILINE):
        file = (re.findall(r"\b[Ii]n `([\w/.]+)`", before) or [file])[-1]
        yield file, kind, block


def change(file: Path, block: str) -> None:
    lines = block.splitlines()
    old, new = ("\n".join(line[1:] for line in lines if not line.startswith(sign)) for sign in "+-")
    text = file.read_text()
    assert text.count(f"{old}\n") == 1, (file, old)
    file.write_text(text.replace(f"{old}\n", f"{new}\n"))


def sources(folder: Path) -> dict[str, bytes]:
    """Returns the content of every file that would be committed."""
    files = (
        each
        for each in folder.rglob("*")
        if each.is_file() and not {".venv", "__pycache__", "build"} & {*each.parts}
    )
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in files
        if each.suffix not in {".mo", ".pyc"} and "_cache" not in str(each.relative_to(folder))
    }


def test_a_new_field_takes_what_contributing_says_and_seven_files(tmp_path: Path) -> None:
    here = tmp_path / "engage"
    shutil.copytree(ROOT, here, ignore=LEFT_OUT)
    (here / ".venv").symlink_to(ROOT / ".venv")
    before = sources(here)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "ENGAGE", "MAKE"))
    }
    done = []

    def run(command: str) -> bool:
        ran = subprocess.run(
            command.replace("make", MAKE, 1),
            shell=True,
            cwd=here,
            env={**kept, "PYTHONPATH": str(here)},
            capture_output=True,
            text=True,
        )
        print(command, ran.stdout[-3000:], ran.stderr[-3000:])
        return ran.returncode == 0

    for file, kind, block in walk():
        if kind == "diff":
            change(here / file, block)
            continue
        for command in block.splitlines():
            assert command.startswith("make "), command
            done.append((command.split()[1], run(command)))
    well = [("migration", True), ("messages", True), ("messages", True), ("test", True)]
    assert done == [("test", False), *well]
    after = sources(here)
    changed = {name for name in after if before.get(name) != after[name]}
    made = {name for name in changed if name in GENERATED or name.startswith("migrations/versions/")}
    assert len(changed) <= 7, changed
    assert len(made) == 3, changed
    assert run(f"make test FILE='{' '.join(THAT_READ_EVERYTHING)}'")
