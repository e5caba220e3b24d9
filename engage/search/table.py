"""Lists the searched tables: which columns, who may see a row, and its link.

A new kind of text needs one entry here, from which triggers (`index`) and the statement (`queries`) are made.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import lazy_gettext as _l

from engage.checklist.models import Item
from engage.coalitions import queries as coalitions
from engage.coalitions.models import Group, Membership
from engage.coalitions.permissions import Permission, may
from engage.documents import queries as documents_queries
from engage.documents.models import Document
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.messages.announcements import queries as announcements_queries
from engage.messages.announcements.models import Announcement
from engage.partners.agreements.models import Agreement
from engage.partners.models import Contact, Conversation, Organization, OrganizationTag, Service
from engage.partners.rules import TagKind
from engage.plan.activities.models import Activity
from engage.plan.models import Action, Goal, Objective, Update
from engage.search.rules import Kind
from engage.search.sources import Place, Source
from engage.strengths.models import Need, Strength
from engage.toolkit import note_queries
from engage.toolkit import words as toolkit_words
from engage.toolkit.models import Note, NoteReply, Section


def _at(endpoint: str, name: str, anchor: str = "") -> Callable[[Place], str]:
    """Makes a link with what `Source.at` says."""
    return lambda place: _url(endpoint, name, place.at, anchor)


def _by_id(endpoint: str, name: str) -> Callable[[Place], str]:
    return lambda place: _url(endpoint, name, place.id)


def _url(endpoint: str, name: str, value: int | str, anchor: str = "") -> str:
    values: dict[str, Any] = {name: value, "_anchor": anchor or None}
    return url_for(endpoint, **values)


def _of_organization(anchor: str) -> Callable[[Place], str]:
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

SOURCES: tuple[Source, ...] = (
    Source(
        1,
        Kind.PEOPLE,
        _l("Member"),
        Membership,
        _by_id("coalitions.person", "person_id"),
        title=Membership.name,
        seen=lambda _reader: sa.and_(*coalitions.active()),
    ),
    Source(
        2,
        Kind.PEOPLE,
        _l("Contact"),
        Contact,
        _of_organization("partners-contacts"),
        title=Contact.name,
        texts=(Contact.job,),
        parent=Contact.organization_id,
        of=Organization,
        parent_title=Organization.name,
        at=(Contact.organization_id,),
    ),
    Source(
        3,
        Kind.PEOPLE,
        _l("Group"),
        Group,
        _by_id("coalitions.group", "group_id"),
        title=Group.name,
        texts=(Group.purpose,),
    ),
    Source(
        4,
        Kind.ORGANIZATIONS,
        _l("Organization"),
        Organization,
        _by_id("partners.organization", "organization_id"),
        title=Organization.name,
        open=(Organization.about,),
        shown=(_TAGS,),
        derived=(Organization.search_key,),
        permission=Permission.SEE,
    ),
    Source(
        5,
        Kind.ORGANIZATIONS,
        _l("Conversation"),
        Conversation,
        _of_organization("partners-conversations"),
        texts=(Conversation.note, Conversation.with_whom),
        parent=Conversation.organization_id,
        of=Organization,
        parent_title=Organization.name,
        at=(Conversation.organization_id,),
    ),
    Source(
        6,
        Kind.AGREEMENTS,
        _l("Agreement"),
        Agreement,
        _at("partners.agreement", "number"),
        title=Agreement.title,
        texts=(Agreement.we_promised, Agreement.they_promised),
        parent=Agreement.organization_id,
        of=Organization,
        parent_title=Organization.name,
        at=(Agreement.number,),
    ),
    Source(
        7,
        Kind.MEETINGS,
        _l("Meeting"),
        Meeting,
        _by_id("meetings.meeting", "meeting_id"),
        title=Meeting.title,
        texts=(Meeting.about, Meeting.place),
    ),
    Source(
        8,
        Kind.MEETINGS,
        _l("Agenda and minutes"),
        AgendaItem,
        _at("meetings.meeting", "meeting_id"),
        title=AgendaItem.title,
        texts=(AgendaItem.notes, AgendaItem.output),
        parent=AgendaItem.meeting_id,
        of=Meeting,
        parent_title=Meeting.title,
        at=(AgendaItem.meeting_id,),
    ),
    Source(
        9,
        Kind.DECISIONS,
        _l("Decision"),
        Decision,
        _at("meetings.decision", "number"),
        title=Decision.text,
        parent=Decision.meeting_id,
        of=Meeting,
        parent_title=Meeting.title,
        at=(Decision.number,),
    ),
    Source(
        10,
        Kind.GOALS,
        _l("Goal"),
        Goal,
        _by_id("plan.goal", "goal_id"),
        title=Goal.title,
        open=(Goal.why,),
        permission=Permission.SEE,
    ),
    Source(
        11,
        Kind.GOALS,
        _l("Objective"),
        Objective,
        _by_id("plan.objective", "objective_id"),
        title=Objective.title,
        open=(Objective.measure,),
        permission=Permission.SEE,
    ),
    Source(
        12,
        Kind.ACTIONS,
        _l("Action"),
        Action,
        _at("plan.action", "number"),
        title=Action.title,
        texts=(
            Action.details,
            Action.reason,
            Action.resources_had,
            Action.resources_needed,
            Action.barriers,
            Action.inform,
        ),
        at=(Action.number,),
        permission=Permission.SEE,
    ),
    Source(
        13,
        Kind.ACTIONS,
        _l("Update"),
        Update,
        _at("plan.action", "number"),
        texts=(Update.text,),
        parent=Update.action_id,
        of=Action,
        parent_title=Action.title,
        at=(Action.number,),
    ),
    Source(
        14,
        Kind.ACTIVITIES,
        _l("Activity"),
        Activity,
        _by_id("plan.activity", "activity_id"),
        title=Activity.title,
        texts=(Activity.about, Activity.place, Activity.presenters, Activity.county),
    ),
    Source(
        15,
        Kind.NEEDS,
        _l("Need"),
        Need,
        _at("strengths.need", "number"),
        title=Need.title,
        texts=(Need.details, Need.closed_reason),
        at=(Need.number,),
    ),
    Source(
        16,
        Kind.STRENGTHS,
        _l("Strength"),
        Strength,
        _by_id("strengths.strength", "strength_id"),
        title=Strength.title,
        texts=(Strength.limits,),
    ),
    Source(
        17,
        Kind.NOTES,
        _l("Note"),
        Note,
        lambda place: toolkit_words.place_url(place.at, place.and_at, place.id),
        texts=(Note.text,),
        parent=Note.section_id,
        of=Section,
        at=(Note.area, Section.key),
        seen=note_queries.seen_by,
    ),
    Source(
        18,
        Kind.NOTES,
        _l("Reply"),
        NoteReply,
        lambda place: url_for("toolkit.notes"),
        texts=(NoteReply.text,),
        parent=NoteReply.note_id,
        of=Note,
        seen=note_queries.seen_by,
    ),
    Source(
        19,
        Kind.TIPS,
        _l("Note on a tip"),
        Item,
        _at("checklist.item", "key"),
        texts=(Item.note,),
        at=(Item.key,),
    ),
    Source(
        20,
        Kind.DOCUMENTS,
        _l("Document"),
        Document,
        _by_id("documents.document", "document_id"),
        title=Document.title,
        permission=Permission.SEE,
        seen=documents_queries.seen_by,
    ),
    Source(
        21,
        Kind.SERVICES,
        _l("Service"),
        Service,
        _by_id("partners.service", "service_id"),
        title=Service.title,
        open=(Service.for_whom, Service.eligibility, Service.refer, Service.counties, Service.languages),
        parent=Service.organization_id,
        of=Organization,
        parent_title=Organization.name,
        permission=Permission.SEE,
        # Outsiders learn of a service only after its organization agreed.
        seen=lambda reader: (
            sa.true() if may(reader.role, Permission.SEE_ALL) else Service.agreed_on.is_not(None)
        ),
    ),
    Source(
        22,
        Kind.ANNOUNCEMENTS,
        _l("Announcement"),
        Announcement,
        lambda place: url_for("announcements.index", _anchor=f"announcements-{place.id}"),
        title=Announcement.title,
        open=(Announcement.text,),
        permission=Permission.SEE,
        seen=announcements_queries.seen_by,
    ),
)
