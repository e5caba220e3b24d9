"""Organizations, and where people come from."""

from flask import Flask

from engage.partners import queries as partners_queries
from tests.factories import make_affiliation, make_coalition, make_membership, make_organization


def test_the_choices_of_organizations_are_the_coalitions_own_by_name(app: Flask) -> None:
    member = make_membership()
    shelter = make_organization(name="shelter")
    academy = make_organization(name="Académie")
    make_organization(name="Elsewhere", coalition=make_coalition())
    assert partners_queries.organization_choices(member) == [
        (academy.id, "Académie"),
        (shelter.id, "shelter"),
    ]


def test_a_persons_sector_is_the_organizations_or_their_own_or_unknown(app: Flask) -> None:
    nurse, neighbor, unknown = make_membership(), make_membership(), make_membership()
    make_affiliation(nurse, make_organization(name="Hospital", sector="health"))
    make_affiliation(neighbor)
    sectors = [partners_queries.sector_of(person.id) for person in (nurse, neighbor, unknown)]
    assert sectors == ["health", "residents", None]
    assert partners_queries.organization_names(neighbor) == {nurse.id: "Hospital"}
