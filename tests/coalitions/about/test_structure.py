"""What a coalition says of its structure and its stage is used: by the tips, by the first steps, where one is made."""

import pytest
import sqlalchemy as sa

from engage.coalitions.models import Coalition
from engage.coalitions.rules import Stage, Structure
from engage.content.loader import content
from engage.extensions import db
from tests.client import EngageClient
from tests.coalitions.about.rows import coalition

TIPS = "/c/riverbend/checklist/"
START = "/c/riverbend/start/"
OF_TASK_FORCES = [item.text for tip in content().tips for item in tip.items if item.structure == "task_force"]
OF_COALITIONS = [item.text for tip in content().tips for item in tip.items if item.structure == "coalition"]


def shape(structure: Structure | None, stage: Stage | None = None) -> None:
    here = coalition()
    here.structure, here.stage = structure, stage
    db.session.commit()


@pytest.mark.parametrize(
    ("structure", "task_force", "others"),
    [
        (None, False, True),
        (Structure.COALITION, False, True),
        (Structure.TASK_FORCE, True, False),
        (Structure.BOTH, True, True),
    ],
)
def test_a_task_force_sees_its_own_tips(
    member: EngageClient, structure: Structure | None, task_force: bool, others: bool
) -> None:
    shape(structure)
    page = member.page(TIPS)
    assert len(OF_TASK_FORCES) > 4 and OF_COALITIONS
    assert {page.has(text) for text in OF_TASK_FORCES} == {task_force}
    assert {page.has(text) for text in OF_COALITIONS} == {others}


def test_all_items_say_which_are_for_task_forces(member: EngageClient) -> None:
    shape(Structure.COALITION, Stage.NEW)
    page = member.page(f"{TIPS}?show=all")
    assert page.has(OF_TASK_FORCES[0]) and page.has("For task forces")


@pytest.mark.parametrize("structure", [None, *Structure])
def test_the_first_steps_have_a_hint_for_a_task_force(
    member: EngageClient, structure: Structure | None
) -> None:
    shape(structure, Stage.NEW)
    hint = content().steps[0].hints.task_force or ""
    is_one = structure in {Structure.TASK_FORCE, Structure.BOTH}
    assert hint and member.page(START).has(hint) is is_one


def test_the_tips_of_a_coalition_without_a_stage_lead_a_coordinator_to_say_it(
    coordinator: EngageClient, member: EngageClient
) -> None:
    where = "main a[href='/c/riverbend/about/edit/set-up']"
    assert coordinator.page(TIPS).one(where).text() == "Choose new or existing"
    assert not member.page(TIPS).all(where)
    shape(None, Stage.EXISTING)
    assert not coordinator.page(TIPS).all(where)


@pytest.mark.parametrize(("said", "stage"), [("new", Stage.NEW), ("existing", Stage.EXISTING), ("", None)])
def test_whoever_makes_a_coalition_under_administration_says_its_stage(
    coordinator: EngageClient, said: str, stage: Stage | None
) -> None:
    user = coordinator.membership.user
    assert user is not None
    user.is_admin = True
    db.session.commit()
    fields = {"name": "Lakeside", "slug": "lakeside", "time_zone": "America/Chicago"}
    assert coordinator.page("/admin/coalitions/new").has("Is it new or existing?")
    assert coordinator.send("/admin/coalitions/new", **fields, stage=said).status == 200
    made = db.session.scalars(sa.select(Coalition).where(Coalition.slug == "lakeside")).one()
    assert made.stage is stage
