"""Reading YAML by its nodes, so that whatever is wrong is told with its file and line."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import yaml

KEY = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*")
LONGEST_KEY = 60
TAGS = "tag:yaml.org,2002:"


class ContentError(Exception):
    """A content file cannot be used. The message is one line: file, line, what is wrong, what to do."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        # The file's own words are quoted in it: a line break or an escape sequence must not reach a terminal.
        printable = "".join(each if each.isprintable() else " " for each in problem)
        super().__init__(f"{file}:{line}: {' '.join(printable.split())}")


class _Loader(yaml.SafeLoader):
    """Composes nodes without anchors and aliases: a file means what it shows, and cannot unfold into more."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) is not None:
            problem = "anchors (&) and aliases (*) are not used here; write the text out, or quote it"
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)
        return super().compose_node(parent, index)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a file and where it stands. Each method reads it as one type or raises ContentError."""

    file: str
    node: yaml.Node

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def error(self, problem: str) -> ContentError:
        return ContentError(self.file, self.line, problem)

    def _is(self, *types: str) -> bool:
        return self.node.tag in {TAGS + each for each in types}

    def text(self) -> str:
        if not self._is("str") or not isinstance(self.node, yaml.ScalarNode):
            raise self.error("expected text here; write some, in quotes if it is a number, a date, yes or no")
        value = str(self.node.value)
        if not value.strip():
            raise self.error("this text is empty; write some or remove the line")
        for character in value:
            if unicodedata.category(character) in {"Cc", "Zl", "Zp"}:
                raise self.error(
                    f"a line break or control character (U+{ord(character):04X}) stands in this text; "
                    "remove it (for a long text use >- after the colon)"
                )
        return value

    def text_or_none(self) -> str | None:
        return None if self._is("null") else self.text()

    def key(self) -> str:
        value = self.text()
        if not KEY.fullmatch(value) or len(value) > LONGEST_KEY:
            raise self.error(
                f"{shown(value)} is no key; use letters, digits, and single - or _ between them, "
                f"at most {LONGEST_KEY} characters"
            )
        return value

    def number(self, at_least: int) -> int:
        if not self._is("int") or not re.fullmatch(r"0|[1-9][0-9]{0,5}", self.node.value):
            raise self.error(f"expected a whole number here; write {at_least} or more, without quotes")
        if int(self.node.value) < at_least:
            raise self.error(f"{self.node.value} is too small; write {at_least} or more")
        return int(self.node.value)

    def flag(self) -> bool:
        if not self._is("bool") or self.node.value not in {"true", "false"}:
            raise self.error("expected true or false here; write one of them, without quotes")
        return bool(self.node.value == "true")

    def one_of(self, choices: Iterable[str], what: str) -> str:
        value, known = self.text(), sorted(choices)
        if value not in known:
            near = known if len(known) <= 12 else get_close_matches(value, known, cutoff=0)
            raise self.error(f"{shown(value)} is not a known {what}; use for example: {', '.join(near)}")
        return value

    def items(self) -> list["Value"]:
        if not isinstance(self.node, yaml.SequenceNode) or not self._is("seq"):
            raise self.error("expected a list here; begin each entry with a dash")
        if not self.node.value:
            raise self.error("this list is empty; add at least one entry")
        return [Value(self.file, node) for node in self.node.value]

    def texts(self) -> tuple[str, ...]:
        return tuple(each.text() for each in self.items())

    def five(self, what: str) -> list["Value"]:
        values = self.items()
        if len(values) != 5:
            raise self.error(
                f"expected five {what}, for the ratings 0 to 4, and found {len(values)}; write five"
            )
        return values

    def fields(self, required: str, optional: str = "") -> dict[str, "Value"]:
        """The values of a mapping by name. Both arguments are names with spaces between."""
        if not isinstance(self.node, yaml.MappingNode) or not self._is("map"):
            raise self.error(f"expected fields here; write them as name: value ({commas(required)})")
        allowed = required.split() + optional.split()
        found: dict[str, Value] = {}
        for name_node, value_node in self.node.value:
            # The bare word of a name counts, whatever type YAML would give it.
            name = Value(self.file, name_node)
            word = name_node.value if isinstance(name_node, yaml.ScalarNode) else ""
            if word not in allowed:
                raise name.error(f"unknown field {shown(word)}; known here: {', '.join(allowed)}")
            if word in found:
                raise name.error(f"the field {shown(word)} is here twice; remove one")
            found[word] = Value(self.file, value_node)
        for word in required.split():
            if word not in found:
                raise self.error(f"the field {shown(word)} is missing; add it")
        return found


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one kind of row, each used once."""

    kind: str
    lines: dict[str, int]

    def claim(self, value: Value) -> str:
        key = value.key()
        if key in self.lines:
            raise value.error(
                f"the {self.kind} key {shown(key)} is used on line {self.lines[key]} too; change one"
            )
        self.lines[key] = value.line
        return key


def read(path: Path, file: str) -> Value:
    """The one document of a YAML file; `file` is how messages call it."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ContentError(file, 1, "the file is missing; put it back") from None
    except OSError as error:
        raise ContentError(
            file, 1, f"the file cannot be read ({error.strerror}); check its permissions"
        ) from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ContentError(file, line, "this is not UTF-8 text; store the file as UTF-8") from None
    try:
        node = _Loader(text).get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problem = "a control character stands here; remove it"
        raise ContentError(file, line, problem) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = ", ".join(part for part in (error.context, error.problem) if part)
        problem = f"{told}; mend the YAML here or just above"
        raise ContentError(file, mark.line + 1 if mark else 1, problem) from None
    except RecursionError:
        raise ContentError(file, 1, "the brackets or lists are nested too deeply; flatten them") from None
    if node is None:
        raise ContentError(file, 1, "the file is empty; put its content back")
    return Value(file, node)


def shown(value: str) -> str:
    """A value as a message quotes it: short, on one line."""
    return f'"{value if len(value) <= 40 else value[:39] + "…"}"'


def commas(names: str) -> str:
    return ", ".join(names.split())
