"""The architecture keeps its rules: features lie in layers, files are named by their kind, folders stay small."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from engage.config import ROOT

KINDS = {"routes", "pages", "forms", "service", "queries", "labels", "models", "rules"}
# What Alembic and the browsers' own files ask for stands as they want it.
OUTSIDE = {"migrations/versions", "tests/operations/databases"}
FILES_IN_A_FOLDER = 25
EXCEPTIONS = 12
CONTRACTS = tomllib.loads(Path(ROOT, "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def of_features() -> Iterator[Path]:
    """Every module below a feature, as a path below engage/."""
    for path in sorted(Path(ROOT, "engage").rglob("*.py")):
        within = path.relative_to(Path(ROOT, "engage"))
        if len(within.parts) > 1 and within.parts[0] not in {"web", "frame", "content"}:
            yield within


def test_every_package_lies_in_a_layer() -> None:
    packages = {f"engage.{path.parent.name}" for path in Path(ROOT, "engage").glob("*/__init__.py")}
    assert packages == set(CONTRACTS[0]["layers"])


def test_every_module_of_the_core_is_kept_from_importing_upward() -> None:
    contract = CONTRACTS[-1]
    files = {f"engage.{path.stem}" for path in Path(ROOT, "engage").glob("*.py")}
    assert files - {"engage.__init__", "engage.cli"} | {"engage.web"} == set(contract["source_modules"])
    above = set(CONTRACTS[0]["layers"]) - {"engage.web", "engage.content", "engage.imports"}
    assert above <= set(contract["forbidden_modules"])


def test_no_more_than_twelve_exceptions_hold_the_contracts_up() -> None:
    """The second contract is apart: it names each pair of features that import upward."""
    others = [each for each in CONTRACTS if each is not CONTRACTS[1]]
    assert sum(len(each.get("ignore_imports", ())) for each in others) <= EXCEPTIONS


def test_three_of_four_files_are_named_by_their_kind() -> None:
    files = [path for path in of_features() if path.name != "__init__.py"]
    named = [path for path in files if path.stem in KINDS or path.parent.name in KINDS]
    assert len(named) / len(files) >= 0.75, f"{len(named)} of {len(files)}"


@pytest.mark.parametrize("top", ["engage", "templates", "static", "tests", "bench", "docs", "migrations"])
def test_no_folder_holds_more_than_a_reader_can_look_over(top: str) -> None:
    kept = (path for path in Path(ROOT, top).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    folders = Counter(path.parent.relative_to(ROOT).as_posix() for path in kept)
    assert {name: n for name, n in folders.items() if n > FILES_IN_A_FOLDER and name not in OUTSIDE} == {}


def bound_in(function: ast.FunctionDef) -> Iterator[ast.arg | ast.Name]:
    """The parameters and locals of a function; what its inner functions bind is theirs."""
    arguments = function.args
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    inner = {
        inside
        for node in ast.walk(function)
        if isinstance(node, ast.FunctionDef | ast.Lambda) and node is not function
        for inside in ast.walk(node)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node not in inner:
            yield node


def hidden(path: Path) -> list[str]:
    """`file:line name` for each local that hides a function of its module."""
    tree = ast.parse(path.read_text())
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    found: list[str] = []
    bound = {
        node.arg if isinstance(node, ast.arg) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    }
    if not bound & functions:
        return found  # almost always: looking function by function takes a second for all
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for node in bound_in(function):
            name = node.arg if isinstance(node, ast.arg) else node.id
            if name in functions:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
    return found


def test_no_local_hides_a_function_of_its_module() -> None:
    assert [each for path in sorted(Path(ROOT, "engage").rglob("*.py")) for each in hidden(path)] == []


def ambiguous(each: ast.AST) -> bool:
    """Whether two neighboring fields of this record have the same type."""
    if not isinstance(each, ast.ClassDef) or not {"Struct", "NamedTuple"} & {*map(ast.unparse, each.bases)}:
        return False
    types = [ast.unparse(line.annotation) for line in each.body if isinstance(line, ast.AnnAssign)]
    return any(first == second for first, second in pairwise(types))


def test_a_record_whose_neighbors_share_a_type_is_read_from_its_row_by_name() -> None:
    code = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text())
        for path in Path(ROOT, "engage").rglob("*.py")
    }
    alike = {(name, each.name) for name, tree in code.items() for each in tree.body if ambiguous(each)}
    found = []
    for module, tree in code.items():
        here = {name for at, name in alike if at == module}
        for each in ast.walk(tree):
            if isinstance(each, ast.ImportFrom):
                here |= {alias.name for alias in each.names if (each.module, alias.name) in alike}
        found += [
            f"{module}:{call.lineno} {ast.unparse(call)}"
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and ast.unparse(call.func) in here
            for value in call.args
            if isinstance(value, ast.Starred) and re.search(r"\brow\b|\.execute\(", ast.unparse(value))
        ]
    assert found == [], "two swapped columns would go unnoticed"
