"""Opens an event for which strangers sign up, and makes their requests."""

from datetime import timedelta

import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Coalition, Membership
from engage.extensions import db
from engage.plan.activities import service
from engage.plan.activities.rules import ActivityKind, ActivityState
from engage.plan.signups import queries
from engage.plan.signups import service as signups_service

# More and more people who sign up for one event wait in its line.
PLACES = 50


def open_event(made: Coalition) -> str:
    """Opens an event of the coalition, with a limit, and returns the path of its page."""
    person = db.session.scalars(sa.select(Membership).where(Membership.coalition_id == made.id)).first()
    assert person is not None
    event = service.log(
        person,
        {
            "kind": ActivityKind.TRAINING,
            "state": ActivityState.PLANNED,
            "title": "Training for school nurses",
            "happened_on": clock.today() + timedelta(days=30),
        },
    )
    page = signups_service.open_page(person, event, PLACES)
    return f"/events/{queries.public_token(page)}"
