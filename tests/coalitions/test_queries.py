"""Tests which people other features may offer as owners."""

from flask import Flask

from engage import clock
from engage.coalitions import queries
from tests.factories import make_coalition, make_membership


def test_the_choices_of_people_are_the_active_ones_of_the_coalition_by_name(app: Flask) -> None:
    zoe = make_membership(name="zoe")
    without_account = make_membership(name="Ángel", user=None)
    make_membership(name="Waiting", approved_at=None)
    make_membership(name="Disabled", disabled_at=clock.now())
    make_membership(name="Left", left_on=clock.today("America/Chicago"))
    make_membership(name="Elsewhere", coalition=make_coalition())
    assert queries.people_choices(zoe) == [(without_account.id, "Ángel"), (zoe.id, "zoe")]
