"""Defines the events that the audit log records, and its filters."""

from datetime import date, timedelta
from enum import StrEnum

from engage.web.lists import ListFilters, day_asked, enum_asked, number_asked

# The database refuses to delete entries younger than this; its triggers contain the same number.
KEPT_AT_LEAST = timedelta(days=365)
# The daily task deletes entries older than this.
KEPT = timedelta(days=3 * 365)


class AuditEvent(StrEnum):
    """The events that change who sees or holds what. `GROUPS` assigns each of them to a group."""

    INVITATION_MADE = "invitation_made"
    INVITATION_USED = "invitation_used"
    INVITATION_REVOKED = "invitation_revoked"
    PERSON_ADDED = "person_added"
    PERSON_APPROVED = "person_approved"
    PERSON_DECLINED = "person_declined"
    ROLE_CHANGED = "role_changed"
    ACCESS_PAUSED = "access_paused"
    ACCESS_RESTORED = "access_restored"
    PERSON_LEFT = "person_left"
    PERSON_REMOVED = "person_removed"
    HANDED_OVER = "handed_over"
    ACCOUNT_DELETED = "account_deleted"
    PASSWORD_LINK_MADE = "password_link_made"  # noqa: S105 - the name of a step
    SETTING_CHANGED = "setting_changed"
    DOWNLOADED = "downloaded"
    IMPORTED = "imported"
    IMPORT_UNDONE = "import_undone"
    PUBLIC_LINK_MADE = "public_link_made"
    PUBLIC_LINK_RENEWED = "public_link_renewed"
    PUBLIC_LINK_REVOKED = "public_link_revoked"
    SITE_NAMED = "site_named"
    SITE_REMOVED = "site_removed"
    REFERRAL_LINK_MADE = "referral_link_made"
    REFERRAL_LINK_REVOKED = "referral_link_revoked"
    LIVE_LINK_MADE = "live_link_made"
    LIVE_LINK_KEPT = "live_link_kept"
    LIVE_LINK_REVOKED = "live_link_revoked"
    LIVE_TITLES_LET_THROUGH = "live_titles_let_through"
    CALENDAR_LINK_MADE = "calendar_link_made"
    CALENDAR_LINK_STOPPED = "calendar_link_stopped"
    ROUND_OPENED = "round_opened"
    ROUND_CLOSED = "round_closed"
    ROUND_REOPENED = "round_reopened"
    VOTE_OPENED = "vote_opened"
    VOTE_CLOSED = "vote_closed"
    VOTE_REOPENED = "vote_reopened"
    VOTE_STARTED_OVER = "vote_started_over"
    DELETED_FOR_GOOD = "deleted_for_good"
    TEXT_REPORTED = "text_reported"
    TEXT_KEPT = "text_kept"
    TEXT_REDACTED = "text_redacted"
    LETTER_WRITTEN = "letter_written"


class AuditGroup(StrEnum):
    """The groups of events by which the page can be filtered."""

    PEOPLE = "people"
    INVITATIONS = "invitations"
    SETTINGS = "settings"
    FILES = "files"
    LINKS = "links"
    ROUNDS = "rounds"
    TEXTS = "texts"


E = AuditEvent
GROUPS: dict[AuditGroup, frozenset[AuditEvent]] = {
    AuditGroup.PEOPLE: frozenset(
        {
            E.PERSON_ADDED,
            E.PERSON_APPROVED,
            E.PERSON_DECLINED,
            E.ROLE_CHANGED,
            E.ACCESS_PAUSED,
            E.ACCESS_RESTORED,
            E.PERSON_LEFT,
            E.PERSON_REMOVED,
            E.HANDED_OVER,
            E.ACCOUNT_DELETED,
            E.PASSWORD_LINK_MADE,
            E.LETTER_WRITTEN,
        }
    ),
    AuditGroup.INVITATIONS: frozenset({E.INVITATION_MADE, E.INVITATION_USED, E.INVITATION_REVOKED}),
    AuditGroup.SETTINGS: frozenset({E.SETTING_CHANGED}),
    AuditGroup.FILES: frozenset({E.DOWNLOADED, E.IMPORTED, E.IMPORT_UNDONE}),
    AuditGroup.LINKS: frozenset(
        {
            E.PUBLIC_LINK_MADE,
            E.PUBLIC_LINK_RENEWED,
            E.PUBLIC_LINK_REVOKED,
            E.SITE_NAMED,
            E.SITE_REMOVED,
            E.REFERRAL_LINK_MADE,
            E.REFERRAL_LINK_REVOKED,
            E.LIVE_LINK_MADE,
            E.LIVE_LINK_KEPT,
            E.LIVE_LINK_REVOKED,
            E.LIVE_TITLES_LET_THROUGH,
            E.CALENDAR_LINK_MADE,
            E.CALENDAR_LINK_STOPPED,
        }
    ),
    AuditGroup.ROUNDS: frozenset(
        {
            E.ROUND_OPENED,
            E.ROUND_CLOSED,
            E.ROUND_REOPENED,
            E.VOTE_OPENED,
            E.VOTE_CLOSED,
            E.VOTE_REOPENED,
            E.VOTE_STARTED_OVER,
        }
    ),
    AuditGroup.TEXTS: frozenset({E.DELETED_FOR_GOOD, E.TEXT_REPORTED, E.TEXT_KEPT, E.TEXT_REDACTED}),
}


class AuditFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored. Both days are included."""

    group: AuditGroup | None = enum_asked(AuditGroup, says="kind")
    person: int | None = number_asked()
    since: date | None = day_asked()
    until: date | None = day_asked()
