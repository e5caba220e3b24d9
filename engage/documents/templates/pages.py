"""Builds a template of a document, filled in from About us and a partner's row."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from engage.coalitions.about import pages as about_pages
from engage.coalitions.about import queries as about_queries
from engage.coalitions.about.rules import AboutPart
from engage.coalitions.labels import paper_of
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.content.model import DocumentPart, DocumentTemplate
from engage.dates import as_of
from engage.documents.templates.rules import as_text, filled
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.contacts.service import contacts_of
from engage.partners.models import Organization
from engage.web.paper.rules import Paper, PaperSection


def template_paper(
    membership: Membership, template: DocumentTemplate, partner: Organization | None, today: date
) -> Paper:
    """Builds the paper in at most three queries."""
    coalition, about = membership.coalition, about_queries.about_of(membership)
    own = {each.part.value: each.text for each in about_pages.texts(coalition, about)}
    own[AboutPart.STRUCTURE.value] = about_pages.structure_words(coalition, about)
    titles = dict.fromkeys(row.title for row in about_queries.positions(membership))
    known = {
        "coalition": coalition.name,
        "community": coalition.community,
        "positions": ", ".join(titles) or _("chair, backup chair, recorder, treasurer"),
        "help": _help(membership),
        **(_of_partner(membership, partner) if partner else {}),
    }
    sections = [_section(n, part, known, own) for n, part in enumerate(template.parts, start=1)]
    paper = paper_of(coalition, _("Template"), template.name, as_of(today), sections)
    return paper.with_(notes=[lawyer_words()] if template.is_signed else [])


def text_of(paper: Paper) -> str:
    """Returns the document as plain text."""
    parts = [(each.heading, each.texts, each.points) for each in paper.sections]
    return as_text(paper.title, " ".join(paper.notes), parts)


def lawyer_words() -> str:
    return _("A starting point, not legal advice: a lawyer should read this before anyone signs.")


def partner_of(membership: Membership, organization_id: int | None) -> Organization | None:
    """Returns one of the coalition's organizations."""
    here = Organization.coalition_id == membership.coalition_id
    return db.session.scalar(sa.select(Organization).where(here, Organization.id == organization_id))


def _section(
    number: int, part: DocumentPart, known: Mapping[str, str], own: Mapping[str, str]
) -> PaperSection:
    """Returns this part in the coalition's own words if About us has it, else in Engage's words."""
    heading, written = filled(part.heading, known), own.get(part.about, "")
    if written:
        lines = [line for line in written.split("\n") if line.strip()]
        return PaperSection(f"documents-part-{number}", heading, texts=lines)
    return PaperSection(
        f"documents-part-{number}",
        heading,
        texts=[filled(text, known) for text in part.texts],
        points=[filled(point, known) for point in part.points],
    )


def _of_partner(membership: Membership, partner: Organization) -> dict[str, str]:
    """Returns the partner's name and its main contact; viewers may not see people."""
    people = contacts_of(partner) if may(membership.role, Permission.SEE_ALL) else []
    contact = ", ".join(filter(None, (people[0].name, people[0].job))) if people else ""
    return {"partner": partner.name, "contact": contact}


def _help(membership: Membership) -> str:
    """Returns the coalition's own help line, and the national one."""
    coalition = membership.coalition
    national = _("National Human Trafficking Hotline, 1-888-373-7888")
    if not coalition.help_number:
        return national
    return f"{coalition.help_name or coalition.name}, {coalition.help_number}; {national}"
