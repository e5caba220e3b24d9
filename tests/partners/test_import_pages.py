"""Organizations from a file: every page of the way, with and without what can go wrong on it."""

import sqlalchemy as sa

from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.rules import ContactPlace, TagKind
from tests.client import EngageClient
from tests.partners.steps import outcomes, preview, save, table

LIST = table(
    ["Organization", "Type", "Phone", "Street Address", "Languages", "Contact", "Contact email"],
    [
        "Grace Church",
        "Churches",
        "555-1212",
        "12 Main Street",
        "English, Spanish",
        "Ann O'Neil",
        "Ann@Grace.example",
    ],
    ["County Hospital", "Health care and public health", "", "1 Hill Road", "", "", ""],
)


def names() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Organization.name).order_by(Organization.sort_key)))


def test_a_list_is_taken_in_with_what_belongs_to_each_organization(coordinator: EngageClient) -> None:
    page = preview(coordinator, LIST)
    assert (page.status, outcomes(page)) == (200, {"Grace Church": "new", "County Hospital": "new"})
    assert names() == []
    answer = save(coordinator, page)
    assert (answer.status, answer.location) == (303, "/c/riverbend/partners/")
    assert coordinator.page(answer.location).has("2 organizations are added.")
    grace = db.session.scalars(sa.select(Organization).where(Organization.name == "Grace Church")).one()
    assert (grace.sector, grace.phone, grace.added_by_id) == ("faith", "555-1212", coordinator.membership.id)
    tags = db.session.scalars(sa.select(OrganizationTag).where(OrganizationTag.kind == TagKind.LANGUAGE))
    assert [tag.value for tag in tags] == ["English", "Spanish"]
    ann = db.session.scalars(sa.select(Contact)).one()
    assert (ann.name, ann.email, ann.place) == ("Ann O'Neil", "ann@grace.example", ContactPlace.MAIN)
    happened = db.session.scalars(sa.select(HistoryEntry)).all()
    assert {(row.thing, row.field, row.actor_id) for row in happened} == {
        ("partners_organization", "added", coordinator.membership.id)
    }
    assert len(happened) == 2


def test_the_file_that_comes_out_changes_nothing_when_it_is_read_in(coordinator: EngageClient) -> None:
    page = preview(coordinator, LIST)
    save(coordinator, page)
    out = coordinator.get("/c/riverbend/partners/organizations.csv").get_data()
    page = preview(coordinator, out)
    assert set(outcomes(page).values()) == {"already here"}
    assert page.has("There is nothing to write.")
    assert not page.all("#imports-preview .btn-primary[name='']")


def word_for(page, word: str, key: str) -> dict[str, str]:
    """What to send to say what a word means."""
    for label in page.all("label"):
        if label.text(strip=True) == word:
            return {page.one(f"#{label.attributes['for']}").attributes["name"]: key}
    raise AssertionError(word)


def test_what_came_in_is_found_by_its_services_and_counties(coordinator: EngageClient) -> None:
    rows = table(
        ["Organization", "Sector", "Services", "Counties"], ["Grace Church", "faith", "Meals", "Mill"]
    )
    save(coordinator, preview(coordinator, rows))
    for words, found in (("meals", True), ("mill", True), ("grace", True), ("lake", False)):
        page = coordinator.page(f"/c/riverbend/partners/?text={words}")
        assert page.has("Grace Church") is found, words
