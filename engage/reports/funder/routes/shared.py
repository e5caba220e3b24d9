"""Reads the options in the address, and builds the report for them."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask import Response, g, request

from engage import clock
from engage.coalitions.permissions import Permission, may
from engage.reports.funder.pages.found import Found
from engage.reports.funder.pages.page import Asked
from engage.reports.funder.pages.report import funder_report, sheets
from engage.reports.funder.queries import texts as texts_queries
from engage.reports.funder.rules import Part
from engage.web.csv_files import Field, download, file_name
from engage.web.paper.rules import Paper
from engage.web.xlsx_files import XLSX, XlsxSheet, workbook_bytes


def today() -> date:
    return clock.today(g.coalition.time_zone)


def asked_here() -> Asked:
    return Asked.of(request.args, g.membership, today())


def texts_of(asked: Asked) -> dict[Part, str]:
    """Returns the texts about the period; a viewer gets none."""
    if not may(g.membership.role, Permission.SEE_ALL):
        return {}
    return {part: row.text for part, row in texts_queries.texts_of(g.membership, asked.period).items()}


def paper_of(asked: Asked, parts: list[Part]) -> Paper:
    found = Found.of(g.membership, asked.period, today(), small=asked.small)
    return funder_report(g.membership, g.coalition, found, parts, texts_of(asked))


def workbook(paper: Paper, since: date, until: date) -> Response:
    book = workbook_bytes(
        XlsxSheet(name, head, rows, {head[0]: 40}, _columns_of_days(head, rows))
        for name, head, rows in sheets(paper)
    )
    return download(book, XLSX, file_name(f"{paper.coalition} {paper.what} {since} {until}", "xlsx"))


def _columns_of_days(head: Sequence[str], rows: Iterable[Sequence[Field]]) -> set[str]:
    cells = (cell for row in rows for cell in zip(head, row, strict=True))
    return {column for column, field in cells if isinstance(field, date)}
