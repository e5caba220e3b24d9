"""What tells where a place is, and how long a link is good."""

from datetime import date

import pytest

from engage.partners.services.rules import ends_on, says_where, split
from engage.personal_details import names_a_street


@pytest.mark.parametrize(
    "text",
    [
        "412 Main Street",
        "come to 412 main st, ring twice",
        "We are at 1200 N. High St",
        "77 old mill rd",
        "9 Cedar Court",
        "2210 State Route 7",
        "Upstairs, suite 204",
        "Columbus OH 43215",
        "on the corner of Oak and Third",
        "located behind the library",
        "https://maps.app.goo.gl/x1",
        "39.9612, -82.9988",
        "Calle Ocho 1450",
    ],
)
def test_a_text_that_says_where_a_place_is_is_seen(text: str) -> None:
    assert says_where(text) or names_a_street(text)


@pytest.mark.parametrize(
    "text",
    [
        "Call 740-555-0100, day and night",
        "12 beds, up to 30 days",
        "2 nights at St. Mary",
        "Rides within 50 miles, a 2 hour drive",
        "Open Monday to Friday, 9 to 5",
        "3 women in one room",
        "Ages 12 to 17, in Lake and Riverbend counties",
        "A safe place to stay, and a way out",
        "90 days of transitional housing for people who left a hotel on the street",
        "24 hour drive up window",
        "",
    ],
)
def test_what_only_says_what_a_service_is_passes(text: str) -> None:
    assert not (says_where(text) or names_a_street(text))


def test_a_link_is_good_for_a_year() -> None:
    assert ends_on(date(2026, 5, 3)) == date(2027, 5, 3)
    assert ends_on(date(2028, 2, 29)) == date(2029, 2, 28)


def test_several_values_stand_between_commas() -> None:
    assert split("Lake,  Riverbend ,, ") == ["Lake", "Riverbend"]
