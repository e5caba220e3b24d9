"""Chooses the lines that a draft proposes, their order, and which are ticked.

The template's lines are the frame; the proposals from the records follow one of them.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from engage.meetings.agenda.rules.minutes import Wish, short
from engage.meetings.rules import MeetingKind, Source

# This is their order on the agenda. If two sources propose the same thing, the first one keeps it.
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
# A source proposes at most this many lines, because a meeting discusses few things. It says how many more
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
# A line of a source asks for this many minutes.
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
        """Returns the line's name in a form."""
        return f"{self.source.value}|{self.about or self.carried_from or self.title}"

    @property
    def wish(self) -> Wish:
        return Wish(self.minutes, short(self.minutes), self.is_break)


class Brought(Struct, frozen=True):
    """The findings of one source, the most urgent first, their total number, and a link to the full list."""

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
    """Returns the proposals from the records by source, each thing once, without things already on the agenda."""
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
    """Returns the keys that are ticked by default.

    Frame lines are ticked as long as their shortest lengths fit, then records as long as they fit. The usual
    lines of a planning session or a first meeting already fill it, so there only lines that were not reached
    are added.
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
    """Returns the kept lines in the order of the agenda; the records come after the frame's line of rank `follows`."""
    wanted = set(keys)
    kept = [each for each in template if each.key in wanted]
    records = [each for section in found for each in section.proposals if each.key in wanted]
    return [
        *(each for each in kept if each.rank <= follows),
        *records,
        *(each for each in kept if each.rank > follows),
    ]


def merged(existing: Sequence[float], new: Sequence[float]) -> list[tuple[bool, int]]:
    """Returns where new lines go, as pairs of (is new, index) in order.

    Each goes before the first line that belongs after it, and no existing line moves.
    """
    order = [(False, index) for index in range(len(existing))]
    ranks = list(existing)
    for index, rank in enumerate(new):
        place = next((at for at, each in enumerate(ranks) if each > rank), len(ranks))
        order.insert(place, (True, index))
        ranks.insert(place, rank)
    return order


def rank_of(about: str, ranks: Mapping[str, float], follows: float) -> float:
    """Returns a line's position in the frame; lines that are not from the template count as records."""
    return ranks.get(about, follows + 0.5)
