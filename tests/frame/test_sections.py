"""Tests the lists of a feature that lead to each other."""

import pytest

from engage.coalitions.rules import Role
from tests.client import EngageClient
from tests.factories import make_membership, signed_in_client

TABS = ".sections:first-of-type a"


PARTNERS = ["Organizations", "Referral list", "Agreements", "Coverage", "Sectors to recruit"]


@pytest.mark.parametrize(
    ("path", "tabs", "current"),
    [
        ("/c/riverbend/partners/", PARTNERS, "Organizations"),
        ("/c/riverbend/partners/agreements/", PARTNERS, "Agreements"),
        ("/c/riverbend/partners/coverage/", PARTNERS, "Coverage"),
        ("/c/riverbend/partners/recruitments/", PARTNERS, "Sectors to recruit"),
        ("/c/riverbend/partners/coverage/disciplines", PARTNERS, "Coverage"),
        ("/c/riverbend/checklist/", ["Getting Started", "Tips", "Learn"], "Tips"),
        ("/c/riverbend/meetings/decisions/", ["Meetings", "Decisions"], "Decisions"),
    ],
)
def test_a_list_leads_to_its_neighbors_and_marks_itself(
    member: EngageClient, path: str, tabs: list[str], current: str
) -> None:
    page = member.page(path)
    assert page.texts(TABS) == tabs
    assert page.texts(f"{TABS}[aria-current=page]") == [current]


def test_every_tab_opens(member: EngageClient) -> None:
    tabs = member.page("/c/riverbend/strengths/").all(TABS)
    assert len(tabs) > 2
    for link in tabs:
        assert member.get(link.attributes["href"]).status_code == 200


def test_a_viewer_is_offered_no_tab_that_is_not_theirs(app, member: EngageClient) -> None:
    viewer = signed_in_client(app, make_membership(coalition=member.membership.coalition, role=Role.VIEWER))
    tabs = viewer.page("/c/riverbend/partners/").all(TABS)
    assert tabs
    for link in tabs:
        assert viewer.get(link.attributes["href"]).status_code == 200


def test_a_page_that_is_no_list_has_no_tabs(member: EngageClient) -> None:
    assert member.page("/c/riverbend/plan/actions/new").texts(TABS) == []


@pytest.mark.parametrize(
    ("path", "parts", "current"),
    [
        ("partners/coverage/", ["Sectors", "Disciplines"], "Sectors"),
        ("partners/coverage/disciplines", ["Sectors", "Disciplines"], "Disciplines"),
        ("chain/", ["From answers to results", "Loose ends"], "From answers to results"),
        ("chain/loose-ends", ["From answers to results", "Loose ends"], "Loose ends"),
    ],
)
def test_pages_that_share_a_tab_lead_to_each_other_below_it(
    member: EngageClient, path: str, parts: list[str], current: str
) -> None:
    page = member.page(f"/c/riverbend/{path}")
    below = "nav[aria-label='On this tab'] a"
    assert page.texts(below) == parts
    assert page.texts(f"{below}[aria-current=page]") == [current]
