"""Holds the labels of the network's counts and of reports about texts."""

from engage.i18n import lazy_gettext as _l
from engage.operations.network.rules import CountKind
from engage.operations.reported.models import ReportOutcome, ReportReason

COUNT_LABELS = {
    CountKind.MEMBERS: _l("Members"),
    CountKind.SECTORS: _l("Expected sectors with someone active"),
    CountKind.ROUND_OPEN: _l("Coalitions with an open assessment round"),
    CountKind.ACTIONS_DONE: _l("Actions done"),
}
REASON_LABELS = {
    ReportReason.PERSON: _l("It names or describes a person who did not agree to it"),
    ReportReason.CASE: _l("It is about a case, a victim, or a survivor"),
    ReportReason.CONTACT: _l("It gives an address, a number, or a place that must stay secret"),
    ReportReason.HURTFUL: _l("It hurts someone"),
    ReportReason.OTHER: _l("It does not belong here for another reason"),
}
OUTCOME_LABELS = {ReportOutcome.KEPT: _l("Kept"), ReportOutcome.REDACTED: _l("Text removed")}
