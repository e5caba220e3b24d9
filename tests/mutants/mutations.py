"""Small faults in a module's source, one at a time: each is a place in its syntax tree and what stands there instead.

Words (messages, docstrings), annotations, decorators and what kind of record a class is stay: no rule lies in them.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Continue: ast.Break,
}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}
# Nothing below these is changed: types, and what a person reads.
UNTOUCHED_FIELDS = {"annotation", "returns", "decorator_list", "ctx", "type_params"}
UNTOUCHED_CALLS = {"_", "TypeVar"}


@dataclass(frozen=True)
class Mutation:
    """`name` says it by content (function, line, change), so that it stays known when lines move.

    `function` is the qualified name of the function whose code changes, None for what runs at import; `line` is where
    the statement begins that changes.
    """

    name: str
    function: str | None
    line: int
    parent: ast.AST
    field: str
    index: int | None
    new: ast.AST

    def apply(self) -> None:
        """Changes the tree it was read from, for good."""
        if self.index is None:
            setattr(self.parent, self.field, self.new)
        else:
            getattr(self.parent, self.field)[self.index] = self.new


@dataclass(frozen=True)
class Source:
    """A module's tree and every mutation of it."""

    path: Path
    tree: ast.Module
    mutations: list[Mutation]

    def compiled(self) -> CodeType:
        return compile(ast.fix_missing_locations(self.tree), str(self.path), "exec", dont_inherit=True)


def source_of(module: str) -> Source:
    path = ROOT / f"{module.replace('.', '/')}.py"
    text = path.read_text()
    tree, lines, seen = ast.parse(text), text.splitlines(), Counter[str]()
    mutations = []
    for found in _walk(tree, "", None, words=False):
        at = getattr(found.old, "lineno", None) or getattr(found.parent, "lineno", 1)
        shown = found.place.replace(".<locals>", "") or "module"
        name = f"{shown} | {lines[at - 1].strip()} | {found.change}"
        seen[name] += 1
        if seen[name] > 1:
            name += f" ({seen[name]})"
        new = ast.copy_location(found.new, found.old) if hasattr(found.old, "lineno") else found.new
        mutations.append(
            Mutation(name, found.function, found.line, found.parent, found.field, found.index, new)
        )
    return Source(path, tree, mutations)


def noting(source: Source) -> Source:
    """The unharmed source that says by `__ran__` which functions were entered, and which lines of them ran."""
    for name, function in [*_functions(source.tree, "")]:
        _note_statements(function)
        function.body.insert(0, ast.parse(f"__ran__({name!r})").body[0])
    return source


def _note_statements(node: ast.AST) -> None:
    """Puts a note before each statement below the node, but for those of inner functions, which have their own turn."""
    for _field, value in ast.iter_fields(node):
        if not isinstance(value, list):
            continue
        for index in reversed(range(len(value))):
            child = value[index]
            if isinstance(child, ast.stmt):
                if not isinstance(child, ast.FunctionDef):
                    _note_statements(child)
                value.insert(index, ast.parse(f"__ran__({child.lineno})").body[0])
            elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
                _note_statements(child)


def _functions(node: ast.AST, place: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        inner = place
        if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            inner = f"{place}{child.name}."
        if isinstance(child, ast.FunctionDef):
            yield inner.removesuffix("."), child
            inner += "<locals>."
        yield from _functions(child, inner)


@dataclass(frozen=True)
class _Found:
    parent: ast.AST
    field: str
    index: int | None
    old: ast.AST
    new: ast.AST
    change: str
    place: str
    function: str | None
    line: int


def _walk(node: ast.AST, place: str, function: str | None, *, words: bool, line: int = 1) -> Iterator[_Found]:
    """Every change below the node; `words` is true within what is raised, whose strings are messages."""
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED_FIELDS:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _untouched(child, node):
                continue
            if isinstance(node, ast.Tuple) and ast.dump(child) in map(ast.dump, node.elts[:index]):
                continue  # one of (0, 0, 0) is enough
            inner, inner_function = place, function
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and field == "body":
                inner = f"{place}.{node.name}" if place else node.name
                if isinstance(node, ast.FunctionDef):
                    inner_function = inner
                    inner = f"{inner}.<locals>"
            inner_line = child.lineno if isinstance(child, ast.stmt) else line
            for new, change in _instead(child, words=words, at_import=inner_function is None):
                shown = inner.removesuffix(".<locals>")
                yield _Found(node, field, index, child, new, change, shown, inner_function, inner_line)
            inside = words or isinstance(child, ast.Raise)
            yield from _walk(child, inner, inner_function, words=inside, line=inner_line)


def _untouched(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in UNTOUCHED_CALLS:
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring
    if isinstance(parent, ast.ClassDef) and isinstance(node, ast.keyword):
        return True
    if isinstance(parent, ast.ClassDef) and any(ast.unparse(base) == "StrEnum" for base in parent.bases):
        return isinstance(node, ast.Assign)  # stored names: tests/core/test_database.py knows them
    return isinstance(parent, ast.JoinedStr) and isinstance(node, ast.Constant)


def _instead(node: ast.AST, *, words: bool, at_import: bool) -> Iterator[tuple[ast.AST, str]]:
    """What may stand in the node's place, and the change in words."""
    if type(node) in SWAPPED:
        other = SWAPPED[type(node)]()
        yield other, f"{_sign(node)} becomes {_sign(other)}"
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node, words=words)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield node.operand, f"without {_sign(node.op)}"
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in NAMES:
        yield ast.Name(NAMES[node.id], ast.Load()), f"{node.id} becomes {NAMES[node.id]}"
    elif isinstance(node, ast.Return) and node.value and not isinstance(node.value, ast.Constant):
        yield ast.Return(ast.Constant(None)), "returns None"
    elif not at_import and _can_be_left_out(node):
        yield ast.Pass(), "left out"
    elif isinstance(node, ast.Call):
        yield from _without_keywords(node)
    elif isinstance(node, ast.Dict):
        yield from _other_values(node)
    elif isinstance(node, (ast.Set, ast.List)) or (
        isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load)
    ):
        different = {ast.unparse(each): index for index, each in enumerate(node.elts)}
        for index, element in ((index, node.elts[index]) for index in different.values()):
            yield _changed(node, "elts", index), f"without {ast.unparse(element)}"
    yield from _negated(node)


