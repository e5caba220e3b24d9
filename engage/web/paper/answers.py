"""Responds with a report as a file."""

from flask import Response, request

from engage.extensions import read_from_here
from engage.i18n import gettext as _
from engage.web.answers import problem
from engage.web.csv_files import download, file_name
from engage.web.paper.pdf import PDF, PdfFailed, pdf_of
from engage.web.paper.rules import Paper


def pdf_answer(paper: Paper) -> Response:
    """Sends the PDF, or says that it could not be made."""
    name = file_name(f"{paper.coalition} {paper.what}", "pdf")
    if request.method == "HEAD":
        return download(b"", PDF, name)
    read_from_here()  # making a PDF takes a moment, in which no one should wait for this transaction
    try:
        body = pdf_of(paper)
    except PdfFailed:
        return problem(
            503,
            _("The PDF could not be made"),
            _("Nothing is lost. Open the report's page and print it, or try again in a minute."),
        )
    return download(body, PDF, name)
