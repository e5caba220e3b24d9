"""Tests that an address of an earlier version, in a bookmark or an old mail, leads to where the page is now."""

import pytest
from flask import Flask

from engage.frame.pages.old_addresses import PAGES
from tests.client import EngageClient

MOVED = {
    "assessment/talk/": "assessment/discussion/",
    "partners/seats/": "partners/recruitments/",
    "partners/seats/new": "partners/recruitments/new",
    "partners/seats/7/": "partners/recruitments/7/",
    "partners/seats/7/edit": "partners/recruitments/7/edit",
    "reports/counts": "reports/funder",
    "reports/counts.pdf": "reports/funder.pdf",
    "reports/counts.xlsx": "reports/funder.xlsx",
    "settings/kept": "settings/data",
    "settings/second-factor": "settings/access",
    "start/areas/": "toolkit/areas/",
    "start/areas/response": "toolkit/areas/response",
    "strengths/matches/7/untie": "strengths/matches/7/remove",
    "trash": "settings/trash",
    "trash/7/delete": "settings/trash/7/delete",
    "trash/7/restore": "settings/trash/7/restore",
}


@pytest.mark.parametrize("address", MOVED)
def test_an_old_address_leads_to_where_the_page_is_now(member: EngageClient, address: str) -> None:
    answer = member.get(f"/c/riverbend/{address}")
    assert answer.status_code == 303
    assert answer.location == f"/c/riverbend/{MOVED[address]}"


def test_every_old_address_is_tried(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("old_addresses.")}
    assert len(rules) == len(PAGES) == len(MOVED)


def test_what_an_old_address_asked_for_goes_along(member: EngageClient) -> None:
    answer = member.get("/c/riverbend/partners/seats/new?sector=health&slug=elsewhere")
    assert answer.location == "/c/riverbend/partners/recruitments/new?sector=health&slug=elsewhere"
    answer = member.get("/c/riverbend/reports/counts?since=2026-01-01&endpoint=plan.index&_external=1")
    assert answer.location == "/c/riverbend/reports/funder?since=2026-01-01&endpoint=plan.index&_external=1"


def test_the_new_address_decides_who_gets_in(member: EngageClient) -> None:
    assert member.get("/c/riverbend/settings/kept", follow_redirects=True).status_code == 403


def test_a_stranger_learns_nothing_from_an_old_address(member: EngageClient) -> None:
    assert member.get("/c/elsewhere/partners/seats/").status_code == 404
