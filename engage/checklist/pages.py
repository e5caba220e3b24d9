"""Builds the page of the Tips for Success, counted and sorted for the template."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from urllib.parse import urlsplit

from msgspec import Struct

from engage.checklist.labels import STATE_LABELS
from engage.checklist.rules import ChecklistProgress, ItemState, progress
from engage.content.loader import content
from engage.content.model import Audience, Basis, ItemStructure, Tip, TipItem
from engage.database import SelectedRow
from engage.dates import medium_day
from engage.i18n import format_date
from engage.i18n import gettext as _
from engage.web.lists import ListFilters, NamedLink, asked, flag_asked, key_asked

NOTE_SHOWN = 160
# With this value in the address, all tips are unfolded.
ALL = "all"


class ChecklistFilters(ListFilters, frozen=True):
    """The filters in the address.

    `opened` is the tip that is unfolded, or all. `keep` is the item that was just ticked, which stays on the
    page although done items are hidden.
    """

    show_all: bool = flag_asked("all", says="show")
    hide_done: bool = flag_asked("done", says="hide")
    opened: str = key_asked(lambda: {ALL, *(tip.key for tip in content().tips)}, says="open")
    keep: str = asked("", str, write=None)


class ItemLine(Struct, frozen=True):
    """An item as its row shows it."""

    key: str
    text: str
    state: ItemState
    tag: str
    audience: str
    detail: str
    note: str
    proof: str
    proof_label: str
    actions: tuple[NamedLink, ...]

    @property
    def done(self) -> bool:
        return self.state is ItemState.DONE

    @property
    def tag_kind(self) -> str:
        return "underway" if self.state is ItemState.IN_PROGRESS else "notstarted"

    @property
    def has_box(self) -> bool:
        return self.state is not ItemState.NOT_FOR_US


class Panel(Struct, frozen=True):
    """A tip with its items. `hidden` is the number of done items that are left out; a folded tip shows its progress."""

    key: str
    name: str
    why: str
    progress: ChecklistProgress
    lines: tuple[ItemLine, ...]
    hidden: int
    is_open: bool


class Checklist(Struct, frozen=True):
    """All tips: first those of the toolkit, then those that Engage added, with counts of what the filters show."""

    progress: ChecklistProgress
    toolkit: tuple[Panel, ...]
    more: tuple[Panel, ...]

    def panel(self, key: str) -> Panel:
        return next(panel for panel in (*self.toolkit, *self.more) if panel.key == key)


class LineWriter:
    """Builds the lines of items, and looks up each translation only once."""

    def __init__(self, today: date, fits: Callable[[TipItem], bool]) -> None:
        self._today = today
        self._fits = fits
        self._states = {state: str(word) for state, word in STATE_LABELS.items()}
        self._done_by = _("Done by %(name)s, %(day)s")
        self._done_on = _("Done %(day)s")
        self._owner_due = _("%(name)s, due %(day)s")
        self._owner_late = _("%(name)s, was due %(day)s")
        self._due = _("Due %(day)s")
        self._late = _("Was due %(day)s")
        self._own_page = _("a page of this coalition")
        self._task_forces, self._coalitions = _("For task forces"), _("For coalitions")
        self._audiences = {
            Audience.NEW: _("For new coalitions"),
            Audience.EXISTING: _("For existing coalitions"),
            Audience.BOTH: "",
        }

    def line(
        self, item: TipItem, standing: SelectedRow | None, actions: tuple[NamedLink, ...] = ()
    ) -> ItemLine:
        state = standing.state if standing else ItemState.NOT_YET
        proof = standing.proof if standing else ""
        note = standing.note if standing else ""
        return ItemLine(
            key=item.key,
            text=item.text,
            state=state,
            tag=self._states[state] if state in (ItemState.IN_PROGRESS, ItemState.NOT_FOR_US) else "",
            audience="" if self._fits(item) else self._audience(item),
            detail=self._detail(standing) if standing else "",
            note=note if len(note) <= NOTE_SHOWN else f"{note[:NOTE_SHOWN].rstrip()}…",
            proof=proof,
            proof_label=(urlsplit(proof).hostname or self._own_page) if proof else "",
            actions=actions,
        )

    def _audience(self, item: TipItem) -> str:
        """Returns for which coalitions an item is, if it is shown although it is not for this one."""
        if item.structure is ItemStructure.TASK_FORCE:
            return self._task_forces
        return self._coalitions if item.structure else self._audiences[item.audience]

    def _detail(self, standing: SelectedRow) -> str:
        if standing.state is ItemState.DONE:
            words = self._done_by if standing.moved_by else self._done_on
            return words % {"name": standing.moved_by, "day": format_date(standing.moved_at, "medium")}
        if standing.state is ItemState.NOT_FOR_US:
            return ""
        if standing.due_on is None:
            return standing.owner or ""
        late = standing.due_on < self._today
        with_owner, alone = (self._owner_late, self._late) if late else (self._owner_due, self._due)
        words = with_owner if standing.owner else alone
        return words % {"name": standing.owner, "day": medium_day(standing.due_on)}


def sheet(
    tips: Iterable[Tip],
    standings: Mapping[str, SelectedRow],
    fits: Callable[[TipItem], bool],
    filters: ChecklistFilters,
    writer: LineWriter,
    actions: Mapping[int, tuple[NamedLink, ...]],
    only: str | None = None,
) -> Checklist:
    """Returns every tip with its items for this coalition, or with all of them.

    The first incomplete tip is unfolded, unless the address names one. With `only`, the counts are the same,
    but only one item's line is built, for the response to a tick.
    """
    states: list[ItemState] = []
    panels: dict[Basis, list[Panel]] = {basis: [] for basis in Basis}
    opened = filters.opened
    for tip in tips:
        items = [item for item in tip.items if filters.show_all or fits(item)]
        found = [(item, standings.get(item.key)) for item in items]
        of_tip = [standing.state if standing else ItemState.NOT_YET for _item, standing in found]
        lines = tuple(
            writer.line(item, standing, actions.get(standing.id, ()) if standing else ())
            for (item, standing), state in zip(found, of_tip, strict=True)
            if only in (None, item.key)
            and not (filters.hide_done and state is ItemState.DONE and item.key != filters.keep)
        )
        done = progress(of_tip)
        opened = opened or (tip.key if done.done < done.total else "")
        is_open = opened in (ALL, tip.key)
        panels[tip.basis].append(
            Panel(tip.key, tip.name, tip.why, done, lines, len(items) - len(lines), is_open)
        )
        states += of_tip
    return Checklist(progress(states), tuple(panels[Basis.TOOLKIT]), tuple(panels[Basis.MORE_PRACTICES]))
