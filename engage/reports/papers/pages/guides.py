"""Writes the guides: four pages for coordinators, and a half-page card for members."""

from datetime import date

from engage.coalitions.labels import paper_of
from engage.coalitions.models import Coalition
from engage.content.loader import content
from engage.content.model import Guide
from engage.dates import as_of
from engage.web.paper.rules import Paper, PaperSection


def guide_paper(coalition: Coalition, key: str, today: date) -> Paper:
    """Builds the paper of a guide; it says the same to every coalition."""
    guide = content().guide(key)
    paper = paper_of(coalition, guide.name, guide.name, as_of(today), _sections(guide))
    return paper.with_(lead=guide.lead)


def _sections(guide: Guide) -> list[PaperSection]:
    return [
        PaperSection(f"reports-guide-{number}", part.heading, texts=part.texts, points=part.points)
        for number, part in enumerate(guide.parts, start=1)
    ]
