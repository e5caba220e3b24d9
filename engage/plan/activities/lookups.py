"""Finds an activity that the person may change or answers 404."""

from flask import abort, g

from engage.plan.activities import queries
from engage.plan.activities.models import Activity
from engage.plan.measures import queries as measures_queries


def own_activity_or_404(activity_id: int) -> Activity:
    """Returns an activity of this person, or any activity for a coordinator.

    Sign-ups hold contacts, so only they may see them.
    """
    activity = queries.activity_of(g.membership, activity_id)
    if activity is None or not measures_queries.may_change(g.membership, activity.created_by_id):
        abort(404)
    return activity
