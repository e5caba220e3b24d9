"""Reads a PDF as a person and a screen reader do."""

from io import BytesIO

from pypdf import PdfReader

from tests.client import EngageClient


def read(client: EngageClient, path: str) -> PdfReader:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:400]
    assert answer.mimetype == "application/pdf"
    return PdfReader(BytesIO(answer.data))


def words(pdf: PdfReader) -> str:
    """Returns the text on its pages, white space folded."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
