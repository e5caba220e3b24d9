"""Draws the house from its imports: storeys, features, rooms. `make house` writes it into docs/architecture.md.

The storeys are the layers of the import contract in pyproject.toml; the rooms are the folders of a feature. Only
imports are drawn, no sizes, so that the drawing changes when the house does and not with every line.
"""

import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- house: begin -->", "<!-- house: end -->"
# Every feature uses these tools: naming them would say nothing.
EVERYWHERE = {"web", "content"}
# The door of the command line stands beside the ground floor's files, but it opens every feature.
DOORS = {"__init__", "cli"}
# The widest line, and where its words begin.
WIDTH, INDENT = 110, 24


def storeys() -> list[str]:
    """Returns the packages of the first contract, the top storey first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [
        name.removeprefix("engage.") for name in settings["tool"]["importlinter"]["contracts"][0]["layers"]
    ]


def imports(graph: grimp.ImportGraph, package: str, aside: set[str]) -> Iterator[list[str]]:
    """Yields the parts of each module that the package imports, but for its own modules of the kinds `aside`."""
    for module in {package} | graph.find_descendants(package):
        if not aside & set(module.split(".")):
            yield from (other.split(".") for other in graph.find_modules_directly_imported_by(module))


def features_read(graph: grimp.ImportGraph, feature: str, order: list[str]) -> list[str]:
    """Returns the features that this one imports. Routes and pages may look everywhere, so they do not count."""
    found = {parts[1] for parts in imports(graph, f"engage.{feature}", {"routes", "pages"}) if parts[1:]}
    return sorted((found & set(order)) - EVERYWHERE - {feature}, key=order.index)


def rooms(graph: grimp.ImportGraph, feature: str) -> dict[str, list[str]]:
    """Returns each room with the rooms beside it that it imports, and each after those. Routes do not count."""
    children = sorted(graph.find_children(f"engage.{feature}"))
    names = [child.split(".")[-1] for child in children if graph.find_children(child)]
    found = {}
    for name in names:
        read = imports(graph, f"engage.{feature}.{name}", {"routes"})
        found[name] = sorted({parts[2] for parts in read if parts[:2] == ["engage", feature] and parts[2:]})
        found[name] = [other for other in found[name] if other in names and other != name]
    return {name: found[name] for name in TopologicalSorter(found).static_order()}


def line(head: str, words: list[str]) -> Iterator[str]:
    """Yields `head` and the words beside it, in as many lines as they need."""
    beside = ""
    for word in words:
        if beside and INDENT + len(beside) + len(word) + 2 > WIDTH:
            yield f"{head:<{INDENT}}{beside},"
            head, beside = "", ""
        beside = f"{beside}, {word}" if beside else word
    yield f"{head:<{INDENT}}{beside}".rstrip()


def drawing() -> str:
    """Returns the whole house as text: each feature with what it reads, then its rooms with what they read."""
    graph = grimp.build_graph("engage")
    order = storeys()
    lines: list[str] = []
    for feature in order:
        lines += line(feature, features_read(graph, feature, order))
        for room, others in rooms(graph, feature).items():
            lines += line(f"    {room}", others)
    ground = (path.stem for path in (ROOT / "engage").glob("*.py"))
    return "\n".join([*lines, *line("(ground floor)", sorted(set(ground) - DOORS))])


def page() -> str:
    """Returns docs/architecture.md with today's drawing between its two marks."""
    text = PAGE.read_text()
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n```text\n{drawing()}\n```\n{END}{after}"


if __name__ == "__main__":
    made = page()
    if "--check" not in sys.argv:
        PAGE.write_text(made)
    elif made != PAGE.read_text():
        sys.exit("docs/architecture.md shows another house than the imports. Type: make house")
