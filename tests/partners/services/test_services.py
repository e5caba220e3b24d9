"""The referral list: adding, finding, agreeing, checking, deleting, and what a viewer sees of it."""

from datetime import date

import pytest
import sqlalchemy as sa

from engage.coalitions.rules import Role
from engage.dates import medium_day
from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners.models import Service
from engage.partners.organizations import service as organizations_service
from engage.partners.rules import Help, TagKind
from engage.snapshots import Snapshot
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, make_organization
from tests.html import Page
from tests.partners.organizations.test_directory import tag
from tests.partners.services.rows import FILLED, SERVICES, make_service
from tests.reports import pdfs

PARTNERS = "/c/riverbend/partners/"
OLD = date(2024, 1, 2)


def only_service() -> Service:
    db.session.expire_all()
    return db.session.scalars(sa.select(Service)).one()


def titles(page: Page) -> list[str]:
    return page.texts("section .rows .row-link")


def test_a_service_is_added_with_everything_and_found_on_the_list(member: EngageClient) -> None:
    organization = make_organization(name="Harbor House")
    answer = member.send(f"{PARTNERS}{organization.id}/services/new", **FILLED)
    service = only_service()
    assert answer.location == f"{SERVICES}{service.id}/"
    assert (service.kind, service.agreed_on) == (Help.SHELTER, date(2026, 3, 1))
    page = member.page(f"{SERVICES}{service.id}/")
    for name, words in FILLED.items():
        assert name in {"kind", "agreed_on"} or page.has(words), name
    assert page.has(f"{member.membership.name}, ")  # who checked it last
    page = member.page(SERVICES)
    assert page.texts("section > .panel-head h2") == ["Emergency shelter"]
    assert page.one("a[href='tel:740-555-0100']").text().startswith("740-555-0100")


def test_what_the_partner_s_entry_knows_is_not_typed_again(member: EngageClient) -> None:
    organization = make_organization(name="Harbor House", phone="740-555-0199")
    for kind, value in (
        (TagKind.SERVICE, "Legal advice"),
        (TagKind.SERVICE, "Emergency beds"),
        (TagKind.COUNTY, "Lake"),
        (TagKind.LANGUAGE, "Spanish"),
        (TagKind.SERVES, "Teenagers"),
    ):
        tag(organization, kind, value)
    make_service(member.membership, organization, title="emergency BEDS")
    page = member.page(f"{PARTNERS}{organization.id}/")
    assert page.texts("#partners-services a.btn") == ["Add “Legal advice”", "Add another service"]
    form = member.page(page.all("#partners-services a.btn")[0].attributes["href"] or "")
    expected = {
        "title": "Legal advice",
        "phone": "740-555-0199",
        "counties": "Lake",
        "languages": "Spanish",
        "for_whom": "Teenagers",
    }
    assert {name: form.value(name) for name in expected} == expected
    assert member.page(f"{PARTNERS}{organization.id}/services/new?title=Casino").value("title") == ""


