"""Keeps what takes long to read for all tests of a process: compiled templates, and the content's parsed files.

All templates take an application two seconds, a language's content takes half a second.
"""

import os
import tempfile
import zlib
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from engage.config import ROOT
from engage.content import nodes


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
    """Makes every application of this process use them, also those that a command makes for itself."""
    folder = Path(tempfile.gettempdir()) / f"engage-tests-templates-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    # By its text and its name, which its errors tell: a file that a test changes is read anew.
    nodes.document = lru_cache(maxsize=200)(nodes.document)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled(str(folder))}
