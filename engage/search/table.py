"""Lists the searched tables: who may see a row, and its link. Each column declares how it is searched.

A new kind of text needs one entry here, from which triggers (`index`) and the statement (`queries`) are made.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import url_for

from engage.checklist.models import Item
from engage.coalitions import queries as coalitions
from engage.coalitions.announcements import queries as announcements_queries
from engage.coalitions.announcements.models import Announcement
from engage.coalitions.models import Group, Membership
from engage.coalitions.permissions import Permission, may
from engage.database import along
from engage.documents import queries as documents_queries
from engage.documents.models import Document
from engage.i18n import lazy_gettext as _l
from engage.meetings.agenda import labels as agenda_labels
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.partners.agreements.models import Agreement
from engage.partners.models import Contact, Conversation, Organization, OrganizationTag, Service
from engage.partners.rules import TagKind
from engage.plan import labels as plan_labels
from engage.plan.activities.models import Activity
from engage.plan.models import Action, Goal, Objective, Plan, Update
from engage.search.rules import SearchKind
from engage.search.sources import RowLink, Source
from engage.strengths.models import Need, Strength
from engage.toolkit import labels as toolkit_labels
from engage.toolkit import note_queries
from engage.toolkit.models import Note, NoteReply, Section


def _at(endpoint: str, name: str, anchor: str = "") -> Callable[[RowLink], str]:
    """Returns a function that makes the link of a row from the value of `Source.at`."""
    return lambda place: _url(endpoint, name, place.at, anchor)


def _by_id(endpoint: str, name: str) -> Callable[[RowLink], str]:
    return lambda place: _url(endpoint, name, place.id)


def _url(endpoint: str, name: str, value: int | str, anchor: str = "") -> str:
    values: dict[str, Any] = {name: value, "_anchor": anchor or None}
    return url_for(endpoint, **values)


def _of_organization(anchor: str) -> Callable[[RowLink], str]:
    return _at("partners.organization", "organization_id", anchor)


_TAGS = (
    sa.select(sa.func.aggregate_strings(OrganizationTag.value, " · "))
    .where(
        OrganizationTag.coalition_id == Organization.coalition_id,
        OrganizationTag.organization_id == Organization.id,
        OrganizationTag.kind.in_([TagKind.SERVICE, TagKind.COUNTY]),
    )
    .correlate(Organization)
    .scalar_subquery()
)

# Plans that were carried over have goals, objectives and actions of the same titles: each names its plan.
_PLAN_OF_OBJECTIVE = (
    sa.select(Plan.title)
    .join(Goal, along(Goal.plan_id, Plan))
    .where(along(Objective.goal_id, Goal))
    .correlate(Objective)
    .scalar_subquery()
)

SOURCES: tuple[Source, ...] = (
    Source(
        1,
        SearchKind.PEOPLE,
        _l("Member"),
        Membership,
        _by_id("coalitions.person", "person_id"),
        seen=lambda _reader: sa.and_(*coalitions.active()),
    ),
    Source(
        2,
        SearchKind.PEOPLE,
        _l("Contact"),
        Contact,
        _of_organization("partners-contacts"),
        parent=Contact.organization_id,
        of=Organization,
        at=(Contact.organization_id,),
    ),
    Source(
        3,
        SearchKind.PEOPLE,
        _l("Group"),
        Group,
        _by_id("coalitions.group", "group_id"),
    ),
    Source(
        4,
        SearchKind.ORGANIZATIONS,
        _l("Organization"),
        Organization,
        _by_id("partners.organization", "organization_id"),
        shown=(_TAGS,),
        permission=Permission.SEE,
    ),
    Source(
        5,
        SearchKind.ORGANIZATIONS,
        _l("Conversation"),
        Conversation,
        _of_organization("partners-conversations"),
        parent=Conversation.organization_id,
        of=Organization,
        at=(Conversation.organization_id,),
    ),
    Source(
        6,
        SearchKind.AGREEMENTS,
        _l("Agreement"),
        Agreement,
        _at("partners.agreement", "number"),
        parent=Agreement.organization_id,
        of=Organization,
        at=(Agreement.number,),
    ),
    Source(
        7,
        SearchKind.MEETINGS,
        _l("Meeting"),
        Meeting,
        _by_id("meetings.meeting", "meeting_id"),
    ),
    Source(
        8,
        SearchKind.MEETINGS,
        _l("Agenda and minutes"),
        AgendaItem,
        _at("meetings.meeting", "meeting_id"),
        parent=AgendaItem.meeting_id,
        of=Meeting,
        at=(AgendaItem.meeting_id, AgendaItem.about),
        said=lambda place, title: agenda_labels.said(place.and_at, title),
    ),
    Source(
        9,
        SearchKind.DECISIONS,
        _l("Decision"),
        Decision,
        _at("meetings.decision", "number"),
        parent=Decision.meeting_id,
        of=Meeting,
        at=(Decision.number,),
    ),
    Source(
        23,
        SearchKind.GOALS,
        _l("Plan"),
        Plan,
        _by_id("plan.index", "plan"),
        permission=Permission.SEE,
    ),
    Source(
        10,
        SearchKind.GOALS,
        _l("Goal"),
        Goal,
        _by_id("plan.goal", "goal_id"),
        parent=Goal.plan_id,
        of=Plan,
        permission=Permission.SEE,
    ),
    Source(
        11,
        SearchKind.GOALS,
        _l("Objective"),
        Objective,
        _by_id("plan.objective", "objective_id"),
        above=_PLAN_OF_OBJECTIVE,
        permission=Permission.SEE,
    ),
    Source(
        12,
        SearchKind.ACTIONS,
        _l("Action"),
        Action,
        _at("plan.action", "number"),
        parent=Action.plan_id,
        of=Plan,
        at=(Action.number,),
        said=lambda _place, title: plan_labels.title_as_read(title),
        permission=Permission.SEE,
    ),
    Source(
        13,
        SearchKind.ACTIONS,
        _l("Update"),
        Update,
        _at("plan.action", "number"),
        parent=Update.action_id,
        of=Action,
        at=(Action.number,),
    ),
    Source(
        14,
        SearchKind.ACTIVITIES,
        _l("Activity"),
        Activity,
        _by_id("plan.activity", "activity_id"),
    ),
    Source(
        15,
        SearchKind.NEEDS,
        _l("Need"),
        Need,
        _at("strengths.need", "number"),
        at=(Need.number,),
    ),
    Source(
        16,
        SearchKind.STRENGTHS,
        _l("Strength"),
        Strength,
        _by_id("strengths.strength", "strength_id"),
    ),
    Source(
        17,
        SearchKind.NOTES,
        _l("Note"),
        Note,
        lambda place: toolkit_labels.place_url(place.at, place.and_at, place.id),
        parent=Note.section_id,
        of=Section,
        at=(Note.area, Section.key),
        seen=note_queries.seen_by,
    ),
    Source(
        18,
        SearchKind.NOTES,
        _l("Reply"),
        NoteReply,
        lambda place: url_for("toolkit.notes"),
        parent=NoteReply.note_id,
        of=Note,
        seen=note_queries.seen_by,
    ),
    Source(
        19,
        SearchKind.TIPS,
        _l("Note on a tip"),
        Item,
        _at("checklist.item", "key"),
        at=(Item.key,),
    ),
    Source(
        20,
        SearchKind.DOCUMENTS,
        _l("Document"),
        Document,
        _by_id("documents.document", "document_id"),
        permission=Permission.SEE,
        seen=documents_queries.seen_by,
    ),
    Source(
        21,
        SearchKind.SERVICES,
        _l("Service"),
        Service,
        _by_id("partners.service", "service_id"),
        parent=Service.organization_id,
        of=Organization,
        permission=Permission.SEE,
        # People outside the coalition's members see a service only after its organization agreed.
        seen=lambda reader: (
            sa.true() if may(reader.role, Permission.SEE_ALL) else Service.agreed_on.is_not(None)
        ),
    ),
    Source(
        22,
        SearchKind.ANNOUNCEMENTS,
        _l("Announcement"),
        Announcement,
        lambda place: url_for("announcements.index", _anchor=f"announcements-{place.id}"),
        permission=Permission.SEE,
        seen=announcements_queries.seen_by,
    ),
)
