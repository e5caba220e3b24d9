"""Templates of documents: what is filled in, what stays a line, and that they say so where a lawyer should read."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from engage.coalitions.about.rules import AboutPart
from engage.content.loader import content
from engage.content.model import ABOUT_PARTS
from engage.documents.templates.rules import LINE, as_text, filled
from engage.extensions import db
from engage.partners.models import Contact
from engage.partners.rules import ContactPlace
from tests.client import EngageClient
from tests.coalitions.about.rows import make_about, make_position
from tests.factories import make_coalition, make_organization, saved, the_coalition

PAGE = "/c/riverbend/documents/templates/"
KEYS = [each.key for each in content().document_templates]
LAWYER = "A starting point, not legal advice: a lawyer should read this before anyone signs."


def text(client: EngageClient, key: str, query: str = "") -> str:
    return client.page(f"{PAGE}{key}{query}").one("#documents-text").text()


def test_what_is_known_is_filled_in_once_and_the_rest_is_a_line_to_write_on() -> None:
    assert (
        filled("{coalition} and {partner}, {blank}", {"coalition": "{partner}"})
        == f"{{partner}} and {LINE}, {LINE}"
    )
    assert filled("{a} {", {"a": ""}) == f"{LINE} {{"


def test_the_text_has_title_note_headings_and_points() -> None:
    parts = [("One", ["A text."], ["first", "second"]), ("Two", [], ["third"])]
    assert (
        as_text("MOU", "Read it.", parts)
        == "MOU\n\n[Read it.]\n\nOne\n\nA text.\n\n- first\n- second\n\nTwo\n\n- third\n"
    )


def test_the_seven_templates_are_there(viewer: EngageClient) -> None:
    assert KEYS == ["charter", "mou", "confidentiality", "membership", "media", "ground-rules", "referral"]
    assert len(viewer.page(PAGE).all(".panel .row-link")) == 7
    assert viewer.get(f"{PAGE}nothing").status_code == viewer.get(f"{PAGE}nothing.pdf").status_code == 404


def test_every_part_that_may_give_way_is_one_of_about_us() -> None:
    assert {part.value for part in AboutPart} - {AboutPart.POSITIONS.value} == ABOUT_PARTS


@pytest.mark.parametrize("key", KEYS)
def test_every_template_names_the_coalition_and_holds_no_word_in_braces(
    member: EngageClient, key: str
) -> None:
    page = member.page(f"{PAGE}{key}")
    copied = page.one("#documents-text").text()
    assert not re.search(r"[{}]", copied)
    assert ("Riverbend County Coalition" in copied) is (key not in {"ground-rules"})
    assert (LAWYER in copied) is page.has(LAWYER) is content().document_template(key).is_signed
    for shown in (*page.texts(".document-template h2"), *page.texts(".document-template li")):
        assert shown in " ".join(copied.split())


def test_what_about_us_says_takes_the_place_of_our_words(member: EngageClient) -> None:
    here = the_coalition()
    assert "We exist to" in text(member, "charter")
    assert "chair, backup chair, recorder, treasurer" in text(member, "charter")
    here.mission = "Nobody here is for sale.\n\nNot one."
    make_about(here.id, statement="What is said here stays here.")
    make_position(here.id, "Speaker")
    charter = text(member, "charter")
    assert "Mission\n\nNobody here is for sale.\n\nNot one.\n\nVision" in charter
    assert "We exist to" not in charter
    assert "lead our work: Speaker." in charter
    assert "What I agree to\n\nWhat is said here stays here.\n\nWhat this" in text(member, "confidentiality")


def test_the_chosen_partner_and_its_main_contact_are_filled_in(
    member: EngageClient, viewer: EngageClient
) -> None:
    here = {"coalition_id": member.membership.coalition_id}
    shelter = make_organization(name="Harbor House {blank}")
    saved(
        Contact(
            **here,
            organization_id=shelter.id,
            place=ContactPlace.MAIN,
            name="Ann Lee",
            sort_key="a",
            job="Director",
        )
    )
    query = f"?partner={shelter.id}"
    assert f"{LINE}. Contact: {LINE}" in text(member, "mou")
    assert "Harbor House {blank}. Contact: Ann Lee, Director" in text(member, "mou", query)
    assert f"Harbor House {{blank}}. Contact: {LINE}" in text(viewer, "mou", query)
    assert (
        member.page(f"{PAGE}mou{query}").one("a[href*='.pdf']").attributes["href"] == f"{PAGE}mou.pdf{query}"
    )
    assert member.page(f"{PAGE}mou{query}").one("option[selected]").attributes["value"] == str(shelter.id)
    assert not member.page(f"{PAGE}charter").all("select[name=partner]")


@pytest.mark.parametrize("query", ["?partner=x", "?partner=99999", "?partner=-1", "?partner="])
def test_a_partner_that_is_not_there_is_left_a_line(member: EngageClient, query: str) -> None:
    assert f"{LINE}. Contact: {LINE}" in text(member, "mou", query)


def test_another_coalitions_partner_is_left_a_line(member: EngageClient) -> None:
    theirs = make_organization(coalition=make_coalition(), name="Their shelter")
    assert "Their shelter" not in text(member, "mou", f"?partner={theirs.id}")


def test_the_coalitions_own_help_line_comes_first(member: EngageClient) -> None:
    here = the_coalition()
    assert "help: National Human Trafficking Hotline, 1-888-373-7888" in text(member, "media")
    here.help_name, here.help_number = "Riverbend line", "555-0100"
    db.session.commit()
    assert "help: Riverbend line, 555-0100; National" in text(member, "media")


@pytest.mark.real_clock
def test_a_template_is_a_pdf_that_says_the_same(member: EngageClient) -> None:
    answer = member.get(f"{PAGE}referral.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "referral-agreement.pdf" in answer.headers["Content-Disposition"]
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    said = " ".join(words.split())
    assert "a lawyer should read this" in said
    assert "Before anyone is referred" in said
