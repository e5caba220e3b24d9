"""Two organizations that are one."""

from typing import Any

import pytest
import sqlalchemy as sa

from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners import queries as partners_queries
from engage.partners.labels import MOVED
from engage.partners.models import Affiliation, Contact, Conversation, Organization, OrganizationTag
from engage.partners.organizations import service as organizations_service
from engage.partners.rules import ContactPlace, TagKind
from tests import rows
from tests.client import EngageClient
from tests.factories import make_affiliation, make_coalition, make_membership, make_organization
from tests.html import Page
from tests.partners.organizations.test_directory import contact, tag

PARTNERS = "/c/riverbend/partners/"


def at(kept: Organization, other: Organization) -> str:
    return f"{PARTNERS}{kept.id}/merge/{other.id}"


def merge(client: EngageClient, kept: Organization, other: Organization, **fields: Any) -> Page:
    page = client.page(at(kept, other))
    versions = {name: page.value(name) for name in ("version", "other_version")}
    return client.send(at(kept, other), **{"name": "keep", **versions, **fields})


def the(name: str) -> Organization:
    db.session.expire_all()
    return db.session.scalars(sa.select(Organization).where(Organization.name == name)).one()


def naming(column: sa.Column[Any], organization_id: int) -> int:
    counted = sa.select(sa.func.count()).select_from(column.table).where(column == organization_id)
    return db.session.scalar(counted) or 0


def test_whatever_names_an_organization_moves_in_every_table_there_is(coordinator: EngageClient) -> None:
    """A table that a later feature adds is walked here too."""
    kept, other = make_organization(name="Harbor House"), make_organization(name="Harbor House Inc")
    kept_id, other_id = kept.id, other.id
    columns = organizations_service.pointing_columns()
    assert {"strengths_strength", "plan_action", "meetings_attendance"} < {
        each.table.name for each in columns
    }
    for column in columns:
        rows.insert(column.table, {column.name: other_id}, coalition=kept.coalition_id)
        assert naming(column, other_id) >= 1
    before = {column: naming(column, other_id) + naming(column, kept_id) for column in columns}
    db.session.commit()
    assert merge(coordinator, kept, other).status == 303
    for column in columns:
        assert naming(column, other_id) == 0, column.table.name
        assert naming(column, kept_id) == before[column], column.table.name
    assert db.session.get(Organization, other_id) is None


def test_the_preview_has_words_for_every_table_that_names_an_organization(coordinator: EngageClient) -> None:
    assert {column.table.name for column in organizations_service.pointing_columns()} == set(MOVED)


def test_the_preview_says_what_moves_and_what_differs_and_writes_nothing(coordinator: EngageClient) -> None:
    kept = make_organization(name="Harbor House", phone="555-0100", about="Ours.")
    other = make_organization(name="Harbour House", phone="555-0200", website="https://harbor.example.org")
    for person in ("Ann", "Bea"):
        make_affiliation(make_membership(name=person), other)
    contact(other)
    tag(other, TagKind.COUNTY, "Lake")
    page = coordinator.page(at(kept, other))
    assert page.texts("#partners-moves li") == [
        "2 people from the coalition",
        "1 contact",
        "1 discipline, focus area, service, group served, county, or language",
    ]
    assert page.texts("#partners-differs legend") == ["Name", "Office phone"]
    assert page.texts("#partners-differs .option-name") == [
        "Harbor House",
        "Harbour House",
        "555-0100",
        "555-0200",
    ]
    assert db.session.scalar(sa.select(sa.func.count(Organization.id))) == 2


def test_of_each_text_the_chosen_one_stays_and_what_only_one_had_is_kept(coordinator: EngageClient) -> None:
    kept = make_organization(name="Harbor House", phone="555-0100", about="Ours.", sector="health")
    other = make_organization(name="Harbour House", phone="555-0200", website="https://harbor.example.org")
    page = merge(coordinator, kept, other, name="take", sector="keep", phone="take")
    assert (page.status, page.location) == (303, f"{PARTNERS}{kept.id}/")
    found = the("Harbour House")
    assert (found.id, found.sort_key, found.sector) == (kept.id, "harbour house", "health")
    assert (found.phone, found.website, found.about) == ("555-0200", "https://harbor.example.org", "Ours.")
    assert "“Harbour House” is now part of this one." in coordinator.page(f"{PARTNERS}{kept.id}/").text(
        "main"
    )


def test_both_have_what_either_had_once_and_it_is_found_by_it(coordinator: EngageClient) -> None:
    kept, other = make_organization(name="Harbor House"), make_organization(name="Harbour House")
    tag(kept, TagKind.COUNTY, "Lake", "Mill")
    tag(other, TagKind.COUNTY, "LAKE", "River")
    tag(other, TagKind.SERVICE, "Night beds")
    assert merge(coordinator, kept, other).status == 303
    tags = partners_queries.tags_of(the("Harbor House"))
    assert tags == {TagKind.COUNTY: ["Lake", "Mill", "River"], TagKind.SERVICE: ["Night beds"]}
    assert coordinator.page(f"{PARTNERS}?text=night").has("Harbor House")


