"""Writes the charter: what the coalition says about itself, on one page if it fits."""

from collections.abc import Sequence
from datetime import date

from engage.coalitions.about import pages, queries
from engage.coalitions.about.labels import PART_LABELS
from engage.coalitions.about.pages import PositionLine, Said
from engage.coalitions.about.rules import AboutPart
from engage.coalitions.labels import paper_of
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.dates import as_of
from engage.i18n import gettext as _
from engage.web.paper.rules import Column, Paper, PaperSection, Table, Width

# If not everything fits on one page, each text is cut to this many characters and this many positions are
# named. The first pair that fits is used; if none does, everything is printed on several pages. The
# confidentiality statement is never cut, because a person signs all of it or none.
SHORTER = ((900, 12), (450, 12), (220, 8), (110, 8))


def charter(membership: Membership, today: date) -> Paper:
    """Builds the charter in two queries. A viewer reads only the names of people who agreed to that."""
    coalition, about = membership.coalition, queries.about_of(membership)
    names = may(membership.role, Permission.SEE_ALL)
    said = {each.part: each.text for each in pages.texts(coalition, about)}
    said[AboutPart.STRUCTURE] = pages.structure_words(coalition, about)
    texts = [Said(part, str(PART_LABELS[part]), said[part]) for part in AboutPart if said.get(part)]
    positions = [pages.position_line(row, today, names=names) for row in queries.positions(membership)]
    paper = paper_of(coalition, _("Charter"), _("Who we are"), as_of(today), [])
    if not texts and not positions:
        return paper.with_(lead=_("Nothing is written on About us yet."))
    whole = _sections(texts, positions)
    cut = [[*_sections(_begun(texts, longest), positions[:most]), _cut()] for longest, most in SHORTER]
    return paper.with_(sections=whole, fits=True, shorter=[*cut, whole])


def _begun(texts: Sequence[Said], longest: int) -> list[Said]:
    return [
        each if each.part is AboutPart.STATEMENT else Said(each.part, each.heading, begun(each.text, longest))
        for each in texts
    ]


def _cut() -> PaperSection:
    return PaperSection("reports-cut", "", texts=[_("Shortened to fit one page. Everything is on About us.")])


def begun(text: str, longest: int) -> str:
    """Returns the text, or its beginning up to a whole word, with three dots."""
    if len(text) <= longest:
        return text
    kept = text[:longest].rsplit(maxsplit=1)[0] if " " in text[:longest] else text[:longest]
    return f"{kept.rstrip(' ,;:.')}…"


def _sections(texts: Sequence[Said], positions: Sequence[PositionLine]) -> list[PaperSection]:
    """Returns the parts in the order of About us; the positions follow the part on how the coalition is set up."""
    found = [(each.part, _text(each)) for each in texts]
    if positions:
        found.append((AboutPart.POSITIONS, _positions(positions)))
    order = list(AboutPart)
    return [section for _part, section in sorted(found, key=lambda each: order.index(each[0]))]


def _text(said: Said) -> PaperSection:
    return PaperSection(
        f"reports-{said.part}", said.heading, texts=[line for line in said.text.split("\n") if line.strip()]
    )


def _positions(positions: Sequence[PositionLine]) -> PaperSection:
    heading = str(PART_LABELS[AboutPart.POSITIONS])
    columns = [
        Column(_("Position")),
        Column(_("Who")),
        Column(_("Term")),
        Column(_("Stand-in"), Width.SAID),
    ]
    rows = [(each.title, _who(each), each.term, each.stand_in) for each in positions]
    return PaperSection("reports-positions", heading, tables=[Table(heading, columns, rows)])


def _who(line: PositionLine) -> str:
    if line.who:
        return line.who
    return _("A member") if line.is_filled else _("No one yet")
