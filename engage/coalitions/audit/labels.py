"""Returns the texts of the audit log's entries."""

from engage.coalitions.audit.rules import AuditEvent, AuditGroup
from engage.coalitions.labels import ROLE_LABELS
from engage.coalitions.rules import Role
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext

GROUP_LABELS = {
    AuditGroup.PEOPLE: _l("People and roles"),
    AuditGroup.INVITATIONS: _l("Invitations"),
    AuditGroup.SETTINGS: _l("Settings"),
    AuditGroup.FILES: _l("Downloads and imports"),
    AuditGroup.LINKS: _l("Public and calendar links"),
    AuditGroup.ROUNDS: _l("Rounds and votes"),
    AuditGroup.TEXTS: _l("Deleted and removed wording"),
}
EVENT_LABELS = {
    AuditEvent.INVITATION_MADE: _l("Made an invitation"),
    AuditEvent.INVITATION_USED: _l("Joined by an invitation"),
    AuditEvent.INVITATION_REVOKED: _l("Revoked an invitation"),
    AuditEvent.PERSON_ADDED: _l("Added a person without an account"),
    AuditEvent.PERSON_APPROVED: _l("Let someone in"),
    AuditEvent.PERSON_DECLINED: _l("Declined a request to join"),
    AuditEvent.ROLE_CHANGED: _l("Changed a role"),
    AuditEvent.ACCESS_PAUSED: _l("Paused someone’s access"),
    AuditEvent.ACCESS_RESTORED: _l("Restored access"),
    AuditEvent.PERSON_LEFT: _l("Left the coalition"),
    AuditEvent.PERSON_REMOVED: _l("Removed someone"),
    AuditEvent.HANDED_OVER: _l("Handed over someone’s tasks and roles"),
    AuditEvent.ACCOUNT_DELETED: _l("Deleted their account"),
    AuditEvent.PASSWORD_LINK_MADE: _l("Made a link to choose a new password"),
    AuditEvent.SETTING_CHANGED: _l("Changed a setting"),
    AuditEvent.DOWNLOADED: _l("Downloaded a file"),
    AuditEvent.IMPORTED: _l("Imported a file"),
    AuditEvent.IMPORT_UNDONE: _l("Undid an import"),
    AuditEvent.PUBLIC_LINK_MADE: _l("Published the public page"),
    AuditEvent.PUBLIC_LINK_RENEWED: _l("Gave the public page a new link"),
    AuditEvent.PUBLIC_LINK_REVOKED: _l("Unpublished the public page"),
    AuditEvent.SITE_NAMED: _l("Let a site show the public pages"),
    AuditEvent.SITE_REMOVED: _l("No longer let a site show the public pages"),
    AuditEvent.REFERRAL_LINK_MADE: _l("Made a link to the referral list"),
    AuditEvent.REFERRAL_LINK_REVOKED: _l("Revoked the link to the referral list"),
    AuditEvent.LIVE_LINK_MADE: _l("Made a link to live tables"),
    AuditEvent.LIVE_LINK_KEPT: _l("Kept a link to live tables for a year"),
    AuditEvent.LIVE_LINK_REVOKED: _l("Revoked a link to live tables"),
    AuditEvent.LIVE_TITLES_LET_THROUGH: _l("Let titles into the live tables"),
    AuditEvent.CALENDAR_LINK_MADE: _l("Made their own calendar link"),
    AuditEvent.CALENDAR_LINK_STOPPED: _l("Turned off their calendar link"),
    AuditEvent.ROUND_OPENED: _l("Opened a round"),
    AuditEvent.ROUND_CLOSED: _l("Closed a round"),
    AuditEvent.ROUND_REOPENED: _l("Reopened a round"),
    AuditEvent.VOTE_OPENED: _l("Opened a vote"),
    AuditEvent.VOTE_CLOSED: _l("Closed a vote"),
    AuditEvent.VOTE_REOPENED: _l("Reopened a vote"),
    AuditEvent.VOTE_STARTED_OVER: _l("Restarted a vote, discarding its ballots"),
    AuditEvent.DELETED_FOR_GOOD: _l("Deleted something for good"),
    AuditEvent.TEXT_REPORTED: _l("Reported a text"),
    AuditEvent.TEXT_KEPT: _l("Kept a reported text"),
    AuditEvent.TEXT_REDACTED: _l("Removed a text for good"),
    AuditEvent.LETTER_WRITTEN: _l("Wrote to people"),
}
# All views in a coalition that send a list as a file; every download from one is recorded.
DOWNLOAD_LABELS = {
    "assessment.results_file": _l("Results of a round (CSV)"),
    "chain.file": _l("Why we do each thing (CSV)"),
    "coalitions.audit_file": _l("This log (CSV)"),
    "coalitions.addresses_file": _l("People (CSV)"),
    "coalitions.addresses_cards": _l("People (vCard)"),
    "coalitions.coalition_file": _l("The whole coalition (JSON)"),
    # a command on the server, not a view
    "engage export": _l("The whole coalition, with individual answers (JSON)"),
    "partners.agreements_file": _l("Agreements (CSV)"),
    "partners.coverage_file": _l("Coverage (CSV)"),
    "partners.organizations_file": _l("Organizations (CSV)"),
    "partners.services_card_pdf": _l("Pocket card of the referral list (PDF)"),
    "partners.services_pdf": _l("Referral list (PDF)"),
    "plan.activities_file": _l("Activities (CSV)"),
    "plan.plan_csv": _l("Plan (CSV)"),
    "plan.plan_json": _l("Plan (JSON)"),
    "plan.plan_xlsx": _l("Plan (XLSX)"),
    "reports.assessment_pdf": _l("Assessment report (PDF)"),
    "reports.charter_pdf": _l("Charter (PDF)"),
    "reports.funder_pdf": _l("Funder report (PDF)"),
    "reports.funder_xlsx": _l("Funder report (XLSX)"),
    "reports.funder_copy_pdf": _l("Saved funder report (PDF)"),
    "reports.funder_copy_xlsx": _l("Saved funder report (XLSX)"),
    "reports.full_plan_pdf": _l("Full plan (PDF)"),
    "reports.handover_pdf": _l("Handover pack (PDF)"),
    "reports.handover_zip": _l("Handover pack (ZIP)"),
    "reports.one_page_pdf": _l("One-page plan (PDF)"),
    "reports.partners_pdf": _l("Partners and agreements (PDF)"),
    "strengths.needs_file": _l("Needs (CSV)"),
    "strengths.strengths_file": _l("Strengths (CSV)"),
}
_IMPORT_LABELS = {
    "coalitions_coalition": _l("The whole coalition"),
    "plan_plan": _l("Plan of action"),
    "partners_organization": _l("Organizations"),
    "coalitions_membership": _l("People"),
    "assessment_round": _l("Answers of a survey"),
}
_SETTING_LABELS = {
    "name": _l("Name"),
    "community": _l("The community it serves"),
    "time_zone": _l("Time zone"),
    "language": _l("Language"),
    "mission": _l("Mission"),
    "vision": _l("Vision"),
    "definitions": _l("Definitions"),
    "help_name": _l("Local help: name"),
    "help_number": _l("Local help: number"),
    "help_checked_on": _l("Local help: last checked"),
    "help_lines": _l("Help lines"),
    "leave_url": _l("Where “Leave this site” goes"),
    "active_months": _l("Months without contact before an organization counts as quiet"),
    "quiet_days": _l("Days until a person counts as quiet"),
    "menu_is_short": _l("Length of the menu"),
    "fiscal_month": _l("Month in which the fiscal year begins"),
    "contact_months": _l("How long contacts of those who left are kept"),
    "closed": _l("Closed for a while"),
    "opened": _l("Open again"),
    "expected_sectors": _l("Expected sectors"),
    "second_factor_asked": _l("Coordinators need two-step sign-in: yes"),
    "second_factor_free": _l("Coordinators need two-step sign-in: no"),
    "stage": _l("Stage"),
    "structure": _l("Structure"),
    "leadership": _l("Leadership"),
    "membership_style": _l("Membership"),
    "structure_note": _l("What the structure means"),
    "joining": _l("How to join"),
    "expectations": _l("What we expect"),
    "open_meetings": _l("Open meetings"),
    "statement": _l("Confidentiality statement"),
    "public_parts": _l("Visible to the public"),
    "network_counts": _l("Counts shared with the network"),
}
# The log names the kind of a thing, but not its title.
THING_LABELS = {
    "assessment_round": _l("Round"),
    "strengths_vote": _l("Vote"),
    "plan_action": _l("Action"),
    "plan_goal": _l("Goal"),
    "plan_objective": _l("Objective"),
}


