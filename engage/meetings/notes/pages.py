"""Builds the page for recording a meeting, and the fragments that a save replaces."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from flask import url_for
from msgspec import Struct, field

from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.meetings import labels
from engage.meetings.agenda.labels import title_of
from engage.meetings.decisions.service import DecisionLine
from engage.meetings.models import Meeting
from engage.meetings.notes.forms import MeetingForms, NotesLineForm, RowsForm
from engage.meetings.rules import Outcome
from engage.numbers import whole_number
from engage.plan.actions.queries.origins import ActionRef
from engage.web.differences import Difference

Piece = tuple[str, dict[str, object]]
_EXCERPT = 110


class Came(Struct, frozen=True):
    """The decisions and actions of the meeting so far, by the line's id; None for those without a line."""

    decisions: Mapping[int | None, Sequence[DecisionLine]]
    actions: Mapping[int, Sequence[ActionRef]]


class SavedNotes(Struct):
    """The result of a save, by the key of each part: conflicting fields, and numbers of added rows.

    `held` are rows in which someone is still typing.
    """

    clashes: dict[str, frozenset[str]] = field(default_factory=dict)
    added: dict[str, dict[str, int]] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
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


class MeetingNoteLine(Struct, frozen=True):
    """A line of the agenda, collapsed into one row: its form, the saved texts, its decisions and actions."""

    form: NotesLineForm
    anchor: str
    title: str
    # The label of the outcome; empty while the line has none.
    outcome: str
    tag: str
    detail: str
    counts: str
    decisions: Sequence[DecisionLine]
    actions: Sequence[ActionRef]
    differences: list[Difference]
    # The value that the page sends back once a person merged the two versions.
    settles: str
    state: str
    is_saved: bool
    # True if someone else has saved something on this line that the page does not show yet.
    is_behind: bool
    is_open: bool


def lines_of(sheet: MeetingForms, came: Came, saved: SavedNotes, asked: str) -> list[MeetingNoteLine]:
    """Returns the lines.

    Lines with problems are expanded; without any, the line that was asked for, or the first without a record.
    """
    wanted = {key for key in saved.touched if saved.is_trouble(key)} | saved.refused
    wanted = wanted or {asked if asked in {each.key for each in sheet.lines} else _first_open(sheet)}
    return [_line(each, came, saved, is_open=each.key in wanted) for each in sheet.lines]


def _first_open(sheet: MeetingForms) -> str:
    rest = (each.key for each in sheet.lines if (each.item.outcome is Outcome.OPEN and (not each.item.notes)))
    return next(rest, "")


def _line(form: NotesLineForm, came: Came, saved: SavedNotes, *, is_open: bool) -> MeetingNoteLine:
    item, key = form.item, form.key
    clashes = saved.clashes.get(key, frozenset())
    decisions, actions = came.decisions.get(item.id, ()), came.actions.get(item.id, ())
    return MeetingNoteLine(
        form=form,
        anchor=f"meetings-item-{item.id}",
        title=title_of(item),
        outcome="" if item.outcome is Outcome.OPEN else str(labels.OUTCOME_LABELS[item.outcome]),
        tag=labels.OUTCOME_TAGS[item.outcome],
        detail=_excerpt(item.notes) or ngettext("%(num)s minute", "%(num)s minutes", item.minutes),
        counts=counts_of(decisions, actions),
        decisions=decisions,
        actions=actions,
        differences=list(_differences(form, clashes)),
        settles=str(form.now),
        state=state_of(key, saved),
        is_saved=key in saved.touched and key not in saved.held and not saved.is_trouble(key),
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


def _differences(form: NotesLineForm, clashes: Collection[str]) -> Iterator[Difference]:
    if "notes" in clashes:
        yield Difference(form.notes, form.item.notes, form.notes.data or "")
    if "outcome" in clashes:
        typed = labels.OUTCOME_LABELS[form.said.outcome]
        yield Difference(form.outcome, str(labels.OUTCOME_LABELS[form.item.outcome]), str(typed))


def state_of(key: str, saved: SavedNotes) -> str:
    """Returns a message about the line's last save; "" if another message already says the same."""
    if saved.is_trouble(key) or key not in saved.touched | saved.behind:
        return ""
    if key in saved.held:
        return _not_added(saved.held[key])
    return _("Saved") if key in saved.touched else _("Someone else changed this item just now.")


def _not_added(row: str) -> str:
    if row == "decision":
        return _("Not added yet: press “Add the decision”.")
    return _("Not added yet: press “Add the action”.")


def summary(saved: SavedNotes) -> str:
    """Returns the message in the bar below the lines after a save."""
    if saved.gone:
        return _("An item was removed from the agenda while you were writing. Your text is still here.")
    trouble = sum(saved.is_trouble(key) for key in saved.touched | saved.refused)
    if trouble:
        return ngettext(
            "%(num)s item is not saved yet: please check it.",
            "%(num)s items are not saved yet: please check them.",
            trouble,
        )
    if saved.held:
        return _not_added(next(iter(saved.held.values())))
    return _("Saved. You can leave and come back.")


def heard(saved: SavedNotes) -> str:
    """Returns what screen readers announce after a save: problems and additions, not every automatic save."""
    if saved.status != 200:
        return summary(saved)
    added = [each for part in saved.added.values() for each in part.items()]
    return " ".join(
        _("Decision %(number)s added.", number=number)
        if name == "decision"
        else _("Action %(number)s added.", number=number)
        for name, number in added
    )


def pieces(meeting: Meeting, sheet: MeetingForms, came: Came, saved: SavedNotes) -> list[Piece]:
    """Returns the fragments that a save replaces; never a field in which someone is typing."""
    is_open = saved.status != 200 or bool(saved.held)
    found: list[Piece] = [("_form_saved.html", {"text": summary(saved), "trouble": is_open})]
    if said := heard(saved):
        found.append(("_status.html", {"text": said, "is_heard": True}))
    for line in lines_of(sheet, came, saved, ""):
        found += _line_pieces(meeting, line, saved)
    found += _row_pieces(sheet.other, saved, "", came.decisions.get(None, ()))
    found += [("meetings/notes/_gone.html", {"key": key, "texts": [text]}) for key, text in saved.gone]
    return found


def _line_pieces(meeting: Meeting, line: MeetingNoteLine, saved: SavedNotes) -> Iterator[Piece]:
    key = line.form.key
    if key in saved.touched | saved.refused:
        yield "meetings/notes/_head.html", {"line": line}
        yield "meetings/notes/_state.html", {"line": line}
        yield from _row_pieces(line.form, saved, line.title, line.decisions, line.actions)
    elif key in saved.behind:
        yield "meetings/notes/_line.html", {"line": line, "meeting": meeting, "alone": True}


def _row_pieces(
    form: RowsForm,
    saved: SavedNotes,
    title: str,
    decisions: Sequence[DecisionLine],
    actions: Sequence[ActionRef] = (),
) -> Iterator[Piece]:
    added = saved.added.get(form.key, {})
    refused = [name for name in ("decision", "action") if not form.is_fine(name, f"{name}_who")]
    if added:
        yield "meetings/notes/_came.html", {"key": form.key, "decisions": decisions, "actions": actions}
    for name in [*added, *refused]:
        yield "meetings/notes/_row.html", {"form": form, "name": name, "title": title}


def next_address(meeting: Meeting, then: str) -> str:
    """Returns the URL to open after saving. The pressed button names it in `then`, such as "decision-12"."""
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
