"""Builds the page *Draft the agenda*: proposals by source, which are checked, and how the time is spread."""

from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct

from engage.coalitions.rules import Stage
from engage.content.model import AgendaPart
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.meetings.agenda.draft.pages.sources import Sources, follows, nothing_words, ranks_of
from engage.meetings.agenda.pages.board import minutes_words, sum_words
from engage.meetings.agenda.pages.links import links_of
from engage.meetings.agenda.rules import draft
from engage.meetings.agenda.rules.draft import Proposal, Section
from engage.meetings.agenda.rules.minutes import spread
from engage.meetings.models import AgendaItem
from engage.meetings.rules import Outcome, Source
from engage.web.lists import Choice, NamedLink

SECTION_LABELS = {
    Source.TEMPLATE: _l("The usual items"),
    Source.CARRIED_OVER: _l("Not reached at the last meeting"),
    Source.DECISION: _l("Decisions to review"),
    Source.DISCUSSION: _l("On the discussion list"),
    Source.STUCK_ACTION: _l("Stuck actions"),
    Source.LATE_ACTION: _l("Late actions"),
    Source.GAP: _l("The biggest gaps without an action"),
    Source.DISAGREEMENT: _l("Where you differ most"),
    Source.AGREEMENT: _l("Agreements ending or due for review"),
    Source.MISSING_SECTOR: _l("Sectors to recruit and missing sectors"),
    Source.TIP: _l("Tips not done yet"),
}
_PART_LABELS = {
    AgendaPart.WHOLE: _l("In one session"),
    AgendaPart.FIRST: _l("The first of two meetings"),
    AgendaPart.SECOND: _l("The second of two meetings"),
}
_STAGE_LABELS = {Stage.NEW: _l("For a new coalition"), Stage.EXISTING: _l("For an existing coalition")}


class DraftLine(Struct, frozen=True):
    """A proposed line; `minutes` is what the line would get, empty while it is not checked."""

    key: str
    id: str
    title: str
    why: str
    url: str | None
    output: str
    minutes: str
    is_ticked: bool


class DraftSection(Struct, frozen=True):
    id: str
    title: str
    lines: tuple[DraftLine, ...]
    more: str
    more_url: str | None


class DraftPage(Struct, frozen=True):
    """The page. `nothing` has a reason for each empty source; `there` shows what is already on the agenda."""

    sections: tuple[DraftSection, ...]
    nothing: tuple[str, ...]
    sum: str
    over: int
    there: str
    stages: tuple[Choice, ...]
    parts: tuple[Choice, ...]

    @property
    def is_bare(self) -> bool:
        """Returns whether the records propose nothing, so that only usual lines are left."""
        return all(section.id == "meetings-draft-template" for section in self.sections)


class AgendaDraft:
    """A draft for a meeting whose agenda already has the lines `items`."""

    def __init__(self, sources: Sources, items: Sequence[AgendaItem], stage: Stage, part: AgendaPart) -> None:
        self.sources, self.items, self.stage, self.part = sources, items, stage, part
        frame = sources.frame(stage, part)
        already = [each.about for each in items]
        self.brought = sources.brought()
        self.frame = draft.frame(frame, already)
        self.sections = draft.sections(self.brought, [*already, *(each.about for each in frame)])

    @property
    def used(self) -> int:
        """Returns the minutes of the lines already on the agenda."""
        return sum(each.minutes for each in self.items if each.outcome is not Outcome.DROPPED)

    @property
    def usual(self) -> frozenset[str]:
        """Returns the keys of the proposals that are checked by default."""
        free = max(self.sources.meeting.minutes - self.used, 0)
        return draft.ticked(self.sources.meeting.kind, self.frame, self.sections, free)

    def chosen(self, keys: Collection[str]) -> list[Proposal]:
        return draft.chosen(self.frame, self.sections, keys, follows(self.sources.template))

    @property
    def ranks(self) -> dict[int, float]:
        """Returns the positions of the agenda's lines among the usual lines, by line id."""
        ranks = ranks_of(self.sources.template)
        after = follows(self.sources.template)
        return {each.id: draft.rank_of(each.about, ranks, after) for each in self.items}

    def page(self, keys: Collection[str], at: Callable[..., str]) -> DraftPage:
        """Builds the page; `keys` are checked, and `at` returns the URL for another stage or part."""
        kept = self.chosen(keys)
        meeting = self.sources.meeting
        found = spread([each.wish for each in kept], max(meeting.minutes - self.used, 0))
        minutes = {each.key: given for each, given in zip(kept, found.minutes, strict=True)}
        total = self.used + sum(found.minutes)
        abouts = [each.about for section in self.sections for each in section.proposals]
        links = links_of(self.sources.membership, abouts, meeting.id)
        frame = Section(Source.TEMPLATE, tuple(self.frame), 0, None)
        return DraftPage(
            sections=tuple(
                _section(each, minutes, links) for each in ([frame] if self.frame else []) + self.sections
            ),
            nothing=tuple(self._nothing()),
            sum=sum_words(total, meeting.minutes),
            over=max(0, total - meeting.minutes),
            there=self._there(),
            stages=self._stages(at),
            parts=self._parts(at),
        )

    def _nothing(self) -> list[str]:
        shown = {section.source for section in self.sections}
        found = []
        for each in self.brought:
            if each.source not in shown:
                words = (
                    _("%(source)s: already on the agenda.", source=SECTION_LABELS[each.source])
                    if each.total
                    else nothing_words(each.source, self.sources)
                )
                found.append(words)
        return list(dict.fromkeys(found))

    def _there(self) -> str:
        kept = [each for each in self.items if each.outcome is not Outcome.DROPPED]
        if not kept:
            return ""
        return ngettext(
            "%(num)s item is on the agenda and keeps its time; new items share the time left.",
            "%(num)s items are on the agenda and keep their time; new items share the time left.",
            len(kept),
        )

    def _stages(self, at: Callable[..., str]) -> tuple[Choice, ...]:
        """Returns the stages to choose from, if the usual lines differ between stages."""
        frames = [self.sources.frame(stage, self.part) for stage in Stage]
        if all(frame == frames[0] for frame in frames):
            return ()
        return tuple(
            Choice(
                str(_STAGE_LABELS[stage]), at(stage=stage.value, part=self.part.value), stage is self.stage
            )
            for stage in Stage
        )

    def _parts(self, at: Callable[..., str]) -> tuple[Choice, ...]:
        parts = [part for part, _minutes in self.sources.template.lengths]
        if len(parts) < 2:
            return ()
        return tuple(
            Choice(str(_PART_LABELS[part]), at(stage=self.stage.value, part=part.value), part is self.part)
            for part in parts
        )


def _section(section: Section, minutes: Mapping[str, int], links: Mapping[str, NamedLink]) -> DraftSection:
    source = section.source
    base = f"meetings-draft-{source.value.replace('_', '-')}"
    is_frame = source is Source.TEMPLATE
    lines = tuple(
        DraftLine(
            key=each.key,
            id=f"{base}-{number}",
            title=each.title,
            why="" if is_frame else each.why,
            url=each.url or (links[each.about].url if each.about in links else None),
            output=each.output,
            minutes=minutes_words(minutes[each.key]) if each.key in minutes else "",
            is_ticked=each.key in minutes,
        )
        for number, each in enumerate(section.proposals)
    )
    more = ngettext("%(num)s more", "%(num)s more", section.more) if section.more else ""
    return DraftSection(base, str(SECTION_LABELS[source]), lines, more, section.url)
