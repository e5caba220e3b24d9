"""The pages on the focus areas: reading, the tick, first impressions."""

import pytest
import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.extensions import db
from engage.toolkit.models import AreasRead, Note
from tests import databases, factories
from tests.client import EngageClient

AREAS = "/c/riverbend/toolkit/areas/"
NOTE = "The hospital trains its new nurses; hotels are not reached yet."


def notes() -> list[Note]:
    return list(db.session.scalars(sa.select(Note).order_by(Note.id)))


def readers() -> list[int]:
    return list(db.session.scalars(sa.select(AreasRead.reader_id)))


def test_the_overview_links_to_every_area(member: EngageClient) -> None:
    page = member.page(AREAS)
    links = [node.attributes["href"] for node in page.all("#toolkit-areas a")]
    assert links == [f"{AREAS}{area.key}" for area in content().areas]


@pytest.mark.parametrize("key", [area.key for area in content().areas])
def test_an_area_page_explains_the_area(key: str, member: EngageClient) -> None:
    area, page = content().area(key), member.page(f"{AREAS}{key}")
    assert page.text("h1") == area.name
    assert page.has(" ".join(area.explanation[0].split()))
    assert len(page.all("#toolkit-ask details li")) == len(content().indicators_in(key))
    assert page.has(f"The Freedom Strategy calls this area {area.freedom_strategy}.") is (
        area.freedom_strategy is not None
    )


def test_the_area_pages_lead_to_each_other(member: EngageClient) -> None:
    first, second = member.page(f"{AREAS}prevention"), member.page(f"{AREAS}identification")
    assert not first.all(".area-steps a[rel=prev]")
    assert first.one(".area-steps a[rel=next]").attributes["href"] == f"{AREAS}identification"
    assert second.one(".area-steps a[rel=prev]").attributes["href"] == f"{AREAS}prevention"
    assert not member.page(f"{AREAS}collaboration").all(".area-steps a[rel=next]")


def test_an_unknown_area_does_not_exist(member: EngageClient) -> None:
    assert member.get(f"{AREAS}rescue").status_code == 404
    assert member.send(f"{AREAS}rescue/notes", text=NOTE).status == 404


def test_ticking_without_javascript_returns_to_the_page(member: EngageClient) -> None:
    page = member.send(f"{AREAS}read")
    assert (page.status, page.location) == (303, f"{AREAS}#toolkit-areas-read")
    assert readers() == [member.membership.id]
    shown = member.page(AREAS)
    assert shown.one("#toolkit-areas-read-tick").attributes["aria-pressed"] == "true"
    assert shown.has("1 person has read these so far.")


def test_ticking_with_htmx_swaps_the_tick_and_says_so(member: EngageClient) -> None:
    page = member.send(f"{AREAS}read", htmx=True)
    assert page.status == 200
    assert page.one("#toolkit-areas-read form").attributes["action"] == f"{AREAS}unread"
    assert page.text("#status") == "Saved: you have read these pages."
    assert readers() == [member.membership.id]


def test_ticking_twice_counts_once(member: EngageClient) -> None:
    member.send(f"{AREAS}read")
    assert member.send(f"{AREAS}read").status == 303
    assert readers() == [member.membership.id]


def test_the_tick_is_taken_back_and_others_keep_theirs(member: EngageClient) -> None:
    other = factories.make_membership()
    factories.make_areas_read(other)
    factories.make_areas_read(member.membership)
    page = member.send(f"{AREAS}unread", htmx=True)
    assert page.one("#toolkit-areas-read-tick").attributes["aria-pressed"] == "false"
    assert readers() == [other.id]


def test_members_see_each_others_notes_with_names(member: EngageClient, coordinator: EngageClient) -> None:
    factories.make_note(coordinator.membership, area="prevention", text=NOTE)
    page = member.page(f"{AREAS}prevention")
    assert page.text(".toolkit-note .note-text") == NOTE
    assert page.has("Maria Santos")
    assert page.value("text") == ""
    assert not member.page(f"{AREAS}reform").has(NOTE)


def test_notes_of_another_coalition_do_not_exist_here(member: EngageClient) -> None:
    stranger = factories.make_membership(coalition=factories.make_coalition())
    factories.make_note(stranger, area="prevention", text=NOTE)
    assert not member.page(f"{AREAS}prevention").has(NOTE)
    assert set(member.page(AREAS).texts(".area-count")) == {"No shared note yet"}


def test_a_viewer_reads_the_areas_but_no_notes(viewer: EngageClient) -> None:
    author: Membership = factories.make_membership(name="Dan Reyes")
    factories.make_note(author, area="prevention", text=NOTE)
    page = viewer.page(f"{AREAS}prevention")
    assert page.text("h1") == "Prevention"
    assert not page.has(NOTE)
    assert not page.has("Dan Reyes")
    assert not page.all("main form")
    overview = viewer.page(AREAS)
    assert not overview.all(".area-count")
    assert not overview.all("#toolkit-areas-read")


@pytest.mark.parametrize("path", ["read", "unread", "prevention/notes"])
def test_a_viewer_writes_nothing(path: str, viewer: EngageClient) -> None:
    assert viewer.send(f"{AREAS}{path}", text=NOTE, mark="idea", seen_by="shared").status == 403
    assert notes() == []
    assert readers() == []


@pytest.mark.parametrize("path", ["", "prevention"])
def test_the_number_of_queries_does_not_grow(path: str, member: EngageClient) -> None:
    factories.make_note(member.membership, area="prevention")
    member.page(f"{AREAS}{path}")
    with databases.counted_queries() as few:
        member.page(f"{AREAS}{path}")
    for number in range(5):
        person = factories.make_membership(name=f"Person {number}")
        factories.make_areas_read(person)
        factories.make_note(person, area="prevention")
    with databases.counted_queries() as many:
        member.page(f"{AREAS}{path}")
    assert len(many) == len(few)


def test_learn_begins_with_what_trafficking_is_and_where_the_official_toolkit_is(
    viewer: EngageClient,
) -> None:
    begin = viewer.page("/c/riverbend/toolkit/").all("main .panel")[0]
    links = [each.attributes["href"] for each in begin.css("a")]
    assert links == ["/c/riverbend/toolkit/trafficking", "https://engagetogether.com/communityresources"]
    assert viewer.page(AREAS).one("main a[href='/c/riverbend/toolkit/trafficking']")


def test_a_page_says_what_trafficking_means_in_law_with_its_sources(viewer: EngageClient) -> None:
    page = viewer.page("/c/riverbend/toolkit/trafficking")
    assert len(page.all("#toolkit-myths dt")) == len(page.all("#toolkit-myths dd")) > 4
    sources = page.text("#toolkit-sources")
    assert "22 U.S.C. 7102" in sources and "October 28, 2000" in sources and "May 2019" in sources
    law = page.text("#toolkit-definition")
    for words in (
        "force, fraud, or coercion to make someone work, or take part in commercial sex",
        "someone under 18 is in commercial sex, it is trafficking even without force, fraud, or coercion",
        "No one has to be moved anywhere, and no border has to be crossed.",
        "Smuggling is something else",
    ):
        assert words in law