def _can_be_left_out(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return not isinstance(node.targets[0], (ast.Name, ast.Tuple))
    return isinstance(node, (ast.Raise, ast.AugAssign, ast.Expr))


def _sign(op: ast.AST) -> str:
    if isinstance(op, (ast.Continue, ast.Break)):
        return type(op).__name__.lower()
    if isinstance(op, ast.unaryop):
        return ast.unparse(ast.UnaryOp(op, ast.Name("x"))).removesuffix("x").strip()
    if isinstance(op, ast.cmpop):
        return ast.unparse(ast.Compare(ast.Name("x"), [op], [ast.Name("x")]))[2:-2]
    if isinstance(op, ast.boolop):
        return ast.unparse(ast.BoolOp(op, [ast.Name("x"), ast.Name("x")]))[2:-2]
    assert isinstance(op, ast.operator)
    return ast.unparse(ast.BinOp(ast.Name("x"), op, ast.Name("x")))[2:-2]


def _other_constants(node: ast.Constant, *, words: bool) -> Iterator[tuple[ast.AST, str]]:
    value = node.value
    if isinstance(value, bool):
        other: object = not value
    elif isinstance(value, (int, float)):
        other = value + 1
    elif isinstance(value, str) and not words:
        other = f"{value}x"
    else:
        return
    yield ast.Constant(other), f"{value!r} becomes {other!r}"


def _without_keywords(node: ast.Call) -> Iterator[tuple[ast.AST, str]]:
    """Only of functions: a class misses each of its values at once."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    for index, keyword in enumerate(node.keywords):
        if keyword.arg and not name[:1].isupper():
            yield _changed(node, "keywords", index), f"without {keyword.arg}="


def _other_values(node: ast.Dict) -> Iterator[tuple[ast.AST, str]]:
    """Each value becomes the next one of the table that differs from it."""
    for index, value in enumerate(node.values):
        later = [*node.values[index + 1 :], *node.values[:index]]
        other = next((each for each in later if ast.dump(each) != ast.dump(value)), None)
        key = node.keys[index]
        if other is not None and key is not None:
            yield _changed(node, "values", index, other), f"{ast.unparse(key)} gets {ast.unparse(other)}"


def _negated(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """A condition that is no comparison, which has an opposite sign of its own."""
    fields = {ast.If: "test", ast.IfExp: "test", ast.While: "test", ast.comprehension: "ifs"}
    field = fields.get(type(node))
    if field is None:
        return
    tests = getattr(node, field)
    for index, test in enumerate(tests) if isinstance(tests, list) else [(None, tests)]:
        if isinstance(test, (ast.Compare, ast.UnaryOp)):
            continue
        opposite = ast.copy_location(ast.UnaryOp(ast.Not(), test), test)
        yield _changed(node, field, index, opposite), f"not ({ast.unparse(test)})"


def _changed(node: ast.AST, field: str, index: int | None, new: ast.AST | None = None) -> ast.AST:
    """A copy of the node with one of its parts replaced, or without it."""
    made = copy.copy(node)
    if index is None:
        setattr(made, field, new)
        return made
    parts = list(getattr(node, field))
    parts[index : index + 1] = [] if new is None else [new]
    setattr(made, field, parts)
    return made
