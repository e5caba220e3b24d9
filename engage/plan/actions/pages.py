"""Builds one action's page. What a viewer may not see is left out here, not in the template."""

from collections.abc import Sequence
from datetime import date

from flask import url_for
from msgspec import Struct, field

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import SelectedRow
from engage.dates import day_text
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.labels import titled
from engage.meetings.models import AgendaItem, Meeting
from engage.partners.agreements.list import agreements_named
from engage.partners.queries import organization_names
from engage.plan import action_history, labels, queries
from engage.plan.action_history import MoveLine
from engage.plan.actions import service
from engage.plan.actions.queries.agreements import agreement_ids_of_action
from engage.plan.actions.queries.origins import ActionRef
from engage.plan.carryover import pages as carryover_pages
from engage.plan.carryover import queries as carryover_queries
from engage.plan.models import Action, Plan
from engage.plan.queries import Names
from engage.plan.repeats import pages as repeats_pages
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.pages import SeriesPart
from engage.plan.rules import ActionStatus, PlanStatus, counting_day, is_late
from engage.web.lists import NamedLink


def link_to(action: ActionRef | SelectedRow) -> NamedLink:
    """Returns a link to the action that says its number and its status."""
    words = _(
        "Action %(number)s: %(status)s", number=action.number, status=labels.STATUS_LABELS[action.status]
    )
    return NamedLink(words, url_for("plan.action", number=action.number))


class ActionDetail(Struct, frozen=True):
    """A line of the page; `url` is set if it leads somewhere."""

    label: str
    text: str
    url: str | None = None


class ActionPage(Struct, frozen=True):
    plan: Plan
    may_work: bool
    may_delete: bool
    status: str
    tag: str
    due: str
    is_late: bool
    reason_label: str
    reason: str
    facts: list[ActionDetail]
    texts: list[ActionDetail]
    updates: Sequence[SelectedRow] = ()
    moves: list[MoveLine] = field(default_factory=list)
    sees_people: bool = True
    series: SeriesPart | None = None
    # Coordinators get these for a late action: where to remind its owner, or to hand over what someone who
    # left holds.
    to_owner: ActionDetail | None = None


def of(membership: Membership, action: Action, today: date) -> ActionPage:
    """Returns everything about the action that this person may see."""
    plan = queries.plan_of(membership, action.plan_id)
    assert plan is not None
    sees_people = may(membership.role, Permission.SEE_ALL)
    may_work = plan.status is not PlanStatus.CLOSED and may(membership.role, Permission.WORK)
    names, counted = queries.names_of(action), counting_day(plan.status, today)
    return ActionPage(
        plan=plan,
        may_work=may_work,
        may_delete=may_work and service.may_delete(membership, action),
        status=str(labels.STATUS_LABELS[action.status]),
        tag=labels.STATUS_TAGS[action.status],
        due=_when(action, counted),
        is_late=is_late(action.due_on, action.status, counted),
        reason_label=_reason_label(action.status),
        reason=action.reason if sees_people else "",
        facts=[each for each in _facts(membership, action, names, counted, sees_people) if each.text],
        texts=[each for each in _texts(action) if each.text] if sees_people else [],
        updates=action_history.updates_of(action) if sees_people else [],
        moves=action_history.moves_of(action) if sees_people else [],
        sees_people=sees_people,
        series=repeats_pages.of(action, plan_is_open=plan.status is not PlanStatus.CLOSED),
        to_owner=_to_owner(membership, action, names)
        if may_work and is_late(action.due_on, action.status, today)
        else None,
    )


def _to_owner(membership: Membership, action: Action, names: Names) -> ActionDetail | None:
    if action.owner_id in (None, membership.id) or not may(membership.role, Permission.REMIND):
        return None
    if names.owner_is_here:
        return ActionDetail(_("Remind the owner"), "", url_for("home.remind", person_id=action.owner_id))
    return ActionDetail(
        _("Hand over their tasks and roles"), "", url_for("coalitions.hand_over", person_id=action.owner_id)
    )


def _reason_label(status: ActionStatus) -> str:
    return {
        ActionStatus.STUCK: _("What help is needed"),
        ActionStatus.NO_LONGER_NEEDED: _("Why it is no longer needed"),
    }.get(status, _("Why it is open again"))


def _when(action: Action, today: date) -> str:
    """Returns the day beside the status; for a done action the day it was done, or "" if unknown."""
    if action.status is ActionStatus.DONE:
        return day_text(action.done_on, today) if action.done_on else ""
    when = labels.by_when(action.due_on, today, action.status)
    return _("due %(day)s", day=when) if when and action.due_on != today else when


