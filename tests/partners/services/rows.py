"""Services of the referral list, as the tests make them."""

from datetime import date
from typing import Any

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.partners.models import Organization, Service
from engage.partners.rules import Help
from engage.partners.services import service

SERVICES = "/c/riverbend/partners/services/"
FILLED = {
    "kind": "shelter",
    "title": "Emergency beds",
    "phone": "740-555-0100",
    "refer": "Call at any hour. An advocate calls back.",
    "for_whom": "Parents with children",
    "ages": "18 and older",
    "genders": "Women",
    "languages": "English, Spanish",
    "counties": "Lake, Riverbend",
    "hours": "Day and night",
    "cost": "Free",
    "eligibility": "They ask for no papers.",
    "agreed_on": "2026-03-01",
    "agreed_by": "The program director",
}


def make_service(by: Membership, organization: Organization, **values: Any) -> Service:
    """Adds a listed service; `checked_on` as it is given."""
    texts = {name: "" for name in FILLED if name not in {"kind", "agreed_on"}}
    given: dict[str, Any] = {
        **texts,
        "kind": Help.SHELTER,
        "title": "Emergency beds",
        "phone": "740-555-0100",
        "agreed_on": date(2026, 3, 1),
        "agreed_by": "The program director",
        **values,
    }
    checked_on = given.pop("checked_on", None)
    made = service.add(by, organization, given)
    made.checked_on = checked_on or made.checked_on
    db.session.commit()
    return made
