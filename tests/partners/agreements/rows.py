"""Makes saved agreements."""

from datetime import date
from typing import Any

from engage import clock
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.models import Agreement
from engage.partners.models import Organization
from engage.partners.rules import AgreementKind, AgreementState
from tests.factories import make_organization

TODAY = clock.today("America/Chicago")


def make_agreement(
    by: Membership, organization: Organization | None = None, since: date = date(2026, 3, 1), **values: Any
) -> Agreement:
    """Makes an agreement recorded by this person, by default signed on the first of March 2026."""
    organization = organization or make_organization(name="Grace Church", coalition=by.coalition)
    values = {"kind": AgreementKind.MOU, "state": AgreementState.SIGNED, **values}
    made = agreements_service.create_agreement(by, organization_id=organization.id, since=since, **values)
    db.session.commit()
    return made
