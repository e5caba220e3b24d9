"""The sample coalition's directory: what organizations do, their contacts and conversations."""

from typing import TYPE_CHECKING, Any

from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.extensions import db
from engage.partners import agreement_changes, contacts, conversations, organizations
from engage.partners.coverage_rules import SeatOutcome
from engage.partners.models import Organization, Seat
from engage.partners.rules import AgreementKind, AgreementState, ContactPlace, TagKind

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_partners(sample: "Sample") -> None:
    """The members' organizations get what a directory says of them; two that nobody comes from are added."""
    for key, values in sample.source["partners"].items():
        organization = sample.organizations.get(key) or _new(sample, key, values)
        _describe(sample, organization, values)
        for contact in values.get("contacts", ()):
            _contact(sample, organization, contact)
        for talk in values.get("talks", ()):
            _talk(sample, organization, talk)
        organization.verified_on = sample.day(values["looked"])
        organization.verified_by_id = sample.people["maria"].id
    db.session.flush()


def add_agreements(sample: "Sample") -> None:
    """What is signed, on its way and running out."""
    maria = sample.people["maria"]
    for values in sample.source["agreements"]:
        since = sample.day(values["since"])
        assert since is not None
        agreement_changes.create_agreement(
            maria,
            organization_id=sample.organizations[values["of"]].id,
            kind=AgreementKind(values["kind"]),
            state=AgreementState(values["state"]),
            since=since,
            title=values["title"],
            owner_id=sample.people[values["owner"]].id,
            ends_on=sample.day(values.get("ends")),
            notice_on=sample.day(values.get("notice")),
            review_on=sample.day(values.get("review")),
            we_promised=values["we"],
            they_promised=values["they"],
            named_by=values.get("named", ""),
            named_on=sample.day(values.get("named_on")),
        )


def add_seats(sample: "Sample") -> None:
    """Open ones, one of them late, and what came of two earlier ones."""
    for values in sample.source["seats"]:
        asked, taken_by = values.get("organization"), values.get("taken_by")
        inviter, closed_on = values.get("inviter"), sample.day(values.get("closed"))
        outcome = SeatOutcome.TAKEN if taken_by else SeatOutcome.GIVEN_UP
        sample.add(
            Seat,
            sector=content().sector(values["sector"]).key,
            area=values.get("area", ""),
            organization_id=sample.organizations[asked].id if asked else None,
            whom=values.get("whom", ""),
            inviter_id=sample.people[inviter].id if inviter else None,
            ask_by=sample.day(values.get("ask_by")),
            created_at=sample.moment(values["opened"]),
            created_by_id=sample.people["maria"].id,
            closed_on=closed_on,
            outcome=outcome if closed_on is not None else None,
            taken_by_id=sample.organizations[taken_by].id if taken_by else None,
            note=values.get("note", ""),
        )


def _new(sample: "Sample", key: str, values: dict[str, Any]) -> Organization:
    maria = sample.people["maria"]
    made = sample.organizations[key] = organizations.add(
        maria, {"name": values["name"], "sector": values["sector"], **_EMPTY}, {}
    )
    made.created_at = sample.moment(-200)
    return made


_EMPTY = {"about": "", "website": "", "phone": "", "email": ""}


def _describe(sample: "Sample", organization: Organization, values: dict[str, Any]) -> None:
    fields = {"name": organization.name, "sector": organization.sector}
    fields |= {name: values.get(name, "") for name in _EMPTY}
    known = {each.key for each in content().person_disciplines()} | {each.key for each in content().areas}
    assert known.issuperset([*values.get("disciplines", ()), *values.get("areas", ())])
    tags = {kind: values.get(name, ()) for name, kind in _KINDS.items()}
    organizations.edit(sample.people["maria"], organization, organization.version, fields, tags)


_KINDS = {
    "disciplines": TagKind.DISCIPLINE,
    "areas": TagKind.AREA,
    "services": TagKind.SERVICE,
    "serves": TagKind.SERVES,
    "counties": TagKind.COUNTY,
    "languages": TagKind.LANGUAGE,
}


def _contact(sample: "Sample", organization: Organization, values: dict[str, Any]) -> None:
    person: Membership | None = sample.people.get(values.get("member", ""))
    fields = {
        "name": person.name if person is not None else values["name"],
        "job": values.get("job", ""),
        "place": ContactPlace(values["place"]),
        "may_commit": values.get("may_commit"),
        "membership_id": person.id if person is not None else None,
        "email": values.get("email", ""),
        "phone": values.get("phone", ""),
    }
    contacts.add(sample.people["maria"], organization, fields)


def _talk(sample: "Sample", organization: Organization, values: dict[str, Any]) -> None:
    first = next(iter(contacts.contact_choices(organization)), (None, ""))
    fields = {
        "happened_on": sample.day(values["day"]),
        "contact_id": None if "whom" in values else first[0],
        "with_whom": values.get("whom", ""),
        "note": values["note"],
        "level": values.get("level"),
    }
    conversations.log(sample.people[values["by"]], organization, fields)
