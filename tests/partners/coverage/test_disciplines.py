"""Coverage of disciplines: who does which kind of work, what no one does, and a recruitment that asks for it."""

from collections.abc import Callable

import sqlalchemy as sa

from engage.coalitions.models import Membership, MembershipDiscipline
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.models import OrganizationTag
from engage.partners.rules import TagKind
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, make_organization, saved
from tests.html import Page

HERE = "/c/riverbend/partners/coverage/disciplines"
NEW = "/c/riverbend/partners/recruitments/new"
NURSES, TEACHERS = content().discipline("nurses").name, content().discipline("teachers").name


def does(person: Membership, discipline: str) -> None:
    saved(
        MembershipDiscipline(coalition_id=person.coalition_id, membership_id=person.id, discipline=discipline)
    )


def offers(discipline: str) -> None:
    organization = make_organization()
    saved(
        OrganizationTag(
            coalition_id=organization.coalition_id,
            organization_id=organization.id,
            kind=TagKind.DISCIPLINE,
            value=discipline,
            sort_key=discipline,
        )
    )


def row(page: Page, name: str) -> str:
    return next(text for text in page.texts("tbody tr") if text.startswith(name))


def test_each_discipline_says_how_many_people_and_organizations_do_it(member: EngageClient) -> None:
    does(make_membership(), "nurses")
    does(make_membership(), "nurses")
    offers("nurses")
    page = member.page(HERE)
    assert "2 people, 1 organization" in row(page, NURSES)
    assert "No one yet" in row(page, TEACHERS)
    assert page.has(f"1 of {len(content().organization_disciplines())}")


def test_who_left_and_who_is_elsewhere_is_not_counted(member: EngageClient) -> None:
    does(make_membership(left_on=member.membership.joined_at.date()), "nurses")
    does(make_membership(coalition=make_coalition()), "nurses")
    assert "No one yet" in row(member.page(HERE), NURSES)


def test_no_one_is_counted_for_peer_support(member: EngageClient) -> None:
    does(make_membership(), "peer_support")
    page = member.page(HERE)
    assert "No one yet" in row(page, content().discipline("peer_support").name)


def test_a_missing_discipline_leads_to_a_recruitment_that_asks_for_it(member: EngageClient) -> None:
    link = next(a for a in member.page(HERE).all("tbody a") if NURSES in a.text())
    page = member.page(str(link.attributes["href"]))
    assert page.value("discipline") == "nurses"
    fields = {"sector": "health", "discipline": "nurses", "organization_id": "0", "inviter_id": "0"}
    assert member.send(NEW, **fields).status == 303
    recruitment = db.session.scalars(sa.select(Recruitment)).one()
    assert recruitment.discipline == "nurses"
    health = content().sector("health").name
    assert member.page("/c/riverbend/partners/recruitments/").has(f"{health} ({NURSES})")
    assert "Someone is being asked" in row(member.page(HERE), NURSES)


def test_a_discipline_that_there_is_not_is_refused(member: EngageClient) -> None:
    page = member.send(NEW, sector="health", discipline="wizards", organization_id="0", inviter_id="0")
    assert page.status == 422
    assert db.session.scalar(sa.select(Recruitment)) is None


def test_a_viewer_reads_it_and_is_offered_no_recruitment(
    member: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    viewer = client_of(make_membership(role=Role.VIEWER, name="Vera Lund"))
    assert not viewer.page(HERE).all("tbody a")


def test_the_number_of_queries_does_not_grow(member: EngageClient) -> None:
    with counted_queries() as few:
        member.page(HERE)
    for key in ("nurses", "teachers", "interpreters"):
        does(make_membership(), key)
        offers(key)
    with counted_queries() as many:
        member.page(HERE)
    assert len(few) == len(many)
