"""Documents: adding, changing, filtering, deleting, and what each is for, as people do it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.documents.models import Document, DocumentUse
from engage.documents.rules import DocumentKind, LinkState, Readers, is_old
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.meetings.rules import MeetingKind
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_action, make_document, make_membership, make_organization, make_plan, saved
from tests.partners.agreements.rows import make_agreement

PAGE = "/c/riverbend/documents/"
TODAY = clock.today("America/Chicago")


def filled(**changed: str) -> dict[str, str]:
    return {
        "title": "Our charter",
        "link": "https://drive.example.org/d/1",
        "kind": "charter",
        "group": "0",
        "readers": "members",
        "owner": "0",
        **changed,
    }


def every() -> list[Document]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Document)))


def test_a_member_adds_a_document_and_finds_it_with_its_link(
    member: EngageClient, viewer: EngageClient
) -> None:
    assert member.page(f"{PAGE}new").value("owner") == str(member.membership.id)
    answer = member.send(f"{PAGE}new", **filled(owner=str(member.membership.id)))
    assert answer.status == 303
    page = member.page(answer.location or "")
    assert page.one(".head-tools .btn-primary").attributes["href"] == "https://drive.example.org/d/1"
    row = member.page(PAGE).one("#documents-list tbody tr")
    assert "Our charter" in row.text()
    assert row.css_first("a[target=_blank]").attributes["rel"] == "noopener"
    assert viewer.page(PAGE).has("No documents yet")


def test_nothing_is_uploaded_and_the_list_says_why(member: EngageClient) -> None:
    assert member.page(PAGE).has("Engage keeps links, not files")
    assert not member.page(f"{PAGE}new").all("input[type=file]")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"title": ""}, "Write a title."),
        ({"link": ""}, "Paste the link to the document."),
        (
            {"link": "javascript:alert(1)"},
            "Enter a web address like example.org or https://example.org/help.",
        ),
        (
            {"link": " JaVaScRiPt:alert(1)"},
            "Enter a web address like example.org or https://example.org/help.",
        ),
        ({"link": "data:text/html,x"}, "Enter a web address like example.org or https://example.org/help."),
        ({"link": "file:///etc/passwd"}, "Enter a web address like example.org or https://example.org/help."),
        (
            {"link": "https://who:secret@drive.example.org/"},
            "Enter a web address like example.org or https://example.org/help.",
        ),
        ({"link": "https://drive.example.org/" + "d" * 500}, "This is too long: at most 500 characters."),
        ({"readers": "group"}, "Choose a group, or change who sees this."),
        ({"readers": ""}, "Choose who sees it."),
        ({"kind": "secret"}, ""),
        ({"group": "99"}, ""),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_in_the_form(
    member: EngageClient, changed: dict[str, str], error: str
) -> None:
    page = member.send(f"{PAGE}new", **filled(**changed))
    assert page.status == 422
    assert any(error in each for each in page.errors)
    assert page.value("title") == changed.get("title", "Our charter")
    assert page.value("link") == changed.get("link", "https://drive.example.org/d/1").strip()
    assert every() == []


def test_a_title_that_names_a_person_is_asked_about_first(member: EngageClient) -> None:
    title = "Intake of Dana, 555-867-5309"
    page = member.send(f"{PAGE}new", **filled(title=title))
    assert (page.status, page.value("title")) == (422, title)


def test_only_its_owner_and_coordinators_change_it(
    coordinator: EngageClient,
    member: EngageClient,
    viewer: EngageClient,
    client_of: Callable[..., EngageClient],
) -> None:
    owner = client_of(make_membership())
    row = make_document(owner.membership, owner_id=owner.membership.id)
    address = f"{PAGE}{row.id}"
    for client, status in ((owner, 200), (coordinator, 200), (member, 403), (viewer, 403)):
        assert client.get(f"{address}/edit").status_code == status
    assert not viewer.page(address).all("main form")
    changed = filled(version="1", kind="other", owner=str(owner.membership.id), readers="everyone")
    assert owner.send(f"{address}/edit", **changed).status == 303
    assert (every()[0].title, every()[0].kind, every()[0].version) == ("Our charter", DocumentKind.OTHER, 2)


def test_of_two_who_change_it_the_second_sees_what_differs_and_loses_nothing(
    coordinator: EngageClient,
) -> None:
    row = make_document(coordinator.membership)
    address = f"{PAGE}{row.id}/edit"
    assert coordinator.send(address, **filled(version="1", title="The first")).status == 303
    page = coordinator.send(address, **filled(version="1", title="The second"))
    assert (page.status, page.value("title")) == (409, "The second")
    assert page.has("The first")
    assert (
        coordinator.send(address, **filled(version=page.value("version"), title="The second")).status == 303
    )


def test_a_new_link_is_not_what_was_checked_before(coordinator: EngageClient) -> None:
    row = make_document(coordinator.membership, link_state=LinkState.NOT_FOUND, checked_at=clock.now())
    address = f"{PAGE}{row.id}/edit"
    coordinator.send(address, **filled(version="1", link=row.link))
    assert every()[0].link_state is LinkState.NOT_FOUND
    coordinator.send(address, **filled(version="2", link="https://drive.example.org/new"))
    assert (every()[0].link_state, every()[0].checked_at) == (None, None)


def test_whoever_gives_it_away_comes_back_to_the_list(client_of: Callable[..., EngageClient]) -> None:
    owner = client_of(make_membership())
    row = make_document(owner.membership, owner_id=owner.membership.id)
    answer = owner.send(f"{PAGE}{row.id}/edit", **filled(version="1", readers="coordinators"))
    assert (answer.status, answer.location) == (303, PAGE)
    assert owner.get(f"{PAGE}{row.id}").status_code == 404


def test_a_document_of_a_deleted_group_says_so_to_who_still_sees_it(coordinator: EngageClient) -> None:
    row = make_document(coordinator.membership, readers=Readers.GROUP)
    assert coordinator.page(f"{PAGE}{row.id}").has("Its group was deleted.")
    page = coordinator.send(f"{PAGE}{row.id}/edit", **filled(version="1", readers="group"))
    assert (page.status, page.errors) == (422, ["Choose a group, or change who sees this."])


def test_one_press_says_that_it_was_reviewed_today(member: EngageClient) -> None:
    row = make_document(member.membership)
    assert member.page(f"{PAGE}{row.id}").has("Not yet")
    assert member.send(f"{PAGE}{row.id}/reviewed").status == 303
    assert every()[0].looked_at_on == TODAY


def test_after_a_year_no_one_has_looked_at_it(app: Any) -> None:
    assert [is_old(TODAY - timedelta(days=days), TODAY) for days in (0, 365, 366)] == [False, False, True]
    assert is_old(None, TODAY)


def test_the_list_shows_mine_what_is_old_broken_links_and_kinds(member: EngageClient) -> None:
    me = member.membership
    make_document(me, "Mine", owner_id=me.id, looked_at_on=TODAY)
    make_document(me, "Broken", link_state=LinkState.NO_ANSWER, looked_at_on=TODAY, kind=DocumentKind.FLYER)
    make_document(me, "Old")

    def titles(query: str) -> list[str]:
        return member.page(f"{PAGE}{query}").texts("#documents-list .row-link")

    assert titles("") == ["Broken", "Mine", "Old"]
    assert titles("?show=mine") == ["Mine"]
    assert titles("?show=old") == ["Old"]
    assert titles("?show=dead") == ["Broken"]
    assert titles("?kind=flyer") == ["Broken"]
    assert member.page(f"{PAGE}?kind=minutes").has("Nothing matches.")
    assert titles("?kind=%27&show=nothing&group=x&page=-1") == ["Broken", "Mine", "Old"]


def test_a_deleted_document_comes_back_by_undo(member: EngageClient) -> None:
    row = make_document(member.membership, owner_id=member.membership.id)
    answer = member.send(f"{PAGE}{row.id}/delete")
    assert (answer.status, every()) == (303, [])
    page = member.page(PAGE)
    assert page.has("The file itself is still where you keep it.")
    undo = page.one("form[action*='restore']").attributes["action"] or ""
    assert member.send(undo).status == 303
    assert [each.title for each in every()] == ["Charter"]


def things(by: Membership) -> dict[str, tuple[str, str]]:
    """Makes one of each thing; returns by kind the address of its page and how an address names it."""
    here = {"coalition_id": by.coalition_id}
    library = make_organization(name="Library")
    agreement = make_agreement(by, library)
    now = clock.now()
    meeting = saved(Meeting(**here, kind=MeetingKind.GENERAL, title="General", starts_at=now, created_at=now))
    action = make_action(make_plan(), title="Print the flyer")
    at = "/c/riverbend/"
    return {
        "agreement": (f"{at}partners/agreements/{agreement.number}", f"agreement:{agreement.id}"),
        "organization": (f"{at}partners/{library.id}/", f"organization:{library.id}"),
        "meeting": (f"{at}meetings/{meeting.id}/", f"meeting:{meeting.id}"),
        "item": (f"{at}checklist/items/core-team-named", "item:core-team-named"),
        "action": (f"{at}plan/actions/{action.number}", f"action:{action.id}"),
    }


@pytest.mark.parametrize("kind", ["agreement", "organization", "meeting", "item", "action"])
def test_from_the_page_of_a_thing_a_document_is_added_chosen_and_removed(
    member: EngageClient, kind: str
) -> None:
    page, target = things(member.membership)[kind]
    assert member.page(page).text("#documents-of summary").startswith("Documents")
    assert member.page(page).one("#documents-of .btn").attributes["href"] == f"{PAGE}new?for={target}"
    here = make_document(member.membership, "Was here")
    assert member.page(f"{PAGE}new?for={target}").one("select[name=document]")
    for answer in (
        member.send(f"{PAGE}new?for={target}", **filled(title="Brand new")),
        member.send(f"{PAGE}choose?for={target}", document=str(here.id)),
        member.send(f"{PAGE}choose?for={target}", document=str(here.id)),
    ):
        assert (answer.status, answer.location) == (303, page)
    assert member.page(page).texts("#documents-of .row-link") == ["Brand new", "Was here"]
    use = member.page(f"{PAGE}{here.id}").one("#documents-uses li")
    assert use.css_first("a").attributes["href"] == page
    assert member.send(use.css_first("form").attributes["action"] or "").status == 303
    assert member.page(page).texts("#documents-of .row-link") == ["Brand new"]
    assert len(every()) == 2


def test_a_document_is_shown_on_a_things_page_only_to_its_readers(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    page, target = things(coordinator.membership)["organization"]
    for readers in Readers:
        coordinator.send(
            f"{PAGE}new?for={target}", **filled(title=readers.value.title(), readers=readers.value)
        )
    shown = {
        name: client.page(page).texts("#documents-of .row-link")
        for name, client in {"coordinator": coordinator, "member": member, "viewer": viewer}.items()
    }
    assert shown == {
        "coordinator": ["Coordinators", "Everyone", "Members"],
        "member": ["Everyone", "Members"],
        "viewer": ["Everyone"],
    }
    assert not viewer.page(page).all("#documents-of .btn")


@pytest.mark.parametrize(
    "target", ["agreement:9999", "agreement:x", "item:none", "secret:1", "agreement:-1", ":"]
)
def test_a_thing_that_is_not_there_is_not_found(member: EngageClient, target: str) -> None:
    assert member.get(f"{PAGE}new?for={target}").status_code == 404
    assert member.send(f"{PAGE}new?for={target}", **filled()).status == 404
    assert member.send(f"{PAGE}choose?for={target}", document="1").status == 404
    assert every() == []


def test_what_cannot_be_chosen_is_refused(member: EngageClient) -> None:
    _page, target = things(member.membership)["meeting"]
    hidden = make_document(member.membership, readers=Readers.COORDINATORS)
    for chosen in ("0", str(hidden.id), "9999"):
        assert member.send(f"{PAGE}choose?for={target}", document=chosen).status == 422
    assert db.session.scalars(sa.select(DocumentUse)).all() == []


def test_the_pages_take_as_many_queries_for_many_as_for_one(member: EngageClient) -> None:
    page, target = things(member.membership)["organization"]
    first = make_document(member.membership)
    member.send(f"{PAGE}choose?for={target}", document=str(first.id))
    addresses = (PAGE, f"{PAGE}{first.id}", page)

    def counts() -> list[int]:
        found = []
        for address in addresses:
            member.page(address)
            with counted_queries() as queries:
                member.page(address)
            found.append(len(queries))
        return found

    before = counts()
    for number in range(20):
        member.send(f"{PAGE}new?for={target}", **filled(title=f"Document {number}"))
    assert counts() == before
    assert len(member.page(page).all("#documents-of li")) == 21
