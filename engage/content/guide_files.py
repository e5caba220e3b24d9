"""Reads the guides. A guide has parts, each with a heading, paragraphs and points."""

from engage.content.model import Guide, GuidePart
from engage.content.nodes import Keys, Value


def guides(document: Value) -> tuple[Guide, ...]:
    keys = Keys("guide", {})

    def part(row: Value) -> GuidePart:
        field = row.fields("heading points", optional="texts")
        texts = field["texts"].texts() if "texts" in field else ()
        return GuidePart(field["heading"].text(), texts, field["points"].texts())

    def guide(row: Value) -> Guide:
        field = row.fields("key name lead parts")
        return Guide(
            key=keys.claim(field["key"]),
            name=field["name"].text(),
            lead=field["lead"].text(),
            parts=tuple(map(part, field["parts"].items())),
        )

    return tuple(map(guide, document.items()))
