"""Builds the page that records a meeting, and the parts of it that a save replaces."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct, field

from engage.meetings import words
from engage.meetings.agenda.words import title_of
from engage.meetings.decisions.service import DecisionLine
from engage.meetings.models import Meeting
from engage.meetings.notes.forms import LineForm, MeetingForms, RowsForm
from engage.meetings.rules import Outcome
from engage.numbers import whole_number
from engage.plan.actions.queries.origins import ActionRef
from engage.web.differences import Difference

Piece = tuple[str, dict[str, object]]
_EXCERPT = 110


class Came(Struct, frozen=True):
    """What came out of the meeting so far: decisions and actions by the line's id, None for those without a line."""

    decisions: Mapping[int | None, Sequence[DecisionLine]]
    actions: Mapping[int, Sequence[ActionRef]]


class Saved(Struct):
    """The result of a save, by the key of each part: fields with two texts, and rows that were added."""

    clashes: dict[str, frozenset[str]] = field(default_factory=dict)
    added: dict[str, list[str]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    behind: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    gone: list[tuple[str, str]] = field(default_factory=list)

    @property
    def has_two_texts(self) -> bool:
        return any(self.clashes.values())

    @property
    def status(self) -> int:
        if self.has_two_texts or self.gone:
            return 409
        return 422 if self.refused else 200

    def is_trouble(self, key: str) -> bool:
        return bool(self.clashes.get(key)) or key in self.refused


class NoteLine(Struct, frozen=True):
    """A line of the agenda, folded into one row: its form, what is saved, and what came out of it."""

    form: LineForm
    anchor: str
    title: str
    # It is shown only for lines for which it is known.
    outcome: str
    tag: str
    detail: str
    counts: str
    decisions: Sequence[DecisionLine]
    actions: Sequence[ActionRef]
    differences: list[Difference]
    # The page sends this back once a person has merged the two texts.
    settles: str
    state: str
    is_saved: bool
    # The page does not contain someone else's part of it yet, so it asks once more.
    is_behind: bool
    is_open: bool


def lines_of(sheet: MeetingForms, came: Came, saved: Saved, asked: str) -> list[NoteLine]:
    """Returns the lines.

    Those with problems are open, else the one that was asked for, or the first without a record.
    """
    wanted = {key for key in saved.touched if saved.is_trouble(key)} | saved.refused
    wanted = wanted or {asked if asked in {each.key for each in sheet.lines} else _first_open(sheet)}
    return [_line(each, came, saved, is_open=each.key in wanted) for each in sheet.lines]


def _first_open(sheet: MeetingForms) -> str:
    rest = (each.key for each in sheet.lines if _is_blank(each))
    return next(rest, "")


def _is_blank(form: LineForm) -> bool:
    return form.item.outcome is Outcome.OPEN and not form.item.notes


def _line(form: LineForm, came: Came, saved: Saved, *, is_open: bool) -> NoteLine:
    item, key = form.item, form.key
    clashes = saved.clashes.get(key, frozenset())
    decisions, actions = came.decisions.get(item.id, ()), came.actions.get(item.id, ())
    return NoteLine(
        form=form,
        anchor=f"meetings-item-{item.id}",
        title=title_of(item),
        outcome="" if item.outcome is Outcome.OPEN else str(words.OUTCOME_WORDS[item.outcome]),
        tag=words.OUTCOME_TAGS[item.outcome],
        detail=_excerpt(item.notes) or ngettext("%(num)s minute", "%(num)s minutes", item.minutes),
        counts=counts_of(decisions, actions),
        decisions=decisions,
        actions=actions,
        differences=list(_differences(form, clashes)),
        settles=str(form.now),
        state=state_of(key, saved),
        is_saved=key in saved.touched and not saved.is_trouble(key),
        is_behind=key in saved.behind and form.shown != form.was.data and not saved.is_trouble(key),
        is_open=is_open,
    )


def _excerpt(notes: str) -> str:
    line = " ".join(notes.split())
    if len(line) <= _EXCERPT:
        return line
    return f"{line[:_EXCERPT].rpartition(' ')[0] or line[:_EXCERPT]}…"


def counts_of(decisions: Collection[object], actions: Collection[object]) -> str:
    found = []
    if decisions:
        found.append(ngettext("%(num)s decision", "%(num)s decisions", len(decisions)))
    if actions:
        found.append(ngettext("%(num)s action", "%(num)s actions", len(actions)))
    return ", ".join(found)


def _differences(form: LineForm, clashes: Collection[str]) -> Iterator[Difference]:
    if "notes" in clashes:
        yield Difference(form.notes, form.item.notes, form.notes.data or "")
    if "outcome" in clashes:
        typed = words.OUTCOME_WORDS[form.said.outcome]
        yield Difference(form.outcome, str(words.OUTCOME_WORDS[form.item.outcome]), str(typed))


def state_of(key: str, saved: Saved) -> str:
    """Returns in words the result of a line's last save; "" if another text says it."""
    if saved.is_trouble(key) or key not in saved.touched | saved.behind:
        return ""
    return _("Saved") if key in saved.touched else _("Someone else changed this item just now.")


def summary(saved: Saved) -> str:
    """Returns the text of the bar below the lines after a save."""
    if saved.gone:
        return _("An item was removed from the agenda while you were writing. Your text is still here.")
    trouble = sum(saved.is_trouble(key) for key in saved.touched | saved.refused)
    if trouble:
        return ngettext(
            "%(num)s item is not saved yet: please check it.",
            "%(num)s items are not saved yet: please check them.",
            trouble,
        )
    return _("Saved. You can leave and come back.")


def pieces(meeting: Meeting, sheet: MeetingForms, came: Came, saved: Saved) -> list[Piece]:
    """Returns the parts that a save replaces in the page; fields in which someone is typing are not among them."""
    found: list[Piece] = [("_form_saved.html", {"text": summary(saved), "trouble": saved.status != 200})]
    for line in lines_of(sheet, came, saved, ""):
        found += _line_pieces(meeting, line, saved)
    found += _row_pieces(sheet.other, saved, "", came.decisions.get(None, ()))
    found += [("meetings/notes/_gone.html", {"key": key, "texts": [text]}) for key, text in saved.gone]
    return found


def _line_pieces(meeting: Meeting, line: NoteLine, saved: Saved) -> Iterator[Piece]:
    key = line.form.key
    if key in saved.touched | saved.refused:
        yield "meetings/notes/_head.html", {"line": line}
        yield "meetings/notes/_state.html", {"line": line}
        yield from _row_pieces(line.form, saved, line.title, line.decisions, line.actions)
    elif key in saved.behind:
        yield "meetings/notes/_line.html", {"line": line, "meeting": meeting, "alone": True}


def _row_pieces(
    form: RowsForm,
    saved: Saved,
    title: str,
    decisions: Sequence[DecisionLine],
    actions: Sequence[ActionRef] = (),
) -> Iterator[Piece]:
    added = saved.added.get(form.key, [])
    refused = [name for name in ("decision", "action") if not form.is_fine(name, f"{name}_who")]
    if added:
        yield "meetings/notes/_came.html", {"key": form.key, "decisions": decisions, "actions": actions}
    for name in [*added, *refused]:
        yield "meetings/notes/_row.html", {"form": form, "name": name, "title": title}


def next_address(meeting: Meeting, then: str) -> str:
    """Returns where a button leads once everything is saved; its value says it as `then`, such as "decision-12"."""
    what, _dash, key = then.partition("-")
    number = whole_number(key) or 0
    if what == "attendance":
        return url_for(".attendance_sheet", meeting_id=meeting.id)
    if what == "meeting":
        return url_for(".meeting", meeting_id=meeting.id)
    if what == "close":
        return url_for(".close_meeting", meeting_id=meeting.id)
    if what == "agenda":
        return url_for(".meeting", meeting_id=meeting.id, _anchor="meetings-agenda")
    if what == "decision" and number:
        return url_for(".edit_decision", number=number)
    if what == "action" and number:
        return url_for("plan.action", number=number)
    if what == "line" and number:
        return url_for(".notes", meeting_id=meeting.id, line=number, _anchor=f"meetings-item-{number}")
    anchor = "meetings-item-other" if then == "line-other" else None
    return url_for(".notes", meeting_id=meeting.id, _anchor=anchor)
