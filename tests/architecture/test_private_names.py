"""Tests that nothing reads, replaces or overrides a private name of a library: the next release may not have it."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import bench
import engage
from engage.config import ROOT

OURS = ("engage", "bench", "tests", "migrations", "docs")
# These are documented by the library that has them, in spite of the underscore.
DOCUMENTED = {
    "_mapping": "a row of SQLAlchemy by its columns",
    "_replace": "a named tuple with other values",
    "_asdict": "a named tuple as a dictionary",
    "_make": "a named tuple from a sequence",
    "_get_current_object": "what a proxy of Werkzeug stands for",
    "_exit": "os._exit ends a process at once",
}
# These have no public name, or go with what they belong to.
EXCEPTIONS = {
    "tests/guards.py _id": "xdist 3.8 writes a test's group where pytest 9.2 does not look any more",
}
WITH_A_STRING = {"getattr", "setattr", "hasattr", "delattr"}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in {"_", *DOCUMENTED}


class Reader(ast.NodeVisitor):
    """Finds the private names that a file reads or replaces, and that no file of ours defines."""

    def __init__(self, tree: ast.Module) -> None:
        self.found: list[tuple[int, str]] = []
        nodes = list(ast.walk(tree))
        own = [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        own += [node.id for node in nodes if isinstance(node, ast.Name)]
        own += [node.attr for node in nodes if isinstance(node, ast.Attribute) and self._is_self(node.value)]
        self._defined = set(own)
        self._ours: set[str] = set()
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node)
        self.visit(tree)

    @staticmethod
    def _is_self(node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in {"self", "cls"}

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        for each in node.names:
            full = f"{module}.{each.name}".strip(".")
            if full.split(".")[0] in OURS:
                self._ours.add((each.asname or each.name).split(".")[0])
            elif any(map(is_private, full.split("."))):
                self.found.append((node.lineno, full))

    def _is_ours(self, node: ast.expr) -> bool:
        """Returns whether this belongs to a module or class that we import from ourselves."""
        while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
            node = node.func if isinstance(node, ast.Call) else node.value
        return isinstance(node, ast.Name) and node.id in self._ours

    def visit_Attribute(self, node: ast.Attribute) -> None:
        of_itself = self._is_self(node.value) or node.attr in self._defined
        if is_private(node.attr) and not of_itself and not self._is_ours(node.value):
            self.found.append((node.lineno, node.attr))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func).split(".")[-1]
        texts = [
            each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        if name in WITH_A_STRING and texts:
            parts = texts[0].split(".")
            ours = parts[0] in OURS or self._is_ours(node.args[0])
            if any(map(is_private, parts)) and not ours:
                self.found.append((node.lineno, texts[0]))
        if ast.unparse(node.func) == "g.get" and any(map(is_private, texts)):
            self.found.append((node.lineno, texts[0]))
        self.generic_visit(node)


def read_by(text: str) -> list[str]:
    return [name for _line, name in Reader(ast.parse(text)).found]


@pytest.mark.parametrize("folder", ["engage", "bench", "tests", "docs", "requirements", "migrations"])
def test_no_private_name_of_a_library_is_read_or_replaced(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sorted(Path(ROOT, folder).rglob("*.py"))
        for line, name in Reader(ast.parse(path.read_text())).found
        if f"{path.relative_to(ROOT)} {name}" not in EXCEPTIONS
    ]
    assert found == []


def written(kind: ast.ClassDef) -> Iterator[str]:
    for node in kind.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


@pytest.mark.parametrize("package", [engage, bench])
def test_no_private_name_of_a_library_is_overridden(package: ModuleType) -> None:
    found = []
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if each.name.endswith("__main__"):
            continue
        module = importlib.import_module(each.name)
        for node in ast.parse(Path(str(module.__file__)).read_text()).body:
            if isinstance(node, ast.ClassDef):
                bases = getattr(module, node.name).__mro__
                theirs = [base for base in bases if base.__module__.split(".")[0] not in OURS]
                names = [
                    name
                    for name in filter(is_private, written(node))
                    if any(name in vars(it) for it in theirs)
                ]
                found += [f"{each.name}.{node.name} {name}" for name in names]
    assert [each for each in found if each not in EXCEPTIONS] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rule._parts = []", ["_parts"]),
        ("from werkzeug import _internal", ["werkzeug._internal"]),
        ("getattr(client, '_host')", ["_host"]),
        ("monkeypatch.setattr(Request, '_get_file_stream', None)", ["_get_file_stream"]),
        ("monkeypatch.setattr('gunicorn.arbiter._murder', None)", ["gunicorn.arbiter._murder"]),
        ("g.get('_login_user')", ["_login_user"]),
        ("from engage.plan import rules\nrules._own", []),
        ("self._own, row._mapping['name'], line._replace(a=1)", []),
        ("class A:\n  def __eq__(self, other): return other._key == self._key", []),
    ],
)
def test_what_the_check_finds(text: str, found: list[str]) -> None:
    assert read_by(text) == found
