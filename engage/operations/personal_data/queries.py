"""Writes everything linked to one person, over all their coalitions, as one JSON document (docs/own-data.md).

The columns of each table are listed here. The lists leave out other people's names and addresses, texts that
others helped write, and secrets of links and passwords. A test fails if a column that refers to a person is
in neither list.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from engage.accounts.models import User
from engage.assessment.rules import MOST_OPTIONS
from engage.coalitions import queries
from engage.coalitions.models import Membership
from engage.database import Base
from engage.extensions import db
from engage.kept import plain

FORMAT, VERSION = "engage-own-data", 1


class Own(NamedTuple):
    """The part of a document for rows that refer to the person: its name, and which columns are the person's."""

    kind: str
    columns: str


# These are by "table.column"; the column holds the id of a membership.
OF_PLACES = {
    "history_entry.actor_id": Own("steps", "happened_at thing field"),
    "coalitions_reported.reported_by_id": Own("texts_reported", "page reason reported_at"),
    "coalitions_reported.closed_by_id": Own("reports_settled", "page outcome closed_at"),
    "coalitions_audit.actor_id": Own("audit_log", "happened_at event thing what"),
    "kept_copy.made_by_id": Own("changes_that_can_be_undone", "what made_at"),
    "coalitions_group.lead_id": Own("groups_led", "name"),
    "coalitions_group_member.membership_id": Own("groups", "group_id title"),
    "coalitions_group_ask.membership_id": Own("groups_asked_to_join", "group_id why asked_at is_welcome"),
    "coalitions_position.membership_id": Own("positions", "title since until"),
    "coalitions_position.stand_in_id": Own("stands_in_for", "title since until"),
    "coalitions_membership_discipline.membership_id": Own("disciplines", "discipline"),
    "coalitions_invitation.created_by_id": Own("invitations_made", "kind role created_at"),
    "coalitions_invitation.claims_id": Own("invitations_for_the_place", "kind role created_at expires_at"),
    "partners_affiliation.membership_id": Own("comes_from", "organization_id sector"),
    "partners_contact.membership_id": Own("contact_of", "organization_id place name job email phone"),
    "partners_organization.added_by_id": Own("organizations_added", "name created_at"),
    "partners_organization.verified_by_id": Own("organizations_checked", "name verified_on"),
    "partners_service.added_by_id": Own("services_added", "organization_id title kind"),
    "partners_service.checked_by_id": Own("services_checked", "organization_id title checked_on"),
    "partners_conversation.written_by_id": Own(
        "conversations", "organization_id happened_on level note written_at"
    ),
    "partners_agreement.owner_id": Own("agreements_kept", "number title state organization_id"),
    "partners_agreement.created_by_id": Own(
        "agreements_written", "number title organization_id we_promised they_promised created_at"
    ),
    "partners_agreement_move.written_by_id": Own("agreements_moved", "after happened_on note written_at"),
    "partners_seat.inviter_id": Own("sectors_to_recruit", "sector area discipline ask_by"),
    "partners_seat.created_by_id": Own("sectors_to_recruit_added", "sector area discipline note created_at"),
    "meetings_meeting.created_by_id": Own("meetings_planned", "title starts_at place about created_at"),
    "meetings_agenda_item.lead_id": Own("agenda_lines_led", "meeting_id title"),
    "meetings_agenda_item.created_by_id": Own("agenda_lines_written", "meeting_id title output"),
    "meetings_prepared.done_by_id": Own("meetings_prepared", "meeting_id key done_at"),
    "meetings_decision.owner_id": Own("decisions_carried", "number text review_on"),
    "meetings_reply.membership_id": Own("meetings_answered", "meeting_id answer answered_at wants_reminder"),
    "meetings_attendance.membership_id": Own("meetings_attended", "meeting_id mode"),
    "assessment_draft_set.created_by_id": Own("question_sets", "title changed_at"),
    "assessment_round.opened_by_id": Own("rounds_opened", "title opened_at"),
    "assessment_reopening.reopened_by_id": Own("rounds_reopened", "round_id reason reopened_at"),
    "assessment_talking_point.added_by_id": Own("discussion_points", "round_id indicator added_at"),
    "assessment_paper.keyed_by_id": Own("papers_keyed", "round_id number keyed_at"),
    "assessment_door.opened_by_id": Own("doors_opened", "round_id kind opened_at revoked_at"),
    "assessment_effort.added_by_id": Own("efforts_added", "area who what for_whom place added_at"),
    "assessment_agreed_value.set_by_id": Own("agreed_values", "round_id indicator value reason agreed_on"),
    "assessment_participant.membership_id": Own("asked_in_rounds", "round_id discipline took_part"),
    "assessment_response.respondent_id": Own(
        "responses", "id round_id sector language started_at submitted taken_back"
    ),
    "strengths_strength.giver_id": Own("strengths_offered", "title kind limits"),
    "strengths_strength.created_by_id": Own("strengths_written", "title created_at"),
    "strengths_need.created_by_id": Own("needs_written", "number title details created_at"),
    "strengths_match.ask_id": Own("to_be_asked", "need_id state asked_on"),
    "strengths_match.created_by_id": Own("matches_made", "need_id how created_at"),
    "strengths_vote.created_by_id": Own("votes_prepared", "title created_at"),
    "toolkit_section.added_by_id": Own("sections_added", "title place created_at"),
    "toolkit_note.author_id": Own("notes", "area section_id mark text is_shared written_at"),
    "toolkit_reply.author_id": Own("note_replies", "text written_at"),
    "toolkit_reader.reader_id": Own("to_read", "section_id read_on"),
    "toolkit_areas_read.reader_id": Own("areas_read", "read_at"),
    "checklist_item.owner_id": Own("tips_held", "key state due_on"),
    "checklist_item.changed_by_id": Own("tips_changed", "key state changed_at"),
    "plan_action.owner_id": Own("actions_led", "number title status due_on"),
    "plan_action.created_by_id": Own("actions_written", "number title details created_at"),
    "plan_action_helper.membership_id": Own("actions_helped", "action_id"),
    "plan_update.author_id": Own("updates", "action_id text written_at"),
    "plan_reading.written_by_id": Own("readings", "measure_id taken_on value source written_at"),
    "plan_activity.created_by_id": Own("activities", "kind state happened_on title created_at"),
    "plan_activity_hours.membership_id": Own("hours_given", "activity_id hours"),
    "plan_signup_page.opened_by_id": Own("event_pages_opened", "activity_id opened_at closed_at"),
    "plan_feedback.opened_by_id": Own("feedback_asked", "activity_id opened_at closed_at"),
    "plan_review.created_by_id": Own("reviews", "since until held_on created_at"),
    "reports_funder_text.written_by_id": Own("funder_texts", "since until part text written_at"),
    "reports_funder_copy.made_by_id": Own("funder_reports_saved", "title since until made_at"),
    "reports_handover_note.written_by_id": Own("handover_notes", "text written_at"),
    "documents_document.owner_id": Own("documents_kept", "title link kind group_id looked_at_on"),
    "onboarding_step_override.decided_by_id": Own("steps_decided", "step reason decided_at"),
    "messages_announcement.posted_by_id": Own(
        "announcements", "title text until_on group_id is_public posted_at"
    ),
    "messages_told.membership_id": Own("told", "told_on"),
    "messages_told.told_by_id": Own("told_others", "told_on"),
    "messages_letter.written_by_id": Own("letters_written", "subject text made_at"),
    "messages_letter_to.membership_id": Own("letters_received", "way state sent_at"),
    "messages_letter_wish.membership_id": Own("letters_stopped", "stopped_at"),
    "messages_look.membership_id": Own("inbox_looked_at", "looked_at"),
}
# The column holds the id of the account.
OF_ACCOUNTS = {
    "accounts_session.user_id": Own("sign_ins", "created_at last_seen_at browser system"),
    "accounts_password_link.user_id": Own("password_links", "created_at expires_at used_at"),
    "accounts_recovery_code.user_id": Own("recovery_codes", "used_at"),
    "accounts_notice.user_id": Own("notices", "kind happened_at browser system dismissed_at"),
    "accounts_known_browser.user_id": Own("known_browsers", "seen_at"),
    "accounts_email_change.user_id": Own("address_to_confirm", "email expires_at"),
    "messages_calendar.user_id": Own("calendar_link", "made_at"),
    "messages_setting.user_id": Own("digest", "frequency changed_at"),
    "messages_mail.user_id": Own("mails", "day state"),
    "messages_test.user_id": Own("test_mails", "asked_at finished_at"),
}
# These are the reasons why rows that refer to a person are not theirs.
NOT_OWN = {
    "coalitions_membership.user_id": "the places themselves; each with its coalition",
    "coalitions_membership.approved_by_id": "the place is the other person's",
    "accounts_password_link.made_by_id": "the link is the other person's",
}
# These belong to a response, through the response's id.
ANSWERS = {
    "assessment_answer": "indicator kind rating chosen note answered_at",
    "assessment_effort": "area who what for_whom place",
}
# If a row belongs to another thing, that thing's name replaces its id.
NAMES = {
    "organization_id": "partners_organization.name",
    "group_id": "coalitions_group.name",
    "meeting_id": "meetings_meeting.title",
    "round_id": "assessment_round.title",
    "need_id": "strengths_need.title",
    "action_id": "plan_action.title",
    "measure_id": "plan_measure.title",
    "section_id": "toolkit_section.key",
}
ACCOUNT = "name email language created_at is_admin second_factor_at"
PLACE = (
    "name role email phone shows_email shows_phone understood_at named_in_public"
    " joined_at approved_at left_on came_by accepted_on"
)

