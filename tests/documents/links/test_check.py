"""A coordinator presses *Check links*: what is asked, what is written, and that nothing else waits."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engage import clock
from engage.documents.links import asking, service
from engage.documents.models import Document
from engage.documents.rules import LinkState
from engage.extensions import db
from tests.client import EngageClient
from tests.documents.links.servers import HERE, Server, by_path, serving, status
from tests.factories import make_coalition, make_document, make_membership

PAGE = "/c/riverbend/documents/"
CHECK = f"{PAGE}check-links"


@pytest.fixture
def server(app: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving(by_path(there=status(200), private=status(403))) as running:
        monkeypatch.setattr(asking, "USUAL", asking.Asker(allows=HERE.__eq__, ports={running.port}))
        yield running


@pytest.fixture
def checks(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CHECK_LINKS", True)  # type: ignore[attr-defined]


def states() -> dict[str, LinkState | None]:
    db.session.expire_all()
    return {each.title: each.link_state for each in db.session.scalars(sa.select(Document))}


def test_dead_links_are_said_when_a_coordinator_asks_and_never_before(
    coordinator: EngageClient, server: Server, checks: None
) -> None:
    me = coordinator.membership
    make_document(me, "There", link=server.url("/there"))
    make_document(me, "Lost", link=server.url("/lost"))
    make_document(me, "Private", link=server.url("/private"))
    assert coordinator.page(PAGE).has("it never does this on its own")
    assert server.asked == []

    answer = coordinator.send(CHECK)

    assert (answer.status, answer.location) == (303, f"{PAGE}?show=dead")
    page = coordinator.page(answer.location or "")
    assert page.has("3 links are checked. 1 does not work.")
    assert page.texts("#documents-list .row-link") == ["Lost"]
    assert page.text("#documents-list .tag") == "Not found"
    assert states() == {
        "There": LinkState.WORKS,
        "Lost": LinkState.NOT_FOUND,
        "Private": LinkState.UNKNOWN,
    }
    lost = db.session.scalars(sa.select(Document).where(Document.title == "Lost")).one()
    assert coordinator.page(f"{PAGE}{lost.id}").has("Not found, checked on")
    lost.checked_at = datetime(2026, 11, 20, 3, tzinfo=UTC)  # the evening before in Chicago
    db.session.commit()
    assert coordinator.page(f"{PAGE}{lost.id}").has("Not found, checked on Nov 19, 2026")
    assert lost.version == 1  # a form that is open meanwhile can still be saved


def test_it_is_off_until_the_host_turns_it_on(coordinator: EngageClient, server: Server) -> None:
    make_document(coordinator.membership, link=server.url("/there"))
    assert coordinator.page(PAGE).has("ENGAGE_CHECK_LINKS")
    assert coordinator.send(CHECK).status == 404
    assert server.asked == []


def test_a_member_asks_no_one(member: EngageClient, server: Server, checks: None) -> None:
    make_document(member.membership, link=server.url("/there"))
    assert not member.page(PAGE).all("#documents-check")
    assert member.send(CHECK).status == 403
    assert server.asked == []


def test_another_coalitions_links_are_left_alone(
    coordinator: EngageClient, server: Server, checks: None
) -> None:
    other = make_membership(coalition=make_coalition())
    make_document(other, "Theirs", link=server.url("/lost"))
    make_document(coordinator.membership, "Ours", link=server.url("/lost"))
    coordinator.send(CHECK)
    assert states() == {"Theirs": None, "Ours": LinkState.NOT_FOUND}


def test_while_others_answer_everyone_else_can_write(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch, checks: None
) -> None:
    row = make_document(coordinator.membership)

    def answering(links: list[str]) -> dict[str, LinkState]:
        """Someone gives the document another link while the old one is asked."""
        with sa.orm.Session(db.engine) as session, session.begin():
            session.execute(sa.update(Document).values(link="https://drive.example.org/new"))
        return dict.fromkeys(links, LinkState.NOT_FOUND)

    monkeypatch.setattr(asking, "states", answering)
    assert coordinator.send(CHECK).status == 303
    db.session.refresh(row)
    assert (row.link, row.link_state) == ("https://drive.example.org/new", None)


def test_one_press_checks_those_that_waited_longest_and_says_how_many_are_left(
    coordinator: EngageClient, server: Server, checks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = coordinator.membership
    make_document(
        me, "Before", link=server.url("/there?1"), checked_at=clock.now(), link_state=LinkState.NO_ANSWER
    )
    for number in (2, 3):
        make_document(me, f"Never {number}", link=server.url(f"/there?{number}"))
    make_document(me, "The same", link=server.url("/there?3"))
    monkeypatch.setattr(service, "MOST", 2)
    page = coordinator.page(coordinator.send(CHECK).location or "")
    assert page.has("2 links are checked. 2 do not work. 1 link is left: check again.")
    assert states()["Before"] is LinkState.NO_ANSWER
    assert len({each.split(" ")[1] for each in server.asked}) == 2


def test_a_second_press_meanwhile_is_told_so(coordinator: EngageClient, server: Server, checks: None) -> None:
    make_document(coordinator.membership, link=server.url("/there"))
    with asking._place:
        page = coordinator.page(coordinator.send(CHECK).location or "")
    assert page.has("Another check is running. Try again in a minute.")
    assert server.asked == []
