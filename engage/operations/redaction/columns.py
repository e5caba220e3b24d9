"""Lists the columns of a coalition's tables that hold what people wrote, which can be removed for good.

A column of a new table must be here or in `NO_TEXT`; a test compares both with the database.
"""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from engage.assessment.rules import MOST_OPTIONS

_TITLE, _NAME, _NOTE, _REASON = _l("Title"), _l("Name"), _l("Note"), _l("Reason")
_TEXT, _DETAILS, _PLACE = _l("Text"), _l("Details"), _l("Place")
_EMAIL, _PHONE = _l("E-mail address"), _l("Phone")

# This names a row, with its texts by column.
TEXTS: dict[str, tuple[LazyString, dict[str, LazyString]]] = {
    "coalitions_coalition": (
        _l("The coalition"),
        {
            "name": _NAME,
            "community": _l("Community"),
            "mission": _l("Mission"),
            "vision": _l("Vision"),
            "definitions": _l("Definitions"),
            "help_name": _l("Local help: name"),
            "help_number": _l("Local help: number"),
            "leave_url": _l("Where “Leave this site” goes"),
        },
    ),
    "coalitions_about": (
        _l("About us"),
        {
            "structure_note": _l("What the structure means"),
            "joining": _l("How to join"),
            "expectations": _l("What we expect"),
            "open_meetings": _l("Open meetings"),
            "statement": _l("Confidentiality statement"),
        },
    ),
    "coalitions_help_line": (
        _l("Help line"),
        {
            "name": _NAME,
            "phone": _PHONE,
            "website": _l("Website"),
            "for_whom": _l("Who it is for"),
            "hours": _l("Opening hours"),
        },
    ),
    "coalitions_position": (_l("Position"), {"title": _TITLE}),
    "coalitions_membership": (_l("Person"), {"name": _NAME, "email": _EMAIL, "phone": _PHONE}),
    "coalitions_group": (_l("Group"), {"name": _NAME, "purpose": _l("Purpose")}),
    "coalitions_group_member": (_l("Person in a group"), {"title": _l("Role in the group")}),
    "coalitions_group_ask": (_l("Request to join a group"), {"why": _NOTE, "answer": _l("Answer")}),
    "coalitions_invitation": (_l("Invitation"), {"label": _l("For")}),
    "messages_announcement": (_l("Announcement"), {"title": _TITLE, "text": _TEXT}),
    "documents_document": (_l("Document"), {"title": _TITLE, "link": _l("Link")}),
    "onboarding_step_override": (_l("Step marked complete"), {"reason": _REASON}),
    "checklist_item": (_l("Tip"), {"note": _NOTE, "proof": _l("Proof")}),
    "partners_organization": (
        _l("Organization"),
        {"name": _NAME, "about": _l("About it"), "website": _l("Website"), "phone": _PHONE, "email": _EMAIL},
    ),
    "partners_organization_tag": (_l("Service, county or language"), {"value": _TEXT}),
    "partners_contact": (
        _l("Contact"),
        {"name": _NAME, "job": _l("Job"), "email": _EMAIL, "phone": _PHONE},
    ),
    "partners_service": (
        _l("Service"),
        {
            "title": _l("What it is"),
            "for_whom": _l("Who it is for"),
            "ages": _l("Ages"),
            "genders": _l("Genders"),
            "languages": _l("Languages"),
            "counties": _l("Counties"),
            "hours": _l("Opening hours"),
            "cost": _l("Cost"),
            "phone": _PHONE,
            "refer": _l("How to refer someone"),
            "eligibility": _l("Who can get it"),
            "agreed_by": _l("Who agreed"),
        },
    ),
    "partners_conversation": (_l("Conversation"), {"with_whom": _l("With"), "note": _NOTE}),
    "partners_agreement": (
        _l("Agreement"),
        {
            "title": _TITLE,
            "we_promised": _l("What we promised"),
            "they_promised": _l("What they promised"),
            "named_by": _l("Who gave permission to name the organization"),
        },
    ),
    "partners_agreement_move": (_l("Step of an agreement"), {"note": _NOTE}),
    "partners_seat": (_l("Sector to recruit"), {"whom": _l("Person to ask"), "note": _NOTE}),
    "assessment_round": (_l("Round"), {"title": _TITLE}),
    "assessment_draft_set": (_l("Question set"), {"title": _TITLE}),
    "assessment_reopening": (_l("Reopening"), {"reason": _REASON}),
    "assessment_agreed_value": (_l("Agreed value"), {"reason": _REASON}),
    "assessment_answer": (_l("Note on a statement"), {"note": _NOTE}),
    "assessment_effort": (
        _l("Known effort"),
        {"who": _l("Who"), "what": _l("What"), "for_whom": _l("For"), "place": _PLACE},
    ),
    "strengths_need": (
        _l("Need"),
        {"title": _TITLE, "details": _DETAILS, "closed_reason": _l("Why it was closed")},
    ),
    "strengths_strength": (_l("Strength"), {"title": _TITLE, "limits": _l("Limits")}),
    "strengths_match": (
        lazy_pgettext("need and strength", "Match"),
        {"how": _l("How"), "ask": _l("Person to ask")},
    ),
    "strengths_vote": (_l("Vote"), {"title": _TITLE}),
    "toolkit_section": (_l("Section"), {"title": _TITLE, "place": _l("Where it is")}),
    "toolkit_note": (_l("Note"), {"text": _TEXT}),
    "toolkit_reply": (_l("Reply"), {"text": _TEXT}),
    "meetings_meeting": (
        _l("Meeting"),
        {
            "title": _TITLE,
            "place": _PLACE,
            "link": _l("Link"),
            "about": _l("Linked record"),
            "public_place": _l("Place for the public"),
        },
    ),
    "meetings_agenda_item": (
        _l("Agenda item"),
        {"title": _TITLE, "output": _l("Text to remove"), "notes": lazy_pgettext("of a meeting", "Minutes")},
    ),
    "meetings_attendance": (_l("Guest"), {"guest": _NAME}),
    "meetings_decision": (_l("Decision"), {"text": _TEXT}),
    "messages_letter": (_l("Letter"), {"subject": _l("Subject"), "text": _TEXT}),
    "plan_plan": (_l("Plan"), {"title": _TITLE, "adopted_at_meeting": _l("Adopted at")}),
    "plan_goal": (_l("Goal"), {"title": _TITLE, "why": _l("Why")}),
    "plan_objective": (_l("Objective"), {"title": _TITLE, "measure": _l("Measure")}),
    "plan_action": (
        _l("Action"),
        {
            "title": _TITLE,
            "details": _DETAILS,
            "reason": _REASON,
            "resources_had": _l("Resources had"),
            "resources_needed": _l("Resources needed"),
            "barriers": _l("Barriers"),
            "inform": _l("People to inform"),
        },
    ),
    "plan_update": (_l("Update"), {"text": _TEXT}),
    "plan_measure": (_l("Measure"), {"title": _TITLE, "unit": _l("Unit")}),
    "plan_reading": (_l("Reading"), {"source": _l("Source")}),
    "plan_activity": (
        _l("Activity"),
        {
            "title": _TITLE,
            "place": _PLACE,
            "link": _l("Link"),
            "about": _TEXT,
            "county": _l("County"),
            "language": _l("Language"),
            "presenters": _l("Presenters"),
        },
    ),
    "plan_signup": (
        _l("Sign-up"),
        {
            "name": _NAME,
            "email": _l("E-mail address"),
            "phone": _l("Phone number"),
            "organization": _l("Organization"),
        },
    ),
    "plan_feedback_question": (
        _l("Feedback question"),
        {
            "text": _l("Question"),
            **{f"option_{place}": _l("Answer") for place in range(1, MOST_OPTIONS + 1)},
        },
    ),
    "plan_review_note": (_l("Review note"), {"text": _TEXT}),
    "plan_goal_carried": (_l("Goal carried over"), {"reason": _REASON}),
    "plan_objective_carried": (_l("Objective carried over"), {"reason": _REASON}),
    "plan_action_carried": (_l("Action carried over"), {"reason": _REASON}),
    "reports_funder_text": (_l("Text of the funder report"), {"text": _TEXT}),
    "reports_funder_copy": (_l("Saved funder report"), {"title": _TITLE}),
    "reports_funder_copy_text": (_l("Text of a saved funder report"), {"text": _TEXT}),
    "reports_handover_note": (_l("Handover note"), {"text": _TEXT}),
    "reports_public_goal": (_l("Goal on the public page"), {"title": _TITLE}),
    "reports_public_measure": (_l("Measure on the public page"), {"title": _TITLE, "unit": _l("Unit")}),
}
# These are derived from a text, and derived again when it is removed. The value is the text's column, by
# table. Partners also make `search_key`.
SORTED_BY = {
    "coalitions_membership": "name",
    "coalitions_group": "name",
    "partners_organization": "name",
    "partners_organization_tag": "value",
    "partners_contact": "name",
    "assessment_effort": "who",
}
# These hold copies of texts, and are searched when a text is removed.
COPIES = frozenset(
    {
        "plan_plan.snapshot",
        "kept_copy.title",
        "kept_copy.rows",
        "partners_organization.search_key",
        "reports_funder_copy.paper",
    }
)
# An empty value is better here than a word that a form or a program would read as an address.
EMPTIED = frozenset({"email", "phone", "website", "link", "leave_url", "help_number"})
_KEYS = frozenset(
    {
        "key",
        "sort_key",
        "token_hash",
        "nonce",
        "slug",
        "time_zone",
        "area",
        "indicator",
        "discipline",
        "sector",
        "step",
        "part",
    }
)
_OTHERS = frozenset(
    {
        "coalitions_coalition.expected_sectors",
        "coalitions_coalition.language",
        "coalitions_about.public_parts",
        "coalitions_invitation.email",
        "coalitions_audit.thing",
        "coalitions_audit.what",
        "coalitions_audit.old",
        "coalitions_audit.new",
        "coalitions_reported.page",
        "history_entry.thing",
        "history_entry.field",
        "history_entry.old",
        "history_entry.new",
        "kept_copy.what",
        "kept_copy.thing",
        "kept_copy.holds",
        "assessment_release.results",
        "assessment_response.language",
        "assessment_round.by_language",
        "messages_letter.audience",
        "messages_letter.about",
        "messages_letter.press",
        "messages_letter_to.words",
        "messages_letter_wish.address_key",
        "meetings_agenda_item.about",
        "strengths_vote.token",
        "strengths_vote_need.hands",
        "strengths_ballot.key_hash",
        "assessment_guest.key_hash",
        "assessment_guest.resume_hash",
        "assessment_slip.code_hash",
        "assessment_tally.counts",
        "reports_funder_order.parts",
        "plan_signup.language",
        "plan_signup.press",
        "plan_signup.confirm_hash",
        "plan_signup_page.here_hash",
        "plan_feedback.told",
        "plan_feedback_response.key_hash",
        "plan_feedback_response.answers",
        "plan_signup_page.here_nonce",
    }
)


def holds_no_text(table: str, column: str) -> bool:
    """Returns whether a column holds keys, tokens, states or numbers, but never people's words."""
    return column in _KEYS or f"{table}.{column}" in _OTHERS