def _done_on(action: Action, today: date) -> str:
    if action.done_on is not None:
        return day_text(action.done_on, today)
    return (
        _("not known: it was already done when it was imported") if action.status is ActionStatus.DONE else ""
    )


def _facts(
    membership: Membership, action: Action, names: Names, today: date, sees_people: bool
) -> list[ActionDetail]:
    return [
        *_place(action, names),
        *_carried(membership, action),
        _owner(membership, action, names, sees_people),
        ActionDetail(
            _("Helpers"), ", ".join(n for _key, n in action_history.helpers_of(action)) if sees_people else ""
        ),
        *(_group(action, names) if sees_people else ()),
        *_partner(action, names),
        ActionDetail(_("Start"), day_text(action.start_on, today) if action.start_on else ""),
        ActionDetail(_("By when"), labels.by_when(action.due_on, today, action.status)),
        ActionDetail(_("Done on"), _done_on(action, today)),
        *(_agreements(membership, action) if sees_people else ()),
        *(_from_agenda(action) if sees_people else ()),
    ]


def _place(action: Action, names: Names) -> list[ActionDetail]:
    page = url_for("plan.index", plan=action.plan_id)
    if action.goal_id is None:
        return [ActionDetail(_("Goal"), _("Not yet under a goal"), f"{page}#plan-loose")]
    found = [ActionDetail(_("Goal"), names.goal or "", f"{page}#plan-goal-{action.goal_id}")]
    if action.objective_id is not None:
        address = f"{page}#plan-objective-{action.objective_id}"
        found.append(ActionDetail(_("Objective"), names.objective or "", address))
    return found


def _carried(membership: Membership, action: Action) -> list[ActionDetail]:
    """Returns the previous plan's action that this one continues, and the next plan's that continues it."""
    return [
        ActionDetail(each.label, _("%(what)s, because: %(why)s", what=each.text, why=each.because), each.url)
        for each in carryover_pages.links(
            membership, carryover_queries.of_action(membership, action.id), "action"
        )
    ]


def _group(action: Action, names: Names) -> list[ActionDetail]:
    if action.group_id is None:
        return []
    return [
        ActionDetail(_("Group"), names.group or "", url_for("coalitions.group", group_id=action.group_id))
    ]


def _partner(action: Action, names: Names) -> list[ActionDetail]:
    if action.organization_id is None:
        return []
    address = url_for("partners.organization", organization_id=action.organization_id)
    return [ActionDetail(_("Partner organization"), names.organization or "", address)]


def _owner(membership: Membership, action: Action, names: Names, sees_people: bool) -> ActionDetail:
    if action.owner_id is None:
        left = sees_people and repeats_service.lead_left(action)
        words = _("No one yet: the previous owner has left") if left else _("No one yet")
        return ActionDetail(_("Owner"), words)
    if sees_people:
        return ActionDetail(_("Owner"), names.owner or "")
    return ActionDetail(_("Organization"), organization_names(membership).get(action.owner_id, ""))


def _agreements(membership: Membership, action: Action) -> list[ActionDetail]:
    """Returns the agreements to which the action is linked."""
    return [
        ActionDetail(_("Agreement"), each.name, url_for("partners.agreement", number=each.number))
        for each in agreements_named(membership, agreement_ids_of_action(membership, action.id))
    ]


def _from_agenda(action: Action) -> list[ActionDetail]:
    """Returns the agenda item that the action came from, with its meeting; the chain shows decisions."""
    found = []
    if action.agenda_item_id is not None:
        item = db.session.get_one(AgendaItem, action.agenda_item_id)
        meeting = db.session.get_one(Meeting, item.meeting_id)
        said = _("%(line)s (%(meeting)s)", line=item.title, meeting=titled(meeting.title, meeting.starts_at))
        found.append(
            ActionDetail(_("From the agenda"), said, url_for("meetings.meeting", meeting_id=meeting.id))
        )
    return found


def _texts(action: Action) -> list[ActionDetail]:
    return [
        ActionDetail(_("Details"), action.details),
        ActionDetail(_("Resources you have"), action.resources_had),
        ActionDetail(_("Resources you need"), action.resources_needed),
        ActionDetail(_("Barriers"), action.barriers),
        ActionDetail(_("People to inform"), action.inform),
    ]
