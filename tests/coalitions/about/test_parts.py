"""What a coalition says of itself: who reads it, who writes it, two coordinators at once, long texts."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engage.coalitions.models import Coalition
from engage.coalitions.rules import Role, Stage, Structure
from engage.extensions import db
from engage.history import HistoryEntry
from tests.client import EngageClient
from tests.coalitions.about.rows import ABOUT, EDIT, JOINING, SHAPE, WORDS, coalition, make_about
from tests.databases import counted_queries
from tests.factories import make_membership


@pytest.mark.parametrize("role", list(Role))
def test_every_member_and_viewer_reads_what_the_coalition_says(
    coordinator: EngageClient, client_of: Callable[..., EngageClient], role: Role
) -> None:
    coordinator.send(f"{EDIT}words", **WORDS)
    coordinator.send(f"{EDIT}joining", **{**JOINING, "version": "1"})
    coordinator.send(f"{EDIT}set-up", **SHAPE, structure_note="Cases stay with the sheriff.", version="2")
    page = client_of(make_membership(role=role, name="Bea Novak")).page(ABOUT)
    written = [*WORDS.values(), *JOINING.values(), "Cases stay with the sheriff.", "Task force", "Formal"]
    assert [text for text in written if text != "0" and not page.has(text)] == []
    # What a choice means to whoever makes it stands in the form alone.
    assert page.texts("#about-set-up dd") == [
        "Existing",
        "Task force",
        "Formal",
    ]
    assert bool(page.all("a[href$='/about/edit/words']")) is (role is Role.COORDINATOR)
    assert page.all(f"a[href='{ABOUT}'][aria-current]")


def test_an_empty_page_says_to_members_who_writes_it_and_to_coordinators_what_to_write(
    coordinator: EngageClient, member: EngageClient
) -> None:
    page = member.page(ABOUT)
    assert page.text(".empty h2") == "Nothing is written here yet"
    assert not page.all("main form") and not page.all("main .btn")
    page = coordinator.page(ABOUT)
    assert not page.all(".empty")
    for part in ("words", "set-up", "joining", "statement", "public"):
        assert page.one(f"a[href='{EDIT}{part}']")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_only_coordinators_write_it(client_of: Callable[..., EngageClient], role: Role) -> None:
    client = client_of(make_membership(role=role))
    assert client.send(f"{EDIT}words", **WORDS).status == 403
    assert client.get(f"{EDIT}words").status_code == 403
    assert coalition().mission == ""


def test_there_is_no_other_part_to_edit(coordinator: EngageClient) -> None:
    assert coordinator.get(f"{EDIT}nothing").status_code == 404
    assert coordinator.send(f"{EDIT}nothing", **WORDS).status == 404


def test_the_shape_changes_and_is_remembered_in_history(coordinator: EngageClient) -> None:
    assert coordinator.send(f"{EDIT}set-up", **SHAPE, structure_note="", version="0").status == 303
    assert (coalition().stage, coalition().structure) == (Stage.EXISTING, Structure.TASK_FORCE)
    entries = {each.field: each.new for each in db.session.scalars(sa.select(HistoryEntry))}
    assert entries == {"stage": "existing", "structure": "task_force", "membership_style": "formal"}
    page = coordinator.send(f"{EDIT}set-up", **{**SHAPE, "stage": "ancient"}, structure_note="", version="1")
    assert page.status == 422
    assert coalition().stage is Stage.EXISTING


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("mission", "x" * 5001, "too long: at most 5000"),
        ("definitions", "x" * 300_000, "too long: at most 10000"),
        ("mission", "null\x00byte", "cannot be seen"),
        ("vision", "turned \u202eround", "cannot be seen"),
    ],
)
def test_a_refused_text_says_what_to_change_and_keeps_the_rest(
    coordinator: EngageClient, field: str, value: str, words: str
) -> None:
    page = coordinator.send(f"{EDIT}words", **{**WORDS, field: value})
    assert page.status == 422
    assert any(words in error for error in page.errors), page.errors
    kept = "vision" if field != "vision" else "mission"
    assert page.value(kept) == WORDS[kept]
    assert coalition().vision == ""


@pytest.mark.parametrize("version", ["0", "-1", "", "x", "9" * 40, "2", "1.0", "1 OR 1=1"])
def test_a_version_that_is_not_the_rows_is_a_lost_race(coordinator: EngageClient, version: str) -> None:
    make_about(coordinator.membership.coalition_id)
    page = coordinator.send(f"{EDIT}words", **{**WORDS, "version": version})
    assert page.status == 409
    assert coalition().mission == ""


def test_the_second_of_two_coordinators_sees_both_texts_and_chooses(
    coordinator: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    second = client_of(make_membership(role=Role.COORDINATOR, name="Ana Ruiz"))
    opened = second.page(f"{EDIT}words").value("version")
    coordinator.send(f"{EDIT}words", **WORDS)
    mine = {**WORDS, "mission": "Another sentence.", "version": opened}
    page = second.send(f"{EDIT}words", **mine)
    assert page.status == 409
    assert page.has("Every exit has a door.") and page.has("Another sentence.")
    assert page.value("mission") == "Another sentence."
    assert coalition().mission == "Every exit has a door."
    assert second.send(f"{EDIT}words", **{**mine, "version": page.value("version")}).status == 303
    assert coalition().mission == "Another sentence."


def test_who_saved_another_part_meanwhile_is_told_and_saves_again(coordinator: EngageClient) -> None:
    coordinator.send(f"{EDIT}words", **WORDS)
    page = coordinator.send(f"{EDIT}joining", **JOINING)
    assert page.status == 409
    assert page.one("[role='alert']") and page.value("joining") == JOINING["joining"]
    assert coordinator.send(f"{EDIT}joining", **{**JOINING, "version": page.value("version")}).status == 303


def test_a_name_of_120_letters_and_a_mission_of_5000_stand_on_the_page(coordinator: EngageClient) -> None:
    here: Coalition = coalition()
    here.name = "N" * 120
    db.session.commit()
    mission = "word " * 999 + "end."
    assert coordinator.send(f"{EDIT}words", **{**WORDS, "mission": mission}).status == 303
    page = coordinator.page(ABOUT)
    assert page.has("N" * 120) and page.has(mission)


def test_the_page_takes_as_many_queries_with_300_people_as_with_one(coordinator: EngageClient) -> None:
    make_about(coordinator.membership.coalition_id, statement="Privacy first.", statement_number=1)
    with counted_queries() as few:
        coordinator.page(ABOUT)
    for number in range(300):
        make_membership(name=f"Person {number}", user=None)
    with counted_queries() as many:
        coordinator.page(ABOUT)
    assert len(few) == len(many) <= 7


def test_who_joins_lands_on_about_us_once_something_is_written_there(
    coordinator: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    person = make_membership(name="Bea Novak")
    joined: Any = client_of(person)
    assert joined.get(f"/join/{person.id}/done").location == "/c/riverbend/"
    coordinator.send(f"{EDIT}words", **WORDS)
    landed = joined.get(f"/join/{person.id}/done").location or ""
    assert landed.partition("?")[0] == ABOUT
    welcome = joined.page(landed)
    assert welcome.has("Welcome, Bea Novak Read who we are, then go to Home to see your tasks.")
    assert welcome.one("#about-welcome a").attributes["href"] == "/c/riverbend/"
    assert not joined.page(ABOUT).all("#about-welcome")


def test_personal_details_are_asked_about_once_per_text(coordinator: EngageClient) -> None:
    typed = {**WORDS, "mission": "Ask Dana at 555-867-5309 about the case."}
    page = coordinator.send(f"{EDIT}words", **typed)
    assert page.status == 422
    assert page.has("This looks like it contains a phone number.")
    assert page.value("mission") == typed["mission"]
    assert page.value("vision") == WORDS["vision"]
    box = page.one("[name='mission-accepted']")
    accepted = {**typed, "mission-accepted": box.attributes["value"] or ""}

    changed = {**accepted, "mission": "Ask Dana at 555-867-5310 about the case."}
    assert coordinator.send(f"{EDIT}words", **changed).status == 422
    assert coalition().mission == ""

    assert coordinator.send(f"{EDIT}words", **accepted).status == 303
    assert coalition().mission == typed["mission"]


def test_a_second_refusal_keeps_what_was_accepted(coordinator: EngageClient) -> None:
    typed = {**WORDS, "mission": "Ask Dana at 555-867-5309.", "vision": "x" * 5001}
    box = coordinator.send(f"{EDIT}words", **typed).one("[name='mission-accepted']")
    page = coordinator.send(f"{EDIT}words", **typed, **{"mission-accepted": box.attributes["value"] or ""})
    assert page.status == 422
    assert page.one("[name='mission-accepted']").attributes["type"] == "hidden"


@pytest.mark.parametrize("number", ["1-888-373-7888", "988", "911", "(555) 010-2030"])
def test_numbers_to_call_for_help_are_no_personal_details(coordinator: EngageClient, number: str) -> None:
    coalition().help_number = "(555) 010-2030"
    db.session.commit()
    page = coordinator.send(f"{EDIT}words", **{**WORDS, "mission": f"Call {number}."})
    assert page.status == 303


def test_what_was_typed_never_reaches_the_log(
    coordinator: EngageClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    coordinator.send(f"{EDIT}words", **{**WORDS, "mission": "canary 555-867-5309"})
    coordinator.send(f"{EDIT}words", **{**WORDS, "vision": "canary\x00"})
    coordinator.send(f"{EDIT}words", **{**WORDS, "vision": "canary", "version": "7"})
    coordinator.send(f"{EDIT}words", **{**WORDS, "vision": "canary"})
    assert "canary" not in caplog.text
