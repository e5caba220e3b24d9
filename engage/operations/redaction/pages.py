"""Finds which rows a page shows, so that texts on it can be reported and removed.

It uses only the page's URL: the view, and the id, number or key in it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app, g, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import Base
from engage.extensions import db
from engage.operations.redaction import questions
from engage.operations.redaction.columns import labels
from engage.operations.redaction.service import FoundText, RedactionTarget, texts_of
from engage.web.access import access_of

PAGE_LONGEST = 200

# For each view of one row: its table, the column that the URL contains, and the name of the URL's part.
_THINGS: dict[str, tuple[str, str, str]] = {
    "plan.action": ("plan_action", "number", "number"),
    "plan.goal": ("plan_goal", "id", "goal_id"),
    "plan.objective": ("plan_objective", "id", "objective_id"),
    "plan.edit_measure": ("plan_measure", "id", "measure_id"),
    "plan.activity": ("plan_activity", "id", "activity_id"),
    "plan.signups": ("plan_activity", "id", "activity_id"),
    "plan.feedback": ("plan_feedback", "activity_id", "activity_id"),
    "plan.show_review": ("plan_review", "id", "review_id"),
    "partners.organization": ("partners_organization", "id", "organization_id"),
    "partners.service": ("partners_service", "id", "service_id"),
    "partners.agreement": ("partners_agreement", "number", "number"),
    "partners.recruitment": ("partners_seat", "id", "recruitment_id"),
    "meetings.meeting": ("meetings_meeting", "id", "meeting_id"),
    "meetings.agenda": ("meetings_meeting", "id", "meeting_id"),
    "meetings.notes": ("meetings_meeting", "id", "meeting_id"),
    "meetings.read_minutes": ("meetings_meeting", "id", "meeting_id"),
    "meetings.attendance_sheet": ("meetings_meeting", "id", "meeting_id"),
    "meetings.decision": ("meetings_decision", "number", "number"),
    "assessment.effort": ("assessment_effort", "id", "effort_id"),
    "assessment.show_round": ("assessment_round", "id", "round_id"),
    "assessment.question": ("assessment_round", "id", "round_id"),
    "assessment.area": ("assessment_round", "id", "round_id"),
    "assessment.check": ("assessment_round", "id", "round_id"),
    "assessment.paper": ("assessment_round", "id", "round_id"),
    "assessment.agree": ("assessment_round", "id", "round_id"),
    "assessment.earlier_release": ("assessment_round", "id", "round_id"),
    "assessment.results": ("assessment_round", "id", "round_id"),
    "assessment.area_results": ("assessment_round", "id", "round_id"),
    "assessment.agreement": ("assessment_round", "id", "round_id"),
    "assessment.question_set": ("assessment_draft_set", "id", "set_id"),
    "assessment.edit_question": ("assessment_draft_set", "id", "set_id"),
    "assessment.edit_area": ("assessment_draft_set", "id", "set_id"),
    "strengths.need": ("strengths_need", "number", "number"),
    "strengths.strength": ("strengths_strength", "id", "strength_id"),
    "strengths.match": ("strengths_match", "id", "match_id"),
    "strengths.vote": ("strengths_vote", "id", "vote_id"),
    "toolkit.section": ("toolkit_section", "key", "key"),
    "toolkit.area": ("toolkit_note", "area", "key"),
    "checklist.item": ("checklist_item", "key", "key"),
    "documents.document": ("documents_document", "id", "document_id"),
    "reports.funder_copy": ("reports_funder_copy", "id", "copy_id"),
    "coalitions.group": ("coalitions_group", "id", "group_id"),
    "letters.letter": ("messages_letter", "id", "letter_id"),
    "coalitions.person": ("coalitions_membership", "id", "person_id"),
}
# Views that are lists and show every row of these tables.
_LISTS: dict[str, tuple[str, ...]] = {
    "coalitions.about_us": ("coalitions_coalition", "coalitions_about", "coalitions_position"),
    "coalitions.settings": ("coalitions_coalition",),
    "coalitions.help_lines": ("coalitions_coalition", "coalitions_help_line"),
    "coalitions.invitations": ("coalitions_invitation",),
    "coalitions.groups": ("coalitions_group",),
    "documents.index": ("documents_document",),
    "reports.live_tables": ("reports_live_link",),
    "coalitions.ask_group": ("coalitions_group_ask",),
    "announcements.index": ("messages_announcement",),
    "home.index": ("messages_announcement",),
    "partners.services": ("partners_service",),
    "onboarding.index": ("onboarding_step_override",),
    "toolkit.index": ("toolkit_section",),
    "toolkit.notes": ("toolkit_note", "toolkit_reply"),
    "assessment.known_efforts": ("assessment_effort",),
    "assessment.index": ("assessment_round",),
    "assessment.compare": ("assessment_round",),
    "assessment.discussion": ("assessment_round",),
    "assessment.question_sets": ("assessment_draft_set",),
    "reports.assessment_page": ("assessment_round",),
    "plan.index": ("plan_plan",),
    "plan.carried": ("plan_goal_carried", "plan_objective_carried", "plan_action_carried"),
    "plan.activities": ("plan_activity",),
    "reports.funder": ("reports_funder_text", "reports_funder_copy"),
    "reports.funder_texts": ("reports_funder_text",),
    "reports.handover": ("reports_handover_note",),
    "reports.edit_note": ("reports_handover_note",),
    "reports.public_page": ("reports_public_goal", "reports_public_measure"),
}


class PageFound(NamedTuple):
    """A page of the coalition: its URL below /c/<slug>/, its view and the values in the URL."""

    page: str
    endpoint: str
    values: Mapping[str, object]


def page_at(membership: Membership, page: str) -> PageFound | None:
    """Returns the page with this URL, if this person may open it; the query string is ignored."""
    path = page.partition("?")[0].partition("#")[0]
    if len(path) > PAGE_LONGEST or not path.isprintable():
        return None
    try:
        adapter = current_app.url_map.bind(request.host)
        endpoint, parts = adapter.match(f"/c/{g.slug}/{path}", method="GET")
    except (HTTPException, RequestRedirect):
        return None
    access, values = access_of(endpoint), dict(parts)
    if (
        values.pop("slug", None) != g.slug
        or not isinstance(access, Permission)
        or not may(membership.role, access)
    ):
        return None
    return PageFound(path, endpoint, values)


def texts_on(membership: Membership, page: PageFound) -> list[FoundText]:
    """Returns the texts of the page's row and of rows that belong to it, for a coordinator to choose from."""
    if page.endpoint in _THINGS:
        name, column, part = _THINGS[page.endpoint]
        table = Base.metadata.tables[name]
        here = table.c[column] == page.values[part]
        own = texts_of(membership, name, here) if name in labels() else []
        # On the page of one question, that question's texts come first.
        own.sort(key=lambda each: questions.key_of(each.target.column) != page.values.get("key", ""))
        ids = sa.select(table.c.id).where(table.c.coalition_id == membership.coalition_id, here)
        return own + [
            each for child, key in children_of(name) for each in _hanging(membership, child, key, ids)
        ]
    return [each for name in _LISTS.get(page.endpoint, ()) for each in texts_of(membership, name)]


