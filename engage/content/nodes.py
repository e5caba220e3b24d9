"""Reads YAML as nodes, so that error messages can name the file and the line."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import yaml
from msgspec import Struct

from engage.errors import ContentError as ContentError
from engage.i18n import gettext as _
from engage.limits import DEEPEST, MOST_NODES

KEY = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*")
LONGEST_KEY = 60
TAGS = "tag:yaml.org,2002:"


class _Watchful(yaml.composer.Composer):
    """A YAML composer that refuses anchors and aliases, so that a small file cannot expand into a huge one.

    It also limits nodes and nesting: PyYAML takes a minute for twenty thousand opening brackets.
    """

    nodes = 0
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[attr-defined]
        self.nodes += 1
        if self.nodes > MOST_NODES:
            problem = _(
                "the file has more than %(most)s texts and lists; remove some", most=f"{MOST_NODES:,}"
            )
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)
        if getattr(event, "anchor", None) is not None:
            problem = _("anchors (&) and aliases (*) are not used here; write the text out, or quote it")
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)
        if self.depth == DEEPEST:
            raise RecursionError
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class _Loader(_Watchful, yaml.SafeLoader):
    """A YAML loader in pure Python. Our messages quote its error texts."""


def _composed(text: str) -> yaml.Node | None:
    """Returns the root node. The C parser is three times as fast; the Python parser words the errors."""
    try:
        return _Quick(text).get_single_node()  # type: ignore[call-arg]
    except Exception:
        return _Loader(text).get_single_node()


try:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:  # the C parser is not available on this machine
    _Quick: type[_Watchful] = _Loader
else:

    class _InC(_Watchful, CParser, yaml.resolver.Resolver):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            yaml.composer.Composer.__init__(self)
            yaml.resolver.Resolver.__init__(self)

    _Quick = _InC


class Value(Struct, frozen=True):
    """A value in a file, with its position. Each method reads it as one type or raises ContentError."""

    file: str
    node: yaml.Node

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def error(self, problem: str) -> ContentError:
        return ContentError(self.file, self.line, problem)

    def _is(self, *types: str) -> bool:
        return self.node.tag in {TAGS + each for each in types}

    def text(self, longest: int | None = None) -> str:
        if not self._is("str") or not isinstance(self.node, yaml.ScalarNode):
            raise self.error(
                _("expected text here; write some, in quotes if it is a number, a date, yes or no")
            )
        value = str(self.node.value)
        if not (value.isprintable() and value.strip()):
            self._refuse_invisible(value)
        if longest is not None and len(value) > longest:
            raise self.error(
                _(
                    "this text has %(length)s characters; shorten it to %(longest)s",
                    length=len(value),
                    longest=longest,
                )
            )
        return value

    def _refuse_invisible(self, value: str) -> None:
        """Refuses a text that is invisible or has control characters. Most texts need no such check."""
        kinds = [unicodedata.category(character) for character in value]
        # Only spaces and characters without a width: nothing would be visible.
        if all(kind in {"Cf", "Zs"} for kind in kinds):
            raise self.error(_("this text is empty; write some or remove the line"))
        for character, kind in zip(value, kinds, strict=True):
            # Half a surrogate pair ("\ud800") is not a character. A page with one cannot be sent.
            if kind in {"Cc", "Cs", "Zl", "Zp"}:
                raise self.error(
                    _(
                        "this text has a line break or control character (%(code)s); remove it (for a long "
                        "text use >- after the colon)",
                        code=f"U+{ord(character):04X}",
                    )
                )

    def text_or_none(self) -> str | None:
        return None if self._is("null") else self.text()

    def key(self) -> str:
        value = self.text()
        if not KEY.fullmatch(value) or len(value) > LONGEST_KEY:
            raise self.error(
                _(
                    "%(value)s is not a key; use letters, digits, and single - or _ between them, at "
                    "most %(longest)s characters",
                    value=shown(value),
                    longest=LONGEST_KEY,
                )
            )
        return value

    def number(self, at_least: int) -> int:
        if not self._is("int") or not re.fullmatch(r"0|[1-9][0-9]{0,5}", self.node.value):
            raise self.error(
                _("expected a whole number here; write %(least)s or more, without quotes", least=at_least)
            )
        if int(self.node.value) < at_least:
            raise self.error(
                _("%(value)s is too small; enter %(least)s or more", value=self.node.value, least=at_least)
            )
        return int(self.node.value)

    def flag(self) -> bool:
        if not self._is("bool") or self.node.value not in {"true", "false"}:
            raise self.error(_("expected true or false here; write one of them, without quotes"))
        return bool(self.node.value == "true")

    def one_of(self, choices: Iterable[str], what: str) -> str:
        value, known = self.text(), sorted(choices)
        if value not in known:
            near = known if len(known) <= 12 else get_close_matches(value, known, cutoff=0)
            raise self.error(
                _(
                    "%(value)s is not a known %(kind)s; use for example: %(known)s",
                    value=shown(value),
                    kind=what,
                    known=", ".join(near),
                )
            )
        return value

    def items(self) -> list["Value"]:
        if not isinstance(self.node, yaml.SequenceNode) or not self._is("seq"):
            raise self.error(_("expected a list here; begin each entry with a dash"))
        if not self.node.value:
            raise self.error(_("this list is empty; add at least one entry"))
        return [Value(self.file, node) for node in self.node.value]

    def texts(self) -> tuple[str, ...]:
        return tuple(each.text() for each in self.items())

    def five(self, what: str) -> list["Value"]:
        values = self.items()
        if len(values) != 5:
            raise self.error(
                _(
                    "expected five %(what)s, for the ratings 0 to 4, and found %(found)s; write five",
                    what=what,
                    found=len(values),
                )
            )
        return values

    def field(self, name: str) -> "Value | None":
        """Returns the value of this name in a mapping, whatever else it holds; None without it."""
        pairs = self.node.value if isinstance(self.node, yaml.MappingNode) else []
        return next((Value(self.file, value) for key, value in pairs if key.value == name), None)

    def fields(self, required: str, optional: str = "") -> dict[str, "Value"]:
        """Returns the values of a mapping by name. Both arguments are names separated by spaces."""
        if not isinstance(self.node, yaml.MappingNode) or not self._is("map"):
            raise self.error(
                _(
                    "expected fields here; write them as name: value (%(names)s)",
                    names=commas(required or optional),
                )
            )
        allowed = required.split() + optional.split()
        found: dict[str, Value] = {}
        for name_node, value_node in self.node.value:
            # The name is taken as it is written, even if YAML would read it as another type.
            name = Value(self.file, name_node)
            word = name_node.value if isinstance(name_node, yaml.ScalarNode) else ""
            if word not in allowed:
                raise name.error(
                    _(
                        "unknown field %(name)s; known here: %(known)s",
                        name=shown(word),
                        known=", ".join(allowed),
                    )
                )
            if word in found:
                raise name.error(_("the field %(name)s is here twice; remove one", name=shown(word)))
            found[word] = Value(self.file, value_node)
        for word in required.split():
            if word not in found:
                raise self.error(_("the field %(name)s is missing; add it", name=shown(word)))
        return found


class Keys(Struct, frozen=True):
    """The keys of the rows of one kind. Each key may be used only once."""

    kind: str
    lines: dict[str, int]

    def claim(self, value: Value) -> str:
        key = value.key()
        if key in self.lines:
            raise value.error(
                _(
                    "the %(kind)s key %(key)s is used on line %(line)s too; change one",
                    kind=self.kind,
                    key=shown(key),
                    line=self.lines[key],
                )
            )
        self.lines[key] = value.line
        return key


def references(values: Value, known: Iterable[str], kind: str) -> tuple[str, ...]:
    """Returns keys of existing rows, each named once, in the order of the file."""
    named = Keys(kind, {})
    for value in values.items():
        value.one_of(known, kind)
        named.claim(value)
    return tuple(named.lines)


def read(path: Path, file: str) -> Value:
    """Returns the one document of a YAML file; `file` is its name in messages."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ContentError(file, 1, _("the file is missing; put it back")) from None
    except OSError as error:
        problem = _("the file cannot be read (%(reason)s); check its permissions", reason=error.strerror)
        raise ContentError(file, 1, problem) from None
    return document(decoded(raw, file), file)


def decoded(raw: bytes, file: str) -> str:
    """Returns the file's text without a byte order mark."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = _("this is not UTF-8 text; store the file as UTF-8")
        raise ContentError(file, line, problem) from None


def document(text: str, file: str) -> Value:
    """Returns the one document of a YAML text; `file` is its name in messages."""
    try:
        node = _composed(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problem = _("there is a control character here; remove it")
        raise ContentError(file, line, problem) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = ", ".join(part for part in (error.context, error.problem) if part)
        problem = _("%(told)s; correct the YAML here or just above", told=told)
        raise ContentError(file, mark.line + 1 if mark else 1, problem) from None
    except RecursionError:
        problem = _("the brackets or lists are nested too deeply; flatten them")
        raise ContentError(file, 1, problem) from None
    if node is None:
        raise ContentError(file, 1, _("the file is empty; put its content back"))
    return Value(file, node)


def shown(value: str) -> str:
    """Returns a value in the form in which messages quote it: short, on one line."""
    return f'"{value if len(value) <= 40 else value[:39] + "…"}"'


def commas(names: str) -> str:
    return ", ".join(names.split())
