"""A name is kept as it is written, and its sort key fits its column: PostgreSQL refuses a longer one."""

from typing import Any

import pytest
import sqlalchemy as sa

from engage.database import Base
from engage.extensions import db
from tests.client import EngageClient
from tests.factories import make_membership, make_organization

C = "/c/riverbend/"
# Folding makes five letters of each pair.
LONG = "ß…" * 60
ORGANIZATION = {"name": LONG, "sector": "nonprofit", "services": LONG}
# Where a row of each table with a sort key is added, and where it is changed.
FORMS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "assessment_effort": [
        ("assessment/efforts/new", {"area": "prevention", "who": LONG, "what": "Meals"}),
        (
            "assessment/efforts/{made}",
            {"area": "prevention", "who": LONG + "!", "what": "Meals", "version": "1"},
        ),
    ],
    "coalitions_group": [
        ("people/groups/new", {"kind": "workgroup", "name": LONG, "lead": "0"}),
        ("people/groups/{made}/edit", {"kind": "workgroup", "name": LONG[1:], "lead": "0", "version": "1"}),
    ],
    "coalitions_membership": [
        ("people/add", {"name": LONG}),
        ("people/{person}/details", {"name": LONG[1:]}),
    ],
    "partners_contact": [
        ("partners/{organization}/contacts/new", {"name": LONG, "place": "main", "membership_id": "0"}),
        (
            "partners/contacts/{made}/edit",
            {"name": LONG[1:], "place": "main", "membership_id": "0", "version": "2"},
        ),
    ],
    "partners_organization": [
        ("partners/new", ORGANIZATION),
        ("partners/{organization}/edit", {**ORGANIZATION, "name": "ﬃ" * 120, "version": "1"}),
    ],
    "partners_organization_tag": [("partners/new", ORGANIZATION)],
}


def test_every_table_with_a_sort_key_is_tried(coordinator: EngageClient) -> None:
    assert sorted(FORMS) == sorted(
        table.name for table in Base.metadata.sorted_tables if "sort_key" in table.c
    )


@pytest.mark.parametrize("name", FORMS)
def test_a_name_that_folding_makes_longer_is_saved(name: str, coordinator: EngageClient) -> None:
    there = {"organization": make_organization().id, "person": make_membership(user=None).id}
    columns = Base.metadata.tables[name].c
    key = columns.sort_key
    for address, fields in FORMS[name]:
        there["made"] = db.session.scalar(sa.select(sa.func.max(columns.get("id", key))))
        page = coordinator.send(C + address.format(**there), **fields)
        assert page.status == 303, page.errors
        assert max(len(each) for each in db.session.scalars(sa.select(key))) == key.type.length
