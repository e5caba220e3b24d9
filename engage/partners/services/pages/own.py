"""Builds what an organization's page shows of its entries in the referral list."""

from datetime import date

from msgspec import Struct

from engage.database import folded
from engage.partners import queries as partners_queries
from engage.partners.models import Organization
from engage.partners.rules import TagKind
from engage.partners.services import queries
from engage.partners.services.pages.list import ServiceRow, row_of

OFFERS_MOST = 3


class OwnServices(Struct, frozen=True):
    """The rows, and `offers`: services in the organization's entry that no row has yet."""

    rows: list[ServiceRow]
    offers: list[str]


def own_services(organization: Organization, today: date, *, edits: bool) -> OwnServices:
    """Returns both; a reader who may not edit sees only listed services."""
    lines = queries.services_with(organization)
    if not edits:
        return OwnServices([row_of(each, today) for each in lines if each.service.agreed_on], [])
    there = {folded(each.service.title) for each in lines}
    named = partners_queries.tags_of(organization).get(TagKind.SERVICE, [])
    offers = [each for each in named if folded(each) not in there]
    return OwnServices([row_of(each, today) for each in lines], offers[:OFFERS_MOST])
