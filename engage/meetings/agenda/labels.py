"""Shows lines that Engage drafted in the reader's language.

A line is stored as plain text, because anyone may change it. So a drafted line is recognized by its text: a
text of the content, or a sentence of Engage's that contains a name.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from engage.content.loader import content
from engage.content.model import Content
from engage.extensions import in_language, language
from engage.i18n import lazy_gettext as _l
from engage.languages import offered
from engage.meetings.agenda.rules.about import AboutKind
from engage.meetings.rules import Source

# The titles of lines that come from the records, by their source.
TITLES = {
    Source.DECISION: _l("Decision %(number)s: %(text)s"),
    Source.STUCK_ACTION: _l("Action %(number)s: %(title)s"),
    Source.LATE_ACTION: _l("Action %(number)s: %(title)s"),
    Source.DISCUSSION: _l("Talk about: %(title)s"),
    Source.GAP: _l("Gap: %(title)s"),
    Source.DISAGREEMENT: _l("Where we differ: %(title)s"),
    Source.AGREEMENT: _l("Agreement %(number)s with %(who)s"),
    Source.TIP: _l("Tips for Success: %(tip)s"),
}
TITLE_OF_RECRUITMENT = _l("Sector to recruit: %(sector)s")
TITLE_OF_SECTOR = _l("No one active from: %(sector)s")
_SENTENCES = (*TITLES.values(), TITLE_OF_RECRUITMENT, TITLE_OF_SECTOR)
# A text such as "Faith-based: Prevention (Nurses)" consists of three names.
_BETWEEN_NAMES = re.compile(r"(: | \(|\)$)")


class AgendaText(Protocol):
    """A line of an agenda, or a row with the same columns."""

    @property
    def about(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def output(self) -> str: ...


def title_of(line: AgendaText) -> str:
    """Returns the title in the reader's language if Engage drafted it, else as a person wrote it."""
    return said(line.about, line.title)


def output_of(line: AgendaText) -> str:
    """Returns, in the same way as `title_of`, what should be written down at the end of the line."""
    return said(line.about, line.output)


def said(about: str, text: str) -> str:
    """Returns a text of a line with this subject in the reader's language if Engage drafted it."""
    if not about or about.startswith(AboutKind.LINE):
        return text  # a person wrote this text
    wanted = language()
    for other in offered():
        if other != wanted and (found := _translated(text, other, wanted)):
            return found
    return text


def _translated(text: str, other: str, wanted: str) -> str:
    names = _texts(other, wanted)
    if text in names:
        return names[text]
    for sentence, pattern in zip(_SENTENCES, _patterns(other), strict=True):
        if found := pattern.fullmatch(text):
            parts = {key: names.get(name, name) for key, name in found.groupdict().items()}
            if "sector" in parts:
                several = _BETWEEN_NAMES.split(found["sector"])
                parts["sector"] = "".join(names.get(each, each) for each in several)
            return str(sentence) % parts
    return ""


@lru_cache(maxsize=64)
def _texts(other: str, wanted: str) -> dict[str, str]:
    """Maps the texts of one language that a drafted line may contain to those of another language."""
    return dict(zip(_drafted(content(other)), _drafted(content(wanted)), strict=True))


def _drafted(known: Content) -> Iterator[str]:
    yield from (each.title for each in (*known.indicators, *known.extras))
    yield from (each.name for each in known.areas)
    yield from (each.name for each in known.sectors)
    yield from (each.name for each in known.tips)
    yield from (each.name for group in known.discipline_groups for each in group.disciplines)
    for line in (line for agenda in known.agendas for line in agenda.lines):
        yield line.title
        yield line.output


@lru_cache(maxsize=64)
def _patterns(other: str) -> tuple[re.Pattern[str], ...]:
    with in_language(other):
        return tuple(
            re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(str(each))), re.DOTALL)
            for each in _SENTENCES
        )
