"""Keeps the compiled templates for the applications of all tests: all of them take an application two seconds."""

import os
import tempfile
import zlib
from functools import cache
from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from engage.config import ROOT
from engage.web.application import Application


class Compiled(FileSystemBytecodeCache):
    """What belongs to other code is compiled anew: constants went through filters of it."""

    def get_source_checksum(self, source: str) -> str:
        return f"{_code()} {super().get_source_checksum(source)}"


@cache
def _code() -> str:
    files = sorted((ROOT / "engage").rglob("*.py"))
    written = "".join(f"{file} {file.stat().st_mtime_ns}" for file in files)
    return f"{zlib.crc32(written.encode()):08x}"


def keep() -> None:
    """Makes every application of this process read and write them, also those that a command makes for itself."""
    folder = Path(tempfile.gettempdir()) / f"engage-tests-templates-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    Application.jinja_options = {**Application.jinja_options, "bytecode_cache": Compiled(str(folder))}
