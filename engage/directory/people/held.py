"""Finds everything that a person is responsible for, and gives parts of it to others."""

from collections.abc import Callable, Collection, Sequence

from flask import url_for
from msgspec import Struct

from engage.checklist import queries as checklist
from engage.checklist import service as checklist_service
from engage.coalitions.about import queries as about_queries
from engage.coalitions.about import service as about_service
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.content import loader
from engage.directory.groups import queries as groups_queries
from engage.directory.groups import service as groups_service
from engage.documents import queries as documents
from engage.documents import service as documents_service
from engage.i18n import gettext as _
from engage.meetings.agenda import service as agenda_service
from engage.meetings.decisions import service as decisions_service
from engage.partners import held as held_queries
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.list import agreements_named
from engage.partners.labels import PLACE_LABELS
from engage.plan.actions import service as actions_service
from engage.plan.actions.queries import origins
from engage.strengths.matches import service as matches_service
from engage.toolkit import queries as toolkit
from engage.toolkit import service as toolkit_service

# The kinds of things, each with its service. That gives those of the things with these ids that the first
# person holds to the second, and returns how many it gave; the third person is who hands over.
HAND_OVER: dict[str, Callable[[Membership, Membership, Membership, Collection[int]], int]] = {
    "group": groups_service.hand_over,
    "position": about_service.hand_over,
    "tip": checklist_service.hand_over,
    "action": actions_service.hand_over,
    "reading": toolkit_service.hand_over,
    "decision": decisions_service.hand_over,
    "agenda": agenda_service.hand_over,
    "agreement": agreements_service.hand_over,
    "recruitment": held_queries.hand_over_recruitments,
    "match": matches_service.hand_over,
    "place": held_queries.hand_over_places,
    "document": documents_service.hand_over,
}


class HeldThing(Struct, frozen=True):
    """One thing that a person is responsible for.

    `kind` is a key of HAND_OVER, and `what` the same in words. Only people of `organization_id` can take it over,
    if there is one.
    """

    kind: str
    id: int
    what: str
    title: str
    url: str
    organization_id: int | None = None

    @property
    def name(self) -> str:
        """Returns the name of its field in a form."""
        return f"{self.kind}_{self.id}"

    @property
    def words(self) -> str:
        return _("%(what)s: %(title)s", what=self.what, title=self.title)


def held_by(person: Membership) -> list[HeldThing]:
    """Returns everything that someone else has to take over, in a number of queries that does not grow."""
    return [*_in_the_coalition(person), *_in_meetings(person), *_with_partners(person)]


def _in_the_coalition(person: Membership) -> list[HeldThing]:
    return [
        *(
            HeldThing(
                "group",
                each.id,
                _("Leads the group"),
                each.name,
                url_for("coalitions.group", group_id=each.id),
            )
            for each in groups_queries.groups_led_by(person)
        ),
        *(
            HeldThing("position", each.id, _("Position"), each.title, url_for("coalitions.about_us"))
            for each in about_queries.positions_held_by(person)
        ),
        *(
            HeldThing("tip", each.id, _("Tip"), each.text, url_for("checklist.item", key=each.key))
            for each in checklist.items_held_by(person)
        ),
        *(
            HeldThing(
                "action",
                each.id,
                _("Action %(number)s", number=each.number),
                each.title,
                url_for("plan.action", number=each.number),
            )
            for each in origins.actions_held_by(person)
        ),
        *(
            HeldThing("reading", each.id, _("To read"), each.name, url_for("toolkit.section", key=each.key))
            for each in toolkit.reading_of(person)
        ),
    ]


def _in_meetings(person: Membership) -> list[HeldThing]:
    return [
        *(
            HeldThing(
                "decision",
                each.id,
                _("Decision %(number)s", number=each.number),
                each.text,
                url_for("meetings.decision", number=each.number),
            )
            for each in decisions_service.held_by(person)
        ),
        *(
            HeldThing(
                "agenda",
                each.id,
                _("Agenda item"),
                each.title,
                url_for("meetings.meeting", meeting_id=each.meeting_id),
            )
            for each in agenda_service.led_by(person)
        ),
        *(
            HeldThing(
                "document",
                each.id,
                _("Document"),
                each.title,
                url_for("documents.document", document_id=each.id),
            )
            for each in documents.kept_by(person)
        ),
    ]


def _with_partners(person: Membership) -> list[HeldThing]:
    agreements = {each.number: each.id for each in agreements_service.agreements_held_by(person)}
    sectors = {each.key: each.name for each in loader.content().sectors}
    areas = {each.key: each.name for each in loader.content().areas}
    return [
        *(
            HeldThing(
                "agreement",
                agreements[each.number],
                _("Agreement %(number)s", number=each.number),
                each.name,
                url_for("partners.agreement", number=each.number),
            )
            for each in agreements_named(person, agreements.values())
        ),
        *(
            HeldThing(
                "recruitment",
                each.id,
                _("Sector to recruit"),
                ", ".join(filter(None, (sectors.get(each.sector), areas.get(each.area), each.whom))),
                url_for("partners.recruitment", recruitment_id=each.id),
            )
            for each in held_queries.recruitments_held_by(person)
        ),
        *(
            HeldThing(
                "match",
                each.id,
                _("Still to ask for need %(number)s", number=each.number),
                each.title,
                url_for("strengths.match", match_id=each.id),
            )
            for each in matches_service.matches_waiting_for(person)
        ),
        *(
            HeldThing(
                "place",
                each.id,
                str(PLACE_LABELS[each.place]),
                each.organization,
                url_for("partners.organization", organization_id=each.organization_id),
                each.organization_id,
            )
            for each in held_queries.places_held_by(person)
        ),
    ]


def hand_over(from_: Membership, to: Membership, actor: Membership, things: Sequence[HeldThing]) -> int:
    """Gives these things of `from_` to another person, and records it. Returns how many were given.

    Places as an organization's contact stay unless `to` comes from there.
    """
    given = 0
    for kind, give in HAND_OVER.items():
        if ids := {each.id for each in things if each.kind == kind}:
            given += give(from_, to, actor, ids)
    if given:
        audit_service.record(actor, AuditEvent.HANDED_OVER, from_, number=to.id)
    return given
