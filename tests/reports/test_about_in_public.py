"""About us outside: on the public page only what was marked, names only of who agreed; the charter on one page."""

from collections.abc import Callable

import pytest

from engage import clock
from engage.coalitions.about.rules import AboutPart
from engage.coalitions.rules import Role, Structure
from engage.extensions import db
from engage.reports.papers.pages.charter import begun
from engage.reports.public.pages.progress import progress_of
from tests.client import EngageClient
from tests.coalitions.about.rows import EDIT, coalition, make_about, make_position
from tests.factories import make_membership
from tests.html import Page
from tests.reports.pdfs import read, words

PREVIEW = "/c/riverbend/reports/public/preview"
CHARTER = "/c/riverbend/reports/charter"
TEXTS = {
    "structure_note": "note of the structure",
    "joining": "text of joining",
    "expectations": "text of expectations",
    "open_meetings": "text of open meetings",
    "statement": "text of the statement",
}


def written(coordinator: EngageClient, *public: AboutPart) -> None:
    here = coalition()
    here.mission, here.vision, here.definitions = "text of mission", "text of vision", "text of definitions"
    here.structure = Structure.TASK_FORCE
    ann = make_membership(name="Ann Lee", named_in_public=True)
    bob = make_membership(name="Bob Ray")
    make_position(here.id, "Chair", membership_id=ann.id, stand_in_id=bob.id)
    make_position(here.id, "Treasurer", membership_id=bob.id, stand_in_id=ann.id)
    make_about(here.id, **TEXTS, public_parts=[part.value for part in public])
    db.session.commit()


SHOWN: dict[AboutPart, list[str]] = {
    AboutPart.MISSION: ["text of mission"],
    AboutPart.VISION: ["text of vision"],
    AboutPart.DEFINITIONS: ["text of definitions"],
    AboutPart.STRUCTURE: ["note of the structure", "Task force"],
    AboutPart.POSITIONS: ["Chair: Ann Lee", "Treasurer"],
    AboutPart.JOINING: ["text of joining"],
    AboutPart.EXPECTATIONS: ["text of expectations"],
    AboutPart.OPEN_MEETINGS: ["text of open meetings"],
    AboutPart.STATEMENT: ["text of the statement"],
}


def shown_by(page: Page) -> set[str]:
    return {text for each in SHOWN.values() for text in each if text in page.text("#reports-public")}


def test_a_phone_says_who_stands_in(coordinator: EngageClient) -> None:
    """Its rows stand below each other, without the table's heads."""
    written(coordinator)
    assert coordinator.page("/c/riverbend/reports/charter").texts("[data-label='Stand-in']") == [
        "Bob Ray",
        "Ann Lee",
    ]


@pytest.mark.parametrize("part", list(AboutPart))
def test_the_public_page_shows_a_part_only_where_it_was_marked(
    coordinator: EngageClient, part: AboutPart
) -> None:
    written(coordinator, part)
    assert shown_by(coordinator.page(PREVIEW)) == set(SHOWN[part])


def test_nothing_of_about_us_is_public_before_someone_marks_it(coordinator: EngageClient) -> None:
    written(coordinator)
    assert shown_by(coordinator.page(PREVIEW)) == set()


def test_no_name_is_public_without_that_persons_own_word(
    coordinator: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    written(coordinator, *AboutPart)
    page = coordinator.page(PREVIEW)
    assert page.has("Ann Lee") and not page.has("Bob Ray")
    bob = client_of(make_membership(name="Cy Holt"))
    make_position(bob.membership.coalition_id, "Recorder", membership_id=bob.membership.id)
    assert not coordinator.page(PREVIEW).has("Cy Holt")
    bob.send("/c/riverbend/people/me/contact", named_in_public="y")
    assert coordinator.page(PREVIEW).has("Recorder: Cy Holt")
    bob.send("/c/riverbend/people/me/contact")
    assert not coordinator.page(PREVIEW).has("Cy Holt")


def test_marking_parts_is_for_coordinators_and_says_how_many_agreed_to_be_named(
    coordinator: EngageClient, member: EngageClient
) -> None:
    written(coordinator)
    assert coordinator.page(f"{EDIT}public").has("1 person agreed to be named")
    assert coordinator.send(f"{EDIT}public", parts=["mission", "joining"], version="1").status == 303
    assert shown_by(coordinator.page(PREVIEW)) == {"text of mission", "text of joining"}
    assert member.send(f"{EDIT}public", parts=["vision"], version="2").status == 403
    assert coordinator.send(f"{EDIT}public", parts=["people"], version="2").status == 422


def test_anyone_with_the_link_reads_the_marked_parts(coordinator: EngageClient, client: EngageClient) -> None:
    written(coordinator, AboutPart.MISSION)
    shown = progress_of(coalition(), clock.today("America/Chicago"))
    assert [each.text for each in shown.about.texts] == ["text of mission"]


@pytest.mark.parametrize(("role", "named"), [(Role.MEMBER, True), (Role.VIEWER, False)])
def test_the_charter_has_everything_on_a_page_and_names_for_members(
    coordinator: EngageClient, client_of: Callable[..., EngageClient], role: Role, named: bool
) -> None:
    written(coordinator)
    page = client_of(make_membership(role=role, name="Dee Fox")).page(CHARTER)
    texts = [text for part, each in SHOWN.items() for text in each if part is not AboutPart.POSITIONS]
    assert [text for text in texts if not page.has(text)] == []
    assert page.has("Ann Lee")
    assert page.has("Bob Ray") is named


def with_the_longest_texts(statement: str) -> None:
    here = coalition()
    here.mission = here.vision = "word " * 999
    here.definitions = "word " * 1999
    make_about(here.id, **{**dict.fromkeys(TEXTS, "word " * 999), "statement": statement})
    for number in range(12):
        make_position(here.id, f"Position {number}")
    db.session.commit()


def test_the_charters_pdf_cuts_what_is_long_and_says_so_but_never_the_confidentiality_statement(
    coordinator: EngageClient,
) -> None:
    with_the_longest_texts("I take no case details to meetings. " * 20 + "I sign this.")
    pdf = read(coordinator, f"{CHARTER}.pdf")
    assert len(pdf.pages) == 1
    assert words(pdf).count("I take no case details to meetings.") == 20 and "I sign this." in words(pdf)
    assert "Shortened to fit one page. Everything is on About us." in words(pdf)
    assert not coordinator.page(CHARTER).has("Shortened to fit one page")


def test_a_charter_that_no_page_holds_runs_over_pages_without_a_cut(coordinator: EngageClient) -> None:
    with_the_longest_texts("word " * 999)
    pdf = read(coordinator, f"{CHARTER}.pdf")
    assert len(pdf.pages) > 1
    assert "…" not in words(pdf) and "Shortened" not in words(pdf) and "Position 11" in words(pdf)


def test_the_charter_of_a_coalition_that_says_nothing_says_so(coordinator: EngageClient) -> None:
    assert coordinator.page(CHARTER).has("Nothing is written on About us yet.")
    assert len(read(coordinator, f"{CHARTER}.pdf").pages) == 1


def test_a_shortened_text_ends_with_a_whole_word_and_three_dots() -> None:
    assert begun("One two, three four", 100) == "One two, three four"
    assert begun("One two, three four", 12) == "One two…"
    assert begun("x" * 50, 10) == "x" * 10 + "…"
