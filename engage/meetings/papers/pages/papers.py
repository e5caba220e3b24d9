"""Builds a meeting's papers: the agenda to print and to send."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from engage.i18n import format_time, pgettext
from engage.i18n import gettext as _
from engage.meetings import labels
from engage.meetings.agenda.labels import output_of, title_of
from engage.meetings.agenda.pages.board import lead_words, minutes_words
from engage.meetings.agenda.rules.about import AboutKind
from engage.meetings.agenda.rules.minutes import starts
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.papers.rules import paragraph, text_of
from engage.meetings.queries import Lead
from engage.meetings.rules import Outcome


class PaperLine(Struct, frozen=True):
    """An agenda item with the clock time at which it begins."""

    begins: str
    minutes: str
    title: str
    output: str
    lead: str
    is_break: bool


class AgendaPaper(Struct, frozen=True):
    """The printed agenda; `ends` is when the last line ends, "" if there are no lines."""

    lines: tuple[PaperLine, ...]
    ends: str

    @property
    def ground_rule(self) -> str:
        return str(labels.GROUND_RULE)


def agenda_paper(meeting: Meeting, items: Sequence[AgendaItem], leads: Mapping[int, Lead]) -> AgendaPaper:
    """Returns the lines of the agenda in order; `leads` maps a line's id to its leader."""
    kept = [each for each in items if each.outcome is not Outcome.DROPPED]
    moments = starts(meeting.starts_at, [each.minutes for each in kept] + ([0] if kept else []))
    clock = [format_time(each, "short") for each in moments]
    lines = tuple(
        PaperLine(
            begins=clock[place],
            minutes=minutes_words(each.minutes) if each.minutes else "",
            title=title_of(each),
            output=output_of(each),
            lead=lead_words(leads.get(each.id)),
            is_break=each.about == AboutKind.BREAK,
        )
        for place, each in enumerate(kept)
    )
    return AgendaPaper(lines, clock[-1] if clock else "")


def agenda_text(meeting: Meeting, paper: AgendaPaper, coalition: str, address: str) -> str:
    """Returns the agenda in plain text; `address` is the meeting's page."""
    width = max((len(line.begins) for line in paper.lines), default=0) + 2
    return text_of(
        [
            *head(meeting, coalition),
            paragraph(paper.ground_rule) if paper.lines else [],
            [*headline(_("Before you come")), *paragraph(meeting.about)] if meeting.about else [],
            headline(_("Agenda")) if paper.lines else [],
            *(_line_text(line, width) for line in paper.lines),
            [f"{paper.ends.ljust(width)}{pgettext('agenda', 'End')}"] if paper.lines else [],
            paragraph(_("In Engage: %(address)s", address=address)),
        ]
    )


def short_text(meeting: Meeting, address: str) -> str:
    """Returns the text for a short message: what, when, where, and the link to the rest."""
    place = ", ".join(part for part in (meeting.place, meeting.link) if part)
    lines = [meeting.title, labels.when(meeting.starts_at, meeting.minutes), place, address]
    return "\n".join(line for line in lines if line)


def head(meeting: Meeting, coalition: str) -> list[list[str]]:
    """Returns the head of a paper: the meeting, its coalition, its time and place."""
    where = []
    if meeting.place:
        where += paragraph(_("Place: %(place)s", place=meeting.place))
    if meeting.link:
        where += paragraph(_("Online: %(link)s", link=meeting.link))
    return [
        [*paragraph(meeting.title), *paragraph(coalition)],
        [*paragraph(labels.when(meeting.starts_at, meeting.minutes)), *where],
    ]


def headline(text: str) -> list[str]:
    """Returns a heading for plain text: the text, and a line of hyphens below it."""
    return [text, "-" * len(text)]


def _line_text(line: PaperLine, width: int) -> list[str]:
    # A no-break space keeps the number and its unit on one line.
    minutes = line.minutes.replace(" ", "\N{NO-BREAK SPACE}")
    title = f"{line.title} ({minutes})" if minutes else line.title
    found = paragraph(title, indent=width, first=line.begins)
    if line.lead:
        found += paragraph(_("Led by %(name)s", name=line.lead), indent=width)
    if line.output:
        found += paragraph(_("Aim: %(output)s", output=line.output), indent=width)
    return found
