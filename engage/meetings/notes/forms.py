"""The form for recording a meeting: every line of its agenda, with fields for a decision and an action."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from flask import request
from wtforms import Field, HiddenField

from engage.database import folded
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.labels import OUTCOME_LABELS
from engage.meetings.models import AgendaItem
from engage.meetings.notes.rules import OpenedNotes, Said, meant
from engage.meetings.notes.service import said_of
from engage.meetings.rules import Outcome
from engage.personal_details import Finding
from engage.web.forms import EngageForm, FreeLine, FreeText, NameLine, OneOf, stripped
from engage.web.labels import either

DECISION_LONGEST = 2000
OTHER = "other"
# If a name fits several people, the question names at most this many of them.
NAMED_MOST = 3


class KnownPerson(NamedTuple):
    """A person who may take on a decision or action. Forms find people by their folded names."""

    id: int
    name: str


class RowsForm(EngageForm):
    """The fields below a line: a decision and an action, each with the person who takes it on."""

    texts: tuple[str, ...] = ("decision", "decision_who", "action", "action_who")

    decision = FreeLine(_l("What was decided"), longest=DECISION_LONGEST)
    decision_who = NameLine(_l("Person responsible"))
    action = FreeLine(_l("What to do"))
    action_who = NameLine(_l("Who does it"))

    def __init__(self, key: str, people: Mapping[str, KnownPerson], **settings: object) -> None:
        super().__init__(prefix=f"{key}-", meta={"csrf": False}, **settings)
        self.key = key
        self.people = people
        for field in self:
            field.id = f"meetings-{field.name}"
            field.label.field_id = field.id

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        return all([valid, *(self._knows(name) for name in ("decision", "action"))])

    def _knows(self, name: str) -> bool:
        """Checks that the named person is known, and that there is a text for them to take on."""
        text, who = self[name].data, self[f"{name}_who"]
        if who.data and not text:
            self.refuse(name, _("Write what %(name)s takes on.", name=who.data))
        elif who.data and folded(who.data) not in self.people:
            found = meant(folded(who.data), self.people)
            if len(found) == 1:
                who.data = self.people[found[0]].name
                return True
            self.refuse(f"{name}_who", self._asked(folded(who.data), found))
        else:
            return True
        return False

    def _asked(self, who: str, found: Sequence[str]) -> str:
        """Returns the question that is shown if a name fits several people."""
        if any(each.startswith(f"{who} (") for each in found) or len(found) > NAMED_MOST:
            return _("More than one person here has this name. Choose one from the list.")
        if found:
            return _("Did you mean %(names)s?", names=either(self.people[each].name for each in found))
        return _("No one here has this name. Choose someone from the list.")

    def is_fine(self, *names: str) -> bool:
        """Returns whether these fields have no errors, whatever the other fields contain."""
        return not any(
            self[name].errors or _asks(self[name])
            for name in names
            if not self.is_held(name.removesuffix("_who"))
        )

    def is_held(self, name: str) -> bool:
        """Returns whether the browser says that someone is still typing in this row."""
        return f"{self.key}-{name}" in request.form.getlist("held")

    @property
    def is_touched(self) -> bool:
        return self.is_begun("decision") or self.is_begun("action")

    def is_begun(self, name: str) -> bool:
        """Returns whether the row contains anything."""
        return bool(self[name].data or self[f"{name}_who"].data)

    def empty(self, name: str) -> None:
        """Empties the row for the next entry."""
        self[name].data = self[f"{name}_who"].data = ""

    def wanted(self, name: str) -> tuple[str, int | None] | None:
        """Returns the text of a complete row and the person's id; None if there is nothing to add."""
        if not self[name].data or self.is_held(name) or not self.is_fine(name, f"{name}_who"):
            return None
        known = self.people.get(folded(self[f"{name}_who"].data or ""))
        return self[name].data, known.id if known is not None else None


def _asks(field: object) -> bool:
    return isinstance(field, FreeText | FreeLine) and not field.check_details()


class _Notes(FreeText):
    """A field for notes.

    Only newly typed text is checked for personal details. The saved part was accepted when it was saved.
    """

    is_new = True

    @property
    def findings(self) -> tuple[Finding, ...]:
        return super().findings if self.is_new else ()


