"""The sample coalition's strengths and needs: offered and by hand, from the closed round and by hand."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engage.assessment.models import Round
from engage.assessment.questions import QuestionSet
from engage.extensions import db
from engage.strengths import need_changes, service
from engage.strengths.models import Need, Strength
from engage.strengths.rules import RatingSource, StrengthKind

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_strengths(sample: "Sample", rounds: Mapping[str, Round]) -> None:
    """Needs and strengths can then be found by their keys in the sample."""
    about = sample.source["strengths"]
    for values in about["offered"]:
        _complete(sample, values)
    for values in about["added"]:
        _add(sample, values)
    for values in sample.source["needs"]:
        _choose(sample, values, rounds["closed"])
    db.session.flush()


def _complete(sample: "Sample", values: dict[str, Any]) -> None:
    """What was said since of something that a person offered when they joined."""
    giver = sample.people[values["of"]]
    strength = db.session.scalars(sa.select(Strength).where(Strength.giver_id == giver.id)).one()
    changes = {
        "kind": StrengthKind(values["kind"]),
        "indicator": values.get("indicator", ""),
        "limits": values.get("limits", ""),
    }
    service.edit_strength(giver, strength, strength.version, changes, values["areas"])
    sample.strengths[values["of"]] = strength


def _add(sample: "Sample", values: dict[str, Any]) -> None:
    strength = service.add_strength(
        sample.people["maria"],
        title=values["title"],
        kind=StrengthKind(values["kind"]),
        giver=sample.people.get(values.get("giver", "")),
        organization=sample.organizations.get(values.get("organization", "")),
        areas=values["areas"],
        indicator=values.get("indicator", ""),
        limits=values.get("limits", ""),
    )
    strength.created_at = sample.moment(-60)
    sample.strengths[values["key"]] = strength


def _choose(sample: "Sample", values: dict[str, Any], closed: Round) -> None:
    maria = sample.people["maria"]
    if key := values.get("from"):
        found = QuestionSet.from_json(closed.questions).find(key)
        assert found is not None
        area, question = found
        need = service.create_need(maria, title=question.title, area=area.key, round_=closed, indicator=key)
    else:
        need = service.create_need(
            maria, title=values["title"], area=values.get("area", ""), stated_gap=values["gap"]
        )
    need.details = values.get("details", "")
    need.created_at = sample.moment(-21)
    sample.needs[values["key"]] = need
    _rate(sample, need, values)
    if reason := values.get("closed"):
        need_changes.close_need(maria, need, need.version, reason)


def _rate(sample: "Sample", need: Need, values: dict[str, Any]) -> None:
    if "importance" not in values:
        return
    day = sample.day(-20)
    assert day is not None
    service.rate(
        need, values["importance"], values["feasibility"], RatingSource.HAND, day, sample.people["maria"]
    )
