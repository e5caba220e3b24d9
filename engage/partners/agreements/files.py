"""Writes the list of agreements for a grant file as CSV."""

from collections.abc import Iterable

from engage.i18n import gettext as _
from engage.partners.agreements.list import AgreementLine
from engage.web import csv_files
from engage.web.csv_files import Column, Table


def table(lines: Iterable[AgreementLine]) -> Table:
    """Returns one line for each agreement, with dates that a spreadsheet can sort."""
    yes, no = _("yes"), _("no")
    columns: list[Column[AgreementLine]] = [
        (_("Number"), lambda each: each.number),
        (_("Organization"), lambda each: each.organization),
        (_("Sector"), lambda each: each.sector_name),
        (_("Kind"), lambda each: each.kind_words),
        (_("Title"), lambda each: each.title),
        (_("Status"), lambda each: each.standing_words),
        (_("Signed on"), lambda each: each.signed_on),
        (_("Ends on"), lambda each: each.ends_on),
        (_("Review on"), lambda each: each.review_on),
        (_("What we promised"), lambda each: each.we_promised),
        (_("What they promised"), lambda each: each.they_promised),
        (_("May be named publicly"), lambda each: yes if each.may_be_named else no),
        (_("Who gave permission"), lambda each: each.named_by if each.may_be_named else None),
        (_("Permission given on"), lambda each: each.named_on if each.may_be_named else None),
    ]
    return csv_files.table(columns, lines)