Row = dict[str, Any]


def document(user: User, now: datetime) -> str:
    """Returns the document's text. The number of queries does not grow with the document."""
    places = queries.places_of(user.id)
    records = _of_places([place.id for place in places])
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": plain(now),
        "account": _values(user, ACCOUNT),
        **{own.kind: _of_account(name, own, user.id) for name, own in OF_ACCOUNTS.items()},
        "coalitions": [_place(place, records[place.id]) for place in places],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _values(row: User | Membership, columns: str) -> Row:
    return {name: plain(getattr(row, name)) for name in columns.split()}


def _place(place: Membership, records: Mapping[str, list[Row]]) -> Row:
    return {
        "coalition": place.coalition.name,
        "place": _values(place, PLACE),
        **dict(sorted(records.items())),
    }


def _of_account(name: str, own: Own, user_id: int) -> list[Row]:
    return [row for _of, row in _rows(name, own.columns, [user_id])]


def _of_places(place_ids: list[int]) -> dict[int, dict[str, list[Row]]]:
    """Returns by membership what each kind holds, without empty kinds."""
    found: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for name, own in OF_PLACES.items():
        for place_id, row in _rows(name, own.columns, place_ids):
            found[place_id][own.kind].append(row)
    responses = [row for kinds in found.values() for row in kinds.get("responses", [])]
    _add_answers(responses)
    _add_names(row for kinds in found.values() for rows in kinds.values() for row in rows)
    return found