class NotesLineForm(RowsForm):
    """The form of one line: notes, outcome, and their fingerprints when the page was opened."""

    texts = (*RowsForm.texts, "notes", "outcome")

    notes = _Notes(_l("Notes"))
    outcome = OneOf(_l("Outcome"), {each.value: words for each, words in OUTCOME_LABELS.items()})
    was = HiddenField()
    # Checked by a person who merged two versions of a text; the value identifies the saved version they saw.
    settled = HiddenField()

    def __init__(self, item: AgendaItem, people: Mapping[str, KnownPerson], *, typed: bool = True) -> None:
        saved = said_of(item)
        data = {"notes": saved.notes, "outcome": saved.outcome.value, "was": str(OpenedNotes.of(saved))}
        settings = {} if typed else {"formdata": None}
        super().__init__(str(item.id), people, data=data, **settings)
        self.item = item
        self.shown = self.was.data or ""
        self.notes.is_new = OpenedNotes.of(self.said).notes not in {
            self.opened.notes,
            OpenedNotes.of(saved).notes,
        }

    @property
    def said(self) -> Said:
        """Returns what was typed. If no outcome was sent, it is the saved outcome."""
        chosen = self.outcome.data
        outcome = Outcome(chosen) if chosen in set(Outcome) else self.item.outcome
        return Said(self.notes.data or "", outcome)

    @property
    def opened(self) -> OpenedNotes:
        return OpenedNotes.read(self.settled.data or self.was.data or "")

    @property
    def is_touched(self) -> bool:
        typed = bool(self.settled.data) or OpenedNotes.of(self.said) != self.opened
        return typed or super().is_touched

    @property
    def is_behind(self) -> bool:
        """Returns whether someone else has saved something on this line since the page was opened."""
        return self.now != self.opened

    @property
    def now(self) -> OpenedNotes:
        """Returns fingerprints of the saved texts, which the page sends back once its reader merged them."""
        return OpenedNotes.of(said_of(self.item))

    def show_saved(self, clashes: Collection[str]) -> None:
        """Puts the saved texts into the form, except in fields in `clashes`, which keep the typed text."""
        saved, typed, opened, now = said_of(self.item), OpenedNotes.of(self.said), self.opened, self.now
        # The fingerprints of what the page shows if these fields are not rendered again.
        self.shown = str(
            OpenedNotes(
                now.notes if typed.notes == now.notes else opened.notes,
                now.outcome if typed.outcome == now.outcome else opened.outcome,
            )
        )
        self.settled.data = ""
        if "notes" not in clashes:
            self.notes.data, self.notes.is_new = saved.notes, False
        if "outcome" not in clashes:
            self.outcome.data = saved.outcome.value
        self.was.data = str(
            OpenedNotes(
                opened.notes if "notes" in clashes else now.notes,
                opened.outcome if "outcome" in clashes else now.outcome,
            )
        )


class MeetingForms:
    """The forms of all lines of a meeting, and the form of decisions without a line.

    For the summary of errors, they act as one form.
    """

    def __init__(
        self, items: Sequence[AgendaItem], people: Sequence[tuple[int, str]], *, typed: bool = True
    ) -> None:
        known = {folded(name): KnownPerson(key, name) for key, name in people}
        self.names = [name for _key, name in people]
        self.lines = [NotesLineForm(item, known, typed=typed) for item in items]
        self.other = RowsForm(OTHER, known, **({} if typed else {"formdata": None}))

    @property
    def parts(self) -> list[RowsForm]:
        return [*self.lines, self.other]

    @property
    def errors(self) -> list[object]:
        return [error for part in self.parts for error in part.errors]

    @property
    def form_errors(self) -> list[object]:
        return [error for part in self.parts for error in part.form_errors]

    def __iter__(self) -> Iterator[Field]:
        return (field for part in self.parts for field in part)

    def validate(self) -> None:
        """Validates each part; an invalid part does not prevent the others from being saved."""
        for part in self.parts:
            part.validate()

    def typed_keys(self) -> set[str]:
        """Returns the keys of the parts in which someone typed something."""
        return {part.key for part in self.parts if part.is_touched}

    def refused_keys(self) -> set[str]:
        return {part.key for part in self.parts if not part.is_fine(*part.texts)}

    def held(self) -> dict[str, str]:
        """Returns the rows in which someone is still typing, by the part's key: a decision or an action."""
        return {
            part.key: name
            for part in self.parts
            for name in ("action", "decision")
            if part.is_held(name) and part.is_begun(name)
        }

    def gone(self) -> list[tuple[str, str]]:
        """Returns what was typed on lines that someone took off the agenda meanwhile, as (key, text)."""
        there = {part.key for part in self.parts}
        named = [(name.partition("-"), text.strip()) for name, text in request.form.items()]
        return [
            (key, text)
            for (key, _dash, kind), text in named
            if text
            and key not in there
            and kind in _TEXTS
            and not (kind == "notes" and _was_shown(key, text))
        ]


_TEXTS = {"notes", "decision", "action"}


def _was_shown(key: str, text: str) -> bool:
    """Returns whether this text was already on the page when it was opened, so that no one typed it now."""
    opened = OpenedNotes.read(request.form.get(f"{key}-was", ""))
    return OpenedNotes.of(Said(stripped(text) or "", Outcome.OPEN)).notes == opened.notes