def test_the_kept_ones_main_contact_stays_and_the_others_takes_what_is_free(
    coordinator: EngageClient,
) -> None:
    kept, other = make_organization(name="Harbor House"), make_organization(name="Harbour House")
    contact(kept, "Ours")
    contact(other, "Theirs")
    contact(other, "Stand-in", place=ContactPlace.ALTERNATE)
    assert merge(coordinator, kept, other).status == 303
    places = {row.name: row.place for row in db.session.scalars(sa.select(Contact))}
    assert places == {
        "Ours": ContactPlace.MAIN,
        "Theirs": ContactPlace.ALTERNATE,
        "Stand-in": ContactPlace.OTHER,
    }


def test_the_level_is_what_the_newest_of_all_conversations_says(coordinator: EngageClient) -> None:
    kept, other = make_organization(name="Harbor House"), make_organization(name="Harbour House")
    for organization, day, level in ((kept, "2026-01-05", "1"), (other, "2026-02-05", "4")):
        form = {"happened_on": day, "with_whom": "", "note": "", "level": level}
        coordinator.send(f"{PARTNERS}{organization.id}/conversations/new", **form)
    assert merge(coordinator, kept, other).status == 303
    assert the("Harbor House").level == 4
    assert db.session.scalar(sa.select(sa.func.count(Conversation.id))) == 2


def test_merging_is_in_the_history_and_the_old_address_leads_on(coordinator: EngageClient) -> None:
    kept, other = make_organization(name="Harbor House"), make_organization(name="Harbour House")
    third = make_organization(name="Haven House")
    old_id, kept_id = other.id, kept.id
    assert merge(coordinator, kept, other).status == 303
    assert merge(coordinator, third, kept).status == 303
    entries = db.session.execute(
        sa.select(HistoryEntry.thing_id, HistoryEntry.field, HistoryEntry.new, HistoryEntry.actor_id)
        .where(HistoryEntry.field.startswith("merged"))
        .order_by(HistoryEntry.id)
    )
    me = coordinator.membership.id
    assert [tuple(entry) for entry in entries][:2] == [
        (kept_id, "merged_from", str(old_id), me),
        (old_id, "merged_into", str(kept_id), me),
    ]
    answer = coordinator.get(f"{PARTNERS}{old_id}/")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PARTNERS}{third.id}/")


def test_who_edits_one_of_the_two_meanwhile_stops_the_merge_or_is_told_where_it_went(
    coordinator: EngageClient, member: EngageClient
) -> None:
    kept, other = make_organization(name="Harbor House"), make_organization(name="Harbour House")
    page = coordinator.page(at(kept, other))
    opened = {"name": "keep", "version": page.value("version"), "other_version": page.value("other_version")}
    edit = f"{PARTNERS}{other.id}/edit"
    form = {"name": "Harbour House", "sector": "nonprofit"}
    assert member.send(edit, **form, about="News.", version="1").status == 303
    refused = coordinator.send(at(kept, other), **opened)
    assert refused.status == 409 and refused.has("One of the two was changed after you opened this page")
    assert db.session.scalar(sa.select(sa.func.count(Organization.id))) == 2
    again = {name: refused.value(name) for name in ("version", "other_version")}
    assert coordinator.send(at(kept, other), name="keep", **again).status == 303
    assert the("Harbor House").about == "News."
    # Whoever still has the other one's form open keeps what they typed.
    late = member.send(edit, **form, about="Typed in vain?", version="2")
    assert late.status == 409 and late.has("was merged into “Harbor House” in the meantime")
    assert "Typed in vain?" in late.html


def test_two_coalitions_are_never_merged_and_no_organization_with_itself(coordinator: EngageClient) -> None:
    kept = make_organization(name="Harbor House")
    elsewhere = make_organization(name="Harbor House", coalition=make_coalition())
    for first, second in ((kept, elsewhere), (elsewhere, kept), (kept, kept)):
        assert coordinator.get(at(first, second)).status_code == 404
        assert coordinator.send(at(first, second), name="keep", version="1", other_version="1").status == 404


@pytest.mark.parametrize(("words", "found"), [("", ["Harbour House"]), ("mercy", ["Mercy"]), ("none", [])])
def test_the_other_one_is_found_by_likeness_or_by_a_search(
    coordinator: EngageClient, words: str, found: list[str]
) -> None:
    kept = make_organization(name="Harbor House")
    make_organization(name="Harbour House")
    make_organization(name="Mercy")
    page = coordinator.page(f"{PARTNERS}{kept.id}/merge?q={words}")
    assert page.texts("#partners-others li > a:first-child") == found


def test_members_do_not_merge(member: EngageClient) -> None:
    kept, other = make_organization(), make_organization()
    assert member.get(at(kept, other)).status_code == 403
    assert not member.page(f"{PARTNERS}{kept.id}/").has("merge")


def test_an_unknown_choice_is_refused_and_the_preview_shown_again(coordinator: EngageClient) -> None:
    kept, other = make_organization(name="Harbor House"), make_organization(name="Harbour House")
    make_affiliation(make_membership(), other)
    page = merge(coordinator, kept, other, name="both")
    assert page.status == 422 and page.value("other_version") == "1"
    assert db.session.scalars(sa.select(Affiliation)).one().organization_id == other.id
    assert not db.session.scalar(sa.select(sa.func.count(OrganizationTag.id)))