def details(
    event: AuditEvent, table: str, what: str, old: str | None, new: str | None, number: int | None
) -> str:
    """Returns what an entry says besides the actor, the time and the person it is about."""
    match event:
        case AuditEvent.DOWNLOADED:
            return str(DOWNLOAD_LABELS.get(what, what))
        case AuditEvent.IMPORTED | AuditEvent.IMPORT_UNDONE:
            rows = ngettext("%(num)s row", "%(num)s rows", number or 0)
            return f"{_IMPORT_LABELS.get(table or what, what)}, {rows}"
        case AuditEvent.LETTER_WRITTEN:
            return ngettext("%(num)s person", "%(num)s people", number or 0)
        case AuditEvent.LIVE_TITLES_LET_THROUGH:
            return ngettext("%(num)s title", "%(num)s titles", number or 0)
        case AuditEvent.SETTING_CHANGED:
            return str(_SETTING_LABELS.get(what, _("Number for Getting Started")))
        case AuditEvent.ROLE_CHANGED:
            return _("%(old)s, now %(new)s", old=_role(old), new=_role(new))
        case AuditEvent.INVITATION_MADE | AuditEvent.INVITATION_USED | AuditEvent.PERSON_APPROVED:
            return _("As %(role)s", role=_role(new))
        case _:
            return ""


def _role(value: str | None) -> str:
    return str(ROLE_LABELS[Role(value)]) if value in set(Role) else ""
