"""Reads fields of a plan's table that name rows of the coalition: people, organizations, needs, actions."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field

from engage.database import folded
from engage.i18n import gettext as _
from engage.imports import names
from engage.imports.cells import in_one_cell, parts_and_quotes, parts_of, says_nothing
from engage.imports.target import LEFT_OUT, ChoiceField, Field, Meant, NotTaken, Value
from engage.partners.duplicates.rules import DuplicateNames
from engage.plan.exports.table import PARTED_BY

# A key that begins with this is the name of a person who is not a member yet. The sign alone means the word as written.
NEW = "+"
# A name with one of these may be several names; so may one with "and" and the name of someone here.
_SEVERAL = re.compile(r"[,&/+]")
_AND = re.compile(r"\s+(?:and|with|y)\s+", re.IGNORECASE)
# Quotes and dashes as word processors write them are replaced by those that people type.
_TYPED = str.maketrans("‘’ʼ“”–—", "'''\"\"--")


def key_of(title: str) -> str:
    """Returns the key to look up a title or name: folded, with plain quotes and dashes.

    If folding leaves nothing, the key is the title itself.
    """
    return folded(title).translate(_TYPED) or title


class PersonField(Struct, frozen=True):
    """A person who is or was a member; `emails` are folded."""

    id: int
    name: str
    emails: tuple[str, ...]
    is_here: bool


class Title(Field, frozen=True, kw_only=True):
    """A title to look up, regardless of case and accents."""

    longest: int = 300
    free: bool = True

    def is_same(self, old: Value, new: Value) -> bool:
        return key_of(str(old)) == key_of(str(new))


class NumberField(Field, frozen=True, kw_only=True):
    """The number of an action."""

    is_typed: bool = False

    def read(self, text: str, meant: Meant) -> Value | None:
        number = text.removeprefix("#").strip()
        if not (number.isascii() and number.isdecimal() and len(number) < 10 and int(number)):
            raise NotTaken(
                _("Enter the action’s number, or leave the cell empty to add the row as a new action.")
            )
        return str(int(number))


class PeopleField(ChoiceField, frozen=True, kw_only=True, dict=True):
    """People by name or e-mail address, with semicolons between them; a new name becomes a person without an account.

    The page asks whom it means where several people have the name, and whether it is one name where it may be several.
    """

    is_typed: bool = True
    joins: str | None = "; "
    people: Sequence[PersonField] = ()
    most_unknown: int = 400

    def parts(self, text: str) -> list[str]:
        """Splits a cell into names, without words such as "TBD" that name no one.

        A quoted name with a comma, as our files have it, keeps its marks: it is one name.
        """
        found = [
            f'"{part}"' if is_quoted and _SEVERAL.search(part) else part
            for part, is_quoted in parts_and_quotes(text, PARTED_BY)
        ]
        return [word for word in found if self._called(word) or not says_nothing(word)]

    def unknown(self, text: str) -> list[str]:
        return [word for word in self.parts(text) if self.offered(word)]

    def offered(self, word: str) -> Mapping[str, str]:
        called, name = self._called(word), _named(word)[0]
        if len(called) > 1:
            return {str(each.id): self._in_full(each) for each in called}
        may_be_several = _SEVERAL.search(name) or any(map(self._called, _AND.split(name)))
        is_unclear = not called and word == _unquoted(word) and may_be_several
        return {NEW: _("One new name: %(name)s", name=word)} if is_unclear else {}

    def suggests(self, word: str) -> str:
        return ""

    def read(self, text: str, meant: Meant) -> Value | None:
        return tuple(dict.fromkeys(self._key(word, meant) for word in self.parts(text))) or None

    def _key(self, word: str, meant: Meant) -> str:
        said = self.key_of(word, meant) if self.offered(word) else NEW
        if said != NEW:
            return said
        found, (name, _email) = self._called(word), _named(word)
        return str(found[0].id) if found else f"{NEW}{self._short(name)}"

    def _called(self, word: str) -> list[PersonField]:
        """Finds people by the address in the text, or else by name; members come before people who left."""
        name, email = _named(word)
        called = (email, *(key_of(each) for each in (name, names.turned(name)) if each))
        found = next((people for each in called if (people := self._by_word.get(each))), [])
        return [each for each in found if each.is_here] or found

    @cached_property
    def _by_word(self) -> dict[str, list[PersonField]]:
        found: dict[str, list[PersonField]] = defaultdict(list)
        for each in self.people:
            for word in dict.fromkeys((key_of(each.name), *each.emails)):
                found[word].append(each)
        return found

    @cached_property
    def _by_key(self) -> dict[str, PersonField]:
        return {str(each.id): each for each in self.people}

    def shown(self, value: Value) -> str:
        keys = value if isinstance(value, tuple) else (str(value),)
        return in_one_cell(map(self._name_of, keys), PARTED_BY)

    def typed(self, value: Value) -> str:
        keys = value if isinstance(value, tuple) else (str(value),)
        return in_one_cell((key.removeprefix(NEW) for key in keys if key.startswith(NEW)), PARTED_BY)

    def _name_of(self, key: str) -> str:
        if key.startswith(NEW):
            return _("%(name)s (new, without an account)", name=key.removeprefix(NEW))
        return self._by_key[key].name

    @staticmethod
    def _in_full(person: PersonField) -> str:
        said = [person.name, *person.emails[:1], *([] if person.is_here else [_("has left")])]
        return ", ".join(said)

    def has_left(self, key: str) -> bool:
        return key in self._by_key and not self._by_key[key].is_here

    def is_same(self, old: Value, new: Value) -> bool:
        return _as_set(old) == _as_set(new)


def _as_set(value: Value) -> set[str]:
    return set(value) if isinstance(value, tuple) else {str(value)} - {""}


# The pattern does not backtrack (++), because an address without an end would cost a second.
_WITH_ADDRESS = re.compile(r"(.*?)\s*[<(]\s*([^\s<>()@]++@[^\s<>()]++)\s*[>)]\s*")


def _named(word: str) -> tuple[str, str]:
    """Returns name and folded address of "Maria Santos <maria@example.org>"; a bare address is used for both."""
    word = _unquoted(word)
    if match := _WITH_ADDRESS.fullmatch(word):
        return match[1] or match[2], folded(match[2])
    return word, folded(word) if "@" in word else ""


def _unquoted(word: str) -> str:
    is_quoted = word.startswith('"') and word.endswith('"') and _SEVERAL.search(word)
    return word[1:-1] if is_quoted else word


class Partner(ChoiceField, frozen=True, kw_only=True, dict=True):
    """An organization of the directory by its name. The import asks about an unknown name, or leaves it out."""

    may_go: bool = True
    most_unknown: int = 100

    @cached_property
    def _alike(self) -> DuplicateNames:
        names = DuplicateNames()
        for key, name in self.choices.items():
            names.add(key, folded(name))
        return names

    def offered(self, word: str) -> Mapping[str, str]:
        found = [str(key) for key in self._alike.like(folded(word))]
        return {key: self.choices[key] for key in found}

    def suggests(self, word: str) -> str | None:
        offered = list(self.offered(word))
        return offered[0] if len(offered) == 1 else LEFT_OUT


# Engage writes a need as "1. Emergency places".
_WITH_TITLE = re.compile(r"\d{1,9}\. (.+)", re.DOTALL)


class NeedsField(Field, frozen=True, kw_only=True):
    """Needs by their numbers; the shown value is the title. `ids` maps number to id.

    A title after the number, as Engage writes it, has to be the need's title or its beginning, because every
    coalition has a need 1.
    """

    is_typed: bool = False
    ids: Mapping[int, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    several: bool = False

    def read(self, text: str, meant: Meant) -> Value | None:
        found = tuple(dict.fromkeys(map(self._id_of, parts_of(text, PARTED_BY) if self.several else [text])))
        return found if self.several else found[0]

    def _id_of(self, word: str) -> str:
        match = re.match(r"#?\s*(\d{1,9})(?!\d)", word)
        if match is None or int(match[1]) not in self.ids:
            raise NotTaken(
                _("There is no need with this number. Enter the number of a need, or leave it empty.")
            )
        key = self.ids[int(match[1])]
        if (told := _WITH_TITLE.fullmatch(word)) and not key_of(self._title(key)).startswith(key_of(told[1])):
            raise NotTaken(
                _(
                    "The need with this number is “%(title)s” here. Enter the number alone if you mean it, or "
                    "leave the cell empty.",
                    title=self._title(key),
                )
            )
        return key

    def _title(self, key: str) -> str:
        return self.titles[key].partition(". ")[2]

    def shown(self, value: Value) -> str:
        keys = value if isinstance(value, tuple) else (str(value),)
        return in_one_cell((self.titles[key] for key in keys), PARTED_BY)

    def is_same(self, old: Value, new: Value) -> bool:
        return _as_set(old) == _as_set(new)
