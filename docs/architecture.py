"""Writes layers, features and packages into docs/architecture.md, from the imports: `make architecture`.

The layers are those of the import contract in pyproject.toml; the packages are the folders of a feature. Only imports
are shown, no sizes, so that the diagram changes with the architecture and not with every line. It also counts what
goes against the order, and refuses more of it.
"""

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- imports: begin -->", "<!-- imports: end -->"
# Every feature uses these tools: naming them would say nothing.
EVERYWHERE = {"web", "content"}
# The command line is beside the core's files, but it imports every feature.
ENTRY_POINTS = {"__init__", "cli"}
# At most this many imports between features, counted by the imported name, go up the order; at most this many
# pairs of features import each other. The second contract in pyproject.toml names each pair, with its reason.
UP_MOST, PAIRS_MOST = 75, 12
# This mark stands in the diagram before a feature that is imported although it is above.
UP = "^"
# The widest line, and where its words begin.
WIDTH, INDENT = 110, 24


def layers() -> list[str]:
    """Returns the packages of the first contract, the top layer first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [
        name.removeprefix("engage.") for name in settings["tool"]["importlinter"]["contracts"][0]["layers"]
    ]


def imports(graph: grimp.ImportGraph, package: str, aside: set[str]) -> Iterator[list[str]]:
    """Yields the parts of each module that the package imports, but for its own modules of the kinds `aside`."""
    for module in {package} | graph.find_descendants(package):
        if not aside & set(module.split(".")):
            yield from (other.split(".") for other in graph.find_modules_directly_imported_by(module))


def features_imported(graph: grimp.ImportGraph, feature: str, order: list[str]) -> list[str]:
    """Returns the features that this one imports, with a mark before those that are above it."""
    found = {parts[1] for parts in imports(graph, f"engage.{feature}", set()) if parts[1:]}
    read = sorted((found & set(order)) - EVERYWHERE - {feature}, key=order.index)
    return [f"{UP}{each}" if order.index(each) < order.index(feature) else each for each in read]


def packages(graph: grimp.ImportGraph, feature: str) -> dict[str, list[str]]:
    """Returns each package with the packages beside it that it imports, and each after those. Routes do not count."""
    children = sorted(graph.find_children(f"engage.{feature}"))
    names = [child.split(".")[-1] for child in children if graph.find_children(child)]
    found = {}
    for name in names:
        read = imports(graph, f"engage.{feature}.{name}", {"routes"})
        found[name] = sorted({parts[2] for parts in read if parts[:2] == ["engage", feature] and parts[2:]})
        found[name] = [other for other in found[name] if other in names and other != name]
    return {name: found[name] for name in TopologicalSorter(found).static_order()}


def names_imported(path: Path) -> Iterator[list[str]]:
    """Yields the parts of each name that a file imports from Engage, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}".split(".") for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name.split(".") for each in node.names)


def counted(order: list[str]) -> tuple[Counter[tuple[str, str]], set[frozenset[str]]]:
    """Returns how many imports go up, by (feature, feature above it), and the pairs of features that import each other.

    Packages that know no feature are left out.
    """
    features = order[: order.index("content")]
    read: Counter[tuple[str, str]] = Counter()
    for feature in features:
        for path in (ROOT / "engage" / feature).rglob("*.py"):
            parts = (each for each in names_imported(path) if each[0] == "engage" and each[1:])
            read.update((feature, each[1]) for each in parts if each[1] in features and each[1] != feature)
    up = Counter({pair: n for pair, n in read.items() if order.index(pair[1]) < order.index(pair[0])})
    return up, {frozenset(pair) for pair in read if pair[::-1] in read}


def line(head: str, words: list[str]) -> Iterator[str]:
    """Yields `head` and the words beside it, in as many lines as they need."""
    beside = ""
    for word in words:
        if beside and INDENT + len(beside) + len(word) + 2 > WIDTH:
            yield f"{head:<{INDENT}}{beside},"
            head, beside = "", ""
        beside = f"{beside}, {word}" if beside else word
    yield f"{head:<{INDENT}}{beside}".rstrip()


def diagram() -> str:
    """Returns the diagram as text: each feature with what it imports, then its packages with what they import."""
    graph = grimp.build_graph("engage")
    order = layers()
    lines: list[str] = []
    for feature in order:
        lines += line(feature, features_imported(graph, feature, order))
        for package, others in packages(graph, feature).items():
            lines += line(f"    {package}", others)
    core = (path.stem for path in (ROOT / "engage").glob("*.py"))
    return "\n".join([*lines, *line("(core)", sorted(set(core) - ENTRY_POINTS))])


def page() -> str:
    """Returns docs/architecture.md with today's diagram between its two marks."""
    text = PAGE.read_text()
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n```text\n{diagram()}\n```\n{END}{after}"


def count() -> None:
    """Prints what goes against the order, and ends with an error if it is more than allowed."""
    up, pairs = counted(layers())
    for (feature, above), number in up.most_common():
        sys.stdout.write(f"{number:4}  {feature} imports {above}, which is above it\n")
    sys.stdout.write(f"{up.total()} imports go up, of at most {UP_MOST}; ")
    sys.stdout.write(f"{len(pairs)} pairs of features import each other, of at most {PAIRS_MOST}\n")
    if up.total() > UP_MOST or len(pairs) > PAIRS_MOST:
        sys.exit("Move code to the package that it belongs to, or into a feature above both.")


if __name__ == "__main__":
    made = page()
    if "--check" not in sys.argv:
        PAGE.write_text(made)
    elif made != PAGE.read_text():
        sys.exit("docs/architecture.md shows other imports than the code. Type: make architecture")
    count()