def _rows(name: str, columns: str, ids: Iterable[int]) -> Iterator[tuple[int, Row]]:
    """Yields the rows of a table whose column is one of the ids, each with that id."""
    table_name, column = name.split(".")
    table = Base.metadata.tables[table_name]
    wanted = columns.split()
    rows = (
        sa.select(table.c[column].label("of_id"), *(table.c[each] for each in wanted))
        .where(table.c[column].in_(list(ids)))
        .order_by(table.c.id)
    )
    for of_id, *values in db.session.execute(rows):
        yield of_id, {each: plain(value) for each, value in zip(wanted, values, strict=True)}


def _add_answers(responses: list[Row]) -> None:
    by_id = {row.pop("id"): row for row in responses}
    for table, columns in ANSWERS.items():
        for response_id, row in _rows(f"{table}.response_id", columns, by_id):
            if row.get("chosen") is not None:
                # These are the positions of the chosen options, from 1, as on paper.
                row["chosen"] = [place + 1 for place in range(MOST_OPTIONS) if row["chosen"] >> place & 1]
            by_id[response_id].setdefault(table.removeprefix("assessment_") + "s", []).append(row)


def _add_names(rows: Iterable[Row]) -> None:
    """Turns `action_id: 12` into `action: "Print the flyer"`."""
    waiting: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for column in row.keys() & NAMES.keys():
            waiting[column].append(row)
    for column, with_it in waiting.items():
        table_name, name = NAMES[column].split(".")
        table = Base.metadata.tables[table_name]
        ids = {row[column] for row in with_it} - {None}
        found = sa.select(table.c.id, table.c[name]).where(table.c.id.in_(ids))
        names: dict[int, str] = {row[0]: row[1] for row in db.session.execute(found)}
        for row in with_it:
            row[column.removesuffix("_id")] = names.get(row.pop(column))
