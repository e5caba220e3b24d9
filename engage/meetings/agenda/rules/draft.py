"""Decides which lines a draft proposes, in which order, and which are checked by default.

The lines of the agenda template are called the frame. Proposals from the records come after one of these
lines, which the template marks.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from engage.meetings.agenda.rules.minutes import Wish, short
from engage.meetings.rules import MeetingKind, Source

# The order of sources on the agenda. If two sources propose the same thing, the earlier source keeps it.
ORDER = (
    Source.CARRIED_OVER,
    Source.DECISION,
    Source.DISCUSSION,
    Source.STUCK_ACTION,
    Source.LATE_ACTION,
    Source.GAP,
    Source.DISAGREEMENT,
    Source.AGREEMENT,
    Source.MISSING_SECTOR,
    Source.TIP,
)
# The most lines that a source proposes, because a meeting discusses few things. The page says how many more
# there are.
MOST = {
    Source.CARRIED_OVER: 12,
    Source.DECISION: 5,
    Source.DISCUSSION: 5,
    Source.STUCK_ACTION: 3,
    Source.LATE_ACTION: 3,
    Source.GAP: 3,
    Source.DISAGREEMENT: 2,
    Source.AGREEMENT: 3,
    Source.MISSING_SECTOR: 3,
    Source.TIP: 2,
}
# The minutes of a line from this source; others get USUAL.
MINUTES = {
    Source.DECISION: 5,
    Source.LATE_ACTION: 5,
    Source.AGREEMENT: 5,
    Source.MISSING_SECTOR: 5,
}
USUAL = 10


class Proposal(Struct, frozen=True):
    """A line that a draft proposes. `why` says in plain words where it comes from, `url` links there.

    `rank` is its position in the frame; `carried_from` is the id of the earlier line that it continues.
    """

    source: Source
    title: str
    why: str
    about: str = ""
    url: str | None = None
    minutes: int = USUAL
    output: str = ""
    rank: float = 0.0
    is_break: bool = False
    carried_from: int | None = None

    @property
    def key(self) -> str:
        """Returns the proposal's value in the form."""
        return f"{self.source.value}|{self.about or self.carried_from or self.title}"

    @property
    def wish(self) -> Wish:
        return Wish(self.minutes, short(self.minutes), self.is_break)


class Brought(Struct, frozen=True):
    """The findings of one source: the most urgent ones, their total number, and a link to the full list."""

    source: Source
    first: tuple[Proposal, ...]
    total: int
    url: str | None = None


class Section(Struct, frozen=True):
    """The proposals of one source; `more` counts those that are not shown."""

    source: Source
    proposals: tuple[Proposal, ...]
    more: int
    url: str | None


def frame(template: Iterable[Proposal], already: Iterable[str]) -> list[Proposal]:
    """Returns the template's lines that are not on the agenda yet."""
    there = set(already)
    return [each for each in template if each.about not in there]


def sections(brought: Iterable[Brought], already: Iterable[str]) -> list[Section]:
    """Returns the proposals by source, without duplicates and without things already on the agenda."""
    seen = {each for each in already if each}
    by_source = {each.source: each for each in brought}
    found = []
    for source in ORDER:
        if (each := by_source.get(source)) is None:
            continue
        fresh = [proposal for proposal in each.first if proposal.about not in seen]
        known = len(each.first) - len(fresh)
        shown = fresh[: MOST[source]]
        seen |= {proposal.about for proposal in shown if proposal.about}
        if shown:
            found.append(Section(source, tuple(shown), each.total - known - len(shown), each.url))
    return found


def ticked(
    kind: MeetingKind, template: Sequence[Proposal], found: Iterable[Section], at_hand: int
) -> frozenset[str]:
    """Returns the keys that are checked by default.

    Lines of the frame are checked while their shortest lengths fit in the time at hand, then proposals from
    the records while they fit. For a planning session or a first meeting, whose usual lines fill the time,
    the only records added are lines that an earlier meeting did not reach.
    """
    keys, used = set(), 0
    for each in template:
        if used + each.wish.lowest <= at_hand:
            keys.add(each.key)
            used += each.wish.lowest
    used = max(used, sum(each.minutes for each in template if each.key in keys))
    for section in found:
        if (
            kind in {MeetingKind.PLANNING_SESSION, MeetingKind.FIRST}
            and section.source is not Source.CARRIED_OVER
        ):
            continue
        for each in section.proposals:
            if used + each.minutes <= at_hand:
                keys.add(each.key)
                used += each.minutes
    return frozenset(keys)


def chosen(
    template: Iterable[Proposal], found: Iterable[Section], keys: Iterable[str], follows: float
) -> list[Proposal]:
    """Returns the chosen lines in order; the records come after the frame's line of rank `follows`."""
    wanted = set(keys)
    kept = [each for each in template if each.key in wanted]
    records = [each for section in found for each in section.proposals if each.key in wanted]
    return [
        *(each for each in kept if each.rank <= follows),
        *records,
        *(each for each in kept if each.rank > follows),
    ]


def merged(existing: Sequence[float], new: Sequence[float]) -> list[tuple[bool, int]]:
    """Returns the order of existing and new lines, as pairs of (is new, index).

    A new line goes before the first line with a higher rank. Existing lines keep their order.
    """
    order = [(False, index) for index in range(len(existing))]
    ranks = list(existing)
    for index, rank in enumerate(new):
        place = next((at for at, each in enumerate(ranks) if each > rank), len(ranks))
        order.insert(place, (True, index))
        ranks.insert(place, rank)
    return order


def rank_of(about: str, ranks: Mapping[str, float], follows: float) -> float:
    """Returns a line's position in the frame. Lines that are not from the template are ranked as records."""
    return ranks.get(about, follows + 0.5)
