"""The directory: its list with search and filters, an organization's page, adding, editing, deleting."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.assessment.efforts.service import Said, add_effort
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.database import folded
from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners import queries as partners_queries
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.organizations import queries as organizations_queries
from engage.partners.organizations import service as organizations_service
from engage.partners.organizations.queries import OrganizationFilters
from engage.partners.rules import ContactPlace, TagKind, are_alike
from engage.strengths import service as strengths
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_affiliation,
    make_coalition,
    make_membership,
    make_organization,
    make_plan,
    saved,
    signed_in_client,
)
from tests.html import Page

PARTNERS = "/c/riverbend/partners/"
TAGS = "partners_organization_tag"
RTL = "مركز النور المجتمعي"

FILLED = {
    "name": "Harbor House",
    "sector": "nonprofit",
    "about": "Ask for the night desk.",
    "areas": ["response", "restoration"],
    "disciplines": ["shelter_staff"],
    "services": "Emergency beds\nLegal advice",
    "serves": "Adults who flee\nYoung people",
    "counties": "Riverbend, Lake",
    "languages": "English, Español",
    "website": "harbor.example.org/help",
    "phone": "555-0188",
    "email": "Office@Harbor.example.org",
}


def at(organization: Organization, more: str = "") -> str:
    return f"{PARTNERS}{organization.id}/{more}"


def tag(organization: Organization, kind: TagKind, *values: str) -> None:
    for value in values:
        saved(
            OrganizationTag(
                coalition_id=organization.coalition_id,
                organization_id=organization.id,
                kind=kind,
                value=value,
                sort_key=folded(value),
            )
        )


def contact(organization: Organization, name: str = "Ann Lee", **values: Any) -> Contact:
    given = {"place": ContactPlace.MAIN, "sort_key": folded(name), **values}
    return saved(
        Contact(coalition_id=organization.coalition_id, organization_id=organization.id, name=name, **given)
    )


def names(page: Page) -> list[str]:
    return page.texts(".partner-table .row-link")


def facts(page: Page) -> dict[str, str]:
    return dict(zip(page.texts("#partners-facts dt"), page.texts("#partners-facts dd"), strict=True))


def only_organization() -> Organization:
    db.session.expire_all()
    return db.session.scalars(sa.select(Organization)).one()


# -- the list


def test_an_empty_list_says_what_will_be_here_and_how_to_begin(
    member: EngageClient, viewer: EngageClient
) -> None:
    page = member.page(PARTNERS)
    assert page.text(".empty h2") == "No organizations yet"
    assert page.one(".empty .btn-primary").attributes["href"] == f"{PARTNERS}new"
    assert not viewer.page(PARTNERS).all("main .btn")


def test_the_list_says_sector_relationship_counties_main_contact_and_when_it_was_looked_at(
    member: EngageClient,
) -> None:
    harbor = make_organization(name="Harbor House", level=3, verified_on=date(2026, 11, 1))
    tag(harbor, TagKind.COUNTY, "Riverbend", "Lake")
    contact(harbor, "Keisha Hall")
    contact(harbor, "Somebody Else", place=ContactPlace.ALTERNATE)
    row = member.page(PARTNERS).text(".partner-table tbody tr")
    assert row.startswith(
        "Harbor House Nonprofit and community services 3: Coordination Lake, Riverbend Keisha Hall"
    )
    assert row.endswith("Nov 1, 2026")


def test_a_viewer_sees_organizations_and_no_one_of_them(viewer: EngageClient) -> None:
    harbor = make_organization(name="Harbor House", level=3, phone="555-0188")
    contact(harbor, "Keisha Hall", email="keisha@example.org")
    make_affiliation(make_membership(name="Rosa Diaz"), harbor)
    strengths.add_strength(make_membership(), title="A van", organization=harbor)
    db.session.commit()
    listed, page = viewer.page(PARTNERS), viewer.page(at(harbor))
    assert names(listed) == ["Harbor House"]
    assert not listed.all("#partners-filter-alone")
    for shown in (listed, page):
        assert not any(shown.has(words) for words in ("Keisha", "Rosa", "keisha@", "A van", "Add an", "Edit"))
    assert page.has("555-0188") and page.has("3: Coordination")
    # Nor may an address tell who has no contact.
    make_organization(name="Alone")
    assert names(viewer.page(f"{PARTNERS}?alone=yes")) == ["Alone", "Harbor House"]


def test_the_list_is_by_name_or_the_firmest_first(member: EngageClient) -> None:
    for name, level in (("Österberg", 1), ("Alpha", None), ("Zeta", 5), ("no one", 0)):
        make_organization(name=name, level=level)
    assert names(member.page(PARTNERS)) == ["Alpha", "no one", "Österberg", "Zeta"]
    assert names(member.page(f"{PARTNERS}?sort=level")) == ["Zeta", "Österberg", "no one", "Alpha"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("group=justice", ["Sheriff"]),
        ("sector=health", ["Académie Hospital"]),
        ("discipline=nurses", ["Académie Hospital"]),
        ("area=response", ["Académie Hospital", "Sheriff"]),
        ("level=0", ["Sheriff"]),
        ("level=none", ["Somebody's Club"]),
        ("county=Lake", ["Académie Hospital"]),
        ("county=LAKE", ["Académie Hospital"]),
        ("language=espanol", ["Sheriff"]),
        ("old=yes", ["Sheriff"]),
        ("alone=yes", ["Sheriff", "Somebody's Club"]),
        ("text=academie", ["Académie Hospital"]),
        ("text=hospital+ACADÉMIE", ["Académie Hospital"]),
        ("text=training", ["Sheriff"]),
        ("text=lake", ["Académie Hospital"]),
        ("text=sheriff+lake", []),
        ("text=%25", []),
        ("text=_", []),
        ("text='", ["Somebody's Club"]),
        ("area=response&level=4", ["Académie Hospital"]),
        # What an address says wrongly is left out.
        ("sector=nothing&level=9&area=%00&sort=x", ["Académie Hospital", "Sheriff", "Somebody's Club"]),
    ],
)
def test_search_and_filters_are_in_the_address(member: EngageClient, asked: str, found: list[str]) -> None:
    long_ago = clock.now() - timedelta(days=800)
    hospital = make_organization(name="Académie Hospital", sector="health", level=4)
    sheriff = make_organization(name="Sheriff", sector="justice", level=0, created_at=long_ago)
    make_organization(
        name="Somebody's Club",
        sector="civic",
        created_at=long_ago,
        verified_on=clock.today("America/Chicago"),
    )
    make_organization(name="Académie Hospital", coalition=make_coalition())
    tag(hospital, TagKind.DISCIPLINE, "nurses")
    tag(hospital, TagKind.COUNTY, "Lake")
    tag(hospital, TagKind.AREA, "response")
    tag(sheriff, TagKind.AREA, "response")
    tag(sheriff, TagKind.LANGUAGE, "Español")
    tag(sheriff, TagKind.SERVICE, "Training for clinics")
    organizations_service.refresh_search(member.membership.coalition_id)
    db.session.commit()
    contact(hospital)
    page = member.page(f"{PARTNERS}?{asked}")
    assert names(page) == found
    if not found:
        assert page.has("Nothing matches.")


def test_how_many_fit_a_focus_area_is_read_from_the_index_of_tags_alone(member: EngageClient) -> None:
    tag(make_organization(), TagKind.AREA, "response")
    with databases.counted_queries() as statements:
        member.page(f"{PARTNERS}?area=response")
    (counting,) = [each for each in statements if each.startswith("SELECT count(") and "_tag" in each]
    assert "FROM partners_organization " not in counting
    if db.engine.dialect.name == "sqlite":
        values = (member.membership.coalition_id, "area", "response")
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {counting}", values)
        assert "COVERING INDEX ix_partners_organization_tag_found" in str(plan.all())
    where = {
        index["name"]: index["column_names"]
        for index in sa.inspect(db.session.connection()).get_indexes(TAGS)
    }
    assert where["ix_partners_organization_tag_found"][-1] == "organization_id"


def test_the_filters_offer_the_counties_and_languages_that_there_are(member: EngageClient) -> None:
    first, second = make_organization(), make_organization()
    for organization in (first, second):
        tag(organization, TagKind.COUNTY, "Riverbend")
    tag(first, TagKind.COUNTY, "Élan", "lake")
    tag(make_organization(coalition=make_coalition()), TagKind.COUNTY, "Elsewhere")
    page = member.page(f"{PARTNERS}?county=lake")
    assert page.texts("#partners-filter-county option") == ["All", "Élan", "lake", "Riverbend"]
    assert page.value("county") == "lake"
    assert page.texts("#partners-filter-language option") == ["All"]
    # One that no one has any more stays chosen, so that the form says what is shown.
    assert member.page(f"{PARTNERS}?county=gone").value("county") == "gone"


def test_a_long_list_has_pages_that_keep_the_filters(member: EngageClient) -> None:
    for number in range(organizations_queries.PAGE_ROWS + 2):
        make_organization(name=f"Club {number:03}", sector="civic")
    make_organization(name="Another", sector="health")
    page = member.page(f"{PARTNERS}?sector=civic")
    assert len(names(page)) == organizations_queries.PAGE_ROWS and page.has("Page 1 of 2")
    following = page.one(".pages a[rel=next]").attributes["href"] or ""
    assert names(member.page(following)) == ["Club 050", "Club 051"]
    assert names(member.page(f"{PARTNERS}?sector=civic&page=99")) == ["Club 050", "Club 051"]
    for several in ("sector=civic&sort=level", "sector=civic&group=faith&text=club"):
        assert "52 organizations" in member.page(f"{PARTNERS}?{several}").text()
        assert names(member.page(f"{PARTNERS}?{several}&page=99")) == ["Club 050", "Club 051"]
    assert len(names(member.page(f"{PARTNERS}?page=-1"))) == organizations_queries.PAGE_ROWS


def test_the_number_of_queries_does_not_grow_with_the_rows(member: EngageClient) -> None:
    def counted() -> int:
        with databases.counted_queries() as statements:
            member.page(f"{PARTNERS}?text=o&sort=level")
        return len(statements)

    tag(make_organization(), TagKind.COUNTY, "Lake")
    few = counted()
    for _number in range(60):
        organization = make_organization()
        tag(organization, TagKind.COUNTY, "Lake", f"County {organization.id}")
        contact(organization)
    assert counted() == few <= 8


def test_one_never_looked_at_is_as_old_on_its_page_and_in_the_list_as_for_the_filter(app: Flask) -> None:
    """It came in the evening a year ago, when it was the next day already in UTC."""
    with time_machine.travel(datetime(2026, 11, 25, 18, tzinfo=UTC), tick=False):
        harbor = make_organization(name="Harbor House", created_at=datetime(2025, 11, 25, 2, tzinfo=UTC))
        client = signed_in_client(app, make_membership())
        assert client.page(f"{PARTNERS}?old=yes").texts(".partner-table .row-link") == ["Harbor House"]
        assert client.page(PARTNERS).has("Check again")
        assert client.page(at(harbor)).has("Check again")


@pytest.mark.parametrize(
    ("looked", "is_old"), [(date(2025, 11, 25), False), (date(2025, 11, 24), True), (None, True)]
)
def test_after_a_year_an_organization_is_to_be_looked_at_again(
    app: Flask, looked: date | None, is_old: bool
) -> None:
    with time_machine.travel(datetime(2026, 11, 25, 18, tzinfo=UTC), tick=False):
        created = datetime(2024, 1, 1, tzinfo=UTC)
        harbor = make_organization(name="Harbor House", verified_on=looked, created_at=created)
        client = signed_in_client(app, make_membership())
        assert client.page(PARTNERS).has("Check again") is is_old
        assert client.page(at(harbor)).has("Check again") is is_old
        assert client.send(at(harbor, "still-right")).status == 303
        page = client.page(at(harbor))
        assert not page.has("Check again") and facts(page)["Last checked"] == "November 25, 2026"
    entry = db.session.scalars(sa.select(HistoryEntry).where(HistoryEntry.field == "verified_on")).one()
    assert (entry.old, entry.new) == (str(looked) if looked else None, "2026-11-25")


# -- an organization's page


def test_the_page_says_everything_that_is_known(member: EngageClient) -> None:
    assert member.send(f"{PARTNERS}new", **FILLED).status == 303
    harbor = only_organization()
    page = member.page(at(harbor))
    assert facts(page) == {
        "About it": "Ask for the night desk.",
        "Disciplines": "Shelter staff",
        "Focus areas": "Leaving and immediate response, Restoration",
        "Services": "Emergency beds, Legal advice",
        "People it serves": "Adults who flee, Young people",
        "Counties": "Riverbend, Lake",
        "Languages": "English, Español",
        "Website": "https://harbor.example.org/help",
        "Office phone": "555-0188",
        "Office e-mail": "office@harbor.example.org",
        "Last checked": facts(page)["Last checked"],
    }
    assert harbor.verified_on == clock.today("America/Chicago")


def test_the_page_leads_to_people_strengths_efforts_and_actions(member: EngageClient) -> None:
    harbor = make_organization(name="Harbor House")
    rosa = make_membership(name="Rosa Diaz")
    make_affiliation(rosa, harbor)
    make_affiliation(make_membership(name="Gone Long", left_on=date(2026, 1, 1)), harbor)
    strengths.add_strength(rosa, title="A van", organization=harbor)
    strengths.offer(rosa, "Two Saturdays")
    add_effort(rosa, Said("response", "Harbor House", "Night beds"))
    plan = make_plan()
    make_action(plan, title="Open ten beds", number=14, organization_id=harbor.id)
    make_action(plan, title="Something else")
    page = member.page(at(harbor))
    assert page.texts("#partners-people .name-list a") == ["Rosa Diaz"]
    assert page.texts("#partners-strengths li a") == ["A van", "Two Saturdays"]
    assert page.texts("#partners-efforts a") == ["Night beds"]
    assert page.texts("#partners-actions a") == ["Action 14: Open ten beds"]
    for link in page.all("main .rows a, #partners-people a"):
        member.page(link.attributes["href"] or "")


def test_no_form_of_the_directory_has_a_street_address(member: EngageClient) -> None:
    page = member.page(f"{PARTNERS}new")
    fields = {node.attributes.get("name") for node in page.all("main input, main select, main textarea")}
    assert not any("address" in (name or "") or "street" in (name or "") for name in fields)
    assert page.has("no field for a street address, for any organization")
    columns = {*Organization.__table__.columns.keys(), *Contact.__table__.columns.keys()}
    assert not any("address" in name or "street" in name for name in columns)


# -- adding


def test_a_new_organization_needs_a_name_and_a_sector(member: EngageClient) -> None:
    page = member.send(f"{PARTNERS}new", name="", sector="", services="Beds")
    assert page.status == 422
    assert page.errors == ["Enter the organization’s name.", "Choose the sector it fits best."]
    assert page.value("services") == "Beds"
    assert not db.session.scalar(sa.select(sa.func.count(Organization.id)))


@pytest.mark.parametrize("name", ["Mary's & Joe's <b>", RTL, "n" * 120])
def test_names_of_all_kinds_are_kept_and_shown(member: EngageClient, name: str) -> None:
    assert member.send(f"{PARTNERS}new", **{**FILLED, "name": name}).status == 303
    organization = only_organization()
    assert organization.name == name
    assert names(member.page(PARTNERS)) == [name]
    assert member.page(at(organization)).text("h1") == name
    assert names(member.page(f"{PARTNERS}?text={name[:10].split()[0]}")) == [name]


def test_a_name_of_200_letters_is_refused_and_not_cut(member: EngageClient) -> None:
    page = member.send(f"{PARTNERS}new", **{**FILLED, "name": "n" * 200})
    assert page.status == 422 and "at most 120 characters" in page.errors[0]
    assert page.value("name") == "n" * 200


def test_a_name_that_grows_when_it_is_folded_is_kept(member: EngageClient) -> None:
    assert member.send(f"{PARTNERS}new", **{**FILLED, "name": "ﷺ" * 60}).status == 303
    assert only_organization().name == "ﷺ" * 60


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("website", "javascript:alert(1)", "Enter a web address"),
        ("website", "https://user@evil.example", "Enter a web address"),
        ("email", "no one", "Enter an e-mail address"),
        ("counties", ", ".join(f"County {n}" for n in range(31)), "At most 30"),
        ("services", "s" * 121, "at most 120 characters each"),
        ("about", "Her number is 312-555-0147.", None),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    member: EngageClient, field: str, value: str, message: str | None
) -> None:
    page = member.send(f"{PARTNERS}new", **{**FILLED, field: value})
    assert page.status == 422 and page.value(field) == value
    if message is None:
        assert page.has("This looks like it contains a phone number")
    else:
        assert message in page.errors[0]


def test_the_same_word_twice_is_kept_once(member: EngageClient) -> None:
    member.send(f"{PARTNERS}new", **{**FILLED, "counties": "Lake, LAKE , Riverbend;lake,"})
    tags = partners_queries.tags_of(only_organization())
    assert tags[TagKind.COUNTY] == ["Lake", "Riverbend"]


def test_a_likely_duplicate_is_shown_before_anything_is_saved(member: EngageClient) -> None:
    make_organization(name="The Harbor House of Riverbend")
    make_organization(name="Mercy Hospital")
    page = member.send(f"{PARTNERS}new", **FILLED)
    assert page.status == 422
    assert page.texts(".partners-alike li > span") == ["The Harbor House of Riverbend"]
    assert page.value("services") == "Emergency beds\nLegal advice"
    assert db.session.scalar(sa.select(sa.func.count(Organization.id))) == 2
    # It is another one: the same form again, with what the page asked about.
    assert member.send(f"{PARTNERS}new", **FILLED, sure=page.value("sure")).status == 303
    assert db.session.scalar(sa.select(sa.func.count(Organization.id))) == 3


def test_being_sure_of_one_name_says_nothing_of_another(member: EngageClient) -> None:
    make_organization(name="Harbor House")
    make_organization(name="Mercy Hospital")
    page = member.send(f"{PARTNERS}new", **{**FILLED, "name": "Mercy Hospitals"}, sure="harbor houses")
    assert page.status == 422 and page.texts(".partners-alike li > span") == ["Mercy Hospital"]


def test_the_same_name_twice_is_refused_even_when_one_is_sure(member: EngageClient) -> None:
    make_organization(name="Harbor House")
    page = member.send(f"{PARTNERS}new", **{**FILLED, "name": "HARBOR  house"}, sure="harbor house")
    assert page.status == 422
    assert page.errors == [
        "Another organization already has this name. If yours is a different one, add its town to the name."
    ]
    assert page.value("name") == "HARBOR house"


def test_going_to_the_one_that_is_there_loses_nothing_that_was_typed(member: EngageClient) -> None:
    there = make_organization(name="Harbor House Inc", phone="555-0100", sector="health")
    tag(there, TagKind.COUNTY, "Lake", "Mill")
    page = member.send(f"{PARTNERS}new", **FILLED, use=str(there.id))
    assert page.status == 422 and page.has("This organization is already on the list")
    assert page.value("name") == "Harbor House Inc"
    assert page.value("services") == "Emergency beds\nLegal advice"
    assert page.value("phone") == "555-0188"
    assert page.value("counties") == "Lake, Mill, Riverbend"
    sides = page.texts(".conflict-text")
    assert "555-0100" in sides and "555-0188" in sides
    # Nothing was written; saving the shown form is an edit of the one that is there.
    assert only_organization().phone == "555-0100"
    form = {**FILLED, "name": "Harbor House Inc", "version": page.value("version")}
    assert page.one("form.form-wide").attributes["action"] == at(there, "edit")
    assert member.send(at(there, "edit"), **form).status == 303
    assert only_organization().phone == "555-0188"


def test_going_to_the_one_that_is_there_with_nothing_but_its_name_leads_to_its_page(
    member: EngageClient,
) -> None:
    there = make_organization(name="Harbor House Inc", sector="nonprofit")
    page = member.send(f"{PARTNERS}new", name="Harbor House", sector="nonprofit", use=str(there.id))
    assert (page.status, page.location) == (303, at(there))
    elsewhere = make_organization(coalition=make_coalition())
    for key in (str(elsewhere.id), "x", "-1", "9" * 30):
        assert member.send(f"{PARTNERS}new", **FILLED, use=key).status == 404


# -- editing


def test_editing_changes_what_was_changed_and_notes_it(member: EngageClient) -> None:
    member.send(f"{PARTNERS}new", **FILLED)
    harbor = only_organization()
    page = member.page(at(harbor, "edit"))
    assert page.value("counties") == "Riverbend, Lake" and page.value("email") == "office@harbor.example.org"
    assert [box.attributes["value"] for box in page.all("[name=areas][checked]")] == [
        "response",
        "restoration",
    ]
    changed = {**FILLED, "name": "Harbour House", "counties": "lake, Mill", "areas": ["response"]}
    assert member.send(at(harbor, "edit"), **changed, version=page.value("version")).status == 303
    harbor = only_organization()
    assert (harbor.name, harbor.sort_key) == ("Harbour House", "harbour house")
    tags = partners_queries.tags_of(harbor)
    assert (tags[TagKind.COUNTY], tags[TagKind.AREA]) == (["lake", "Mill"], ["response"])
    fields = db.session.scalars(
        sa.select(HistoryEntry.field).where(HistoryEntry.thing_id == harbor.id).order_by(HistoryEntry.id)
    ).all()
    assert fields == ["added", "name", "area_tags", "county_tags"]


def test_two_people_editing_at_once_see_both_texts(member: EngageClient, coordinator: EngageClient) -> None:
    member.send(f"{PARTNERS}new", **FILLED)
    harbor = only_organization()
    version = member.page(at(harbor, "edit")).value("version")
    assert (
        coordinator.send(at(harbor, "edit"), **{**FILLED, "about": "Theirs."}, version=version).status == 303
    )
    page = member.send(at(harbor, "edit"), **{**FILLED, "about": "Mine."}, version=version)
    assert page.status == 409 and page.texts(".conflict-text") == ["Theirs.", "Mine."]
    assert only_organization().about == "Theirs."
    form = {**FILLED, "about": "Mine."}
    assert member.send(at(harbor, "edit"), **form, version=page.value("version")).status == 303
    assert only_organization().about == "Mine."


def test_a_new_name_that_another_one_has_is_asked_about_and_refused(member: EngageClient) -> None:
    harbor, _other = make_organization(name="Harbor House"), make_organization(name="Mercy Hospital")
    form = {**FILLED, "name": "Mercy Hospital", "version": "1"}
    page = member.send(at(harbor, "edit"), **form)
    assert page.status == 422 and page.has("Is it one of these?")
    page = member.send(at(harbor, "edit"), **form, sure=page.value("sure"))
    assert page.status == 422 and "Another organization already has this name" in page.errors[0]


# -- deleting


def test_only_what_nothing_points_to_is_deleted(member: EngageClient) -> None:
    member.send(f"{PARTNERS}new", **FILLED)
    harbor = only_organization()
    contact(harbor)
    rosa = make_membership(name="Rosa Diaz")
    make_affiliation(rosa, harbor)
    assert member.page(at(harbor, "delete")).has("It cannot be deleted")
    assert member.send(at(harbor, "delete")).status == 409
    db.session.execute(sa.text("DELETE FROM partners_affiliation"))
    db.session.commit()
    assert member.send(at(harbor, "delete")).status == 303
    for table in (Organization, Contact, OrganizationTag):
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(table))


def test_a_member_deletes_what_is_their_own_and_a_coordinator_everything(
    member: EngageClient, coordinator: EngageClient
) -> None:
    harbor = make_organization(name="Harbor House", added_by_id=coordinator.membership.id)
    assert not member.page(at(harbor)).has("Delete this effort")
    assert member.page(at(harbor, "delete")).has("Only a coordinator can delete")
    assert member.send(at(harbor, "delete")).status == 409
    assert coordinator.send(at(harbor, "delete")).status == 303


# -- possible duplicates among many


def test_the_database_finds_every_name_that_the_rule_finds(app: Flask) -> None:
    person = make_membership(role=Role.COORDINATOR)
    asked = [
        "Grace Church",
        "Rape Crisis Center",
        "RCC",
        "Riverbend Hospital",
        "Habor House",
        "St. Mary's",
        "The County",
        "Immigrantservices",
        "100% Hope_House",
        "a",
        "Ohio Valley Goodwill Industries",
    ]
    kept = [
        *asked,
        "Grace Church of Riverbend",
        "The Grace Church",
        "Gracechurch",
        "Grase Chruch",
        "Riverbend Hosptial",
        "Harbor House",
        "Hope House, Inc.",
        "County of Riverbend",
        "Imigrant Services",
        "Immigrant-Services LLC",
        "Oak Valley Good Will Industry",
        "R.C.C.",
        "Åbo Akademi",
        "Mary",
        "Quite Something Else",
    ]
    for name in dict.fromkeys(kept):
        make_organization(name=name)
    for name in asked:
        right = [each for each in sorted(map(folded, set(kept))) if are_alike(each, folded(name))]
        found = [each.sort_key for each in partners_queries.organizations_like(person, name)]
        assert found == right, name
        assert folded(name) in found


def test_an_organization_of_another_coalition_is_never_alike(member: EngageClient) -> None:
    make_organization(name="Harbor House", coalition=make_coalition())
    assert partners_queries.organizations_like(member.membership, "Harbor House") == []


def test_being_old_is_the_same_in_the_list_and_in_the_count(member: EngageClient) -> None:
    today = date(2026, 11, 25)
    make_organization(created_at=datetime(2025, 11, 24, tzinfo=UTC))
    make_organization(created_at=datetime(2025, 11, 26, tzinfo=UTC))
    make_organization(verified_on=date(2025, 11, 24))
    make_organization(verified_on=date(2025, 11, 25))
    assert organizations_queries.old_count(_place(member), today) == 2
    found, rows = organizations_queries.page_of(
        _place(member), OrganizationFilters(old="yes"), today, lambda _found: 1
    )
    assert found == len(rows) == 2


def _place(client: EngageClient) -> Membership:
    return db.session.get_one(Membership, client.membership.id)
