"""Tests which people other features may offer as owners."""

from datetime import UTC, datetime

from flask import Flask

from engage import clock
from engage.coalitions import queries
from tests.factories import make_coalition, make_membership


def test_the_choices_of_people_are_the_active_ones_of_the_coalition_by_name(app: Flask) -> None:
    zoe = make_membership(name="zoe")
    without_account = make_membership(name="Ángel", user=None)
    make_membership(name="Open", approved_at=None)
    make_membership(name="Disabled", disabled_at=clock.now())
    make_membership(name="Left", left_on=clock.today("America/Chicago"))
    make_membership(name="Elsewhere", coalition=make_coalition())
    assert queries.people_choices(zoe) == [(without_account.id, "Ángel"), (zoe.id, "zoe")]


def test_who_is_chosen_already_stays_a_choice_after_leaving_and_no_one_else_does(app: Flask) -> None:
    here = make_membership(name="Dan")
    zoe, ann, _other = (
        make_membership(name=name, left_on=clock.today("America/Chicago")) for name in ("Zoe", "Ann", "Other")
    )
    elsewhere = make_membership(name="Elsewhere", coalition=make_coalition())
    assert queries.people_choices(here, zoe.id, here.id, None, elsewhere.id, ann.id) == [
        (here.id, "Dan"),
        (ann.id, "Ann"),
        (zoe.id, "Zoe"),
    ]
    assert (queries.name_of(here, zoe.id), queries.name_of(here, None)) == ("Zoe", "")
    assert queries.name_of(here, elsewhere.id) == ""


def test_people_of_one_name_are_told_apart_by_what_the_coalition_may_know(app: Flask) -> None:
    evening = datetime(2025, 5, 5, 2, tzinfo=UTC)  # it is still the day before in Chicago
    shown = make_membership(name="Dan Reyes", email="dan@clinic.example", shows_email=True)
    hidden = make_membership(name="dan reyes", email="other@clinic.example", joined_at=evening)
    twin = make_membership(name="Dan Reyes", joined_at=evening)
    alone = make_membership(name="Dana Reyes")
    assert queries.people_choices(alone) == [
        (shown.id, "Dan Reyes (dan@clinic.example)"),
        (hidden.id, "dan reyes (member since May 4, 2025)"),
        (twin.id, "Dan Reyes (member since May 4, 2025) 2"),
        (alone.id, "Dana Reyes"),
    ]
