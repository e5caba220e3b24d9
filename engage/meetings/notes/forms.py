"""The form of recording a meeting: every line of its agenda, each with room for a decision and an action."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from engage.database import folded
from engage.meetings.models import AgendaItem
from engage.meetings.notes.rules import Opened, Said, meant
from engage.meetings.notes.service import said_of
from engage.meetings.rules import Outcome
from engage.meetings.words import OUTCOME_WORDS
from engage.personal_details import Finding
from engage.web.forms import EngageForm, FreeLine, FreeText, Line, OneOf, stripped
from engage.web.listed import either

DECISION_LONGEST = 2000
OTHER = "other"
# A question about a name lists at most this many people.
NAMED_MOST = 3


class Known(NamedTuple):
    """A person here who may take something on; forms find them by their folded names."""

    id: int
    name: str


class RowsForm(EngageForm):
    """The rows below a line: a decision and an action, each with the person who takes it."""

    texts: tuple[str, ...] = ("decision", "decision_who", "action", "action_who")

    decision = FreeLine(_l("What was decided"), longest=DECISION_LONGEST)
    decision_who = Line(_l("Person responsible"))
    action = FreeLine(_l("What to do"))
    action_who = Line(_l("Who does it"))

    def __init__(self, key: str, people: Mapping[str, Known], **settings: object) -> None:
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
        """Checks that the person who takes it is someone here, and that there is something to take."""
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
        """Returns the question to ask about a name that fits several people."""
        if any(each.startswith(f"{who} (") for each in found) or len(found) > NAMED_MOST:
            return _("More than one person here has this name. Choose one from the list.")
        if found:
            return _("Did you mean %(names)s?", names=either(self.people[each].name for each in found))
        return _("No one here has this name. Choose someone from the list.")

    def is_fine(self, *names: str) -> bool:
        """Returns whether these fields may be saved, whatever the other fields contain."""
        return not any(
            self[name].errors or _asks(self[name])
            for name in names
            if not self.is_held(name.removesuffix("_who"))
        )

    def is_held(self, name: str) -> bool:
        """Returns whether someone is still writing in this row, so that it is not complete yet."""
        return f"{self.key}-{name}" in request.form.getlist("held")

    @property
    def is_touched(self) -> bool:
        return self.is_begun("decision") or self.is_begun("action")

    def is_begun(self, name: str) -> bool:
        """Returns whether this row contains something."""
        return bool(self[name].data or self[f"{name}_who"].data)

    def empty(self, name: str) -> None:
        """Empties the row for the next entry."""
        self[name].data = self[f"{name}_who"].data = ""

    def wanted(self, name: str) -> tuple[str, int | None] | None:
        """Returns the text of a complete row and the person who takes it; None if there is nothing to add."""
        if not self[name].data or self.is_held(name) or not self.is_fine(name, f"{name}_who"):
            return None
        known = self.people.get(folded(self[f"{name}_who"].data or ""))
        return self[name].data, known.id if known is not None else None


def _asks(field: object) -> bool:
    return isinstance(field, FreeText | FreeLine) and not field.check_details()


class _Notes(FreeText):
    """A field for notes.

    Only newly typed text is checked for personal details, because the rest was accepted when it was saved.
    """

    is_new = True

    @property
    def findings(self) -> tuple[Finding, ...]:
        return super().findings if self.is_new else ()


class LineForm(RowsForm):
    """A line of the agenda: what was said, its outcome, and what the page showed before."""

    texts = (*RowsForm.texts, "notes", "outcome")

    notes = _Notes(_l("Notes"))
    outcome = OneOf(_l("Outcome"), {each.value: words for each, words in OUTCOME_WORDS.items()})
    was = HiddenField()
    # A person who has merged two texts ticks this; its value tells which saved text they saw.
    settled = HiddenField()

    def __init__(self, item: AgendaItem, people: Mapping[str, Known], *, typed: bool = True) -> None:
        saved = said_of(item)
        data = {"notes": saved.notes, "outcome": saved.outcome.value, "was": str(Opened.of(saved))}
        settings = {} if typed else {"formdata": None}
        super().__init__(str(item.id), people, data=data, **settings)
        self.item = item
        self.shown = self.was.data or ""
        self.notes.is_new = Opened.of(self.said).notes not in {self.opened.notes, Opened.of(saved).notes}

    @property
    def said(self) -> Said:
        """Returns what was typed; if no outcome was sent, it is the saved one."""
        chosen = self.outcome.data
        outcome = Outcome(chosen) if chosen in set(Outcome) else self.item.outcome
        return Said(self.notes.data or "", outcome)

    @property
    def opened(self) -> Opened:
        return Opened.read(self.settled.data or self.was.data or "")

    @property
    def is_touched(self) -> bool:
        typed = bool(self.settled.data) or Opened.of(self.said) != self.opened
        return typed or super().is_touched

    @property
    def is_behind(self) -> bool:
        """Returns whether someone else has saved something since the page was opened."""
        return self.now != self.opened

    @property
    def now(self) -> Opened:
        """Returns the fingerprints of the saved texts, which a page sends back once its reader has seen both texts."""
        return Opened.of(said_of(self.item))

    def show_saved(self, clashes: Collection[str]) -> None:
        """Shows what is saved now, except in fields with two texts, which keep the typed text and their fingerprint."""
        saved, typed, opened, now = said_of(self.item), Opened.of(self.said), self.opened, self.now
        # If the page does not draw these fields again, it shows what was typed.
        self.shown = str(
            Opened(
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
            Opened(
                opened.notes if "notes" in clashes else now.notes,
                opened.outcome if "outcome" in clashes else now.outcome,
            )
        )


class MeetingForms:
    """The forms of all lines of a meeting, and of decisions without a line.

    A summary of errors reads them as one form.
    """

    def __init__(
        self, items: Sequence[AgendaItem], people: Sequence[tuple[int, str]], *, typed: bool = True
    ) -> None:
        known = {folded(name): Known(key, name) for key, name in people}
        self.names = [name for _key, name in people]
        self.lines = [LineForm(item, known, typed=typed) for item in items]
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

    def __iter__(self) -> Iterator[Any]:
        return (field for part in self.parts for field in part)

    def validate(self) -> None:
        """Validates each part; an invalid part does not prevent the others from being saved."""
        for part in self.parts:
            part.validate()

    def typed_keys(self) -> set[str]:
        """Returns the parts in which someone typed something."""
        return {part.key for part in self.parts if part.is_touched}

    def refused_keys(self) -> set[str]:
        return {part.key for part in self.parts if not part.is_fine(*part.texts)}

    def gone(self) -> list[tuple[str, str]]:
        """Returns what was typed on lines that someone took off the agenda in the meantime, as (key, text)."""
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
    """Returns whether the page already showed these notes when it was opened, so that no one has typed them now."""
    opened = Opened.read(request.form.get(f"{key}-was", ""))
    return Opened.of(Said(stripped(text) or "", Outcome.OPEN)).notes == opened.notes