def test_whose_service_it_is_is_asked_first(member: EngageClient) -> None:
    assert member.page(f"{SERVICES}new").has("A service belongs to an organization.")
    organization = make_organization(name="Harbor House")
    assert member.page(f"{SERVICES}new").texts("select option") == ["Harbor House"]
    answer = member.get(f"{SERVICES}new?organization={organization.id}")
    assert answer.location == f"{PARTNERS}{organization.id}/services/new"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"title": ""}, "Say what help people get."),
        ({"kind": ""}, "Choose the kind of help."),
        ({"phone": "", "refer": ""}, "Give a number to call, or say how to refer someone."),
        ({"phone": "ask us"}, "Enter the number people call."),
        ({"agreed_by": ""}, "Say who at the organization agreed."),
        ({"agreed_on": "2099-01-01"}, "This day is in the future. Choose today or an earlier day."),
        ({"hours": "h" * 121}, "This is too long: at most 120 characters. Nothing was cut; shorten it."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(
    member: EngageClient, changed: dict[str, str], message: str
) -> None:
    page = member.send(f"{PARTNERS}{make_organization().id}/services/new", **{**FILLED, **changed})
    assert page.status == 422
    assert message in page.errors
    assert page.value("languages") == "English, Spanish"
    assert db.session.scalar(sa.select(sa.func.count(Service.id))) == 0


@pytest.mark.parametrize("name", ["title", "refer", "for_whom", "hours", "counties", "eligibility"])
def test_where_a_place_is_is_warned_of_in_every_field(member: EngageClient, name: str) -> None:
    url = f"{PARTNERS}{make_organization().id}/services/new"
    page = member.send(url, **{**FILLED, name: "412 Main Street"})
    assert page.status == 422
    assert page.has("The referral list never does")
    box = page.one(f"[name='{name}-accepted']")
    again = {**FILLED, name: "412 Main Street", f"{name}-accepted": box.attributes["value"] or ""}
    assert member.send(url, **again).status == 303


def test_a_story_is_warned_of_and_a_public_number_is_not(member: EngageClient) -> None:
    url = f"{PARTNERS}{make_organization().id}/services/new"
    page = member.send(url, **{**FILLED, "refer": "Her SSN is 123-45-6789."})
    assert page.has("This looks like it contains an identity number.")
    assert member.send(url, **{**FILLED, "refer": "After hours call 740-555-0111."}).status == 303


def test_only_what_the_partner_agreed_to_is_on_the_list(member: EngageClient) -> None:
    organization = make_organization(name="Harbor House")
    made = make_service(member.membership, organization, agreed_on=None, agreed_by="")
    assert titles(member.page(SERVICES)) == []
    assert titles(member.page(f"{SERVICES}?show=not_agreed")) == ["Emergency beds"]
    assert member.page(f"{SERVICES}{made.id}/").has("Not on the list yet")
    yes = {**FILLED, "version": "1"}
    assert member.send(f"{SERVICES}{made.id}/edit", **yes).location == f"{SERVICES}{made.id}/"
    assert titles(member.page(SERVICES)) == ["Emergency beds"]


def test_a_viewer_reads_the_list_and_no_name_and_nothing_unagreed(
    viewer: EngageClient, coordinator: EngageClient
) -> None:
    organization = make_organization(name="Harbor House")
    listed = make_service(coordinator.membership, organization, agreed_by="Dana Whitfield")
    hidden = make_service(coordinator.membership, organization, title="Beds to come", agreed_on=None)
    assert titles(viewer.page(f"{SERVICES}?show=not_agreed")) == ["Emergency beds"]
    page = viewer.page(f"{SERVICES}{listed.id}/")
    assert not page.has("Dana Whitfield")
    assert not page.has(coordinator.membership.name)
    assert viewer.get(f"{SERVICES}{hidden.id}/").status_code == 404
    assert not viewer.page(f"{PARTNERS}{organization.id}/").has("Beds to come")


def test_a_service_is_found_by_need_county_language_and_words(member: EngageClient) -> None:
    harbor, legal = make_organization(name="Harbor House"), make_organization(name="Legal Aid")
    make_service(member.membership, harbor, counties="Lake, Riverbend", languages="English, Español")
    make_service(member.membership, legal, title="Free lawyer", kind=Help.LEGAL, languages="English")
    both = ["Emergency beds", "Free lawyer"]
    for asked, found in (
        ("kind=legal", ["Free lawyer"]),
        ("kind=nonsense", both),
        ("county=lake", both),  # without counties it serves all of them
        ("county=ohio", ["Free lawyer"]),
        ("language=espanol", ["Emergency beds"]),
        ("text=LEGAL+aid", ["Free lawyer"]),
        ("text=nothing", []),
    ):
        assert titles(member.page(f"{SERVICES}?{asked}")) == found, asked


def test_what_was_not_checked_for_a_year_waits_for_who_checked_it_last(member: EngageClient) -> None:
    made = make_service(member.membership, make_organization(), checked_on=OLD)
    member.page("/c/riverbend/messages/").one("a[href$='/partners/services/?show=old']")
    assert titles(member.page(f"{SERVICES}?show=old")) == ["Emergency beds"]
    assert member.page(SERVICES).has("Call first")
    assert member.send(f"{SERVICES}{made.id}/checked").status == 303
    assert titles(member.page(f"{SERVICES}?show=old")) == []
    assert not member.page("/c/riverbend/messages/").all("a[href$='/partners/services/?show=old']")


def test_what_no_one_here_checked_waits_for_a_coordinator(
    coordinator: EngageClient, member: EngageClient
) -> None:
    gone = make_membership(name="Ana Ruiz", user=None, left_on=date(2026, 4, 1))
    make_service(gone, make_organization(), checked_on=OLD)
    assert coordinator.page("/c/riverbend/messages/").has("1 service to check")
    assert not member.page("/c/riverbend/messages/").has("1 service to check")


def test_two_who_change_a_service_see_both_texts(member: EngageClient) -> None:
    made = make_service(member.membership, make_organization())
    page = member.send(f"{SERVICES}{made.id}/edit", **{**FILLED, "hours": "Mornings", "version": "9"})
    assert page.status == 409
    assert "Mornings" in page.texts(".conflict-text")
    assert only_service().hours == ""


def test_history_says_who_changed_which_field(member: EngageClient) -> None:
    made = make_service(member.membership, make_organization())
    member.send(f"{SERVICES}{made.id}/edit", **{**FILLED, "version": "1"})
    fields = db.session.scalars(sa.select(HistoryEntry.field).where(HistoryEntry.thing_id == made.id))
    assert {"added", "hours", "eligibility"} <= set(fields)


def test_deleting_can_be_undone_and_only_one_s_own_goes(
    coordinator: EngageClient, member: EngageClient
) -> None:
    made = make_service(coordinator.membership, make_organization())
    assert member.page(f"{SERVICES}{made.id}/delete").has("Only a coordinator can delete")
    assert member.send(f"{SERVICES}{made.id}/delete").status == 409
    answer = coordinator.send(f"{SERVICES}{made.id}/delete")
    assert answer.location == SERVICES
    assert titles(coordinator.page(SERVICES)) == []
    copy = db.session.scalars(sa.select(Snapshot)).one()
    coordinator.send(f"/c/riverbend/settings/trash/{copy.id}/restore")
    assert titles(coordinator.page(SERVICES)) == ["Emergency beds"]


def test_a_partner_that_is_deleted_takes_its_services_and_brings_them_back(coordinator: EngageClient) -> None:
    me, organization = coordinator.membership, make_organization(name="Harbor House")
    make_service(me, organization)
    copy_id = organizations_service.delete(me, organization).id
    db.session.commit()
    assert titles(coordinator.page(SERVICES)) == []
    assert coordinator.send(f"/c/riverbend/settings/trash/{copy_id}/restore").status == 303
    assert titles(coordinator.page(SERVICES)) == ["Emergency beds"]


def test_the_list_takes_no_more_queries_for_more_services(member: EngageClient) -> None:
    organization = make_organization()
    make_service(member.membership, organization)
    with counted_queries() as few:
        member.page(SERVICES)
    for number in range(30):
        make_service(member.membership, organization, title=f"Beds {number}", kind=list(Help)[number % 15])
    with counted_queries() as many:
        assert len(titles(member.page(SERVICES))) == 31
    assert len(many) == len(few)


# -- on paper


def test_the_list_on_paper_says_everything_but_who_agreed(member: EngageClient) -> None:
    make_service(
        member.membership, make_organization(name="Harbor House"), refer="Ask for intake.", counties="Lake"
    )
    words = pdfs.words(pdfs.read(member, f"{SERVICES}list.pdf"))
    for said in ("Harbor House: 740-555-0100", "Emergency beds", "How to refer someone: Ask for intake."):
        assert said in words
    assert "The program director" not in words
    assert member.membership.name not in words
    assert "1 service, listed with its organization’s consent." in words and "Call first" not in words


def test_the_list_on_paper_warns_of_a_service_that_no_one_checked_for_a_year(member: EngageClient) -> None:
    made = make_service(member.membership, make_organization(), checked_on=OLD)
    words = pdfs.words(pdfs.read(member, f"{SERVICES}list.pdf"))
    assert f"Call first: last checked on {medium_day(made.checked_on)}, more than a year ago." in words


def test_the_card_is_one_sheet_across_with_what_the_filters_ask_for(member: EngageClient) -> None:
    organization = make_organization(name="Harbor House")
    for number in range(40):
        make_service(member.membership, organization, title=f"Beds {number}", hours="Day and night")
    make_service(member.membership, organization, title="Free lawyer", kind=Help.LEGAL)
    make_service(member.membership, organization, title="Not yet", agreed_on=None)
    card = pdfs.read(member, f"{SERVICES}card.pdf")
    (page,) = card.pages
    assert page.mediabox.width > page.mediabox.height
    words = pdfs.words(card)
    assert "911" in words
    assert "Beds 39" in words
    assert "Not yet" not in words
    legal = pdfs.words(pdfs.read(member, f"{SERVICES}card.pdf?kind=legal"))
    assert "Free lawyer" in legal
    assert "Beds" not in legal


def test_another_coalition_s_services_do_not_exist_here(member: EngageClient) -> None:
    theirs = make_membership(coalition=make_coalition(), role=Role.COORDINATOR)
    made = make_service(theirs, make_organization(coalition=theirs.coalition))
    assert member.get(f"{SERVICES}{made.id}/").status_code == 404
    assert titles(member.page(SERVICES)) == []