def children_of(name: str) -> list[tuple[str, str]]:
    """Returns the tables that refer to this table and have texts, each with the referring column."""
    found = [
        (child, next(part for part in key.column_keys if part != "coalition_id"))
        for child in labels()
        for key in Base.metadata.tables[child].foreign_key_constraints
        if key.referred_table.name == name and child != name and name != "coalitions_membership"
    ]
    return [*found, ("assessment_answer", "response_id")] if name == "assessment_round" else found


def _hanging(membership: Membership, child: str, key: str, ids: sa.Select[object]) -> list[FoundText]:
    table = Base.metadata.tables[child]
    if child == "assessment_answer":
        responses = Base.metadata.tables["assessment_response"]
        ids = sa.select(responses.c.id).where(responses.c.round_id.in_(ids))
    return texts_of(membership, child, table.c[key].in_(ids))


# -- the page of a text


def addresses_of(membership: Membership, targets: Iterable[RedactionTarget]) -> dict[tuple[str, int], str]:
    """Returns the URL of each row's own page, by table and id, with one query per table.

    For a row without its own page, it is the URL of the row that it belongs to, or else of the list that
    shows it.
    """
    ids = defaultdict(set)
    for target in targets:
        ids[target.table].add(target.id)
    return {
        (name, key): address
        for name, wanted in ids.items()
        for key, address in _addresses(membership, name, wanted)
    }


def _addresses(membership: Membership, name: str, ids: Collection[int]) -> Iterator[tuple[int, str]]:
    table, homes = Base.metadata.tables[name], _homes()
    here: list[sa.ColumnElement[bool]] = [table.c.id.in_(ids)]
    if name != "coalitions_coalition":
        here.append(table.c.coalition_id == membership.coalition_id)
    if name in homes:
        endpoint, column, part = homes[name]
        rows = sa.select(table.c.id, table.c[column]).where(*here)
    elif listed := next((view for view, names in _LISTS.items() if name in names and _is_one(view)), None):
        yield from ((key, url_for(listed)) for key in ids)
        return
    else:
        above, pointer = next(
            (above, key) for above in homes for child, key in children_of(above) if child == name
        )
        endpoint, column, part = homes[above]
        parent = Base.metadata.tables[above]
        held = sa.select(table.c.id, parent.c[column])
        if name == "assessment_answer":  # an answer belongs to a response, and that to the round
            responses = Base.metadata.tables["assessment_response"]
            held = held.join(responses, responses.c.id == table.c.response_id)
            held = held.join(parent, parent.c.id == responses.c.round_id)
        else:
            held = held.join(parent, parent.c.id == table.c[pointer])
        rows = held.where(*here)
    for key, value in db.session.execute(rows):
        if value:
            yield key, url_for(endpoint, **{part: value})


def _is_one(view: str) -> bool:
    """Returns whether there is only one such page per coalition."""
    return all(rule.arguments == {"slug"} for rule in current_app.url_map.iter_rules(view))


def _homes() -> dict[str, tuple[str, str, str]]:
    """Returns the page for rows of each table: the first view that shows them."""
    return {name: (view, column, part) for view, (name, column, part) in reversed(_THINGS.items())}
