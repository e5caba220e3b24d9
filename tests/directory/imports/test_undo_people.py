"""Tests that people who came in from a file go again with one press, but for those who have joined since."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.coalitions.models import Invitation, Membership, MembershipDiscipline
from engage.coalitions.people import service as people_service
from engage.content.loader import content
from engage.extensions import db
from engage.messages.letters.models import LetterOptOut, LetterTo
from engage.partners.models import Affiliation
from engage.partners.organizations.service import refresh_search
from tests.client import EngageClient
from tests.coalitions.undo_imports.test_undo_imports import page_of_undo, stays, undo, whole
from tests.databases import counted_queries
from tests.directory.imports.steps import bring, offered, pasted, read
from tests.directory.imports.test_people_from_a_file import people
from tests.factories import make_action, make_coalition, make_membership, make_organization, make_plan
from tests.html import Page
from tests.messages.letters.posted import mailing, run
from tests.messages.smtp import Taken
from tests.partners.steps import table

HEADINGS = ["Name", "E-mail", "Organization", "Sector", "Discipline"]


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    with mailing(app, monkeypatch) as taken:
        yield taken


def rows() -> list[list[str]]:
    discipline = content().person_disciplines()[0].name
    return [
        ["Ann Lee", "ann@example.org", "Grace Church", "Faith-based", discipline],
        ["Ben Cho", "ben@example.org", "Grace Church", "Faith-based", ""],
        ["Cleo Diaz", "", "", "Residents, parents, and young people", ""],
    ]


def brought(coordinator: EngageClient, do: str = "links") -> Page:
    """Brings in three people; returns the page after it."""
    page = read(coordinator, table(HEADINGS, *rows()))
    answer = bring(coordinator, page, "Ann Lee", "Ben Cho", "Cleo Diaz", do=do)
    assert answer.status == 303, answer.text("main")
    return coordinator.page(answer.location or "")


def join(name: str) -> Membership:
    """Lets this person join by the link that the import made."""
    place = people()[name]
    invitation = db.session.scalars(sa.select(Invitation).where(Invitation.claims_id == place.id)).one()
    user = make_membership(coalition=make_coalition(), name=name).user
    assert user is not None
    people_service.join(user, invitation)
    db.session.commit()
    return place


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_people_from_a_file_go_with_their_links_and_organizations_and_can_come_in_again(
    coordinator: EngageClient,
) -> None:
    make_organization(name="County Hospital")
    refresh_search(coordinator.membership.coalition_id)
    before = whole(coordinator.membership.coalition_id)
    after = brought(coordinator)
    assert after.has("3 people are on the list.") and after.has("Undo this import")
    assert count(MembershipDiscipline) == 1 and count(Invitation) == 2
    asks = page_of_undo(coordinator)
    assert asks.has("This deletes, for everyone: 3 people and 1 organization.") and not stays(asks)
    assert undo(coordinator).has("The import is undone. Deleted: 3 people and 1 organization.")
    assert whole(coordinator.membership.coalition_id) == before
    assert (count(Invitation), count(MembershipDiscipline), count(Affiliation)) == (0, 0, 0)
    assert list(offered(read(coordinator, table(HEADINGS, *rows())))) == ["Ann Lee", "Ben Cho", "Cleo Diaz"]


def test_whoever_joined_since_stays_with_everything_and_is_named(coordinator: EngageClient) -> None:
    brought(coordinator)
    ann = join("Ann Lee")
    asks = page_of_undo(coordinator)
    assert "Person Ann Lee This person has joined." in stays(asks)
    assert any(each.startswith("Organization Grace Church Since then") for each in stays(asks))
    assert asks.has("This deletes, for everyone: 2 people.")
    said = undo(coordinator)
    assert said.has("Deleted: 2 people. These stay: Ann Lee and Grace Church.")
    assert set(people()) == {"Ann Lee", coordinator.membership.name}
    assert db.session.scalars(sa.select(Affiliation.membership_id)).all() == [ann.id]
    assert count(MembershipDiscipline) == 1
    assert db.session.scalars(sa.select(Invitation.claims_id)).all() == [ann.id]


def test_a_person_who_was_given_work_stays_and_it_says_what(coordinator: EngageClient) -> None:
    brought(coordinator)
    make_action(make_plan(), owner_id=people()["Ben Cho"].id)
    db.session.commit()
    assert "Person Ben Cho Since then, someone added or changed: Action." in stays(page_of_undo(coordinator))
    undo(coordinator)
    assert set(people()) == {"Ben Cho", coordinator.membership.name}


def test_an_invitation_that_was_mailed_leads_nowhere_afterwards_and_no_more_mail_goes(
    coordinator: EngageClient, client: EngageClient, post: Taken
) -> None:
    brought(coordinator, do="send")
    assert run(post.port).sent == 2
    stopped = db.session.scalars(sa.select(LetterOptOut).order_by(LetterOptOut.id)).first()
    assert stopped is not None
    stopped.stopped_at = people()["Ann Lee"].joined_at
    db.session.commit()
    links = [word for each in post.mails for word in str(each).split() if "/join/" in word]
    undo(coordinator)
    assert set(people()) == {coordinator.membership.name}
    assert (count(LetterTo), count(Invitation)) == (0, 0)
    assert run(post.port).sent == 0
    kept = db.session.scalars(
        sa.select(LetterOptOut.membership_id).where(LetterOptOut.stopped_at.is_not(None))
    )
    assert kept.all() == [None], "whoever stopped letters gets none when invited again"
    path = "/join/" + links[0].partition("/join/")[2].strip("\"'<>")
    answer = Page(client.get(path, follow_redirects=True))
    assert answer.text("h1") == "This invitation cannot be used"


def test_mail_that_still_waits_is_not_sent_after_it(coordinator: EngageClient, post: Taken) -> None:
    brought(coordinator, do="send")
    undo(coordinator)
    assert run(post.port).sent == 0 and not post.mails


def test_the_list_names_people_and_the_kind_of_file(coordinator: EngageClient) -> None:
    answer = bring(coordinator, pasted(coordinator, "Ann Lee <ann@example.org>"), "Ann Lee", do="list")
    assert coordinator.page(answer.location or "").has("Undo this import")
    line = coordinator.page("/c/riverbend/settings/imports/").text("#coalitions-imports li")
    assert line.startswith("People") and "Added: 1 person" in line


def test_undoing_asks_the_database_as_often_for_many_people_as_for_few(coordinator: EngageClient) -> None:
    def queries(names: range) -> int:
        page = pasted(coordinator, "\n".join(f"Person {n} <p{n}@example.org>" for n in names))
        bring(coordinator, page, *(f"Person {n}" for n in names))
        with counted_queries() as asked:
            page_of_undo(coordinator)
        return len(asked)

    assert queries(range(2)) == queries(range(10, 40))
