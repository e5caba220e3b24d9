"""Who sees which document: on its own, of a group, of a thing, and after its group is gone."""

import pytest
import sqlalchemy as sa

from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.rules import GroupKind, Role
from engage.coalitions.trash import restoring
from engage.directory.groups import service as groups_service
from engage.documents import queries, service
from engage.documents.models import DocumentUse
from engage.documents.rules import Readers, TargetKind
from engage.extensions import db
from tests.factories import make_coalition, make_document, make_membership, make_organization, saved


def make_group(*people: Membership, name: str = "Housing") -> Group:
    """Makes a workgroup of these people."""
    coalition_id = people[0].coalition_id
    made = saved(
        Group(coalition_id=coalition_id, kind=GroupKind.WORKGROUP, name=name, sort_key=name.casefold())
    )
    for each in people:
        saved(GroupMember(coalition_id=coalition_id, group_id=made.id, membership_id=each.id))
    return made


def titles(membership: Membership) -> list[str]:
    return [each.title for each in queries.documents(membership)]


@pytest.fixture
def people(app: object) -> dict[str, Membership]:
    return {
        "coordinator": make_membership(role=Role.COORDINATOR),
        "owner": make_membership(),
        "in the group": make_membership(),
        "member": make_membership(),
        "viewer": make_membership(role=Role.VIEWER),
        "viewer in the group": make_membership(role=Role.VIEWER),
    }


@pytest.mark.parametrize(
    ("readers", "seen"),
    [
        (Readers.EVERYONE, {"in the group", "member", "viewer", "viewer in the group"}),
        (Readers.MEMBERS, {"in the group", "member"}),
        (Readers.GROUP, {"in the group"}),
        (Readers.COORDINATORS, set()),
    ],
)
def test_coordinators_and_the_owner_see_it_and_whoever_it_is_for(
    people: dict[str, Membership], readers: Readers, seen: set[str]
) -> None:
    group = make_group(people["in the group"], people["viewer in the group"])
    row = make_document(people["owner"], readers=readers, group_id=group.id, owner_id=people["owner"].id)
    sees = {name for name, person in people.items() if titles(person)}
    assert sees == seen | {"coordinator", "owner"}
    assert sees == {name for name, person in people.items() if queries.document_of(person, row.id)}
    assert sees == {name for name, person in people.items() if queries.documents_of_group(person, group.id)}


def test_another_coalitions_coordinator_sees_nothing(people: dict[str, Membership]) -> None:
    row = make_document(people["owner"])
    outside = make_membership(coalition=make_coalition(), role=Role.COORDINATOR)
    assert (titles(outside), queries.document_of(outside, row.id)) == ([], None)


def test_a_document_of_a_deleted_group_stays_with_coordinators_and_comes_back_with_the_group(
    people: dict[str, Membership],
) -> None:
    """Without the group no one else comes to see it: not everyone, and not who was in it."""
    group = make_group(people["in the group"])
    row = make_document(people["owner"], readers=Readers.GROUP, group_id=group.id)
    copy = groups_service.delete(group, people["coordinator"])
    db.session.commit()
    assert {name for name, person in people.items() if titles(person)} == {"coordinator"}
    assert queries.documents(people["coordinator"])[0].group == ""
    restoring.restore(people["coordinator"], db.session.merge(copy))
    db.session.commit()
    db.session.refresh(row)
    assert row.group_id is not None
    assert titles(people["in the group"]) == ["Charter"]


def test_documents_of_things_are_read_by_what_each_is_for(people: dict[str, Membership]) -> None:
    library, school = make_organization(), make_organization()
    row, other = make_document(people["owner"]), make_document(people["owner"], "Flyer")
    for document, organization in ((row, library), (other, library), (other, school), (other, school)):
        service.link_to(document, TargetKind.ORGANIZATION, organization.id)
    db.session.commit()
    of = {
        place.name: [
            each.title for each in queries.documents_of(people["member"], TargetKind.ORGANIZATION, place.id)
        ]
        for place in (library, school)
    }
    assert of == {library.name: ["Charter", "Flyer"], school.name: ["Flyer"]}
    assert queries.documents_of(people["member"], TargetKind.MEETING, library.id) == []
    service.unlink(other, TargetKind.ORGANIZATION, library.id)
    db.session.commit()
    assert [
        each.title for each in queries.documents_of(people["member"], TargetKind.ORGANIZATION, library.id)
    ] == ["Charter"]


def test_a_document_comes_back_with_what_it_was_for_but_not_with_what_is_gone(
    people: dict[str, Membership],
) -> None:
    library, school = make_organization(), make_organization()
    row = make_document(people["owner"])
    for organization in (library, school):
        service.link_to(row, TargetKind.ORGANIZATION, organization.id)
    copy = service.delete(row, people["owner"])
    db.session.commit()
    assert db.session.scalars(sa.select(DocumentUse)).all() == []
    db.session.delete(db.session.merge(school))
    db.session.commit()
    restored = restoring.restore(people["owner"], db.session.merge(copy))
    db.session.commit()
    assert [use.organization_id for use in db.session.scalars(sa.select(DocumentUse))] == [library.id]
    assert restored.notes == ["Deleted in the meantime and left out: the organization."]


def test_what_a_person_keeps_is_handed_over(people: dict[str, Membership]) -> None:
    row = make_document(people["owner"], readers=Readers.COORDINATORS, owner_id=people["owner"].id)
    assert service.hand_over(people["owner"], people["member"], people["coordinator"], [row.id]) == 1
    db.session.commit()
    db.session.refresh(row)
    assert (row.owner_id, row.version) == (people["member"].id, 2)
    assert [titles(people["owner"]), titles(people["member"])] == [[], ["Charter"]]
