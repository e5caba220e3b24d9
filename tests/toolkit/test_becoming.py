"""A shared idea becomes a need, a strength, or an action in one step."""

import pytest
import sqlalchemy as sa

from engage.extensions import db
from engage.plan.models import Action, ActionNote
from engage.strengths import service as strengths
from engage.strengths.models import Need, Strength, StrengthArea
from engage.toolkit.models import Note, Outcome
from engage.toolkit.rules import NoteMark
from tests import factories
from tests.client import EngageClient

LEARN = "/c/riverbend/toolkit/"
AREA = f"{LEARN}areas/response"
TEXT = "Ask the two hotels on the highway."


def idea(client: EngageClient, **overrides: object) -> Note:
    values = {"area": "response", "text": TEXT, "mark": NoteMark.IDEA}
    return factories.make_note(client.membership, **{**values, **overrides})


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count(model.id))) or 0


def become(client: EngageClient, note: Note, kind: str):
    return client.send(f"{LEARN}notes/{note.id}/become", kind=kind)


def test_an_idea_becomes_a_need_in_its_area(member: EngageClient, coordinator: EngageClient) -> None:
    note = idea(coordinator)
    page = become(member, note, "need")
    assert (page.status, page.location) == (303, f"{AREA}#toolkit-note-{note.id}")
    need = db.session.scalars(sa.select(Need)).one()
    assert (need.title, need.area, need.stated_gap, need.created_by_id) == (
        TEXT,
        "response",
        2,
        member.membership.id,
    )
    shown = member.page(AREA)
    assert shown.has(f"It is now need {need.number}, with a gap of 2 of 4.")
    assert shown.text(".toolkit-became") == f"Need {need.number}: {TEXT}"
    assert not shown.all(".toolkit-become")


def test_an_idea_becomes_a_strength_of_its_area(member: EngageClient) -> None:
    note = idea(member)
    assert become(member, note, "strength").status == 303
    strength = db.session.scalars(sa.select(Strength)).one()
    assert (strength.title, strength.giver_id, strength.kind) == (TEXT, None, None)
    assert db.session.scalars(sa.select(StrengthArea.area)).all() == ["response"]
    assert member.page(AREA).text(".toolkit-became") == f"Strength: {TEXT}"


def test_an_idea_becomes_an_action_that_lands_in_the_plan(member: EngageClient) -> None:
    note = idea(member)
    assert become(member, note, "action").status == 303
    action = db.session.scalars(sa.select(Action)).one()
    assert (action.title, action.details) == (TEXT, "")
    shown = member.page(AREA)
    link = shown.one(".toolkit-became a")
    assert link.attributes["href"] == f"/c/riverbend/plan/actions/{action.number}"
    assert link.text() == f"Action {action.number}: Not started"


@pytest.mark.parametrize("kind", ["need", "strength", "action"])
def test_a_long_idea_keeps_all_its_words(kind: str, member: EngageClient) -> None:
    section = factories.make_section(key="tips", title="")
    text = "Ask the hotels.\n" + "They have empty rooms in winter. " * 20
    become(member, idea(member, area="", section=section, text=text.strip()), kind)
    model = {"need": Need, "strength": Strength, "action": Action}[kind]
    made = db.session.scalars(sa.select(model)).one()
    assert made.title == "Ask the hotels."
    assert (made.limits if kind == "strength" else made.details) == text.strip()


@pytest.mark.parametrize("second", ["need", "strength", "action"])
@pytest.mark.parametrize("first", ["need", "strength", "action"])
def test_of_two_people_who_press_at_once_the_second_is_led_to_what_is_there(
    first: str, second: str, member: EngageClient, coordinator: EngageClient
) -> None:
    note = idea(member)
    become(member, note, first)
    page = become(coordinator, note, second)
    assert (page.status, page.location) == (303, f"{AREA}#toolkit-note-{note.id}")
    assert count(Need) + count(Strength) + count(Action) == 1


@pytest.mark.parametrize(
    "overrides", [{"is_shared": False}, {"mark": NoteMark.QUESTION}, {"mark": NoteMark.KEY_POINT}]
)
def test_only_a_shared_idea_becomes_something(overrides: dict[str, object], member: EngageClient) -> None:
    note = idea(member, **overrides)
    assert not member.page(AREA).all(".toolkit-become")
    page = become(member, note, "need")
    assert page.status == 409
    assert page.has("Only a shared idea can become a need, a strength, or an action.")
    assert count(Need) == 0


@pytest.mark.parametrize("kind", ["", "meeting"])
def test_an_unknown_kind_is_refused(kind: str, member: EngageClient) -> None:
    page = become(member, idea(member), kind)
    assert page.status == 422
    assert page.has("Nothing was created")
    assert count(Outcome) == count(ActionNote) == 0


def test_a_viewer_makes_nothing_of_it(viewer: EngageClient) -> None:
    assert become(viewer, idea(viewer), "need").status == 403


def test_when_what_it_became_is_gone_the_idea_is_free_again(member: EngageClient) -> None:
    note = idea(member)
    for kind, model in (("need", Need), ("strength", Strength), ("action", Action)):
        become(member, note, kind)
        assert not member.page(AREA).all(".toolkit-become")
        made = db.session.scalars(sa.select(model)).one()
        if isinstance(made, Strength):
            strengths.withdraw(made, member.membership)
        else:
            db.session.delete(made)
        db.session.commit()
        assert member.page(AREA).all(".toolkit-become")


@pytest.mark.parametrize(("kind", "model"), [("need", Need), ("strength", Strength), ("action", Action)])
def test_what_an_idea_became_outlives_the_note(kind: str, model: type, member: EngageClient) -> None:
    note = idea(member)
    become(member, note, kind)
    assert member.send(f"{LEARN}notes/{note.id}/delete").status == 303
    assert count(model) == 1
    assert count(Outcome) == count(ActionNote) == count(Note) == 0
