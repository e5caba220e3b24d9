"""The sample coalition's public progress page, published, and its note for the next coordinator."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engage.extensions import db
from engage.partners.models import Agreement
from engage.plan.models import Goal, Measure
from engage.reports import handover_note, public_changes
from engage.reports.public_rules import Called, Chosen

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_public_page(sample: "Sample") -> None:
    """After the plan and the agreements."""
    maria, about = sample.people["maria"], sample.source["public"]
    goals = dict(db.session.execute(sa.select(Goal.title, Goal.id)).all())
    measures = dict(db.session.execute(sa.select(Measure.title, Measure.id)).all())
    named = sa.select(Agreement.id).where(Agreement.named_on.is_not(None), Agreement.unnamed_on.is_(None))
    chosen = Chosen(
        goals={goals[title]: Called(public, True) for title, public in about["goals"].items()},
        measures={
            measures[title]: Called(name, True, unit) for title, (name, unit) in about["measures"].items()
        },
        agreements=frozenset(db.session.scalars(named)),
    )
    public_changes.save(maria, 0, chosen)
    public_changes.publish(maria)
    handover_note.save(maria, 0, sample.source["handover"])
