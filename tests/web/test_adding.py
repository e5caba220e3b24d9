"""Adding things one after the other: *Save and add another* of six forms, and what is folded in them."""

import pytest

from tests.client import EngageClient
from tests.factories import make_organization
from tests.html import Page

BASE = "/c/riverbend/"
# What depends on the organization has its id put in.
ORGANIZATION, CONTACT = "partners/new", "partners/{id}/contacts/new"
FORMS = {
    ORGANIZATION: {"name": "Mercy Hospital", "sector": "health"},
    CONTACT: {"name": "Ann Lee"},
    "partners/agreements/new": {
        "organization_id": "{id}",
        "kind": "mou",
        "state": "drafting",
        "since": "2026-11-01",
    },
    "meetings/new": {
        "kind": "general",
        "title": "Fall meeting",
        "day": "2026-12-12",
        "time": "18:00",
        "minutes": "90",
    },
    "strengths/needs/new": {"title": "Beds", "stated_gap": "2"},
    "strengths/strengths/new": {"title": "A van", "kind": "place"},
}


def as_shown(form: Page) -> dict[str, str]:
    """Returns what a browser would send of the form that no one touched."""
    found = {}
    for node in form.all("main form input, main form select, main form textarea"):
        at, name = node.attributes, node.attributes.get("name")
        if (
            not name
            or name == "csrf_token"
            or (at.get("type") in {"radio", "checkbox"} and "checked" not in at)
        ):
            continue
        chosen = (
            node.css_first("option[selected]") or node.css_first("option") if node.tag == "select" else node
        )
        found[name] = chosen.attributes.get("value") or "" if chosen is not None else ""
    return found


@pytest.mark.parametrize("path", FORMS)
def test_what_is_added_with_add_another_leads_back_to_an_empty_form(
    coordinator: EngageClient, path: str
) -> None:
    here = make_organization(name="Harbor House").id
    typed = {name: value.format(id=here) for name, value in FORMS[path].items()}
    address = BASE + path.format(id=here)
    form = coordinator.page(address)
    assert form.one("button[name=again]")
    answer = coordinator.send(address, **{**as_shown(form), **typed, "again": "1"})
    assert not answer.errors
    assert (answer.status, answer.location) == (303, address)
    assert coordinator.page(address).has("is on the list")


def test_what_few_need_is_folded_until_it_was_refused(coordinator: EngageClient) -> None:
    form = coordinator.page(BASE + ORGANIZATION)
    assert "open" not in form.one("details.form-more").attributes
    refused = coordinator.send(BASE + ORGANIZATION, name="Mercy Hospital", sector="health", website="not one")
    assert refused.status == 422
    assert "open" in refused.one("details.form-more").attributes
