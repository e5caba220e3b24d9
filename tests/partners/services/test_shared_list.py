"""The referral list by its link: what it shows, that it ends, and who may give it."""

from datetime import timedelta

import sqlalchemy as sa

from engage import clock
from engage.coalitions.audit.models import AuditEntry
from engage.extensions import db
from engage.partners.services.link import service as link_service
from engage.partners.services.models import ReferralLink
from tests.client import EngageClient
from tests.factories import make_coalition, make_membership, make_organization, the_coalition
from tests.html import Page
from tests.partners.services.rows import SERVICES, make_service

LINK = f"{SERVICES}link"


def made(coordinator: EngageClient) -> str:
    """Makes the link and returns its path."""
    coordinator.send(f"{LINK}/make")
    link = coordinator.page(LINK).one("#services-link-text").attributes["value"] or ""
    return "/referrals/" + link.rpartition("/referrals/")[2]


def test_whoever_has_the_link_reads_the_list_and_nothing_else_of_the_partner(
    coordinator: EngageClient, client: EngageClient
) -> None:
    me = coordinator.membership
    organization = make_organization(
        name="Harbor House", about="Secret talks", email="office@harbor.example.org", phone="740-555-0999"
    )
    make_service(me, organization, refer="Ask for intake.", agreed_by="Dana Whitfield")
    make_service(me, organization, title="Beds to come", agreed_on=None)
    theirs = make_membership(coalition=make_coalition())
    make_service(theirs, make_organization(coalition=theirs.coalition), title="Their clinic")
    path = made(coordinator)
    page = client.page(path)
    assert page.texts("section .rows strong") == ["Emergency beds"]
    for words in ("Harbor House", "740-555-0100", "Ask for intake.", the_coalition().name):
        assert page.has(words)
    for words in (
        "Secret talks",
        "office@harbor.example.org",
        "740-555-0999",
        "Dana Whitfield",
        "Beds to come",
        "Their clinic",
        me.name,
    ):
        assert words not in page.response.get_data(as_text=True), words
    assert client.page(f"{path}?show=not_agreed").texts("section .rows strong") == ["Emergency beds"]
    assert client.page(f"{path}?kind=legal").has("Nothing matches.")


def test_hours_cost_and_languages_are_read_without_opening_more(
    coordinator: EngageClient, client: EngageClient
) -> None:
    known = {"hours": "Day and night", "cost": "Free", "languages": "English, Spanish"}
    make_service(coordinator.membership, make_organization(), refer="Ask for intake.", **known)
    page = client.page(made(coordinator))
    assert "Day and night · Free · English, Spanish" in page.texts(".rows li > div > p")
    assert page.texts(".rows details dt") == ["How to refer someone"]


def test_a_fact_in_the_words_of_another_is_still_read(
    coordinator: EngageClient, client: EngageClient
) -> None:
    make_service(coordinator.membership, make_organization(), languages="All", counties="All")
    page = client.page(made(coordinator))
    assert page.texts(".rows details dt") == ["Counties"]


def test_search_engines_are_asked_not_to_list_it_and_no_cookie_is_set(
    coordinator: EngageClient, client: EngageClient
) -> None:
    page = client.page(made(coordinator))
    assert page.one("meta[name=robots]").attributes["content"] == "noindex, nofollow"
    assert page.response.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in page.response.headers


def test_a_revoked_replaced_or_guessed_link_opens_nothing(
    coordinator: EngageClient, client: EngageClient
) -> None:
    first = made(coordinator)
    second = made(coordinator)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    coordinator.send(f"{LINK}/revoke")
    for path in (second, "/referrals/guessed", f"/referrals/{'x' * 300}"):
        page = Page(client.get(path))
        assert page.status == 404
        assert page.has("Ask the coalition for a new link.")
    assert coordinator.page(LINK).has("There is no link")


def test_a_link_ends_after_a_year(coordinator: EngageClient, client: EngageClient) -> None:
    path = made(coordinator)
    row = db.session.scalars(sa.select(ReferralLink)).one()
    today = clock.today(the_coalition().time_zone)
    assert row.ends_on > today + timedelta(days=360)
    row.ends_on = today
    db.session.commit()
    assert client.get(path).status_code == 200
    row.ends_on = today - timedelta(days=1)
    db.session.commit()
    assert client.get(path).status_code == 404
    assert coordinator.page(LINK).has("The link has ended")


def test_a_coalition_that_is_closed_has_no_link(coordinator: EngageClient, client: EngageClient) -> None:
    path = made(coordinator)
    the_coalition().closed_at = clock.now()
    db.session.commit()
    assert client.get(path).status_code == 404


def test_the_database_holds_nothing_that_opens_it(coordinator: EngageClient) -> None:
    token = made(coordinator).rpartition("/")[2]
    row = db.session.scalars(sa.select(ReferralLink)).one()
    assert token not in {row.nonce, row.token_hash}


def test_a_link_made_with_an_earlier_key_is_not_shown_and_still_works(
    coordinator: EngageClient, client: EngageClient
) -> None:
    path = made(coordinator)
    row = db.session.scalars(sa.select(ReferralLink)).one()
    row.nonce = "another"
    db.session.commit()
    assert link_service.token_of(row) is None
    assert coordinator.page(LINK).has("cannot be shown again")
    assert client.get(path).status_code == 200


def test_the_audit_log_says_who_made_and_revoked_it(coordinator: EngageClient) -> None:
    made(coordinator)
    coordinator.send(f"{LINK}/revoke")
    coordinator.send(f"{LINK}/revoke")
    events = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id))
    assert [each.value for each in events] == ["referral_link_made", "referral_link_revoked"]
