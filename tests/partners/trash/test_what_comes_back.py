"""What comes back to an organization changes what is computed from it."""

from datetime import date

from engage.coalitions.trash import service as trash_service
from engage.extensions import db
from engage.partners.conversations import service as conversations_service
from engage.partners.models import Conversation, Organization
from tests import rows
from tests.client import EngageClient
from tests.factories import make_organization

HERE = "/c/riverbend/"


def test_the_relationships_level_follows_a_conversation_out_and_back(coordinator: EngageClient) -> None:
    me, organization = coordinator.membership, make_organization()
    values = {"organization_id": organization.id, "happened_on": date(2026, 11, 3), "level": 3}
    key = rows.insert(db.metadata.tables["partners_conversation"], values, coalition=me.coalition_id)
    conversations_service.follow_level(me, organization)
    talk = db.session.get_one(Conversation, key)
    copy_id = conversations_service.delete(me, organization, talk).id
    db.session.commit()
    assert db.session.get_one(Organization, organization.id).level is None

    assert coordinator.send(f"{HERE}settings/trash/{copy_id}/restore").status == 303

    assert db.session.get_one(Organization, organization.id).level == 3


def test_an_organization_that_came_back_is_found_by_its_services(coordinator: EngageClient) -> None:
    me, organization = coordinator.membership, make_organization(name="Blue Heron")
    tag = {"organization_id": organization.id, "kind": "service", "value": "Shelter", "sort_key": "shelter"}
    rows.insert(db.metadata.tables["partners_organization_tag"], tag, coalition=me.coalition_id)
    copy_id = trash_service.put(me, organization).id
    db.session.commit()

    assert coordinator.send(f"{HERE}settings/trash/{copy_id}/restore").status == 303

    assert coordinator.page(f"{HERE}partners/?q=shelter").has("Blue Heron")
