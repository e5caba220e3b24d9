"""Tests the guide for coordinators and the card for members: pages to read, and PDFs to print."""

import pytest

from engage.content.loader import content
from tests.client import EngageClient
from tests.reports.pdfs import read, words

REPORTS = "/c/riverbend/reports/"


def test_the_guide_is_four_pages_from_the_first_evening_to_handing_it_on(coordinator: EngageClient) -> None:
    pdf = read(coordinator, f"{REPORTS}guide.pdf")
    assert len(pdf.pages) == 4
    text = words(pdf)
    for part in content().guide("coordinator").parts:
        assert part.heading in text


def test_the_card_fills_half_a_page(member: EngageClient) -> None:
    pdf = read(member, f"{REPORTS}card.pdf")
    assert len(pdf.pages) == 1
    lines = [line for line in pdf.pages[0].extract_text().splitlines() if line.strip()]
    assert len(lines) <= 26, "a letter holds some 50"
    assert "1-888-373-7888" in words(pdf)


@pytest.mark.parametrize(("name", "key"), [("guide", "coordinator"), ("card", "member")])
def test_each_is_a_page_and_in_help_and_among_the_reports(name: str, key: str, member: EngageClient) -> None:
    guide = content().guide(key)
    page = member.page(f"{REPORTS}{name}")
    assert page.has(guide.lead)
    assert all(page.has(point) for part in guide.parts for point in part.points)
    assert page.all(f"a[href='{REPORTS}{name}.pdf']")
    for place in ("/help", REPORTS):
        assert member.page(place).all(f"a[href='{REPORTS}{name}']")


def test_help_for_someone_without_a_coalition_has_no_guides(client: EngageClient) -> None:
    assert not client.page("/help").has("Guide for coordinators")
