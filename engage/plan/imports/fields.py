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

# An answer that begins with this is the name of a person who is not a member yet. The sign alone means the
# word as written.
NEW = "+"
# A word such as "Lee, Ann" may be the name of one person (turned), or of two (apart).
TURNED = "turned"
APART = "apart"


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
    """People by name or e-mail address; an unknown name becomes a new person without an account."""

    is_typed: bool = True
    joins: str | None = "; "
    people: Sequence[PersonField] = ()
    # A list with the last name first leads to a question about each name that is not known here.
    most_unknown: int = 400

    def parts(self, text: str) -> list[str]:
        """Splits a cell into names, without words such as "TBD" that name no one.

        A quoted name with a comma, as our files have it, keeps its marks: it is one name.
        """
        found = [
            word
            for part, is_quoted in parts_and_quotes(text, PARTED_BY)
            for word in ([f'"{part}"' if "," in part else part] if is_quoted else self._split(part))
        ]
        return [word for word in found if self._called(word) or not says_nothing(word)]

    def _split(self, part: str) -> list[str]:
        """Splits "Ann Lee, Bob Ray and Jo Fox".

        The word "and" separates names only beside a comma or a known name.
        """
        if self._called(part):
            return [part]
        listed = names.commas(part)
        if names.are_full(listed) or (len(listed) > 1 and all("@" in each for each in listed)):
            return [word for each in listed for word in self._split_ands(each, is_listed=True)]
        return self._split_ands(part)

    def _split_ands(self, part: str, *, is_listed: bool = False) -> list[str]:
        both = names.ands(part)
        if len(both) < 2 or self._called(part):
            return [part]
        return both if any(map(self._called, both)) or (is_listed and names.are_full(both)) else [part]

    def unknown(self, text: str) -> list[str]:
        """Returns the names that several people have, and those that may mean one person or two."""
        return [word for word in self.parts(text) if self.offered(word)]

    def offered(self, word: str) -> Mapping[str, str]:
        if word not in self._offered:
            called = self._called(word)
            several = {str(each.id): self._in_full(each) for each in called} if len(called) > 1 else {}
            self._offered[word] = several if called else self._readings(word)
        return self._offered[word]

    @cached_property
    def _offered(self) -> dict[str, Mapping[str, str]]:
        """Caches the choices for each word, because a file may name someone in thousands of rows."""
        return {}

    def suggests(self, word: str) -> str | None:
        offered = self.offered(word)
        people = [key for key in offered if key.isdecimal()]
        if len(people) == 1:
            return people[0]
        if TURNED not in offered:
            return None
        is_surname = " " not in names.commas(word)[0]
        return APART if word.isupper() else TURNED if is_surname else NEW

    def _readings(self, word: str) -> dict[str, str]:
        """Returns the possible meanings of a name that no one here has, if there are several."""
        if word.startswith('"') and word.endswith('"'):
            return {}
        listed = names.commas(word)
        found = {str(each.id): self._in_full(each) for each in self._maybe(word, listed)}
        if (name := names.turned(word)) and not any("@" in each for each in listed):
            found[TURNED] = _("One person: %(name)s", name=name)
            found[APART] = _("Two people: %(first)s and %(second)s", first=listed[0], second=listed[1])
        return {**found, NEW: _("A new name: %(name)s", name=word)} if found else {}

    def _maybe(self, word: str, listed: Sequence[str]) -> list[PersonField]:
        if len(listed) > 1 and (first := self._called(listed[0])):
            return first
        said = names.words_of(key_of(word))
        found = (each for name in said for each in self._by_name.get(name, ()))
        return [each for each, words in dict(found).items() if names.is_short_for(said, list(words))]

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[PersonField, tuple[str, ...]]]]:
        """Returns the members by their first and last names."""
        found: dict[str, list[tuple[PersonField, tuple[str, ...]]]] = defaultdict(list)
        for each in self.people:
            words = tuple(names.words_of(key_of(each.name))) if each.is_here else ()
            for name in {*words[:1], *words[-1:]}:
                found[name].append((each, words))
        return found

    def read(self, text: str, meant: Meant) -> Value | None:
        found = [key for word in self.parts(text) for key in self._keys_of(word, meant)]
        return tuple(dict.fromkeys(found)) or None

    def _keys_of(self, word: str, meant: Meant) -> list[str]:
        said = self.key_of(word, meant) if self.offered(word) else ""
        if said == TURNED:
            return [self._key_of(names.turned(word))]
        if said == APART:
            return [self._key_of(each) for each in names.commas(word)]
        return [said] if said.isdecimal() else [self._key_of(word)]

    def _key_of(self, word: str) -> str:
        found = self._called(word)
        name, _email = _named(word)
        return str(found[0].id) if found else f"{NEW}{self._short(name)}"

    def _called(self, word: str) -> list[PersonField]:
        """Finds people by the address in the text, or else by name; members come before people who left."""
        name, email = _named(word)
        called = (email, *(key_of(each) for each in (name, names.turned(name), names.plain(name)) if each))
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
    if word.startswith('"') and word.endswith('"') and "," in word:
        word = word[1:-1]
    if match := _WITH_ADDRESS.fullmatch(word):
        return match[1] or match[2], folded(match[2])
    return word, folded(word) if "@" in word else ""


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
