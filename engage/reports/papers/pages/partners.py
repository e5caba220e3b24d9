"""Writes partners and agreements as a report: who works together, how firmly, and which agreements are signed."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from engage.coalitions.labels import paper_of
from engage.coalitions.models import Coalition, Membership
from engage.content.loader import content
from engage.dates import as_of, medium_day
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners.agreements import labels as agreements_labels
from engage.partners.agreements.list import AgreementLine, agreements_of
from engage.partners.agreements.rules import CurrentState
from engage.partners.organizations import queries as organizations_queries
from engage.reports.labels import number
from engage.web.paper.rules import Cell, Column, Figure, Paper, PaperSection, Table, Width


def partners_report(membership: Membership, coalition: Coalition, today: date, url: str = "") -> Paper:
    """Builds the report in two queries. `url` is an organization's address, with {}. No person is named."""
    rows = organizations_queries.everybody(membership)
    agreements = agreements_of(membership, today)
    paper = paper_of(coalition, _("Partners and agreements"), _("Our partners"), as_of(today), [])
    if not rows:
        return paper.with_(lead=_("No organizations yet"))
    sectors = {row.sector for row in rows}
    signed = sum(each.standing is CurrentState.SIGNED for each in agreements)
    figures = [
        Figure(number(len(rows)), ngettext("organization", "organizations", len(rows))),
        Figure(_("%(part)s of %(all)s", part=len(sectors), all=len(content().sectors)), _("sectors")),
        Figure(number(signed), ngettext("agreement in force", "agreements in force", signed)),
    ]
    return paper.with_(
        sections=[
            PaperSection("reports-standing", _("Where we are"), figures=figures),
            _organizations(rows, agreements, url),
            _agreements(agreements),
        ]
    )


def _organizations(
    rows: Sequence[organizations_queries.OrganizationRow], agreements: Sequence[AgreementLine], url: str
) -> PaperSection:
    held = Counter(each.organization_id for each in agreements if each.standing is CurrentState.SIGNED)
    columns = [
        Column(_("Organization"), Width.WIDE),
        Column(_("Sector"), Width.WIDE),
        Column(_("Relationship")),
        Column(_("Agreements in force"), Width.SAID),
    ]
    table = [
        (
            Cell(row.name, url=url.format(row.id) if url else ""),
            row.sector_name,
            row.level_words,
            str(held[row.id]) if held[row.id] else "",
        )
        for row in rows
    ]
    heading = _("Organizations")
    return PaperSection("reports-organizations", heading, tables=[Table(heading, columns, table)])


def _agreements(agreements: Sequence[AgreementLine]) -> PaperSection:
    heading = _("Agreements")
    if not agreements:
        return PaperSection("reports-agreements", heading, texts=[_("No agreements yet.")])
    columns = [
        Column(_("No."), Width.NARROW),
        Column(_("Organization"), Width.WIDE),
        Column(_("Kind")),
        Column(_("Status")),
        Column(_("Signed on"), Width.SAID),
        Column(_("Ends on"), Width.SAID),
    ]
    rows = [
        (
            str(each.number),
            Cell(each.organization, "", each.title),
            str(agreements_labels.KIND_LABELS[each.kind]),
            str(agreements_labels.CURRENT_STATE_LABELS[each.standing]),
            medium_day(each.signed_on),
            medium_day(each.ends_on),
        )
        for each in agreements
    ]
    return PaperSection("reports-agreements", heading, tables=[Table(heading, columns, rows)])
