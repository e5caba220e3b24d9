"""Dismisses the first evening, or shows it again."""

from engage.coalitions.models import Membership


def set_over(membership: Membership, *, over: bool) -> None:
    """Sets whether Home no longer shows the first evening to this coalition."""
    membership.coalition.first_evening_over = over
