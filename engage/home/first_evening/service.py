"""Puts the first evening away, and brings it back."""

from engage.coalitions.models import Membership


def set_over(membership: Membership, *, over: bool) -> None:
    """Says whether home has stopped showing the first evening to this coalition."""
    membership.coalition.first_evening_over = over
